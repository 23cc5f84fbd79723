import { access, constants, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Where to look for programs; the machine's own surroundings by default. */
export interface ProgramPlaces {
  /** Folders, parted as the platform parts them. */
  readonly path: string;
  /** Endings that a program's file may have, the empty one included. */
  readonly endings: readonly string[];
}

/** The places that `PATH` names. */
export function placesOf(env: NodeJS.ProcessEnv): ProgramPlaces {
  const endings = process.platform === 'win32' ? (env['PATHEXT'] ?? '.EXE').toLowerCase().split(';') : [''];
  return { path: env['PATH'] ?? '', endings };
}

/** A program that can be run here. */
export interface FoundProgram<Name extends string> {
  readonly name: Name;
  /** Its file. */
  readonly path: string;
}

/** Those of `names` that can be run here, in their order. */
export async function findPrograms<Name extends string>(
  names: readonly Name[],
  places: ProgramPlaces,
): Promise<readonly FoundProgram<Name>[]> {
  const paths = await Promise.all(names.map((name) => pathOf(name, places)));
  return names.flatMap((name, index) => {
    const path = paths[index] ?? null;
    return path === null ? [] : [{ name, path }];
  });
}

async function pathOf(name: string, { path, endings }: ProgramPlaces): Promise<string | null> {
  for (const folder of path.split(delimiter).filter((entry) => entry !== '')) {
    for (const ending of endings) {
      const file = join(folder, name + ending);
      if (await isRunnable(file)) return file;
    }
  }
  return null;
}

async function isRunnable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
