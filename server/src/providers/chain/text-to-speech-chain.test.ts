import { describe, expect, it } from 'vitest';

import { listenersOn, providerErrorOf, quiet } from '../contract/provider.suite.ts';
import { collectSpeech, textToSpeechSuite } from '../contract/tts.suite.ts';
import type { Step } from '../fake/script.ts';
import { ToneVoice } from '../fake/tone-voice.ts';
import { createTextToSpeechChain, type TextToSpeechChainOptions } from './text-to-speech-chain.ts';

/** One limit for everything. */
const limits = (ms: number) => ({ floorMs: ms, unknownMs: ms, ceilingMs: ms, coldMs: ms });

const request = { text: '두 개 맞으세요?', language: 'ko' };

textToSpeechSuite('a chain of one', {
  make: async () => ({ provider: createTextToSpeechChain([new ToneVoice()]), end: async () => {} }),
  language: 'ko',
  text: request.text,
  givesTimes: true,
  isChain: true,
});

function chainAfter(step: Step, options: TextToSpeechChainOptions = {}) {
  const first = new ToneVoice({ id: 'fake_first', otherwise: step });
  const second = new ToneVoice({ id: 'fake_second', frequencyHz: 220 });
  return { first, second, chain: createTextToSpeechChain([first, second], options) };
}

describe('a chain of voices', () => {
  it.each([
    ['fails', { do: 'fail', kind: 'unauthorized' }, 'unauthorized'],
    ['hangs', { do: 'hang' }, 'timeout'],
    ['hangs and is deaf to its signal', { do: 'hang-deaf' }, 'timeout'],
    ['gives word times and no sound', { do: 'die-after', chunks: 2 }, 'failed'],
    ['throws what it should not', { do: 'throw', error: 'oops' }, 'failed'],
  ] satisfies [string, Step, string][])(
    'lets the next one speak when the first %s',
    async (_, step, reason) => {
      const { chain, second } = chainAfter(step, { limits: limits(20) });
      const signal = quiet();
      const chunks = await collectSpeech(chain, request, signal);
      expect(chunks[0]).toEqual({
        type: 'source',
        provider: 'fake_second',
        revision: 'fake_second:1',
        skipped: [{ provider: 'fake_first', reason }],
      });
      expect(chunks.slice(1)).toEqual(await collectSpeech(second, request));
      expect(listenersOn(signal)).toBe(0);
    },
  );

  it('opens the circuit of a voice that always dies after its first sound', async () => {
    const { chain, first } = chainAfter({ do: 'die-after', chunks: 4 });
    for (let call = 0; call < 3; call++) await collectSpeech(chain, request);
    expect((await collectSpeech(chain, request))[0]).toMatchObject({ provider: 'fake_second' });
    expect(first.calls).toBe(3);
  });

  it('counts neither an abort nor a listener who leaves', async () => {
    const { chain, first, second } = chainAfter({ do: 'answer' });
    for (let call = 0; call < 4; call++) {
      const controller = new AbortController();
      const speaking = collectSpeech(chain, request, controller.signal);
      queueMicrotask(() => controller.abort());
      await expect(speaking).rejects.toMatchObject({ name: 'AbortError' });
      for await (const chunk of chain.synthesize(request, quiet())) if (chunk.type === 'audio') break;
    }
    await new Promise(setImmediate);
    expect(first.running).toBe(0);
    expect(second.calls).toBe(0);
    expect(chain.status().providers[0]).toMatchObject({ circuit: 'closed', failuresInRow: 0 });
  });

  it('has the revision of the voice that is next', async () => {
    const { chain, first } = chainAfter({ do: 'answer' });
    expect(chain.revision).toBe('fake_first:1');
    first.setAvailability({ available: false, reason: 'gone', action: 'none' });
    expect(chain.revision).toBe('fake_second:1');
    expect((await collectSpeech(chain, request))[0]).toMatchObject({ revision: 'fake_second:1' });
  });

  it('does not blame a voice for text that has nothing to say', async () => {
    const mute = new ToneVoice();
    mute.synthesize = async function* () {};
    const chain = createTextToSpeechChain([mute]);
    expect((await collectSpeech(chain, { text: '…!', language: 'ko' })).map(({ type }) => type)).toEqual([
      'source',
    ]);
    expect((await providerErrorOf(collectSpeech(chain, request))).message).toContain(
      'fake_voice: it gave no sound',
    );
  });

  it('names each voice and why when all fail', async () => {
    const chain = createTextToSpeechChain([
      new ToneVoice({ id: 'fake_a', otherwise: { do: 'fail', kind: 'unauthorized' } }),
      new ToneVoice({ id: 'fake_b', otherwise: { do: 'fail', kind: 'timeout' } }),
    ]);
    const error = await providerErrorOf(collectSpeech(chain, request));
    expect(error).toMatchObject({ kind: 'unavailable', provider: 'voice' });
    expect(error.message).toContain('fake_a: fake_a was told to fail; fake_b: fake_b was told to fail');
  });

  it('passes the source of a chain within a chain on', async () => {
    const { chain: inner } = chainAfter({ do: 'fail', kind: 'failed' }, { id: 'local' });
    const outer = createTextToSpeechChain([
      new ToneVoice({ id: 'fake_cloud', otherwise: { do: 'fail', kind: 'timeout' } }),
      inner,
    ]);
    const chunks = await collectSpeech(outer, request);
    expect(chunks.filter(({ type }) => type === 'source')).toEqual([
      {
        type: 'source',
        provider: 'fake_second',
        revision: 'fake_second:1',
        skipped: [
          { provider: 'fake_cloud', reason: 'timeout' },
          { provider: 'fake_first', reason: 'failed' },
        ],
      },
    ]);
  });
});
