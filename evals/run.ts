import { BAR, quantile, scoreKiosk, shareOfAll, shareOfOrders, type Outcome } from './kiosk.ts';
import { printTalks } from './print-talks.ts';
import { ROWS } from './scenario.ts';

// The talks have one set, and are not what is reported of the kiosk's.
if (!process.argv.includes('--held-out') && !(await printTalks())) process.exitCode = 1;

const set = process.argv.includes('--held-out') ? 'held-out' : 'open';
const { utterances, dialogues, milliseconds } = await scoreKiosk(set);

const rows = [...ROWS, 'dialogues']
  .map((row) => [row, [...utterances, ...dialogues].filter((outcome) => outcome.row === row)] as const)
  .filter(([, outcomes]) => outcomes.length > 0);
for (const [row, outcomes] of rows) printFaults(row, outcomes);

console.table(Object.fromEntries(rows.map(([row, outcomes]) => [row, summary(outcomes)])));
console.log(`The ${set} set`);
console.table({
  'utterances, Korean': summary(utterances.filter(({ language }) => language === 'ko')),
  'utterances, English': summary(utterances.filter(({ language }) => language === 'en')),
  utterances: summary(utterances),
  dialogues: summary(dialogues),
});
const time = (at: number) => `${quantile(milliseconds, at).toFixed(3)} ms`;
console.log(`Understanding one utterance: p50 ${time(0.5)}, p95 ${time(0.95)}, longest ${time(1)}`);

const bar = BAR[set];
const passes = [utterances, dialogues].every((outcomes) => shareOfOrders(outcomes) >= bar);
console.log(`Bar: ${percent(bar)} of orders right: ${passes ? 'pass' : 'FAIL'}`);
if (!passes) process.exitCode = 1;

function printFaults(row: string, outcomes: readonly Outcome[]): void {
  const wrong = outcomes.filter(
    ({ orderFaults, otherFaults }) => orderFaults.length + otherFaults.length > 0,
  );
  if (wrong.length === 0) return;
  console.log(`\n${row}`);
  for (const { id, name, orderFaults, otherFaults } of wrong) {
    console.log(`  ${orderFaults.length > 0 ? '✗' : '~'} ${id}  ${name}`);
    for (const fault of [...orderFaults, ...otherFaults]) console.log(`      ${fault}`);
  }
}

function summary(outcomes: readonly Outcome[]) {
  return {
    cases: outcomes.length,
    'orders right': percent(shareOfOrders(outcomes)),
    'right in everything': percent(shareOfAll(outcomes)),
  };
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)}%`;
}
