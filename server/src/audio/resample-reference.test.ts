import { describe, expect, it } from 'vitest';
import { resample } from './resample.ts';
import { measureResampler } from './testing/measure-resampler.ts';
import { hasSoxr, soxrResample } from './testing/soxr-resample.ts';

const PAIRS = [
  [48_000, 16_000],
  [44_100, 16_000],
  [22_050, 16_000],
  [8_000, 16_000],
  [24_000, 22_050],
  [192_000, 16_000],
  [191_999, 16_000],
  [16_000, 48_000],
] as const;

describe('resample, against the sound that it should be', () => {
  for (const [from, to] of PAIRS) {
    it(`adds nothing above -90 dB, ${from} to ${to} Hz`, () => {
      const { toneSnr, ripple, sweepSnr, stopBand } = measureResampler(resample, from, to);
      expect(toneSnr).toBeGreaterThan(94);
      expect(sweepSnr).toBeGreaterThan(90);
      expect(ripple).toBeLessThan(0.002);
      expect(stopBand).toBeLessThan(-94);
    });
  }

  it('finds a poor resampler out', () => {
    const nearest = (samples: Float32Array, from: number, to: number) =>
      Float32Array.from(
        { length: Math.ceil((samples.length * to) / from) },
        (_, at) => samples[Math.floor((at * from) / to)]!,
      );
    const { toneSnr, sweepSnr, stopBand } = measureResampler(nearest, 44_100, 16_000);
    expect(toneSnr).toBeLessThan(40);
    expect(sweepSnr).toBeLessThan(40);
    expect(stopBand).toBeGreaterThan(-10);
  });
});

describe.skipIf(!hasSoxr())('soxr, by the same measure (skipped where ffmpeg has none)', () => {
  for (const [from, to] of PAIRS.slice(0, 3)) {
    it(`passes with a margin, so that the measure is not what limits, ${from} to ${to} Hz`, () => {
      const { toneSnr, stopBand } = measureResampler(soxrResample, from, to);
      expect(toneSnr).toBeGreaterThan(125);
      expect(stopBand).toBeLessThan(-110);
    });
  }
});
