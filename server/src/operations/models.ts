import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** A file as it has to be. */
export interface ModelFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** A model that is in place. */
export interface InstalledModel {
  readonly id: string;
  /** What it does, for people: `ears`. */
  readonly kind: string;
  readonly languages: readonly string[];
  readonly licence: string;
  /** True for one that comes with the server. */
  readonly builtIn: boolean;
  readonly files: readonly ModelFile[];
}

/** What a check of one model found. */
export interface VerifiedModel {
  readonly id: string;
  /** Empty when every file is what it has to be. */
  readonly problems: readonly {
    readonly path: string;
    readonly problem: 'missing' | 'wrong-size' | 'wrong-content';
    /** What was found, and what it has to be. */
    readonly found: string;
    readonly expected: string;
  }[];
}

/** Bytes of all files of a model. */
export function modelBytes(model: InstalledModel): number {
  return model.files.reduce((sum, file) => sum + file.size, 0);
}

/** Checks size and SHA-256 of every file. */
export async function verifyModel(model: InstalledModel, signal: AbortSignal): Promise<VerifiedModel> {
  const problems: VerifiedModel['problems'][number][] = [];
  for (const file of model.files) {
    const problem = await verifyFile(file, signal);
    if (problem !== null) problems.push({ path: file.path, ...problem });
  }
  return { id: model.id, problems };
}

async function verifyFile(file: ModelFile, signal: AbortSignal) {
  const size = await stat(file.path).then(
    (found) => (found.isFile() ? found.size : null),
    () => null,
  );
  if (size === null) return { problem: 'missing', found: '-', expected: `${file.size}` } as const;
  if (size !== file.size)
    return { problem: 'wrong-size', found: `${size}`, expected: `${file.size}` } as const;
  const hash = createHash('sha256');
  await pipeline(createReadStream(file.path), hash, { signal });
  const found = hash.digest('hex');
  return found === file.sha256 ? null : ({ problem: 'wrong-content', found, expected: file.sha256 } as const);
}
