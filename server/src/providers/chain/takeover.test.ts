import { describe, expect, it } from 'vitest';

import { listenersOn, providerErrorOf, quiet } from '../contract/provider.suite.ts';
import { collectSpeech } from '../contract/tts.suite.ts';
import type { Step } from '../fake/script.ts';
import { ToneVoice, type ToneVoiceOptions } from '../fake/tone-voice.ts';
import type { SpeechChunk, TextToSpeech } from '../spec/tts.ts';
import type { Takeover } from './members.ts';
import { createTextToSpeechChain } from './text-to-speech-chain.ts';

/** Every word lasts 200 ms, so all have two syllables. */
const request = { text: '콜라 하나, 버거 두개 담죠. 또요?', language: 'ko' };
/** Of a word: its time, its symbol and its sound. */
const WORD_CHUNKS = 3;
const limits = { floorMs: 400, unknownMs: 400, ceilingMs: 400, coldMs: 400 };

/** A chain that has heard its first voice once before `step`. */
async function chainAfter(step: Step, options: ToneVoiceOptions = {}) {
  const takeovers: Takeover[] = [];
  const first = new ToneVoice({
    id: 'fake_first',
    script: [{ do: 'answer' }],
    otherwise: step,
    ...options,
  });
  const second = new ToneVoice({ id: 'fake_second', frequencyHz: 220 });
  const chain = createTextToSpeechChain([first, second], {
    limits,
    onTakeover: (takeover) => takeovers.push(takeover),
  });
  await collectSpeech(chain, request);
  return { first, second, chain, takeovers };
}

/** Who speaks which words, when. */
function account(chunks: readonly SpeechChunk[]) {
  const lines: string[] = [];
  let atMs = 0;
  for (const chunk of chunks) {
    if (chunk.type === 'source') lines.push(chunk.provider);
    if (chunk.type === 'word') lines.push(`${chunk.startMs} ${chunk.textOffset} ${chunk.text}`);
    if (chunk.type === 'audio') {
      const ms = (chunk.samples.length * 1000) / chunk.sampleRate;
      const isSilent = chunk.samples.subarray(100).every((sample) => sample === 0);
      if (isSilent) lines.push(`${atMs} silence ${ms}`);
      atMs += ms;
    }
  }
  return lines;
}

describe('a voice that fails after its first sound', () => {
  it.each([
    ['dies', 'die-after', 'failed'],
    ['stalls', 'stall-after', 'timeout'],
  ] as const)(
    '%s between two clauses: the next one goes on with the next clause',
    async (_, step, reason) => {
      const { chain, second, takeovers } = await chainAfter({ do: step, chunks: 2 * WORD_CHUNKS });
      const signal = quiet();
      const chunks = await collectSpeech(chain, request, signal);
      expect(account(chunks)).toEqual([
        'fake_first',
        '0 0 콜라',
        '200 3 하나,',
        '400 silence 120',
        'fake_second',
        '520 7 버거',
        '720 10 두개',
        '920 13 담죠.',
        '1120 17 또요?',
      ]);
      expect(chunks.filter(({ type }) => type === 'source').at(-1)).toMatchObject({
        revision: 'fake_second:1',
        skipped: [{ provider: 'fake_first', reason }],
      });
      expect(second.asked.map(({ text }) => text)).toEqual(['버거 두개 담죠. 또요?']);
      expect(takeovers).toEqual([{ chain: 'voice', from: 'fake_first', to: 'fake_second' }]);
      expect(chain.status().providers[0]).toMatchObject({ failuresInRow: 1, lastError: { kind: reason } });
      expect(listenersOn(signal)).toBe(0);
    },
  );

  it('is followed from the first word that was not given, in the middle of a clause', async () => {
    const { chain, second } = await chainAfter({ do: 'die-after', chunks: 4 * WORD_CHUNKS });
    await collectSpeech(chain, request);
    expect(second.asked.map(({ text }) => text)).toEqual(['담죠. 또요?']);
  });

  it('never takes back or repeats: times run on, every word is said once', async () => {
    for (let chunks = WORD_CHUNKS; chunks <= 6 * WORD_CHUNKS; chunks += WORD_CHUNKS) {
      const { chain } = await chainAfter({ do: 'die-after', chunks });
      const heard = await collectSpeech(chain, request);
      const words = heard.filter((chunk) => chunk.type === 'word');
      expect(words.map(({ text }) => text).join(' ')).toBe(request.text);
      const starts = words.map(({ startMs }) => startMs);
      expect(starts).toEqual([...starts].sort((one, other) => one - other));
      for (const { text, textOffset } of words) expect(request.text.startsWith(text, textOffset)).toBe(true);
    }
  });

  it('is nobody followed when all was said', async () => {
    const { chain, second } = await chainAfter({ do: 'stall-after', chunks: 6 * WORD_CHUNKS });
    const chunks = await collectSpeech(chain, request);
    expect(account(chunks)).toHaveLength(7);
    expect(second.calls).toBe(0);
  });

  it('without word times: goes on with the first word that may not have been said', async () => {
    // 200 ms a word, measured once, so that the chain knows this voice; a little doubt is left.
    for (const [words, rest] of [
      [1, request.text],
      [2, '하나, 버거 두개 담죠. 또요?'],
      [4, '두개 담죠. 또요?'],
      [5, '담죠. 또요?'],
    ] as const) {
      const { chain, second } = await chainAfter({ do: 'die-after', chunks: words }, { givesTimes: false });
      await collectSpeech(chain, request);
      expect(second.asked.map(({ text }) => text)).toEqual([rest]);
    }
  });

  it('keeps back the times of words that it never gave', async () => {
    const eager = new ToneVoice({ id: 'fake_eager' });
    eager.synthesize = async function* () {
      yield { type: 'word', text: '콜라', startMs: 0, textOffset: 0 };
      yield { type: 'word', text: '하나,', startMs: 200, textOffset: 3 };
      yield { type: 'word', text: '버거', startMs: 400, textOffset: 7 };
      yield { type: 'audio', samples: new Int16Array(3_200).fill(900), sampleRate: 16_000 };
      throw new Error('broken');
    };
    const chain = createTextToSpeechChain([eager, new ToneVoice()]);
    expect(account(await collectSpeech(chain, request)).slice(0, 5)).toEqual([
      'fake_eager',
      '0 0 콜라',
      '200 silence 120',
      'fake_voice',
      '320 3 하나,',
    ]);
  });

  it('may be followed by more than one, and by an error when there is nobody left', async () => {
    const step = { do: 'die-after', chunks: WORD_CHUNKS } as const;
    const first = new ToneVoice({ id: 'fake_a', script: [{ do: 'answer' }], otherwise: step });
    const last = new ToneVoice({ id: 'fake_c', otherwise: step });
    const failing = new ToneVoice({ id: 'fake_b', otherwise: { do: 'fail', kind: 'unavailable' } });
    const chain = createTextToSpeechChain([first, failing, last], { limits });
    await collectSpeech(chain, request);
    const heard: SpeechChunk[] = [];
    const speaking = (async () => {
      for await (const chunk of chain.synthesize(request, quiet())) heard.push(chunk);
    })();
    const error = await providerErrorOf(speaking);
    expect(error).toMatchObject({ kind: 'unavailable', provider: 'voice' });
    expect(error.skipped.map(({ provider }) => provider)).toEqual(['fake_a', 'fake_b', 'fake_c']);
    expect(account(heard)).toEqual(['fake_a', '0 0 콜라', '200 silence 120', 'fake_c', '320 3 하나,']);
  });

  it.each([
    ['no samples', { samples: [1, 2] as unknown as Int16Array, sampleRate: 16_000 }],
    ['an impossible rate', { samples: new Int16Array(10), sampleRate: 0 }],
    ['another rate in mid-sentence', { samples: new Int16Array(10), sampleRate: 8_000 }],
  ])('gives %s: nobody has to hear it', async (_, odd) => {
    const garbled = new ToneVoice({ id: 'fake_garbled' });
    garbled.synthesize = async function* () {
      yield { type: 'audio', samples: new Int16Array(3_200).fill(900), sampleRate: 16_000 };
      yield { type: 'audio', ...odd };
    };
    const chunks = await collectSpeech(createTextToSpeechChain([garbled, new ToneVoice()]), request);
    expect(account(chunks)).toContain('fake_voice');
    const rates = new Set(chunks.map((chunk) => (chunk.type === 'audio' ? chunk.sampleRate : 16_000)));
    expect([...rates]).toEqual([16_000]);
  });

  it('may be followed by one with another rate, which its source tells before', async () => {
    const low: TextToSpeech = new ToneVoice({ id: 'fake_low' });
    low.synthesize = async function* () {
      yield { type: 'audio', samples: new Int16Array(2_400).fill(900), sampleRate: 8_000 };
    };
    const first = new ToneVoice({ otherwise: { do: 'die-after', chunks: WORD_CHUNKS } });
    const chunks = await collectSpeech(createTextToSpeechChain([first, low]), request);
    const order = chunks.flatMap((chunk) =>
      chunk.type === 'source' ? [chunk.provider] : chunk.type === 'audio' ? [`${chunk.sampleRate}`] : [],
    );
    expect(order).toEqual(['fake_voice', '16000', '16000', 'fake_low', '8000']);
  });

  it('leaves no step in the sound where it breaks off', async () => {
    const loud = new ToneVoice();
    loud.synthesize = async function* () {
      yield { type: 'audio', samples: new Int16Array(3_200).fill(20_000), sampleRate: 16_000 };
      throw new Error('broken');
    };
    const chunks = await collectSpeech(createTextToSpeechChain([loud, new ToneVoice()]), request);
    const sounds = chunks.filter((chunk) => chunk.type === 'audio');
    const joined = [20_000, ...sounds[1]!.samples];
    const steps = joined.slice(1).map((sample, index) => Math.abs(sample - joined[index]!));
    expect(Math.max(...steps)).toBeLessThan(400);
    expect(joined.at(-1)).toBe(0);
  });
});

describe('who is asked', () => {
  const reference = {
    id: 'ref_1',
    samples: new Float32Array(48_000),
    sampleRate: 16_000,
    text: '안녕하세요',
  };
  const sourceOf = async (chain: TextToSpeech, extra: object) =>
    (await collectSpeech(chain, { ...request, ...extra }))[0];

  it('the provider that was asked for, first', async () => {
    const { chain } = await chainAfter({ do: 'answer' });
    expect(await sourceOf(chain, { provider: 'fake_second' })).toMatchObject({
      provider: 'fake_second',
      skipped: [],
    });
    expect(await sourceOf(chain, { provider: 'fake_other' })).toMatchObject({
      provider: 'fake_first',
      skipped: [{ provider: 'fake_other', reason: 'unavailable' }],
    });
    const { chain: broken } = await chainAfter({ do: 'fail', kind: 'failed' });
    expect(await sourceOf(broken, { provider: 'fake_first' })).toMatchObject({
      provider: 'fake_second',
      skipped: [{ provider: 'fake_first', reason: 'failed' }],
    });
  });

  it('with the voice of its own, which is left out for another', async () => {
    const anna = new ToneVoice({ id: 'fake_a', voices: ['anna'], otherwise: { do: 'fail', kind: 'failed' } });
    const bert = new ToneVoice({ id: 'fake_b', voices: ['bert'] });
    const chain = createTextToSpeechChain([anna, bert]);
    await collectSpeech(chain, { ...request, voice: 'anna' });
    await collectSpeech(chain, { ...request, voice: 'anna', provider: 'fake_a' });
    expect(anna.asked.map(({ voice }) => voice)).toEqual(['anna', 'anna']);
    expect(bert.asked.map((asked) => 'voice' in asked)).toEqual([false, false]);
    await collectSpeech(chain, { ...request, voice: 'bert' });
    expect(anna.asked.at(-1)).not.toHaveProperty('voice');
    expect(bert.asked.at(-1)).toHaveProperty('voice', 'bert');
    const error = await providerErrorOf(
      collectSpeech(createTextToSpeechChain([bert]), { ...request, voice: 'nobody' }),
    );
    expect(error.kind).toBe('invalid_input');
  });

  it('only those who take a recording, when there is one', async () => {
    const able = new ToneVoice({ id: 'fake_able', takesReference: true });
    const chain = createTextToSpeechChain([new ToneVoice({ id: 'fake_plain' }), able]);
    expect(chain.takesReference).toBe(true);
    expect(await sourceOf(chain, { reference })).toMatchObject({
      provider: 'fake_able',
      skipped: [{ provider: 'fake_plain', reason: 'custom voice' }],
    });
    expect(able.asked[0]!.reference).toBe(reference);
    able.setAvailability({ available: false, reason: 'The model is missing.', action: 'Pull it.' });
    const gone = await providerErrorOf(sourceOf(chain, { reference }));
    expect(gone).toMatchObject({ kind: 'unavailable' });
    expect(gone.message).toContain('needs fake_able.');
    expect(gone.message).toContain('The model is missing.');
    const none = await providerErrorOf(sourceOf(createTextToSpeechChain([new ToneVoice()]), { reference }));
    expect(none.message).toContain('this server has none');
  });
});
