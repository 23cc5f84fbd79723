import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { deferred } from '../lib/deferred.ts';
import { openDatabase, type OpenDatabaseOptions } from './open-database.ts';
import { describeLocation } from './location.ts';

interface Tables {
  t: { n: number };
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malbeot-open-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function failureOf(location: string, options: OpenDatabaseOptions = {}): Promise<Error> {
  const database = await openDatabase(location, options).catch((error: unknown) => error as Error);
  if (database instanceof Error) return database;
  await database.close();
  throw new Error('It opened.');
}

describe('a database that can not be opened', () => {
  it.each([
    [
      'postgres://someone:s3cret@127.0.0.1:1/shop',
      /postgres:\/\/someone@127.0.0.1:1\/shop .*nothing listens at 127.0.0.1:1/,
    ],
    [
      'mariadb://someone:s3cret@127.0.0.1:1/shop',
      /mariadb:\/\/someone@127.0.0.1:1\/shop .*nothing listens at 127.0.0.1:1/,
    ],
    [
      'postgres://someone:s3cret@no-such-host.invalid/shop',
      /no machine is known by the name no-such-host.invalid/,
    ],
    [
      'mysql://someone:s3cret@no-such-host.invalid/shop',
      /no machine is known by the name no-such-host.invalid/,
    ],
  ])('%s', async (location, message) => {
    const error = await failureOf(location);
    expect(error.message).toMatch(message);
    expect(inspect(error, { depth: 9 })).not.toContain('s3cret');
  });

  it.each(['postgres', 'mariadb'])('gives up on a %s server that says nothing', async (scheme) => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const error = await failureOf(`${scheme}://u:s3cret@127.0.0.1:${port}/shop`, { connectLimitMs: 50 });
    expect(error.message).toMatch(/does not answer/);
    expect(inspect(error, { depth: 9 })).not.toContain('s3cret');
  });

  it('says when a file is no database', async () => {
    const path = join(folder, 'notes.txt');
    await writeFile(path, 'just some notes, long enough to be a header of another kind of file '.repeat(40));
    expect((await failureOf(`sqlite:${path}`)).message).toMatch(
      /notes.txt .*no SQLite database or is damaged/,
    );
  });

  it('says when a file can not be made', async () => {
    await writeFile(join(folder, 'file'), '');
    expect((await failureOf(`sqlite:${join(folder, 'file', 'x.db')}`)).message).toMatch(
      /Check that its folder exists/,
    );
  });

  it.each([
    ['', 'has no scheme'],
    ['shop.db', 'has no scheme'],
    ['oracle://u:s3cret@h/d', 'begins with "oracle:"'],
    ['sqlite:', 'names no file'],
    ['postgres://u:s3cret@host', 'names no database'],
    ['postgres://u:s3cret@ho st/shop', 'percent-encoded'],
  ])('refuses the location "%s"', async (location, message) => {
    const error = await failureOf(location);
    expect(error.message).toContain(message);
    expect(error.message).toContain('mariadb://USER:PASSWORD@HOST:3306/NAME');
    expect(inspect(error)).not.toContain('s3cret');
    expect(describeLocation(location)).not.toContain('s3cret');
  });
});

describe('SQLite', () => {
  async function open(name: string, options: OpenDatabaseOptions = {}) {
    const database = await openDatabase(`sqlite:${join(folder, 'made', `${name}.db`)}`, options);
    onTestFinished(() => database.close());
    await sql`create table if not exists t (n integer not null)`.execute(database.tables());
    return database;
  }

  /** Holds the write lock until `end` is called. */
  async function hold(database: Awaited<ReturnType<typeof open>>) {
    const began = deferred<void>();
    const end = deferred<void>();
    const work = database.transaction(async () => {
      began.resolve();
      await end.promise;
    });
    await began.promise;
    return { work, end: () => end.resolve() };
  }

  it('makes the folder, and uses the journal that lets readers and a writer work side by side', async () => {
    const database = await open('wal');
    const { rows } = await sql<{ journal_mode: string }>`pragma journal_mode`.execute(database.tables());
    expect(rows).toEqual([{ journal_mode: 'wal' }]);
  });

  it('refuses writers beyond the queue at once, and those in it after their wait', async () => {
    const waits: number[] = [];
    const database = await open('queue', {
      maxWaitingWriters: 2,
      writeWaitLimitMs: 30,
      onWriteWait: (ms) => waits.push(ms),
    });
    const { work, end } = await hold(database);
    const write = () => database.tables<Tables>().insertInto('t').values({ n: 1 }).execute();
    const outcomes = await Promise.allSettled([write(), write(), write()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    const [waited, , refused] = outcomes as PromiseRejectedResult[];
    expect(waited!.reason).toMatchObject({
      code: 'OVERLOADED',
      message: expect.stringContaining('no turn to write within 30 ms'),
    });
    expect(refused!.reason).toMatchObject({
      code: 'OVERLOADED',
      message: expect.stringContaining('2 writers wait already'),
    });
    end();
    await work;
    await write();
    expect(waits.length).toBeGreaterThan(2);
  });

  it('ends a transaction that lasts too long, so that the others go on', async () => {
    const database = await open('long', { transactionLimitMs: 20 });
    const tables = database.tables<Tables>();
    const { work, end } = await hold(database);
    await tables.insertInto('t').values({ n: 2 }).execute();
    end();
    await expect(work).rejects.toThrow('lasted longer than 20 ms');
    expect(await tables.selectFrom('t').selectAll().execute()).toEqual([{ n: 2 }]);
  });

  it('runs transactions one after the other, in the order in which they came', async () => {
    const database = await open('order');
    const seen: string[] = [];
    await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        database.transaction(async () => {
          seen.push(`${name} in`);
          await new Promise((resolve) => setImmediate(resolve));
          seen.push(`${name} out`);
        }),
      ),
    );
    expect(seen).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
  });

  it('waits for another process that writes, without stopping this one', async () => {
    const [one, two] = [await open('busy'), await open('busy')];
    const { work, end } = await hold(one);
    let turns = 0;
    const beat = setInterval(() => {
      turns += 1;
      if (turns === 5) end();
    }, 1);
    onTestFinished(() => clearInterval(beat));
    await two.tables<Tables>().insertInto('t').values({ n: 3 }).execute();
    await work;
    expect(turns).toBeGreaterThanOrEqual(5);
  });

  it('opens a file that another process holds for a moment', async () => {
    const path = join(folder, 'starting.db');
    const holder = new Sqlite(path);
    holder.exec('create table x (n); begin exclusive');
    const opening = openDatabase(`sqlite:${path}`);
    await new Promise((resolve) => setTimeout(resolve, 60));
    holder.exec('commit');
    holder.close();
    const database = await opening;
    expect((await sql`select * from x`.execute(database.tables())).rows).toEqual([]);
    await database.close();
  });

  it('fails a write when another process holds the file for too long', async () => {
    const [one, two] = [await open('held'), await open('held', { writeWaitLimitMs: 30 })];
    const { work, end } = await hold(one);
    await expect(two.tables<Tables>().insertInto('t').values({ n: 4 }).execute()).rejects.toMatchObject({
      code: 'SQLITE_BUSY',
    });
    end();
    await work;
  });

  it('lets nobody wait for ever once it is closed', async () => {
    const database = await openDatabase(`sqlite:${join(folder, 'closing.db')}`);
    const { work, end } = await hold(database);
    const waiting = database.transaction(async () => {});
    await database.close();
    await expect(waiting).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    end();
    await expect(work).rejects.toThrow(/not open|closed/);
  });
});
