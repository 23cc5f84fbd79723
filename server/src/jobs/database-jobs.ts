import { AppError } from '../errors/app-error.ts';
import { systemClock, type Clock } from '../lib/clock.ts';
import { systemRandom, type RandomBytes } from '../lib/ids.ts';
import type { Database } from '../storage/database.ts';
import { deleteInBatches } from '../storage/delete-in-batches.ts';
import { silentLogger, type Logger } from '../telemetry/logger.ts';
import { createJobStore } from './job-store.ts';
import type { Jobs } from './jobs.ts';
import { createWakeUp, type WakeUp } from './wake-up.ts';
import { runWorker } from './worker.ts';

export interface DatabaseJobsOptions {
  readonly database: Database;
  readonly clock?: Clock;
  readonly random?: RandomBytes;
  readonly log?: Logger;
  /** Jobs that one worker runs at once; 2 when absent. */
  readonly concurrency?: number;
  /** How long a job belongs to its worker without a sign of life; 30,000 ms when absent. */
  readonly leaseMs?: number;
  /** How often the database is asked for jobs of other processes; 1,000 ms when absent. */
  readonly pollMs?: number;
  /** How long a handler may take to end when its worker stops; 10,000 ms when absent. */
  readonly handBackLimitMs?: number;
  /** Wait before the second try, doubled with each further one up to 5 minutes, half to one and a half of it; 1,000 ms when absent. */
  readonly retryDelayMs?: number;
}

/** Jobs in the database: accepted ones survive the process, and every process that works takes its share. */
export interface DatabaseJobs extends Jobs {
  /** Deletes jobs that were done before `before` (milliseconds since the epoch), in batches; answers how many. Failed ones stay. */
  sweep(before: number, signal: AbortSignal): Promise<number>;
}

const MAX_PAYLOAD_BYTES = 1_048_576;
const MAX_KEY_LENGTH = 191;

/** The runner on the database. Its tables are those of `jobMigrations`. */
export function createDatabaseJobs({
  database,
  clock = systemClock,
  random = systemRandom,
  log = silentLogger,
  concurrency = 2,
  leaseMs = 30_000,
  pollMs = 1000,
  handBackLimitMs = 10_000,
  retryDelayMs = 1000,
}: DatabaseJobsOptions): DatabaseJobs {
  const store = createJobStore({ database, clock, random });
  const workers = new Set<WakeUp>();

  return {
    async enqueue(kind, payload, { runAt = clock.now(), maxAttempts = 3, key } = {}) {
      const text = JSON.stringify(payload ?? null);
      if (Buffer.byteLength(text) > MAX_PAYLOAD_BYTES) {
        throw new AppError('INVALID_INPUT', {
          detail: `The payload of a job has at most ${MAX_PAYLOAD_BYTES} bytes. Store what is large in a file.`,
        });
      }
      const activeKey = key === undefined ? null : `${kind}:${key}`;
      if ((activeKey ?? kind).length > MAX_KEY_LENGTH) {
        throw new AppError('INVALID_INPUT', {
          detail: `Kind and key of a job have at most ${MAX_KEY_LENGTH - 1} characters together.`,
        });
      }
      if (!Number.isSafeInteger(maxAttempts) || maxAttempts < 1) {
        throw new AppError('INVALID_INPUT', {
          detail: `A job is tried once or more, not ${maxAttempts} times.`,
        });
      }
      const { id } = await store.insert({
        kind,
        payload: text,
        runAt: Math.round(runAt),
        maxAttempts,
        activeKey,
      });
      for (const worker of workers) worker.wake();
      return id;
    },

    get: (id) => store.get(id),

    stats: () => store.counts(),

    async work(handlers, schedules, signal) {
      const wakeUp = createWakeUp();
      workers.add(wakeUp);
      try {
        await runWorker(
          {
            store,
            clock,
            random,
            log,
            wakeUp,
            handlers,
            schedules,
            concurrency,
            leaseMs,
            pollMs,
            handBackLimitMs,
            retryDelayMs,
          },
          signal,
        );
      } finally {
        workers.delete(wakeUp);
      }
    },

    sweep: (before, signal) =>
      deleteInBatches({
        find: (limit) => store.findDone(before, limit),
        remove: (ids) => store.removeDone(ids),
        signal,
      }),
  };
}
