import { describe, expect, it } from 'vitest';

import { percentileOf } from './testing/chance.ts';
import { runFaults } from './testing/fault-run.ts';
import { FAULT_KINDS } from './testing/simulated-fault.ts';

/** Ten thousand in `npm run soak`, with a seed of its own. */
const FAULTS = Number(process.env['CHAIN_FAULTS'] ?? 600);
const SEED = Number(process.env['CHAIN_SEED'] ?? 4);

const percentiles = (sorted: readonly number[]) =>
  [0.5, 0.95, 0.99].map((share) => Math.round(percentileOf(sorted, share)));

describe(`chains with ${FAULTS} faults (seed ${SEED})`, () => {
  it('lose no turn, never speak with two voices, and leave a gap below 400 ms in 95 of 100', async () => {
    const run = await runFaults({ faults: FAULTS, seed: SEED });
    const [gaps, hearing, thinking] = [run.gapsMs, run.hearingMs, run.thinkingMs].map(percentiles);
    const { withTimes, without } = run.saidTwice;
    process.stdout.write(
      `${run.turns} turns, ${run.faults} faults, ${run.takeovers} takeovers in mid-sentence, ${run.brokenAnswers} answers broken ` +
        `off with an error; p50, p95, p99 of turns with a fault in ms: longest silence ${gaps!.join(', ')}; hearing ` +
        `${hearing!.join(', ')}; first text ${thinking!.join(', ')}; words said twice: ${withTimes} after a voice with ` +
        `times, ${without} after one without\n`,
    );
    expect(run.wrongs).toEqual([]);
    expect(run.faults).toBeGreaterThanOrEqual(FAULTS);
    expect(Object.keys(run.faultsByKind)).toHaveLength(FAULT_KINDS.length);
    expect(run.takeovers).toBeGreaterThan(FAULTS / 40);
    expect(run.brokenAnswers).toBeGreaterThan(FAULTS / 100);
    for (const [, p95] of [gaps!, hearing!, thinking!]) expect(p95).toBeLessThan(400);
    expect(withTimes).toBeLessThanOrEqual(Math.ceil(run.takeovers / 50));
    // What a voice without times has said is an estimate, and in doubt a word is said again.
    expect(without).toBeLessThanOrEqual(run.takeovers / 6);
    expect(run.left).toBe(0);
  }, 1_800_000);

  it('go the same way with the same seed, and another with another', async () => {
    const [one, again, other] = [
      await runFaults({ faults: 40, seed: 11 }),
      await runFaults({ faults: 40, seed: 11 }),
      await runFaults({ faults: 40, seed: 12 }),
    ];
    expect(again).toEqual(one);
    expect(other.log).not.toEqual(one.log);
  }, 120_000);
});
