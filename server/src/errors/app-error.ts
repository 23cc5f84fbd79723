import { errorTable, type ErrorCode } from './table.ts';

/** One finding in invalid input. `path` is in the words of the wire: `body.items.0.price`. */
export interface InputIssue {
  readonly path: string;
  readonly message: string;
}

export interface AppErrorOptions {
  /** What was given, what is allowed, what to do. Shown to the caller. */
  readonly detail?: string;
  readonly cause?: unknown;
  readonly issues?: readonly InputIssue[];
  /** For 429 and 503: seconds until it is worth trying again. */
  readonly retryAfterSeconds?: number;
  /** Further fields for the wire. Never secrets, never words a person said. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** An error with a code from the one table. What isn't one reaches the wire as `INTERNAL` and says nothing else. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly options: AppErrorOptions;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(options.detail ?? errorTable[code].title, { cause: options.cause });
    this.code = code;
    this.status = errorTable[code].status;
    this.options = options;
  }
}
