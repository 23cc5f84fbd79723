import { describe, expect, it } from 'vitest';

import { levelOf } from './endpointer.ts';
import { stretch } from './stretch.ts';

const rate = 16_000;
const tone = Float32Array.from(
  { length: rate },
  (_, index) => 0.5 * Math.sin((2 * Math.PI * 200 * index) / rate),
);

function crossings(samples: Float32Array): number {
  return samples.filter((sample, index) => sample >= 0 && (samples[index - 1] ?? 0) < 0).length;
}

describe('stretch', () => {
  for (const speed of [0.5, 0.8, 1.25, 2]) {
    it(`at ${speed} changes the length, not the pitch or the loudness`, () => {
      const result = stretch(tone, rate, speed);
      const seconds = result.length / rate;
      expect(Math.abs(seconds - 1 / speed)).toBeLessThan(0.06 / Math.min(1, speed));
      expect(crossings(result) / seconds).toBeCloseTo(200, -1);
      expect(levelOf(result)).toBeCloseTo(levelOf(tone), 1);
      const steepest = result.reduce(
        (most, sample, index) => Math.max(most, Math.abs(sample - (result[index - 1] ?? sample))),
        0,
      );
      expect(steepest).toBeLessThan(0.08);
    });
  }

  it('leaves alone what is too short', () => {
    expect([...stretch(tone.subarray(0, 100), rate, 2)]).toEqual([...tone.subarray(0, 100)]);
  });
});
