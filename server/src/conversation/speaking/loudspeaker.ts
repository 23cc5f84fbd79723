import type { Clock } from '../../lib/clock.ts';

/**
 * How far a loudspeaker elsewhere is in all the sound that was sent to it: one line of milliseconds over all sounds. It plays
 * without a pause what it has, and no quicker than time goes by. What it tells of itself counts; where it tells nothing, the clock.
 */
export interface Loudspeaker {
  /** The end of the line. */
  readonly sentMs: number;
  sent(ms: number): void;
  /** It says that it has played up to this place. What can't be is ignored. True when it is further than was known. */
  told(placeMs: number): boolean;
  /** The place that it told last, or where it began to play since. */
  readonly toldMs: number;
  /** What it has said beyond doubt: its own word and little more. */
  heardMs(): number;
  /** Where it is, as far as anybody can tell; a loudspeaker that says nothing is believed to play. */
  playedMs(): number;
  /** When `playedMs` will be at this place, if nothing more is told; in the time of the clock. At once where it is already. */
  reachesAtMs(placeMs: number): number;
  /** Stops it: what it has not played it never will. */
  clear(): void;
}

/** Beyond its own word the loudspeaker is taken to have played so much more at most. */
export const UNTOLD_MS = 400;
/** A loudspeaker that should play and says nothing for so long is believed to play. */
const SILENT_MS = 1_000;
/** The same for one that says again and again that it is where it was. */
const STUCK_MS = 3_000;
/** It can't be further ahead of the clock; what clocks differ by is less. */
export const AHEAD_OF_CLOCK_MS = 150;
/** Rounding on the way. */
const SAME_PLACE_MS = 1;

export function createLoudspeaker(clock: Clock): Loudspeaker {
  let sentMs = 0;
  /** When all of it has been played, by the clock alone. */
  let endsAtMs = Number.NEGATIVE_INFINITY;
  /** Since when it plays without a pause. */
  let runsSinceMs = 0;
  let toldMs = 0;
  let toldAtMs = Number.NEGATIVE_INFINITY;
  let movedAtMs = Number.NEGATIVE_INFINITY;
  let hasTold = false;

  const byClock = (now: number) => sentMs - Math.max(0, endsAtMs - now);
  const isAfter = (atMs: number) => Math.max(atMs, runsSinceMs);
  /** From when on it is believed to play whatever it says. */
  const freeAtMs = () => Math.min(isAfter(toldAtMs) + SILENT_MS, isAfter(movedAtMs) + STUCK_MS);
  const byWord = (now: number) => toldMs + Math.min(now - isAfter(toldAtMs), UNTOLD_MS);

  const playedMs = () => {
    const now = clock.monotonicMs();
    if (!hasTold) return byClock(now);
    const placeMs = now >= freeAtMs() ? toldMs + now - isAfter(movedAtMs) : byWord(now);
    return Math.min(placeMs, byClock(now));
  };
  const isAllPlayed = () => playedMs() >= sentMs - SAME_PLACE_MS;

  return {
    get sentMs() {
      return sentMs;
    },
    get toldMs() {
      return toldMs;
    },
    sent(ms) {
      const now = clock.monotonicMs();
      if (isAllPlayed()) {
        runsSinceMs = now;
        toldMs = sentMs;
      }
      endsAtMs = Math.max(endsAtMs, now) + ms;
      sentMs += ms;
    },
    told(placeMs) {
      const now = clock.monotonicMs();
      if (placeMs < toldMs || placeMs > byClock(now) + AHEAD_OF_CLOCK_MS) return false;
      const isFurther = placeMs > toldMs;
      hasTold = true;
      toldMs = Math.min(placeMs, sentMs);
      toldAtMs = now;
      if (isFurther) movedAtMs = now;
      return isFurther;
    },
    heardMs() {
      const now = clock.monotonicMs();
      if (!hasTold) return byClock(now);
      // It fell silent, and the time for the rest has passed.
      if (now - toldAtMs >= SILENT_MS && isAllPlayed()) return sentMs;
      return Math.min(byWord(now), byClock(now));
    },
    playedMs,
    reachesAtMs(placeMs) {
      const now = clock.monotonicMs();
      const byClockAtMs = endsAtMs - (sentMs - placeMs);
      if (!hasTold) return Math.max(now, byClockAtMs);
      const untoldMs = placeMs - toldMs;
      const byWordAtMs =
        untoldMs <= UNTOLD_MS
          ? isAfter(toldAtMs) + untoldMs
          : Math.max(freeAtMs(), isAfter(movedAtMs) + untoldMs);
      return Math.max(now, byClockAtMs, byWordAtMs);
    },
    clear() {
      endsAtMs = Number.NEGATIVE_INFINITY;
      toldMs = sentMs;
    },
  };
}
