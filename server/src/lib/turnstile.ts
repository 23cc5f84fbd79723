import { AbortedError } from './abort.ts';
import { QueueFullError } from './bounded-queue.ts';
import type { Deferred } from './deferred.ts';
import { waitInLine } from './wait-in-line.ts';

export interface TurnstileOptions {
  /** How many may be inside at once, asked whenever someone may go in; one may always. */
  readonly places: () => number;
  /** How many may wait outside. */
  readonly maxWaiting: number;
}

/** Lets a few in at once and the others wait, in order; the urgent ones before the rest, but never for long at its cost. */
export interface Turnstile {
  /**
   * Waits for a place. What it gives leaves the place, once; call it in `finally`.
   *
   * @throws {QueueFullError} when too many wait; {@link AbortedError} when `signal` aborts, also in the moment of its turn.
   */
  enter(signal: AbortSignal, options?: { readonly urgent?: boolean }): Promise<() => void>;
  /** How many wait now. */
  readonly waiting: number;
  /** How many are inside. */
  readonly inside: number;
}

/** After so many urgent ones in a row, one of the others goes in. */
const URGENT_IN_ROW = 3;

export function createTurnstile({ places, maxWaiting }: TurnstileOptions): Turnstile {
  const urgent: Deferred<void>[] = [];
  const ordinary: Deferred<void>[] = [];
  let inside = 0;
  let urgentInRow = 0;

  const hasRoom = () => inside < Math.max(1, places());
  const waiting = () => urgent.length + ordinary.length;
  const next = (): Deferred<void> | undefined => {
    const isUrgent = urgent.length > 0 && (ordinary.length === 0 || urgentInRow < URGENT_IN_ROW);
    urgentInRow = isUrgent ? urgentInRow + 1 : 0;
    return isUrgent ? urgent.shift() : ordinary.shift();
  };
  const admit = (): void => {
    while (waiting() > 0 && hasRoom()) {
      inside++;
      next()!.resolve();
    }
  };
  const leaving = (): (() => void) => {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      inside--;
      admit();
    };
  };

  return {
    get waiting() {
      return waiting();
    },
    get inside() {
      return inside;
    },
    async enter(signal, options = {}) {
      if (signal.aborted) throw new AbortedError(signal.reason);
      if (waiting() === 0 && hasRoom()) {
        inside++;
        return leaving();
      }
      if (waiting() >= maxWaiting) throw new QueueFullError(maxWaiting);
      await waitInLine(options.urgent === true ? urgent : ordinary, signal);
      const leave = leaving();
      if (!signal.aborted) return leave;
      leave();
      throw new AbortedError(signal.reason);
    },
  };
}
