import { expect, it, vi } from 'vitest';
import { TimeoutError } from '../lib/abort.ts';
import { deferred } from '../lib/deferred.ts';
import { handler, jobsHarness, untilCalledOff, type MakeJobs } from './jobs-harness.suite.ts';
import type { JobContext } from './jobs.ts';

/** What every `Jobs` does when workers stop or are lost, and when time passes. */
export function jobsLifetimeSuite(makeJobs: MakeJobs): void {
  const { setUp, work, reaches } = jobsHarness(makeJobs);

  it('hands back what runs when it stops, and does not count the try', async () => {
    const { jobs } = await setUp();
    const runs = deferred<JobContext>();
    const end = work(jobs, [
      handler('x', async (_, context) => {
        runs.resolve(context);
        await untilCalledOff(context);
      }),
    ]);
    const id = await jobs.enqueue('x', null, { maxAttempts: 1, key: 'k' });
    const { signal } = await runs.promise;
    await end();
    expect(signal.aborted).toBe(true);
    expect(await jobs.get(id)).toMatchObject({ status: 'queued', attempts: 0, error: null });
    expect(await jobs.enqueue('x', null, { key: 'k' })).toBe(id);
    work(jobs, [handler('x', async () => {})]);
    await reaches(jobs, id, 'done');
  });

  it('lets a job end that can when it stops', async () => {
    const { jobs } = await setUp();
    const runs = deferred<void>();
    const end = work(jobs, [
      handler('x', async (_, { signal }) => {
        runs.resolve();
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      }),
    ]);
    const id = await jobs.enqueue('x', null);
    await runs.promise;
    await end();
    expect(await jobs.get(id)).toMatchObject({ status: 'done' });
  });

  it('stops even when a handler does not', async () => {
    const { jobs } = await setUp({ handBackLimitMs: 10 });
    const runs = deferred<void>();
    const never = deferred<void>();
    const end = work(jobs, [
      handler('x', async () => {
        runs.resolve();
        await never.promise;
      }),
    ]);
    const id = await jobs.enqueue('x', null);
    await runs.promise;
    await end();
    expect(await jobs.get(id)).toMatchObject({ status: 'queued', attempts: 0 });
  });

  it('calls a job off that takes too long, as a failure', async () => {
    const { jobs } = await setUp();
    let reason: unknown;
    const late = handler(
      'x',
      async (_, context) => {
        await untilCalledOff(context).catch((error: unknown) => {
          reason = error;
          throw error;
        });
      },
      15,
    );
    work(jobs, [late]);
    const id = await jobs.enqueue('x', null, { maxAttempts: 1 });
    await reaches(jobs, id, 'failed');
    expect(reason).toBeInstanceOf(TimeoutError);
    expect((await jobs.get(id))?.error).toBe('No answer within 15 ms.');
  });

  it('runs a job again whose worker shows no sign of life, and ignores the lost one', async () => {
    const { jobs, clock, other } = await setUp({ leaseMs: 60_000 });
    const second = await other();
    const lost = deferred<void>();
    const runs = deferred<void>();
    work(jobs, [
      handler('x', async () => {
        runs.resolve();
        await lost.promise;
      }),
    ]);
    const id = await jobs.enqueue('x', null);
    await runs.promise;
    // The first worker looks after its leases every 10 s of real time, so it does not see this.
    clock.advance(60_000);
    const attempts: number[] = [];
    const go = deferred<void>();
    work(second, [
      handler('x', async (_, { attempt }) => {
        attempts.push(attempt);
        await go.promise;
      }),
    ]);
    await vi.waitFor(() => expect(attempts).toEqual([2]), { timeout: 10_000, interval: 5 });
    lost.resolve();
    await jobs.enqueue('y', null);
    expect(await jobs.get(id)).toMatchObject({ status: 'running', attempts: 2 });
    go.resolve();
    await reaches(jobs, id, 'done');
    expect(attempts).toEqual([2]);
  });

  it('calls a job off whose lease is lost', async () => {
    const { jobs, clock } = await setUp({ leaseMs: 60 });
    const runs = deferred<JobContext>();
    const end = work(jobs, [
      handler('x', async (_, context) => {
        runs.resolve(context);
        await untilCalledOff(context);
      }),
    ]);
    await jobs.enqueue('x', null);
    const { signal } = await runs.promise;
    const ahead = { now: () => clock.now() + 1000, monotonicMs: () => clock.now() };
    const second = await makeJobs({ clock: ahead, pollMs: 5, leaseMs: 3_600_000 }, true);
    const taken = deferred<void>();
    work(second, [
      handler('x', async (_, context) => {
        taken.resolve();
        await untilCalledOff(context);
      }),
    ]);
    await taken.promise;
    const calledOff = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    clock.advance(59);
    await calledOff;
    await end();
    expect(await second.stats()).toMatchObject({ running: 1, queued: 0 });
  });

  it('keeps a job for as long as it shows signs of life', async () => {
    const { jobs, clock, other } = await setUp({ leaseMs: 60 });
    const second = await other();
    const go = deferred<void>();
    const runs: number[] = [];
    const slow = handler('x', async (_, { attempt }) => {
      runs.push(attempt);
      await go.promise;
    });
    work(jobs, [slow]);
    const id = await jobs.enqueue('x', null);
    await vi.waitFor(() => expect(runs).toEqual([1]), { timeout: 10_000, interval: 5 });
    work(second, [slow, handler('probe', async () => {})]);
    for (let round = 0; round < 6; round++) {
      clock.advance(50);
      // Two looks of the heart after each step, then a job that the second worker took after looking for due ones.
      await new Promise((resolve) => setTimeout(resolve, 40));
      await reaches(jobs, await jobs.enqueue('probe', null), 'done');
    }
    go.resolve();
    await reaches(jobs, id, 'done');
    expect(runs).toEqual([1]);
  });

  it('queues a schedule once among processes, in its rhythm, without making up for what was missed', async () => {
    const { jobs, clock, other } = await setUp();
    const second = await other();
    const runs: number[] = [];
    const sweep = handler('sweep', async (payload) => {
      expect(payload).toBeNull();
      runs.push(clock.now());
    });
    const schedules = [{ kind: 'sweep', everyMs: 1000 }];
    const start = clock.now();
    const ends = [
      work(jobs, [sweep], schedules),
      work(second, [sweep], schedules),
      work(second, [sweep], schedules),
    ];
    const idle = async () => {
      const probe = await jobs.enqueue('probe', null);
      const end = work(jobs, [handler('probe', async () => {})]);
      await reaches(jobs, probe, 'done');
      await end();
    };
    await idle();
    expect(runs).toEqual([]);
    for (const [ms, count] of [
      [1000, 1],
      [1000, 2],
      [5500, 3],
      [500, 4],
    ] as const) {
      clock.advance(ms);
      await vi.waitFor(() => expect(runs).toHaveLength(count), { timeout: 10_000, interval: 5 });
      await vi.waitFor(async () => expect(await jobs.stats()).toMatchObject({ queued: 0, running: 0 }));
      await idle();
      expect(runs).toHaveLength(count);
    }
    expect(runs.map((time) => time - start)).toEqual([1000, 2000, 7500, 8000]);
    await Promise.all(ends.map((end) => end()));
    clock.advance(10_000);
    work(await other(), [sweep], schedules);
    await vi.waitFor(() => expect(runs).toHaveLength(5), { timeout: 10_000, interval: 5 });
  });

  it('runs a daily schedule at its time of day', async () => {
    const { jobs, clock } = await setUp();
    const runs: string[] = [];
    const daily = handler('backup', async () => void runs.push(new Date(clock.now()).toISOString()));
    work(jobs, [daily], [{ kind: 'backup', dailyAt: '03:00', timeZone: 'Asia/Seoul' }]);
    await reaches(jobs, await jobs.enqueue('backup', null), 'done');
    runs.length = 0;
    // 2026-11-21 00:00 in UTC is 09:00 in Seoul.
    clock.advance(18 * 3_600_000);
    await vi.waitFor(() => expect(runs).toEqual([new Date(clock.now()).toISOString()]), {
      timeout: 10_000,
      interval: 5,
    });
  });

  it('refuses a schedule that can not be', async () => {
    const { jobs } = await setUp();
    const signal = AbortSignal.timeout(10_000);
    await expect(jobs.work([], [{ kind: 'x', dailyAt: '25:00', timeZone: 'UTC' }], signal)).rejects.toThrow(
      'HH:MM',
    );
  });
}
