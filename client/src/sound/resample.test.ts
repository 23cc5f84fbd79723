import { describe, expect, it } from 'vitest';

import { resample } from './resample.ts';

function tone(hertz: number, rate: number, ms: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: (rate * ms) / 1000 }, (_, index) =>
    Math.sin((2 * Math.PI * hertz * index) / rate),
  );
}

/** Loudness of the middle, in decibels below a full sine. */
function decibels(samples: Float32Array): number {
  const middle = samples.subarray(Math.floor(samples.length / 4), Math.floor((samples.length * 3) / 4));
  const square = middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length;
  return 10 * Math.log10(square * 2 + 1e-20);
}

describe('resample', () => {
  for (const rate of [8000, 11_025, 22_050, 24_000, 44_100, 48_000, 96_000, 192_000]) {
    it(`keeps a tone of 1 kHz from ${rate} Hz in length, loudness and shape`, () => {
      const result = resample(tone(1000, rate, 400), rate, 16_000);
      expect(result).toHaveLength(6400);
      const wanted = tone(1000, 16_000, 400);
      const middle = result.subarray(1000, 5400);
      const worst = middle.reduce(
        (most, sample, index) => Math.max(most, Math.abs(sample - wanted[index + 1000]!)),
        0,
      );
      expect(worst).toBeLessThan(0.001);
    });
  }

  for (const [rate, tones] of [
    [22_050, [8100, 9000, 10_500]],
    [44_100, [8100, 9000, 11_000, 15_000, 15_990, 21_000]],
    [48_000, [8100, 9000, 12_000, 16_000, 20_000, 23_500]],
    [192_000, [8100, 12_000, 24_000, 47_000, 90_000]],
  ] as const) {
    it(`lets no tone above 8 kHz fold back from ${rate} Hz: 60 dB down at least`, () => {
      for (const hertz of tones) {
        const result = resample(tone(hertz, rate, 200), rate, 16_000);
        expect(decibels(result), `${hertz} Hz`).toBeLessThan(-60);
      }
    });
  }

  it('keeps speech up to 6.5 kHz as loud as it is', () => {
    for (const hertz of [200, 3000, 5000, 6500])
      expect(Math.abs(decibels(resample(tone(hertz, 48_000, 200), 48_000, 16_000)))).toBeLessThan(0.1);
  });

  it('mirrors nothing when it goes up', () => {
    const result = resample(tone(3000, 8000, 200), 8000, 16_000);
    const carrier = tone(3000, 16_000, 200);
    const rest = result.map((sample, index) => sample - carrier[index]!);
    expect(decibels(rest)).toBeLessThan(-55);
  });

  it('gives the same array where nothing changes, and nothing for nothing', () => {
    const samples = tone(440, 16_000, 20);
    expect(resample(samples, 16_000, 16_000)).toBe(samples);
    expect(resample(new Float32Array(0), 48_000, 16_000)).toHaveLength(0);
  });
});
