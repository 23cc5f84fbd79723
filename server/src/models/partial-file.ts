import { open, readFile, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';

/** What is known of a file that is not fetched to its end. */
export interface PartialState {
  readonly url: string;
  /** What proves that the rest belongs to the same bytes: a strong ETag, else the date of the last change. */
  readonly validator: string;
  /** Bytes of the whole file; null where the server did not say. */
  readonly total: number | null;
}

/** A file on its way in: `PATH.part`, beside what is needed to go on with it later. */
export interface PartialFile {
  /** Bytes that can be gone on from at `url`; 0 where that is not possible. Forgets what is of no use. */
  resumable(url: string): Promise<{ readonly bytes: number; readonly state: PartialState | null }>;
  bytes(): Promise<number>;
  /** Begins anew. A null state makes it a file that can't be resumed. */
  restart(state: PartialState | null): Promise<FileHandle>;
  continue(): Promise<FileHandle>;
  discard(): Promise<void>;
  /** Path of the bytes. */
  readonly path: string;
  /** Gives the file its name, once the disk has it. */
  finish(): Promise<void>;
}

export function createPartialFile(target: string): PartialFile {
  const path = `${target}.part`;
  const statePath = `${path}.json`;
  const bytes = () =>
    stat(path).then(
      ({ size }) => size,
      () => 0,
    );
  const discard = async () => {
    await rm(path, { force: true });
    await rm(statePath, { force: true });
  };
  return {
    path,
    bytes,
    discard,
    async resumable(url) {
      const state = await readState(statePath);
      const have = await bytes();
      const isUsable = state?.url === url && have > 0 && (state.total === null || have <= state.total);
      if (isUsable) return { bytes: have, state };
      await discard();
      return { bytes: 0, state: null };
    },
    async restart(state) {
      await discard();
      if (state !== null) await writeFile(statePath, JSON.stringify(state));
      return open(path, 'ax', 0o644);
    },
    continue: () => open(path, 'a'),
    async finish() {
      await syncPath(path);
      await rename(path, target);
      await rm(statePath, { force: true });
    },
  };
}

async function readState(path: string): Promise<PartialState | null> {
  try {
    const { url, validator, total } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    const isTotal = total === null || (Number.isSafeInteger(total) && (total as number) >= 0);
    return typeof url === 'string' && typeof validator === 'string' && isTotal
      ? { url, validator, total: total as number | null }
      : null;
  } catch {
    return null;
  }
}

/** Waits until the disk has the file or the folder at `path`. Systems that can't do so for a folder are left alone. */
export async function syncPath(path: string): Promise<void> {
  const isFolder = (await stat(path)).isDirectory();
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, isFolder ? 'r' : 'r+');
    await handle.sync();
  } catch (error) {
    if (
      !isFolder ||
      !['EPERM', 'EISDIR', 'EINVAL', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')
    )
      throw error;
  } finally {
    await handle?.close();
  }
}
