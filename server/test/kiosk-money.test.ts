import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlace, type Place } from './money/place.ts';
import { play, type Counts } from './money/play.ts';
import { writeScript } from './money/script.ts';
import { shrink, tell } from './money/shrink.ts';

/** `npm run soak` asks for ten times as many. */
const DIALOGUES = Number(process.env['MONEY_DIALOGUES'] ?? 2_000);
/** A seed that failed is played alone with MONEY_SEED=… MONEY_DIALOGUES=1. */
const FIRST_SEED = Number(process.env['MONEY_SEED'] ?? 1);
const MOST_FAILURES = 3;
const TELL_EVERY = 2_000;

/** So much is met in a hundred dialogues, over a thousand at least: with less, the property would say little. */
const LEAST: Counts = {
  turns: 1_000,
  placed: 65,
  charged: 50,
  reversed: 8,
  calledOff: 2,
  crashes: 70,
  retries: 110,
  repeats: 60,
};

let place: Place;
beforeAll(async () => void (place = await openPlace()));
afterAll(() => place.close());

describe('money, whatever customers say and whenever processes die', () => {
  it(
    `is charged once, for an order read back and agreed to; carts and orders stay (${DIALOGUES} dialogues)`,
    async () => {
      const failures: string[] = [];
      const met: Record<keyof Counts, number> = { ...LEAST };
      for (const name of namesOf(met)) met[name] = 0;
      for (let done = 0; done < DIALOGUES && failures.length < MOST_FAILURES; done++) {
        const seed = FIRST_SEED + done;
        const { violation, counts } = await play(place, writeScript(seed));
        if (violation !== null) failures.push(tell(await shrink(place, seed)));
        for (const name of namesOf(met)) met[name] += counts[name];
        if ((done + 1) % TELL_EVERY === 0) console.log(`${done + 1} dialogues: ${JSON.stringify(met)}`);
      }
      expect(failures.join('\n\n')).toBe('');
      if (DIALOGUES < 1_000) return;
      for (const name of namesOf(met)) {
        expect(met[name], name).toBeGreaterThan((LEAST[name] * DIALOGUES) / 100);
      }
    },
    60_000 + DIALOGUES * 100,
  );

  it('the same seed is the same dialogue, whatever was played before', async () => {
    const once = await play(place, writeScript(FIRST_SEED + 3));
    await play(place, writeScript(FIRST_SEED + 4));
    expect(await play(place, writeScript(FIRST_SEED + 3))).toEqual(once);
  });
});

function namesOf(counts: Counts): (keyof Counts)[] {
  return Object.keys(counts) as (keyof Counts)[];
}
