import { runKioskScenarios, shareRight } from './kiosk.ts';

const scores = await runKioskScenarios();
for (const { file, outcomes } of scores) {
  for (const { name, faults } of outcomes) {
    for (const fault of faults) console.log(`✗ ${file}  ${name}\n    ${fault}`);
  }
}
console.log('');
console.table(
  scores.map((score) => ({
    file: score.file,
    cases: score.outcomes.length,
    right: `${(shareRight(score) * 100).toFixed(1)}%`,
    bar: `${(score.bar * 100).toFixed(0)}%`,
    result: shareRight(score) >= score.bar ? 'pass' : 'FAIL',
  })),
);
if (scores.some((score) => shareRight(score) < score.bar)) process.exitCode = 1;
