import { describe, expect, it } from 'vitest';
import { ProviderError } from '../providers/spec/provider.ts';
import type { SpeechChunk, SpeechRequest, TextToSpeech } from '../providers/spec/tts.ts';
import { speak, type SpokenEvent } from './speak.ts';

/** Says one sample for each character, and what it was asked to say. */
function createListedVoice(failsAt?: string) {
  const asked: SpeechRequest[] = [];
  let open = 0;
  const voice: TextToSpeech = {
    kind: 'tts',
    revision: '1',
    info: {
      id: 'listed',
      name: 'Listed',
      cost: 'free',
      local: true,
      standIn: true,
      languages: [],
      needs: '',
    },
    availability: () => ({ available: true }),
    async *synthesize(request): AsyncGenerator<SpeechChunk> {
      asked.push(request);
      open++;
      try {
        await Promise.resolve();
        if (request.text === failsAt) throw new ProviderError('failed', 'listed', 'It broke.');
        yield { type: 'audio', samples: new Int16Array(request.text.length), sampleRate: 16_000 };
      } finally {
        open--;
      }
    },
  };
  return { voice, asked, open: () => open };
}

const never = new AbortController().signal;

async function all(events: AsyncIterable<SpokenEvent>): Promise<SpokenEvent[]> {
  const list: SpokenEvent[] = [];
  for await (const event of events) list.push(event);
  return list;
}

describe('speak', () => {
  it('gives sound sentence by sentence, in order, with the style of the whole', async () => {
    const { voice, asked } = createListedVoice();
    const events = await all(
      speak(['안녕하세요. 반', '가워요!'], voice, { language: 'ko', speed: 1.5 }, never),
    );
    expect(events.map(({ type }) => type)).toEqual([
      'sentence-start',
      'audio',
      'sentence-end',
      'sentence-start',
      'audio',
      'sentence-end',
    ]);
    expect(asked).toEqual([
      { text: '안녕하세요.', language: 'ko', speed: 1.5 },
      { text: '반가워요!', language: 'ko', speed: 1.5 },
    ]);
  });

  it('speaks the first sentence while the second is still being written', async () => {
    const { voice } = createListedVoice();
    const heard: string[] = [];
    async function* write() {
      yield '첫 문장이에요. ';
      await Promise.resolve();
      heard.push('written on');
      yield '둘째 문장이에요.';
    }
    for await (const event of speak(write(), voice, { language: 'ko' }, never)) {
      if (event.type === 'sentence-start') heard.push(event.text);
    }
    expect(heard).toEqual(['첫 문장이에요.', 'written on', '둘째 문장이에요.']);
  });

  it('cuts the first clause early only where asked to', async () => {
    const texts = async (early: boolean) => {
      const { voice, asked } = createListedVoice();
      await all(speak(['불고기버거 두 개, 콜라 하나요.'], voice, { language: 'ko', early }, never));
      return asked.map(({ text }) => text);
    };
    expect(await texts(true)).toEqual(['불고기버거 두 개,', '콜라 하나요.']);
    expect(await texts(false)).toEqual(['불고기버거 두 개, 콜라 하나요.']);
  });

  it('stops the voice and the text when nobody listens any more', async () => {
    const { voice, open } = createListedVoice();
    let closed = false;
    async function* write() {
      try {
        yield '하나. ';
        yield '둘. ';
      } finally {
        closed = true;
      }
    }
    for await (const event of speak(write(), voice, { language: 'ko' }, never))
      if (event.type === 'audio') break;
    expect(open()).toBe(0);
    expect(closed).toBe(true);
  });

  it('says no further sentence once aborted, and passes on a failure', async () => {
    const stop = new AbortController();
    const { voice, asked } = createListedVoice();
    const cut = (async () => {
      for await (const event of speak(['하나. 둘. 셋.'], voice, { language: 'ko' }, stop.signal)) {
        if (event.type === 'sentence-end') stop.abort();
      }
    })();
    await expect(cut).rejects.toMatchObject({ name: 'AbortError' });
    expect(asked).toHaveLength(1);
    const broken = createListedVoice('둘.');
    await expect(
      all(speak(['하나. 둘. 셋.'], broken.voice, { language: 'ko' }, never)),
    ).rejects.toMatchObject({ kind: 'failed' });
    expect(broken.asked).toHaveLength(2);
  });
});
