import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Database } from './database.ts';
import type { Migration } from './migration.ts';
import { createMigrator } from './migrator.ts';
import { createPlace, describeEachDialect, type DialectTest } from './testing.ts';
import { openDatabase } from './open-database.ts';

function makes(name: string, table: string, extra?: (at: 'up') => Promise<void>): Migration {
  return {
    name,
    async up(database, columns) {
      await database.schema
        .createTable(table)
        .addColumn('id', columns.key, (column) => column.primaryKey().notNull())
        .execute();
      await extra?.('up');
    },
    async down(database) {
      await database.schema.dropTable(table).ifExists().execute();
    },
  };
}

const rooms = makes('a-0001-rooms', 'rooms');
const doors = makes('a-0002-doors', 'doors');
const keys = makes('b-0001-keys', 'door_keys');

describeEachDialect('migrator', [], (test) => {
  async function fresh<T>(
    work: (database: Database, second: () => Promise<Database>) => Promise<T>,
  ): Promise<T> {
    const place = await createPlace(test.dialect);
    const opened: Database[] = [];
    const open = async () => {
      const database = await openDatabase(place.location, { poolSize: 2 });
      opened.push(database);
      return database;
    };
    try {
      return await work(await open(), open);
    } finally {
      for (const database of opened) await database.close();
      await place.remove();
    }
  }

  const exists = (database: Database, table: string) =>
    sql`select * from ${sql.table(table)}`.execute(database.tables()).then(
      () => true,
      () => false,
    );

  it('goes forward once, in order, and back', () =>
    fresh(async (database) => {
      const first = createMigrator({ database, migrations: [rooms] });
      expect(await first.status()).toEqual([{ name: 'a-0001-rooms', state: 'pending', appliedAt: null }]);
      expect(await first.forward()).toEqual(['a-0001-rooms']);
      const all = createMigrator({
        database,
        migrations: [rooms, doors, keys],
        clock: { now: () => 1234, monotonicMs: () => 0 },
      });
      expect(await all.forward()).toEqual(['a-0002-doors', 'b-0001-keys']);
      expect(await all.forward()).toEqual([]);
      expect((await all.status()).slice(1)).toEqual([
        { name: 'a-0002-doors', state: 'applied', appliedAt: 1234 },
        { name: 'b-0001-keys', state: 'applied', appliedAt: 1234 },
      ]);
      expect(await all.back(2)).toEqual(['b-0001-keys', 'a-0002-doors']);
      expect([await exists(database, 'rooms'), await exists(database, 'doors')]).toEqual([true, false]);
      expect(await all.forward()).toEqual(['a-0002-doors', 'b-0001-keys']);
    }));

  it('runs once when two processes start at once', () =>
    fresh(async (database, second) => {
      const databases = [database, await second(), await second()];
      const runs = await Promise.all(
        databases.map((each) =>
          createMigrator({ database: each, migrations: [rooms, doors, keys] }).forward(),
        ),
      );
      expect(runs.flat()).toEqual(['a-0001-rooms', 'a-0002-doors', 'b-0001-keys']);
    }));

  it('stops at a migration of a newer version, and names it', () =>
    fresh(async (database) => {
      await createMigrator({ database, migrations: [rooms, doors] }).forward();
      const older = createMigrator({ database, migrations: [rooms] });
      await expect(older.forward()).rejects.toThrow(/a-0002-doors.*newer version/s);
      expect(await older.status()).toMatchObject([
        { state: 'applied' },
        { name: 'a-0002-doors', state: 'unknown' },
      ]);
    }));

  it('stops at a migration that was changed after it ran', () =>
    fresh(async (database) => {
      await createMigrator({ database, migrations: [rooms] }).forward();
      const changed = createMigrator({ database, migrations: [makes('a-0001-rooms', 'chambers')] });
      await expect(changed.forward()).rejects.toThrow(/a-0001-rooms is not what was run/);
      expect(await changed.status()).toMatchObject([{ state: 'changed' }]);
    }));

  it('leaves nothing of a migration that fails', () =>
    fresh(async (database) => {
      let broken = true;
      const failing = makes('a-0002-doors', 'doors', async () => {
        if (broken) throw new Error('out of wood');
      });
      const migrator = createMigrator({ database, migrations: [rooms, failing] });
      await expect(migrator.forward()).rejects.toThrow('The migration a-0002-doors failed: out of wood');
      expect(await exists(database, 'doors')).toBe(false);
      broken = false;
      await migrator.forward();
      expect(await exists(database, 'doors')).toBe(true);
    }));

  mariadbOnly(test, fresh, exists);
});

/** Only MariaDB commits table changes one by one, so only there a killed process leaves half a migration. */
function mariadbOnly(
  test: DialectTest,
  fresh: (work: (database: Database) => Promise<void>) => Promise<void>,
  exists: (database: Database, table: string) => Promise<boolean>,
): void {
  if (test.dialect !== 'mariadb') return;

  it('takes back half a migration that a killed process left, and runs it again', () =>
    fresh(async (database) => {
      const migrator = createMigrator({ database, migrations: [rooms, doors] });
      await migrator.forward();
      await sql`update malbeot_migrations set finished = 0 where name = 'a-0002-doors'`.execute(
        database.tables(),
      );
      expect(await migrator.status()).toMatchObject([{ state: 'applied' }, { state: 'unfinished' }]);
      expect(await migrator.forward()).toEqual(['a-0002-doors']);
      expect(await exists(database, 'doors')).toBe(true);
    }));
}

describe('migration names', () => {
  const nameAll = (...names: string[]) =>
    createMigrator({ database: {} as Database, migrations: names.map((name) => makes(name, 'x')) });

  it('are in a form, in order and single', () => {
    expect(() => nameAll('kiosk-0001-orders', 'accounts-0001-people', 'kiosk-0002-more')).not.toThrow();
    expect(() => nameAll('orders')).toThrow('"orders" is no migration name');
    expect(() => nameAll('kiosk-0002-a', 'kiosk-0001-b')).toThrow('must come before');
    expect(() => nameAll('kiosk-0001-a', 'kiosk-0001-a')).toThrow('must come before');
  });
});
