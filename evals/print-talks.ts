import { scoreTalks, TALK_BAR, type TalkOutcome } from './conversation.ts';
import { TALK_ROWS } from './conversation-scenario.ts';

/** Plays every talk and prints what went wrong and how quick it was. @returns Whether the bar is reached. */
export async function printTalks(): Promise<boolean> {
  const outcomes = await scoreTalks();
  for (const { id, name, gloss, faults } of outcomes.filter((outcome) => outcome.faults.length > 0)) {
    console.log(`  ✗ ${id}  ${name} (${gloss})`);
    for (const fault of faults) console.log(`      ${fault}`);
  }
  const rows = TALK_ROWS.map((row) => [row, outcomes.filter((outcome) => outcome.row === row)] as const);
  console.table(
    Object.fromEntries([...rows, ['all talks', outcomes] as const].map(([row, of]) => [row, summary(of)])),
  );
  const share = outcomes.filter(({ faults }) => faults.length === 0).length / outcomes.length;
  const passes = share >= TALK_BAR;
  console.log(`Bar: ${TALK_BAR * 100}% of talks right: ${passes ? 'pass' : 'FAIL'}\n`);
  return passes;
}

/** Talks that are right, and the longest of each time, in milliseconds. */
function summary(outcomes: readonly TalkOutcome[]) {
  const longest = (what: keyof TalkOutcome['measured']) => {
    const all = outcomes.flatMap(({ measured }) => measured[what]);
    return all.length === 0 ? '' : Math.round(Math.max(...all));
  };
  return {
    talks: outcomes.length,
    right: outcomes.filter(({ faults }) => faults.length === 0).length,
    'first sound': longest('first_sound'),
    duck: longest('duck'),
    stop: longest('stop'),
    restore: longest('restore'),
  };
}
