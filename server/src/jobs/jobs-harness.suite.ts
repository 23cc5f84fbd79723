import { expect, onTestFinished, vi } from 'vitest';
import type { Clock } from '../lib/clock.ts';
import type { JobContext, JobHandler, Jobs, Schedule } from './jobs.ts';

export interface JobsUnderTestOptions {
  readonly clock: Clock;
  readonly concurrency?: number;
  readonly leaseMs?: number;
  readonly pollMs?: number;
  readonly handBackLimitMs?: number;
  readonly retryDelayMs?: number;
}

/** `other` gives a handle as another process would have one, on the same jobs. */
export type MakeJobs = (options: JobsUnderTestOptions, other?: boolean) => Promise<Jobs>;

export interface ManualClock extends Clock {
  advance(ms: number): void;
}

export function manualClock(): ManualClock {
  let now = 1_795_219_200_000;
  return { now: () => now, monotonicMs: () => now, advance: (ms) => void (now += ms) };
}

export const handler = (kind: string, run: JobHandler['run'], timeLimitMs = 60_000): JobHandler => ({
  kind,
  timeLimitMs,
  run,
});

/** Ends with the signal, as a well-behaved handler does. */
export const untilCalledOff = (context: JobContext) =>
  new Promise<never>((_, reject) => {
    context.signal.addEventListener('abort', () => reject(context.signal.reason as Error), { once: true });
  });

export type JobsHarness = ReturnType<typeof jobsHarness>;

/** What the tests of `Jobs` share. */
export function jobsHarness(makeJobs: MakeJobs) {
  async function setUp(options: Partial<JobsUnderTestOptions> = {}) {
    const clock = manualClock();
    const all = { clock, pollMs: 5, retryDelayMs: 1000, ...options };
    const jobs = await makeJobs(all);
    const other = () => makeJobs(all, true);
    return { clock, jobs, other };
  }

  /** Starts a worker; the function ends it and waits for its end. */
  function work(
    jobs: Jobs,
    handlers: readonly JobHandler[],
    schedules: readonly Schedule[] = [],
  ): () => Promise<void> {
    const stop = new AbortController();
    const done = jobs.work(handlers, schedules, stop.signal);
    const end = () => {
      stop.abort();
      return done;
    };
    onTestFinished(end);
    return end;
  }

  const reaches = (jobs: Jobs, id: string, status: string) =>
    vi.waitFor(async () => expect((await jobs.get(id))?.status).toBe(status), {
      timeout: 10_000,
      interval: 5,
    });

  return { setUp, work, reaches };
}
