import { AbortedError } from '../../lib/abort.ts';
import type { ManualClock } from '../../providers/fake/manual-clock.ts';

export interface SimulatedLineOptions {
  readonly clock: ManualClock;
  /** One way. */
  readonly latencyMs: number;
  /** So much more, at most. */
  readonly jitterMs: number;
  readonly random: () => number;
}

/** One direction of a connection: late, and in order. */
export interface SimulatedLine {
  /** Does it at the other end. */
  carry(act: () => void): void;
  /** Nothing arrives for so long; then all of it does. */
  pause(ms: number): void;
  /** Resolves while little is on its way. @throws {AbortedError} when `signal` aborts. */
  room(signal: AbortSignal): Promise<void>;
  /** The most that was ever on its way at once. */
  readonly mostOnTheWay: number;
}

/** Pieces on the way beyond which a sender has to wait. */
const ROOM = 64;
const LOOK_AGAIN_MS = 20;

export function createLine({ clock, latencyMs, jitterMs, random }: SimulatedLineOptions): SimulatedLine {
  let lastAtMs = 0;
  let onTheWay = 0;
  let mostOnTheWay = 0;
  return {
    carry(act) {
      const dueMs = clock.monotonicMs() + latencyMs + jitterMs * random();
      lastAtMs = Math.max(lastAtMs, dueMs);
      onTheWay++;
      mostOnTheWay = Math.max(mostOnTheWay, onTheWay);
      clock.after(lastAtMs - clock.monotonicMs(), () => {
        onTheWay--;
        act();
      });
    },
    pause(ms) {
      lastAtMs = Math.max(lastAtMs, clock.monotonicMs() + ms);
    },
    async room(signal) {
      if (signal.aborted) throw new AbortedError(signal.reason);
      const isFull = () => onTheWay >= ROOM;
      while (isFull()) await clock.sleep(LOOK_AGAIN_MS, signal);
    },
    get mostOnTheWay() {
      return mostOnTheWay;
    },
  };
}
