import { describe, expect, it } from 'vitest';
import { createEndpointing, joinVerdicts, type TurnEndVerdict } from './endpointing.ts';

describe('words and sound together', () => {
  const table: readonly (readonly [words: TurnEndVerdict, sound: number | null, together: TurnEndVerdict])[] =
    [
      ['none', null, 'none'],
      ['none', 0, 'open'],
      ['none', 0.49, 'open'],
      ['none', 0.5, 'complete'],
      ['none', 1, 'complete'],
      ['unclear', null, 'unclear'],
      ['unclear', 0, 'open'],
      ['unclear', 0.49, 'open'],
      ['unclear', 0.5, 'complete'],
      ['unclear', 1, 'complete'],
      ['open', null, 'open'],
      ['open', 0, 'open'],
      ['open', 0.5, 'open'],
      ['open', 0.89, 'open'],
      ['open', 0.9, 'complete'],
      ['open', 1, 'complete'],
      ['complete', null, 'complete'],
      ['complete', 0, 'unclear'],
      ['complete', 0.19, 'unclear'],
      ['complete', 0.2, 'complete'],
      ['complete', 1, 'complete'],
    ];

  it.each(table)('words %s, sound %s: %s', (words, sound, together) => {
    expect(joinVerdicts(words, sound)).toBe(together);
  });

  it('wait from 300 to 900 ms, whatever is known of the person', () => {
    for (const pauseMs of [160, 400, 5_000]) {
      const { learnPause, learnCutOff, patienceMs } = createEndpointing();
      for (let time = 0; time < 5; time++) {
        learnPause(pauseMs);
        learnCutOff();
        for (const [words, sound] of table) {
          expect(patienceMs(joinVerdicts(words, sound))).toBeGreaterThanOrEqual(300);
          expect(patienceMs(joinVerdicts(words, sound))).toBeLessThanOrEqual(900);
        }
      }
    }
  });
});

describe('endpointing', () => {
  it('waits by what the words say, from 300 to 900 ms', () => {
    const { patienceMs } = createEndpointing();
    const waits = (['complete', 'unclear', 'none', 'open'] as const).map(patienceMs);
    expect(waits).toEqual([320, 600, 700, 900]);
  });

  it('gives more time to who pauses long, and less to who speaks fluently', () => {
    const slow = createEndpointing();
    for (let pause = 0; pause < 10; pause++) slow.learnPause(700);
    expect(slow.patienceMs('unclear')).toBe(900);
    expect(slow.patienceMs('complete')).toBeGreaterThan(400);
    expect(slow.patienceMs('complete')).toBeLessThan(500);
    const quick = createEndpointing();
    for (let pause = 0; pause < 10; pause++) quick.learnPause(200);
    expect(quick.patienceMs('unclear')).toBeCloseTo(300, 0);
    expect(quick.patienceMs('complete')).toBe(300);
  });

  it('learns nothing from the gaps within words', () => {
    const { learnPause, patienceMs } = createEndpointing();
    learnPause(96);
    expect(patienceMs('unclear')).toBe(600);
  });

  it('is more careful after it cut somebody off, for a while, and never beyond 900 ms', () => {
    const { learnCutOff, learnPause, patienceMs } = createEndpointing();
    learnCutOff();
    expect(patienceMs('complete')).toBe(470);
    for (let time = 0; time < 9; time++) learnCutOff();
    expect(patienceMs('complete')).toBe(900);
    for (let time = 0; time < 12; time++) learnPause(64);
    expect(patienceMs('complete')).toBeCloseTo(320, 0);
  });
});
