import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { playRandomConversation } from '../src/conversation/testing/random-conversation.ts';
import { createRealWorld } from '../src/conversation/testing/real-world.ts';
import { aheadFaultsOf, lostFaultsOf } from '../src/conversation/testing/talk-faults.ts';

/** How long conversations go on, one after the other, in real time: nothing for every day. */
const soakMs = Number(process.env['TALK_SOAK_MS'] ?? 0);
const atOnce = Number(process.env['TALK_SOAK_SESSIONS'] ?? 20);
const firstSeed = Number(process.env['TALK_SEED'] ?? 1);
/** What a process grows by until everything in it has run once does not count. */
const WARM_UP_SHARE = 0.2;
const MOST_MB_A_MINUTE = 1;
/** Too short a run tells nothing of memory. */
const SHORTEST_FOR_MEMORY_MS = 480_000;
/** On a machine that is late itself, the loudspeaker is later than the server can know. */
const MOST_AHEAD_MS = 10_000;
const SAMPLE_MS = 5_000;
const LIMIT_MS = 3_600_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const activeTimers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

it.skipIf(soakMs === 0)(
  `talks ${atOnce} at once for ${soakMs / 1000} s, loses nothing and keeps nothing`,
  async () => {
    const timersBefore = activeTimers();
    const startMs = performance.now();
    const passedMs = () => performance.now() - startMs;
    const heap: { readonly minute: number; readonly mb: number }[] = [];
    const sample = setInterval(() => {
      collect();
      heap.push({ minute: passedMs() / 60_000, mb: process.memoryUsage().heapUsed / 2 ** 20 });
    }, SAMPLE_MS);
    const faults: string[] = [];
    // Node tells of more than ten listeners at one place: nobody takes them away.
    const onWarning = ({ name, message }: Error) => {
      if (name === 'MaxListenersExceededWarning') faults.push(message);
    };
    process.on('warning', onWarning);
    let seed = firstSeed;
    let count = 0;
    let turns = 0;
    const talkOn = async () => {
      while (passedMs() < soakMs) {
        const world = createRealWorld();
        const conversation = await playRandomConversation(seed++, world);
        count++;
        turns += conversation.talk.kept.length;
        const found = [...lostFaultsOf(conversation), ...aheadFaultsOf(conversation, MOST_AHEAD_MS)];
        if (conversation.talk.sentTooLate > 0) found.push('Something left after the end.');
        if (conversation.timersLeft > 0) found.push(`${conversation.timersLeft} timers are left.`);
        if (found.length > 0) faults.push(`Seed ${conversation.seed}: ${found.join(' ')}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, talkOn));
    clearInterval(sample);
    process.off('warning', onWarning);
    const settled = heap.filter(
      ({ minute }) => minute >= (soakMs / 60_000) * WARM_UP_SHARE && minute <= soakMs / 60_000,
    );
    const growth = settled.length > 1 ? slopeOf(settled) : 0;
    console.log(
      `${count} conversations, ${turns} turns; the heap grows by ${growth.toFixed(2)} MB a minute.`,
    );
    expect(faults).toEqual([]);
    expect(activeTimers()).toBeLessThanOrEqual(timersBefore);
    expect(count).toBeGreaterThanOrEqual(atOnce);
    if (soakMs >= SHORTEST_FOR_MEMORY_MS) expect(growth).toBeLessThan(MOST_MB_A_MINUTE);
  },
  LIMIT_MS,
);

/** Megabytes a minute, by least squares. */
function slopeOf(points: readonly { readonly minute: number; readonly mb: number }[]): number {
  const mean = (of: (point: (typeof points)[number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const minute = mean((point) => point.minute);
  const mb = mean((point) => point.mb);
  const above = mean((point) => (point.minute - minute) * (point.mb - mb));
  return above / mean((point) => (point.minute - minute) ** 2);
}
