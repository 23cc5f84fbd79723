import { describe, expect, it } from 'vitest';
import { createPcmReader } from './pcm-pieces.ts';

describe('reading sound that comes in pieces', () => {
  it('gives the same samples wherever the bytes are cut', () => {
    const values = [0, 1, -1, 32_767, -32_768, 12_345];
    const bytes = new Uint8Array(Int16Array.from(values).buffer);
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= bytes.length; second++) {
        const read = createPcmReader();
        const pieces = [bytes.slice(0, first), bytes.slice(first, second), bytes.slice(second)];
        const samples = pieces.flatMap((piece) => [...read(piece)]);
        expect(samples).toEqual(values.map((value) => value / 32_768));
      }
    }
  });
});
