import { sql } from 'kysely';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished, vi } from 'vitest';
import { systemRandom } from '../lib/ids.ts';
import { describeEachDialect } from '../storage/testing.ts';
import { createDatabaseJobs } from './database-jobs.ts';
import { createJobStore } from './job-store.ts';
import { manualClock, type MakeJobs } from './jobs-harness.suite.ts';
import { jobsLifetimeSuite } from './jobs-lifetime.suite.ts';
import { jobsSuite } from './jobs.suite.ts';
import { jobMigrations } from './migrations.ts';

describeEachDialect('database jobs', jobMigrations, (test) => {
  const makeJobs: MakeJobs = async (options, other = false) =>
    createDatabaseJobs({ ...options, database: other ? await test.open() : test.database });
  jobsSuite(makeJobs);
  jobsLifetimeSuite(makeJobs);

  const never = new AbortController().signal;

  it('runs a job again whose process was killed in the middle of it', async () => {
    const jobs = createDatabaseJobs({ database: test.database, pollMs: 20 });
    const id = await jobs.enqueue('story', { page: 1 });
    const child = spawn(
      process.execPath,
      [
        '--conditions=malbeot:source',
        '--import',
        'tsx',
        '--input-type=module',
        '-e',
        hangingWorker(test.location),
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    expect(said.toString()).toContain(`running ${id} attempt 1`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await jobs.get(id)).toMatchObject({ status: 'running', attempts: 1 });

    const stop = new AbortController();
    const payloads: unknown[] = [];
    const run = async (payload: unknown, context: { attempt: number }) =>
      void payloads.push(payload, context.attempt);
    const done = jobs.work([{ kind: 'story', timeLimitMs: 60_000, run }], [], stop.signal);
    await vi.waitFor(async () => expect(await jobs.get(id)).toMatchObject({ status: 'done', attempts: 2 }), {
      timeout: 15_000,
      interval: 20,
    });
    expect(payloads).toEqual([{ page: 1 }, 2]);
    stop.abort();
    await done;
  });

  it('gives a job up whose worker is lost in the last try', async () => {
    const clock = manualClock();
    const jobs = createDatabaseJobs({ database: test.database, clock, pollMs: 5 });
    const store = createJobStore({ database: test.database, clock, random: systemRandom });
    const id = await jobs.enqueue('x', null, { maxAttempts: 1, key: 'k' });
    expect(await store.claim({ kinds: ['x'], limit: 5, worker: 'lost', leaseMs: 1000 })).toMatchObject([
      { id, attempt: 1 },
    ]);
    clock.advance(1000);
    expect(await store.claim({ kinds: ['x'], limit: 5, worker: 'other', leaseMs: 1000 })).toEqual([]);
    expect(await jobs.get(id)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('last try'),
    });
    expect(await jobs.enqueue('x', null, { key: 'k' })).not.toBe(id);
  });

  it('lets only the worker that holds a job end it, even where tries are counted alike', async () => {
    const clock = manualClock();
    const jobs = createDatabaseJobs({ database: test.database, clock });
    const store = createJobStore({ database: test.database, clock, random: systemRandom });
    const id = await jobs.enqueue('x', null);
    const claim = async (worker: string) =>
      (await store.claim({ kinds: ['x'], limit: 1, worker, leaseMs: 1000 }))[0]!;
    const first = await claim('first');
    expect(await store.handBack(first)).toBe(true);
    const second = await claim('second');
    expect([first.attempt, second.attempt]).toEqual([1, 1]);
    expect([await store.finish(first), await store.fail(first, 'no'), await store.handBack(first)]).toEqual([
      false,
      false,
      false,
    ]);
    expect((await store.renew([first, second], 1000)).has(id)).toBe(true);
    expect(await store.renew([first], 1000)).toEqual(new Set());
    expect(await store.finish(second)).toBe(true);
    expect(await jobs.get(id)).toMatchObject({ status: 'done', attempts: 1 });
  });

  it('goes on when the database was away', async () => {
    const database = await test.open();
    const jobs = createDatabaseJobs({ database, pollMs: 5 });
    const stop = new AbortController();
    const warnings: string[] = [];
    const log = {
      debug() {},
      info() {},
      error() {},
      warn: (_: unknown, message: string) => void warnings.push(message),
      child: () => log,
    };
    const worker = createDatabaseJobs({ database, pollMs: 5, log });
    const done = worker.work([{ kind: 'x', timeLimitMs: 1000, run: async () => {} }], [], stop.signal);
    await sql`alter table jobs rename to jobs_away`.execute(database.tables());
    await vi.waitFor(() => expect(warnings).toContain('the job table could not be asked'));
    await sql`alter table jobs_away rename to jobs`.execute(database.tables());
    const id = await jobs.enqueue('x', null);
    await vi.waitFor(async () => expect((await jobs.get(id))?.status).toBe('done'), { timeout: 10_000 });
    stop.abort();
    await done;
  });

  it('deletes what was done before a time, and keeps what failed', async () => {
    const clock = manualClock();
    const database = test.database;
    const jobs = createDatabaseJobs({ database, clock });
    const store = createJobStore({ database, clock, random: systemRandom });
    const kinds = ['done', 'failed', 'queued'] as const;
    for (const kind of kinds) await jobs.enqueue(kind, null);
    for (const job of await store.claim({ kinds: ['done', 'failed'], limit: 5, worker: 'w', leaseMs: 1000 }))
      await (job.kind === 'done' ? store.finish(job) : store.fail(job, 'no'));
    expect(await jobs.sweep(clock.now(), never)).toBe(0);
    expect(await jobs.sweep(clock.now() + 1, never)).toBe(1);
    expect(await jobs.stats()).toEqual({ queued: 1, running: 0, done: 0, failed: 1 });
  });
});

/** A program that takes a job, says so and never ends it. */
function hangingWorker(location: string): string {
  const here = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  return `
    import { openDatabase } from ${here('../storage/open-database.ts')};
    import { createDatabaseJobs } from ${here('./database-jobs.ts')};
    const database = await openDatabase(${JSON.stringify(location)});
    const jobs = createDatabaseJobs({ database, leaseMs: 900 });
    const run = (payload, { id, attempt }) => {
      process.stdout.write('running ' + id + ' attempt ' + attempt + '\\n');
      return new Promise(() => {});
    };
    await jobs.work([{ kind: 'story', timeLimitMs: 600000, run }], [], new AbortController().signal);
  `;
}
