import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { MalbeotError } from '../malbeot-error.ts';
import type { QueueStore } from '../queue/queue-store.ts';
import { lockFolder, type FolderLock } from './folder-lock.ts';

const SUFFIX = '.record';
const HALF_WRITTEN = '.writing';
const DAMAGED = '.damaged';

/**
 * Records as files of one folder, each with its checksum. A file is written beside its place, brought to the disk and renamed,
 * and then the folder is brought to the disk: a power cut leaves the old one or the new one. Readable by its owner only.
 */
export function createDiskStore(folder: string): QueueStore {
  let lock: FolderLock | null = null;
  const pathOf = (name: string) => join(folder, name + SUFFIX);

  async function held<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      if (lock === null) throw new Error('The store is not open.');
      await lock.check();
      return await work();
    } catch (error) {
      throw toQueueError(error);
    }
  }

  return {
    async open() {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        lock ??= await lockFolder(folder);
        const files = await readdir(folder);
        for (const file of files.filter((name) => name.endsWith(HALF_WRITTEN))) await rm(join(folder, file));
        return files
          .filter((file) => file.endsWith(SUFFIX))
          .map((file) => file.slice(0, -SUFFIX.length))
          .sort();
      } catch (error) {
        throw toQueueError(error);
      }
    },
    read: (name) =>
      held(async () => {
        const file = await readFile(pathOf(name)).catch(nullIfMissing);
        if (file === null) return null;
        const bytes = unwrap(file);
        // Put aside, not deleted: a person may still make something of it.
        if (bytes === null) await rename(pathOf(name), join(folder, name + DAMAGED));
        return bytes;
      }),
    write: (name, bytes) =>
      held(async () => {
        const path = pathOf(name);
        await writeWhole(path + HALF_WRITTEN, wrap(bytes));
        await rename(path + HALF_WRITTEN, path);
        await syncFolder(folder);
      }),
    remove: (name) => held(() => rm(pathOf(name), { force: true })),
    async close() {
      const releasing = lock;
      lock = null;
      await releasing?.release();
    },
  };
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is on the disk once its folder is. Windows knows no such thing, and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A line with the checksum, then the bytes. */
function wrap(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`malbeot-1 ${checksum(bytes)}\n`), bytes]);
}

/** Null for what is damaged. */
function unwrap(file: Buffer): Uint8Array<ArrayBuffer> | null {
  const end = file.indexOf('\n');
  const [, sum] = /^malbeot-1 ([0-9a-f]{64})$/.exec(file.toString('latin1', 0, end)) ?? [];
  const bytes = new Uint8Array(file.subarray(end + 1));
  return sum === checksum(bytes) ? bytes : null;
}

function checksum(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

function toQueueError(error: unknown): MalbeotError {
  return error instanceof MalbeotError ? error : new MalbeotError('QUEUE_BROKEN', { cause: error });
}
