/** Below this peak there is nothing to hear: -60 dBFS. */
const SILENCE_PEAK = 0.001;
/** Peaks that the demo ear was trained on lie between -18 and 0 dBFS. */
const LOWEST_TRAINED_PEAK = 0.126;
/** Where quiet sound is brought: -12 dBFS, so that scaled-up noise stays below what the model mistakes for speech. */
const TARGET_PEAK = 0.25;

/**
 * Sound at a level that the demo ear was trained on: quiet sound scaled up, overdriven sound scaled down, the rest as it is
 * (the same array). Undefined when it is silent.
 *
 * @throws {RangeError} for a sample that is not a finite number.
 */
export function atTrainedLevel(samples: Float32Array): Float32Array | undefined {
  return atLevel(samples, LOWEST_TRAINED_PEAK);
}

/**
 * Sound as it is (the same array), or scaled down where it is overdriven. Undefined when it is silent. For models that were
 * trained on all levels.
 *
 * @throws {RangeError} for a sample that is not a finite number.
 */
export function withinRange(samples: Float32Array): Float32Array | undefined {
  return atLevel(samples, SILENCE_PEAK);
}

function atLevel(samples: Float32Array, lowestPeak: number): Float32Array | undefined {
  const peak = peakOf(samples);
  if (!Number.isFinite(peak)) throw new RangeError('A sample is not a finite number.');
  if (peak < SILENCE_PEAK) return undefined;
  if (peak >= lowestPeak && peak <= 1) return samples;
  const gain = (peak > 1 ? 1 : TARGET_PEAK) / peak;
  return samples.map((sample) => sample * gain);
}

/** NaN or infinite where a sample is. */
function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (const sample of samples) {
    const level = Math.abs(sample);
    if (level > peak) peak = level;
    else if (Number.isNaN(level)) return Number.NaN;
  }
  return peak;
}
