import { describe, expect, it } from 'vitest';
import { maskText, redactFields } from './redact.ts';

describe('redactFields', () => {
  it('hides secrets and words at any depth, by name', () => {
    const fields = {
      authorization: 'Bearer abc',
      'X-Device-Key': 'k',
      accessToken: 't',
      refresh_token: 't',
      nested: { deeper: [{ transcript: '불고기버거 주세요', name: '김말벗', ok: 1 }] },
      DB_PASSWORD: 'p',
    };
    expect(redactFields(fields)).toEqual({
      authorization: '[hidden]',
      'X-Device-Key': '[hidden]',
      accessToken: '[hidden]',
      refresh_token: '[hidden]',
      nested: { deeper: [{ transcript: '[hidden]', name: '[hidden]', ok: 1 }] },
      DB_PASSWORD: '[hidden]',
    });
  });

  it('keeps ids, codes, counts and times', () => {
    const fields = {
      request_id: 'req_1',
      code: 'NOT_FOUND',
      status: 404,
      ms: 1.5,
      max_tokens: 100,
      who: 'nobody',
    };
    expect(redactFields(fields)).toBe(fields);
  });

  it('tells errors by kind and place, with their cause, and masks what they say', () => {
    const cause = Object.assign(new TypeError('at postgres://user:pw@db/x'), { code: 'ECONNREFUSED' });
    const { err } = redactFields({
      err: new Error('token eyJhbGciOi.eyJzdWIiOiIx.abc failed', { cause }),
    }) as {
      err: Record<string, unknown>;
    };
    expect(err['detail']).toBe('token [token] failed');
    expect(err['stack']).toMatch(/^ {4}at /);
    expect(err['cause']).toMatchObject({
      type: 'TypeError',
      code: 'ECONNREFUSED',
      detail: 'at postgres://[hidden]@db/x',
    });
    expect(JSON.stringify(err)).not.toContain('eyJ');
  });

  it('survives circles, bytes, bigints and endless depth', () => {
    const circle: Record<string, unknown> = { bytes: new Uint8Array(3), big: 5n };
    circle['self'] = circle;
    const text = JSON.stringify(redactFields(circle));
    expect(text).toContain('[3 bytes]');
    expect(text).toContain('[deeper]');
  });
});

describe('maskText', () => {
  it.each([
    ['Authorization: Bearer abc.def-123', 'Authorization: Bearer [hidden]'],
    ['key sk-abcdefghijklmnop', 'key [key]'],
    ['전화 010-1234-5678 입니다', '전화 [phone] 입니다'],
    ['mail kim@example.co.kr', 'mail [e-mail]'],
    ['900101-1234567', '[number]'],
    ['order ord_123 took 12 ms', 'order ord_123 took 12 ms'],
  ])('%s', (text, expected) => {
    expect(maskText(text)).toBe(expected);
  });
});
