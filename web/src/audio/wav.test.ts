import { describe, expect, it } from 'vitest';

import { encodeWav } from './wav.ts';

describe('encodeWav', () => {
  it('writes mono PCM with sizes that fit', () => {
    const bytes = encodeWav(new Float32Array([0, 1, -1, 0.5]), 16_000);
    const view = new DataView(bytes.buffer);
    const text = (from: number) => String.fromCharCode(...bytes.subarray(from, from + 4));
    expect([text(0), text(8), text(12), text(36)]).toEqual(['RIFF', 'WAVE', 'fmt ', 'data']);
    expect(bytes.length).toBe(52);
    expect(view.getUint32(4, true)).toBe(44);
    expect(view.getUint32(40, true)).toBe(8);
    expect([view.getUint16(20, true), view.getUint16(22, true), view.getUint16(34, true)]).toEqual([
      1, 1, 16,
    ]);
    expect([view.getUint32(24, true), view.getUint32(28, true)]).toEqual([16_000, 32_000]);
    expect([0, 1, 2, 3].map((index) => view.getInt16(44 + index * 2, true))).toEqual([
      0, 32_767, -32_768, 16_384,
    ]);
  });

  it('clips instead of wrapping', () => {
    const view = new DataView(encodeWav(new Float32Array([1.5, -1.5]), 16_000).buffer);
    expect([view.getInt16(44, true), view.getInt16(46, true)]).toEqual([32_767, -32_768]);
  });
});
