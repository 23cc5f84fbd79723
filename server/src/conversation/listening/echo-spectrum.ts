import { createFourier } from '../../audio/fourier.ts';

/** Bands that sound is compared in, evenly spaced for the ear between 150 and 7,000 Hz. */
export const BANDS = 16;
/** How far the spectra lie apart. */
export const HOP_MS = 16;
/** The most sound that one spectrum is made of. */
const WINDOW_MS = 32;
const LOWEST_HERTZ = 150;
const HIGHEST_HERTZ = 7_000;
/** What digital silence measures. */
export const SILENT_DB = -100;
const SILENT_POWER = 1e-10;

/** Measures short stretches of sound, of one sample rate. */
export interface BandSpectrum {
  /** How many samples one measurement takes: a power of two, 16 to 32 ms. */
  readonly windowSamples: number;
  /** Writes the level of each band to `levels` from `levelsAt` on, in dB below full scale; bands above the rate's reach are silent. */
  measure(samples: Float32Array, from: number, levels: Float32Array, levelsAt: number): void;
}

const spectra = new Map<number, BandSpectrum>();
const MAX_SPECTRA = 8;

/** The measurement for a sample rate. It is the same for all who ask: it keeps nothing between two calls. */
export function bandSpectrum(sampleRate: number): BandSpectrum {
  const known = spectra.get(sampleRate);
  if (known !== undefined) return known;
  const made = createBandSpectrum(sampleRate);
  if (spectra.size >= MAX_SPECTRA) spectra.delete(spectra.keys().next().value!);
  spectra.set(sampleRate, made);
  return made;
}

function createBandSpectrum(sampleRate: number): BandSpectrum {
  const size = 2 ** Math.max(2, Math.floor(Math.log2((sampleRate * WINDOW_MS) / 1000)));
  const half = size / 2;
  const window = Float64Array.from(
    { length: size },
    (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (at + 0.5)) / size),
  );
  const windowPower = window.reduce((sum, value) => sum + value * value, 0);
  const edges = bandEdges(sampleRate, size);
  const fourier = createFourier(half);
  const real = new Float64Array(half);
  const imaginary = new Float64Array(half);
  const scale = 2 / (size * windowPower);
  const cosines = Float64Array.from({ length: half }, (_, bin) => Math.cos((2 * Math.PI * bin) / size));
  const sines = Float64Array.from({ length: half }, (_, bin) => -Math.sin((2 * Math.PI * bin) / size));

  /** Power of one bin of the real sound, out of the transform of its pairs of samples. */
  const binPower = (bin: number): number => {
    const mirror = half - bin;
    const evenReal = (real[bin]! + real[mirror]!) / 2;
    const evenImaginary = (imaginary[bin]! - imaginary[mirror]!) / 2;
    const oddReal = (imaginary[bin]! + imaginary[mirror]!) / 2;
    const oddImaginary = (real[mirror]! - real[bin]!) / 2;
    const turnReal = cosines[bin]!;
    const turnImaginary = sines[bin]!;
    const wholeReal = evenReal + turnReal * oddReal - turnImaginary * oddImaginary;
    const wholeImaginary = evenImaginary + turnReal * oddImaginary + turnImaginary * oddReal;
    return wholeReal * wholeReal + wholeImaginary * wholeImaginary;
  };

  return {
    windowSamples: size,
    measure(samples, from, levels, levelsAt) {
      // Two real samples are one complex number of the transform.
      for (let pair = 0, at = 0; pair < half; pair++, at += 2) {
        real[pair] = samples[from + at]! * window[at]!;
        imaginary[pair] = samples[from + at + 1]! * window[at + 1]!;
      }
      fourier.transform(real, imaginary);
      for (let band = 0; band < BANDS; band++) {
        let power = 0;
        for (let bin = edges[band]!; bin < edges[band + 1]!; bin++) power += binPower(bin);
        levels[levelsAt + band] = 10 * Math.log10(power * scale + SILENT_POWER);
      }
    },
  };
}

/** First bin of each band, and the end of the last; on the mel scale. */
function bandEdges(sampleRate: number, size: number): Int32Array {
  const lowest = toMel(LOWEST_HERTZ);
  const step = (toMel(HIGHEST_HERTZ) - lowest) / BANDS;
  return Int32Array.from({ length: BANDS + 1 }, (_, edge) => {
    const bin = Math.round((fromMel(lowest + edge * step) * size) / sampleRate);
    return Math.max(1, Math.min(size / 2, bin));
  });
}

function toMel(hertz: number): number {
  return 2595 * Math.log10(1 + hertz / 700);
}

function fromMel(mel: number): number {
  return 700 * (10 ** (mel / 2595) - 1);
}
