import { describe, expect, it } from 'vitest';
import { EMOTION_SHIFTS, emotionStyle, SPOKEN_EMOTIONS } from './emotion-style.ts';

describe('emotionStyle', () => {
  it.each([
    ['joy', 0.2, 1.1, 0.1],
    ['sadness', -0.15, 0.9, -0.1],
    ['anger', 0.1, 1.2, 0.15],
    ['fear', 0.3, 1.3, -0.05],
    ['surprise', 0.25, 1.15, 0.05],
    ['neutral', 0, 1, 0],
  ] as const)('%s moves a voice by the numbers of the specification', (emotion, octaves, rate, volume) => {
    expect(EMOTION_SHIFTS[emotion]).toEqual({ pitchOctaves: octaves, rate, volume });
    const style = emotionStyle(emotion);
    expect(style.pitch).toBeCloseTo(2 ** octaves, 3);
    expect(style.speed).toBeCloseTo(rate, 3);
    expect(style.volume).toBeCloseTo(1 + volume, 10);
  });

  it('leaves a voice alone when it is neutral', () => {
    expect(emotionStyle('neutral')).toEqual({ speed: 1, pitch: 1, volume: 1 });
  });

  it('comes on top of what was asked for, and stays within what voices take', () => {
    expect(emotionStyle('joy', { speed: 2, pitch: 1.5 })).toMatchObject({ speed: 2.2, pitch: 1.723 });
    for (const emotion of SPOKEN_EMOTIONS) {
      for (const [speed, pitch] of [
        [0.25, 0.5],
        [4, 2],
      ] as const) {
        const style = emotionStyle(emotion, { speed, pitch });
        expect(style.speed).toBeGreaterThanOrEqual(0.25);
        expect(style.speed).toBeLessThanOrEqual(4);
        expect(style.pitch).toBeGreaterThanOrEqual(0.5);
        expect(style.pitch).toBeLessThanOrEqual(2);
      }
    }
  });
});
