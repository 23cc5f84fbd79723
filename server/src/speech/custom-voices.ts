import type { CustomVoice } from '@malbeot/protocol';
import type { Selectable } from 'kysely';
import type { Who } from '../accounts/access.ts';
import { isStaff } from '../accounts/roles.ts';
import { toPcm16 } from '../audio/pcm.ts';
import { resample } from '../audio/resample.ts';
import { decodeWav, encodeWav } from '../audio/wav.ts';
import { AppError } from '../errors/app-error.ts';
import type { Clock } from '../lib/clock.ts';
import { isId, newId, type RandomBytes } from '../lib/ids.ts';
import type { VoiceReference } from '../providers/spec/tts.ts';
import { isUniqueViolation } from '../storage/database-error.ts';
import type { Database } from '../storage/database.ts';
import type { FileStore } from '../storage/files.ts';
import { checkRecording, type Recording } from './check-recording.ts';
import type { CustomVoiceRow, CustomVoiceTables } from './custom-voice-tables.ts';

export interface CustomVoicesOptions {
  readonly database: Database;
  /** A private folder of its own: a recording that belongs to no voice is swept. */
  readonly files: Pick<FileStore, 'write' | 'read' | 'delete' | 'list'>;
  /** Sound of any kind to samples. @throws {AppError} for what it can't read. */
  readonly decode: (bytes: Uint8Array, signal: AbortSignal) => Promise<Recording>;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Told of a voice that is gone: what was spoken with it goes too. */
  readonly onRemove?: (id: string) => Promise<void>;
  /** Voices that one owner may have; 20 when absent. */
  readonly maxPerOwner?: number;
}

/** A voice as it is asked for, with the consent of the person whose voice it is. */
export interface NewCustomVoice {
  readonly bytes: Uint8Array;
  /** The words said in the recording. */
  readonly text: string;
  readonly name: string;
  readonly language: string;
  /** Who agreed. */
  readonly consentBy: string;
}

/**
 * Voices of real people, each from a recording with their consent. People see and use their own; staff, an API key, and who was
 * let in because they sit at the machine, all.
 */
export interface CustomVoices {
  /**
   * @throws {AppError} INVALID_INPUT for a recording that can't stand for a voice, CONFLICT when the owner has as many as one may
   * have, and what the decoder throws.
   */
  add(voice: NewCustomVoice, who: Who, signal: AbortSignal): Promise<CustomVoice>;
  list(who: Who): Promise<readonly CustomVoice[]>;
  /** @throws {AppError} NOT_FOUND, also for a voice of somebody else. */
  get(id: string, who: Who): Promise<CustomVoice>;
  /** Forgets the voice, its recording, and what was spoken with it. @throws {AppError} as `get`. */
  remove(id: string, who: Who): Promise<void>;
  /** The recording; null when it is not there. Who may use it is for `get` to say. */
  reference(id: string): Promise<VoiceReference | null>;
  /** Deletes recordings that belong to no voice: an upload that broke off leaves one. Answers how many. */
  sweep(signal: AbortSignal): Promise<number>;
}

const KEPT_RATE = 24_000;
/** Recordings in memory; each is up to 3 MB. */
const MAX_LOADED = 4;
/** A recording is written before its row: until then it belongs to no voice. */
const ORPHAN_AFTER_MS = 60 * 60_000;
const FILE = /^(voi_[0-9a-z]+)\.wav$/;

export function createCustomVoices(options: CustomVoicesOptions): CustomVoices {
  const { database, files, decode, clock, random, onRemove, maxPerOwner = 20 } = options;
  const tables = database.tables<CustomVoiceTables>();
  const loaded = new Map<string, VoiceReference>();
  const fileOf = (id: string) => `${id}.wav`;

  /** Takes the lowest free slot; the unique key decides between two who ask at once. */
  const insert = async (row: Omit<CustomVoiceRow, 'slot'>): Promise<void> => {
    for (let attempt = 0; attempt <= maxPerOwner; attempt++) {
      const taken = await tables
        .selectFrom('custom_voices')
        .select('slot')
        .where('owner', '=', row.owner)
        .execute();
      const slots = new Set(taken.map(({ slot }) => slot));
      const slot = Array.from({ length: maxPerOwner }, (_, index) => index).find((at) => !slots.has(at));
      if (slot === undefined) break;
      try {
        await tables
          .insertInto('custom_voices')
          .values({ ...row, slot })
          .execute();
        return;
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
      }
    }
    throw new AppError('CONFLICT', {
      detail: `There are ${maxPerOwner} custom voices already, which is as many as one may have. Delete one first.`,
    });
  };

  const rowOf = async (id: string, who: Who): Promise<Selectable<CustomVoiceRow>> => {
    const row = isId('voi', id)
      ? await tables.selectFrom('custom_voices').selectAll().where('id', '=', id).executeTakeFirst()
      : undefined;
    if (row !== undefined && (seesAll(who) || row.owner === ownerOf(who))) return row;
    throw new AppError('NOT_FOUND', { detail: 'There is no such custom voice among yours.' });
  };

  return {
    async add({ bytes, text, name, language, consentBy }, who, signal) {
      const recording = await decode(bytes, signal);
      checkRecording(recording);
      const id = newId('voi', random);
      const now = clock.now();
      const row = {
        id,
        owner: ownerOf(who),
        name,
        language,
        text,
        consent_by: consentBy,
        consent_at: now,
        asked_by: ownerOf(who),
        duration_ms: Math.round((recording.samples.length * 1000) / recording.sampleRate),
        created_at: now,
      };
      const kept = resample(recording.samples, recording.sampleRate, KEPT_RATE);
      await files.write(fileOf(id), encodeWav(toPcm16(kept), KEPT_RATE));
      try {
        await insert(row);
      } catch (error) {
        await files.delete(fileOf(id));
        throw error;
      }
      return toCustomVoice(row);
    },

    async list(who) {
      let query = tables.selectFrom('custom_voices').selectAll();
      if (!seesAll(who)) query = query.where('owner', '=', ownerOf(who));
      const rows = await query.orderBy('created_at').orderBy('id').execute();
      return rows.map(toCustomVoice);
    },

    async get(id, who) {
      return toCustomVoice(await rowOf(id, who));
    },

    async remove(id, who) {
      await rowOf(id, who);
      loaded.delete(id);
      // The row first: without it nobody finds the recording, and the sweep takes what a crash leaves.
      await tables.deleteFrom('custom_voices').where('id', '=', id).execute();
      await files.delete(fileOf(id));
      await onRemove?.(id);
    },

    async reference(id) {
      if (!isId('voi', id)) return null;
      const row = await tables
        .selectFrom('custom_voices')
        .select('text')
        .where('id', '=', id)
        .executeTakeFirst();
      if (row === undefined) {
        loaded.delete(id);
        return null;
      }
      const known = loaded.get(id);
      if (known !== undefined) return known;
      const file = await files.read(fileOf(id));
      if (file === null) return null;
      const { samples, sampleRate } = decodeWav(file);
      const reference = { id, samples, sampleRate, text: row.text };
      loaded.set(id, reference);
      if (loaded.size > MAX_LOADED) loaded.delete(loaded.keys().next().value!);
      return reference;
    },

    async sweep(signal) {
      let swept = 0;
      for await (const { name, modifiedAt } of files.list()) {
        if (signal.aborted) break;
        const id = FILE.exec(name)?.[1];
        if (id === undefined || clock.now() - modifiedAt < ORPHAN_AFTER_MS) continue;
        const row = await tables
          .selectFrom('custom_voices')
          .select('id')
          .where('id', '=', id)
          .executeTakeFirst();
        if (row === undefined && (await files.delete(name))) swept++;
      }
      return swept;
    },
  };
}

/** What a voice that `who` adds belongs to. */
function ownerOf(who: Who): string {
  switch (who.kind) {
    case 'person':
      return who.userId;
    case 'api-key':
      return who.keyId;
    // These are let in at the machine itself only; see the table in `accounts/authorize.ts`.
    case 'nobody':
    case 'device':
    case 'session':
      return 'home';
  }
}

function seesAll(who: Who): boolean {
  return who.kind === 'person' ? isStaff(who.role) : true;
}

function toCustomVoice(row: Omit<CustomVoiceRow, 'slot'>): CustomVoice {
  return {
    id: row.id,
    name: row.name,
    language: row.language,
    text: row.text,
    consent_by: row.consent_by,
    created_at: new Date(row.created_at).toISOString(),
    duration_ms: row.duration_ms,
  };
}
