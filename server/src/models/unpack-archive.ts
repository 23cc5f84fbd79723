import { createHash } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { extract, type Extract } from 'tar-stream';
import { AbortedError } from '../lib/abort.ts';
import { Bzip2ProgramError, decompressBzip2, type Unpacker } from './decompress-bzip2.ts';
import { isInnerPath } from './model-path.ts';
import { PullError } from './pull-error.ts';

export interface UnpackLimits {
  readonly entries: number;
  /** Bytes of everything in the archive, whether it is wanted or not. */
  readonly bytes: number;
}

export interface UnpackJob {
  /** A `tar.bz2`. */
  readonly archive: string;
  /** Where files go; it has to exist. */
  readonly folder: string;
  /** Folders to drop from the front of each path. */
  readonly strip: number;
  /** Whether the file at this path, as it is after `strip`, is to be kept. */
  readonly isWanted: (path: string) => boolean;
  readonly limits: UnpackLimits;
  readonly signal: AbortSignal;
  /** The program that unpacks bzip2; null for JavaScript. */
  readonly program: string | null;
  /** Bytes of the archive that were read. They begin anew where the program fails and JavaScript takes over. */
  readonly onRead: (bytes: number, by: Unpacker) => void;
}

export interface UnpackedFile {
  /** Within the folder. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/**
 * Unpacks what is wanted of an archive, a piece at a time, and answers what it wrote. An archive with a path that leads out of
 * the folder, a link, a device or anything else that is no file or folder is refused as a whole, wanted or not; so is one that
 * is damaged, broken off, or larger than the limits. A program that fails is no failure: JavaScript does its work.
 *
 * @throws {PullError} for a refused archive; {@link AbortedError} when the signal aborts.
 */
export async function unpackArchive(job: UnpackJob): Promise<readonly UnpackedFile[]> {
  const begun: string[] = [];
  try {
    return await unpackOnce(job, begun);
  } catch (error) {
    if (!(error instanceof Bzip2ProgramError)) throw error;
    // Whether that is the archive's fault, JavaScript will say: a program fails for reasons of its own too.
    for (const path of begun) await rm(path, { force: true });
    return unpackOnce({ ...job, program: null }, []);
  }
}

/** `begun` gets the path of every file that it begins to write. */
async function unpackOnce(job: UnpackJob, begun: string[]): Promise<readonly UnpackedFile[]> {
  const { limits, signal } = job;
  const tar = extract();
  // Its failure is looked at where the reading of entries ends, whichever of the two fails first.
  const pump = feed(tar, job).then(
    () => null,
    (failure: unknown) => failure,
  );
  const files: UnpackedFile[] = [];
  let entries = 0;
  try {
    for await (const entry of tar) {
      if (signal.aborted) throw new AbortedError(signal.reason);
      entries++;
      const { name, type } = entry.header;
      if (entries > limits.entries) throw refused('models.archive.too_many', name);
      if (type !== 'file' && type !== 'directory') throw refused('models.archive.strange', name);
      const whole = name.replace(/^(\.\/)+/, '').replace(/\/$/, '');
      if (whole !== '' && whole !== '.' && !isInnerPath(whole)) throw refused('models.archive.path', name);
      const path = whole.split('/').slice(job.strip).join('/');
      if (type === 'file' && path !== '' && job.isWanted(path))
        files.push(await writeFile(job, path, entry, begun));
      else entry.resume();
    }
    const failure = await pump;
    if (failure !== null) throw failure;
    return files;
  } catch (error) {
    tar.destroy();
    const cause = await pump;
    if (signal.aborted) throw new AbortedError(signal.reason);
    const told = [error, cause].find((one) => one instanceof PullError || one instanceof Bzip2ProgramError);
    if (told !== undefined) throw told;
    const broken = [error, cause].find(isSystemError);
    throw broken ?? new PullError({ key: 'models.archive.damaged' }, { cause: error });
  }
}

const refused = (
  key: 'models.archive.too_many' | 'models.archive.strange' | 'models.archive.path' | 'models.archive.twice',
  path: string,
) => new PullError({ key, values: { path: path.replaceAll(/\p{Cc}/gu, '?').slice(0, 200) } });

/** A disk that is full or not ours is no fault of the archive. */
function isSystemError(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException | null)?.syscall === 'string';
}

async function writeFile(
  { folder }: UnpackJob,
  path: string,
  content: AsyncIterable<unknown>,
  begun: string[],
): Promise<UnpackedFile> {
  const target = join(folder, ...path.split('/'));
  await mkdir(dirname(target), { recursive: true });
  const handle = await open(target, 'wx', 0o644).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? refused('models.archive.twice', path) : error;
  });
  begun.push(target);
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of content) {
      const piece = chunk as Buffer;
      await handle.appendFile(piece);
      hash.update(piece);
      size += piece.length;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { path, size, sha256: hash.digest('hex') };
}

/** Reads the archive into `tar`, as fast as that one takes it. */
async function feed(tar: Extract, job: UnpackJob): Promise<void> {
  const { limits } = job;
  let total = 0;
  try {
    for await (const piece of decompressBzip2(job)) {
      total += piece.length;
      if (total > limits.bytes) throw new PullError({ key: 'models.archive.too_large' });
      if (tar.destroyed) return;
      if (!tar.write(piece)) await drained(tar);
    }
    tar.end(null);
  } catch (error) {
    tar.destroy(error as Error);
    throw error;
  }
}

/** Resolves when `tar` takes more, or takes nothing any more. */
function drained(tar: Extract): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      tar.off('drain', done);
      tar.off('close', done);
      resolve();
    };
    tar.on('drain', done);
    tar.on('close', done);
  });
}
