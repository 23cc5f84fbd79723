import { describe, expect, it } from 'vitest';

import { createNoiseFloor } from './noise-floor.ts';

const follow = (floor: ReturnType<typeof createNoiseFloor>, levelDb: number, frames: number) => {
  for (let frame = 0; frame < frames; frame++) floor.follow(levelDb);
  return floor.levelDb;
};

describe('the noise floor', () => {
  it('takes nobody for noise in the first second', () => {
    const floor = createNoiseFloor();
    expect(follow(floor, -30, 36)).toBe(-60);
    expect(follow(floor, -30, 1)).toBeCloseTo(-30);
  });

  it('falls at once and rises after 2.3 s', () => {
    const floor = createNoiseFloor();
    follow(floor, -50, 100);
    expect(follow(floor, -30, 60)).toBeLessThan(-44);
    expect(follow(floor, -30, 12)).toBeCloseTo(-30, 0);
    expect(follow(floor, -50, 8)).toBeLessThan(-49);
  });

  it('is not moved by what comes and goes', () => {
    const floor = createNoiseFloor();
    follow(floor, -50, 100);
    for (let breath = 0; breath < 20; breath++) {
      follow(floor, -35, 20);
      expect(follow(floor, -50, 10)).toBeLessThan(-48);
    }
  });

  it('is never below -70 dB, and takes no voice between zeros for the room', () => {
    const floor = createNoiseFloor();
    follow(floor, -50, 100);
    expect(follow(floor, -100, 30)).toBeCloseTo(-70, 0);
    for (let word = 0; word < 20; word++) {
      follow(floor, -30, 8);
      expect(follow(floor, -100, 8)).toBeLessThan(-68);
    }
  });
});
