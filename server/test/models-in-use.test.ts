import type { SpeechProvider, SpeechProviders } from '@malbeot/protocol';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSenseVoice } from '../fixtures/onnx/make-sense-voice.ts';
import { makeSupertonic } from '../fixtures/onnx/make-supertonic.ts';
import { decodeWav } from '../src/audio/wav.ts';
import type { CatalogueModel } from '../src/models/catalogue.ts';
import type { CommandOutcome, ModelsTerminal } from '../src/models/models-terminal.ts';
import { pullCommand } from '../src/models/pull-command.ts';
import { removeCommand } from '../src/models/remove-command.ts';
import { openFaultMirror, type FaultMirror } from '../src/models/testing/fault-mirror.ts';
import { tarBz2 } from '../src/models/testing/tiny-model.ts';
import type { ModelFile } from '../src/providers/sherpa/speech-host-protocol.ts';
import { startMalbeotProcess, type MalbeotProcess } from './malbeot-process.ts';

/**
 * Models from the pull to the spoken and the heard word: a mirror on the loopback, the commands, the whole server. Their weights
 * are random, so what they say and hear has no meaning.
 */

let folder: string;
let mirror: FaultMirror;
let malbeot: MalbeotProcess;
let catalogue: readonly CatalogueModel[];
const served = new Map<string, Buffer>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malbeot-in-use-'));
  catalogue = [await earsForPull(), await voiceForPull()];
  mirror = await openFaultMirror(() => served);
  malbeot = await startMalbeotProcess({ MALBEOT_DATA: join(folder, 'data') });
});
afterAll(async () => {
  await malbeot.close();
  await mirror.close();
  await rm(folder, { recursive: true, force: true });
});

const common = {
  licence: { name: 'Apache-2.0', url: 'https://example.org', nonCommercial: false, restrictions: null },
  size: null,
  approximateBytes: 1_000_000,
  folders: {},
} as const;

/** Ears that come file by file. */
async function earsForPull(): Promise<CatalogueModel> {
  const { files } = await makeSenseVoice(join(folder, 'made'));
  const id = 'random-ears';
  const described = withPaths(files, ({ path }) => basename(path));
  const downloads = await Promise.all(
    Object.values<ModelFile>(files).map(async ({ path, size, sha256 }) => {
      const file = basename(path);
      served.set(`/models/${id}/${file}`, await readFile(path));
      return { file, urls: [], size, sha256, content: { type: 'file', path: file } } as const;
    }),
  );
  return {
    ...common,
    id,
    name: 'Random ears',
    kind: 'ears',
    family: 'sense-voice',
    languages: ['ko', 'en'],
    files: described,
    sources: [downloads],
  };
}

/** A voice that comes as an archive, which whatever this machine has unpacks. */
async function voiceForPull(): Promise<CatalogueModel> {
  const home = join(folder, 'made', 'voice');
  const { files } = await makeSupertonic(home);
  const within = ({ path }: ModelFile) => relative(home, path).replaceAll('\\', '/');
  const entries = await Promise.all(
    Object.values<ModelFile>(files).map(async (file) => ({
      name: `random-voice/${within(file)}`,
      content: await readFile(file.path),
    })),
  );
  const archive = await tarBz2(entries);
  const id = 'random-voice';
  const file = 'random-voice.tar.bz2';
  served.set(`/models/${id}/${file}`, archive);
  const sha256 = createHash('sha256').update(archive).digest('hex');
  return {
    ...common,
    id,
    name: 'Random voice',
    kind: 'voice',
    family: 'supertonic',
    languages: ['ko', 'en'],
    files: withPaths(files, within),
    sources: [[{ file, urls: [], size: archive.length, sha256, content: { type: 'archive', strip: 1 } }]],
  };
}

function withPaths(files: Readonly<Record<string, ModelFile>>, pathOf: (file: ModelFile) => string) {
  return Object.fromEntries(
    Object.entries(files).map(([role, file]) => [role, { ...file, path: pathOf(file) }]),
  );
}

async function run(command: 'pull' | 'remove', ids: readonly string[]): Promise<CommandOutcome> {
  const complaints: string[] = [];
  const terminal: ModelsTerminal = {
    language: 'en',
    print: () => {},
    complain: (line) => void complaints.push(line),
    ask: null,
    rewrite: null,
  };
  const models = join(folder, 'data', 'models');
  const shared = { ids, isAgreed: true, folder: models, terminal, signal: new AbortController().signal };
  const outcome =
    command === 'remove'
      ? await removeCommand({ ...shared, builtIn: [] })
      : await pullCommand({
          ...shared,
          catalogue,
          mirror: `${mirror.url}/models`,
          offline: null,
          freeBytes: () => Promise.resolve(1e12),
          now: Date.now,
        });
  expect(complaints).toEqual([]);
  return outcome;
}

async function restart(): Promise<void> {
  await malbeot.end('SIGTERM');
  await malbeot.start();
}

async function provider(kind: 'tts' | 'stt', id: string): Promise<SpeechProvider | undefined> {
  const response = await fetch(`${malbeot.url}/api/${kind}/providers`);
  expect(response.status).toBe(200);
  return ((await response.json()) as SpeechProviders).providers.find((one) => one.id === id);
}

async function speak(text: string) {
  const response = await fetch(`${malbeot.url}/api/tts/synthesize`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text, language: 'ko' }),
  });
  expect(response.status).toBe(200);
  const by = response.headers.get('x-malbeot-provider');
  return { by, sound: Buffer.from(await response.arrayBuffer()) };
}

async function hear(sound: Uint8Array) {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(sound)]), 'sound.wav');
  form.append('language', 'ko');
  const response = await fetch(`${malbeot.url}/api/voice/stt`, { method: 'POST', body: form });
  expect(response.status).toBe(200);
  const { transcript } = (await response.json()) as { transcript: string };
  return { by: response.headers.get('x-malbeot-provider'), transcript };
}

const SAID = '커피 한 잔 주세요';
/** A start of the server on a busy machine. */
const RESTART_LIMIT_MS = 120_000;

describe('models that are pulled', () => {
  it('are said to be missing before', async () => {
    expect(await provider('tts', 'supertonic')).toMatchObject({
      available: false,
      action: 'Run `malbeot models pull supertonic-3-int8`.',
    });
    expect(await provider('stt', 'sherpa')).toMatchObject({ available: false });
    expect((await speak(SAID)).by).toBe('espeak');
  });

  it(
    'speak and hear from the next start',
    async () => {
      expect(await run('pull', ['random-ears', 'random-voice'])).toBe('done');
      expect(existsSync(join(folder, 'data', 'models', 'random-voice', 'vocoder.onnx'))).toBe(true);
      await restart();
      expect(await provider('tts', 'supertonic')).toMatchObject({
        available: true,
        reason: null,
        circuit: 'closed',
        tried_with: 'random_weights',
      });
      expect(await provider('stt', 'sherpa')).toMatchObject({ available: true, languages: ['ko', 'en'] });

      const { by, sound } = await speak(SAID);
      expect(by).toBe('supertonic');
      const { durationMs, samples } = decodeWav(sound);
      expect(durationMs).toBeGreaterThan(200);
      expect(samples.some((sample) => Math.abs(sample) > 0.01)).toBe(true);

      const spoken = await readFile(new URL('../../web/test/fixtures/order-ko.wav', import.meta.url));
      const heard = await hear(spoken);
      expect(heard.by).toBe('sherpa');
      expect(heard.transcript).not.toBe('');
      // Weights that are random, but not the hearer: the same sound is the same words.
      expect(await hear(spoken)).toEqual(heard);
    },
    RESTART_LIMIT_MS,
  );

  it(
    'are gone from the next start on when they are removed',
    async () => {
      expect(await run('remove', ['random-ears', 'random-voice'])).toBe('done');
      expect(existsSync(join(folder, 'data', 'models', 'random-voice'))).toBe(false);
      await restart();
      expect(await provider('tts', 'supertonic')).toMatchObject({ available: false });
      expect(await provider('stt', 'sherpa')).toMatchObject({ available: false });
      expect((await speak('물 한 잔 주세요')).by).toBe('espeak');
    },
    RESTART_LIMIT_MS,
  );
});
