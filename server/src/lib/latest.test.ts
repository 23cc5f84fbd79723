import { describe, expect, it } from 'vitest';

import { createLatest } from './latest.ts';

describe('the latest of a value', () => {
  it('is read as it changes', async () => {
    const latest = createLatest<string>();
    const reader = latest[Symbol.asyncIterator]();
    const first = reader.next();
    latest.put('a');
    expect(await first).toEqual({ done: false, value: 'a' });
    latest.put('a');
    latest.put('b');
    latest.put('c');
    expect(await reader.next()).toEqual({ done: false, value: 'c' });
    const last = reader.next();
    latest.end();
    expect(await last).toEqual({ done: true, value: undefined });
  });

  it('is still read once after the end', async () => {
    const latest = createLatest<number>();
    latest.put(1);
    latest.end();
    latest.put(2);
    const all: number[] = [];
    for await (const value of latest) all.push(value);
    expect(all).toEqual([1]);
  });
});
