import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { HostError } from '../lib/child-host-channel.ts';
import type { ModelFile } from '../providers/sherpa/speech-host-protocol.ts';

/**
 * Reads every file to its end and compares it with what it should be, because a native library that is handed a damaged
 * model ends the whole process.
 *
 * @throws {HostError} `unavailable`, naming the file and what is wrong with it.
 */
export async function verifyModel(id: string, files: readonly ModelFile[]): Promise<void> {
  await Promise.all(files.map((file) => verifyFile(id, file)));
}

async function verifyFile(id: string, { path, size, sha256 }: ModelFile): Promise<void> {
  const refuse = (what: string) =>
    new HostError('unavailable', `Model ${id}: ${basename(path)} ${what}. Fetch the model again.`);
  let actualSize: number;
  const hash = createHash('sha256');
  try {
    actualSize = (await stat(path)).size;
    if (actualSize !== size) throw refuse(`has ${actualSize} bytes instead of ${size}`);
    await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  } catch (error) {
    if (error instanceof HostError) throw error;
    throw refuse(`can not be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
  const actual = hash.digest('hex');
  if (actual !== sha256)
    throw refuse(`is damaged: its SHA-256 is ${actual.slice(0, 12)}… instead of ${sha256.slice(0, 12)}…`);
}
