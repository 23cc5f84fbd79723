import { setMaxListeners } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { truePeak } from '../audio/limiter.ts';
import { integratedLoudness } from '../audio/loudness.ts';
import { toDecibels } from '../audio/level.ts';
import { toPcm16 } from '../audio/pcm.ts';
import { sniffMedia } from '../audio/sniff.ts';
import { sine } from '../audio/testing/noise.ts';
import { decodeWav } from '../audio/wav.ts';
import { AppError } from '../errors/app-error.ts';
import { AbortedError, delay } from '../lib/abort.ts';
import { deferred } from '../lib/deferred.ts';
import { isId, systemRandom } from '../lib/ids.ts';
import { ProviderError } from '../providers/spec/provider.ts';
import type { SpeechChunk, SpeechRequest, TextToSpeech } from '../providers/spec/tts.ts';
import type { Database } from '../storage/database.ts';
import { createFileStore } from '../storage/file-store.ts';
import { describeEachDialect } from '../storage/testing.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { createVoiceFiles, type VoiceFilesOptions } from './create-voice-files.ts';
import { voiceFileMigrations, type VoiceFileTables } from './tables.ts';
import type { VoiceFiles } from './voice-files.ts';

const HOUR = 60 * 60_000;
const RATE = 16_000;
const REQUEST = { text: '주문하시겠어요?', language: 'ko' };
const signal = new AbortController().signal;
setMaxListeners(100, signal);

/** Says a tone whose pitch and length follow from the text; each request waits for `gate` first. */
class ToneVoice implements TextToSpeech {
  readonly kind = 'tts';
  voices() {
    return [];
  }
  readonly info;
  revision = '1';
  requests: SpeechRequest[] = [];
  gate: Promise<void> = Promise.resolve();
  failure: Error | null = null;
  available = true;
  sources: string[] = [];
  aborted = 0;
  running = 0;
  mostRunning = 0;

  constructor(id = 'tone') {
    this.info = { id, name: id, cost: 'free', local: true, standIn: true, languages: [], needs: '' } as const;
  }

  availability() {
    return this.available
      ? ({ available: true } as const)
      : ({ available: false, reason: 'It is switched off.', action: 'Switch it on.' } as const);
  }

  async *synthesize(request: SpeechRequest, callSignal: AbortSignal): AsyncGenerator<SpeechChunk> {
    this.requests.push(request);
    this.mostRunning = Math.max(this.mostRunning, ++this.running);
    const onAbort = deferred<never>();
    const abort = () => onAbort.reject(new AbortedError(callSignal.reason));
    callSignal.addEventListener('abort', abort, { once: true });
    try {
      await Promise.race([this.gate, onAbort.promise]);
      if (this.failure !== null) throw this.failure;
      for (const provider of this.sources) yield { type: 'source', provider, revision: '7', skipped: [] };
      const tone = toPcm16(sine(RATE / 2 + request.text.length * 100, RATE, 300 + request.text.length, 0.05));
      yield { type: 'audio', samples: tone.subarray(0, 4_000), sampleRate: RATE };
      yield { type: 'audio', samples: tone.subarray(4_000), sampleRate: RATE };
    } catch (error) {
      if (error instanceof AbortedError) this.aborted++;
      throw error;
    } finally {
      this.running--;
      callSignal.removeEventListener('abort', abort);
    }
  }
}

describeEachDialect('voice files', voiceFileMigrations, (test) => {
  let folder: string;
  let now: number;
  let voice: ToneVoice;
  let open: VoiceFiles[];

  const create = (options: Partial<VoiceFilesOptions> = {}): VoiceFiles => {
    const voiceFiles = createVoiceFiles({
      database: test.database,
      files: createFileStore(folder, { durable: false }),
      voice,
      clock: { now: () => now, monotonicMs: () => now },
      random: systemRandom,
      log: silentLogger,
      ...options,
    });
    open.push(voiceFiles);
    return voiceFiles;
  };
  const rows = (database: Database) =>
    database.tables<VoiceFileTables>().selectFrom('voice_files').selectAll().execute();
  const read = async (voiceFiles: VoiceFiles, id: string, format: 'wav' | 'mp3' | 'ogg' = 'wav') =>
    (await voiceFiles.read(id, format, 5_000, signal))!;
  const started = async (voiceFiles: VoiceFiles, request = REQUEST) =>
    (await voiceFiles.start(request))!.fileId;
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'no error',
      (error: unknown) => (error instanceof AppError ? error.code : error),
    );

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voice-files-'));
    // Files carry the time of the disk.
    now = Date.now();
    voice = new ToneVoice();
    open = [];
  });
  afterEach(async () => {
    await Promise.all(open.map((voiceFiles) => voiceFiles.close()));
    await rm(folder, { recursive: true });
  });

  it('gives an id at once and its sound when it is made, at the loudness of every voice', async () => {
    const gate = deferred<void>();
    voice.gate = gate.promise;
    const voiceFiles = create();
    const startedVoice = await voiceFiles.start({ ...REQUEST, text: '  주문하시겠어요? ' });
    expect(isId('vox', startedVoice!.fileId)).toBe(true);
    expect(startedVoice!.provider).toBe('tone');
    const reading = read(voiceFiles, startedVoice!.fileId);
    gate.resolve();
    const file = await reading;
    expect(file.mediaType).toBe('audio/wav');
    expect(file.provider).toBe('tone');
    expect(file.etag).toMatch(/^"[\w-]{22}"$/);
    const { samples, sampleRate } = decodeWav(file.bytes);
    expect(sampleRate).toBe(RATE);
    expect(samples).toHaveLength(RATE / 2 + REQUEST.text.length * 100);
    expect(integratedLoudness(samples, sampleRate)).toBeCloseTo(-16, 1);
    expect(toDecibels(truePeak(samples))).toBeLessThan(-0.9);
    expect(voice.requests).toEqual([REQUEST]);
  });

  it('makes a sound once for all who ask, in memory, on disk and in another process', async () => {
    const gate = deferred<void>();
    voice.gate = gate.promise;
    const voiceFiles = create();
    const ids = await Promise.all(Array.from({ length: 10 }, () => started(voiceFiles)));
    expect(new Set(ids).size).toBe(10);
    const readings = [...ids, ...ids].map((id) => read(voiceFiles, id));
    gate.resolve();
    const files = await Promise.all(readings);
    expect(new Set(files.map(({ etag }) => etag)).size).toBe(1);
    // What was just made is heard from memory before it is on disk.
    await voiceFiles.close();
    const other = create();
    const again = await read(other, ids[0]!);
    expect(again.bytes.equals(files[0]!.bytes)).toBe(true);
    expect(again.etag).toBe(files[0]!.etag);
    await read(other, await started(other));
    expect(voice.requests).toHaveLength(1);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('lets another process make the sound of an id', async () => {
    voice.failure = new ProviderError('failed', 'tone', 'broken');
    const id = await started(create());
    voice = new ToneVoice();
    expect((await read(create(), id)).bytes.length).toBeGreaterThan(1_000);
    expect(voice.requests).toEqual([REQUEST]);
  });

  it('makes another sound for another text, voice, language, speed, pitch or revision', async () => {
    const voiceFiles = create();
    const variants = [
      {},
      { text: '주문하시겠어요' },
      { voice: 'other' },
      { language: 'en' },
      { speed: 0.8 },
      { pitch: 1.2 },
      { volume: 1.1 },
      { speed: 1, pitch: 1, volume: 1 },
    ];
    for (const variant of variants)
      await read(voiceFiles, await started(voiceFiles, { ...REQUEST, ...variant }));
    expect(voice.requests).toHaveLength(variants.length - 1);
    voice.revision = '2';
    await read(voiceFiles, await started(voiceFiles));
    expect(voice.requests).toHaveLength(variants.length);
  });

  it('says that the voice is not ready when the wait is over, and gives it later', async () => {
    const gate = deferred<void>();
    voice.gate = gate.promise;
    const voiceFiles = create();
    const id = await started(voiceFiles);
    expect(await codeOf(voiceFiles.read(id, 'wav', 20, signal))).toBe('VOICE_NOT_READY');
    gate.resolve();
    expect((await read(voiceFiles, id)).bytes.length).toBeGreaterThan(1_000);
    expect(voice.requests).toHaveLength(1);
  });

  it('says that no voice could speak, and tries again for the next who asks', async () => {
    voice.failure = new ProviderError('unavailable', 'tone', 'broken');
    const voiceFiles = create();
    const id = await started(voiceFiles);
    expect(await codeOf(voiceFiles.read(id, 'wav', 5_000, signal))).toBe('PROVIDER_UNAVAILABLE');
    voice.failure = null;
    expect((await read(voiceFiles, id)).bytes.length).toBeGreaterThan(1_000);
  });

  it('gives no id when no voice can run, and for nothing to say', async () => {
    const voiceFiles = create();
    expect(await voiceFiles.start({ ...REQUEST, text: '  ' })).toBeNull();
    expect(await voiceFiles.start({ ...REQUEST, text: '가'.repeat(5_001) })).toBeNull();
    voice.available = false;
    expect(await voiceFiles.start(REQUEST)).toBeNull();
    expect(await rows(test.database)).toEqual([]);
  });

  it('knows no other ids, and none whose hour is over; the words are then deleted', async () => {
    const voiceFiles = create({ idTtlMs: HOUR });
    const id = await started(voiceFiles);
    await read(voiceFiles, id);
    for (const wrong of [
      '',
      'vox_',
      '../../etc/passwd',
      `${id}x`,
      id.replace('vox_', 'ses_'),
      'vox_00000000000000000000000000',
    ]) {
      expect(await voiceFiles.read(wrong, 'wav', 100, signal)).toBeNull();
    }
    now += HOUR - 1;
    const young = await started(voiceFiles);
    expect(await voiceFiles.sweep(signal)).toMatchObject({ ids: 0 });
    now += 1;
    expect(await voiceFiles.read(id, 'wav', 100, signal)).toBeNull();
    expect(await voiceFiles.sweep(signal)).toEqual({ ids: 1, files: 0, bytes: 0 });
    expect((await rows(test.database)).map((row) => row.file_id)).toEqual([young]);
  });

  it('makes MP3 and Ogg of the same sound once', async () => {
    const voiceFiles = create();
    const id = await started(voiceFiles);
    const etags: string[] = [];
    for (const [format, name, mediaType] of [
      ['mp3', 'MP3', 'audio/mpeg'],
      ['ogg', 'Ogg', 'audio/ogg'],
    ] as const) {
      const [file, same] = await Promise.all([read(voiceFiles, id, format), read(voiceFiles, id, format)]);
      expect(sniffMedia(file.bytes)).toBe(name);
      expect(file).toMatchObject({ mediaType, provider: 'tone', etag: same.etag });
      etags.push(file.etag);
    }
    await voiceFiles.close();
    expect((await read(create(), id, 'mp3')).etag).toBe(etags[0]);
    expect((await read(create(), id, 'ogg')).etag).toBe(etags[1]);
    expect(voice.requests).toHaveLength(1);
    expect(await readdir(folder)).toHaveLength(3);
  });

  it('names who really spoke, and finds their sound again', async () => {
    voice = new ToneVoice('chain');
    voice.sources = ['backup'];
    const voiceFiles = create();
    const first = await voiceFiles.start(REQUEST);
    expect(first!.provider).toBe('chain');
    expect((await read(voiceFiles, first!.fileId)).provider).toBe('backup');
    const second = await voiceFiles.start(REQUEST);
    expect(second!.provider).toBe('backup');
    expect((await read(voiceFiles, second!.fileId)).provider).toBe('backup');
    expect((await read(voiceFiles, first!.fileId)).provider).toBe('backup');
    expect((await rows(test.database)).map(({ provider }) => provider)).toEqual(['backup', 'backup']);
    expect(voice.requests).toHaveLength(1);
  });

  it('does not give a sound of two voices to those who ask for one', async () => {
    voice.sources = ['first', 'second'];
    const expectedSource = () => ({ provider: 'first', revision: '7' });
    const voiceFiles = create({ expectedSource });
    const id = await started(voiceFiles);
    await read(voiceFiles, id);
    voice.sources = ['first'];
    await read(voiceFiles, await started(voiceFiles));
    await read(voiceFiles, id);
    expect(voice.requests).toHaveLength(2);
  });

  it('deletes the least recently used sounds beyond the bound, and what nobody asks for', async () => {
    const voiceFiles = create({ maxMemoryBytes: 0, soundIdleMs: 10 * HOUR });
    const texts = ['하나', '둘둘', '셋셋', '넷넷'];
    const ids: string[] = [];
    for (const text of texts) {
      ids.push(await started(voiceFiles, { ...REQUEST, text }));
      await read(voiceFiles, ids.at(-1)!);
      now += 1_000;
    }
    // Every file on disk ends with its seal.
    const length = (await read(voiceFiles, ids[0]!)).bytes.length + 36;
    const bounded = create({ maxMemoryBytes: 0, maxCacheBytes: length * 2, soundIdleMs: 10 * HOUR });
    // The database knows that the first is wanted again.
    await started(voiceFiles, { ...REQUEST, text: texts[0]! });
    expect(await bounded.sweep(signal)).toEqual({ ids: 0, files: 2, bytes: length * 2 });
    await read(bounded, ids[0]!);
    await read(bounded, ids[3]!);
    expect(voice.requests).toHaveLength(4);
    await read(bounded, ids[1]!);
    expect(voice.requests).toHaveLength(5);
    now += 11 * HOUR;
    await voiceFiles.sweep(signal);
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves files alone that are no sounds, and makes a damaged sound anew', async () => {
    await writeFile(join(folder, 'readme.txt'), 'not ours');
    const voiceFiles = create();
    const id = await started(voiceFiles);
    const good = await read(voiceFiles, id);
    await voiceFiles.close();
    const name = (await readdir(folder)).find((file) => file.endsWith('.wav'))!;
    const whole = await readFile(join(folder, name));
    const flipped = Buffer.from(whole);
    flipped[flipped.length >> 1]! ^= 1;
    for (const damaged of [Buffer.alloc(100), Buffer.alloc(0), whole.subarray(0, -1), good.bytes, flipped]) {
      await writeFile(join(folder, name), damaged);
      expect((await read(create(), id)).etag).toBe(good.etag);
      expect((await readFile(join(folder, name))).equals(whole)).toBe(true);
    }
    expect(voice.requests).toHaveLength(6);
    now += 30 * 24 * HOUR;
    await voiceFiles.sweep(signal);
    expect(await readdir(folder)).toEqual(['readme.txt']);
  });

  it('makes a few at once and lets a few wait', async () => {
    const gate = deferred<void>();
    voice.gate = gate.promise;
    const voiceFiles = create({ concurrency: 2, maxWaiting: 3 });
    const ids: string[] = [];
    for (let number = 0; number < 7; number++)
      ids.push(await started(voiceFiles, { ...REQUEST, text: `${number}` }));
    while (voice.requests.length < 2) await delay(1, signal);
    const answers = Promise.all(ids.map((id) => codeOf(voiceFiles.read(id, 'wav', 5_000, signal))));
    await delay(50, signal);
    gate.resolve();
    const codes = await answers;
    expect(codes.filter((code) => code === 'VOICE_NOT_READY')).toHaveLength(2);
    expect(codes.filter((code) => code === 'no error')).toHaveLength(5);
    expect(voice.mostRunning).toBe(2);
  });

  it('goes on making the sound when a reader leaves, and stops when it is closed', async () => {
    voice.gate = deferred<void>().promise;
    const voiceFiles = create();
    const id = await started(voiceFiles);
    const reader = new AbortController();
    const left = voiceFiles.read(id, 'wav', 5_000, reader.signal);
    const stays = codeOf(voiceFiles.read(id, 'wav', 5_000, signal));
    while (voice.requests.length === 0) await delay(1, signal);
    reader.abort();
    await expect(left).rejects.toThrow(AbortedError);
    expect(voice.aborted).toBe(0);
    await voiceFiles.close();
    expect(await stays).toBe('SHUTTING_DOWN');
    expect(voice.aborted).toBe(1);
    expect(await voiceFiles.start(REQUEST)).toBeNull();
  });
});

describe('a disk that takes nothing', () => {
  it('does not keep the voice from being heard', async () => {
    const { createSoundCache } = await import('./sound-cache.ts');
    const warnings: string[] = [];
    const cache = createSoundCache({
      files: {
        ...createFileStore(join(tmpdir(), 'does-not-matter')),
        write: () => Promise.reject(new Error('No space left on device')),
      },
      clock: { now: () => 0, monotonicMs: () => 0 },
      log: { ...silentLogger, warn: (_, message) => void warnings.push(message) },
      maxBytes: 1_000,
      maxMemoryBytes: 1_000,
      idleMs: 1_000,
      lastAsked: () => Promise.resolve(new Map()),
    });
    const key = 'a'.repeat(64);
    await cache.put(key, 'mp3', Buffer.from('sound'));
    expect((await cache.get(key, 'mp3'))!.bytes.toString()).toBe('sound');
    expect(warnings).toEqual(['a voice file can not be written']);
  });
});
