import { describe, expect, it } from 'vitest';
import { createEndpointing } from './endpointing.ts';

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
