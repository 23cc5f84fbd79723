import { describe, expect, it } from 'vitest';
import { quiet } from '../providers/contract/provider.suite.ts';
import { turnEndSuite } from '../providers/contract/turn-end.suite.ts';
import { systemTimers } from '../lib/timers.ts';
import { createPauseJudge } from './pause-judge.ts';
import { createSimulatedTurnEnds, type SimulatedTurnEndsOptions } from './testing/simulated-turn-ends.ts';
import { createVirtualWorld } from './testing/virtual-world.ts';

turnEndSuite('the simulated detector', {
  make: () =>
    Promise.resolve({
      provider: createSimulatedTurnEnds({ timers: systemTimers, tookMs: 1, probability: 0.7 }),
      end: () => Promise.resolve(),
    }),
  speech: () => Promise.resolve(new Float32Array(20_000).fill(0.1)),
});

function open(options: Partial<SimulatedTurnEndsOptions> = {}) {
  const world = createVirtualWorld();
  const detector = createSimulatedTurnEnds({ timers: world.clock, probability: 0.7, ...options });
  const troubles: unknown[] = [];
  const judge = createPauseJudge({ detector, onTrouble: (error) => troubles.push(error) }, quiet());
  return { world, detector, troubles, judge };
}

describe('a judge of pauses', () => {
  it('asks once a pause, when the silence is no gap within a word any more', async () => {
    const { world, detector, judge } = open();
    judge.push(new Float32Array(512));
    for (const silentMs of [32, 64, 96, 128, 160]) expect(judge.judge(silentMs)).toBeNull();
    expect(detector.asked).toEqual([]);
    expect(judge.judge(192)).toBeNull();
    await world.pass(40);
    judge.push(new Float32Array(512));
    expect([224, 256, 288].map((silentMs) => judge.judge(silentMs))).toEqual([0.7, 0.7, 0.7]);
    expect(detector.asked).toEqual([512]);
  });

  it('forgets the answer when the person goes on, and asks anew about the next pause and all of the sound', async () => {
    const { world, detector, judge } = open({ probability: (samples) => samples.length / 10_000 });
    judge.push(new Float32Array(1_000));
    judge.judge(200);
    await world.pass(40);
    expect(judge.judge(232)).toBe(0.1);
    judge.goOn();
    judge.push(new Float32Array(1_000));
    expect(judge.judge(32)).toBeNull();
    judge.judge(200);
    await world.pass(40);
    expect(judge.judge(232)).toBe(0.2);
    expect(detector.asked).toEqual([1_000, 2_000]);
  });

  it('takes no answer to an earlier pause for one to this', async () => {
    const { world, detector, judge } = open({ tookMs: 100 });
    judge.push(new Float32Array(512));
    judge.judge(200);
    await world.pass(50);
    judge.goOn();
    expect(detector.open).toBe(1);
    await world.pass(10);
    expect(detector.open).toBe(0);
    expect(judge.judge(200)).toBeNull();
    await world.pass(60);
    expect(judge.judge(264)).toBeNull();
    await world.pass(60);
    expect(judge.judge(328)).toBe(0.7);
  });

  it('hands on the last 8 s, whatever the pieces', () => {
    const { detector, judge } = open();
    for (let piece = 0; piece < 500; piece++) judge.push(new Float32Array(511));
    judge.judge(200);
    expect(detector.asked).toHaveLength(1);
    expect(detector.asked[0]).toBeGreaterThanOrEqual(128_000);
    expect(detector.asked[0]).toBeLessThan(128_000 + 511);
  });

  it('asks nobody again who does not settle a question, not even when it is called off', async () => {
    const world = createVirtualWorld();
    let asked = 0;
    const deaf = {
      ...createSimulatedTurnEnds({ timers: world.clock, probability: 1 }),
      judge: () => {
        asked++;
        return new Promise<never>(() => {});
      },
    };
    const judge = createPauseJudge({ detector: deaf }, quiet());
    for (let pause = 0; pause < 5; pause++) {
      expect(judge.judge(200)).toBeNull();
      await world.pass(500);
      judge.goOn();
    }
    expect(asked).toBe(1);
  });

  it('tells of a detector that fails, and knows nothing', async () => {
    const { world, detector, troubles, judge } = open();
    await detector.close?.();
    judge.judge(200);
    await world.pass(10);
    expect(judge.judge(232)).toBeNull();
    expect(troubles).toMatchObject([{ kind: 'unavailable' }]);
  });

  it('calls its question off when it is closed, and asks no more', async () => {
    const { world, detector, troubles, judge } = open({ tookMs: Infinity });
    judge.push(new Float32Array(512));
    judge.judge(200);
    expect(detector.open).toBe(1);
    judge.close();
    judge.close();
    await world.pass(10);
    judge.push(new Float32Array(512));
    expect(judge.judge(500)).toBeNull();
    expect(detector).toMatchObject({ open: 0, asked: [512] });
    expect(troubles).toEqual([]);
    expect(world.clock.sleepers).toBe(0);
  });
});
