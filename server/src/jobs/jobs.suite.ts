import { expect, it, onTestFinished } from 'vitest';
import { deferred } from '../lib/deferred.ts';
import { handler, jobsHarness, type MakeJobs } from './jobs-harness.suite.ts';

/** What every `Jobs` does with a job. */
export function jobsSuite(makeJobs: MakeJobs): void {
  const { setUp, work, reaches } = jobsHarness(makeJobs);

  it('runs a job with what it was given, once', async () => {
    const { jobs, clock } = await setUp();
    const runs: unknown[] = [];
    const id = await jobs.enqueue('speak', { words: '불고기버거 🍔', list: [1, null] });
    expect(id).toMatch(/^job_/);
    expect(await jobs.get(id)).toEqual({
      id,
      kind: 'speak',
      status: 'queued',
      attempts: 0,
      error: null,
      createdAt: clock.now(),
      updatedAt: clock.now(),
    });
    const end = work(jobs, [
      handler(
        'speak',
        async (payload, context) => void runs.push(payload, context.attempt, context.id === id),
      ),
    ]);
    await reaches(jobs, id, 'done');
    await end();
    expect(runs).toEqual([{ words: '불고기버거 🍔', list: [1, null] }, 1, true]);
    expect(await jobs.get(id)).toMatchObject({ status: 'done', attempts: 1, error: null });
    expect(await jobs.get('job_unknown')).toBeNull();
  });

  it('starts a job of this process at once, long before the next look', async () => {
    const { jobs } = await setUp({ pollMs: 3_600_000 });
    work(jobs, [handler('now', async () => {})]);
    const first = await jobs.enqueue('now', null);
    await reaches(jobs, first, 'done');
    const second = await jobs.enqueue('now', null);
    await reaches(jobs, second, 'done');
    expect(await jobs.stats()).toMatchObject({ done: 2 });
  });

  it('leaves kinds alone that it has no handler for', async () => {
    const { jobs } = await setUp();
    const foreign = await jobs.enqueue('foreign', null);
    const own = await jobs.enqueue('own', null);
    work(jobs, [handler('own', async () => {})]);
    await reaches(jobs, own, 'done');
    expect(await jobs.get(foreign)).toMatchObject({ status: 'queued', attempts: 0 });
  });

  it('waits until the time for which a job was set', async () => {
    const { jobs, clock } = await setUp();
    const later = await jobs.enqueue('x', 'later', { runAt: clock.now() + 1000 });
    const order: unknown[] = [];
    work(jobs, [handler('x', async (payload) => void order.push(payload))]);
    await reaches(jobs, await jobs.enqueue('x', 'now'), 'done');
    clock.advance(999);
    await reaches(jobs, await jobs.enqueue('x', 'also now'), 'done');
    expect(order).toEqual(['now', 'also now']);
    clock.advance(1);
    await reaches(jobs, later, 'done');
  });

  it('tries again after longer and longer waits, and keeps what failed for good with its reason', async () => {
    const { jobs, clock } = await setUp();
    const starts: number[] = [];
    work(jobs, [
      handler('x', async (_, { attempt }) => {
        starts.push(clock.now());
        throw new Error(`no luck ${attempt}`);
      }),
    ]);
    const id = await jobs.enqueue('x', null, { maxAttempts: 4 });
    const trickle = setInterval(() => clock.advance(50), 1);
    onTestFinished(() => clearInterval(trickle));
    await reaches(jobs, id, 'failed');
    expect(await jobs.get(id)).toMatchObject({ attempts: 4, error: 'no luck 4' });
    const waits = starts.slice(1).map((start, index) => start - starts[index]!);
    expect(waits).toHaveLength(3);
    for (const [index, wait] of waits.entries()) expect(wait).toBeGreaterThanOrEqual(500 * 2 ** index);
    expect((await jobs.stats()).failed).toBe(1);
  });

  it('is done when a later try succeeds', async () => {
    const { jobs } = await setUp({ retryDelayMs: 0 });
    work(jobs, [
      handler('x', async (_, { attempt }) => {
        if (attempt < 3) throw new Error('not yet');
      }),
    ]);
    const id = await jobs.enqueue('x', null);
    await reaches(jobs, id, 'done');
    expect(await jobs.get(id)).toMatchObject({ attempts: 3, error: null });
  });

  it('queues a key once while it waits or runs, and again when that is over', async () => {
    const { jobs, other } = await setUp();
    const second = await other();
    const ids = await Promise.all(
      Array.from({ length: 10 }, (_, index) => (index % 2 ? jobs : second).enqueue('x', index, { key: 'k' })),
    );
    expect(new Set(ids).size).toBe(1);
    expect(await jobs.enqueue('y', null, { key: 'k' })).not.toBe(ids[0]);
    const runs = deferred<void>();
    const go = deferred<void>();
    const end = work(jobs, [
      handler('x', async () => {
        runs.resolve();
        await go.promise;
      }),
    ]);
    await runs.promise;
    expect(await jobs.enqueue('x', null, { key: 'k' })).toBe(ids[0]);
    go.resolve();
    await reaches(jobs, ids[0]!, 'done');
    await end();
    expect(await jobs.enqueue('x', null, { key: 'k' })).not.toBe(ids[0]);
    expect(await jobs.stats()).toEqual({ queued: 2, running: 0, done: 1, failed: 0 });
  });

  it('runs as many at once as it may, and no more', async () => {
    const { jobs } = await setUp({ concurrency: 3 });
    let now = 0;
    let most = 0;
    const full = deferred<void>();
    work(jobs, [
      handler('x', async () => {
        now += 1;
        most = Math.max(most, now);
        if (now === 3) full.resolve();
        await full.promise;
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
      }),
    ]);
    const ids: string[] = [];
    for (let index = 0; index < 12; index++) ids.push(await jobs.enqueue('x', null));
    for (const id of ids) await reaches(jobs, id, 'done');
    expect(most).toBe(3);
  });

  it('shares jobs among processes without running one twice', async () => {
    const { jobs, other } = await setUp({ concurrency: 4 });
    const second = await other();
    const runs = new Map<unknown, number>();
    const count = handler('x', async (payload) => void runs.set(payload, (runs.get(payload) ?? 0) + 1));
    const ends = [work(jobs, [count]), work(second, [count]), work(jobs, [count])];
    const ids = await Promise.all(
      Array.from({ length: 60 }, (_, index) => (index % 2 ? jobs : second).enqueue('x', index)),
    );
    for (const id of ids) await reaches(jobs, id, 'done');
    await Promise.all(ends.map((end) => end()));
    expect([runs.size, ...new Set(runs.values())]).toEqual([60, 1]);
  });

  it('refuses what it can not keep', async () => {
    const { jobs } = await setUp();
    const refused = { code: 'INVALID_INPUT' };
    await expect(jobs.enqueue('x', 'a'.repeat(1_048_576))).rejects.toMatchObject(refused);
    await expect(jobs.enqueue('x', null, { key: 'k'.repeat(200) })).rejects.toMatchObject(refused);
    await expect(jobs.enqueue('x', null, { maxAttempts: 0 })).rejects.toMatchObject(refused);
    expect((await jobs.stats()).queued).toBe(0);
  });

  it('leaves no timer and no listener behind', async () => {
    const { jobs } = await setUp({ pollMs: 3_600_000, leaseMs: 3_600_000 });
    const before = timers();
    const stop = new AbortController();
    const done = jobs.work([handler('x', async () => {}, 3_600_000)], [], stop.signal);
    await reaches(jobs, await jobs.enqueue('x', null), 'done');
    stop.abort();
    await done;
    expect(timers()).toBeLessThanOrEqual(before);
  });
}

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
