import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createFileStore } from '../storage/file-store.ts';
import type { FileStore } from '../storage/files.ts';

/** Files that only the account of the server may read: the folder has mode 700, every file 600. They are not encrypted. */
export function createPrivateFiles(folder: string): Pick<FileStore, 'write' | 'read' | 'delete' | 'list'> {
  const files = createFileStore(folder);
  return {
    read: files.read,
    delete: files.delete,
    list: files.list,
    async write(name, bytes) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // Also for a folder that was there before.
      await chmod(folder, 0o700);
      await files.write(name, bytes);
      await chmod(join(folder, name), 0o600);
    },
  };
}
