import { createAudioEncoder, type AudioEncoder } from '../audio/encode.ts';
import { decodeWav } from '../audio/wav.ts';
import { AppError } from '../errors/app-error.ts';
import { isAbort, TimeoutError, withTimeout } from '../lib/abort.ts';
import { QueueFullError } from '../lib/bounded-queue.ts';
import type { Clock } from '../lib/clock.ts';
import { isId, newId, type RandomBytes } from '../lib/ids.ts';
import { ProviderError } from '../providers/spec/provider.ts';
import type { TextToSpeech } from '../providers/spec/tts.ts';
import type { Database } from '../storage/database.ts';
import { deleteInBatches } from '../storage/delete-in-batches.ts';
import type { FileStore } from '../storage/files.ts';
import type { Logger } from '../telemetry/logger.ts';
import { makeSound } from './make-sound.ts';
import { createSoundFinisher } from './sound-finisher.ts';
import { createSoundCache, type CachedSound } from './sound-cache.ts';
import { soundKey, type SoundSource } from './sound-key.ts';
import type { VoiceFileRow, VoiceFileTables } from './tables.ts';
import type { VoiceFile, VoiceFiles, VoiceFormat, VoiceRequest } from './voice-files.ts';
import { createWorkPool } from './work-pool.ts';

export interface VoiceFilesOptions {
  readonly database: Database;
  /** A folder of its own: what is in it and looks like a sound is swept. */
  readonly files: FileStore;
  /** Usually a chain. */
  readonly voice: TextToSpeech;
  /**
   * Who would speak now. When absent it is whoever spoke last, and `voice` itself before anyone has: right for one provider, and
   * for a chain from its second sound on.
   */
  readonly expectedSource?: (request: VoiceRequest) => SoundSource | null;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Logger;
  /** Sound on disk; 512 MiB when absent. */
  readonly maxCacheBytes?: number;
  /** Sound kept in memory too; 8 MiB when absent. */
  readonly maxMemoryBytes?: number;
  /** How long an id lives; one hour when absent. */
  readonly idTtlMs?: number;
  /** A sound that nobody asked for in this time is deleted; 7 days when absent. */
  readonly soundIdleMs?: number;
  /** Sounds made at once; 2 when absent. */
  readonly concurrency?: number;
  /** Sounds that may wait to be made; 64 when absent. */
  readonly maxWaiting?: number;
  /** The longest that making one sound may take; 30,000 ms when absent. */
  readonly makeLimitMs?: number;
}

const MEBIBYTE = 1024 * 1024;
const MAX_CHARACTERS = 5_000;
const MEDIA_TYPES: Readonly<Record<VoiceFormat, string>> = {
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
};

/** What {@link soundOf} finds or makes, with who speaks in it. */
interface Sound extends CachedSound {
  readonly key: string;
  readonly provider: string;
}

export function createVoiceFiles(options: VoiceFilesOptions): VoiceFiles {
  const { database, voice, clock, random, log } = options;
  const { idTtlMs = 60 * 60_000, concurrency = 2, maxWaiting = 64, makeLimitMs = 30_000 } = options;
  const tables = database.tables<VoiceFileTables>();
  const encoder: AudioEncoder = createAudioEncoder();
  const finisher = createSoundFinisher();
  const makers = createWorkPool<Sound>({ concurrency, maxWaiting, limitMs: makeLimitMs });
  const encoders = createWorkPool<CachedSound>({ concurrency, maxWaiting, limitMs: makeLimitMs });
  const cache = createSoundCache({
    files: options.files,
    clock,
    log,
    maxBytes: options.maxCacheBytes ?? 512 * MEBIBYTE,
    maxMemoryBytes: options.maxMemoryBytes ?? 8 * MEBIBYTE,
    idleMs: options.soundIdleMs ?? 7 * 24 * 60 * 60_000,
    async lastAsked() {
      const rows = await tables
        .selectFrom('voice_files')
        .select(({ fn }) => ['sound_key', fn.max('created_at').as('asked_at')])
        .groupBy('sound_key')
        .execute();
      return new Map(rows.map((row) => [row.sound_key, row.asked_at]));
    },
  });
  let closed = false;
  /** Who spoke last, and which revision of the whole voice that was. */
  let lastSpoken: { readonly source: SoundSource; readonly revision: string } | undefined;

  const expectedSource = (request: VoiceRequest): SoundSource => {
    const expected = options.expectedSource?.(request);
    if (expected) return expected;
    if (lastSpoken?.revision === voice.revision) return lastSpoken.source;
    return { provider: voice.info.id, revision: voice.revision };
  };

  /** The WAV at `key`, from the cache or made now. */
  const wavOf = async (key: string, provider: string, request: VoiceRequest): Promise<Sound> => {
    const cached = await cache.get(key, 'wav');
    if (cached !== null) return { ...cached, key, provider };
    return makers.run(key, async (signal) => {
      // Another process may have made it while this one waited for its turn.
      const there = await cache.get(key, 'wav');
      if (there !== null) return { ...there, key, provider };
      const made = await makeSound(voice, finisher, request, signal);
      return keep(key, made.wav, made.sources, request);
    });
  };

  /** Keeps what was made at the address of those who spoke, and points the ids that asked for `askedKey` there. */
  const keep = async (
    askedKey: string,
    wav: Buffer,
    sources: readonly SoundSource[],
    request: VoiceRequest,
  ): Promise<Sound> => {
    const key = soundKey(sources, request);
    const { provider } = sources[0]!;
    const sound = await cache.put(key, 'wav', wav);
    lastSpoken = { source: sources.at(-1)!, revision: voice.revision };
    if (key !== askedKey) {
      await tables
        .updateTable('voice_files')
        .set({ sound_key: key, provider })
        .where('sound_key', '=', askedKey)
        .execute();
    }
    return { ...sound, key, provider };
  };

  const soundOf = async (row: VoiceFileRow, format: VoiceFormat): Promise<Sound> => {
    if (format !== 'wav') {
      const cached = await cache.get(row.sound_key, format);
      if (cached !== null) return { ...cached, key: row.sound_key, provider: row.provider };
    }
    const wav = await wavOf(row.sound_key, row.provider, JSON.parse(row.request) as VoiceRequest);
    if (format === 'wav') return wav;
    const encoded = await encoders.run(`${wav.key}.${format}`, async (signal) => {
      const { samples, sampleRate } = decodeWav(wav.bytes);
      return cache.put(wav.key, format, await encoder.encode(format, samples, sampleRate, signal));
    });
    return { ...wav, ...encoded };
  };

  return {
    async start(asked) {
      const request = { ...asked, text: asked.text.normalize('NFC').trim() };
      if (request.text === '' || request.text.length > MAX_CHARACTERS) return null;
      if (closed || !voice.availability().available) return null;
      const source = expectedSource(request);
      const now = clock.now();
      const row: VoiceFileRow = {
        file_id: newId('vox', random),
        sound_key: soundKey([source], request),
        provider: source.provider,
        request: JSON.stringify(request),
        created_at: now,
        expires_at: now + idTtlMs,
      };
      await tables.insertInto('voice_files').values(row).execute();
      // Not before the row is there: a sound made at another address points its ids to it.
      wavOf(row.sound_key, source.provider, request).catch((error: unknown) => {
        if (!isAbort(error)) log.warn({ error, fileId: row.file_id }, 'a voice file could not be made');
      });
      return { fileId: row.file_id, provider: source.provider };
    },

    async read(fileId, format, waitMs, signal): Promise<VoiceFile | null> {
      if (!isId('vox', fileId)) return null;
      const row = await tables
        .selectFrom('voice_files')
        .selectAll()
        .where('file_id', '=', fileId)
        .where('expires_at', '>', clock.now())
        .executeTakeFirst();
      if (row === undefined) return null;
      try {
        const { bytes, etag, provider } = await withTimeout(waitMs, signal, () => soundOf(row, format));
        return { bytes, etag, provider, mediaType: MEDIA_TYPES[format] };
      } catch (error) {
        throw signal.aborted ? error : toAppError(error, voice.info.id);
      }
    },

    async sweep(signal) {
      const ids = await deleteExpired(database, clock.now(), signal);
      return { ids, ...(await cache.sweep(signal)) };
    },

    async close() {
      closed = true;
      await Promise.all([makers.close(), encoders.close()]);
      await finisher.close();
      await cache.settle();
    },
  };
}

function deleteExpired(database: Database, now: number, signal: AbortSignal): Promise<number> {
  const tables = database.tables<VoiceFileTables>();
  return deleteInBatches({
    signal,
    async find(limit) {
      const expired = tables.selectFrom('voice_files').select('file_id').where('expires_at', '<=', now);
      return (await expired.limit(limit).execute()).map((row) => row.file_id);
    },
    remove: (ids) => tables.deleteFrom('voice_files').where('file_id', 'in', ids).execute(),
  });
}

function toAppError(error: unknown, voiceId: string): unknown {
  if (error instanceof TimeoutError || error instanceof QueueFullError) {
    return new AppError('VOICE_NOT_READY', { cause: error, retryAfterSeconds: 1 });
  }
  if (error instanceof ProviderError) {
    return new AppError('PROVIDER_UNAVAILABLE', {
      detail: 'No voice could speak this now. Show the words instead.',
      cause: error,
      retryAfterSeconds: 5,
      fields: { provider: error.provider === '' ? voiceId : error.provider },
    });
  }
  // The reader did not go away, so it was the server that called the work off.
  if (isAbort(error)) return new AppError('SHUTTING_DOWN', { cause: error, retryAfterSeconds: 1 });
  return error;
}
