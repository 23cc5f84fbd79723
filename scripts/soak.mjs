// `npm run soak`: what is too long for every day. The same fuzzers as in the tests, twenty times as many bodies, a new seed.
import path from 'node:path';
import { fail, makeReady, root } from './lib/bootstrap.mjs';
import { runInForeground } from './lib/command.mjs';

await makeReady([]).catch(fail);
const seed = process.env.FUZZ_SEED ?? String(Date.now() % 2 ** 31);
console.log(`Seed ${seed}; to repeat it: FUZZ_SEED=${seed} npm run soak`);
process.exit(
  await runInForeground(
    process.execPath,
    [
      path.join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--project=node',
      '--testTimeout=1800000',
      'server/test/fuzz.test.ts',
      'server/test/edge-uploads.test.ts',
    ],
    { cwd: root, env: { ...process.env, FUZZ_ROUNDS: '100000', EDGE_FUZZ_ROUNDS: '20000', FUZZ_SEED: seed } },
  ),
);
