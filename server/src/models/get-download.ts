import { copyFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Told } from '../config/told.ts';
import { AbortedError } from '../lib/abort.ts';
import type { Download } from './catalogue.ts';
import { fetchFile, type FetchLimits } from './fetch-file.ts';
import { createPartialFile } from './partial-file.ts';
import { FetchError } from './pull-error.ts';
import { hashFile } from './verify-model.ts';

/** Where a file may come from. */
export type Place =
  | { readonly type: 'folder'; readonly path: string }
  | { readonly type: 'address'; readonly url: string };

/** A place for people and records: never a name, a password or a query, which may be secret. */
export function showPlace(place: Place): string {
  if (place.type === 'folder') return place.path;
  const { origin, pathname } = new URL(place.url);
  return `${origin}${pathname}`;
}

export interface GetJob {
  readonly download: Download;
  /** In order of preference. */
  readonly places: readonly Place[];
  /** Where it is put, under the name of the download. */
  readonly folder: string;
  readonly limits: FetchLimits;
  readonly signal: AbortSignal;
  readonly onBytes: (done: number, total: number | null) => void;
  readonly onCheck: () => void;
  /** A place did not give it; the next is tried. */
  readonly onFailure: (place: Place, reason: Told) => void;
}

/** What was got. */
export interface Got {
  readonly path: string;
  readonly place: Place;
  /** Hexadecimal. Of what came, where nobody has published what it should be. */
  readonly sha256: string;
}

/**
 * Gets a file from the first place that has it as it should be, or null when none has. A file of the wrong size or hash is
 * deleted. What is whole has its own name; everything else is named `.part`.
 *
 * @throws {AbortedError} when the signal aborts.
 */
export async function getDownload(job: GetJob): Promise<Got | null> {
  const { download, places, folder, signal, onFailure } = job;
  await mkdir(folder, { recursive: true });
  for (const place of places) {
    try {
      return await getFrom(place, job);
    } catch (error) {
      if (signal.aborted) throw new AbortedError(signal.reason);
      if (!(error instanceof FetchError)) throw error;
      // The next place has other bytes until the hash says otherwise.
      if (!error.retry) await createPartialFile(join(folder, download.file)).discard();
      onFailure(place, error.told);
    }
  }
  return null;
}

async function getFrom(place: Place, job: GetJob): Promise<Got> {
  const { download, folder, limits, signal, onBytes, onCheck } = job;
  const path = join(folder, download.file);
  const part = createPartialFile(path);
  const { size } = download;
  if (place.type === 'address') {
    await fetchFile({ url: place.url, part, size, limits, signal, onBytes });
  } else {
    const found = await stat(place.path).catch(() => null);
    if (found?.isFile() !== true) throw new FetchError({ key: 'models.reason.no_file' });
    await part.discard();
    onBytes(0, found.size);
    await copyFile(place.path, part.path);
    onBytes(found.size, found.size);
  }
  const bytes = await part.bytes();
  if (size !== null && bytes !== size) {
    await part.discard();
    throw new FetchError({ key: 'models.reason.wrong_size', values: { found: bytes, expected: size } });
  }
  onCheck();
  const sha256 = await hashFile(part.path, signal);
  if (download.sha256 !== null && sha256 !== download.sha256) {
    await part.discard();
    throw new FetchError({
      key: 'models.reason.wrong_hash',
      values: { found: sha256.slice(0, 12), expected: download.sha256.slice(0, 12) },
    });
  }
  await writeFile(sourcePath(path), showPlace(place));
  await part.finish();
  return { path, place, sha256 };
}

/** Says where a fetched file came from, for a later time. */
const sourcePath = (path: string) => `${path}.source`;

/** The file in `folder`, where it is there from an earlier time and is what it should be. */
export async function findDownload(
  folder: string,
  { file, size, sha256 }: Download,
  signal: AbortSignal,
): Promise<{ readonly path: string; readonly sha256: string; readonly source: string } | null> {
  const path = join(folder, file);
  const found = await stat(path).catch(() => null);
  if (found?.isFile() !== true) return null;
  const hash = await hashFile(path, signal);
  if ((size === null || found.size === size) && (sha256 === null || hash === sha256)) {
    const source = await readFile(sourcePath(path), 'utf8').catch(() => '');
    return { path, sha256: hash, source: source === '' ? path : source };
  }
  await rm(path, { force: true });
  return null;
}
