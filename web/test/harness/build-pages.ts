import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Runs once before the browser tests: while one of them looks at the pages, none may be built anew. */
export const setup = buildPages;

/** Builds the pages when a source is newer than what was built. */
export async function buildPages(): Promise<void> {
  const built = join(root, 'web/dist/index.html');
  const builtAtMs = existsSync(built) ? statSync(built).mtimeMs : 0;
  const newest = await Promise.all(['web/src', 'web/public', 'client/src', 'protocol/src'].map(newestIn));
  if (Math.max(...newest) <= builtAtMs) return;
  await promisify(execFile)('npm', ['run', 'build', '--workspace', 'web'], { cwd: root });
}

async function newestIn(folder: string): Promise<number> {
  const path = join(root, folder);
  if (!existsSync(path)) return 0;
  const files = await readdir(path, { recursive: true });
  return files
    .filter((file) => !file.includes('.test.'))
    .reduce((newest, file) => Math.max(newest, statSync(join(path, file)).mtimeMs), 0);
}
