import { createHash } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import type { FileStore, StoredFile } from '../storage/files.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { VoiceFormat } from './voice-files.ts';

/** A sound's bytes and their strong entity tag, quoted. */
export interface CachedSound {
  readonly bytes: Buffer;
  readonly etag: string;
}

export interface SoundCacheOptions {
  readonly files: FileStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** Bytes on disk, over which the least recently used go. */
  readonly maxBytes: number;
  /** Bytes kept in memory too. */
  readonly maxMemoryBytes: number;
  /** A sound that nobody asked for in this time goes, whatever room there is. */
  readonly idleMs: number;
  /** When sounds were last asked for, by key, as far as the database knows: other processes use them too. */
  lastAsked(): Promise<ReadonlyMap<string, number>>;
}

/** Sounds by address and format, on disk, the newest in memory too. */
export interface SoundCache {
  get(key: string, format: VoiceFormat): Promise<CachedSound | null>;
  /** Keeps the sound. A disk that can't take it is logged, and the sound kept in memory only. */
  put(key: string, format: VoiceFormat, bytes: Buffer): Promise<CachedSound>;
  /** Deletes all sounds whose key begins so, and keeps none that comes later. */
  forget(prefix: string): Promise<void>;
  /** Resolves when nothing is being written or swept. */
  settle(): Promise<void>;
  /** Deletes what is idle, then the least recently used until the rest fits. */
  sweep(signal: AbortSignal): Promise<{ readonly files: number; readonly bytes: number }>;
}

const NAME = /^([0-9a-f]{64})\.(?:wav|mp3|ogg)$/;
/** New bytes, as a share of the bound, after which the cache sweeps by itself. */
const SWEEP_SHARE = 0.1;
/** What was forgotten last is still being made at the most. */
const MOST_FORGOTTEN = 1_000;

export function createSoundCache(options: SoundCacheOptions): SoundCache {
  const { files, clock, log, maxBytes } = options;
  const memory = createMemory(options.maxMemoryBytes);
  /** Only of files on disk; emptied with them. */
  const usedAt = new Map<string, number>();
  const writing = new Set<Promise<void>>();
  let newBytes = 0;
  let sweeping: Promise<{ files: number; bytes: number }> | undefined;

  const forgotten = new Set<string>();

  const nameOf = (key: string, format: VoiceFormat) => `${key}.${format}`;
  const isForgotten = (name: string) => [...forgotten].some((prefix) => name.startsWith(prefix));

  const sweepNow = async (signal: AbortSignal): Promise<{ files: number; bytes: number }> => {
    const asked = await options.lastAsked();
    const kept: (StoredFile & { readonly lastUse: number })[] = [];
    for await (const file of files.list()) {
      const key = NAME.exec(file.name)?.[1];
      if (key === undefined) continue;
      const lastUse = Math.max(file.modifiedAt, usedAt.get(file.name) ?? 0, asked.get(key) ?? 0);
      kept.push({ ...file, lastUse });
    }
    kept.sort((one, other) => one.lastUse - other.lastUse);
    let total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
    const removed = { files: 0, bytes: 0 };
    const idleBefore = clock.now() - options.idleMs;
    for (const { name, bytes, lastUse } of kept) {
      if (signal.aborted || (total <= maxBytes && lastUse >= idleBefore)) break;
      memory.delete(name);
      usedAt.delete(name);
      total -= bytes;
      if (!(await files.delete(name))) continue;
      removed.files++;
      removed.bytes += bytes;
    }
    newBytes = 0;
    return removed;
  };
  const sweep = (signal: AbortSignal): Promise<{ files: number; bytes: number }> => {
    sweeping ??= sweepNow(signal).finally(() => (sweeping = undefined));
    return sweeping;
  };

  const write = async (name: string, bytes: Buffer): Promise<void> => {
    try {
      await files.write(name, bytes);
      usedAt.set(name, clock.now());
      newBytes += bytes.length;
    } catch (error) {
      log.warn({ error, bytes: bytes.length }, 'a voice file can not be written');
    }
  };

  return {
    sweep,
    async forget(prefix) {
      forgotten.add(prefix);
      if (forgotten.size > MOST_FORGOTTEN) forgotten.delete(forgotten.values().next().value!);
      // What is being written now was begun before.
      await Promise.allSettled(writing);
      for await (const { name } of files.list()) {
        if (!name.startsWith(prefix)) continue;
        usedAt.delete(name);
        await files.delete(name);
      }
      memory.deleteAll((name) => name.startsWith(prefix));
    },
    async settle() {
      await Promise.allSettled([...writing, sweeping]);
    },
    async get(key, format) {
      const name = nameOf(key, format);
      const known = memory.get(name);
      if (known !== undefined) {
        usedAt.set(name, clock.now());
        return known;
      }
      const file = await files.read(name);
      if (file === null) return null;
      const sound = unseal(file);
      if (sound === null) {
        log.warn({ file: name, bytes: file.length }, 'a damaged voice file is made anew');
        await files.delete(name);
        return null;
      }
      usedAt.set(name, clock.now());
      memory.set(name, sound);
      return sound;
    },
    async put(key, format, bytes) {
      const name = nameOf(key, format);
      const digest = digestOf(bytes);
      const sound = { bytes, etag: etagOf(digest) };
      if (forgotten.size > 0 && isForgotten(name)) return sound;
      memory.set(name, sound);
      const written = write(name, Buffer.concat([bytes, SEAL, digest]));
      writing.add(written);
      await written.finally(() => writing.delete(written));
      if (newBytes > maxBytes * SWEEP_SHARE) {
        sweep(new AbortController().signal).catch((error: unknown) =>
          log.warn({ error }, 'the voice cache can not be swept'),
        );
      }
      return sound;
    },
  };
}

/** Stands behind every sound on disk, and the SHA-256 of the sound behind it; players read past it. */
const SEAL = Buffer.from('MBS1', 'latin1');
const DIGEST_BYTES = 32;

/** The sound of a file; null for one that a power cut or a disk has damaged: a cache is not flushed at each write. */
function unseal(file: Buffer): CachedSound | null {
  const end = file.length - SEAL.length - DIGEST_BYTES;
  if (end < 0 || !file.subarray(end, end + SEAL.length).equals(SEAL)) return null;
  const bytes = file.subarray(0, end);
  const digest = digestOf(bytes);
  return digest.equals(file.subarray(end + SEAL.length)) ? { bytes, etag: etagOf(digest) } : null;
}

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function etagOf(digest: Buffer): string {
  return `"${digest.toString('base64url').slice(0, 22)}"`;
}

interface Memory {
  get(name: string): CachedSound | undefined;
  set(name: string, sound: CachedSound): void;
  delete(name: string): void;
  deleteAll(isMeant: (name: string) => boolean): void;
}

/** The most recently used sounds, up to `maxBytes` together. */
function createMemory(maxBytes: number): Memory {
  const sounds = new Map<string, CachedSound>();
  let held = 0;
  const remove = (name: string): void => {
    const sound = sounds.get(name);
    if (sound === undefined) return;
    sounds.delete(name);
    held -= sound.bytes.length;
  };
  return {
    delete: remove,
    deleteAll(isMeant) {
      for (const name of sounds.keys()) if (isMeant(name)) remove(name);
    },
    get(name) {
      const sound = sounds.get(name);
      if (sound === undefined) return undefined;
      sounds.delete(name);
      sounds.set(name, sound);
      return sound;
    },
    set(name, sound) {
      remove(name);
      if (sound.bytes.length <= maxBytes / 2) {
        sounds.set(name, sound);
        held += sound.bytes.length;
      }
      for (const oldest of sounds.keys()) {
        if (held <= maxBytes) break;
        remove(oldest);
      }
    },
  };
}
