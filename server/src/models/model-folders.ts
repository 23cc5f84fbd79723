import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MODEL_ID } from './model-path.ts';

/** Where things lie in the folder of the models. */
export interface ModelFolders {
  /** The model itself, once it is whole. */
  readonly home: string;
  /** Everything that is not a model yet, or not any more. */
  readonly pulling: string;
  readonly lock: string;
  /** What is being fetched for this model, and what is put together from it. */
  readonly work: string;
  readonly downloads: string;
  readonly assembled: string;
  /** A model on its way out. */
  readonly discarded: string;
}

const PULLING = '.pulling';

export function modelFolders(folder: string, id: string): ModelFolders {
  const pulling = join(folder, PULLING);
  const work = join(pulling, id);
  return {
    home: join(folder, id),
    pulling,
    work,
    lock: join(pulling, `${id}.lock`),
    downloads: join(work, 'downloads'),
    assembled: join(work, 'files'),
    discarded: join(pulling, `${id}.discarded`),
  };
}

/** Ids of models whose pull was begun and is not over. */
export async function interruptedPulls(folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(folder, PULLING), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && MODEL_ID.test(entry.name) && !entry.name.endsWith('.discarded'))
    .map(({ name }) => name)
    .toSorted();
}

/** What there is of a model that is not in place as a whole. */
export function modelRemains(folder: string, id: string): 'damaged' | 'interrupted' | 'nothing' {
  const { home, work } = modelFolders(folder, id);
  if (existsSync(home)) return 'damaged';
  return existsSync(work) ? 'interrupted' : 'nothing';
}

/** Deletes a folder and what is in it; one that is not there is none. */
export async function deleteFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
}
