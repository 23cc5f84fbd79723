import { describe, expect, it } from 'vitest';

import { shiftPitch } from './voice-pitch.ts';

const RATE = 24_000;

async function* inPieces(sound: Int16Array, piece: number): AsyncGenerator<Int16Array, void, void> {
  for (let at = 0; at < sound.length; at += piece) yield sound.subarray(at, at + piece);
}

/** A second of a sine, through a shift, in pieces. */
async function shifted(hertz: number, pitch: number, piece: number): Promise<number[]> {
  const sine = Int16Array.from({ length: RATE }, (_, index) =>
    Math.round(8_000 * Math.sin((2 * Math.PI * hertz * index) / RATE)),
  );
  const samples: number[] = [];
  for await (const made of shiftPitch(inPieces(sine, piece), RATE, pitch)) samples.push(...made);
  return samples;
}

describe('a change of pitch', () => {
  it.each([0.5, 0.8, 1.25, 2])('by %f moves a tone by that, and its length by the inverse', async (pitch) => {
    const samples = await shifted(440, pitch, 10_000);
    expect(samples.length / (RATE / pitch)).toBeCloseTo(1, 2);
    let crossings = 0;
    for (let index = 1; index < samples.length; index++) {
      if (samples[index - 1]! < 0 && samples[index]! >= 0) crossings += 1;
    }
    expect((crossings * RATE) / samples.length / (440 * pitch)).toBeCloseTo(1, 1);
  });

  it('does not depend on how the sound comes in pieces', async () => {
    expect(await shifted(300, 1.3, 777)).toEqual(await shifted(300, 1.3, RATE));
  });

  it('lets others work meanwhile', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 0);
    try {
      const sound = inPieces(new Int16Array(2 * RATE), 2 * RATE);
      for await (const made of shiftPitch(sound, RATE, 1.1)) expect(made.length).toBeLessThan(6_000);
      expect(turns).toBeGreaterThan(0);
    } finally {
      clearInterval(timer);
    }
  });
});
