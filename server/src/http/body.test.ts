import { describe, expect, it } from 'vitest';
import type { AppError } from '../errors/app-error.ts';
import { parseJson } from './body.ts';

describe('parseJson', () => {
  it('reads JSON with Korean in it, and with a byte order mark', () => {
    expect(parseJson(Buffer.from('\uFEFF{"text":"불고기버거"}'))).toEqual({ text: '불고기버거' });
  });

  it.each([
    ['broken', '{"a":'],
    ['a prototype', '{"a":{"__proto__":{"admin":true}}}'],
    ['a prototype in disguise', '{"\\u005f_proto__":{}}'],
    ['nested too deeply', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
  ])('refuses what is %s', (_, text) => {
    expect(() => parseJson(Buffer.from(text))).toThrow(
      expect.objectContaining({ code: 'MALFORMED_BODY' }) as AppError,
    );
  });

  it('refuses what is no UTF-8', () => {
    expect(() => parseJson(Buffer.from([0x22, 0xff, 0xfe, 0x22]))).toThrow('not text in UTF-8');
  });
});
