/** Why a request to a child process failed. */
export type HostErrorKind = 'unavailable' | 'timeout' | 'invalid_input' | 'failed';

/** Every failure of a request to a child process. An abort is none: it is thrown as `AbortedError`. */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly kind: HostErrorKind;
  /** True when the child ended, or had to be ended, while it worked on this request. */
  readonly died: boolean;
  /** Where the child died: which start of it that was, as `HostStatus.starts` counts; one death may fail several requests. */
  readonly start: number | undefined;
  /** For `unavailable`: milliseconds until the child may be started again, where that is known. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: HostErrorKind,
    message: string,
    options: { readonly died?: boolean; readonly start?: number; readonly retryAfterMs?: number } = {},
  ) {
    super(message);
    this.kind = kind;
    this.died = options.died ?? false;
    this.start = options.start;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export type ToChild<Request> =
  | { readonly type: 'request'; readonly id: number; readonly request: Request }
  /** The answer is no longer wanted. The child still answers with `end` or `error`, as soon as it can. */
  | { readonly type: 'cancel'; readonly id: number };

/** Every request is answered by any number of parts and then exactly one `end` or `error`. */
export type FromChild<Part> =
  | { readonly type: 'ready' }
  | { readonly type: 'part'; readonly id: number; readonly part: Part }
  | { readonly type: 'end'; readonly id: number }
  | { readonly type: 'error'; readonly id: number; readonly kind: HostErrorKind; readonly message: string };

/** One running child process, from start to end. */
export interface HostChannel<Request> {
  /** Undefined when the process could not be started. */
  readonly pid: number | undefined;
  /** Never throws: a child that can no longer be reached shows in `closed`. */
  send(message: ToChild<Request>): void;
  /** Ends the channel, upon which the child leaves by itself. */
  end(): void;
  /** Ends the process at once, even one that hangs. */
  kill(): void;
}

export interface HostChannelEvents<Part> {
  message(message: FromChild<Part>): void;
  /** Once, when the process is gone or could not be started. `stderr` is the end of what it printed there. */
  closed(reason: string, stderr: string): void;
}

/** Starts a child process. Never throws: failures come as `closed`. */
export type OpenHostChannel<Request, Part> = (events: HostChannelEvents<Part>) => HostChannel<Request>;
