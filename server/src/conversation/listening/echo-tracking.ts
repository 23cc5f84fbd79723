import { LEAST_LAG, MOST_LAG, type DelayFinder } from './echo-delay.ts';

/** Likeness that makes a first delay at once; less is enough once it is enough to be sure. */
const FOUND = 0.6;
const FOUND_MOVEMENT = 3_000;
/** What a delay that is known is given up for: far more alike, for longer. */
const MOVED = 0.5;
const MOVED_BY = 0.15;
const MOVED_MOVEMENT = 10_000;
/** What a delay that is not yet sure is given up for. */
const CORRECTED_BY = 0.06;
/** From here on the delay is sure to a hop. */
const SURE = 0.45;
const SURE_MOVEMENT = 8_000;
/** How far and for how little a sure delay follows clocks that drift apart. */
const NEAR_HOPS = 6;
const TRACKED_MOVEMENT = 15_000;
const TRACKED_BY = 0.03;
const SURE_SLACK_HOPS = 1;

/** The delay between what is sent and its echo, found and followed. */
export interface DelayTracker {
  /** In hops; null until an echo was heard. */
  delay(): number | null;
  /** How far off the delay may be, in hops. */
  slack(): number;
  /**
   * Looks again after a hop. True when the delay is another one than before, drift aside.
   *
   * @param fits Asked of a first delay before it is taken: false where something speaks against it.
   */
  follow(finder: DelayFinder, fits: (lag: number) => boolean): boolean;
  /** Takes a delay that was found otherwise. */
  take(lag: number): void;
  /** A new run of sound plays: what the server knows of its time is off by something else. */
  loosen(): void;
}

export function createDelayTracker(): DelayTracker {
  let delay: number | null = null;
  let isSure = false;

  const nearby = (finder: DelayFinder, lag: number) => finder.best(lag - NEAR_HOPS, lag + NEAR_HOPS);

  const followUnsure = (finder: DelayFinder, known: number, best: number): boolean => {
    const local = nearby(finder, known);
    const far =
      finder.likeness(best) > MOVED &&
      finder.movement(best) > FOUND_MOVEMENT * 2 &&
      finder.likeness(best) > finder.likeness(local) + CORRECTED_BY;
    const next = far ? best : local;
    if (isSureOf(finder, next)) isSure = true;
    if (far || isSure) delay = next;
    return far;
  };

  const followSure = (finder: DelayFinder, known: number, best: number): boolean => {
    const local = nearby(finder, known);
    if (
      finder.likeness(best) > MOVED &&
      finder.movement(best) > MOVED_MOVEMENT &&
      finder.likeness(best) > finder.likeness(local) + MOVED_BY
    ) {
      delay = best;
      return true;
    }
    if (
      finder.movement(local) > TRACKED_MOVEMENT &&
      finder.likeness(local) > SURE &&
      finder.likeness(local) > finder.likeness(known) + TRACKED_BY
    ) {
      delay = known + Math.sign(local - known);
    }
    return false;
  };

  return {
    delay: () => delay,
    slack: () => (isSure ? SURE_SLACK_HOPS : NEAR_HOPS),
    follow(finder, fits) {
      const best = finder.best(LEAST_LAG, MOST_LAG);
      if (delay !== null) return (isSure ? followSure : followUnsure)(finder, delay, best);
      const atOnce = finder.likeness(best) > FOUND && finder.movement(best) > FOUND_MOVEMENT;
      if ((!atOnce && !isSureOf(finder, best)) || !fits(best)) return false;
      delay = best;
      return true;
    },
    take(lag) {
      delay = lag;
      isSure = true;
    },
    loosen() {
      isSure = false;
    },
  };
}

function isSureOf(finder: DelayFinder, lag: number): boolean {
  return finder.likeness(lag) > SURE && finder.movement(lag) > SURE_MOVEMENT;
}
