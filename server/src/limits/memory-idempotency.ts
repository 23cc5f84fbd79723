import { AppError } from '../errors/app-error.ts';
import { systemClock, type Clock } from '../lib/clock.ts';
import { keyColumn } from './key-column.ts';
import type { IdempotencyStore, StoredAnswer } from './stores.ts';

export interface MemoryIdempotencyOptions {
  readonly clock?: Clock;
  /** Keys at most; beyond that the oldest answers are forgotten. 10,000 when absent. */
  readonly maxKeys?: number;
  /** Bytes of all answers at most; beyond that the oldest are forgotten. 32 MiB when absent. */
  readonly maxBytes?: number;
}

interface Entry {
  readonly fingerprint: string;
  /** Milliseconds since the epoch at which the claim or the answer ends. */
  readonly expiresAt: number;
  /** Null while the first request runs. */
  readonly answer: StoredAnswer | null;
  readonly bytes: number;
}

/** Looking through all entries costs time, so a full store does it once in a while only. */
const EXPIRY_LOOK_MS = 1000;

/** First answers in this process. */
export function createMemoryIdempotency({
  clock = systemClock,
  maxKeys = 10_000,
  maxBytes = 33_554_432,
}: MemoryIdempotencyOptions = {}): IdempotencyStore {
  const entries = new Map<string, Entry>();
  let bytes = 0;
  let expiredAt = Number.NEGATIVE_INFINITY;

  function remove(key: string): void {
    bytes -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  }

  function put(key: string, entry: Entry): void {
    remove(key);
    entries.set(key, entry);
    bytes += entry.bytes;
  }

  /** Forgets what has expired and then the oldest answers, until `key` fits. A running claim is never forgotten. */
  function makeRoom(keep: string): void {
    if (entries.size <= maxKeys && bytes <= maxBytes) return;
    const now = clock.now();
    if (now - expiredAt >= EXPIRY_LOOK_MS) {
      expiredAt = now;
      for (const [key, { expiresAt }] of entries) if (expiresAt <= now) remove(key);
    }
    for (const [key, { answer }] of entries) {
      if (entries.size <= maxKeys && bytes <= maxBytes) return;
      if (answer !== null && key !== keep) remove(key);
    }
  }

  return {
    async claim(given, fingerprint, claimMs) {
      const key = keyColumn(given);
      const now = clock.now();
      const known = entries.get(key);
      if (known !== undefined && known.expiresAt > now) {
        if (known.fingerprint !== fingerprint) return { state: 'mismatch' };
        return known.answer === null ? { state: 'running' } : { state: 'answered', answer: known.answer };
      }
      put(key, { fingerprint, expiresAt: now + claimMs, answer: null, bytes: 0 });
      makeRoom(key);
      if (entries.size > maxKeys) {
        remove(key);
        throw new AppError('OVERLOADED', {
          detail: `${maxKeys} requests with idempotency keys run already.`,
          retryAfterSeconds: 1,
        });
      }
      return { state: 'claimed' };
    },

    async answer(given, answer, ttlMs) {
      const key = keyColumn(given);
      const known = entries.get(key);
      if (known === undefined || known.answer !== null) return;
      const size = Buffer.byteLength(answer.body) + Buffer.byteLength(JSON.stringify(answer.headers));
      put(key, { fingerprint: known.fingerprint, expiresAt: clock.now() + ttlMs, answer, bytes: size });
      makeRoom(key);
    },

    async release(given) {
      const key = keyColumn(given);
      if (entries.get(key)?.answer === null) remove(key);
    },

    async sweep(signal) {
      const now = clock.now();
      let removed = 0;
      for (const [key, { expiresAt }] of entries) {
        if (signal.aborted) break;
        if (expiresAt > now) continue;
        remove(key);
        removed += 1;
      }
      return removed;
    },
  };
}
