import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { childEnvironment } from '../lib/child-host-process.ts';

/** Programs that unpack bzip2 from their input to their output; those that use several cores come first. */
const NAMES = ['lbzip2', 'pbzip2', 'bzip2'];

/** Where a program that unpacks bzip2 lies on the PATH; null where there is none. */
export async function findBzip2Program(
  path = childEnvironment()['PATH'] ?? '',
  names: readonly string[] = NAMES,
): Promise<string | null> {
  // What lies in the folder that we happen to run in is not the program that was installed.
  const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
  const ending = process.platform === 'win32' ? '.exe' : '';
  for (const name of names) {
    for (const folder of folders) {
      const program = join(folder, `${name}${ending}`);
      const isThere = await access(program, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (isThere) return program;
    }
  }
  return null;
}
