import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, opendir, rename, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { AppError } from '../errors/app-error.ts';
import type { FileStore, StoredFile } from './files.ts';

export interface FileStoreOptions {
  /** Waits until the disk itself has what was written, so that it outlasts a power cut. True when absent; a cache needs it not. */
  readonly durable?: boolean;
}

/**
 * A name begins with a letter or digit, so none is `.`, `..` or a temporary file; it holds no separator, so none leads out
 * of the folder; it is in small letters, so two names are two files on every file system.
 */
const NAME = /^[a-z0-9][a-z0-9._-]{0,199}$/;
const TEMPORARY = /^\.[0-9a-f]{24}\.tmp$/;
/** Nothing is written for longer; what is older was left by a process that died. */
const TEMPORARY_LIFE_MS = 3_600_000;

/** The files of one folder, which is made when it is missing. */
export function createFileStore(folder: string, { durable = true }: FileStoreOptions = {}): FileStore {
  let prepared: Promise<void> | undefined;

  async function prepare(): Promise<void> {
    await mkdir(folder, { recursive: true });
    for await (const { name } of await opendir(folder)) {
      if (!TEMPORARY.test(name)) continue;
      const found = await lstat(join(folder, name)).catch(orNull);
      if (found !== null && Date.now() - found.mtimeMs > TEMPORARY_LIFE_MS)
        await unlink(join(folder, name)).catch(orNull);
    }
  }

  function ready(): Promise<void> {
    prepared ??= prepare().catch((error: unknown) => {
      prepared = undefined;
      throw error;
    });
    return prepared;
  }

  async function openForReading(name: string): Promise<{ handle: FileHandle; bytes: number } | null> {
    const path = pathOf(folder, name);
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
      orNull,
    );
    if (handle === null) return null;
    try {
      const found = await handle.stat();
      if (found.isFile()) return { handle, bytes: found.size };
    } catch (error) {
      await handle.close();
      throw error;
    }
    await handle.close();
    return null;
  }

  return {
    async write(name, bytes) {
      const path = pathOf(folder, name);
      await ready();
      const temporary = join(folder, `.${randomBytes(12).toString('hex')}.tmp`);
      try {
        const handle = await open(temporary, 'wx', 0o640);
        try {
          await handle.writeFile(bytes);
          if (durable) await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(temporary, path);
      } catch (error) {
        await unlink(temporary).catch(orNull);
        throw error;
      }
      if (durable) await syncFolder(folder);
    },

    async read(name) {
      const file = await openForReading(name);
      if (file === null) return null;
      try {
        return await file.handle.readFile();
      } finally {
        await file.handle.close();
      }
    },

    async open(name, range) {
      const file = await openForReading(name);
      if (file === null) return null;
      if (range !== undefined && !fits(range, file.bytes)) {
        await file.handle.close();
        throw new AppError('RANGE_NOT_SATISFIABLE', {
          detail: `The range ${range.start}-${range.end} lies outside the ${file.bytes} bytes of the file.`,
          fields: { bytes: file.bytes },
        });
      }
      const stream: Readable = file.handle.createReadStream({ ...range });
      return stream;
    },

    async stat(name) {
      return await describe(folder, name);
    },

    async delete(name) {
      return (await unlink(pathOf(folder, name)).then(() => true, orNull)) ?? false;
    },

    async *list() {
      const entries = await opendir(folder).catch(orNull);
      if (entries === null) return;
      for await (const { name } of entries) {
        if (!NAME.test(name)) continue;
        const file = await describe(folder, name);
        if (file !== null) yield file;
      }
    },
  };
}

function pathOf(folder: string, name: string): string {
  if (NAME.test(name)) return join(folder, name);
  throw new AppError('INVALID_INPUT', {
    detail:
      'A file name has 1 to 200 of the characters a-z, 0-9, ".", "_" and "-", and begins with a letter or digit.',
  });
}

async function describe(folder: string, name: string): Promise<StoredFile | null> {
  const found = await lstat(pathOf(folder, name)).catch(orNull);
  if (found === null || !found.isFile()) return null;
  return { name, bytes: found.size, modifiedAt: Math.round(found.mtimeMs) };
}

function fits({ start, end }: { readonly start: number; readonly end: number }, bytes: number): boolean {
  return (
    Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && end < bytes
  );
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Null for a file that is not there, or is a link, which the store never follows. */
function orNull(error: unknown): null {
  const { code } = error as { code?: string };
  if (code === 'ENOENT' || code === 'ELOOP') return null;
  throw error;
}
