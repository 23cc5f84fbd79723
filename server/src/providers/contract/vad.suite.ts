import { describe, expect, it } from 'vitest';

import type { VoiceActivityDetector } from '../spec/vad.ts';
import { providerChecks, providerErrorOf, quiet, withSubject, type Subject } from './provider.suite.ts';

export interface VoiceActivityCase {
  readonly make: () => Promise<Subject<VoiceActivityDetector>>;
  /** A second or more of speech at 16,000 Hz. */
  readonly speech: () => Promise<Float32Array>;
}

/** What every voice activity detector keeps. */
export function voiceActivitySuite(name: string, { make, speech }: VoiceActivityCase): void {
  /** The highest probability of all frames of `samples`. */
  const highest = async (provider: VoiceActivityDetector, samples: Float32Array, signal: AbortSignal) => {
    const session = provider.open();
    let top = 0;
    try {
      for (let start = 0; start + provider.frameSamples <= samples.length; start += provider.frameSamples) {
        const probability = await session.accept(samples.slice(start, start + provider.frameSamples), signal);
        expect(probability).toBeGreaterThanOrEqual(0);
        expect(probability).toBeLessThanOrEqual(1);
        top = Math.max(top, probability);
      }
    } finally {
      session.close();
    }
    return top;
  };

  describe(`${name} as voice activity detection`, () => {
    providerChecks(make, async (provider, signal) => highest(provider, await speech(), signal));

    it('tells speech from silence', () =>
      withSubject(make, async (provider) => {
        expect(await highest(provider, await speech(), quiet())).toBeGreaterThan(0.5);
        expect(await highest(provider, new Float32Array(16_000), quiet())).toBeLessThan(0.2);
      }));

    it('refuses a frame of another length and a session that is closed', () =>
      withSubject(make, async (provider) => {
        const session = provider.open();
        const error = await providerErrorOf(
          session.accept(new Float32Array(provider.frameSamples + 1), quiet()),
        );
        expect(error.kind).toBe('invalid_input');
        session.close();
        session.close();
        await providerErrorOf(session.accept(new Float32Array(provider.frameSamples), quiet()));
      }));
  });
}
