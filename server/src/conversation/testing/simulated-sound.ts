import { createRandom } from '../../providers/chain/testing/chance.ts';
import { SYLLABLE_MS } from './spoken-words.ts';

/** Sounds that go round and round: made once, the same in every run. RMS 1; whoever plays one turns it down. */
export type SoundName = 'person' | 'voice' | 'hiss' | 'fan' | 'music' | 'breath' | 'click';

const SECONDS: Readonly<Record<SoundName, number>> = {
  person: 5.3,
  voice: 4.7,
  hiss: 7.1,
  fan: 6.1,
  music: 8,
  breath: 0.4,
  click: 0.012,
};
const TWO_PI = 2 * Math.PI;

const made = new Map<string, Float32Array>();

/** The same array each time: not to be written to. */
export function soundOf(name: SoundName, sampleRate = 16_000): Float32Array {
  const key = `${name} ${sampleRate}`;
  let sound = made.get(key);
  if (sound === undefined) {
    const length = Math.round(SECONDS[name] * sampleRate);
    sound = withUnitLevel(MAKERS[name](length, sampleRate));
    made.set(key, sound);
  }
  return sound;
}

/** Amplitude of a level in decibels below full scale. */
export const amplitudeOf = (levelDb: number): number => 10 ** (levelDb / 20);

const MAKERS: Readonly<Record<SoundName, (length: number, rate: number) => Float32Array>> = {
  person: (length, rate) => babble(length, rate, { seed: 11, pitchHz: 205, tract: 1.12 }),
  voice: (length, rate) => babble(length, rate, { seed: 23, pitchHz: 128, tract: 1 }),
  hiss: (length) => noise(length, 31, 0.6),
  fan: (length, rate) => {
    const hum = (at: number) => 0.5 * Math.sin((TWO_PI * 100 * at) / rate);
    return noise(length, 37, 0.93).map((sample, at) => sample + hum(at));
  },
  music: (length, rate) => music(length, rate),
  breath: (length) => noise(length, 41, 0.3).map((sample, at) => sample * Math.sin((Math.PI * at) / length)),
  click: (length) => noise(length, 43, 0).map((sample, at) => sample * Math.exp((-6 * at) / length)),
};

/** Noise; `smoothness` from 0 (white) towards 1 (rumble). */
function noise(length: number, seed: number, smoothness: number): Float32Array {
  const random = createRandom(seed);
  let last = 0;
  return new Float32Array(length).map(
    () => (last = smoothness * last + (1 - smoothness) * (random() * 2 - 1)),
  );
}

/** First three formants of five vowels, in Hz. */
const VOWELS = [
  [800, 1250, 2600],
  [300, 2250, 3000],
  [350, 800, 2500],
  [500, 1850, 2600],
  [480, 900, 2500],
] as const;

interface Speaker {
  readonly seed: number;
  readonly pitchHz: number;
  /** How much shorter the throat is than a man's. */
  readonly tract: number;
}

/**
 * Somebody who says syllable after syllable of no language: pulses and breath through formants, louder and softer. No two people
 * keep the same time, or an echo guard would take one for the echo of the other.
 */
function babble(length: number, rate: number, { seed, pitchHz, tract }: Speaker): Float32Array {
  const random = createRandom(seed);
  const sound = new Float32Array(length);
  const filters = [0, 1, 2].map(() => ({ one: 0, two: 0 }));
  let phase = 0;
  let formants: readonly number[] = VOWELS[0];
  let stress = 1;
  let began = 0;
  let syllable = 0;
  for (let at = 0; at < length; at++) {
    if (at === began + syllable) {
      began = at;
      syllable = Math.round(((SYLLABLE_MS * (0.65 + 0.7 * random())) / 1000) * rate);
      formants = VOWELS[Math.floor(random() * VOWELS.length)]!;
      stress = 0.6 + 0.6 * random();
    }
    const share = (at - began) / syllable;
    phase +=
      (pitchHz * (1 + 0.12 * Math.sin(TWO_PI * share) + 0.1 * Math.sin((TWO_PI * at) / (rate * 1.9)))) / rate;
    const pulse = phase >= 1 ? 1 : 0;
    phase -= pulse;
    // A consonant of breath, then the vowel.
    const excitation = share < 0.2 ? 0.2 * (random() * 2 - 1) : pulse + 0.02 * (random() * 2 - 1);
    let sample = 0;
    for (let index = 0; index < 3; index++) {
      const filter = filters[index]!;
      const radius = Math.exp((-Math.PI * (90 + 40 * index)) / rate);
      const angle = (TWO_PI * Math.min(formants[index]! * tract, rate * 0.45)) / rate;
      const out = excitation + 2 * radius * Math.cos(angle) * filter.one - radius * radius * filter.two;
      filter.two = filter.one;
      filter.one = out;
      sample += (out * (1 - radius)) / (1 + index);
    }
    sound[at] = sample * stress * (0.15 + Math.sin(Math.PI * Math.min(1, share * 1.05)) ** 0.7);
  }
  return sound;
}

/** Chords of four notes with a beat. */
function music(length: number, rate: number): Float32Array {
  const chords = [
    [220, 277, 330, 440],
    [196, 247, 294, 392],
    [174, 220, 262, 349],
    [196, 247, 330, 494],
  ];
  return new Float32Array(length).map((_, at) => {
    const seconds = at / rate;
    const chord = chords[Math.floor(seconds * 2) % chords.length]!;
    const beat = 0.4 + 0.6 * Math.exp(-6 * (seconds % 0.5));
    return beat * chord.reduce((sum, hz) => sum + Math.sin(TWO_PI * hz * seconds) / 4, 0);
  });
}

function withUnitLevel(sound: Float32Array): Float32Array {
  const scale = 1 / Math.sqrt(sound.reduce((sum, sample) => sum + sample * sample, 0) / sound.length);
  return sound.map((sample) => sample * scale);
}
