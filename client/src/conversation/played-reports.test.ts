import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { createFrameSieve } from './frame-sieve.ts';
import { createPlayedReports } from './played-reports.ts';
import { createWaitingFrames } from './waiting-frames.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('reports of what was played', () => {
  const open = () => {
    const sent: (readonly [number, number])[] = [];
    return { sent, reports: createPlayedReports({ everyMs: 100, send: (id, ms) => sent.push([id, ms]) }) };
  };

  it('go out at once, then every 100 ms with the newest, and no more when nothing is told', () => {
    const { sent, reports } = open();
    for (let ms = 0; ms < 250; ms += 10) {
      reports.report(1, ms, false);
      vi.advanceTimersByTime(10);
    }
    expect(sent).toEqual([
      [1, 0],
      [1, 90],
      [1, 190],
    ]);
    vi.advanceTimersByTime(1_000);
    expect(sent.at(-1)).toEqual([1, 240]);
    expect(sent).toHaveLength(4);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('of the end go out at once, and another sound does not swallow what waits', () => {
    const { sent, reports } = open();
    reports.report(1, 10, false);
    reports.report(1, 20, true);
    reports.report(1, 30, false);
    reports.report(2, 5, false);
    expect(sent).toHaveLength(3);
    vi.advanceTimersByTime(100);
    reports.report(2, 6, false);
    reports.clear();
    vi.advanceTimersByTime(1_000);
    expect(sent).toEqual([
      [1, 10],
      [1, 20],
      [1, 30],
      [2, 5],
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('the sieve lets each frame through once, and remembers a bounded number of sounds', () => {
  const sieve = createFrameSieve();
  expect([0, 1, 1, 0, 2].map((sequence) => sieve.isNew(7, sequence))).toEqual([
    true,
    true,
    false,
    false,
    true,
  ]);
  for (let audioId = 100; audioId < 200; audioId++) sieve.isNew(audioId, 0);
  expect(sieve.isNew(199, 0)).toBe(false);
  expect(sieve.isNew(7, 2)).toBe(true);
});

it('frames that wait are the last seconds', () => {
  const waiting = createWaitingFrames(100);
  for (let number = 0; number < 20; number++) waiting.add(Uint8Array.of(number), 20);
  expect(waiting.take().map(([number]) => number)).toEqual([15, 16, 17, 18, 19]);
  expect(waiting.take()).toEqual([]);
});
