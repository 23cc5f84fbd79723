import { mkdir, rename, stat } from 'node:fs/promises';
import { deleteFolder, modelFolders } from './model-folders.ts';
import { takeLock } from './pull-lock.ts';

/** Whether there is anything of the model `id` in `folder`: itself, or what an interrupted pull has left. */
export async function hasModelFiles(folder: string, id: string): Promise<boolean> {
  const { home, work, discarded } = modelFolders(folder, id);
  const found = await Promise.all([home, work, discarded].map((path) => stat(path).catch(() => null)));
  return found.some((one) => one !== null);
}

/**
 * Removes a model and what interrupted pulls have left of it. It leaves its place in one step, so that no half of it stays there.
 *
 * @throws {PullError} while another process pulls it.
 */
export async function removeModel(folder: string, id: string): Promise<void> {
  const folders = modelFolders(folder, id);
  await mkdir(folders.pulling, { recursive: true });
  const release = await takeLock(folders.lock);
  try {
    await deleteFolder(folders.discarded);
    await rename(folders.home, folders.discarded).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await deleteFolder(folders.discarded);
    await deleteFolder(folders.work);
  } finally {
    await release();
  }
}
