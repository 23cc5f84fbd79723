import { describe, expect, it } from 'vitest';

import { cutSound } from './cut-sound.ts';

const RATE = 1_000;
const LIMITS = { maxSeconds: 10, searchSeconds: 4 };

/** Loud, and silent for half a second from each of `pauses`, in seconds. */
function sound(seconds: number, pauses: readonly number[] = []): Float32Array {
  const samples = new Float32Array(seconds * RATE).map((_, at) => (at % 2 === 0 ? 0.5 : -0.5));
  for (const pause of pauses) samples.fill(0, pause * RATE, (pause + 0.5) * RATE);
  return samples;
}

const seconds = (pieces: readonly Float32Array[]) => pieces.map(({ length }) => length / RATE);

describe('sound that is cut into pieces', () => {
  it('stays whole where it is short enough', () => {
    const samples = sound(10);
    const pieces = cutSound(samples, RATE, LIMITS);
    expect(seconds(pieces)).toEqual([10]);
    expect(pieces[0]!.buffer).toBe(samples.buffer);
    expect(seconds(cutSound(new Float32Array(0), RATE, LIMITS))).toEqual([0]);
  });

  it('is cut in its pauses, the later ones first', () => {
    const pieces = cutSound(sound(25, [3, 7, 9, 16]), RATE, LIMITS);
    const [first, second] = seconds(pieces);
    expect(first).toBeGreaterThan(9);
    expect(first).toBeLessThan(9.5);
    expect(first! + second!).toBeGreaterThan(16);
    expect(first! + second!).toBeLessThan(16.5);
    expect(pieces).toHaveLength(3);
  });

  it('is cut all the same where nobody pauses, and nothing is lost', () => {
    const samples = sound(61);
    const pieces = cutSound(samples, RATE, LIMITS);
    for (const length of seconds(pieces)) expect(length).toBeLessThanOrEqual(10);
    expect(pieces.length).toBeLessThanOrEqual(8);
    expect(pieces.flatMap((piece) => [...piece])).toEqual([...samples]);
  });
});
