import { AppError } from '../errors/app-error.ts';
import { isAbort, TimeoutError, withTimeout } from '../lib/abort.ts';
import { QueueFullError } from '../lib/bounded-queue.ts';
import { isId, newId, type RandomBytes } from '../lib/ids.ts';
import { ProviderError } from '../providers/spec/provider.ts';
import type { Database } from '../storage/database.ts';
import { deleteInBatches } from '../storage/delete-in-batches.ts';
import { createSounds, type Sound, type Sounds, type SoundsOptions } from './sounds.ts';
import { soundKeyPrefix } from './sound-key.ts';
import type { VoiceFileRow, VoiceFileTables } from './tables.ts';
import type { VoiceFile, VoiceFiles, VoiceFormat, VoiceRequest } from './voice-files.ts';

export interface VoiceFilesOptions extends SoundsOptions {
  readonly database: Database;
  readonly random: RandomBytes;
  /** How long an id lives; one hour when absent. */
  readonly idTtlMs?: number;
}

/** Voice files, and the sounds behind their ids for other doors. */
export interface VoiceFilesWithSounds extends VoiceFiles {
  readonly sounds: Sounds;
}

const MAX_CHARACTERS = 5_000;
const MEDIA_TYPES: Readonly<Record<VoiceFormat, string>> = {
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
};

export function createVoiceFiles(options: VoiceFilesOptions): VoiceFilesWithSounds {
  const { database, voice, clock, random, log, idTtlMs = 60 * 60_000 } = options;
  const tables = database.tables<VoiceFileTables>();
  const sounds = createSounds(options, {
    async lastAsked() {
      const rows = await tables
        .selectFrom('voice_files')
        .select(({ fn }) => ['sound_key', fn.max('created_at').as('asked_at')])
        .groupBy('sound_key')
        .execute();
      return new Map(rows.map((row) => [row.sound_key, row.asked_at]));
    },
    async moved(askedKey, { key, provider }) {
      await tables
        .updateTable('voice_files')
        .set({ sound_key: key, provider })
        .where('sound_key', '=', askedKey)
        .execute();
    },
  });
  let closed = false;

  const soundOf = async (row: VoiceFileRow, format: VoiceFormat, signal: AbortSignal): Promise<Sound> => {
    const expected = { key: row.sound_key, provider: row.provider };
    const found = await sounds.find(expected, format, signal);
    if (found !== null) return found;
    const wav = await sounds.share(expected, JSON.parse(row.request) as VoiceRequest);
    return format === 'wav' ? wav : sounds.encode(wav, format);
  };

  return {
    sounds,
    async start(asked) {
      const request = { ...asked, text: asked.text.normalize('NFC').trim() };
      if (request.text === '' || request.text.length > MAX_CHARACTERS) return null;
      if (closed || !voice.availability().available) return null;
      const expected = sounds.expect(request);
      const now = clock.now();
      const row: VoiceFileRow = {
        file_id: newId('vox', random),
        sound_key: expected.key,
        provider: expected.provider,
        request: JSON.stringify(request),
        created_at: now,
        expires_at: now + idTtlMs,
      };
      await tables.insertInto('voice_files').values(row).execute();
      // Not before the row is there: a sound made at another address points its ids to it.
      sounds.share(expected, request).catch((error: unknown) => {
        if (!isAbort(error)) log.warn({ error, fileId: row.file_id }, 'a voice file could not be made');
      });
      return { fileId: row.file_id, provider: expected.provider };
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
        const { bytes, etag, provider } = await withTimeout(waitMs, signal, (limited) =>
          soundOf(row, format, limited),
        );
        return { bytes, etag, provider, mediaType: MEDIA_TYPES[format] };
      } catch (error) {
        throw signal.aborted ? error : toAppError(error, voice.info.id);
      }
    },

    async forget(reference) {
      await tables
        .deleteFrom('voice_files')
        .where('sound_key', 'like', `${soundKeyPrefix(reference)}%`)
        .execute();
      await sounds.forget(reference);
    },

    async sweep(signal) {
      const ids = await deleteExpired(database, clock.now(), signal);
      return { ids, ...(await sounds.sweep(signal)) };
    },

    async close() {
      closed = true;
      await sounds.close();
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
