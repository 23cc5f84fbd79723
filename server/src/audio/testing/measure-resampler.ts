/** Measures a resampler against what the sound is by its formula. For tests and benchmarks. */

/** Any resampler: all of `samples`, from one rate to another. */
export type ResampleFunction = (
  samples: Float32Array<ArrayBuffer>,
  fromRate: number,
  toRate: number,
) => Float32Array;

export interface ResamplerFigures {
  /** Tones up to 85% of the lower Nyquist: the worst ratio of tone to everything else, in decibels. */
  readonly toneSnr: number;
  /** The same tones: the largest change of level, in decibels. */
  readonly ripple: number;
  /** A sweep up to 85% of the lower Nyquist, compared sample by sample with the sweep at the new rate, in decibels. */
  readonly sweepSnr: number;
  /** What is left of a sweep from 110% of the new Nyquist up, in decibels; -Infinity where there is nothing up there. */
  readonly stopBand: number;
  /** Milliseconds of work a second of sound, where a clock was given; null otherwise. */
  readonly msPerSecond: number | null;
}

const SECONDS = 1;
const AMPLITUDE = 0.5;
const PASS_SHARES = [0.02, 0.1, 0.25, 0.5, 0.7, 0.85] as const;
const PASS_EDGE = 0.85;
const STOP_EDGE = 1.1;

export function measureResampler(
  resample: ResampleFunction,
  fromRate: number,
  toRate: number,
  nowMs?: () => number,
): ResamplerFigures {
  const nyquist = Math.min(fromRate, toRate) / 2;
  const length = fromRate * SECONDS;
  const made = (sound: Sound) => resample(sampled(sound, length, fromRate), fromRate, toRate);
  const tones = PASS_SHARES.map((share) => {
    const hertz = nyquist * share;
    return fitTone(made(sweep(hertz, hertz)), toRate, hertz);
  });
  const rising = sweep(nyquist * 0.02, nyquist * PASS_EDGE);
  const swept = made(rising);
  const wanted = sampled(rising, swept.length, toRate);
  const highest = fromRate * 0.495;
  const stopEdge = nyquist * STOP_EDGE;
  const above = stopEdge < highest ? made(sweep(stopEdge, highest)) : new Float32Array(0);
  const timed = sampled(rising, length, fromRate);
  const startedMs = nowMs?.() ?? 0;
  if (nowMs !== undefined) resample(timed, fromRate, toRate);
  return {
    toneSnr: Math.min(...tones.map(({ snr }) => snr)),
    ripple: Math.max(...tones.map(({ level }) => Math.abs(level))),
    sweepSnr: decibels(power(wanted) / power(swept.map((sample, at) => sample - wanted[at]!))),
    stopBand: decibels(power(above) / (AMPLITUDE ** 2 / 2)),
    msPerSecond: nowMs === undefined ? null : (nowMs() - startedMs) / SECONDS,
  };
}

/** A value at a time in seconds. */
type Sound = (seconds: number) => number;

/** A sine that rises evenly from one frequency to another over {@link SECONDS}. */
function sweep(fromHertz: number, toHertz: number): Sound {
  const slope = (toHertz - fromHertz) / SECONDS / 2;
  return (seconds) => AMPLITUDE * Math.sin(2 * Math.PI * (fromHertz + slope * seconds) * seconds);
}

function sampled(sound: Sound, length: number, rate: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, (_, at) => sound(at / rate));
}

/** Its middle: at the ends a resampler has to guess what lies beyond. */
function middleOf(samples: Float32Array): readonly [from: number, to: number] {
  return [samples.length >> 3, samples.length - (samples.length >> 3)];
}

function power(samples: Float32Array): number {
  const [from, to] = middleOf(samples);
  let sum = 0;
  for (let at = from; at < to; at++) sum += samples[at]! ** 2;
  return from === to ? 0 : sum / (to - from);
}

function decibels(ratio: number): number {
  return 10 * Math.log10(ratio);
}

/** The sine of `hertz` that fits best (least squares), and what is left beside it. */
function fitTone(samples: Float32Array, rate: number, hertz: number): { level: number; snr: number } {
  const [from, to] = middleOf(samples);
  const step = (2 * Math.PI * hertz) / rate;
  let cosCos = 0;
  let sinSin = 0;
  let cosSin = 0;
  let withCos = 0;
  let withSin = 0;
  for (let at = from; at < to; at++) {
    const cos = Math.cos(step * at);
    const sin = Math.sin(step * at);
    cosCos += cos * cos;
    sinSin += sin * sin;
    cosSin += cos * sin;
    withCos += samples[at]! * cos;
    withSin += samples[at]! * sin;
  }
  const determinant = cosCos * sinSin - cosSin * cosSin;
  const real = (withCos * sinSin - withSin * cosSin) / determinant;
  const imaginary = (withSin * cosCos - withCos * cosSin) / determinant;
  let rest = 0;
  for (let at = from; at < to; at++) {
    rest += (samples[at]! - real * Math.cos(step * at) - imaginary * Math.sin(step * at)) ** 2;
  }
  const tone = real * real + imaginary * imaginary;
  return {
    level: decibels(tone / AMPLITUDE ** 2),
    snr: decibels((tone / 2) * ((to - from) / rest)),
  };
}
