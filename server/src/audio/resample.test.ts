import { describe, expect, it } from 'vitest';
import { toDecibels } from './level.ts';
import { createResampler, resample } from './resample.ts';
import { sine, whiteNoise } from './testing/noise.ts';

const PAIRS = [
  [48_000, 16_000],
  [44_100, 16_000],
  [22_050, 16_000],
  [8_000, 16_000],
  [11_025, 16_000],
  [24_000, 22_050],
  [192_000, 16_000],
  [191_999, 16_000],
  [16_000, 48_000],
] as const;

/** Amplitude of `hertz` in the sound's middle, by correlation under a Hann window. */
function amplitudeAt(samples: Float32Array, sampleRate: number, hertz: number): number {
  const from = Math.floor(samples.length / 8);
  const length = samples.length - 2 * from;
  let real = 0;
  let imaginary = 0;
  let total = 0;
  for (let at = 0; at < length; at++) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / length);
    const angle = (2 * Math.PI * hertz * (from + at)) / sampleRate;
    real += samples[from + at]! * window * Math.cos(angle);
    imaginary += samples[from + at]! * window * Math.sin(angle);
    total += window;
  }
  return (2 * Math.hypot(real, imaginary)) / total;
}

const middleOf = (samples: Float32Array) => samples.subarray(samples.length >> 3, -(samples.length >> 3));
const loudest = (samples: Float32Array) =>
  samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);

describe('resample', () => {
  for (const [from, to] of PAIRS) {
    const nyquist = Math.min(from, to) / 2;
    const tone = (hertz: number) => resample(sine(Math.round(from / 4), from, hertz, 0.5), from, to);

    it(`is flat within 0.02 dB up to 90% of Nyquist, ${from} to ${to} Hz`, () => {
      for (const share of [0.01, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9]) {
        const gain = toDecibels(amplitudeAt(tone(nyquist * share), to, nyquist * share) / 0.5);
        expect(Math.abs(gain)).toBeLessThan(0.02);
      }
    });

    it(`adds nothing above -78 dB to a tone (aliases, images, timing), ${from} to ${to} Hz`, () => {
      for (const share of [0.05, 0.25, 0.5, 0.85]) {
        const hertz = nyquist * share;
        const made = tone(hertz);
        const wanted = sine(made.length, to, hertz, 0.5);
        const difference = middleOf(made.map((sample, index) => sample - wanted[index]!));
        expect(toDecibels(loudest(difference) / 0.5)).toBeLessThan(-78);
      }
    });

    it(`gives the same in pieces, ${from} to ${to} Hz`, () => {
      const sound = whiteNoise(5_000, -20);
      const resampler = createResampler(from, to);
      const pieces: number[] = [];
      for (let at = 0, size = 1; at < sound.length; at += size, size = (size * 7 + 1) % 613) {
        pieces.push(...resampler.push(sound.subarray(at, at + size)));
      }
      pieces.push(...resampler.flush());
      const whole = resample(sound, from, to);
      expect(whole).toHaveLength(Math.ceil((sound.length * to) / from));
      expect(Float32Array.from(pieces)).toEqual(whole);
    });
  }

  for (const [from, to] of PAIRS.filter(([from, to]) => from > to)) {
    it(`takes what lies above 110% of the new Nyquist down by 78 dB, ${from} to ${to} Hz`, () => {
      for (let hertz = (to / 2) * 1.1; hertz < from / 2; hertz *= 1.07) {
        const made = resample(sine(Math.round(from / 4), from, hertz, 0.5), from, to);
        expect(toDecibels(loudest(middleOf(made)) / 0.5)).toBeLessThan(-78);
      }
    });
  }

  it('keeps a constant', () => {
    const made = resample(new Float32Array(4_000).fill(0.25), 44_100, 16_000);
    for (const sample of middleOf(made)) expect(sample).toBeCloseTo(0.25, 6);
  });

  it('gives back the same samples when the rates agree', () => {
    const sound = whiteNoise(10, -20);
    expect(resample(sound, 16_000, 16_000)).toBe(sound);
  });

  it('takes sounds of hardly any samples', () => {
    for (let length = 0; length < 20; length++) {
      const made = resample(new Float32Array(length).fill(1), 192_000, 16_000);
      expect(made).toHaveLength(Math.ceil(length / 12));
      expect(made.every(Number.isFinite)).toBe(true);
    }
  });

  it('refuses rates that are none', () => {
    expect(() => createResampler(0, 16_000)).toThrow(/above 0/);
    expect(() => createResampler(44_100.5, 16_000)).toThrow(/whole numbers/);
  });
});
