import type { ManualClock } from '../../providers/fake/manual-clock.ts';
import type { Dialogue, Said } from '../dialogue.ts';
import type { Heard } from '../heard.ts';
import { breakdown, noFaults, SLOW_MS, type FaultSource } from './simulated-faults.ts';

export interface SimulatedMindOptions {
  readonly clock: ManualClock;
  /** What it says to what it heard, after what was said before. */
  readonly answer: (heard: Heard, history: readonly Said[]) => string;
  /** Until the first word; 80 ms. */
  readonly firstTokenMs?: number;
  /** From word to word; 15 ms. */
  readonly tokenMs?: number;
  readonly faults?: FaultSource;
}

/** Answers word by word. */
export function createSimulatedMind(options: SimulatedMindOptions): Dialogue {
  const { clock, answer, firstTokenMs = 80, tokenMs = 15, faults = noFaults } = options;
  const mind = 'simulated_mind';
  return {
    mind,
    async *respond(heard, { history = [] }, signal) {
      const fault = faults();
      if (fault === 'fail') throw breakdown(mind);
      if (fault === 'deaf') await new Promise(() => {});
      if (fault === 'hang') await clock.sleep(3_600_000, signal);
      await clock.sleep(firstTokenMs + (fault === 'slow' ? SLOW_MS : 0), signal);
      const words = answer(heard, history).split(/(?<= )/);
      for (const [index, text] of words.entries()) {
        if (fault === 'die' && index === words.length >> 1) throw breakdown(mind);
        yield { type: 'text-delta', text };
        await clock.sleep(tokenMs, signal);
      }
    },
  };
}
