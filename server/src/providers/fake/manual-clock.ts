import { AbortedError } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';

/** A clock that stands still until it is told how much time has passed. */
export interface ManualClock extends Clock {
  /** Lets `ms` pass and wakes those who slept until then, in order. */
  advance(ms: number): void;
  /** Resolves when `ms` have passed on this clock. @throws {AbortedError} when `signal` aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Runs `wake` once when `ms` have passed on this clock. Calling what it returns calls that off. */
  after(ms: number, wake: () => void): () => void;
  /** How many sleep or wait to be woken now. */
  readonly sleepers: number;
  /** Milliseconds until the next one is due; undefined when nobody sleeps. */
  readonly nextInMs: number | undefined;
}

interface Sleeper {
  readonly until: number;
  wake(): void;
}

/** Starts at `now`, in milliseconds since the Unix epoch. */
export function createManualClock(now = Date.UTC(2026, 0, 1)): ManualClock {
  let elapsedMs = 0;
  /** In the order in which they fall due; of those due together, in that in which they came. */
  const sleepers: Sleeper[] = [];

  const after = (ms: number, wake: () => void) => {
    const sleeper = { until: elapsedMs + Math.max(0, ms), wake };
    const later = sleepers.findIndex(({ until }) => until > sleeper.until);
    sleepers.splice(later === -1 ? sleepers.length : later, 0, sleeper);
    return () => {
      const place = sleepers.indexOf(sleeper);
      if (place !== -1) sleepers.splice(place, 1);
    };
  };

  return {
    now: () => now + elapsedMs,
    monotonicMs: () => elapsedMs,
    get sleepers() {
      return sleepers.length;
    },
    get nextInMs() {
      const next = sleepers[0];
      return next === undefined ? undefined : next.until - elapsedMs;
    },
    advance(ms) {
      elapsedMs += ms;
      const firstLater = sleepers.findIndex(({ until }) => until > elapsedMs);
      const due = sleepers.splice(0, firstLater === -1 ? sleepers.length : firstLater);
      for (const sleeper of due) sleeper.wake();
    },
    after,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(new AbortedError(signal.reason));
        const onAbort = () => {
          callOff();
          reject(new AbortedError(signal.reason));
        };
        const callOff = after(ms, () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        });
        signal.addEventListener('abort', onAbort, { once: true });
      });
    },
  };
}
