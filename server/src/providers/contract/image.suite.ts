import { describe, expect, it } from 'vitest';

import type { ImageGenerator } from '../spec/image.ts';
import { providerChecks, providerErrorOf, quiet, withSubject, type Subject } from './provider.suite.ts';

export interface ImageGeneratorCase {
  readonly make: () => Promise<Subject<ImageGenerator>>;
}

const SIGNATURES = {
  'image/png': [0x89, 0x50, 0x4e, 0x47],
  'image/jpeg': [0xff, 0xd8, 0xff],
  'image/webp': [0x52, 0x49, 0x46, 0x46],
};

/** What every provider of pictures keeps. */
export function imageGeneratorSuite(name: string, { make }: ImageGeneratorCase): void {
  const request = { prompt: '숲 속의 토끼', width: 64, height: 48, seed: 7 };
  describe(`${name} as pictures`, () => {
    providerChecks(make, (provider, signal) => provider.generate(request, signal));

    it('gives a picture of the size and type that it says', () =>
      withSubject(make, async (provider) => {
        const { bytes, mediaType, width, height } = await provider.generate(request, quiet());
        expect([width, height]).toEqual([64, 48]);
        expect([...bytes.subarray(0, SIGNATURES[mediaType].length)]).toEqual(SIGNATURES[mediaType]);
        const view = new DataView(bytes.buffer, bytes.byteOffset);
        const drawn = mediaType === 'image/png' ? [view.getUint32(16), view.getUint32(20)] : [width, height];
        expect(drawn).toEqual([64, 48]);
      }));

    it('gives the same picture for the same seed and another for another', () =>
      withSubject(make, async (provider) => {
        const first = await provider.generate(request, quiet());
        expect((await provider.generate(request, quiet())).bytes).toEqual(first.bytes);
        expect((await provider.generate({ ...request, seed: 8 }, quiet())).bytes).not.toEqual(first.bytes);
      }));

    it('refuses a size that can not be', () =>
      withSubject(make, async (provider) => {
        expect((await providerErrorOf(provider.generate({ ...request, width: 0 }, quiet()))).kind).toBe(
          'invalid_input',
        );
      }));
  });
}
