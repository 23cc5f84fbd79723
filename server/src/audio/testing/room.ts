import { atLevel, pinkNoise, whiteNoise } from './noise.ts';
import { seededRandom } from './random.ts';

const RATE = 16_000;

/**
 * A room at 16 kHz and -50 dBFS in which somebody breathes every few seconds (-44 dBFS at its loudest) and things click, up to
 * 6 ms long and -7 dBFS.
 */
export function roomSound(seconds: number, seed: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(seed);
  const sound = pinkNoise(seconds * RATE, -50, seed);
  for (let at = random() * 3; at < seconds; at += 3 + random() * 2) {
    const length = Math.floor((0.4 + random() * 0.4) * RATE);
    const breath = whiteNoise(length, -44, seed * 1_000 + Math.floor(at * 10));
    const shaped = breath.map((sample, index) => sample * Math.sin((Math.PI * index) / length));
    addAt(sound, shaped, at * RATE);
  }
  for (let at = random(); at < seconds; at += 0.7 + random() * 1.5) {
    const length = Math.floor((0.001 + random() * 0.005) * RATE);
    const peak = 0.05 + random() * 0.4;
    const click = Float32Array.from(
      { length },
      (_, index) => (random() * 2 - 1) * peak * Math.exp((-4 * index) / length),
    );
    addAt(sound, click, at * RATE);
  }
  return sound;
}

/** Two voices of plucked tones at 16 kHz, at `decibels`. */
export function musicSound(seconds: number, decibels: number, seed: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(seed);
  const scale = [262, 294, 330, 392, 440, 523, 587, 659];
  const sound = new Float32Array(seconds * RATE);
  for (let at = 0; at < sound.length;) {
    const length = Math.floor((0.15 + random() * 0.3) * RATE);
    for (const octave of [1, 0.5]) {
      const hertz = scale[Math.floor(random() * scale.length)]! * octave;
      const tone = Float32Array.from({ length }, (_, index) => {
        const phase = (2 * Math.PI * hertz * index) / RATE;
        const strings = Math.sin(phase) + 0.5 * Math.sin(2 * phase) + 0.25 * Math.sin(3 * phase);
        return strings * Math.exp((-2.5 * index) / length);
      });
      addAt(sound, tone, at);
    }
    at += length;
  }
  return atLevel(sound, decibels);
}

/** Adds `piece` into `sound`, from `at` on, as far as it fits. */
export function addAt(sound: Float32Array, piece: Float32Array, at: number): void {
  const start = Math.floor(at);
  const fitting = piece.subarray(0, Math.max(0, sound.length - start));
  for (const [index, sample] of fitting.entries()) sound[start + index]! += sample;
}

/** What lies between the first and the last sample that sounds, scaled to `decibels` (RMS). */
export function spokenAt(decibels: number, sound: Float32Array): Float32Array<ArrayBuffer> {
  const peak = sound.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const sounds = (sample: number) => Math.abs(sample) > peak / 50;
  return atLevel(sound.subarray(sound.findIndex(sounds), sound.findLastIndex(sounds) + 1), decibels);
}
