import { sql, type Kysely } from 'kysely';
import { systemClock, type Clock } from '../lib/clock.ts';
import { silentLogger, type Logger } from '../telemetry/logger.ts';
import { evenColumnsPlugin, columnTypesOf } from './columns.ts';
import { isMissingTable } from './database-error.ts';
import type { Database } from './database.ts';
import { checksumOf } from './migration-checksum.ts';
import type { Migration } from './migration.ts';

/** Thrown when migrations can't be run, with what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

export interface MigrationState {
  readonly name: string;
  /**
   * `unknown`: in the database, not in this version. `changed`: not what was run. `unfinished`: broke off half-way on a
   * dialect that can't undo table changes.
   */
  readonly state: 'applied' | 'pending' | 'unknown' | 'changed' | 'unfinished';
  /** Milliseconds since the epoch; null when pending. */
  readonly appliedAt: number | null;
}

export interface Migrator {
  /** Every migration of this version and of the database, in order. Changes nothing. */
  status(): Promise<readonly MigrationState[]>;
  /**
   * Runs what is pending and answers its names. Processes that start at once wait for each other and migrate once.
   *
   * @throws {MigrationError} when the database knows a migration that this version does not, or one was changed.
   */
  forward(): Promise<readonly string[]>;
  /** Takes back the last `steps` migrations, newest first, and answers their names. */
  back(steps: number): Promise<readonly string[]>;
}

export interface MigratorOptions {
  readonly database: Database;
  /** All rooms' migrations; within a room sorted by name. */
  readonly migrations: readonly Migration[];
  readonly clock?: Clock;
  readonly log?: Logger;
}

interface MigrationRow {
  name: string;
  sequence: number;
  checksum: string;
  applied_at: number;
  finished: number;
}

interface Tables {
  malbeot_migrations: MigrationRow;
}

const TABLE = 'malbeot_migrations';
const LOCK_WAIT_SECONDS = 60;
/** Any number that nothing else on the server uses for an advisory lock. */
const POSTGRES_LOCK = 7_104_711_121;

export function createMigrator({
  database,
  migrations,
  clock = systemClock,
  log = silentLogger,
}: MigratorOptions): Migrator {
  checkNames(migrations);
  const { dialect } = database;
  const columns = columnTypesOf(dialect);
  const byName = new Map(migrations.map((migration) => [migration.name, migration]));

  /** SQLite and PostgreSQL: all in one transaction, or nothing. MariaDB: step by step under a named lock. */
  async function locked<T>(work: (tables: Kysely<Tables>) => Promise<T>): Promise<T> {
    const withTable = async (connection: Kysely<Tables>) => {
      const tables = connection.withPlugin(evenColumnsPlugin(dialect));
      await createTable(tables);
      return work(tables);
    };
    if (dialect === 'mariadb') {
      return database
        .tables<Tables>()
        .connection()
        .execute((connection) => underNamedLock(connection, () => withTable(connection)));
    }
    return database.transaction<Tables, T>(async (transaction) => {
      if (dialect === 'postgres') {
        await sql`select set_config('lock_timeout', ${`${LOCK_WAIT_SECONDS}s`}, true), set_config('statement_timeout', '0', true)`.execute(
          transaction,
        );
        await sql`select pg_advisory_xact_lock(${POSTGRES_LOCK})`.execute(transaction);
      }
      return withTable(transaction);
    });
  }

  async function createTable(tables: Kysely<Tables>): Promise<void> {
    await tables.schema
      .createTable(TABLE)
      .ifNotExists()
      .addColumn('name', columns.key, (column) => column.primaryKey().notNull())
      .addColumn('sequence', columns.integer, (column) => column.notNull())
      .addColumn('checksum', columns.key, (column) => column.notNull())
      .addColumn('applied_at', columns.integer, (column) => column.notNull())
      .addColumn('finished', columns.integer, (column) => column.notNull())
      .execute();
  }

  async function stateOf(row: MigrationRow): Promise<MigrationState['state']> {
    const migration = byName.get(row.name);
    if (migration === undefined) return 'unknown';
    if (row.finished === 0) return 'unfinished';
    return (await checksumOf(migration, dialect)) === row.checksum ? 'applied' : 'changed';
  }

  async function assertKnown(rows: readonly MigrationRow[]): Promise<void> {
    for (const row of rows) {
      const state = await stateOf(row);
      if (state === 'unknown') {
        throw new MigrationError(
          `The database has the migration ${row.name}, which this version does not know: a newer version has run on it. ` +
            'Start that version, let it take the migration back, or restore a backup from before it.',
        );
      }
      if (state === 'changed') {
        throw new MigrationError(
          `The migration ${row.name} is not what was run on this database. A released migration never changes: undo the change ` +
            'and write a new one; on a database without anything worth keeping, delete it and start again.',
        );
      }
    }
  }

  async function apply(tables: Kysely<Tables>, migration: Migration, sequence: number): Promise<void> {
    const checksum = await checksumOf(migration, dialect);
    const row = { name: migration.name, sequence, checksum, applied_at: clock.now(), finished: 0 };
    await tables.insertInto(TABLE).values(row).execute();
    try {
      await migration.up(tables as Kysely<unknown>, columns);
    } catch (cause) {
      if (dialect === 'mariadb') await cleanUp(tables, migration).catch(() => {});
      throw new MigrationError(`The migration ${migration.name} failed: ${messageOf(cause)}`, { cause });
    }
    await tables.updateTable(TABLE).set({ finished: 1 }).where('name', '=', migration.name).execute();
  }

  async function cleanUp(tables: Kysely<Tables>, migration: Migration): Promise<void> {
    log.warn({ migration: migration.name }, 'taking back a migration that broke off');
    try {
      await migration.down(tables as Kysely<unknown>);
    } catch (cause) {
      throw new MigrationError(
        `The migration ${migration.name} broke off half-way, and what it did can not be taken back (${messageOf(cause)}). ` +
          `Restore a backup, or bring the tables in order by hand and delete its row from ${TABLE}.`,
        { cause },
      );
    }
    await tables.deleteFrom(TABLE).where('name', '=', migration.name).execute();
  }

  const rowsOf = (tables: Kysely<Tables>) =>
    tables.selectFrom(TABLE).selectAll().orderBy('sequence').execute();

  return {
    async status() {
      const rows = await rowsOf(database.tables<Tables>()).catch((error: unknown) => {
        if (isMissingTable(error)) return [];
        throw error;
      });
      const known: MigrationState[] = [];
      for (const row of rows)
        known.push({ name: row.name, state: await stateOf(row), appliedAt: row.applied_at });
      const done = new Set(rows.map(({ name }) => name));
      const pending = migrations.filter(({ name }) => !done.has(name));
      return [...known, ...pending.map(({ name }) => ({ name, state: 'pending' as const, appliedAt: null }))];
    },

    forward: () =>
      locked(async (tables) => {
        const rows = await rowsOf(tables);
        await assertKnown(rows);
        for (const { name } of rows.filter(({ finished }) => finished === 0))
          await cleanUp(tables, byName.get(name)!);
        const done = new Set(rows.filter(({ finished }) => finished === 1).map(({ name }) => name));
        const pending = migrations.filter(({ name }) => !done.has(name));
        let sequence = rows.at(-1)?.sequence ?? 0;
        for (const migration of pending) {
          sequence += 1;
          await apply(tables, migration, sequence);
          log.info({ migration: migration.name }, 'migrated');
        }
        return pending.map(({ name }) => name);
      }),

    back: (steps) =>
      locked(async (tables) => {
        const rows = (await rowsOf(tables)).reverse().slice(0, steps);
        await assertKnown(rows);
        for (const { name } of rows) {
          await byName.get(name)!.down(tables as Kysely<unknown>);
          await tables.deleteFrom(TABLE).where('name', '=', name).execute();
          log.info({ migration: name }, 'migrated back');
        }
        return rows.map(({ name }) => name);
      }),
  };
}

async function underNamedLock<T>(connection: Kysely<Tables>, work: () => Promise<T>): Promise<T> {
  const name = sql`concat('malbeot:', md5(database()))`;
  const { rows } = await sql<{
    taken: number;
  }>`select get_lock(${name}, ${LOCK_WAIT_SECONDS}) as taken`.execute(connection);
  if (rows[0]?.taken !== 1) {
    throw new MigrationError(
      `Another process has been migrating for over ${LOCK_WAIT_SECONDS} s. Wait for it, or end it, and start again.`,
    );
  }
  try {
    return await work();
  } finally {
    await sql`select release_lock(${name})`.execute(connection);
  }
}

function checkNames(migrations: readonly Migration[]): void {
  const newest = new Map<string, string>();
  for (const { name } of migrations) {
    const room = /^([a-z][a-z-]*)-\d{4}-[a-z0-9-]+$/.exec(name)?.[1];
    if (room === undefined || name.length > 191)
      throw new MigrationError(`"${name}" is no migration name: room-0001-what is.`);
    const before = newest.get(room);
    if (before !== undefined && before >= name)
      throw new MigrationError(`The migration ${name} must come before ${before}, once.`);
    newest.set(room, name);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
