import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeSenseVoice } from '../../../fixtures/onnx/make-sense-voice.ts';
import { makeStreamingZipformer } from '../../../fixtures/onnx/make-streaming-zipformer.ts';
import { makeVits } from '../../../fixtures/onnx/make-vits.ts';
import { makeWhisper } from '../../../fixtures/onnx/make-whisper.ts';
import { makeZipformerTransducer } from '../../../fixtures/onnx/make-zipformer-transducer.ts';
import { decodeWav } from '../../audio/wav.ts';
import { createChildHost, type ChildHost } from '../../lib/child-host.ts';
import { openSpeechHost } from '../../speech-host/open-speech-host.ts';
import { providerErrorOf, quiet } from '../contract/provider.suite.ts';
import { speechToTextSuite } from '../contract/stt.suite.ts';
import type { SpeechToText } from '../spec/stt.ts';
import { demoEarModel } from './demo-ear-model.ts';
import { createSherpaEars } from './sherpa-ears.ts';
import type { EarManifest, SpeechHostPart, SpeechHostRequest } from './speech-host-protocol.ts';

const SAMPLE = new URL('../../../models/demo-ear/samples/05.wav', import.meta.url);

let host: ChildHost<SpeechHostRequest, SpeechHostPart>;
let folder: string;
let speech: Float32Array;

const newHost = () =>
  createChildHost<SpeechHostRequest, SpeechHostPart>({
    name: 'speech-host',
    open: openSpeechHost(),
    maxRunning: 2,
  });

beforeAll(async () => {
  host = newHost();
  folder = await mkdtemp(join(tmpdir(), 'sherpa-ears-'));
  ({ samples: speech } = decodeWav(await readFile(SAMPLE)));
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

const earsOf = (model: EarManifest, languages: readonly string[] = ['ko'], own = host) =>
  createSherpaEars({ host: own, model, name: 'Random ears', languages });

const hear = (ears: SpeechToText, samples: Float32Array, language: string | null = 'ko') =>
  ears.transcribe({ samples, language }, quiet());

/** Said `times` times with a second of silence after each. */
function repeated(times: number): Float32Array {
  const once = speech.length + 16_000;
  const all = new Float32Array(once * times);
  for (let time = 0; time < times; time++) all.set(speech, time * once);
  return all;
}

describe.each([
  ['streaming-zipformer', makeStreamingZipformer, /^\p{Script=Hangul}+( \p{Script=Hangul}+)+$/u],
  ['zipformer-transducer', makeZipformerTransducer, /^\p{Script=Hangul}+( \p{Script=Hangul}+)+$/u],
  ['sense-voice', makeSenseVoice, /^\p{Script=Hangul}+/u],
  ['whisper', makeWhisper, '커피 한 잔 주세요'],
] as const)('random weights of family %s', (family, make, hears) => {
  let model: EarManifest;
  beforeAll(async () => {
    model = await make(folder);
  });

  speechToTextSuite('sherpa', {
    make: async () => ({ provider: earsOf(model), end: async () => {} }),
    speech: async () => speech,
    language: 'ko',
    hears,
  });

  it('are the same files each time they are made', async () => {
    expect((await make(folder, `${family}-again`)).files).toEqual(
      JSON.parse(JSON.stringify(model.files).replaceAll(model.id, `${family}-again`)),
    );
  });

  it('says the same of the same sound, whatever it heard between', async () => {
    const ears = earsOf(model);
    const first = await hear(ears, speech);
    await hear(ears, speech.map((sample) => sample * 0.5).reverse());
    expect(await hear(ears, speech)).toEqual(first);
  });

  it('says what it was tried with, and which model it is', async () => {
    const ears = earsOf(model);
    expect(ears.info).toMatchObject({ id: 'sherpa', triedWith: 'random_weights', standIn: false });
    await hear(ears, speech);
    expect(ears.modelStatus()).toMatchObject({ id: model.id, family, loaded: true });
    expect(ears.modelStatus()!.residentBytes).toBeGreaterThan(1_000_000);
  });

  it('is not loaded when a file is damaged, and the host lives on', async () => {
    const role = 'tokens' as const;
    const path = join(folder, `${family}-damaged.txt`);
    await writeFile(path, 'garbage');
    const damaged = {
      ...model,
      id: `${family}-damaged`,
      files: { ...model.files, [role]: { ...model.files[role], path } },
    } as EarManifest;
    await hear(earsOf(model), speech);
    const { pid } = host.status();
    const error = await providerErrorOf(hear(earsOf(damaged), speech));
    expect(error).toMatchObject({ kind: 'unavailable' });
    expect(error.message).toContain('has 7 bytes instead of');
    expect(host.status().pid).toBe(pid);
  });

  it('is given up after it ended the host twice, and says so', async () => {
    // A model of another family whose checksum agrees: the library ends its process over what it does not find in it.
    const { files } = await makeVits(join(folder, `${family}-stranger`));
    const role = 'model' in model.files ? 'model' : 'encoder';
    const poisoned = {
      ...model,
      id: `${family}-poisoned`,
      files: { ...model.files, [role]: files.model },
    } as EarManifest;
    const own = newHost();
    try {
      const ears = earsOf(poisoned, ['ko'], own);
      // A good model in between: what it answers ends the pauses between the starts of the host.
      const good = earsOf(model, ['ko'], own);
      for (let turn = 0; turn < 2; turn++) {
        expect((await providerErrorOf(hear(ears, speech))).kind).toBe('unavailable');
        await hear(good, speech);
      }
      const { starts } = own.status();
      expect(starts).toBe(3);
      expect(ears.availability()).toMatchObject({
        available: false,
        reason: expect.stringContaining('ended the speech host 2 times') as unknown,
        action: expect.stringContaining('malbeot models pull') as unknown,
      });
      expect((await providerErrorOf(hear(ears, speech))).kind).toBe('unavailable');
      expect(own.status().starts).toBe(starts);
    } finally {
      await own.close();
    }
  });
});

describe('long utterances', () => {
  it('are heard to their end, in pieces, and no more than 120 s', async () => {
    const ears = earsOf(await makeWhisper(folder, 'whisper-long'));
    const sentence = '커피 한 잔 주세요';
    const minute = repeated(Math.ceil(60 / (speech.length / 16_000 + 1)));
    expect((await hear(ears, minute)).text).toBe([sentence, sentence, sentence].join(' '));
    const error = await providerErrorOf(hear(ears, new Float32Array(16_000 * 121).fill(0.1)));
    expect(error.kind).toBe('invalid_input');
  });
});

describe('languages', () => {
  it('are told to Whisper with each utterance, also when they overlap', async () => {
    const ears = earsOf(await makeWhisper(folder, 'whisper-languages'), ['ko', 'en']);
    const asked = ['ko', 'en', 'ko-KR', 'en-GB', 'en', 'ko'];
    const heard = await Promise.all(asked.map((language) => hear(ears, speech, language)));
    expect(heard.map(({ text, language }) => [text === 'please' ? 'en' : 'ko', language])).toEqual(
      asked.map((language) => [language.slice(0, 2), language.slice(0, 2)]),
    );
  });

  it('are found out by Whisper where none is asked for, or one that it does not know', async () => {
    const ears = earsOf(await makeWhisper(folder, 'whisper-detect'), ['ko', 'en']);
    expect(await hear(ears, speech, null)).toMatchObject({ language: 'ko', text: '커피 한 잔 주세요' });
    expect(await hear(ears, speech, 'ja')).toMatchObject({ language: 'ko', text: '커피 한 잔 주세요' });
  });

  it('are told to SenseVoice when it is loaded, where it is one', async () => {
    const korean = earsOf(await makeSenseVoice(folder, 'sense-ko'), ['ko']);
    expect((await hear(korean, speech, 'ko')).language).toBe('ko');
    const english = earsOf(await makeSenseVoice(folder, 'sense-en'), ['en']);
    expect((await hear(english, speech, 'en')).language).toBe('en');
    const several = earsOf(await makeSenseVoice(folder, 'sense-several'), ['ko', 'en']);
    // The model answers "auto", which is no language; what was asked for stands.
    expect((await hear(several, speech, 'en')).language).toBe('en');
  });
});

it('hears with a real model: the demo ear as a model of its family', async () => {
  const ears = earsOf(demoEarModel());
  expect(ears.info.triedWith).toBe('real');
  expect((await hear(ears, speech)).text.normalize('NFC')).toContain('네');
});

it('says that no model was pulled', async () => {
  const ears = createSherpaEars({ host, model: null, name: 'None', languages: [] });
  expect(ears.availability()).toMatchObject({
    available: false,
    action: expect.stringContaining('malbeot models pull') as unknown,
  });
  expect(ears.modelStatus()).toBeNull();
  expect((await providerErrorOf(hear(ears, speech))).kind).toBe('unavailable');
  await expect(
    ears.transcribe({ samples: speech, language: null }, AbortSignal.abort()),
  ).rejects.toMatchObject({ name: 'AbortError' });
  await expect(ears.unload!()).resolves.toBeUndefined();
});

it('says which file is missing', async () => {
  const model = await makeSenseVoice(folder, 'sense-missing');
  await rm(model.files.model.path);
  expect(earsOf(model).availability()).toEqual({
    available: false,
    reason: `The model file ${model.files.model.path} is missing.`,
    action: 'Fetch the model again with `malbeot models pull sense-missing`.',
  });
});
