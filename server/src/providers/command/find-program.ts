import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { childEnvironment } from '../../lib/child-host-process.ts';

/** Where `program` lies: itself when it is a path, else the first of that name on `PATH`; null when it can't be run. */
export function findProgram(program: string): string | null {
  if (program === '') return null;
  if (/[/\\]/.test(program)) return isProgram(program) ? program : null;
  const folders = (childEnvironment()['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const endings = process.platform === 'win32' ? ['', '.exe'] : [''];
  for (const folder of folders) {
    for (const ending of endings) {
      const path = join(folder, program + ending);
      if (isProgram(path)) return path;
    }
  }
  return null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
