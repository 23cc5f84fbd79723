import { createFourier } from '../../audio/fourier.ts';
import { createMelFilters } from './mel-filters.ts';

/** Bands and frames of {@link LogMel}, in the order in which the model wants them. */
export const MEL_BANDS = 80;
export const MEL_FRAMES = 800;
const SAMPLE_RATE = 16_000;
/** A frame begins every 10 ms and has 25 ms. */
const HOP = 160;
const POINTS = 400;
/** What one question is about: 8 s. */
export const WINDOW_SAMPLES = MEL_FRAMES * HOP;

/** Against a division by nothing where there is only silence. */
const VARIANCE_FLOOR = 1e-7;
const POWER_FLOOR = 1e-10;
/** What is this much quieter than the loudest counts as that: 80 dB, in tenfolds of power. */
const RANGE = 8;

/**
 * Turns sound into what Whisper's encoder reads of it: the logarithm of {@link MEL_BANDS} mel bands in {@link MEL_FRAMES} frames,
 * band by band, of the last 8 s at 16,000 Hz; shorter sound stands at the end, behind silence.
 */
export type LogMel = (samples: Float32Array) => Float32Array<ArrayBuffer>;

/** Prepares tables and working memory, which the calls share. */
export function createLogMel(): LogMel {
  const fourier = createFourier(POINTS);
  const filters = createMelFilters({ bands: MEL_BANDS, points: POINTS, sampleRate: SAMPLE_RATE });
  const hann = Float64Array.from(
    { length: POINTS },
    (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / POINTS),
  );
  /** Half a frame of mirrored sound at each end, so that frames are centred. */
  const sound = new Float64Array(WINDOW_SAMPLES + POINTS);
  const real = new Float64Array(POINTS);
  const imaginary = new Float64Array(POINTS);
  const power = new Float64Array(POINTS / 2 + 1);

  function bandsOf(features: Float32Array, frame: number): void {
    for (const [band, { first, weights }] of filters.entries()) {
      let sum = 0;
      for (let at = 0; at < weights.length; at++) sum += weights[at]! * power[first + at]!;
      features[band * MEL_FRAMES + frame] = Math.log10(Math.max(POWER_FLOOR, sum));
    }
  }

  /** Two frames of real sound fit into one transform, one as its real and one as its imaginary part. */
  function twoFrames(features: Float32Array, frame: number): void {
    const start = frame * HOP;
    for (let at = 0; at < POINTS; at++) {
      real[at] = sound[start + at]! * hann[at]!;
      imaginary[at] = sound[start + HOP + at]! * hann[at]!;
    }
    fourier.transform(real, imaginary);
    for (let bin = 0; bin <= POINTS / 2; bin++) {
      const mirrored = (POINTS - bin) % POINTS;
      const evenReal = (real[bin]! + real[mirrored]!) / 2;
      const oddImaginary = (imaginary[bin]! - imaginary[mirrored]!) / 2;
      power[bin] = evenReal * evenReal + oddImaginary * oddImaginary;
    }
    bandsOf(features, frame);
    for (let bin = 0; bin <= POINTS / 2; bin++) {
      const mirrored = (POINTS - bin) % POINTS;
      const evenImaginary = (imaginary[bin]! + imaginary[mirrored]!) / 2;
      const oddReal = (real[mirrored]! - real[bin]!) / 2;
      power[bin] = evenImaginary * evenImaginary + oddReal * oddReal;
    }
    bandsOf(features, frame + 1);
  }

  return (samples) => {
    const silence = spread(samples.subarray(-WINDOW_SAMPLES), sound);
    const features = new Float32Array(MEL_BANDS * MEL_FRAMES);
    // Frames of nothing but the silence in front are all alike; pairs begin at even frames.
    const silentFrames = 2 * Math.max(0, Math.floor((silence - POINTS / 2) / HOP / 2));
    for (let frame = silentFrames >= 2 ? silentFrames - 2 : 0; frame < MEL_FRAMES; frame += 2)
      twoFrames(features, frame);
    if (silentFrames >= 2) {
      for (let start = 0; start < features.length; start += MEL_FRAMES)
        features.fill(features[start + silentFrames - 1]!, start, start + silentFrames - 2);
    }
    return scaled(features);
  };
}

/**
 * Writes `samples`, behind silence and brought to mean 0 and variance 1 together with it, into `sound`, mirrored at its ends. Answers
 * how many samples of silence there are.
 */
function spread(samples: Float32Array, sound: Float64Array): number {
  const silence = WINDOW_SAMPLES - samples.length;
  let sum = 0;
  for (const sample of samples) sum += sample;
  const mean = sum / WINDOW_SAMPLES;
  let squares = silence * mean * mean;
  for (const sample of samples) squares += (sample - mean) ** 2;
  const scale = 1 / Math.sqrt(squares / WINDOW_SAMPLES + VARIANCE_FLOOR);
  const half = POINTS / 2;
  sound.fill(-mean * scale, half, half + silence);
  for (let at = 0; at < samples.length; at++) sound[half + silence + at] = (samples[at]! - mean) * scale;
  const last = half + WINDOW_SAMPLES - 1;
  for (let at = 1; at <= half; at++) {
    sound[half - at] = sound[half + at]!;
    sound[last + at] = sound[last - at]!;
  }
  return silence;
}

function scaled(features: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  let loudest = -Infinity;
  for (const value of features) if (value > loudest) loudest = value;
  for (let at = 0; at < features.length; at++)
    features[at] = (Math.max(features[at]!, loudest - RANGE) + 4) / 4;
  return features;
}
