// `npm run soak`: what is too long for every day. The same tests, with new seeds and many more of everything.
import path from 'node:path';
import { fail, makeReady, root } from './lib/bootstrap.mjs';
import { runInForeground } from './lib/command.mjs';

await makeReady([]).catch(fail);
const seed = Date.now() % 2 ** 31;
const lengths = {
  FUZZ_ROUNDS: '100000',
  EDGE_FUZZ_ROUNDS: '20000',
  FUZZ_SEED: String(seed),
  MONEY_DIALOGUES: '50000',
  MONEY_SEED: String(seed),
  CRASH_ROUNDS: '60',
  OFFLINE_CUSTOMERS: '48',
  OFFLINE_DAYS: '12',
  OFFLINE_STEPS: 'both',
  CHAIN_FAULTS: '10000',
  CHAIN_LOOPBACK_FAULTS: '400',
  CHAIN_SEED: String(seed),
  TALK_ROUNDS: '10000',
  TALK_SEED: String(seed),
  TALK_SOAK_MS: '600000',
  TALK_SOAK_SESSIONS: '20',
};
// What is set already stays: a part can be shorter, or be repeated with its seed.
const env = { ...lengths, ...process.env };
const repeat = `FUZZ_SEED=${env.FUZZ_SEED} MONEY_SEED=${env.MONEY_SEED} CHAIN_SEED=${env.CHAIN_SEED} TALK_SEED=${env.TALK_SEED}`;
console.log(
  `Malformed bodies, sounds, ${env.MONEY_DIALOGUES} dialogues with money, ${env.CRASH_ROUNDS} kills, ` +
    `${env.CHAIN_FAULTS} faults of providers, ${env.CHAIN_LOOPBACK_FAULTS} behind sockets, ${env.TALK_ROUNDS} talks, ` +
    `and ${env.TALK_SOAK_SESSIONS} talks at once for ${env.TALK_SOAK_MS / 1000} s.`,
);
console.log(`To repeat it: ${repeat} npm run soak`);
process.exit(
  await runInForeground(
    process.execPath,
    [
      path.join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--project=node',
      '--testTimeout=1800000',
      'server/test/kiosk-money.test.ts',
      'server/test/kiosk-crash.test.ts',
      'test/offline-queue.test.ts',
      'server/test/fuzz.test.ts',
      'server/test/edge-uploads.test.ts',
      'server/src/providers/chain/fault-run.test.ts',
      'server/src/providers/chain/loopback-run.test.ts',
      'server/src/conversation/simulated-talk.test.ts',
      'server/test/talk-soak.test.ts',
    ],
    { cwd: root, env },
  ),
);
