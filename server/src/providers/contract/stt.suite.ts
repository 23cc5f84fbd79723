import { describe, expect, it } from 'vitest';

import { UTTERANCE_SAMPLE_RATE, type SpeechToText } from '../spec/stt.ts';
import { providerChecks, providerErrorOf, quiet, withSubject, type Subject } from './provider.suite.ts';

export interface SpeechToTextCase {
  readonly make: () => Promise<Subject<SpeechToText>>;
  /** An utterance in which the ears hear words. */
  readonly speech: () => Promise<Float32Array>;
  readonly language: string;
  /** What is heard in it, once. */
  readonly hears: string | RegExp;
}

/** What every provider of hearing keeps, real and fake ones and chains of them. */
export function speechToTextSuite(name: string, { make, speech, language, hears }: SpeechToTextCase): void {
  describe(`${name} as ears`, () => {
    providerChecks(make, async (provider, signal) =>
      provider.transcribe({ samples: await speech(), language }, signal),
    );

    it('hears words', () =>
      withSubject(make, async (provider) => {
        const samples = await speech();
        const before = samples.slice();
        const heard = await provider.transcribe({ samples, language }, quiet());
        expect(heard.text).toMatch(hears);
        expect(heard.text).toBe(heard.text.normalize('NFC').trim());
        expect(heard.language).toMatch(/^[a-z]{2,3}$/);
        expect(heard.provider).toMatch(/^[a-z][a-z0-9_]*$/);
        expect(heard.confidence ?? 0).toBeGreaterThanOrEqual(0);
        expect(heard.confidence ?? 0).toBeLessThanOrEqual(1);
        expect(samples).toEqual(before);
      }));

    it.each([
      ['no samples', 0],
      ['one sample', 1],
      ['10 ms', UTTERANCE_SAMPLE_RATE / 100],
      ['two seconds', UTTERANCE_SAMPLE_RATE * 2],
    ])('hears nothing in silence: %s', (_, length) =>
      withSubject(make, async (provider) => {
        const heard = await provider.transcribe({ samples: new Float32Array(length), language }, quiet());
        expect(heard.text).toBe('');
      }),
    );

    it('refuses samples that are no numbers', () =>
      withSubject(make, async (provider) => {
        const samples = new Float32Array(UTTERANCE_SAMPLE_RATE).fill(0.1);
        samples[800] = Number.NaN;
        const error = await providerErrorOf(provider.transcribe({ samples, language }, quiet()));
        expect(error.kind).toBe('invalid_input');
      }));

    it('hears several at a time', () =>
      withSubject(make, async (provider) => {
        const samples = await speech();
        const calls = Array.from({ length: 12 }, () => provider.transcribe({ samples, language }, quiet()));
        for (const heard of await Promise.all(calls)) expect(heard.text).not.toBe('');
      }));
  });
}
