/** Root mean square of samples in [-1, 1]; 0 for none. */
export function rootMeanSquare(samples: Float32Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}

/** The largest magnitude; 0 for no samples. */
export function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (const sample of samples) {
    const magnitude = Math.abs(sample);
    if (magnitude > peak) peak = magnitude;
  }
  return peak;
}

/** An amplitude in decibels below full scale (1 is 0 dB); -Infinity for 0. */
export function toDecibels(amplitude: number): number {
  return 20 * Math.log10(amplitude);
}

/** The amplitude of a level in decibels below full scale. */
export function fromDecibels(decibels: number): number {
  return 10 ** (decibels / 20);
}

const FRAME_MS = 32;
const HOP_MS = 16;
/** Frames below this hold nothing but the zeros of a muted microphone. */
const MUTED_DECIBELS = -95;
/** Sound whose loudest frames stay below this is below what a microphone's own noise is. */
const SILENCE_DECIBELS = -72;
/** How far a frame stands out of the background to count as more than background. */
const STANDS_OUT_DECIBELS = 4.5;
/** The same for one short word, cut close: it has hardly any background to stand out of. */
const STANDS_OUT_SHORT_DECIBELS = 3;
const SHORT_MS = 500;
/** The background: the level that a tenth of the frames stay below. */
const BACKGROUND_SHARE = 0.1;
/** Speech is at least so many milliseconds of standing-out frames within a window. */
const SPEECH_MS = 80;
const WINDOW_MS = 320;

/**
 * True when the sound can't hold speech: silence, steady noise or hum at any level, single clicks. Speech rises and falls;
 * what does not rise above its own background for {@link SPEECH_MS} ms within a third of a second is none. When unsure it says
 * false and leaves the judgement to the ears.
 *
 * @param samples Mono, in [-1, 1].
 */
export function isSilentOrNoise(samples: Float32Array, sampleRate: number): boolean {
  const levels = frameLevels(samples, sampleRate);
  const sounding = levels.filter((level) => level > MUTED_DECIBELS).sort();
  if (sounding.length < SPEECH_MS / HOP_MS) return true;
  if (sounding.at(-1)! < SILENCE_DECIBELS) return true;
  const background = sounding[Math.floor(sounding.length * BACKGROUND_SHARE)]!;
  const short = sounding.length * HOP_MS < SHORT_MS;
  const standsOut = short ? STANDS_OUT_SHORT_DECIBELS : STANDS_OUT_DECIBELS;
  const threshold = Math.max(background + standsOut, SILENCE_DECIBELS);
  const windowFrames = WINDOW_MS / HOP_MS;
  let standingOut = 0;
  for (let frame = 0; frame < levels.length; frame++) {
    if (levels[frame]! > threshold) standingOut++;
    if (frame >= windowFrames && levels[frame - windowFrames]! > threshold) standingOut--;
    if (standingOut >= SPEECH_MS / HOP_MS) return false;
  }
  return true;
}

/** Level of each frame in decibels, after a high-pass at 100 Hz: rumble and mains hum are no voice. */
function frameLevels(samples: Float32Array, sampleRate: number): Float64Array {
  const hop = Math.round((sampleRate * HOP_MS) / 1000);
  const hops = Math.ceil(samples.length / hop);
  const energies = new Float64Array(hops);
  const decay = Math.exp((-2 * Math.PI * 100) / sampleRate);
  let firstInput = samples[0] ?? 0;
  let first = 0;
  let second = 0;
  for (let at = 0; at < samples.length; at++) {
    const input = samples[at]!;
    const before = first;
    first = decay * (first + input - firstInput);
    firstInput = input;
    second = decay * (second + first - before);
    energies[Math.floor(at / hop)]! += second * second;
  }
  const framesHops = FRAME_MS / HOP_MS;
  const levels = new Float64Array(Math.max(0, hops - framesHops + 1));
  for (let frame = 0; frame < levels.length; frame++) {
    const energy = energies[frame]! + energies[frame + 1]!;
    levels[frame] = 10 * Math.log10(energy / (hop * framesHops) + 1e-12);
  }
  return levels;
}
