import type { Logger } from '../telemetry/logger.ts';

export type JobStatus = 'queued' | 'running' | 'done' | 'failed';

export interface EnqueueOptions {
  /** Not before this time, milliseconds since the epoch. */
  readonly runAt?: number;
  /** Tries in all, the first included; 3 when absent. */
  readonly maxAttempts?: number;
  /** A job with a key that already waits or runs is not queued twice; its id is given back. */
  readonly key?: string;
}

export interface JobState {
  readonly id: string;
  readonly kind: string;
  readonly status: JobStatus;
  readonly attempts: number;
  /** Message of the last failure. */
  readonly error: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface JobContext {
  readonly id: string;
  readonly attempt: number;
  /** Ends when the worker stops, the time limit passes or the lease is lost; the job is then handed back. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

export interface JobHandler {
  readonly kind: string;
  /** Time limit of one try in milliseconds. */
  readonly timeLimitMs: number;
  run(payload: unknown, context: JobContext): Promise<void>;
}

/** Runs `kind` again and again: every so many milliseconds, or each day at a time of day. */
export type Schedule =
  | { readonly kind: string; readonly everyMs: number }
  | { readonly kind: string; readonly dailyAt: string; readonly timeZone: string };

/** Work that outlives a request. Accepted jobs survive the process; each runs at least once. */
export interface Jobs {
  enqueue(kind: string, payload: unknown, options?: EnqueueOptions): Promise<string>;
  get(id: string): Promise<JobState | null>;
  /** Takes and runs jobs until `signal` aborts, then hands back what runs. */
  work(handlers: readonly JobHandler[], schedules: readonly Schedule[], signal: AbortSignal): Promise<void>;
  stats(): Promise<Readonly<Record<JobStatus, number>>>;
}
