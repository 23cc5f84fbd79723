import { readScenarios } from '../../evals/scenario.ts';
import { shippedMenu } from '../../server/src/experiences/kiosk/testing.ts';
import { lexiconOf, understand } from '../../server/src/experiences/kiosk/understanding/understand.ts';
import { type Figure, median, ms, percentile } from '../lib/figures.ts';

const GOAL_MS = 1;

/** What the rules take for one utterance of the open benchmark, and to make the lexicon of a new menu. */
export function benchUnderstanding(rounds: number): Figure[] {
  const texts = readScenarios('open').utterances.map(({ say }) => say);
  const menu = shippedMenu();
  const understandAll = () => texts.map((text) => timed(() => understand(text, menu, { groupId: null })));
  understandAll();
  const took = Array.from({ length: rounds }, understandAll).flat();
  const lexicons = Array.from({ length: rounds }, shippedMenu).map((fresh) => timed(() => lexiconOf(fresh)));
  const p95 = percentile(took, 0.95);
  return [
    { what: `one of ${texts.length} utterances, p50`, value: ms(median(took)) },
    { what: '  p95', value: ms(p95), goal: `under ${GOAL_MS} ms`, met: p95 < GOAL_MS },
    { what: '  longest', value: ms(Math.max(...took)) },
    { what: 'the lexicon of a new menu, p50', value: ms(median(lexicons)) },
  ];
}

function timed(work: () => unknown): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}
