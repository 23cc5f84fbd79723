import { describe, expect, it } from 'vitest';
import { AbortedError } from '../lib/abort.ts';
import { deferred } from '../lib/deferred.ts';
import type { SpeechChunk, SpeechRequest, TextToSpeech } from '../providers/spec/tts.ts';
import { ToneVoice } from '../providers/fake/tone-voice.ts';
import { speakAhead, type Spoken } from './speak-ahead.ts';

const never = new AbortController().signal;
const STYLE = { language: 'ko' };

/** Speaks each sentence as the test says, under the name that the test gives. */
class NamedVoice implements TextToSpeech {
  readonly kind = 'tts';
  readonly revision = '1';
  readonly info = new ToneVoice().info;
  readonly asked: SpeechRequest[] = [];
  readonly #names: readonly string[];
  readonly #buffer = new Int16Array(4);

  constructor(names: readonly string[]) {
    this.#names = names;
  }
  voices() {
    return [];
  }
  availability() {
    return { available: true } as const;
  }
  async *synthesize(request: SpeechRequest): AsyncGenerator<SpeechChunk> {
    const number = this.asked.push(request);
    await Promise.resolve();
    yield { type: 'source', provider: this.#names[number - 1]!, revision: '1', skipped: [] };
    yield { type: 'audio', samples: this.#buffer.fill(number), sampleRate: 16_000 };
    this.#buffer.fill(99);
  }
}

const collect = async (spoken: AsyncIterable<Spoken>) => {
  const told: (string | number)[] = [];
  for await (const part of spoken) told.push(part.type === 'source' ? part.provider : part.samples[0]!);
  return told;
};

describe('speakAhead', () => {
  it('is never more than one sentence ahead of who listens', async () => {
    const voice = new ToneVoice();
    const text = Array.from({ length: 10 }, (_, index) => `문장 ${index}입니다.`).join(' ');
    const spoken = speakAhead(text, voice, STYLE, { early: false }, never);
    const settle = async () => {
      for (let round = 0; round < 50; round++) await new Promise(setImmediate);
    };
    // Two words a sentence, each a piece of sound.
    for (const calls of [2, 2, 3, 3, 4]) {
      expect((await spoken.next()).value).toMatchObject({ type: 'audio' });
      await settle();
      expect([voice.calls, voice.running]).toEqual([calls, 0]);
    }
    await spoken.return();
    await settle();
    expect(voice.calls).toBe(4);
  });

  it('keeps the order, tells each voice once, and owns the sound it gives', async () => {
    const voice = new NamedVoice(['one', 'one', 'two', 'two']);
    const told = await collect(
      speakAhead(
        '하나. 둘. 셋. 넷.',
        voice,
        { ...STYLE, voice: 'v', provider: 'one' },
        { early: false },
        never,
      ),
    );
    expect(told).toEqual(['one', 1, 2, 'two', 3, 4]);
    expect(voice.asked.map(({ provider, voice: name }) => [provider, name])).toEqual([
      ['one', 'v'],
      ['one', 'v'],
      ['one', 'v'],
      ['two', undefined],
    ]);
  });

  it('cuts what nobody ended, and loses nothing', async () => {
    const voice = new ToneVoice();
    const text = `${'가나다 '.repeat(200)}${'😀가'.repeat(300)}.`;
    await collect(speakAhead(text, voice, STYLE, { early: true }, never));
    expect(voice.asked.every((asked) => asked.text.length <= 240)).toBe(true);
    // Half a character can not be written in UTF-8.
    expect(voice.asked.every((asked) => !Buffer.from(asked.text).includes('\ufffd'))).toBe(true);
    const bare = (words: string) => words.replaceAll(' ', '');
    expect(bare(voice.asked.map((asked) => asked.text).join(''))).toBe(bare(text));
  });

  it('gives what was said before a sentence that nobody can say', async () => {
    const voice = new ToneVoice({ script: [{ do: 'answer' }], otherwise: { do: 'fail', kind: 'failed' } });
    const told: string[] = [];
    const speaking = (async () => {
      for await (const part of speakAhead('하나 둘. 셋.', voice, STYLE, { early: false }, never))
        told.push(part.type);
    })();
    await expect(speaking).rejects.toMatchObject({ kind: 'failed' });
    expect(told).toEqual(['audio', 'audio']);
  });

  it('ends a voice that hangs, at the limit and when it is called off', async () => {
    const voice = new ToneVoice({ otherwise: { do: 'hang-deaf' } });
    const options = { early: false, sentenceLimitMs: 20 };
    await expect(collect(speakAhead('하나.', voice, STYLE, options, never))).rejects.toThrow('20 ms');
    const controller = new AbortController();
    const begun = deferred<void>();
    const off = collect(speakAhead('하나.', voice, STYLE, { early: false }, controller.signal));
    setImmediate(() => begun.resolve());
    await begun.promise;
    controller.abort();
    await expect(off).rejects.toThrow(AbortedError);
  });
});
