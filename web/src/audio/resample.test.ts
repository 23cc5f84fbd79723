import { describe, expect, it } from 'vitest';

import { levelOf } from './endpointer.ts';
import { createResampler } from './resample.ts';

function tone(hertz: number, rate: number, ms: number): Float32Array {
  return Float32Array.from({ length: (rate * ms) / 1000 }, (_, index) =>
    Math.sin((2 * Math.PI * hertz * index) / rate),
  );
}

function resample(samples: Float32Array, from: number, to: number, piece: number): Float32Array {
  const resampler = createResampler(from, to);
  const parts: number[] = [];
  for (let at = 0; at < samples.length; at += piece)
    parts.push(...resampler.push(samples.subarray(at, at + piece)));
  return Float32Array.from(parts);
}

function worstDifference(one: Float32Array, other: Float32Array): number {
  return one.reduce((most, sample, index) => Math.max(most, Math.abs(sample - (other[index] ?? NaN))), 0);
}

describe('createResampler', () => {
  for (const rate of [44_100, 48_000, 96_000, 8000]) {
    it(`keeps a tone of 1 kHz from ${rate} Hz in length, loudness and shape`, () => {
      const result = resample(tone(1000, rate, 500), rate, 16_000, Math.round(rate / 50));
      expect(Math.abs(result.length - 8000)).toBeLessThan(64);
      const wanted = tone(1000, 16_000, 500);
      const error = worstDifference(result.subarray(200, 7800), wanted.subarray(200, 7800));
      expect(error).toBeLessThan(0.01);
    });
  }

  it('lets nothing through that 16 kHz can not hold', () => {
    const result = resample(tone(11_000, 48_000, 500), 48_000, 16_000, 960);
    expect(levelOf(result.subarray(200, 7800))).toBeLessThan(0.003);
  });

  it('gives the same whatever the pieces', () => {
    const samples = tone(440, 44_100, 300);
    const whole = resample(samples, 44_100, 16_000, samples.length);
    for (const piece of [1, 7, 128, 882, 5000]) {
      const result = resample(samples, 44_100, 16_000, piece);
      expect(result.length).toBe(whole.length);
      const worst = worstDifference(result, whole);
      expect(worst).toBeLessThan(1e-5);
    }
  });

  it('hands the sound through where the rates agree', () => {
    const samples = tone(440, 16_000, 20);
    expect(createResampler(16_000, 16_000).push(samples)).toBe(samples);
  });
});
