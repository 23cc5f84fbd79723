import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { RandomBytes } from '../lib/ids.ts';

const fileShape = z.object({
  MALBEOT_SECRET: z.string().min(32),
  MALBEOT_ENCRYPTION_KEY: z.string().min(43),
  MALBEOT_API_KEYS: z.string().min(16),
});

/** The secrets that the local profile makes for itself. */
export type LocalSecrets = z.output<typeof fileShape>;

/** The secrets for a data folder, and the file they are kept in. Throws when the file holds something else. */
export type LocalSecretsStore = (dataFolder: string) => {
  readonly secrets: LocalSecrets;
  readonly path: string;
};

/** Where the local profile keeps its secrets. */
export function localSecretsPath(dataFolder: string): string {
  return join(dataFolder, 'secrets.json');
}

/**
 * Secrets from `secrets.json` in the data folder. With `write`, they are made and kept (mode 0600) when there are none;
 * of several processes that start at once the first one's stay. Without it nothing is written, for commands that only look.
 */
export function createLocalSecrets(options: {
  readonly random: RandomBytes;
  readonly write: boolean;
}): LocalSecretsStore {
  return (dataFolder) => {
    const path = localSecretsPath(dataFolder);
    const kept = readSecrets(path);
    if (kept !== null) return { secrets: kept, path };
    const made = makeSecrets(options.random);
    if (!options.write) return { secrets: made, path };
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    keep(path, made, options.random);
    return { secrets: readSecrets(path) ?? made, path };
  };
}

function makeSecrets(random: RandomBytes): LocalSecrets {
  return {
    MALBEOT_SECRET: Buffer.from(random(32)).toString('base64url'),
    MALBEOT_ENCRYPTION_KEY: Buffer.from(random(32)).toString('base64'),
    MALBEOT_API_KEYS: `local:mbk_${Buffer.from(random(32)).toString('base64url')}`,
  };
}

function readSecrets(path: string): LocalSecrets | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const read = fileShape.safeParse(parseJson(text));
  if (read.success) return read.data;
  throw new Error(
    `${path} does not hold the secrets of the local profile. Put the right file back, or delete it: new secrets are made, and everybody signs in again.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Puts the whole file in place at once, unless another process was first. */
function keep(path: string, secrets: LocalSecrets, random: RandomBytes): void {
  const temporary = `${path}.${Buffer.from(random(6)).toString('hex')}`;
  try {
    writeFileSync(temporary, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    chmodSync(temporary, 0o600);
    try {
      linkSync(temporary, path);
    } catch (error) {
      // A file system without hard links (exFAT, some network drives) can only rename.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') renameSync(temporary, path);
    }
  } finally {
    rmSync(temporary, { force: true });
  }
}
