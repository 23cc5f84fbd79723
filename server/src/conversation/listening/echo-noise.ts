import { BANDS } from './echo-spectrum.ts';

/** Steady sound of the room, band by band. */
export interface NoiseFloor {
  /** In dB, a little above the mean of what is always there. */
  readonly levels: Float32Array;
  hear(levels: Float32Array): void;
}

/** The quietest that the first hop may be taken for steady noise: a person may be speaking in it. */
const HIGHEST_FIRST_DB = -45;
const LOWEST_DB = -90;
/** Short means of noise dip below its mean. */
const DIP_DB = 3;
const SMOOTHING = 0.25;
const FALL = 0.3;
/** 3 dB a second. */
const RISE_DB = 0.05;

export function createNoiseFloor(): NoiseFloor {
  const levels = new Float32Array(BANDS);
  const means = new Float32Array(BANDS);
  let isFirst = true;
  return {
    levels,
    hear(heard) {
      for (let band = 0; band < BANDS; band++) {
        const level = Math.max(heard[band]!, LOWEST_DB);
        if (isFirst) {
          means[band] = level;
          levels[band] = Math.min(level + DIP_DB, HIGHEST_FIRST_DB);
          continue;
        }
        means[band]! += SMOOTHING * (level - means[band]!);
        const below = means[band]! + DIP_DB - levels[band]!;
        levels[band]! += below < 0 ? FALL * below : RISE_DB;
      }
      isFirst = false;
    },
  };
}
