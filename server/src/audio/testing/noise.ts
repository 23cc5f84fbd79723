import { seededRandom } from './random.ts';

/** White noise with a Gaussian distribution and the given level (RMS) in decibels. */
export function whiteNoise(length: number, decibels: number, seed = 1): Float32Array<ArrayBuffer> {
  const random = seededRandom(seed);
  return atLevel(
    Float32Array.from({ length }, () => gaussian(random)),
    decibels,
  );
}

/** Pink noise (3 dB less an octave; Paul Kellet's filter) with the given level (RMS) in decibels. */
export function pinkNoise(length: number, decibels: number, seed = 1): Float32Array<ArrayBuffer> {
  const random = seededRandom(seed);
  const state = new Float64Array(6);
  const samples = Float32Array.from({ length }, () => {
    const white = gaussian(random);
    state[0] = 0.99886 * state[0]! + white * 0.0555179;
    state[1] = 0.99332 * state[1]! + white * 0.0750759;
    state[2] = 0.969 * state[2]! + white * 0.153852;
    state[3] = 0.8665 * state[3]! + white * 0.3104856;
    state[4] = 0.55 * state[4]! + white * 0.5329522;
    state[5] = -0.7616 * state[5]! - white * 0.016898;
    return state.reduce((sum, value) => sum + value, 0) + white * 0.5362;
  });
  return atLevel(samples, decibels);
}

/** A sine of `hertz` with the given amplitude. */
export function sine(
  length: number,
  sampleRate: number,
  hertz: number,
  amplitude: number,
): Float32Array<ArrayBuffer> {
  const step = (2 * Math.PI * hertz) / sampleRate;
  return Float32Array.from({ length }, (_, index) => amplitude * Math.sin(step * index));
}

/** The sum of sounds of equal length. */
export function mix(...sounds: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  return Float32Array.from(sounds[0]!, (_, index) => sounds.reduce((sum, sound) => sum + sound[index]!, 0));
}

/** The sound scaled to a level (RMS) in decibels. */
export function atLevel(samples: Float32Array, decibels: number): Float32Array<ArrayBuffer> {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const factor = 10 ** (decibels / 20) / Math.sqrt(power);
  return samples.map((sample) => sample * factor);
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
