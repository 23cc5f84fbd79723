import type { Logger } from '../telemetry/logger.ts';
import type { OpenHostChannel } from './child-host-channel.ts';
import type { Clock } from './clock.ts';

export interface ChildHostOptions<Request, Part> {
  /** For messages and the log, for example `speech-host`. */
  readonly name: string;
  readonly open: OpenHostChannel<Request, Part>;
  /**
   * What of the child's last words on its standard error goes into the log when it dies; all of it when absent. For a child that
   * may print what somebody said.
   */
  readonly tellStderr?: (stderr: string) => string;
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** Requests that the child works on at a time; 1. */
  readonly maxRunning?: number;
  /** Requests that wait for their turn; one more is refused as `unavailable`. 32. */
  readonly maxWaiting?: number;
  /** Parts of one answer that wait to be read; one more fails the request. 4,096. */
  readonly maxParts?: number;
  /** Time until the child says that it is ready; then it is ended. 10 s. */
  readonly startLimitMs?: number;
  /** Time that a request waits for its turn, a start of the child included; 10 s. */
  readonly waitLimitMs?: number;
  /** Time that the child has to leave by itself at the end; 1 s. */
  readonly exitLimitMs?: number;
  /** Pause before the second start in a row that follows a death; it doubles each time. The first has none. 250 ms. */
  readonly restartDelayMs?: number;
  /** Longest pause; 30 s. */
  readonly maxRestartDelayMs?: number;
}

export interface HostStatus {
  readonly state: 'idle' | 'starting' | 'ready' | 'backing-off' | 'closed';
  readonly pid: number | null;
  /** Starts so far. */
  readonly starts: number;
  /** Deaths since the last request that was answered. */
  readonly failuresInRow: number;
  /** Milliseconds until a new start is allowed; 0 when it is. */
  readonly retryInMs: number;
  /** Why the child last ended on its own, if it ever did. */
  readonly lastFailure: string | null;
  readonly running: number;
  readonly waiting: number;
}

export interface HostCall {
  /** Time that the child has for this request, from when it gets it. A child that takes longer is ended. */
  readonly limitMs: number;
}

/**
 * Keeps one child process for work that may crash, hang or hold up the event loop. The child starts with the first
 * request. One that dies is started again, at once the first time and then after growing pauses; it loses what it was
 * working on and nothing else.
 */
export interface ChildHost<Request, Part> {
  /**
   * Parts of the answer as they come. Ending the iteration early or aborting calls the request off; the child keeps its
   * place until it says that it is done, or until the limit ends it.
   *
   * @throws HostError `unavailable`: the child died, can't start, pauses before a start, or too many wait. `timeout`:
   * it took longer than the limit and was ended, or the turn never came. `invalid_input`, `failed`: its own answer.
   * `AbortedError` when `signal` aborts.
   */
  stream(request: Request, call: HostCall, signal: AbortSignal): AsyncGenerator<Part, void, void>;
  /** The last part of the answer. Throws like `stream`, and `failed` when there is none. */
  call(request: Request, call: HostCall, signal: AbortSignal): Promise<Part>;
  /** Starts the child if it does not run, and waits until it is ready. Throws like `stream`. */
  start(signal: AbortSignal): Promise<void>;
  /** Calls `listener` whenever a child has become ready. Returns what takes the listener away. */
  onReady(listener: () => void): () => void;
  status(): HostStatus;
  /**
   * Ends a child that has nothing to do, so that its memory comes back: no failure, and the next request starts another. False
   * when there is none, or when it works or somebody waits for it.
   */
  rest(): Promise<boolean>;
  /** Ends the child. Requests in flight fail with `unavailable`. Idempotent. */
  close(): Promise<void>;
}
