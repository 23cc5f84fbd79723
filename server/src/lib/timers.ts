import { AbortedError, TimeoutError } from './abort.ts';
import type { Clock } from './clock.ts';

/** Where waiting ends by time. Handed in, so that tests decide how quickly it passes. */
export interface Timers {
  /** Runs `wake` once when `ms` have passed. Calling what it returns calls that off. */
  after(ms: number, wake: () => void): () => void;
  /**
   * Milliseconds, from any start, in which this process could not run while somebody waited here: time that whoever was waited
   * for did not take. Only timers that can tell have it.
   */
  heldUpMs?(): number;
}

/** How often it is looked whether this process runs, while somebody waits. */
const BEAT_MS = 20;
/** A timer that is so much late is late. */
const PUNCTUAL_MS = 5;
/** Rounds of the event loop in which what came while this process was held up is read and handed on. */
const GRACE_ROUNDS = 3;

/**
 * The timers of the system. One that fires late, because this process had other work or the machine was busy, lets the event
 * loop go round a few times more: answers that came meanwhile lie unread, and whoever gave them was in time.
 */
export function createSystemTimers(): Timers {
  let waiting = 0;
  let heldUpMs = 0;
  let lookedAt = 0;
  let beat: NodeJS.Timeout | undefined;

  const look = () => {
    if (waiting === 0) return;
    const now = performance.now();
    const lateMs = now - lookedAt - BEAT_MS;
    if (lateMs > PUNCTUAL_MS) heldUpMs += lateMs;
    if (lateMs >= -PUNCTUAL_MS) lookedAt = now;
  };
  const enter = () => {
    look();
    if (waiting++ > 0) return;
    lookedAt = performance.now();
    beat = setInterval(look, BEAT_MS).unref();
  };
  const leave = () => {
    look();
    if (--waiting === 0) clearInterval(beat);
  };

  return {
    after(ms, wake) {
      enter();
      let isOver = false;
      const end = () => {
        if (isOver) return;
        isOver = true;
        clearTimeout(timer);
        leave();
      };
      const wakeAfter = (rounds: number) => {
        if (isOver) return;
        if (rounds > 0) {
          setImmediate(wakeAfter, rounds - 1);
          return;
        }
        end();
        wake();
      };
      const due = performance.now() + ms;
      const timer = setTimeout(() => wakeAfter(performance.now() - due > PUNCTUAL_MS ? GRACE_ROUNDS : 0), ms);
      return end;
    },
    heldUpMs() {
      look();
      return heldUpMs;
    },
  };
}

export const systemTimers: Timers = createSystemTimers();

/** Begins to measure how long others keep us waiting: milliseconds so far, without those in which this process was held up. */
export function startWaiting(clock: Clock, timers: Timers): () => number {
  const startedMs = clock.monotonicMs();
  const heldUpBefore = timers.heldUpMs?.() ?? 0;
  return () => {
    const heldUpMs = (timers.heldUpMs?.() ?? 0) - heldUpBefore;
    return Math.max(0, clock.monotonicMs() - startedMs - heldUpMs);
  };
}

export interface Patience {
  /** Milliseconds. */
  readonly limitMs: number;
  readonly timers: Timers;
  readonly signal: AbortSignal;
}

/**
 * Waits for `work`, and no longer than its limit by our own clock, whatever `work` does about its signal. Leaves no timer and no
 * listener.
 *
 * @throws {TimeoutError} at the limit; {@link AbortedError} when `signal` aborts first.
 */
export function within<T>(work: Promise<T>, { limitMs, timers, signal }: Patience): Promise<T> {
  return new Promise((resolve, reject) => {
    let isSettled = false;
    const settle = (end: () => void) => {
      if (isSettled) return;
      isSettled = true;
      callOff();
      signal.removeEventListener('abort', onAbort);
      end();
    };
    const onAbort = () => settle(() => reject(new AbortedError(signal.reason)));
    const callOff = timers.after(limitMs, () => settle(() => reject(new TimeoutError(limitMs))));
    work.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
