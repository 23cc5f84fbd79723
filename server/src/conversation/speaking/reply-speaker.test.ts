import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../audio/testing/random.ts';
import { AbortedError } from '../../lib/abort.ts';
import { BoundedQueue } from '../../lib/bounded-queue.ts';
import { createTextToSpeechChain } from '../../providers/chain/text-to-speech-chain.ts';
import { createManualClock } from '../../providers/fake/manual-clock.ts';
import { ToneVoice } from '../../providers/fake/tone-voice.ts';
import type { SpeechChunk, TextToSpeech } from '../../providers/spec/tts.ts';
import { speakReply, type SpokenPart } from './reply-speaker.ts';
import { passTo, settle } from './testing/virtual-time.ts';
import { createWordVoice, type WordVoiceOptions } from './testing/word-voice.ts';

const clock = createManualClock();
const never = new AbortController().signal;

async function* inWords(text: string): AsyncGenerator<string> {
  for (const word of text.match(/\s*\S+/g)!) yield await Promise.resolve(word);
}

const optionsFor = (voice: TextToSpeech) => ({ voice, style: {}, language: 'ko', clock, timers: clock });
const wordVoice = (options: Partial<WordVoiceOptions> = {}) =>
  createWordVoice({ clock, random: seededRandom(1), givesTimes: true, ...options });

async function collect(parts: AsyncIterable<SpokenPart>): Promise<SpokenPart[]> {
  const collected: SpokenPart[] = [];
  for await (const part of parts) collected.push(part);
  return collected;
}
const speak = (text: string, voice: TextToSpeech) =>
  collect(speakReply(inWords(text), optionsFor(voice), never));
const only = <T extends SpokenPart['type']>(parts: readonly SpokenPart[], type: T) =>
  parts.filter((part) => part.type === type) as Extract<SpokenPart, { type: T }>[];
const textOf = (parts: readonly SpokenPart[]) =>
  parts.map((part) => (part.type === 'sentence-start' || part.type === 'unspoken' ? part.text : '')).join('');

describe('speakReply', () => {
  it('gives a first word to the voice in the round of the loop in which it ends', async () => {
    const voice = wordVoice();
    const deltas = new BoundedQueue<string>(10);
    const parts = speakReply(deltas, optionsFor(voice), never);
    const first = parts.next();
    deltas.push('네');
    await settle();
    expect(voice.asked).toEqual([]);
    const next = new Promise<number>((resolve) =>
      setImmediate(() => {
        resolve(voice.asked.length);
      }),
    );
    deltas.push('.');
    expect(await next).toBe(1);
    expect((await first).value).toMatchObject({ type: 'source', provider: 'fake_words', skipped: [] });
    expect((await parts.next()).value).toMatchObject({ type: 'sentence-start', text: '네.', textOffset: 0 });
    await parts.return();
  });

  it('reads on from sentence to sentence, with what is not said in its place', async () => {
    const reply =
      ' 좋아요! 😊 **불고기버거**는 12,500원이에요.\n\n```js\nlet a = 1. b;\n```\n자세한 건 https://example.com/a.b 에서요 ㅎㅎ  🎉';
    const voice = wordVoice();
    const parts = await speak(reply, voice);
    expect(textOf(parts)).toBe(reply);
    expect(voice.asked.map(({ text }) => text).join(' ')).toBe(
      '좋아요! 불고기버거는 만 이천오백 원이에요. 자세한 건 에서요',
    );
    let offset = 0;
    for (const part of parts) {
      if (part.type !== 'sentence-start' && part.type !== 'unspoken') continue;
      expect(part.textOffset).toBe(offset);
      offset += part.text.length;
    }
    const places = only(parts, 'word').map(({ text, textOffset }) => [
      text,
      reply.slice(textOffset).split(/\s/)[0],
    ]);
    expect(places).toContainEqual(['만', '12,500원이에요.']);
    expect(places).toContainEqual(['원이에요.', '원이에요.']);
    expect(places).toContainEqual(['불고기버거는', '불고기버거**는']);
    expect(places).toContainEqual(['에서요', '에서요']);
  });

  it('gives sound in pieces of 100 ms at most, and all of it', async () => {
    const voice = wordVoice({ pieceMs: 330, sampleRate: 22_050 });
    const parts = await speak('불고기버거 두 개 담아 드렸어요.', voice);
    const pieces = only(parts, 'audio').map(({ samples }) => samples.length / 22.05);
    expect(Math.max(...pieces)).toBeLessThanOrEqual(100);
    const totalMs = pieces.reduce((sum, ms) => sum + ms, 0);
    expect(only(parts, 'sentence-end')[0]!.durationMs).toBeCloseTo(totalMs, 6);
    const mouths = only(parts, 'visemes').flatMap(({ frames }) => frames);
    expect(mouths.length).toBeGreaterThan(10);
    expect(mouths.map(({ at_ms }) => at_ms)).toEqual(mouths.map(({ at_ms }) => at_ms).sort((a, b) => a - b));
    expect(mouths.every(({ at_ms }) => Number.isInteger(at_ms))).toBe(true);
    // Most of them leave before the sound is over.
    const middle = parts.findIndex((part) => part.type === 'visemes');
    expect(parts.slice(middle).filter(({ type }) => type === 'audio').length).toBeGreaterThan(5);
  });

  it('makes one sentence ahead, more only while little sound is in hand', async () => {
    for (const [sentence, ahead] of [
      ['정말로 아주 긴 문장을 하나 여기에 이렇게 적어 두었습니다', 1],
      ['네', 3],
    ] as const) {
      const voice = wordVoice({ latencyMs: 300 });
      const text = Array.from({ length: 8 }, () => `${sentence}.`).join(' ');
      const parts = speakReply(inWords(text), optionsFor(voice), never);
      const first = parts.next();
      await passTo(clock, clock.monotonicMs() + 200);
      expect(voice.asked.length).toBe(1);
      await passTo(clock, clock.monotonicMs() + 200);
      await first;
      for (let part = (await parts.next()).value; part?.type !== 'audio';) part = (await parts.next()).value;
      await settle(5);
      expect(voice.asked.length).toBe(1 + ahead);
      await parts.return();
      await settle();
    }
  });

  it('costs a bounded amount while nobody takes anything', async () => {
    let written = 0;
    async function* endless() {
      for (;;) {
        written++;
        yield await Promise.resolve('끝이 없는 이야기입니다. ');
      }
    }
    const voice = wordVoice();
    const parts = speakReply(endless(), optionsFor(voice), never);
    for (let part = (await parts.next()).value; part?.type !== 'audio';) part = (await parts.next()).value;
    await settle(50);
    expect(voice.asked.length).toBeLessThanOrEqual(4);
    expect(written).toBeLessThan(100);
    await parts.return();
  });

  it('brings the sound of who takes over to the rate of the sentence, and stays with them', async () => {
    const dies = new ToneVoice({ id: 'fake_first', otherwise: { do: 'die-after', chunks: 6 } });
    const second = wordVoice({ id: 'fake_second', sampleRate: 24_000 });
    const chain = createTextToSpeechChain([dies, second]);
    const parts = await speak('하나 둘 셋 넷 다섯 여섯. 일곱 여덟. 아홉 열.', chain);
    expect(only(parts, 'source').map(({ provider }) => provider)).toEqual(['fake_first', 'fake_second']);
    const [first, next] = only(parts, 'sentence-start');
    expect([first!.sampleRate, next!.sampleRate]).toEqual([16_000, 24_000]);
    // The sentences that were made ahead are made again.
    expect(second.asked.map(({ text }) => text)).toContain('일곱 여덟.');
    const end = parts.findIndex(({ type }) => type === 'sentence-end');
    const samples = only(parts.slice(0, end), 'audio').reduce((sum, part) => sum + part.samples.length, 0);
    expect(only(parts, 'sentence-end')[0]!.durationMs).toBeCloseTo(samples / 16, 3);
    const secondMs = second.truth.get(second.asked[0]!.text)!.at(-1)!.endMs;
    expect(samples / 16).toBeGreaterThan(400 + secondMs);
    const words = only(parts.slice(0, end), 'word').map(({ text }) => text);
    expect(words).toEqual(['하나', '둘', '셋', '넷', '다섯', '여섯.']);
  });

  it('throws after all that came before, whoever fails', async () => {
    const voice = new ToneVoice({ script: [{ do: 'answer' }], otherwise: { do: 'fail', kind: 'failed' } });
    const told: SpokenPart[] = [];
    const speaking = (async () => {
      for await (const part of speakReply(inWords('하나 둘. 셋.'), optionsFor(voice), never)) told.push(part);
    })();
    await expect(speaking).rejects.toMatchObject({ kind: 'failed' });
    expect(told.at(-1)!.type).toBe('sentence-end');

    async function* breaks() {
      yield* inWords('하나 둘. ');
      throw new Error('no more words');
    }
    const heard: SpokenPart[] = [];
    const breaking = (async () => {
      for await (const part of speakReply(breaks(), optionsFor(wordVoice()), never)) heard.push(part);
    })();
    await expect(breaking).rejects.toThrow('no more words');
    expect(heard.at(-1)!.type).toBe('sentence-end');
  });

  it('leaves nothing behind, however it ends', async () => {
    const hangs = new ToneVoice({ otherwise: { do: 'hang-deaf' } });
    async function* silent() {
      await new Promise(() => {});
      yield '';
    }
    const cases: [AsyncIterable<string>, TextToSpeech][] = [
      [inWords('하나. 둘.'), wordVoice()],
      [inWords('하나. 둘.'), hangs],
      [silent(), wordVoice()],
      [inWords('하나. 둘. 셋.'), wordVoice({ latencyMs: 500 })],
    ];
    for (const [deltas, voice] of cases) {
      const controller = new AbortController();
      const speaking = collect(speakReply(deltas, optionsFor(voice), controller.signal));
      speaking.catch(() => {});
      await passTo(clock, clock.monotonicMs() + 300);
      controller.abort();
      await speaking.catch((error: unknown) => expect(error).toBeInstanceOf(AbortedError));
      await settle();
      expect(getEventListeners(controller.signal, 'abort').length).toBe(0);
      expect(clock.sleepers).toBe(0);
    }
  });

  it('takes times and places from a voice that can not be, and says everything', async () => {
    const odd: TextToSpeech = {
      ...wordVoice(),
      async *synthesize(): AsyncGenerator<SpeechChunk> {
        await Promise.resolve();
        yield { type: 'word', text: '?', startMs: Number.NaN, textOffset: 0 };
        yield { type: 'word', text: '?', startMs: 0, textOffset: 900 };
        yield { type: 'word', text: '?', startMs: 0, textOffset: -1 };
        yield { type: 'audio', samples: new Int16Array(0), sampleRate: 16_000 };
        yield { type: 'audio', samples: new Int16Array(160), sampleRate: 16_000 };
      },
    };
    const parts = await speak('하나. 둘.', odd);
    expect(only(parts, 'word')).toEqual([]);
    expect(only(parts, 'sentence-end').map(({ durationMs }) => durationMs)).toEqual([10, 10]);
  });
});
