import { setMaxListeners } from 'node:events';
import { childOf, TimeoutError, type AbortNode } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import type { RandomBytes } from '../lib/ids.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { ClaimedJob, JobStore } from './job-store.ts';
import type { JobHandler, Schedule } from './jobs.ts';
import { nameOf, nextRun } from './next-run.ts';
import type { WakeUp } from './wake-up.ts';

export interface WorkerOptions {
  readonly store: JobStore;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Logger;
  readonly wakeUp: WakeUp;
  readonly handlers: readonly JobHandler[];
  readonly schedules: readonly Schedule[];
  /** Jobs at once. */
  readonly concurrency: number;
  /** How long a job belongs to this worker without a sign of life. */
  readonly leaseMs: number;
  /** How often the database is asked when nothing wakes the worker. */
  readonly pollMs: number;
  /** How long a handler may take to end when the worker stops. */
  readonly handBackLimitMs: number;
  /** Wait before the second try; doubles with each one. */
  readonly retryDelayMs: number;
}

interface Running {
  readonly job: ClaimedJob;
  readonly node: AbortNode;
  readonly done: Promise<void>;
  /** By `clock.monotonicMs()`. */
  leaseEndsAt: number;
}

type Outcome =
  | { readonly state: 'done' }
  | { readonly state: 'failed'; readonly error: unknown }
  /** The worker stops or lost its lease. */
  | { readonly state: 'called-off' };

const MAX_RETRY_DELAY_MS = 300_000;
const MAX_ERROR_LENGTH = 500;

/** Why a job's signal aborts without its being the job's fault. */
class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** Takes and runs jobs until `signal` aborts; then hands back what runs, and resolves. */
export async function runWorker(options: WorkerOptions, signal: AbortSignal): Promise<void> {
  const { store, clock, random, log, wakeUp, concurrency, leaseMs, pollMs } = options;
  const worker = `w-${Buffer.from(random(12)).toString('hex')}`;
  const handlers = new Map(options.handlers.map((handler) => [handler.kind, handler]));
  const kinds = [...handlers.keys()];
  const running = new Map<string, Running>();
  // Every running job listens, and they may be many.
  const root = childOf(signal);
  setMaxListeners(0, root.signal);
  const scheduled = new Map<Schedule, number>();
  let troubles = 0;

  function start(job: ClaimedJob): void {
    const node = childOf(root.signal);
    const done = run(job, node).finally(() => {
      node.unlink();
      running.delete(`${job.id}/${job.attempt}`);
      wakeUp.wake();
    });
    running.set(`${job.id}/${job.attempt}`, { job, node, done, leaseEndsAt: clock.monotonicMs() + leaseMs });
  }

  async function run(job: ClaimedJob, node: AbortNode): Promise<void> {
    const handler = handlers.get(job.kind)!;
    const jobLog = log.child({ job_id: job.id, job_kind: job.kind, attempt: job.attempt });
    let outcome: Outcome = { state: 'done' };
    const limit = setTimeout(() => node.abort(new TimeoutError(handler.timeLimitMs)), handler.timeLimitMs);
    try {
      const payload: unknown = JSON.parse(job.payload);
      const context = { id: job.id, attempt: job.attempt, signal: node.signal, log: jobLog };
      await withGrace(node.signal, options.handBackLimitMs, () => handler.run(payload, context));
    } catch (error) {
      const reason: unknown = node.signal.reason;
      if (reason instanceof TimeoutError) outcome = { state: 'failed', error: reason };
      else outcome = node.signal.aborted ? { state: 'called-off' } : { state: 'failed', error };
    } finally {
      clearTimeout(limit);
    }
    await record(job, outcome, jobLog);
  }

  async function record(job: ClaimedJob, outcome: Outcome, jobLog: Logger): Promise<void> {
    try {
      if (outcome.state === 'done') {
        if (!(await store.finish(job))) jobLog.warn({}, 'a job ended after its lease was lost');
        return;
      }
      if (outcome.state === 'called-off') {
        if (await store.handBack(job)) jobLog.info({}, 'job handed back');
        return;
      }
      const error = messageOf(outcome.error);
      if (job.attempt >= job.maxAttempts) {
        jobLog.error({ error }, 'job failed for good');
        await store.fail(job, error);
      } else {
        jobLog.warn({ error }, 'job failed and will be tried again');
        await store.retry(job, error, clock.now() + retryDelay(job.attempt));
      }
    } catch (error) {
      // The lease runs out and the job is taken again.
      jobLog.warn({ error: messageOf(error) }, 'the end of a job could not be recorded');
    }
  }

  function retryDelay(attempt: number): number {
    const jitter = 0.5 + random(1)[0]! / 256;
    return Math.round(Math.min(options.retryDelayMs * 2 ** (attempt - 1), MAX_RETRY_DELAY_MS) * jitter);
  }

  async function renewLeases(): Promise<void> {
    const mine = [...running.values()];
    if (mine.length === 0) return;
    const now = clock.monotonicMs();
    const soon = mine.filter(({ leaseEndsAt }) => leaseEndsAt - now < (leaseMs * 2) / 3);
    if (soon.length === 0) return;
    const held = await store
      .renew(
        soon.map(({ job }) => job),
        leaseMs,
      )
      .catch((error: unknown) => {
        log.warn({ error: messageOf(error) }, 'leases of jobs could not be renewed');
        return null;
      });
    for (const entry of soon) {
      if (held?.has(entry.job.id) === true) entry.leaseEndsAt = now + leaseMs;
      else if (held !== null || entry.leaseEndsAt <= clock.monotonicMs())
        entry.node.abort(new LeaseLostError('The lease of the job was lost.'));
    }
  }

  async function runSchedules(): Promise<void> {
    for (const schedule of options.schedules) {
      const now = clock.now();
      const name = nameOf(schedule);
      const known = scheduled.get(schedule) ?? (await store.scheduleNext(name, nextRun(schedule, now, null)));
      scheduled.set(schedule, known);
      if (known > now) continue;
      const job = {
        kind: schedule.kind,
        payload: 'null',
        runAt: now,
        maxAttempts: 3,
        activeKey: `${schedule.kind}:schedule`,
      };
      const { nextAt, queued } = await store.runSchedule(name, job, (previous) =>
        nextRun(schedule, now, previous),
      );
      scheduled.set(schedule, nextAt);
      if (queued) log.debug({ job_kind: schedule.kind }, 'scheduled job queued');
    }
  }

  function pauseMs(): number {
    if (troubles > 0) return Math.min(pollMs * 2 ** troubles, 30_000);
    const next = Math.min(...scheduled.values()) - clock.now();
    return Math.max(1, Math.min(pollMs, next));
  }

  for (const schedule of options.schedules) nextRun(schedule, clock.now(), null);
  let renewing = false;
  const heart = setInterval(
    () => {
      if (renewing) return;
      renewing = true;
      void renewLeases().finally(() => (renewing = false));
    },
    Math.max(1, leaseMs / 6),
  );
  try {
    while (!signal.aborted) {
      let taken = 0;
      try {
        await runSchedules();
        const free = concurrency - running.size;
        if (free > 0 && kinds.length > 0) {
          const jobs = await store.claim({
            kinds,
            limit: free,
            worker,
            leaseMs,
            // A lease that is renewed late, after the machine slept, must not make this worker run a job beside itself.
            except: [...running.values()].map(({ job }) => job.id),
          });
          taken = jobs.length;
          for (const job of jobs) start(job);
        }
        troubles = 0;
      } catch (error) {
        troubles = Math.min(troubles + 1, 10);
        log.warn({ error: messageOf(error) }, 'the job table could not be asked');
      }
      if (taken === 0 || running.size >= concurrency) await wakeUp.sleep(pauseMs(), signal);
    }
    await Promise.all([...running.values()].map(({ done }) => done));
  } finally {
    root.unlink();
    clearInterval(heart);
  }
}

/** `work`'s end; once `signal` aborts, waited for `graceMs` at most. */
async function withGrace(signal: AbortSignal, graceMs: number, work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort!: () => void;
  const grace = new Promise<never>((_, reject) => {
    onAbort = () => {
      timer = setTimeout(() => reject(new Error('The handler did not end when it was called off.')), graceMs);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    await Promise.race([work(), grace]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, MAX_ERROR_LENGTH);
}
