import { describe, expect, it } from 'vitest';

import { createManualClock } from '../fake/manual-clock.ts';
import { createPace, type Pace } from './pace.ts';

const others = { isLast: false };

function paceOf({ isLocal = false } = {}) {
  const clock = createManualClock();
  return { clock, pace: createPace({ clock, isLocal }) };
}

/** As many answers of one length. */
function answer(pace: Pace, times: number, ms: number): void {
  for (let time = 0; time < times; time++) pace.answered('first_output', ms);
}

describe('the time that a provider gets', () => {
  it('is one and a half times the slowest of its last 50 answers, from 250 ms to 3 s', () => {
    const { pace } = paceOf();
    expect(pace.limitMs('first_output', others)).toBe(1_500);
    answer(pace, 1, 50);
    expect(pace.limitMs('first_output', others)).toBe(250);
    answer(pace, 1, 400);
    expect(pace.limitMs('first_output', others)).toBe(600);
    answer(pace, 49, 200);
    expect(pace.limitMs('first_output', others)).toBe(600);
    answer(pace, 1, 200);
    expect(pace.limitMs('first_output', others)).toBe(300);
    answer(pace, 3, 9_000);
    expect(pace.limitMs('first_output', others)).toBe(3_000);
    expect(pace.limitMs('next_output', others)).toBe(1_500);
    expect(pace.limits()).toEqual({ first_output: 3_000, next_output: 1_500 });
  });

  it('is not that of an accident: one answer in 25 that took more than three times the median', () => {
    const { pace } = paceOf();
    answer(pace, 1, 500);
    expect(pace.limitMs('first_output', others)).toBe(750);
    answer(pace, 1, 100);
    expect(pace.limitMs('first_output', others)).toBe(750);
    answer(pace, 1, 100);
    expect(pace.limitMs('first_output', others)).toBe(250);
    answer(pace, 1, 500);
    expect(pace.limitMs('first_output', others)).toBe(750);
    answer(pace, 30, 100);
    expect(pace.limitMs('first_output', others)).toBe(250);
    answer(pace, 1, 500);
    expect(pace.limitMs('first_output', others)).toBe(750);
  });

  it('is that of the slowest where times merely differ', () => {
    const { pace } = paceOf();
    for (const ms of [400, 900, 500, 600, 1_400]) pace.answered('first_output', ms);
    expect(pace.limitMs('first_output', others)).toBe(2_100);
  });

  it('goes by the last half hour only, timeouts included', () => {
    const { clock, pace } = paceOf();
    answer(pace, 10, 800);
    clock.advance(1_000_000);
    answer(pace, 10, 200);
    expect(pace.limitMs('first_output', others)).toBe(1_200);
    clock.advance(800_000);
    expect(pace.limitMs('first_output', others)).toBe(300);
    for (let time = 0; time < 5; time++) pace.timedOut('first_output');
    expect(pace.limitMs('first_output', others)).toBe(1_013);
    clock.advance(1_800_000);
    expect(pace.limitMs('first_output', others)).toBe(1_500);
  });

  it('is a new one for a provider that has become slower: what it did before is forgotten', () => {
    const { pace } = paceOf();
    answer(pace, 50, 100);
    for (let time = 0; time < 5; time++) pace.timedOut('first_output');
    answer(pace, 1, 500);
    expect(pace.limitMs('first_output', others)).toBe(750);
    for (let time = 0; time < 2; time++) pace.timedOut('first_output');
    answer(pace, 1, 600);
    expect(pace.limitMs('first_output', others)).toBe(900);
  });

  it('grows for one that has become slower, after three timeouts, until it answers', () => {
    const { pace } = paceOf();
    pace.answered('first_output', 200);
    const limits = Array.from({ length: 6 }, () => {
      const limit = pace.limitMs('first_output', others);
      pace.timedOut('first_output');
      return limit;
    });
    expect(limits).toEqual([300, 300, 300, 450, 675, 1_013]);
    pace.answered('first_output', 1_000);
    expect(pace.limitMs('first_output', others)).toBe(1_500);
  });

  it('is the longest when nobody is left to ask', () => {
    const { pace } = paceOf();
    pace.answered('first_output', 50);
    expect(pace.limitMs('first_output', { isLast: true })).toBe(3_000);
    expect(paceOf({ isLocal: true }).pace.limitMs('next_output', { isLast: true })).toBe(10_000);
  });

  it('lets a local one load its model: at first, and when it was not asked for long, but once only', () => {
    const { clock, pace } = paceOf({ isLocal: true });
    expect(pace.limitMs('first_output', others)).toBe(10_000);
    pace.timedOut('first_output');
    expect(pace.limitMs('first_output', others)).toBe(1_500);
    pace.answered('first_output', 50);
    expect(pace.limitMs('first_output', others)).toBe(250);
    clock.advance(299_999);
    expect(pace.limitMs('first_output', others)).toBe(250);
    clock.advance(1);
    expect(pace.limitMs('first_output', others)).toBe(10_000);
  });

  it('does not count an answer of a local one that had its model to load, nor those that waited with it', () => {
    const { clock, pace } = paceOf({ isLocal: true });
    clock.advance(4_000);
    pace.answered('first_output', 3_000);
    clock.advance(100);
    pace.answered('first_output', 2_500);
    expect(pace.limits()).toEqual({});
    clock.advance(400);
    pace.answered('first_output', 300);
    expect(pace.limitMs('first_output', others)).toBe(450);
    clock.advance(302_000);
    pace.answered('first_output', 2_000);
    expect(pace.limitMs('first_output', others)).toBe(450);
  });

  it('grows with the size of what is asked', () => {
    const { pace } = paceOf();
    const sound = (seconds: number) => ({
      isLast: false,
      size: { amount: 1 + seconds, unknownMs: 1_500 + 500 * seconds, ceilingMs: 10_000 },
    });
    expect(pace.limitMs('whole_answer', sound(4))).toBe(3_500);
    pace.answered('whole_answer', 300, sound(2).size);
    expect(pace.limitMs('whole_answer', sound(2))).toBe(450);
    expect(pace.limitMs('whole_answer', sound(9))).toBe(1_500);
    expect(pace.limitMs('whole_answer', sound(119))).toBe(10_000);
  });
});
