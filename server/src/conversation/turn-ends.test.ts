import { describe, expect, it } from 'vitest';
import type { Dialogue } from './dialogue.ts';
import { createSimulatedTurnEnds, type SimulatedTurnEndsOptions } from './testing/simulated-turn-ends.ts';
import { simulate, type SimulationOptions } from './testing/simulation.ts';
import type { VirtualWorld } from './testing/virtual-world.ts';

const echoing: Dialogue = {
  mind: 'scripted',
  async *respond(heard) {
    await Promise.resolve();
    yield { type: 'text-delta', text: `${heard.text}, 알겠어요.` };
  },
};

type Answers = Omit<SimulatedTurnEndsOptions, 'timers'>;

function converse(answers: Answers | null, options: Partial<SimulationOptions> = {}) {
  let detector: ReturnType<typeof createSimulatedTurnEnds> | undefined;
  const turnEnds = (world: VirtualWorld) =>
    (detector = createSimulatedTurnEnds({ ...answers!, timers: world.clock }));
  const talk = simulate({
    talk: { dialogue: echoing },
    ...(answers === null ? {} : { turnEnds }),
    ...options,
  });
  return { talk, detector: detector! };
}

/** Says `text` and answers how long the silence was that ended it, by the clock of whoever listens. */
async function silenceAfter(text: string, answers: Answers | null): Promise<number> {
  const { talk } = converse(answers);
  await talk.pass(500);
  await talk.say(text);
  await talk.quiet();
  const stops = talk.all('speech_stopped');
  expect(stops).toHaveLength(1);
  const silenceMs = stops[0]!.atMs - talk.person.acts.at(-1)!.endMs;
  await talk.end();
  return silenceMs;
}

const COMPLETE = '콜라 두 잔 주세요';
const UNCLEAR = '우리 동네 도서관';
const OPEN = '콜라 하나 주문하려는데';

/** The frame in which the silence began and the way to the server. */
const SLACK_MS = 90;

describe('how a pause sounds', () => {
  it.each([
    [UNCLEAR, 0.95, 320],
    [UNCLEAR, 0.5, 320],
    [UNCLEAR, 0.1, 900],
    [OPEN, 0.95, 320],
    [OPEN, 0.8, 900],
    [COMPLETE, 0.9, 320],
    [COMPLETE, 0.3, 320],
    [COMPLETE, 0.1, 600],
  ] as const)('ends "%s" that sounds finished by %d after %d ms', async (text, probability, patienceMs) => {
    const silenceMs = await silenceAfter(text, { probability });
    expect(silenceMs).toBeGreaterThanOrEqual(patienceMs);
    expect(silenceMs).toBeLessThanOrEqual(patienceMs + SLACK_MS);
  });

  it.each([
    [UNCLEAR, 600],
    [OPEN, 900],
    [COMPLETE, 320],
  ] as const)('is left out where nobody hears it: "%s" ends after %d ms', async (text, patienceMs) => {
    const silenceMs = await silenceAfter(text, null);
    expect(silenceMs).toBeGreaterThanOrEqual(patienceMs);
    expect(silenceMs).toBeLessThanOrEqual(patienceMs + SLACK_MS);
  });

  it('changes nothing where the detector hangs, is late, does not know, fails or is deaf to the language', async () => {
    const course = async (answers: Answers | null) => {
      const { talk, detector } = converse(answers);
      await talk.pass(500);
      for (const text of [UNCLEAR, COMPLETE, '콜라 하나 주문하려는데 … 얼음은 빼 주세요', OPEN]) {
        await talk.say(text);
        await talk.quiet();
      }
      const digest = talk.digest();
      await talk.end();
      expect(talk.world.clock.sleepers).toBe(0);
      return {
        digest,
        open: detector?.open ?? 0,
        asked: detector?.asked.length ?? 0,
        troubles: talk.troubles.length,
      };
    };
    const without = await course(null);
    for (const [answers, asked] of [
      [{ probability: 0.9, tookMs: Infinity }, true],
      [{ probability: 0, tookMs: 2_000 }, true],
      [{ probability: null }, true],
      [{ probability: 0.9, languages: ['en'] }, false],
    ] as const) {
      const found = await course(answers);
      expect(found.digest).toBe(without.digest);
      expect(found.open).toBe(0);
      expect(found.asked > 0).toBe(asked);
    }
    const failing = await course({
      probability: () => {
        throw new Error('The model is gone.');
      },
    });
    expect(failing.digest).toBe(without.digest);
    expect(failing.troubles).toBeGreaterThan(0);
  });

  it('is asked once a pause, about all that was said in it', async () => {
    const { talk, detector } = converse({ probability: 0.1 });
    await talk.pass(500);
    await talk.say('콜라 하나 … 얼음은 빼 주세요');
    await talk.quiet();
    expect(talk.all('transcript_final').map(({ data }) => data.text)).toEqual(['콜라 하나 얼음은 빼 주세요']);
    expect(detector.asked).toHaveLength(2);
    expect(detector.asked[1]).toBeGreaterThan(detector.asked[0]!);
    await talk.end();
  });

  it('begins the answer before the turn is over when it sounds finished', async () => {
    const timingsOf = async (answers: Answers | null) => {
      const { talk } = converse(answers);
      await talk.pass(500);
      await talk.say(UNCLEAR);
      await talk.quiet();
      const [done] = talk.all('reply_done');
      await talk.end();
      return done!.data.timings;
    };
    expect((await timingsOf({ probability: 0.9 })).speculative).toBe(true);
    expect((await timingsOf(null)).speculative).toBe(false);
  });

  it('answers no noise', async () => {
    const { talk } = converse({ probability: 1 }, { room: { noiseDb: -34 } });
    for (let cough = 0; cough < 10; cough++) await talk.pass(talk.person.cough(60 + cough * 30) + 700);
    await talk.quiet();
    expect(talk.kept).toEqual([]);
    await talk.end();
  });

  it('is not asked where a button tells the end', async () => {
    const { talk, detector } = converse({ probability: 0.9 }, { use: { handsFree: false } });
    await talk.pass(500);
    await talk.say(UNCLEAR);
    await talk.quiet();
    expect(talk.kept).toHaveLength(1);
    expect(detector.asked).toEqual([]);
    await talk.end();
  });
});
