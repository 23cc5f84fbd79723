import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { chooseEncoding, compress, compressKept, isCompressible } from './compress.ts';

describe('chooseEncoding', () => {
  it.each([
    [undefined, null],
    ['', null],
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['gzip;q=0', null],
    ['GZIP', 'gzip'],
    ['identity', null],
    ['brotli', null],
  ])('%s', (header, expected) => {
    expect(chooseEncoding(header)).toBe(expected);
  });
});

describe('compress', () => {
  const text = Buffer.from('안녕하세요. '.repeat(300));

  it('gives the same bytes back', async () => {
    expect(gunzipSync(await compress(text, 'gzip', false))).toEqual(text);
    expect(brotliDecompressSync(await compress(text, 'br', true))).toEqual(text);
  });

  it('works out kept bytes once', async () => {
    const first = await compressKept(text, 'br');
    expect(await compressKept(text, 'br')).toBe(first);
    expect(await compressKept(Buffer.from(text), 'br')).not.toBe(first);
  });

  it('leaves sounds and pictures alone', () => {
    expect(isCompressible('application/problem+json; charset=utf-8')).toBe(true);
    expect(isCompressible('text/javascript; charset=utf-8')).toBe(true);
    expect(isCompressible('audio/wav')).toBe(false);
    expect(isCompressible('image/png')).toBe(false);
    expect(isCompressible('text/event-stream; charset=utf-8')).toBe(false);
  });
});
