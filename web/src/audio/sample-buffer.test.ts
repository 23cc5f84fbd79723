import { describe, expect, it } from 'vitest';

import { createRecording, createRingBuffer } from './sample-buffer.ts';

const run = (from: number, count: number) => Float32Array.from({ length: count }, (_, index) => from + index);

describe('createRingBuffer', () => {
  for (const pieces of [[3, 3, 3], [1, 4, 4], [9], [5, 4], [2, 7], [0, 9]]) {
    it(`keeps the newest of pieces of ${pieces.join(', ')}`, () => {
      const ring = createRingBuffer(5);
      let next = 0;
      for (const piece of pieces) {
        ring.push(run(next, piece));
        next += piece;
      }
      expect(ring.size).toBe(5);
      expect([...ring.take()]).toEqual([4, 5, 6, 7, 8]);
      expect(ring.size).toBe(0);
    });
  }

  it('gives less when there is less, and begins anew after it was taken', () => {
    const ring = createRingBuffer(5);
    ring.push(run(0, 3));
    expect([...ring.take()]).toEqual([0, 1, 2]);
    ring.push(run(7, 4));
    ring.push(run(11, 2));
    expect([...ring.take()]).toEqual([8, 9, 10, 11, 12]);
  });

  it('may have no room at all', () => {
    const ring = createRingBuffer(0);
    ring.push(run(0, 3));
    expect(ring.take()).toHaveLength(0);
  });
});

describe('createRecording', () => {
  it('keeps the first samples up to its limit', () => {
    const recording = createRecording(5);
    recording.push(run(0, 3));
    expect(recording.full).toBe(false);
    recording.push(run(3, 4));
    recording.push(run(7, 4));
    expect(recording.full).toBe(true);
    expect([...recording.join()]).toEqual([0, 1, 2, 3, 4]);
  });
});
