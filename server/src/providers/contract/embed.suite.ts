import { describe, expect, it } from 'vitest';

import type { Embedder } from '../spec/embed.ts';
import { providerChecks, quiet, withSubject, type Subject } from './provider.suite.ts';

export interface EmbedderCase {
  readonly make: () => Promise<Subject<Embedder>>;
}

/** What every provider of vectors keeps. */
export function embedderSuite(name: string, { make }: EmbedderCase): void {
  describe(`${name} as vectors`, () => {
    providerChecks(make, (provider, signal) => provider.embed(['안녕하세요'], signal));

    it('gives one unit vector a text, in order', () =>
      withSubject(make, async (provider) => {
        const texts = ['불고기버거', '콜라', '불고기버거', ''];
        const vectors = await provider.embed(texts, quiet());
        expect(vectors).toHaveLength(texts.length);
        for (const vector of vectors) {
          expect(vector).toHaveLength(provider.dimensions);
          expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
        }
        expect(vectors[2]).toEqual(vectors[0]);
        expect(vectors[1]).not.toEqual(vectors[0]);
      }));

    it('gives nothing for nothing', () =>
      withSubject(make, async (provider) => {
        expect(await provider.embed([], quiet())).toEqual([]);
      }));

    it('puts like words closer together than unlike ones', () =>
      withSubject(make, async (provider) => {
        const [burger, burgers, weather] = await provider.embed(
          ['불고기버거 하나 주세요', '불고기버거 두 개 주세요', '내일 날씨가 궁금해'],
          quiet(),
        );
        const likeness = (a: Float32Array, b: Float32Array) =>
          a.reduce((sum, value, index) => sum + value * b[index]!, 0);
        expect(likeness(burger!, burgers!)).toBeGreaterThan(likeness(burger!, weather!));
      }));
  });
}
