import { describe, expect, it } from 'vitest';

import { readEvents } from './server-sent-events.ts';

async function events(bytes: Uint8Array, pieceBytes: number, mostBytes = 10_000): Promise<string[]> {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      await Promise.resolve();
      yield bytes.subarray(at, at + pieceBytes);
    }
  }
  const found: string[] = [];
  for await (const data of readEvents(pieces(), mostBytes)) found.push(data);
  return found;
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('readEvents', () => {
  const text = [
    '\u{FEFF}: a comment',
    '',
    'event: message',
    'id: 7',
    'data: {"말": "불고기버거 🍔"}',
    '',
    'data:no space',
    'data:  two',
    'data',
    '',
    ': keep-alive',
    '',
    '',
    'retry: 10',
    'data: a:b',
    '',
    '',
  ].join('\n');
  const expected = ['{"말": "불고기버거 🍔"}', 'no space\n two\n', 'a:b'];

  it.each(['\n', '\r\n', '\r'])('reads lines that end in %j, wherever they are cut', async (end) => {
    const bytes = bytesOf(text.replaceAll('\n', end));
    for (const pieceBytes of [1, 2, 3, 5, 7, 64, 1_000]) {
      expect(await events(bytes, pieceBytes)).toEqual(expected);
    }
  });

  it('drops an event that the end cuts off', async () => {
    expect(await events(bytesOf('data: whole\n\ndata: not'), 4)).toEqual(['whole']);
    expect(await events(bytesOf('data: whole\n\ndata: not\n'), 4)).toEqual(['whole']);
  });

  it('stops at what is too long, with or without line ends', async () => {
    await expect(events(bytesOf('x'.repeat(600)), 50, 500)).rejects.toThrow('more than 500 bytes');
    await expect(events(bytesOf('data: x\n\n'.repeat(600)), 50, 500)).rejects.toThrow('more than 500 bytes');
  });
});
