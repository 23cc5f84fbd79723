/** Counts of requests by key in fixed windows. */
export interface RateLimitStore {
  /** Counts one more for `key` in the window that `now` falls into; the answer holds the count with this one. */
  hit(key: string, windowMs: number, now: number): CountInWindow | Promise<CountInWindow>;
}

export interface CountInWindow {
  readonly count: number;
  /** Milliseconds since the epoch at which the window ends. */
  readonly resetAt: number;
}

/** The first answer to a request with an idempotency key. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Claim =
  | { readonly state: 'claimed' }
  /** Another request with this key is still running. */
  | { readonly state: 'running' }
  /** The key stands for a request with another fingerprint. */
  | { readonly state: 'mismatch' }
  | { readonly state: 'answered'; readonly answer: StoredAnswer };

/** Remembers first answers by idempotency key. */
export interface IdempotencyStore {
  /**
   * Takes `key` for a request with `fingerprint`. A claim that is neither answered nor released within `claimMs` may be
   * taken again, so that a killed process does not lock the key.
   */
  claim(key: string, fingerprint: string, claimMs: number): Promise<Claim>;
  /** Keeps the answer for `ttlMs`. */
  answer(key: string, answer: StoredAnswer, ttlMs: number): Promise<void>;
  /** Gives the key back without an answer: the request failed in a way worth repeating. */
  release(key: string): Promise<void>;
  /** Deletes what has expired, in batches; answers how many. */
  sweep(signal: AbortSignal): Promise<number>;
}
