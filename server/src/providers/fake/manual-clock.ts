import { AbortedError } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';

/** A clock that stands still until it is told how much time has passed. */
export interface ManualClock extends Clock {
  /** Lets `ms` pass and wakes those who slept until then, in order. */
  advance(ms: number): void;
  /** Resolves when `ms` have passed on this clock. @throws {AbortedError} when `signal` aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** How many sleep now. */
  readonly sleepers: number;
}

/** Starts at `now`, in milliseconds since the Unix epoch. */
export function createManualClock(now = Date.UTC(2026, 0, 1)): ManualClock {
  let elapsedMs = 0;
  let sleepers: { readonly until: number; wake(): void }[] = [];
  return {
    now: () => now + elapsedMs,
    monotonicMs: () => elapsedMs,
    get sleepers() {
      return sleepers.length;
    },
    advance(ms) {
      elapsedMs += ms;
      const due = sleepers.filter(({ until }) => until <= elapsedMs).sort((a, b) => a.until - b.until);
      sleepers = sleepers.filter(({ until }) => until > elapsedMs);
      for (const sleeper of due) sleeper.wake();
    },
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(new AbortedError(signal.reason));
        const onAbort = () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(new AbortedError(signal.reason));
        };
        const sleeper = {
          until: elapsedMs + ms,
          wake: () => {
            signal.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        signal.addEventListener('abort', onAbort, { once: true });
        sleepers.push(sleeper);
      });
    },
  };
}
