/**
 * Loudness after Recommendation ITU-R BS.1770-4 (10/2015), Annex 1: K-weighting, mean square over blocks of 400 ms that overlap
 * by 75%, an absolute gate at -70 LKFS and a relative gate 10 LU below what passed it. One channel with weight 1.
 *
 * The annex gives the two filters for 48 kHz only. For other rates they are made anew by the bilinear transform from the analogue
 * parameters that reproduce those tables, as libebur128 (MIT, ebur128.c, `ebur128_init_filter`) does.
 */

import { fromDecibels } from './level.ts';
import { limitPeaks, truePeak } from './limiter.ts';

interface Biquad {
  readonly b: readonly [number, number, number];
  readonly a: readonly [number, number];
}

const BLOCK_MS = 400;
const STEPS_PER_BLOCK = 4;
const ABSOLUTE_GATE = -70;
const RELATIVE_GATE = -10;

/** The two K-weighting filters (BS.1770-4, Annex 1, Tables 1 and 2) for any sample rate in hertz. */
export function kWeighting(sampleRate: number): readonly [Biquad, Biquad] {
  const shelfTan = Math.tan((Math.PI * 1681.974450955533) / sampleRate);
  const shelfQ = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const shelf = 1 + shelfTan / shelfQ + shelfTan ** 2;
  const passTan = Math.tan((Math.PI * 38.13547087602444) / sampleRate);
  const passQ = 0.5003270373238773;
  const pass = 1 + passTan / passQ + passTan ** 2;
  return [
    {
      b: [
        (high + (band * shelfTan) / shelfQ + shelfTan ** 2) / shelf,
        (2 * (shelfTan ** 2 - high)) / shelf,
        (high - (band * shelfTan) / shelfQ + shelfTan ** 2) / shelf,
      ],
      a: [(2 * (shelfTan ** 2 - 1)) / shelf, (1 - shelfTan / shelfQ + shelfTan ** 2) / shelf],
    },
    {
      b: [1, -2, 1],
      a: [(2 * (passTan ** 2 - 1)) / pass, (1 - passTan / passQ + passTan ** 2) / pass],
    },
  ];
}

/**
 * Integrated loudness of one channel in LUFS; -Infinity when nothing passes the absolute gate. Sound shorter than one block is
 * measured as one block of its own length, which the recommendation leaves open.
 */
export function integratedLoudness(samples: Float32Array, sampleRate: number): number {
  const powers = blockPowers(samples, sampleRate);
  const aboveAbsolute = powers.filter((power) => loudnessOf(power) > ABSOLUTE_GATE);
  if (aboveAbsolute.length === 0) return -Infinity;
  const relativeGate = loudnessOf(mean(aboveAbsolute)) + RELATIVE_GATE;
  return loudnessOf(mean(aboveAbsolute.filter((power) => loudnessOf(power) > relativeGate)));
}

function loudnessOf(power: number): number {
  return -0.691 + 10 * Math.log10(power);
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean square of each block of the weighted sound. */
function blockPowers(samples: Float32Array, sampleRate: number): Float64Array {
  const step = Math.round((sampleRate * BLOCK_MS) / 1000 / STEPS_PER_BLOCK);
  const steps = stepEnergies(samples, sampleRate, step);
  const whole = Math.floor(samples.length / step);
  if (whole < STEPS_PER_BLOCK) {
    return samples.length === 0
      ? new Float64Array(0)
      : Float64Array.of(steps.reduce((sum, energy) => sum + energy, 0) / samples.length);
  }
  return Float64Array.from({ length: whole - STEPS_PER_BLOCK + 1 }, (_, block) => {
    let energy = 0;
    for (let at = block; at < block + STEPS_PER_BLOCK; at++) energy += steps[at]!;
    return energy / (step * STEPS_PER_BLOCK);
  });
}

function stepEnergies(samples: Float32Array, sampleRate: number, step: number): Float64Array {
  const [{ b: shelfB, a: shelfA }, { b: passB, a: passA }] = kWeighting(sampleRate);
  const [shelfB0, shelfB1, shelfB2] = shelfB;
  const [shelfA1, shelfA2] = shelfA;
  const [passB0, passB1, passB2] = passB;
  const [passA1, passA2] = passA;
  const energies = new Float64Array(Math.ceil(samples.length / step));
  // Transposed direct form II, the two filters one after the other.
  let shelf1 = 0;
  let shelf2 = 0;
  let pass1 = 0;
  let pass2 = 0;
  let at = 0;
  for (let block = 0; block < energies.length; block++) {
    const end = Math.min(samples.length, at + step);
    let energy = 0;
    for (; at < end; at++) {
      const input = samples[at]!;
      const shelved = shelfB0 * input + shelf1;
      shelf1 = shelfB1 * input - shelfA1 * shelved + shelf2;
      shelf2 = shelfB2 * input - shelfA2 * shelved;
      const passed = passB0 * shelved + pass1;
      pass1 = passB1 * shelved - passA1 * passed + pass2;
      pass2 = passB2 * shelved - passA2 * passed;
      energy += passed * passed;
    }
    energies[block] = energy;
  }
  return energies;
}

export interface LoudnessTarget {
  /** Integrated loudness in LUFS. */
  readonly lufs: number;
  /** Highest true peak in decibels relative to full scale. */
  readonly peakDecibels: number;
}

/** What every voice is brought to. */
export const VOICE_LOUDNESS: LoudnessTarget = { lufs: -16, peakDecibels: -1 };

/** Half the change in loudness that listeners notice. */
const CLOSE_ENOUGH = 0.25;
const MOST_ROUNDS = 4;
/** More gain than this would bring up nothing but the background. */
const MOST_GAIN_DECIBELS = 40;

/**
 * Sound at the target's loudness, with peaks above its limit turned down smoothly; what the limiter takes from the loudness is
 * given back in up to four rounds. Silence comes back as it is.
 */
export function normaliseLoudness(
  samples: Float32Array,
  sampleRate: number,
  target: LoudnessTarget = VOICE_LOUDNESS,
): Float32Array {
  const measured = integratedLoudness(samples, sampleRate);
  if (measured === -Infinity) return samples;
  const ceiling = fromDecibels(target.peakDecibels);
  const peak = truePeak(samples);
  let gain = Math.min(target.lufs - measured, MOST_GAIN_DECIBELS);
  const first = scale(samples, fromDecibels(gain));
  if (peak * fromDecibels(gain) <= ceiling) return first;
  let limited = limitPeaks(first, sampleRate, ceiling);
  for (let round = 1; round < MOST_ROUNDS; round++) {
    const missing = target.lufs - integratedLoudness(limited, sampleRate);
    if (Math.abs(missing) < CLOSE_ENOUGH) break;
    gain = Math.min(gain + missing, MOST_GAIN_DECIBELS);
    limited = limitPeaks(scale(samples, fromDecibels(gain)), sampleRate, ceiling);
  }
  return limited;
}

function scale(samples: Float32Array, factor: number): Float32Array {
  return samples.map((sample) => sample * factor);
}
