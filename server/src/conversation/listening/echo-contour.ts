import { BANDS, HOP_MS } from './echo-spectrum.ts';

/** How far back the mean reaches that a band is held against. */
const MEAN_MS = 600;
const STEP = HOP_MS / MEAN_MS;
/** Quieter than this is as good as silent, so that a step out of digital silence doesn't outweigh all else. */
const FLOOR_DB = -65;
const MOST_DB = 12;

/**
 * How each band moves against its own mean. The same filter for what was played and for what is heard: a loudspeaker's colour
 * and volume fall out, and the two can be correlated.
 */
export interface Contour {
  /** Writes the next hop's contour. Levels below the floor of a band count as that floor. */
  next(
    levels: Float32Array,
    levelsAt: number,
    floors: Float32Array | null,
    to: Float32Array,
    toAt: number,
  ): void;
  reset(): void;
}

export function createContour(): Contour {
  const means = new Float32Array(BANDS);
  let isFirst = true;
  return {
    next(levels, levelsAt, floors, to, toAt) {
      for (let band = 0; band < BANDS; band++) {
        const floor = floors === null ? FLOOR_DB : floors[band]!;
        const level = Math.max(levels[levelsAt + band]!, floor);
        if (isFirst) means[band] = level;
        const above = level - means[band]!;
        means[band]! += STEP * above;
        to[toAt + band] = Math.max(-MOST_DB, Math.min(MOST_DB, above));
      }
      isFirst = false;
    },
    reset() {
      isFirst = true;
    },
  };
}
