import type { PlayedSound } from './echo-reference.ts';
import { BANDS, HOP_MS } from './echo-spectrum.ts';

/** The shortest delay that is looked for, in hops: a server may mean a sound to play later than it does. */
export const LEAST_LAG = -4;
/** The longest: 896 ms. */
export const MOST_LAG = 56;
const LAGS = MOST_LAG - LEAST_LAG + 1;
/** How far back the comparison reaches. */
const MEMORY_MS = 900;
const KEEP = 1 - HOP_MS / MEMORY_MS;

/** How well what is heard follows what was played, for every delay. */
export interface DelayFinder {
  /** Takes the contour of what was heard in a hop. */
  step(heard: Float32Array, played: PlayedSound, hop: number): void;
  /** -1..1: how alike the two were in the last second at this delay, in hops; 0 with too little to compare. */
  likeness(lag: number): number;
  /** How much there was to compare, in dB² summed over bands: some 500 a hop of speech. */
  movement(lag: number): number;
  /** The delay between two bounds, both included, at which they are most alike. */
  best(from: number, to: number): number;
  /** Forgets what was compared. */
  reset(): void;
}

/** Below so much movement nothing is alike. */
const LEAST_MOVEMENT = 2_000;

export function createDelayFinder(): DelayFinder {
  const products = new Float64Array(LAGS);
  const playedSquares = new Float64Array(LAGS);
  let heardSquares = 0;

  const movement = (lag: number) => Math.min(playedSquares[lag - LEAST_LAG] ?? 0, heardSquares);
  const likeness = (lag: number) => {
    if (movement(lag) < LEAST_MOVEMENT) return 0;
    const index = lag - LEAST_LAG;
    return products[index]! / Math.sqrt(playedSquares[index]! * heardSquares);
  };

  return {
    likeness,
    movement,
    step(heard, { at, contours, squares }, hop) {
      let square = 0;
      for (let band = 0; band < BANDS; band++) square += heard[band]! * heard[band]!;
      heardSquares = heardSquares * KEEP + square;
      for (let index = 0; index < LAGS; index++) {
        const row = at(hop - index - LEAST_LAG);
        let product = 0;
        for (let band = 0; band < BANDS; band++) product += heard[band]! * contours[row + band]!;
        products[index] = products[index]! * KEEP + product;
        playedSquares[index] = playedSquares[index]! * KEEP + squares[row / BANDS]!;
      }
    },
    best(from, to) {
      let lag = Math.max(from, LEAST_LAG);
      let most = likeness(lag);
      for (let other = lag + 1; other <= Math.min(to, MOST_LAG); other++) {
        const found = likeness(other);
        if (found <= most) continue;
        lag = other;
        most = found;
      }
      return lag;
    },
    reset() {
      products.fill(0);
      playedSquares.fill(0);
      heardSquares = 0;
    },
  };
}
