import { sql } from 'kysely';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest';
import type { Database, Dialect } from './database.ts';
import { createMigrator } from './migrator.ts';
import type { Migration } from './migration.ts';
import { openDatabase, type OpenDatabaseOptions } from './open-database.ts';

/** What a suite on one dialect works with. */
export interface DialectTest {
  readonly dialect: Dialect;
  /** Migrated; its tables are empty at the start of each test. Only there while tests run. */
  readonly database: Database;
  /** Where it is, for child processes and further handles. */
  readonly location: string;
  /** Another handle on the same database, as another process would have; closed after the suite. */
  open(options?: OpenDatabaseOptions): Promise<Database>;
}

interface TestPlace {
  readonly location: string;
  remove(): Promise<void>;
}

const servers = {
  postgres: {
    variable: 'TEST_POSTGRES_URL',
    url: process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/test',
  },
  mariadb: {
    variable: 'TEST_MARIADB_URL',
    url: process.env.TEST_MARIADB_URL ?? 'mariadb://root@127.0.0.1:3306/test',
  },
} as const;

/** Which dialects can be tested here, and why the others can't. */
export async function availableDialects(): Promise<Readonly<Record<Dialect, true | string>>> {
  const [postgres, mariadb] = await Promise.all([probe('postgres'), probe('mariadb')]);
  return { sqlite: true, postgres, mariadb };
}

const available = await availableDialects();

/**
 * Runs the tests that `define` declares on SQLite, PostgreSQL and MariaDB, each on a database of its own with `migrations`
 * applied. A dialect without a server is skipped, by name, in the output.
 */
export function describeEachDialect(
  name: string,
  migrations: readonly Migration[],
  define: (test: DialectTest) => void,
): void {
  for (const dialect of ['sqlite', 'postgres', 'mariadb'] as const) {
    const availability = available[dialect];
    if (availability === true) describeDialect(`${name} on ${dialect}`, dialect, migrations, define);
    else skipDialect(`${name} on ${dialect}`, availability);
  }
}

function skipDialect(title: string, reason: string): void {
  process.stderr.write(`SKIPPED: ${title}: ${reason}\n`);
  // oxlint-disable-next-line vitest/valid-title -- the title is put together for each dialect
  describe(title, () => {
    // oxlint-disable-next-line vitest/no-disabled-tests -- shows in the report what could not be run, and why
    it.skip(`not run: ${reason}`, () => {});
  });
}

function describeDialect(
  title: string,
  dialect: Dialect,
  migrations: readonly Migration[],
  define: (test: DialectTest) => void,
): void {
  // oxlint-disable-next-line vitest/valid-title -- the title is put together for each dialect
  describe(title, () => {
    let place: TestPlace | undefined;
    let database: Database | undefined;
    let empty = () => Promise.resolve();
    const further: Database[] = [];
    const there = <T>(value: T | undefined): T => {
      if (value === undefined)
        throw new Error('The database is only there while tests run: use it inside it() or a hook.');
      return value;
    };

    beforeAll(async () => {
      place = await createPlace(dialect);
      database = await openDatabase(place.location, { poolSize: 4 });
      await createMigrator({ database, migrations }).forward();
      empty = await emptier(database);
    });
    beforeEach(() => empty());
    afterAll(async () => {
      for (const other of further) await other.close();
      await database?.close();
      await place?.remove();
    });

    define({
      dialect,
      get database() {
        return there(database);
      },
      get location() {
        return there(place).location;
      },
      async open(options) {
        const other = await openDatabase(there(place).location, { poolSize: 4, ...options });
        further.push(other);
        return other;
      },
    });
  });
}

/** A fresh, empty database of its own. `remove` drops it. */
export async function createPlace(dialect: Dialect): Promise<TestPlace> {
  const name = `malbeot_test_${randomBytes(6).toString('hex')}`;
  if (dialect === 'sqlite') {
    const folder = await mkdtemp(join(tmpdir(), `${name}-`));
    return {
      location: `sqlite:${join(folder, 'test.db')}`,
      remove: () => rm(folder, { recursive: true, force: true }),
    };
  }
  const { url } = servers[dialect];
  const location = new URL(url);
  if (dialect === 'postgres') location.searchParams.set('options', `-c search_path=${name}`);
  else location.pathname = `/${name}`;
  const what = dialect === 'postgres' ? sql`schema` : sql`database`;
  const cascade = dialect === 'postgres' ? sql` cascade` : sql``;
  await asOwner(url, (owner) => sql`create ${what} ${sql.ref(name)}`.execute(owner.tables()));
  return {
    location: location.href,
    remove: () =>
      asOwner(url, (owner) => sql`drop ${what} ${sql.ref(name)}${cascade}`.execute(owner.tables())),
  };
}

async function asOwner(url: string, work: (owner: Database) => Promise<unknown>): Promise<void> {
  const owner = await openDatabase(url, { poolSize: 1 });
  try {
    await work(owner);
  } finally {
    await owner.close();
  }
}

async function emptier(database: Database): Promise<() => Promise<void>> {
  const names = await tableNames(database);
  if (names.length === 0) return () => Promise.resolve();
  const tables = names.map((name) => sql.table(name));
  return async () => {
    if (database.dialect === 'postgres') {
      await sql`truncate ${sql.join(tables)} cascade`.execute(database.tables());
      return;
    }
    const check =
      database.dialect === 'sqlite' ? sql`pragma foreign_keys = ` : sql`set foreign_key_checks = `;
    await database
      .tables()
      .connection()
      .execute(async (connection) => {
        await sql`${check}${sql.lit(0)}`.execute(connection);
        for (const table of tables) await sql`delete from ${table}`.execute(connection);
        await sql`${check}${sql.lit(1)}`.execute(connection);
      });
  };
}

async function tableNames(database: Database): Promise<string[]> {
  const query = {
    sqlite: sql<{
      name: string;
    }>`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`,
    postgres: sql<{
      name: string;
    }>`select tablename as name from pg_tables where schemaname = current_schema()`,
    mariadb: sql<{
      name: string;
    }>`select table_name as name from information_schema.tables where table_schema = database()`,
  }[database.dialect];
  const { rows } = await query.execute(database.tables());
  return rows.map(({ name }) => name).filter((name) => name !== 'malbeot_migrations');
}

async function probe(dialect: 'postgres' | 'mariadb'): Promise<true | string> {
  const { url, variable } = servers[dialect];
  try {
    await asOwner(url, () => Promise.resolve());
    return true;
  } catch (error) {
    return `${error instanceof Error ? error.message : 'no server'} (tests look where ${variable} says)`;
  }
}
