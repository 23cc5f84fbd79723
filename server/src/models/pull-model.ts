import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Told } from '../config/told.ts';
import { AbortedError } from '../lib/abort.ts';
import { assembleFiles, installAssembled } from './assemble-model.ts';
import { findBzip2Program } from './bzip2-program.ts';
import { downloadBytes, type CatalogueModel, type Download } from './catalogue.ts';
import type { Unpacker } from './decompress-bzip2.ts';
import { defaultFetchLimits, type FetchLimits } from './fetch-file.ts';
import { findDownload, getDownload, showPlace, type Place } from './get-download.ts';
import { readInstalledModel, type PulledModel } from './installed-model.ts';
import { deleteFolder, modelFolders } from './model-folders.ts';
import { takeLock } from './pull-lock.ts';
import { AssembleError, PullError } from './pull-error.ts';

/** What happens while a model is pulled. */
export type PullEvent =
  /** `total` is null where nobody says. */
  | { readonly type: 'fetch'; readonly file: string; readonly done: number; readonly total: number | null }
  | { readonly type: 'check'; readonly file: string }
  | {
      readonly type: 'unpack';
      readonly file: string;
      readonly done: number;
      readonly total: number;
      readonly by: Unpacker;
    }
  /** A place did not give a file. */
  | { readonly type: 'failure'; readonly file: string; readonly place: string; readonly reason: Told }
  /** Nobody has published the hash of this file: from now on it has to be the one that came. */
  | { readonly type: 'learned'; readonly file: string; readonly sha256: string };

export interface PullJob {
  readonly model: CatalogueModel;
  /** Of all models. */
  readonly folder: string;
  /** Base address that is asked before the sources of the catalogue. */
  readonly mirror: string | null;
  /** Folder that is looked at before anything else. */
  readonly offline: string | null;
  readonly signal: AbortSignal;
  readonly onEvent: (event: PullEvent) => void;
  /** Bytes that may still be written where a folder lies. */
  readonly freeBytes: (folder: string) => Promise<number>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly limits?: FetchLimits;
  /** The program that unpacks bzip2, null for JavaScript; looked for on the PATH when left out. */
  readonly bzip2Program?: string | null;
}

const SPARE_BYTES = 64 * 1024 ** 2;

/**
 * Fetches a model, checks it and puts it in place, over what is there. What was fetched before is used. Ended at any moment, by
 * whatever, it leaves a whole model or none, and can be run again.
 *
 * @throws {PullError} where no source gives the model, the disk is full or another process pulls it; {@link AbortedError} when
 *   the signal aborts.
 */
export async function pullModel(job: PullJob): Promise<PulledModel> {
  const { model, folder, signal } = job;
  const folders = modelFolders(folder, model.id);
  await mkdir(folders.pulling, { recursive: true });
  const release = await takeLock(folders.lock);
  try {
    await deleteFolder(folders.discarded);
    await checkRoom(job);
    await pullLocked(job);
  } catch (error) {
    if (signal.aborted) throw new AbortedError(signal.reason);
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      throw new PullError({ key: 'models.pull.disk_full', values: { folder } }, { cause: error });
    throw error;
  } finally {
    await release();
  }
  const installed = readInstalledModel(folder, model.id);
  if (installed === null) throw new Error(`${model.id} was pulled and is not there.`);
  return installed;
}

/** Fetched files and what is unpacked from them lie side by side for a while. */
async function checkRoom({ model, folder, freeBytes }: PullJob): Promise<void> {
  const { downloads } = modelFolders(folder, model.id);
  const there = await Promise.all(
    (model.sources[0] ?? []).map(async ({ file }) => {
      const sizes = [join(downloads, file), join(downloads, `${file}.part`)].map((path) =>
        stat(path).then(
          ({ size }) => size,
          () => 0,
        ),
      );
      return Math.max(...(await Promise.all(sizes)));
    }),
  );
  const have = there.reduce((sum, size) => sum + size, 0);
  const needed =
    Math.max(0, downloadBytes(model) - have) + (model.size ?? model.approximateBytes) + SPARE_BYTES;
  const free = await freeBytes(folder);
  if (free < needed)
    throw new PullError({
      key: 'models.pull.no_room',
      values: { folder, free: Math.floor(free / 1e6), needed: Math.ceil(needed / 1e6) },
    });
}

async function pullLocked(job: PullJob): Promise<void> {
  const { model, folder, signal, onEvent, now } = job;
  const folders = modelFolders(folder, model.id);
  const bzip2Program = job.bzip2Program === undefined ? await findBzip2Program() : job.bzip2Program;
  const failed = new Set<string>();
  for (const reach of reaches(job)) {
    for (const way of model.sources) {
      const got = await getAll(way, job, { reach, failed });
      if (got === null) continue;
      try {
        const files = await assembleFiles({
          model,
          folders,
          downloads: got.map(({ download, path }) => ({ download, path })),
          bzip2Program,
          signal,
          onUnpack: (file, done, total, by) => onEvent({ type: 'unpack', file, done, total, by }),
        });
        const sources = [...new Set(got.map(({ source }) => source))];
        await installAssembled(model, folders, files, { sources, now: now() });
        return;
      } catch (error) {
        if (!(error instanceof AssembleError)) throw error;
        const reason = error.told[0]!;
        for (const { download, path, place, source } of got) {
          if (!error.blamed.includes(download.file)) continue;
          await rm(path, { force: true });
          if (place !== null) failed.add(attemptOf(download, place));
          onEvent({ type: 'failure', file: download.file, place: source, reason });
        }
      }
    }
  }
  throw new PullError([
    { key: 'models.pull.failed', values: { id: model.id } },
    { key: 'models.pull.failed.action', values: { id: model.id } },
  ]);
}

/** Names a download from a place, so that none is tried twice. */
function attemptOf({ file }: Download, place: Place): string {
  return `${file} ${place.type === 'folder' ? place.path : place.url}`;
}

/** How far out to look for a file: first near, and for all ways, then farther. */
type Reach = 'folder' | 'mirror' | 'sources';

function reaches({ offline, mirror }: PullJob): readonly Reach[] {
  return [
    ...(offline === null ? [] : (['folder'] as const)),
    ...(mirror === null ? [] : (['mirror'] as const)),
    'sources',
  ];
}

/** A file that is there, whole. */
interface Had {
  readonly download: Download;
  readonly path: string;
  /** Null for one from an earlier time. */
  readonly place: Place | null;
  /** For people; never a name or a password. */
  readonly source: string;
}

/** Everything of one way, or null when something of it can't be had within `reach`. */
async function getAll(
  way: readonly Download[],
  job: PullJob,
  scope: { readonly reach: Reach; readonly failed: Set<string> },
): Promise<readonly Had[] | null> {
  const all: Had[] = [];
  for (const download of way) {
    const had = await getOne(download, job, scope);
    if (had === null) return null;
    all.push(had);
  }
  return all;
}

async function getOne(
  download: Download,
  job: PullJob,
  { reach, failed }: { readonly reach: Reach; readonly failed: Set<string> },
): Promise<Had | null> {
  const { model, folder, signal, onEvent, limits = defaultFetchLimits } = job;
  const { file } = download;
  const { downloads } = modelFolders(folder, model.id);
  const learned = (sha256: string) => {
    if (download.sha256 === null) onEvent({ type: 'learned', file, sha256 });
  };
  const found = await findDownload(downloads, download, signal);
  if (found !== null) {
    learned(found.sha256);
    return { download, path: found.path, place: null, source: found.source };
  }
  const got = await getDownload({
    download,
    places: placesOf(download, job, reach).filter((place) => !failed.has(attemptOf(download, place))),
    folder: downloads,
    limits,
    signal,
    onBytes: (done, total) => onEvent({ type: 'fetch', file, done, total }),
    onCheck: () => onEvent({ type: 'check', file }),
    onFailure: (place, reason) => {
      failed.add(attemptOf(download, place));
      onEvent({ type: 'failure', file, place: showPlace(place), reason });
    },
  });
  if (got === null) return null;
  learned(got.sha256);
  return { download, path: got.path, place: got.place, source: showPlace(got.place) };
}

function placesOf(
  { file, urls }: Download,
  { model, mirror, offline }: PullJob,
  reach: Reach,
): readonly Place[] {
  const places: Place[] = [];
  if (offline !== null) places.push({ type: 'folder', path: join(offline, model.id, file) });
  if (mirror !== null && reach !== 'folder') {
    const base = mirror.replace(/\/+$/, '');
    places.push({ type: 'address', url: `${base}/${model.id}/${encodeURIComponent(file)}` });
  }
  if (reach === 'sources') places.push(...urls.map((url): Place => ({ type: 'address', url })));
  return places;
}
