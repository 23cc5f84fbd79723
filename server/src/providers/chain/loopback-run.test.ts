import { expect, it } from 'vitest';

import { delay } from '../../lib/abort.ts';
import { systemClock } from '../../lib/clock.ts';
import { listenersOn, quiet } from '../contract/provider.suite.ts';
import { createRandom, percentileOf } from './testing/chance.ts';
import { createListener } from './testing/listener.ts';
import { openLoopbackVoice } from './testing/loopback-voice.ts';
import { drawText } from './testing/numbered-text.ts';
import { drawFault } from './testing/simulated-fault.ts';
import { SimulatedVoice } from './testing/simulated-voice.ts';
import { createTextToSpeechChain } from './text-to-speech-chain.ts';

/** Hundreds in `npm run soak`, which is also where it matters how long they took. */
const FAULTS = Number(process.env['CHAIN_LOOPBACK_FAULTS'] ?? 20);
const SEED = Number(process.env['CHAIN_SEED'] ?? 7);
const LONGEST_GAP_MS = process.env['CHAIN_LOOPBACK_FAULTS'] === undefined ? Number.POSITIVE_INFINITY : 400;
const SESSIONS = 8;

it(`voices behind real sockets: ${FAULTS} faults (seed ${SEED}), and every word is heard`, async () => {
  const random = createRandom(SEED);
  let faults = 0;
  let calls = 0;
  const simulated = [0.7, 0].map(
    (rate, place) =>
      new SimulatedVoice({
        id: `voice_${place}`,
        clock: { sleep: (ms, signal) => delay(Math.min(ms, 60_000), signal) },
        answerMs: 50,
        number: place + 1,
        slowness: 1,
        givesTimes: true,
        nextFault: () => {
          // The first answers are plain ones, so that it is known how long they take.
          if (calls++ < 10 || random() >= rate) return undefined;
          faults += 1;
          return drawFault(random);
        },
      }),
  );
  const opened = await Promise.all(simulated.map(openLoopbackVoice));
  // The circuit would keep the failing voice away, which is not what is measured here.
  const chain = createTextToSpeechChain(
    opened.map(({ voice }) => voice),
    { circuit: { failuresToOpen: Number.POSITIVE_INFINITY, coolDownMs: 1, maxCoolDownMs: 1 } },
  );
  const gapsMs: number[] = [];
  const wrongs: string[] = [];
  let turns = 0;
  const isEnough = () => faults >= FAULTS;
  const talk = async () => {
    while (!isEnough()) {
      const text = drawText(random);
      const signal = quiet();
      const listener = createListener({ voices: simulated, clock: systemClock, text });
      turns += 1;
      for await (const chunk of chain.synthesize({ text, language: 'ko' }, signal)) listener.hear(chunk);
      const account = listener.account();
      wrongs.push(...account.wrongs);
      if (account.hadFault) gapsMs.push(account.longestGapMs);
      expect(listenersOn(signal)).toBe(0);
    }
  };
  try {
    await Promise.all(Array.from({ length: SESSIONS }, talk));
  } finally {
    await Promise.all(opened.map(({ close }) => close()));
  }
  gapsMs.sort((one, other) => one - other);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => Math.round(percentileOf(gapsMs, share)));
  process.stdout.write(
    `${turns} turns, ${faults} faults; longest silence of a turn with a fault: p50 ${p50}, p95 ${p95}, p99 ${p99} ms\n`,
  );
  expect(wrongs).toEqual([]);
  expect(gapsMs.length).toBeGreaterThan(FAULTS / 2);
  expect(p95).toBeLessThan(LONGEST_GAP_MS);
}, 1_800_000);
