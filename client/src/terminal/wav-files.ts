import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

import type { Words } from './words.ts';

const MOST_BYTES = 10_000_000;

/** A recording on disk. */
export interface WavFile {
  readonly name: string;
  readonly path: string;
}

/** It can't be used; the message says what to do. */
export class WavFileError extends Error {
  override readonly name = 'WavFileError';
}

/**
 * The file, or the WAV files of the folder in the order of their names.
 *
 * @throws {WavFileError} when there is none.
 */
export async function findWavFiles(path: string, words: Words): Promise<readonly WavFile[]> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new WavFileError(words.noFile(path));
  if (!found.isDirectory()) return [{ name: basename(path), path }];
  const names = await readdir(path).catch(() => []);
  const wavs = names
    .filter((name) => name.toLowerCase().endsWith('.wav'))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (wavs.length === 0) throw new WavFileError(words.noWavInFolder(path));
  return wavs.map((name) => ({ name, path: join(path, name) }));
}

/** Its bytes, at most 10 MB. @throws {WavFileError} when it can't be read or is larger. */
export async function readWavFile({ path }: WavFile, words: Words): Promise<Uint8Array> {
  const file = await open(path).catch(() => null);
  if (file === null) throw new WavFileError(words.noFile(path));
  try {
    const { size } = await file.stat();
    if (size > MOST_BYTES) throw new WavFileError(words.fileTooLarge(path));
    return await file.readFile();
  } catch (error) {
    throw error instanceof WavFileError ? error : new WavFileError(words.noFile(path), { cause: error });
  } finally {
    await file.close();
  }
}
