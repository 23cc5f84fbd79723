import { describe, expect, it } from 'vitest';
import { playRandomConversation } from './testing/random-conversation.ts';
import { talkFaultsOf } from './testing/talk-faults.ts';

const rounds = Number(process.env['TALK_ROUNDS'] ?? 120);
const firstSeed = Number(process.env['TALK_SEED'] ?? 1);
const REPLAYED = 30;
/** Share of conversations in which an echo, a cough or a short word may be taken for something else. */
const MISHEARD_SHARE = 0.03;
const LIMIT_MS = 3_600_000;

describe('conversations at random', () => {
  it(
    `keep every rule of talk, ${rounds} times from seed ${firstSeed} on`,
    async () => {
      const broken: string[] = [];
      const misheard: string[] = [];
      for (let seed = firstSeed; seed < firstSeed + rounds; seed++) {
        const conversation = await playRandomConversation(seed);
        const { always, hearing } = talkFaultsOf(conversation);
        const told = JSON.stringify(conversation.traits);
        if (always.length > 0) broken.push(`Seed ${seed} (${told}): ${always.join(' ')}`);
        if (hearing.length > 0) misheard.push(`Seed ${seed} (${told}): ${hearing.join(' ')}`);
      }
      expect(broken).toEqual([]);
      expect(misheard.length, misheard.join('\n')).toBeLessThanOrEqual(Math.ceil(rounds * MISHEARD_SHARE));
    },
    LIMIT_MS,
  );

  it(
    'are the same to the byte with the same seed, and others with another',
    async () => {
      const digests = async () => {
        const all: string[] = [];
        for (let seed = 0; seed < REPLAYED; seed++)
          all.push((await playRandomConversation(seed)).talk.digest());
        return all;
      };
      const first = await digests();
      expect(await digests()).toEqual(first);
      expect(new Set(first).size).toBe(REPLAYED);
    },
    LIMIT_MS,
  );
});
