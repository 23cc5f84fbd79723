import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { isId } from '../lib/ids.ts';
import { createRequestIds, givenRequestId } from './request-id.ts';

describe('request ids', () => {
  it('have the shape of ids and differ', () => {
    const next = createRequestIds();
    const ids = Array.from({ length: 3_000 }, () => next());
    expect(ids.every((id) => isId('req', id))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('of two processes differ', () => {
    expect(createRequestIds()()).not.toBe(createRequestIds()());
  });

  it.each([
    ['a plain id', 'abc-123.x:y_z', 'abc-123.x:y_z'],
    ['a line break', 'a\nb', undefined],
    ['a quote', 'a"b', undefined],
    ['nothing', '', undefined],
    ['65 characters', 'a'.repeat(65), undefined],
  ])('given as %s', (_, given, expected) => {
    const request = { headers: { 'x-request-id': given } } as unknown as IncomingMessage;
    expect(givenRequestId(request)).toBe(expected);
  });
});
