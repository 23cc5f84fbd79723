import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { InstalledModel, ModelFile } from './installed-model.ts';

/** What a check of one model found. */
export interface VerifiedModel {
  readonly id: string;
  readonly builtIn: boolean;
  /** Empty when every file is what it has to be. */
  readonly problems: readonly {
    readonly path: string;
    readonly problem: 'missing' | 'wrong-size' | 'wrong-content';
    /** What was found, and what it has to be. */
    readonly found: string;
    readonly expected: string;
  }[];
}

/** Checks size and SHA-256 of every file. */
export async function verifyModel(model: InstalledModel, signal: AbortSignal): Promise<VerifiedModel> {
  const problems: VerifiedModel['problems'][number][] = [];
  for (const file of model.files) {
    const problem = await verifyFile(file, signal);
    if (problem !== null) problems.push({ path: file.path, ...problem });
  }
  return { id: model.id, builtIn: model.builtIn, problems };
}

async function verifyFile({ path, size: expected, sha256 }: ModelFile, signal: AbortSignal) {
  const size = await stat(path).then(
    (found) => (found.isFile() ? found.size : null),
    () => null,
  );
  if (size === null) return { problem: 'missing', found: '-', expected: `${expected}` } as const;
  if (size !== expected) return { problem: 'wrong-size', found: `${size}`, expected: `${expected}` } as const;
  const found = await hashFile(path, signal);
  return found === sha256 ? null : ({ problem: 'wrong-content', found, expected: sha256 } as const);
}

/** The SHA-256 of the file at `path`, hexadecimal. */
export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 ** 2 }), hash, { signal });
  return hash.digest('hex');
}
