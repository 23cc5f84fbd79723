import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { deferred } from '../lib/deferred.ts';
import { isMissingTable, isUniqueViolation } from './database-error.ts';
import type { Migration } from './migration.ts';
import type { QueryReport } from './open-database.ts';
import type { DialectTest } from './testing.ts';
import { insertIfAbsent, upsert } from './upsert.ts';

interface Things {
  things: { id: string; amount: number; words: string | null };
}

export const thingMigrations: readonly Migration[] = [
  {
    name: 'suite-0001-things',
    async up(database, columns) {
      await database.schema
        .createTable('things')
        .addColumn('id', columns.key, (column) => column.primaryKey().notNull())
        .addColumn('amount', columns.integer, (column) => column.notNull())
        .addColumn('words', columns.text)
        .execute();
    },
    async down(database) {
      await database.schema.dropTable('things').execute();
    },
  },
];

const never = new AbortController().signal;

/** What every `Database` does. */
export function databaseSuite(test: DialectTest): void {
  const tables = () => test.database.tables<Things>();
  const put = (id: string, amount = 0, words: string | null = null) =>
    tables().insertInto('things').values({ id, amount, words }).execute();
  const amountOf = async (id: string) =>
    (await tables().selectFrom('things').select('amount').where('id', '=', id).executeTakeFirst())?.amount;

  it('gives 64-bit integers, counts and sums back as numbers', async () => {
    await put('now', 1_795_219_200_000);
    await put('most', Number.MAX_SAFE_INTEGER - 2_000_000_000_000);
    expect(await amountOf('now')).toBe(1_795_219_200_000);
    const row = await tables()
      .selectFrom('things')
      .select((build) => [build.fn.countAll<number>().as('count'), build.fn.sum<number>('amount').as('sum')])
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ count: 2, sum: Number.MAX_SAFE_INTEGER - 204_780_800_000 });
  });

  it('refuses to round an integer that a number can not hold', async () => {
    await sql`insert into things (id, amount) values ('huge', 9007199254740993)`.execute(tables());
    await expect(amountOf('huge')).rejects.toThrow('2^53');
  });

  it('keeps long text and all of Unicode', async () => {
    const words = `불고기버거 🍔 e\u0301 ${'가'.repeat(100_000)}`;
    await put('long', 0, words);
    const row = await tables()
      .selectFrom('things')
      .select('words')
      .where('id', '=', 'long')
      .executeTakeFirstOrThrow();
    expect(row.words).toBe(words);
  });

  it('compares and sorts keys byte by byte', async () => {
    for (const id of ['a', 'A', 'a ', 'á', 'b', '가', 'B']) await put(id);
    const rows = await tables().selectFrom('things').select('id').orderBy('id').execute();
    expect(rows.map(({ id }) => id)).toEqual(['A', 'B', 'a', 'a ', 'b', 'á', '가']);
    expect(await tables().selectFrom('things').select('id').where('id', '=', 'A').execute()).toEqual([
      { id: 'A' },
    ]);
  });

  it('counts matched rows, changed or not', async () => {
    await put('one', 5);
    const { numUpdatedRows } = await tables().updateTable('things').set({ amount: 5 }).executeTakeFirst();
    expect(numUpdatedRows).toBe(1n);
  });

  it('commits what a transaction did, and its answer', async () => {
    const answer = await test.database.transaction<Things, string>(async (transaction) => {
      await transaction.insertInto('things').values({ id: 'in', amount: 1, words: null }).execute();
      return 'done';
    });
    expect([answer, await amountOf('in')]).toEqual(['done', 1]);
  });

  it('takes back all of a transaction that fails, and does not try it again', async () => {
    let tries = 0;
    const work = test.database.transaction<Things, void>(async (transaction) => {
      tries += 1;
      await transaction.insertInto('things').values({ id: 'out', amount: 1, words: null }).execute();
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect([tries, await amountOf('out')]).toEqual([1, undefined]);
  });

  it('shows others nothing of an open transaction, and does not make readers wait for it', async () => {
    await put('one', 1);
    const changed = deferred<void>();
    const seen = deferred<void>();
    const work = test.database.transaction<Things, void>(async (transaction) => {
      await transaction.updateTable('things').set({ amount: 2 }).execute();
      changed.resolve();
      await seen.promise;
    });
    await changed.promise;
    expect(await amountOf('one')).toBe(1);
    seen.resolve();
    await work;
    expect(await amountOf('one')).toBe(2);
  });

  it('loses no change when transactions of two processes meet', async () => {
    await put('counter', 0);
    const other = await test.open();
    const increment = (database: typeof other) =>
      database.transaction<Things, void>(async (transaction) => {
        const { amount } = await transaction
          .selectFrom('things')
          .select('amount')
          .where('id', '=', 'counter')
          .forUpdate()
          .executeTakeFirstOrThrow();
        await transaction
          .updateTable('things')
          .set({ amount: amount + 1 })
          .where('id', '=', 'counter')
          .execute();
      });
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => increment(index % 2 === 0 ? test.database : other)),
    );
    expect(await amountOf('counter')).toBe(40);
  });

  it('tries a deadlocked transaction again', async () => {
    await put('left', 0);
    await put('right', 0);
    const other = await test.open();
    const both = [deferred<void>(), deferred<void>()] as const;
    const cross = (database: typeof other, mine: 0 | 1, order: readonly [string, string]) =>
      database.transaction<Things, void>(async (transaction) => {
        for (const id of order) {
          await transaction
            .updateTable('things')
            .set({ amount: sql`amount + 1` })
            .where('id', '=', id)
            .execute();
          both[mine].resolve();
          // SQLite lets the second one in only when the first is over.
          if (id === order[0] && test.dialect !== 'sqlite') await both[(1 - mine) as 0 | 1].promise;
        }
      });
    await Promise.all([cross(test.database, 0, ['left', 'right']), cross(other, 1, ['right', 'left'])]);
    expect([await amountOf('left'), await amountOf('right')]).toEqual([2, 2]);
  });

  it('hands rows that are locked to one taker only', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await put(id);
    const other = await test.open();
    const take = (database: typeof other) =>
      database.transaction<Things, string[]>(async (transaction) => {
        const query = transaction
          .selectFrom('things')
          .select('id')
          .where('amount', '=', 0)
          .orderBy('id')
          .limit(1);
        const rows = await query.forUpdate().skipLocked().execute();
        const ids = rows.map(({ id }) => id);
        if (ids.length > 0)
          await transaction.updateTable('things').set({ amount: 1 }).where('id', 'in', ids).execute();
        return ids;
      });
    const taken = await Promise.all([test.database, other, test.database, other].map(take));
    expect(taken.flat().sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('inserts once where many try, also inside transactions', async () => {
    const row = { id: 'same', amount: 1, words: null };
    const other = await test.open();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => {
        const database = index % 2 === 0 ? test.database : other;
        if (index % 3 > 0)
          return database.retried(() =>
            insertIfAbsent(database.dialect, database.tables<Things>(), 'things', row, ['id']),
          );
        return database.transaction<Things, boolean>(async (transaction) => {
          const inserted = await insertIfAbsent(database.dialect, transaction, 'things', row, ['id']);
          await transaction.selectFrom('things').select('id').execute();
          return inserted;
        });
      }),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  it('does not take another failure for a row that is there', async () => {
    const row = { id: null as unknown as string, amount: 1, words: null };
    await expect(insertIfAbsent(test.dialect, tables(), 'things', row, ['id'])).rejects.toThrow(/null/i);
  });

  it('inserts or changes', async () => {
    const change = { amount: sql<number>`${sql.ref('things.amount')} + 10` };
    for (let time = 0; time < 3; time++) {
      await upsert(test.dialect, tables(), 'things', { id: 'it', amount: 1, words: null }, ['id'], change);
    }
    expect(await amountOf('it')).toBe(21);
  });

  it('tells a second row with one key and a missing table from other failures', async () => {
    await put('one');
    const failures = [
      put('one'),
      sql`select * from nothing_here`.execute(tables()),
      sql`selec`.execute(tables()),
    ];
    const errors = await Promise.all(
      failures.map((failure) =>
        failure.then(
          () => null,
          (error: unknown) => error,
        ),
      ),
    );
    expect(errors.map(isUniqueViolation)).toEqual([true, false, false]);
    expect(errors.map(isMissingTable)).toEqual([false, true, false]);
  });

  it('keeps hostile text a value', async () => {
    const hostile = `'); drop table things; -- \\' " \` $1 ?`;
    await put(hostile, 7);
    expect(await amountOf(hostile)).toBe(7);
  });

  it('reports every query, failed ones too', async () => {
    const reports: QueryReport[] = [];
    const observed = await test.open({ onQuery: (report) => reports.push(report) });
    reports.length = 0;
    await observed.tables<Things>().selectFrom('things').selectAll().execute();
    await sql`select * from nothing_here`.execute(observed.tables()).catch(() => {});
    expect(reports.map(({ operation, failed }) => [operation, failed])).toEqual([
      ['select', false],
      ['other', true],
    ]);
    expect(reports.every(({ durationMs }) => durationMs >= 0)).toBe(true);
  });

  it('answers a ping until it is closed', async () => {
    const other = await test.open();
    await other.ping(never);
    await expect(other.ping(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    await other.close();
    await other.close();
    await expect(other.ping(never)).rejects.toBeInstanceOf(Error);
  });
}
