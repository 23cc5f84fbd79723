import { createHash } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeSupertonic } from '../../../fixtures/onnx/make-supertonic.ts';
import { providerErrorOf, quiet } from '../contract/provider.suite.ts';
import { collectSpeech, soundOf, textToSpeechSuite } from '../contract/tts.suite.ts';
import type { SpeechChunk, TextToSpeech } from '../spec/tts.ts';
import { createSupertonicVoice } from './supertonic-voice.ts';
import { listening, modelFolder, newSpeechHost, type SpeechHost } from './testing/speech-host.ts';

type Model = Awaited<ReturnType<typeof makeSupertonic>>;

const TWO_SENTENCES = { text: '불고기버거 두 개 담았어요. 더 필요하신 게 있으세요?', language: 'ko' };

let host: SpeechHost;
let folder: Awaited<ReturnType<typeof modelFolder>>;
let model: Model;

beforeAll(async () => {
  host = newSpeechHost();
  folder = await modelFolder();
  model = await makeSupertonic(folder.path);
});
afterAll(async () => {
  await host.close();
  await folder.remove();
});

const secondsOf = (chunks: readonly SpeechChunk[]) => {
  const { samples, sampleRate } = soundOf(chunks);
  return samples.length / sampleRate;
};
const samplesOf = async (voice: TextToSpeech, change: object) =>
  soundOf(await collectSpeech(voice, { ...TWO_SENTENCES, ...change })).samples;

textToSpeechSuite('supertonic with random weights', {
  make: async () => ({ provider: createSupertonicVoice({ host, model }), end: async () => {} }),
  language: 'ko',
  text: TWO_SENTENCES.text,
  givesTimes: false,
});

describe('supertonic', () => {
  it('offers M1 first, and all ten of its voices', () => {
    const voices = createSupertonicVoice({ host, model }).voices();
    expect(voices.map(({ id }) => id)).toEqual(['M1', 'M2', 'M3', 'M4', 'M5', 'F1', 'F2', 'F3', 'F4', 'F5']);
  });

  it('speaks with the style of the voice, F1 to F5 first in the file', async () => {
    const { host: heard, asked } = listening(host);
    const voice = createSupertonicVoice({ host: heard, model });
    const sounds: Int16Array[] = [];
    for (const id of [undefined, 'M1', 'F1', 'M5']) {
      sounds.push(await samplesOf(voice, id === undefined ? {} : { voice: id }));
    }
    const speakers = asked.flatMap((request) =>
      request.operation === 'synthesize' ? [request.speakerId] : [],
    );
    expect(speakers).toEqual([5, 5, 5, 5, 0, 0, 9, 9]);
    expect(sounds[1]!.length).toBe(sounds[0]!.length);
    expect(new Set(sounds.map(({ length }) => length)).size).toBe(3);
  });

  it('says the same sentence the same way each time, though it starts from noise', async () => {
    const voice = createSupertonicVoice({ host, model });
    const [first, second] = [await samplesOf(voice, {}), await samplesOf(voice, {})];
    expect(second.length).toBe(first.length);
    expect(
      first.reduce((most, sample, index) => Math.max(most, Math.abs(sample - second[index]!)), 0),
    ).toBeLessThan(100);
  });

  it('always says the language: the library takes English for granted', async () => {
    const voice = createSupertonicVoice({ host, model });
    const lengths = [];
    for (const language of ['ko', 'en', 'ja-JP']) lengths.push((await samplesOf(voice, { language })).length);
    expect(new Set(lengths).size).toBe(3);
    const error = await providerErrorOf(collectSpeech(voice, { ...TWO_SENTENCES, language: 'zh' }));
    expect(error).toMatchObject({
      kind: 'invalid_input',
      message: expect.stringContaining('"zh"') as unknown,
    });
  });

  it('speaks every language that it lists', async () => {
    const voice = createSupertonicVoice({ host, model });
    for (const language of voice.info.languages) {
      expect(secondsOf(await collectSpeech(voice, { text: '123', language }))).toBeGreaterThan(0.1);
    }
    expect(voice.info.languages).toHaveLength(31);
  });

  it('gives the first sentence before it asks for the second, and none after who listens has left', async () => {
    const { host: heard, asked } = listening(host);
    const voice = createSupertonicVoice({ host: heard, model });
    const sentences = () =>
      asked.flatMap((request) => (request.operation === 'synthesize' ? [request.text] : []));
    const chunks = voice.synthesize(TWO_SENTENCES, quiet())[Symbol.asyncIterator]();
    expect((await chunks.next()).value).toMatchObject({ type: 'audio', sampleRate: 44_100 });
    expect(sentences()).toEqual(['불고기버거 두 개 담았어요.']);
    await chunks.return?.();
    expect(sentences()).toHaveLength(1);
    await collectSpeech(voice, TWO_SENTENCES);
    expect(sentences()).toHaveLength(3);
  });

  it('pauses between sentences, not after the last, and shorter where it speaks faster', async () => {
    const voice = createSupertonicVoice({ host, model });
    const seconds = async (text: string, speed: number) =>
      secondsOf(await collectSpeech(voice, { text, language: 'ko', speed }));
    for (const speed of [1, 1.5]) {
      const apart = (await seconds('담았어요.', speed)) + (await seconds('더 있으세요?', speed));
      expect((await seconds('담았어요. 더 있으세요?', speed)) - apart).toBeCloseTo(0.3 / speed, 3);
    }
  });

  it('gives nothing more once it is called off, even where the sound is there already', async () => {
    const eager: SpeechHost = {
      ...host,
      async *stream(request, call, signal) {
        const parts = [];
        for await (const part of host.stream(request, call, signal)) parts.push(part);
        yield* parts;
      },
    };
    const controller = new AbortController();
    let heard = 0;
    const listen = async () => {
      for await (const _ of createSupertonicVoice({ host: eager, model }).synthesize(
        TWO_SENTENCES,
        controller.signal,
      )) {
        if (++heard === 1) controller.abort();
      }
    };
    await expect(listen()).rejects.toMatchObject({ name: 'AbortError' });
    expect(heard).toBe(1);
  });

  it('keeps to the pace that the model speaks well at', async () => {
    const { host: heard, asked } = listening(host);
    const voice = createSupertonicVoice({ host: heard, model });
    for (const speed of [0.25, 1, 1.5, 4]) await collectSpeech(voice, { text: '네', language: 'ko', speed });
    const speeds = asked.flatMap((request) => (request.operation === 'synthesize' ? [request.speed] : []));
    expect(speeds).toEqual([0.7, 1.05, 1.05 * 1.5, 2]);
  });

  it('cuts a long sentence where the model would lose its way', async () => {
    const { host: heard, asked } = listening(host);
    const text = '불고기버거 두 개와 콜라 하나, 그리고 감자튀김 하나를 '.repeat(8);
    await collectSpeech(createSupertonicVoice({ host: heard, model }), { text, language: 'ko' });
    const texts = asked.flatMap((request) => (request.operation === 'synthesize' ? [request.text] : []));
    expect(texts.length).toBeGreaterThan(1);
    for (const piece of texts) expect(piece.length).toBeLessThanOrEqual(120);
    expect(texts.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  });

  it('is silent for signs alone', async () => {
    const { samples, sampleRate } = soundOf(
      await collectSpeech(createSupertonicVoice({ host, model }), { text: '… !!! 😀', language: 'ko' }),
    );
    expect(samples.length / sampleRate).toBeCloseTo(0.3);
    expect(samples.every((sample) => sample === 0)).toBe(true);
  });

  it('speaks higher and lower, in about the same time', async () => {
    const voice = createSupertonicVoice({ host, model });
    const text = '아야어여오요우유으이'.repeat(3);
    const heard = async (pitch: number) => {
      const chunks = await collectSpeech(voice, { text, language: 'ko', pitch });
      const { samples, sampleRate } = soundOf(chunks);
      return { seconds: samples.length / sampleRate, crossings: crossingsPerSecond(samples, sampleRate) };
    };
    const normal = await heard(1);
    const [lower, higher] = [await heard(0.8), await heard(1.25)];
    expect(lower.seconds / normal.seconds).toBeCloseTo(1, 1);
    expect(higher.seconds / normal.seconds).toBeCloseTo(1, 1);
    // What a random model says is noise up to the highest frequency: only downwards is there room.
    expect(lower.crossings).toBeLessThan(normal.crossings * 0.9);
  });

  it('has a revision that names the model, its files and its steps', async () => {
    const revision = (steps: number, other: Model = model) =>
      createSupertonicVoice({ host, model: other, steps }).revision;
    expect(revision(8)).toMatch(/^supertonic:random-supertonic:[0-9a-f]{12}:8:/);
    expect(revision(5)).not.toBe(revision(8));
    const voiceStyle = { ...model.files.voiceStyle, sha256: 'f'.repeat(64) };
    expect(revision(8, { ...model, files: { ...model.files, voiceStyle } })).not.toBe(revision(8));
  });

  it('says that its model was not pulled, or which file is missing', () => {
    expect(createSupertonicVoice({ host, model: null }).availability()).toEqual({
      available: false,
      reason: 'Its model was not pulled.',
      action: 'Run `malbeot models pull supertonic-3-int8`.',
    });
    const vocoder = { ...model.files.vocoder, path: join(folder.path, 'nowhere.onnx') };
    const gone = { ...model, files: { ...model.files, vocoder } };
    expect(createSupertonicVoice({ host, model: gone }).availability()).toMatchObject({
      available: false,
      reason: expect.stringContaining('nowhere.onnx') as unknown,
    });
  });

  it('gives its memory back once nobody listens, and loads again when asked', async () => {
    const { host: heard, asked } = listening(host);
    const voice = createSupertonicVoice({ host: heard, model });
    const operations = () => asked.map(({ operation }) => operation);
    const chunks = voice.synthesize(TWO_SENTENCES, quiet())[Symbol.asyncIterator]();
    await chunks.next();
    const unloading = voice.unload!();
    while (!(await chunks.next()).done) expect(operations()).not.toContain('unload');
    await unloading;
    expect(operations()).toEqual(['load', 'synthesize', 'synthesize', 'unload']);
    await voice.unload!();
    expect(operations()).toHaveLength(4);
    await collectSpeech(voice, { text: '네', language: 'ko' });
    expect(operations().slice(4)).toEqual(['load', 'synthesize']);
    await voice.close?.();
  });
});

describe('the speech host as a voice', () => {
  /** `model` as another one, with `change` done to a copy of one of its files. */
  async function changed(
    id: string,
    role: keyof Model['files'],
    change: (bytes: Buffer) => Buffer,
    { agrees }: { readonly agrees: boolean },
  ): Promise<Model> {
    const file = model.files[role];
    const path = join(folder.path, `${id}-${role}.bin`);
    await copyFile(file.path, path);
    const bytes = change(await readFile(path));
    await writeFile(path, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const listed = agrees ? { path, size: bytes.length, sha256 } : { ...file, path };
    return { ...model, id, files: { ...model.files, [role]: listed } };
  }

  const flip = (bytes: Buffer) => {
    bytes[bytes.length >> 1]! ^= 0xff;
    return bytes;
  };

  it('does not load a damaged file', async () => {
    const voice = createSupertonicVoice({ host, model });
    await collectSpeech(voice, TWO_SENTENCES);
    const { pid } = host.status();
    const damaged = await changed('damaged', 'vectorEstimator', flip, { agrees: false });
    const error = await providerErrorOf(
      collectSpeech(createSupertonicVoice({ host, model: damaged }), TWO_SENTENCES),
    );
    expect(error).toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('is damaged') as unknown,
    });
    expect(secondsOf(await collectSpeech(voice, TWO_SENTENCES))).toBeGreaterThan(1);
    expect(host.status().pid).toBe(pid);
  });

  it('is given up after a model has ended it twice, and speaks on with another', async () => {
    const own = newSpeechHost();
    try {
      const good = createSupertonicVoice({ host: own, model });
      await collectSpeech(good, TWO_SENTENCES);
      const short = (bytes: Buffer) => bytes.subarray(0, bytes.length - 4);
      const bad = await changed('deadly', 'voiceStyle', short, { agrees: true });
      const poisoned = createSupertonicVoice({ host: own, model: bad });
      for (let turn = 0; turn < 2; turn++) {
        expect((await providerErrorOf(collectSpeech(poisoned, TWO_SENTENCES))).kind).toBe('unavailable');
        expect(secondsOf(await collectSpeech(good, TWO_SENTENCES))).toBeGreaterThan(1);
      }
      expect(poisoned.availability()).toMatchObject({
        available: false,
        reason: expect.stringContaining('2 times') as unknown,
      });
      const { starts } = own.status();
      await providerErrorOf(collectSpeech(poisoned, TWO_SENTENCES));
      expect(own.status().starts).toBe(starts);
      await good.close?.();
    } finally {
      await own.close();
    }
  });

  it.each([
    ['is killed', 'SIGKILL', 'unavailable'],
    ['hangs', 'SIGSTOP', 'timeout'],
  ] as const)('loses one request when it %s in mid-sentence', async (_, signal, kind) => {
    const own = newSpeechHost();
    try {
      const voice = createSupertonicVoice({ host: own, model, pieceLimitMs: 1_000 });
      await collectSpeech(voice, TWO_SENTENCES);
      const pid = own.status().pid!;
      // Stopped first, so that the sentence is under way for sure.
      process.kill(pid, 'SIGSTOP');
      const lost = providerErrorOf(collectSpeech(voice, { text: '네', language: 'ko' }));
      if (signal === 'SIGKILL') {
        await new Promise((resolve) => setTimeout(resolve, 20));
        process.kill(pid, signal);
      }
      expect((await lost).kind).toBe(kind);
      expect(secondsOf(await collectSpeech(voice, TWO_SENTENCES))).toBeGreaterThan(1);
      expect(own.status().pid).not.toBe(pid);
      await voice.close?.();
    } finally {
      await own.close();
    }
  });
});

function crossingsPerSecond(samples: Int16Array, sampleRate: number): number {
  let crossings = 0;
  for (let index = 1; index < samples.length; index++) {
    if (samples[index - 1]! < 0 !== samples[index]! < 0) crossings += 1;
  }
  return (crossings * sampleRate) / samples.length;
}
