import { copyFile, link, mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CatalogueModel, Download } from './catalogue.ts';
import type { Unpacker } from './decompress-bzip2.ts';
import { MODEL_RECORD, type ModelRecord } from './installed-model.ts';
import { deleteFolder, type ModelFolders } from './model-folders.ts';
import { syncPath } from './partial-file.ts';
import { AssembleError, PullError } from './pull-error.ts';
import { unpackArchive, type UnpackedFile } from './unpack-archive.ts';
import { hashFile } from './verify-model.ts';

export interface AssembleJob {
  readonly model: CatalogueModel;
  readonly folders: ModelFolders;
  /** Everything that the model is made of, each with the path of its bytes. */
  readonly downloads: readonly { readonly download: Download; readonly path: string }[];
  /** The program that unpacks bzip2; null for JavaScript. */
  readonly bzip2Program: string | null;
  readonly signal: AbortSignal;
  readonly onUnpack: (file: string, done: number, total: number, by: Unpacker) => void;
}

const MAX_ENTRIES = 20_000;
/** Weights hardly shrink; an archive that grows more than this is no model. */
const MAX_GROWTH = 20;
const SPARE_BYTES = 256 * 1024 ** 2;

/**
 * Puts the files of a model together from what was fetched, and checks each that has a role against the catalogue. Begins anew
 * at every call.
 *
 * @throws {AssembleError} where they do not make the model.
 */
export async function assembleFiles(job: AssembleJob): Promise<readonly UnpackedFile[]> {
  const { model, folders, downloads } = job;
  await deleteFolder(folders.assembled);
  await mkdir(folders.assembled, { recursive: true });
  const files: UnpackedFile[] = [];
  for (const { download, path } of downloads) {
    const { content, file } = download;
    const made =
      content.type === 'archive'
        ? await unpack(job, file, path, content.strip)
        : [await place(path, content.path, job)];
    const other = made.find((one) => !isRight(one, model));
    if (other !== undefined)
      throw new AssembleError({ key: 'models.archive.other', values: { path: other.path } }, [file]);
    files.push(...made);
  }
  checkWhole(model, files, downloads);
  return files;
}

async function unpack(
  { model, folders, bzip2Program, signal, onUnpack }: AssembleJob,
  file: string,
  archive: string,
  strip: number,
) {
  const wanted = new Set(Object.values(model.files).map(({ path }) => path));
  const within = Object.values(model.folders).map((path) => `${path}/`);
  const { size } = await stat(archive);
  try {
    return await unpackArchive({
      archive,
      folder: folders.assembled,
      strip,
      isWanted: (path) => wanted.has(path) || within.some((start) => path.startsWith(start)),
      limits: { entries: MAX_ENTRIES, bytes: size * MAX_GROWTH + SPARE_BYTES },
      signal,
      program: bzip2Program,
      onRead: (done, by) => onUnpack(file, done, size, by),
    });
  } catch (error) {
    throw error instanceof PullError ? new AssembleError(error.told[0]!, [file], { cause: error }) : error;
  }
}

/** Two names for the same bytes where the disk can do that: the fetched one stays until the model is in place. */
async function place(from: string, path: string, { folders, signal }: AssembleJob): Promise<UnpackedFile> {
  const target = join(folders.assembled, ...path.split('/'));
  await mkdir(dirname(target), { recursive: true });
  await link(from, target).catch(async () => {
    await copyFile(from, target);
    await syncPath(target);
  });
  const { size } = await stat(target);
  return { path, size, sha256: await hashFile(target, signal) };
}

function isRight({ path, size, sha256 }: UnpackedFile, model: CatalogueModel): boolean {
  const known = Object.values(model.files).find((file) => file.path === path);
  return (
    known === undefined ||
    ((known.size === null || known.size === size) && (known.sha256 === null || known.sha256 === sha256))
  );
}

function checkWhole(
  model: CatalogueModel,
  files: readonly UnpackedFile[],
  downloads: AssembleJob['downloads'],
): void {
  const missing =
    Object.values(model.files).find(({ path }) => !files.some((file) => file.path === path))?.path ??
    Object.values(model.folders).find((path) => !files.some((file) => file.path.startsWith(`${path}/`)));
  if (missing === undefined) return;
  const archives = downloads.filter(({ download }) => download.content.type === 'archive');
  throw new AssembleError(
    { key: 'models.archive.lacks', values: { path: missing } },
    archives.map(({ download }) => download.file),
  );
}

/**
 * Makes the files that lie ready a model: writes `model.json`, last of all and in one step, waits for the disk, and moves the
 * folder to its place. Whatever ends the process in between, the place holds a whole model or none.
 */
export async function installAssembled(
  model: CatalogueModel,
  folders: ModelFolders,
  files: readonly UnpackedFile[],
  { sources, now }: { readonly sources: readonly string[]; readonly now: number },
): Promise<void> {
  const { id, name, kind, family, languages, licence } = model;
  const roles = Object.fromEntries(Object.entries(model.files).map(([role, { path }]) => [role, path]));
  const record: ModelRecord = {
    format: 1,
    id,
    name,
    kind,
    family,
    languages: [...languages],
    licence: { name: licence.name, url: licence.url, nonCommercial: licence.nonCommercial },
    pulledAt: new Date(now).toISOString(),
    sources: [...sources],
    files: [...files],
    roles,
    folders: { ...model.folders },
  };
  await syncFolders(folders.assembled);
  const draft = join(folders.assembled, `${MODEL_RECORD}.draft`);
  await writeFile(draft, `${JSON.stringify(record, null, 2)}\n`);
  await syncPath(draft);
  await rename(draft, join(folders.assembled, MODEL_RECORD));
  await syncPath(folders.assembled);

  await deleteFolder(folders.discarded);
  await rename(folders.home, folders.discarded).catch(absent);
  await rename(folders.assembled, folders.home);
  await syncPath(dirname(folders.home));
  await deleteFolder(folders.discarded);
  await deleteFolder(folders.work);
}

async function syncFolders(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await syncFolders(join(folder, entry.name));
  }
  await syncPath(folder);
}

function absent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
