import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeKokoro } from '../../../fixtures/onnx/make-kokoro.ts';
import { makeMatcha } from '../../../fixtures/onnx/make-matcha.ts';
import { makePiperVits, makeVits } from '../../../fixtures/onnx/make-vits.ts';
import { makeZipvoice } from '../../../fixtures/onnx/make-zipvoice.ts';
import { providerErrorOf, quiet } from '../contract/provider.suite.ts';
import { collectSpeech, soundOf, textToSpeechSuite } from '../contract/tts.suite.ts';
import type { TextToSpeech, VoiceReference } from '../spec/tts.ts';
import { createSherpaVoice, type SherpaVoiceManifest } from './sherpa-voice.ts';
import { findEspeakData } from './testing/espeak-data.ts';
import { listening, modelFolder, newSpeechHost, type SpeechHost } from './testing/speech-host.ts';

const KOREAN = { text: '불고기버거 두 개 담았어요. 더 필요하신 게 있으세요?', language: 'ko' };
const ENGLISH = { text: 'One cheeseburger and a coke. Anything else?', language: 'en' };
const TWO_SPEAKERS = [
  { id: 'first', name: 'First', languages: [], speakerId: 0 },
  { id: 'second', name: 'Second', languages: [], speakerId: 1 },
] as const;

const espeakData = findEspeakData();
const WITHOUT_ESPEAK = espeakData === undefined ? ' (skipped: espeak-ng-data is not installed)' : '';

let host: SpeechHost;
let folder: Awaited<ReturnType<typeof modelFolder>>;

beforeAll(async () => {
  host = newSpeechHost();
  folder = await modelFolder();
});
afterAll(async () => {
  await host.close();
  await folder.remove();
});

/** Three seconds of a humming that gets louder and softer. */
function recording(id: string, sampleRate = 16_000): VoiceReference {
  const samples = Float32Array.from({ length: 3 * sampleRate }, (_, index) => {
    const seconds = index / sampleRate;
    return 0.3 * Math.sin(2 * Math.PI * 140 * seconds) * Math.sin(2 * Math.PI * 1.5 * seconds);
  });
  return { id, samples, sampleRate, text: '네 그렇게 해 주세요' };
}

const secondsOf = async (voice: TextToSpeech, request: Parameters<typeof collectSpeech>[1]) => {
  const { samples, sampleRate } = soundOf(await collectSpeech(voice, request));
  return samples.length / sampleRate;
};

describe('vits', () => {
  let model: SherpaVoiceManifest;
  beforeAll(async () => {
    model = await makeVits(join(folder.path, 'vits'));
  });
  const voiceOf = (own: SpeechHost = host) =>
    createSherpaVoice({ host: own, model, languages: ['ko', 'en'], speakers: TWO_SPEAKERS });

  textToSpeechSuite('vits with random weights', {
    make: async () => ({ provider: voiceOf(), end: async () => {} }),
    ...KOREAN,
    givesTimes: false,
  });

  it('speaks with the voice that is asked for, its first otherwise', async () => {
    const loudness = async (voice?: string) => {
      const { samples } = soundOf(await collectSpeech(voiceOf(), { ...KOREAN, ...(voice && { voice }) }));
      return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    };
    expect(await loudness()).toBeCloseTo(await loudness('first'));
    expect(Math.abs((await loudness('second')) - (await loudness('first')))).toBeGreaterThan(300);
    expect(
      voiceOf()
        .voices()
        .map(({ id }) => id),
    ).toEqual(['first', 'second']);
  });

  it('fails for a speaker that the model does not have', async () => {
    const [first] = TWO_SPEAKERS;
    const voice = createSherpaVoice({
      host,
      model,
      languages: ['ko'],
      speakers: [{ ...first, speakerId: 2 }],
    });
    const error = await providerErrorOf(collectSpeech(voice, KOREAN));
    expect(error).toMatchObject({
      kind: 'invalid_input',
      message: expect.stringContaining('2 voices') as unknown,
    });
  });

  it('fails for text that the model has no sound for, and speaks on', async () => {
    const error = await providerErrorOf(collectSpeech(voiceOf(), { text: '漢字', language: 'ko' }));
    expect(error.kind).toBe('failed');
    expect(await secondsOf(voiceOf(), KOREAN)).toBeGreaterThan(1);
  });

  it('asks for nothing more once the listener is gone', async () => {
    const { host: heard, asked } = listening(host);
    const controller = new AbortController();
    const listen = async () => {
      for await (const chunk of voiceOf(heard).synthesize(KOREAN, controller.signal)) {
        if (chunk.type === 'audio') controller.abort();
      }
    };
    await expect(listen()).rejects.toMatchObject({ name: 'AbortError' });
    expect(asked.map(({ operation }) => operation)).toEqual(['load', 'synthesize']);
    expect(await secondsOf(voiceOf(), KOREAN)).toBeGreaterThan(1);
  });

  it('speaks for several at the same time', async () => {
    const alone = await secondsOf(voiceOf(), KOREAN);
    const together = await Promise.all(Array.from({ length: 6 }, () => secondsOf(voiceOf(), KOREAN)));
    expect(together).toEqual(Array.from({ length: 6 }, () => alone));
  });

  it('takes no notice of a recording', async () => {
    expect(voiceOf().takesReference).toBe(false);
    expect(await secondsOf(voiceOf(), { ...KOREAN, reference: recording('a') })).toBe(
      await secondsOf(voiceOf(), KOREAN),
    );
  });

  it('says that no model was pulled', async () => {
    const voice = createSherpaVoice({ host, model: null, languages: [] });
    expect(voice.availability()).toMatchObject({ available: false, reason: 'Its model was not pulled.' });
    expect((await providerErrorOf(collectSpeech(voice, KOREAN))).kind).toBe('unavailable');
    expect((await providerErrorOf(voice.preload!(quiet()))).kind).toBe('unavailable');
    await voice.unload!();
  });
});

describe.skipIf(espeakData === undefined)(`vits by espeak's sounds${WITHOUT_ESPEAK}`, () => {
  it('speaks Korean, longer for longer text', async () => {
    const model = await makePiperVits(join(folder.path, 'vits-piper'), espeakData!);
    const voice = createSherpaVoice({ host, model, languages: ['ko'] });
    const short = await secondsOf(voice, { text: '네', language: 'ko' });
    expect(short).toBeGreaterThan(0.1);
    expect(await secondsOf(voice, KOREAN)).toBeGreaterThan(short * 5);
  });
});

describe('matcha', () => {
  let model: SherpaVoiceManifest;
  beforeAll(async () => {
    model = await makeMatcha(join(folder.path, 'matcha'));
  });
  textToSpeechSuite('matcha with random weights', {
    make: async () => ({
      provider: createSherpaVoice({ host, model, languages: ['ko'] }),
      end: async () => {},
    }),
    ...KOREAN,
    givesTimes: false,
  });
});

describe.skipIf(espeakData === undefined)(`kokoro${WITHOUT_ESPEAK}`, () => {
  let model: SherpaVoiceManifest;
  beforeAll(async () => {
    model = await makeKokoro(join(folder.path, 'kokoro'), espeakData!);
  });
  textToSpeechSuite('kokoro with random weights', {
    make: async () => ({
      provider: createSherpaVoice({ host, model, languages: ['en'], speakers: TWO_SPEAKERS }),
      end: async () => {},
    }),
    ...ENGLISH,
    givesTimes: false,
  });
});

describe.skipIf(espeakData === undefined)(`zipvoice${WITHOUT_ESPEAK}`, () => {
  let model: SherpaVoiceManifest;
  beforeAll(async () => {
    model = await makeZipvoice(join(folder.path, 'zipvoice'), espeakData!);
  });
  const voiceOf = (reference?: VoiceReference, own: SpeechHost = host) =>
    createSherpaVoice({ host: own, model, languages: ['ko'], ...(reference && { reference }) });

  textToSpeechSuite('zipvoice with random weights', {
    make: async () => ({ provider: voiceOf(recording('default')), end: async () => {} }),
    ...KOREAN,
    givesTimes: false,
  });

  it('speaks like the recording of the request, else like the one that is configured', async () => {
    const { host: heard, asked } = listening(host);
    const voice = voiceOf(recording('default'), heard);
    expect(voice.takesReference).toBe(true);
    await collectSpeech(voice, { text: '네', language: 'ko' });
    await collectSpeech(voice, { text: '네', language: 'ko', reference: recording('other', 22_050) });
    const rates = asked.flatMap((request) =>
      request.operation === 'synthesize' ? [request.reference?.sampleRate] : [],
    );
    expect(rates).toEqual([16_000, 22_050]);
    expect(voiceOf(recording('default')).revision).not.toBe(voiceOf(recording('b')).revision);
  });

  it('refuses to speak like nobody, or like a recording that it can make nothing of', async () => {
    const good = recording('a');
    const { host: heard, asked } = listening(host);
    expect((await providerErrorOf(collectSpeech(voiceOf(undefined, heard), KOREAN))).kind).toBe(
      'invalid_input',
    );
    for (const change of [
      { samples: good.samples.subarray(0, 16_000) },
      { samples: new Float32Array(31 * 16_000) },
      { samples: good.samples.map((sample, index) => (index === 9 ? Number.NaN : sample)) },
      { sampleRate: 0 },
      { text: ' …' },
    ]) {
      const voice = voiceOf(undefined, heard);
      const reference = { ...good, ...change };
      expect((await providerErrorOf(collectSpeech(voice, { ...KOREAN, reference }))).kind).toBe(
        'invalid_input',
      );
    }
    expect(asked).toEqual([]);
  });
});
