import type { Language, Problem } from '@malbeot/protocol';

import { friendlyText } from './friendly-text.ts';

/** What went wrong on the way, for codes that no server sends. Codes of the server are those of its `docs/errors.md`. */
export type ClientErrorCode =
  /** No connection, or it broke before the answer was whole. */
  | 'NETWORK'
  /** No whole answer within the limit. */
  | 'TIMEOUT'
  /** Something answered, but not a Malbeot server: a proxy's error page, for example. */
  | 'BAD_ANSWER'
  /** Too many turns are already waiting for the one before them. */
  | 'TOO_MANY_WAITING'
  /** The offline queue holds as much as it may: the turn was not taken. */
  | 'QUEUE_FULL'
  /** The offline queue could not be read or written (disk full, no right to write): the turn was not taken. */
  | 'QUEUE_BROKEN'
  /** Another process has the folder of the offline queue. */
  | 'QUEUE_IN_USE';

export interface MalbeotErrorOptions {
  /** HTTP status; null where nothing answered. */
  readonly status?: number | null;
  readonly language?: Language;
  readonly requestId?: string | null;
  readonly problem?: Problem;
  readonly cause?: unknown;
}

/**
 * No answer that could be used. `message` is for a person, in the language of the client; `code` is for the program.
 * A call that was aborted by its own signal throws the signal's reason instead.
 */
export class MalbeotError extends Error {
  override readonly name = 'MalbeotError';
  /** A {@link ClientErrorCode}, or the code of the server's problem. */
  readonly code: string;
  /** HTTP status; null where nothing answered. */
  readonly status: number | null;
  /** True when the same request may succeed later, as it is. */
  readonly retryable: boolean;
  /** To look up in the server's log; null where the server gave none. */
  readonly requestId: string | null;
  /** The server's own words on it, where it sent any. */
  readonly problem: Problem | undefined;

  constructor(code: string, options: MalbeotErrorOptions = {}) {
    const { status = null, language = 'ko', requestId = null, problem, cause } = options;
    super(friendlyText(code, status, language), cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = status;
    this.retryable = isRetryable(code, status);
    this.requestId = requestId;
    this.problem = problem;
  }
}

function isRetryable(code: string, status: number | null): boolean {
  if (code === 'IDEMPOTENCY_IN_PROGRESS') return true;
  if (status === null) return code === 'NETWORK' || code === 'TIMEOUT' || code === 'TOO_MANY_WAITING';
  return status === 429 || status >= 500;
}
