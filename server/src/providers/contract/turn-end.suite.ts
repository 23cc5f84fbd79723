import { describe, expect, it } from 'vitest';

import type { TurnEndDetector } from '../spec/turn-end.ts';
import { providerChecks, quiet, withSubject, type Subject } from './provider.suite.ts';

export interface TurnEndCase {
  /** One that is ready to answer. */
  readonly make: () => Promise<Subject<TurnEndDetector>>;
  /** A second or more of speech at 16,000 Hz. */
  readonly speech: () => Promise<Float32Array>;
}

/** What everyone keeps who hears whether a turn has ended. */
export function turnEndSuite(name: string, { make, speech }: TurnEndCase): void {
  const sure = async (provider: TurnEndDetector, samples: Float32Array) => {
    const probability = await provider.judge(samples, quiet());
    expect(probability).toBeGreaterThanOrEqual(0);
    expect(probability).toBeLessThanOrEqual(1);
    return probability!;
  };

  describe(`${name} as a detector of turn ends`, () => {
    providerChecks(make, async (provider, signal) => provider.judge(await speech(), signal));

    it('answers with a probability, the same for the same sound, and leaves the sound as it is', () =>
      withSubject(make, async (provider) => {
        const samples = await speech();
        const before = samples.slice();
        const first = await sure(provider, samples);
        expect(await sure(provider, samples)).toBe(first);
        expect(samples).toEqual(before);
      }));

    it('hears the last 8 s and nothing before', () =>
      withSubject(make, async (provider) => {
        const samples = await speech();
        const last = new Float32Array(128_000);
        for (let at = last.length; at > 0; at -= samples.length)
          last.set(samples.subarray(Math.max(0, samples.length - at)), Math.max(0, at - samples.length));
        const long = new Float32Array(last.length + 40_000).fill(0.3);
        long.set(last, 40_000);
        expect(await sure(provider, long)).toBe(await sure(provider, last));
      }));

    it('answers to next to no sound, and to none', () =>
      withSubject(make, async (provider) => {
        await sure(provider, new Float32Array(0));
        await sure(provider, Float32Array.of(1));
        await sure(provider, new Float32Array(16_000));
      }));
  });
}
