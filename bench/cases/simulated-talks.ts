import { availableParallelism } from 'node:os';
import type { Figure } from '../lib/figures.ts';
import { runProbe } from '../lib/run-probe.ts';

const GOAL_A_MINUTE = 1_000;
const WARM_UP = 20;
const MOST_PROCESSES = 8;

/** How many random conversations the simulator plays in a minute, one process a core, and what was wrong with them. */
export async function benchSimulatedTalks(quick: boolean): Promise<Figure[]> {
  const processes = Math.min(MOST_PROCESSES, availableParallelism());
  const count = Math.ceil((quick ? 200 : 1_000) / processes);
  const measures = await Promise.all(
    Array.from({ length: processes }, (_, index) =>
      runProbe('simulatedTalks', { warmUp: WARM_UP, firstSeed: 1 + index * (count + WARM_UP), count }),
    ),
  );
  const sum = (of: (measure: (typeof measures)[number]) => number) =>
    measures.reduce((all, measure) => all + of(measure), 0);
  const longestMs = Math.max(...measures.map(({ ms }) => ms));
  const talks = count * processes;
  const aMinute = (talks * 60_000) / longestMs;
  const broken = sum((measure) => measure.broken);
  const quicker = (sum((measure) => measure.talkedSeconds) * 1_000) / longestMs;
  return [
    {
      what: `simulated conversations a minute, ${processes} processes`,
      value: aMinute.toFixed(0),
      goal: String(GOAL_A_MINUTE),
      met: aMinute >= GOAL_A_MINUTE,
    },
    { what: '  quicker than real time', value: `${quicker.toFixed(0)} x` },
    { what: `  of ${talks}: a rule broken`, value: String(broken), goal: '0', met: broken === 0 },
    {
      what: '  a sound taken for another',
      value: `${((sum((measure) => measure.misheard) / talks) * 100).toFixed(1)} %`,
    },
  ];
}
