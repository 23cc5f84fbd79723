// `npm test`: the same set-up as `npm start`, then every test that can run on this machine; says what it skipped.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fail, makeReady, root } from './lib/bootstrap.mjs';
import { runInForeground } from './lib/command.mjs';

await makeReady(['server', 'client', 'web']).catch(fail);

const folder = mkdtempSync(path.join(tmpdir(), 'malbeot-test-'));
const report = path.join(folder, 'report.json');
const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
const code = await runInForeground(
  process.execPath,
  [
    vitest,
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { cwd: root },
);

/** @typedef {{ status: string, fullName: string, ancestorTitles: string[] }} Assertion */
/** @type {{ numPassedTests: number, numFailedTests: number, testResults: { name: string, status: string, assertionResults: Assertion[] }[] } | undefined} */
let results;
try {
  results = JSON.parse(readFileSync(report, 'utf8'));
} catch {
  console.error('The test runner left no report.');
}
rmSync(folder, { recursive: true, force: true });

if (results !== undefined) {
  const skipped = results.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'pending' || status === 'skipped' || status === 'todo')
      .map(
        ({ ancestorTitles, fullName }) => `${path.relative(root, name)}: ${ancestorTitles[0] ?? fullName}`,
      ),
  );
  const groups = new Map();
  for (const group of skipped) groups.set(group, (groups.get(group) ?? 0) + 1);
  if (groups.size > 0) {
    console.log('\nSkipped on this machine:');
    for (const [group, count] of groups) console.log(`  ${group} (${count})`);
  }
  // A file that fails to load has no tests of its own to count.
  const brokenFiles = results.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length;
  console.log(
    `\n${results.numPassedTests} passed, ${results.numFailedTests + brokenFiles} failed, ${skipped.length} skipped`,
  );
}
process.exit(code === 0 && results === undefined ? 1 : code);
