/**
 * True peak by four-fold oversampling, as Recommendation ITU-R BS.1770-4, Annex 2 describes it: a peak between two samples can
 * lie above both. The interpolator is a Kaiser-windowed sinc of 16 taps a phase (the annex' own has 12).
 */

const OVERSAMPLING = 4;
const TAPS = 16;
/** Between samples sound rises above them by less than a factor of 2 in practice; quieter stretches need no look. */
export const WORTH_A_LOOK = 0.5;
const LOOK_AHEAD_MS = 12;

const interpolator = makeInterpolator();

function makeInterpolator(): readonly Float64Array[] {
  return Array.from({ length: OVERSAMPLING - 1 }, (_, index) => {
    const phase = (index + 1) / OVERSAMPLING;
    const taps = Float64Array.from({ length: TAPS }, (_, tap) => {
      const time = tap - (TAPS / 2 - 1) - phase;
      // A Blackman window: its side lobes are far below what a peak reading can show.
      const angle = (Math.PI * time) / (TAPS / 2);
      const window = 0.42 + 0.5 * Math.cos(angle) + 0.08 * Math.cos(2 * angle);
      return (Math.sin(Math.PI * time) / (Math.PI * time)) * window;
    });
    const sum = taps.reduce((total, tap) => total + tap, 0);
    return taps.map((tap) => tap / sum);
  });
}

/** The largest magnitude of the sound, between samples too. */
export function truePeak(samples: Float32Array): number {
  let samplePeak = 0;
  for (const sample of samples) samplePeak = Math.max(samplePeak, Math.abs(sample));
  let peak = samplePeak;
  for (let at = 0; at < samples.length; at++)
    peak = Math.max(peak, peakAfter(samples, at, samplePeak * WORTH_A_LOOK));
  return peak;
}

/** Samples around the one asked for that {@link peakAfter} looks at. */
export const PEAK_REACH = { before: TAPS / 2 - 1, after: TAPS / 2 } as const;

/** The largest magnitude from sample `at` up to the next one; only the samples' own where both are below `floor`. */
export function peakAfter(samples: Float32Array, at: number, floor: number): number {
  const own = Math.abs(samples[at]!);
  if (own < floor && Math.abs(samples[at + 1] ?? 0) < floor) return own;
  let peak = own;
  const from = at - PEAK_REACH.before;
  for (const taps of interpolator) {
    let sum = 0;
    for (let tap = 0; tap < TAPS; tap++) sum += taps[tap]! * (samples[from + tap] ?? 0);
    peak = Math.max(peak, Math.abs(sum));
  }
  return peak;
}

/**
 * Turns down what would rise above `ceiling` (an amplitude), smoothly and ahead of it, and leaves the rest alone: the least gain
 * within the look-ahead, averaged over the same stretch, is never more than any peak in it allows.
 */
export function limitPeaks(samples: Float32Array, sampleRate: number, ceiling: number): Float32Array {
  const length = samples.length;
  const allowed = new Float32Array(length).fill(1);
  let limits = false;
  for (let at = 0; at < length; at++) {
    const peak = peakAfter(samples, at, ceiling * WORTH_A_LOOK);
    if (peak <= ceiling) continue;
    limits = true;
    const gain = ceiling / peak;
    allowed[at] = Math.min(allowed[at]!, gain);
    if (at + 1 < length) allowed[at + 1] = gain;
  }
  if (!limits) return samples;
  const reach = Math.max(1, Math.round((sampleRate * LOOK_AHEAD_MS) / 1000));
  const gains = movingAverage(movingMinimum(allowed, reach), reach);
  const limited = new Float32Array(length);
  for (let at = 0; at < length; at++) limited[at] = samples[at]! * gains[at]!;
  // A gain that moves can lift a peak between samples by a hair.
  const over = truePeak(limited) / ceiling;
  return over > 1 ? limited.map((sample) => sample / over) : limited;
}

/** The least value within `reach` on both sides, in linear time (a queue of rising values). */
function movingMinimum(values: Float32Array, reach: number): Float32Array {
  const length = values.length;
  const minima = new Float32Array(length);
  const queue = new Int32Array(length);
  let head = 0;
  let tail = 0;
  for (let at = 0; at < length + reach; at++) {
    if (at < length) {
      while (tail > head && values[queue[tail - 1]!]! >= values[at]!) tail--;
      queue[tail++] = at;
    }
    const middle = at - reach;
    if (middle < 0) continue;
    while (queue[head]! < middle - reach) head++;
    minima[middle] = values[queue[head]!]!;
  }
  return minima;
}

/** The mean within `reach` on both sides; the ends stand for what lies beyond them. */
function movingAverage(values: Float32Array, reach: number): Float64Array {
  const length = values.length;
  const at = (index: number) => values[Math.max(0, Math.min(length - 1, index))]!;
  const averages = new Float64Array(length);
  let sum = 0;
  for (let index = -reach; index <= reach; index++) sum += at(index);
  for (let index = 0; index < length; index++) {
    averages[index] = sum / (2 * reach + 1);
    sum += at(index + reach + 1) - at(index - reach);
  }
  return averages;
}
