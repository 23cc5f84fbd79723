import { describe, expect, it } from 'vitest';

import type { ChatChunk, LanguageModel } from '../spec/llm.ts';
import { listenersOn, providerChecks, quiet, withSubject, type Subject } from './provider.suite.ts';

export interface LanguageModelCase {
  readonly make: () => Promise<Subject<LanguageModel>>;
}

/** What every language model keeps. */
export function languageModelSuite(name: string, { make }: LanguageModelCase): void {
  const request = { messages: [{ role: 'user', content: '안녕하세요?' }] } as const;
  const collect = async (provider: LanguageModel, signal: AbortSignal, maxTokens?: number) => {
    const chunks: ChatChunk[] = [];
    const asked = maxTokens === undefined ? request : { ...request, maxTokens };
    for await (const chunk of provider.chat(asked, signal)) chunks.push(chunk);
    return chunks;
  };

  describe(`${name} as a mind`, () => {
    providerChecks(make, collect);

    it('answers in pieces and says once, at the end, why it stopped', () =>
      withSubject(make, async (provider) => {
        const chunks = await collect(provider, quiet());
        expect(chunks.filter(({ type }) => type === 'finish')).toHaveLength(1);
        expect(chunks.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
        expect(chunks.map((chunk) => (chunk.type === 'text-delta' ? chunk.text : '')).join('')).not.toBe('');
        expect(provider.contextTokens).toBeGreaterThan(0);
      }));

    it('keeps to the longest answer that it is given', () =>
      withSubject(make, async (provider) => {
        expect((await collect(provider, quiet(), 1)).at(-1)).toEqual({ type: 'finish', reason: 'length' });
      }));

    it('stops when the listener leaves early', () =>
      withSubject(make, async (provider) => {
        const signal = quiet();
        for await (const chunk of provider.chat(request, signal)) if (chunk.type === 'text-delta') break;
        expect(listenersOn(signal)).toBe(0);
      }));
  });
}
