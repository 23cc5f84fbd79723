import { expect, it } from 'vitest';
import { harmlessStderr } from './harmless-stderr.ts';

it('tells of a death, and nothing of what was said', () => {
  const stderr = [
    '/build/csrc/offline-tts-frontend.cc:Convert:120 No letter is known of: 김말벗 010-1234-5678',
    "terminate called after throwing an instance of 'Ort::Exception'",
    '  what():  the words "the customer said this" do not fit',
    'free(): invalid pointer',
    'free(): the customer said, "free"',
    "  code: 'ERR_DLOPEN_FAILED'",
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    'Killed by the customer',
  ].join('\n');
  expect(harmlessStderr(stderr).split('\n')).toEqual([
    `${Buffer.byteLength(stderr)} bytes, which may hold what was said`,
    "terminate called after throwing an instance of 'Ort::Exception'",
    'free(): invalid pointer',
    "code: 'ERR_DLOPEN_FAILED'",
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  ]);
});

it('is empty for a program that printed nothing', () => {
  expect(harmlessStderr('')).toBe('');
});
