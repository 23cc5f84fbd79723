import { describe, expect, it } from 'vitest';

import type { SpeechChunk, SpeechRequest, TextToSpeech } from '../spec/tts.ts';
import {
  listenersOn,
  providerChecks,
  providerErrorOf,
  quiet,
  withSubject,
  type Subject,
} from './provider.suite.ts';

export interface TextToSpeechCase {
  readonly make: () => Promise<Subject<TextToSpeech>>;
  readonly language: string;
  /** A few words in that language. */
  readonly text: string;
  /** Whether words and phonemes come with times; `words` when only they do. */
  readonly givesTimes: boolean | 'words';
  /** A chain says who speaks. */
  readonly isChain?: boolean;
}

/** All chunks of one request. */
export async function collectSpeech(
  provider: TextToSpeech,
  request: SpeechRequest,
  signal = quiet(),
): Promise<SpeechChunk[]> {
  const chunks: SpeechChunk[] = [];
  for await (const chunk of provider.synthesize(request, signal)) chunks.push(chunk);
  return chunks;
}

/** The sound of `chunks` in one piece, and its rate; 0 when there is none. */
export function soundOf(chunks: readonly SpeechChunk[]): {
  readonly samples: Int16Array;
  readonly sampleRate: number;
} {
  const audio = chunks.filter((chunk) => chunk.type === 'audio');
  const samples = new Int16Array(audio.reduce((sum, chunk) => sum + chunk.samples.length, 0));
  let place = 0;
  for (const chunk of audio) {
    samples.set(chunk.samples, place);
    place += chunk.samples.length;
  }
  return { samples, sampleRate: audio[0]?.sampleRate ?? 0 };
}

/** What every provider of speech keeps, real and fake ones and chains of them. */
export function textToSpeechSuite(
  name: string,
  { make, language, text, givesTimes, isChain = false }: TextToSpeechCase,
): void {
  const request: SpeechRequest = { text, language };
  const durationMs = (chunks: readonly SpeechChunk[]) => {
    const { samples, sampleRate } = soundOf(chunks);
    return (samples.length * 1000) / sampleRate;
  };

  describe(`${name} as a voice`, () => {
    providerChecks(make, (provider, signal) => collectSpeech(provider, request, signal));

    it('offers voices, each once, and speaks in the first', () =>
      withSubject(make, async (provider) => {
        const voices = provider.voices();
        expect(voices.length).toBeGreaterThan(0);
        expect(new Set(voices.map(({ id }) => id)).size).toBe(voices.length);
        for (const voice of voices) {
          expect(voice.id).not.toBe('');
          expect(voice.name).not.toBe('');
          for (const primary of voice.languages) expect(primary).toMatch(/^[a-z]{2,3}$/);
        }
        const [first] = voices;
        const asked = soundOf(await collectSpeech(provider, { ...request, voice: first!.id }));
        const usual = soundOf(await collectSpeech(provider, request));
        expect(asked.sampleRate).toBe(usual.sampleRate);
        expect(asked.samples.length).toBeGreaterThan(0);
        expect(provider.voices()).toEqual(voices);
      }));

    it('speaks, at one rate and not in silence', () =>
      withSubject(make, async (provider) => {
        const chunks = await collectSpeech(provider, request);
        const { samples, sampleRate } = soundOf(chunks);
        expect(sampleRate).toBeGreaterThanOrEqual(8_000);
        const rates = chunks.flatMap((chunk) => (chunk.type === 'audio' ? [chunk.sampleRate] : []));
        expect(new Set(rates)).toEqual(new Set([sampleRate]));
        expect(samples.length / sampleRate).toBeGreaterThan(0.1);
        expect(
          Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length),
        ).toBeGreaterThan(300);
      }));

    it('says who speaks first, or leaves it to the chain', () =>
      withSubject(make, async (provider) => {
        const chunks = await collectSpeech(provider, request);
        expect(chunks.map(({ type }) => type === 'source')).toEqual(
          chunks.map((_, index) => isChain && index === 0),
        );
        const revisions = chunks.flatMap((chunk) => (chunk.type === 'source' ? [chunk.revision] : []));
        expect(revisions).toEqual(isChain ? [provider.revision] : []);
      }));

    it('gives times that run forward and lie within the sound', () =>
      withSubject(make, async (provider) => {
        const chunks = await collectSpeech(provider, request);
        const end = durationMs(chunks);
        for (const type of ['word', 'phoneme'] as const) {
          const starts = chunks.flatMap((chunk) => (chunk.type === type ? [chunk.startMs] : []));
          expect(starts.length > 0).toBe(type === 'word' ? givesTimes !== false : givesTimes === true);
          expect(starts).toEqual([...starts].sort((a, b) => a - b));
          for (const startMs of starts) {
            expect(startMs).toBeGreaterThanOrEqual(0);
            expect(startMs).toBeLessThanOrEqual(end + 1);
          }
        }
        const words = chunks.filter((chunk) => chunk.type === 'word');
        for (const word of words) {
          expect(text.slice(word.textOffset, word.textOffset + word.text.length)).toBe(word.text);
        }
      }));

    it('streams: the first sound comes before the last', () =>
      withSubject(make, async (provider) => {
        const chunks = await collectSpeech(provider, request);
        expect(chunks.filter(({ type }) => type === 'audio').length).toBeGreaterThan(1);
      }));

    it('speaks faster when asked to', () =>
      withSubject(make, async (provider) => {
        const normal = durationMs(await collectSpeech(provider, request));
        const fast = durationMs(await collectSpeech(provider, { ...request, speed: 2 }));
        expect(fast).toBeLessThan(normal * 0.8);
      }));

    it('stops when the listener leaves early, and speaks again', () =>
      withSubject(make, async (provider) => {
        const signal = quiet();
        for await (const chunk of provider.synthesize(request, signal)) if (chunk.type === 'audio') break;
        expect(listenersOn(signal)).toBe(0);
        expect(durationMs(await collectSpeech(provider, request))).toBeGreaterThan(100);
      }));

    it('stops with AbortError in the middle', () =>
      withSubject(make, async (provider) => {
        const controller = new AbortController();
        let heard = 0;
        const listening = (async () => {
          for await (const chunk of provider.synthesize(
            { ...request, text: `${text} `.repeat(20) },
            controller.signal,
          )) {
            if (chunk.type === 'audio' && ++heard === 1) controller.abort();
          }
        })();
        await expect(listening).rejects.toMatchObject({ name: 'AbortError' });
        expect(heard).toBe(1);
        expect(listenersOn(controller.signal)).toBe(0);
      }));

    it.each([
      ['no text', { text: '' }],
      ['more than 5,000 characters', { text: '가'.repeat(5_001) }],
      ['a voice that it does not have', { voice: '../../etc/passwd' }],
      ['a speed beyond 4', { speed: 4.5 }],
    ])('refuses %s', (_, change) =>
      withSubject(make, async (provider) => {
        const error = await providerErrorOf(collectSpeech(provider, { ...request, ...change }));
        expect(error.kind).toBe('invalid_input');
        expect(error.message).not.toBe('');
      }),
    );

    it('has a revision that stays', () =>
      withSubject(make, async (provider) => {
        expect(provider.revision).not.toBe('');
        const before = provider.revision;
        await collectSpeech(provider, request);
        expect(provider.revision).toBe(before);
      }));
  });
}
