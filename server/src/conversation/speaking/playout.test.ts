import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../audio/testing/random.ts';
import { AbortedError } from '../../lib/abort.ts';
import { createManualClock, type ManualClock } from '../../providers/fake/manual-clock.ts';
import { createPlayout, type Playout, type PlayoutOptions } from './playout.ts';
import { speakReply } from './reply-speaker.ts';
import type { SpokenPart } from './spoken-part.ts';
import {
  createPageLoudspeaker,
  type PageLoudspeaker,
  type PageLoudspeakerOptions,
} from './testing/page-loudspeaker.ts';
import { passTo, settle } from './testing/virtual-time.ts';
import { createWordVoice } from './testing/word-voice.ts';

const never = new AbortController().signal;
const RATE = 8_000;

/** A sentence of `ms` whose every word takes 500 ms. */
function* sentence(text: string, textOffset: number, ms: number): Generator<SpokenPart> {
  yield { type: 'sentence-start', text, textOffset, sampleRate: RATE, speed: 1 };
  for (const [index, word] of [...text.matchAll(/\S+/g)].entries())
    yield { type: 'word', text: word[0], startMs: index * 500, textOffset: textOffset + word.index };
  for (let left = ms; left > 0; left -= 100)
    yield { type: 'audio', samples: new Int16Array((Math.min(100, left) * RATE) / 1_000).fill(2_000) };
  yield { type: 'sentence-end', durationMs: ms };
}

async function* reply(sentences: readonly [text: string, ms: number][]): AsyncGenerator<SpokenPart> {
  yield {
    type: 'source',
    provider: 'fake',
    revision: '1',
    skipped: [{ provider: 'other', reason: 'timeout' }],
  };
  let offset = 0;
  for (const [text, ms] of sentences) {
    for (const part of sentence(text, offset, ms)) yield await Promise.resolve(part);
    offset += text.length;
  }
}

interface Stage {
  readonly clock: ManualClock;
  readonly page: PageLoudspeaker;
  readonly playout: Playout;
}

function setUp(page: Partial<PageLoudspeakerOptions> = {}, options: Partial<PlayoutOptions> = {}): Stage {
  const clock = createManualClock();
  const loudspeaker = createPageLoudspeaker({
    clock,
    deliver: (audioId, ms) => playout.played(audioId, ms),
    ...page,
  });
  const playout = createPlayout({ output: loudspeaker, clock, timers: clock, ...options });
  return { clock, page: loudspeaker, playout };
}

describe('createPlayout', () => {
  it('tells lengths to a tenth of a millisecond', async () => {
    const { page, playout } = setUp();
    const samples = new Int16Array(1_000).fill(2_000);
    const parts = async function* (): AsyncGenerator<SpokenPart> {
      yield { type: 'sentence-start', text: '하나.', textOffset: 0, sampleRate: 22_050, speed: 1 };
      yield await Promise.resolve({ type: 'audio', samples });
      yield { type: 'sentence-end', durationMs: 45.351_473_9 };
    };
    expect((await playout.play('turn_1', parts(), never)).sentMs).toBeCloseTo(45.351_473_9, 6);
    expect(page.messages.at(-1)).toEqual({ type: 'audio_end', data: { audio_id: 1, duration_ms: 45.4 } });
  });

  it('numbers sounds and pieces, and says what it sent', async () => {
    const heardAt: number[] = [];
    const { page, playout, clock } = setUp({}, { onSent: (_, __, playsAtMs) => heardAt.push(playsAtMs) });
    await passTo(clock, 50);
    const parts = reply([
      ['하나 둘.', 250],
      [' 셋.', 100],
    ]);
    expect(await playout.play('turn_1', parts, never)).toEqual({
      text: '하나 둘. 셋.',
      sentMs: 350,
      firstAudioAtMs: 50,
      source: 'fake',
      skipped: [{ provider: 'other', reason: 'timeout' }],
    });
    expect(page.messages).toEqual([
      { type: 'audio_start', data: { turn_id: 'turn_1', audio_id: 1, sample_rate: RATE, text: '하나 둘.' } },
      { type: 'audio_end', data: { audio_id: 1, duration_ms: 250 } },
      { type: 'audio_start', data: { turn_id: 'turn_1', audio_id: 2, sample_rate: RATE, text: '셋.' } },
      { type: 'audio_end', data: { audio_id: 2, duration_ms: 100 } },
    ]);
    expect(page.pieces.map(({ audioId, sequence }) => [audioId, sequence])).toEqual([
      [1, 0],
      [1, 1],
      [1, 2],
      [2, 0],
    ]);
    expect(heardAt).toEqual([50, 150, 250, 300]);
    await playout.play('turn_2', reply([['넷.', 100]]), never);
    expect(page.pieces.at(-1)).toMatchObject({ audioId: 3, sequence: 0 });
  });

  it.each([
    ['a page that reports', { reportEveryMs: 200 }],
    ['a page that reports nothing', {}],
  ])('keeps six seconds ahead of %s, and no more', async (_, page) => {
    const stage = setUp(page);
    const { clock, playout } = stage;
    const playing = playout.play(
      'turn',
      reply(Array.from({ length: 10 }, () => ['하나 둘. ', 3_000])),
      never,
    );
    let isSent = false;
    void playing.then(() => (isSent = true));
    for (const atMs of [0, 1_000, 5_000, 12_345, 20_000]) {
      await passTo(clock, atMs);
      expect(stage.page.heldMs).toBeGreaterThan(5_600);
      expect(stage.page.heldMs).toBeLessThanOrEqual(6_001);
      expect(isSent).toBe(false);
    }
    await passTo(clock, 24_100);
    expect(isSent).toBe(true);
    expect(playout.isSounding).toBe(true);
    let isQuiet = false;
    void playout.quiet(never).then(() => (isQuiet = true));
    await passTo(clock, 29_900);
    expect(isQuiet).toBe(false);
    await passTo(clock, 30_100);
    expect(isQuiet).toBe(true);
    expect(playout.isSounding).toBe(false);
    await passTo(clock, 40_000);
    expect(clock.sleepers).toBe(0);
  });

  it('goes by the clock where a page falls silent or stands still', async () => {
    const ends: number[] = [];
    for (const answer of ['silent', 'stuck'] as const) {
      const { clock, playout } = setUp({
        reportEveryMs: 200,
        deliver: (audioId, ms) => {
          if (answer === 'stuck' || ms < 2_100) playout.played(audioId, Math.min(ms, 2_000));
        },
      });
      const playing = playout.play('turn', reply([['하나 둘 셋.', 12_000]]), never);
      await passTo(clock, 15_000);
      await playing;
      await passTo(clock, 20_000);
      expect(playout.isSounding).toBe(false);
      ends.push(playout.heardText().length);
    }
    // One that says all the time that it is at two seconds is believed; of one that says nothing more all is taken as heard.
    expect(ends).toEqual(['하나 둘 셋.'.length, '하나 둘 셋.'.length]);
  });

  it('sends nothing while the way is shut, and little is held for it', async () => {
    const { clock, page, playout } = setUp();
    page.shut(true);
    const random = seededRandom(3);
    const voice = createWordVoice({ clock, random, givesTimes: true, givesMouth: true, sampleRate: 8_000 });
    let written = 0;
    async function* endless() {
      for (;;) {
        written++;
        yield await Promise.resolve('끝이 없는 이야기를 들려 드릴게요. ');
      }
    }
    const controller = new AbortController();
    const options = { voice, style: {}, language: 'ko', clock, timers: clock };
    const playing = playout.play(
      'turn',
      speakReply(endless(), options, controller.signal),
      controller.signal,
    );
    playing.catch(() => {});
    await passTo(clock, 60_000);
    expect(page.pieces).toEqual([]);
    expect(voice.asked.length).toBeLessThanOrEqual(4);
    page.shut(false);
    // A minute of a page that takes what it gets and reports nothing: what is ahead of it stays the same.
    for (let second = 61; second < 120; second++) {
      await passTo(clock, second * 1_000);
      expect(page.heldMs).toBeLessThanOrEqual(6_001);
    }
    const sentences = page.messages.filter(({ type }) => type === 'audio_start').length;
    expect(voice.asked.length).toBeLessThanOrEqual(sentences + 4);
    expect(written).toBeLessThanOrEqual(sentences + 70);
    controller.abort();
    await expect(playing).rejects.toThrow(AbortedError);
    await settle();
    expect(clock.sleepers).toBe(0);
    expect(getEventListeners(controller.signal, 'abort').length).toBe(0);
  });

  it('stops at once, and takes the last word of the loudspeaker for a second', async () => {
    const { clock, page, playout } = setUp({ reportEveryMs: 200 });
    const controller = new AbortController();
    const playing = playout.play(
      'turn',
      reply([['하나 둘 셋 넷 다섯 여섯 일곱 여덟.', 8_000]]),
      controller.signal,
    );
    playing.catch(() => {});
    await passTo(clock, 1_300);
    page.close();
    controller.abort();
    const stopped = playout.stop();
    expect(stopped.heardText()).toBe('하나 둘 셋');
    expect([playout.isSounding, playout.heardText()]).toEqual([false, '하나 둘 셋']);
    await expect(playing).rejects.toThrow(AbortedError);
    const { length } = page.messages;

    playout.played(1, 900);
    expect(stopped.heardText()).toBe('하나 둘 셋');
    await passTo(clock, 1_400);
    playout.played(1, 1_210);
    playout.played(1, 7_000);
    playout.played(9, 1_400);
    playout.played(1, 1_760);
    expect(stopped.heardText()).toBe('하나 둘');
    playout.played(1, 1_380);
    expect(stopped.heardText()).toBe('하나 둘 셋');

    // What is said next is another sound, and old news are none of it.
    const next = playout.play('next', reply([['열 열하나.', 1_000]]), never);
    await next;
    await passTo(clock, 2_200);
    playout.played(1, 1_500);
    expect(stopped.heardText()).toBe('하나 둘 셋');
    await passTo(clock, 2_350);
    playout.played(1, 1_800);
    expect(stopped.heardText()).toBe('하나 둘 셋');
    expect(page.messages.slice(length)[0]).toMatchObject({ type: 'audio_start', data: { audio_id: 2 } });
    expect(playout.said()).toBe('열 열하나.');
    await passTo(clock, 9_000);
    expect(clock.sleepers).toBe(0);
  });

  it('ends a sentence that broke off, and gives a reply up for a new one', async () => {
    const { clock, page, playout } = setUp();
    async function* breaks(): AsyncGenerator<SpokenPart> {
      for (const part of sentence('하나 둘.', 0, 500)) {
        if (part.type === 'sentence-end') throw new Error('no voice');
        yield await Promise.resolve(part);
      }
    }
    await expect(playout.play('turn', breaks(), never)).rejects.toThrow('no voice');
    expect(page.messages.at(-1)).toEqual({ type: 'audio_end', data: { audio_id: 1, duration_ms: 500 } });
    await passTo(clock, 1_000);
    expect(playout.heardText()).toBe('하나 둘.');

    const first = playout.play('turn', reply([['하나 둘 셋.', 20_000]]), never);
    first.catch(() => {});
    await passTo(clock, 2_000);
    await playout.play('turn', reply([['넷.', 500]]), never);
    await expect(first).rejects.toThrow(AbortedError);
    expect(playout.said()).toBe('넷.');
    // It plays behind what was sent before it.
    expect(playout.heardText()).toBe('');
  });

  it('has nothing to say before it was given anything', async () => {
    const { clock, playout } = setUp();
    expect([playout.heardText(), playout.said(), playout.stop().heardText()]).toEqual(['', '', '']);
    await playout.quiet(never);
    playout.played(1, 10);
    async function* shown(): AsyncGenerator<SpokenPart> {
      yield await Promise.resolve({ type: 'unspoken', text: '😊', textOffset: 0 } as const);
    }
    expect(await playout.play('turn', shown(), never)).toMatchObject({
      text: '😊',
      sentMs: 0,
      firstAudioAtMs: null,
    });
    expect([playout.isSounding, clock.sleepers]).toEqual([false, 0]);
  });
});
