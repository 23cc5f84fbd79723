import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { decodeWav } from '../../audio/wav.ts';
import { createChildHost, type ChildHost } from '../../lib/child-host.ts';
import { openSpeechHost } from '../../speech-host/open-speech-host.ts';
import { providerErrorOf, quiet } from '../contract/provider.suite.ts';
import { speechToTextSuite } from '../contract/stt.suite.ts';
import type { SpeechToText } from '../spec/stt.ts';
import { demoEarModel } from './demo-ear-model.ts';
import { createDemoEar } from './demo-ear.ts';
import { atTrainedLevel } from './level.ts';
import type { SpeechHostPart, SpeechHostRequest } from './speech-host-protocol.ts';
import { tidyJamo } from './tidy.ts';

const SAMPLES = new URL('../../../models/demo-ear/samples/', import.meta.url);

const newHost = () =>
  createChildHost<SpeechHostRequest, SpeechHostPart>({
    name: 'speech-host',
    open: openSpeechHost(),
    maxRunning: 2,
  });

async function sample(file: string): Promise<Float32Array> {
  const { samples, sampleRate } = decodeWav(await readFile(new URL(file, SAMPLES)));
  expect(sampleRate).toBe(16_000);
  return samples;
}

const hear = async (ear: SpeechToText, samples: Float32Array) =>
  (await ear.transcribe({ samples, language: 'ko' }, quiet())).text;

let host: ChildHost<SpeechHostRequest, SpeechHostPart>;
let folder: string;

beforeAll(async () => {
  host = newHost();
  folder = await mkdtemp(join(tmpdir(), 'demo-ear-'));
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

speechToTextSuite('demo_ear', {
  make: async () => ({ provider: createDemoEar({ host }), end: async () => {} }),
  speech: () => sample('05.wav'),
  language: 'ko',
  hears: '네 가져갈게요',
});

describe('the demo ear', () => {
  it('hears the twelve samples as its README says', async () => {
    const ear = createDemoEar({ host });
    const rows = (await readFile(new URL('heard.tsv', SAMPLES), 'utf8')).trim().split('\n');
    const heard: string[] = [];
    for (const row of rows) heard.push(await hear(ear, await sample(row.split('\t')[0]!)));
    expect(heard).toEqual(rows.map((row) => tidyJamo(row.split('\t')[3]!)));
    const said = rows.map((row) => row.split('\t')[2]!);
    expect(heard.filter((text, index) => text === said[index])).toHaveLength(8);
  });

  it('hears quiet speech', async () => {
    const quietly = (await sample('01.wav')).map((value) => value * 0.01);
    expect(await hear(createDemoEar({ host }), quietly)).toMatch(/블루베리머핀/);
  });

  it('hears no words in noise', async () => {
    let state = 1;
    const noise = Float32Array.from({ length: 32_000 }, () => {
      state = (state * 48_271) % 0x7fff_ffff;
      return (state / 0x7fff_ffff - 0.5) * 0.02;
    });
    expect(await hear(createDemoEar({ host }), noise)).toBe('');
  });

  it('refuses more than two minutes', async () => {
    const samples = new Float32Array(16_000 * 121).fill(0.2);
    const error = await providerErrorOf(
      createDemoEar({ host }).transcribe({ samples, language: 'ko' }, quiet()),
    );
    expect(error).toMatchObject({ kind: 'invalid_input' });
    expect(error.message).toContain('121.0 s');
  });

  it('gives times in true milliseconds', async () => {
    const samples = await sample('05.wav');
    const part = await host.call(
      { operation: 'transcribe', model: demoEarModel(), samples, sampleRate: 16_000, language: null },
      { limitMs: 10_000 },
      quiet(),
    );
    if (part.type !== 'transcription') throw new Error(part.type);
    const last = part.tokens.at(-1)!.startMs;
    expect(last).toBeGreaterThan(0);
    expect(last).toBeLessThan(samples.length / 16);
  });
});

describe('sound for the demo ear', () => {
  const peak = (samples: Float32Array | undefined) =>
    samples?.reduce((top, value) => Math.max(top, Math.abs(value)), 0);

  it('is brought to the level of its training', () => {
    const loud = new Float32Array([0.5, -0.9]);
    expect(atTrainedLevel(loud)).toBe(loud);
    expect(peak(atTrainedLevel(new Float32Array([0.01, -0.002])))).toBeCloseTo(0.25);
    expect(peak(atTrainedLevel(new Float32Array([3, -4])))).toBeCloseTo(1);
    expect(atTrainedLevel(new Float32Array([0.0009, 0]))).toBeUndefined();
  });
});

describe('the speech host', () => {
  /** An ear of its own, whose host has heard something before. */
  async function warmEar(options: { readonly transcribeLimitMs?: number } = {}) {
    const own = newHost();
    const ear = createDemoEar({ host: own, ...options });
    const samples = await sample('05.wav');
    expect(await hear(ear, samples)).toBe('네 가져갈게요');
    return { own, ear, samples, pid: own.status().pid! };
  }

  it('loses one turn when it is killed in the middle of it', async () => {
    const { own, ear, samples, pid } = await warmEar();
    try {
      // Stopped first, so that the request is under way for sure.
      process.kill(pid, 'SIGSTOP');
      const lost = providerErrorOf(ear.transcribe({ samples, language: 'ko' }, quiet()));
      await new Promise((resolve) => setTimeout(resolve, 20));
      process.kill(pid, 'SIGKILL');
      expect((await lost).kind).toBe('unavailable');
      expect(await hear(ear, samples)).toBe('네 가져갈게요');
      expect(own.status().pid).not.toBe(pid);
    } finally {
      await own.close();
    }
  });

  it('loses one turn when it hangs', async () => {
    const { own, ear, samples, pid } = await warmEar({ transcribeLimitMs: 1_000 });
    try {
      process.kill(pid, 'SIGSTOP');
      const error = await providerErrorOf(ear.transcribe({ samples, language: 'ko' }, quiet()));
      expect(error.kind).toBe('timeout');
      expect(await hear(ear, samples)).toBe('네 가져갈게요');
    } finally {
      await own.close();
    }
  });

  type DemoEarModel = ReturnType<typeof demoEarModel>;

  /** The shipped model with `damage` done to a copy of one of its files; the manifest is still the right one. */
  async function damagedModel(
    id: string,
    role: 'model' | 'tokens',
    damage: (path: string) => Promise<void>,
  ): Promise<DemoEarModel> {
    const shipped = demoEarModel();
    const path = join(folder, `${id}.${role}`);
    await copyFile(shipped.files[role].path, path);
    await damage(path);
    return { ...shipped, id, files: { ...shipped.files, [role]: { ...shipped.files[role], path } } };
  }

  /** The same with a manifest that agrees with the damaged file, so that no checksum stops it. */
  async function agreeing(model: DemoEarModel, role: 'model' | 'tokens'): Promise<DemoEarModel> {
    const { path } = model.files[role];
    const bytes = await readFile(path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { ...model, files: { ...model.files, [role]: { path, size: bytes.length, sha256 } } };
  }

  const flip = async (path: string) => {
    const bytes = await readFile(path);
    bytes[2_000_000]! ^= 0xff;
    await writeFile(path, bytes);
  };

  it.each([
    ['flipped bytes', flip, 'is damaged'],
    ['a missing end', (path: string) => truncate(path, 100_000), 'has 100000 bytes instead of 4971099'],
    ['no file', (path: string) => rm(path), 'can not be read (ENOENT)'],
  ])('does not load a model with %s', async (name, damage, reason) => {
    const model = await damagedModel(name.replaceAll(' ', '-'), 'model', damage);
    const samples = await sample('05.wav');
    await hear(createDemoEar({ host }), samples);
    const { pid } = host.status();
    // The file is there when the ear looks; that it is not right is for the host to find.
    await expect(host.call({ operation: 'load', model }, { limitMs: 10_000 }, quiet())).rejects.toMatchObject(
      { kind: 'unavailable', died: false, message: expect.stringContaining(reason) as unknown },
    );
    expect(await hear(createDemoEar({ host }), samples)).toBe('네 가져갈게요');
    expect(host.status().pid).toBe(pid);
  });

  it('outlives a damaged model whose checksum agrees', async () => {
    const damaged = await damagedModel('short', 'model', (path) => truncate(path, 100_000));
    const { own, ear, samples } = await warmEar();
    try {
      const poisoned = createDemoEar({ host: own, model: await agreeing(damaged, 'model') });
      expect((await providerErrorOf(poisoned.transcribe({ samples, language: 'ko' }, quiet()))).kind).toBe(
        'unavailable',
      );
      expect(await hear(ear, samples)).toBe('네 가져갈게요');
    } finally {
      await own.close();
    }
  });

  it('outlives a model that ends its process, and gives it up after two deaths', async () => {
    const damaged = await damagedModel('without-blank', 'tokens', (path) => writeFile(path, 'garbage\n'));
    const model = await agreeing(damaged, 'tokens');
    const { own, ear, samples, pid } = await warmEar();
    try {
      const poisoned = createDemoEar({ host: own, model });
      for (let turn = 0; turn < 2; turn++) {
        const error = await providerErrorOf(poisoned.transcribe({ samples, language: 'ko' }, quiet()));
        expect(error.kind).toBe('unavailable');
        expect(await hear(ear, samples)).toBe('네 가져갈게요');
      }
      expect(own.status().pid).not.toBe(pid);
      const { starts } = own.status();
      const refused = await providerErrorOf(poisoned.transcribe({ samples, language: 'ko' }, quiet()));
      expect(refused.message).toContain('ended the speech host 2 times');
      expect(poisoned.availability()).toMatchObject({ available: false });
      expect(await hear(ear, samples)).toBe('네 가져갈게요');
      expect(own.status().starts).toBe(starts);
    } finally {
      await own.close();
    }
  });

  it('says which file of the model is missing', () => {
    const ear = createDemoEar({ host, model: demoEarModel(join(folder, 'nowhere')) });
    expect(ear.availability()).toMatchObject({
      available: false,
      reason: expect.stringContaining('demo-ear.onnx') as unknown,
    });
  });
});
