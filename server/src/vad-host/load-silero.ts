import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

import { HostError } from '../lib/child-host-channel.ts';
import type { SileroModel } from '../providers/silero/vad-host-protocol.ts';
import { createSilero, type Silero } from './silero.ts';

/**
 * Loads the model. What is handed to the native library is what was checked, byte by byte: a damaged model ends the process.
 *
 * @throws {HostError} `unavailable`, naming the file and what is wrong with it.
 */
export async function loadSilero(model: SileroModel): Promise<Silero> {
  const bytes = await readModel(model);
  const runtime = await import('onnxruntime-node');
  const session = await runtime.InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  return createSilero(session, runtime.Tensor);
}

async function readModel({ path, size, sha256 }: SileroModel): Promise<Buffer> {
  const refuse = (what: string) => new HostError('unavailable', `${basename(path)} ${what}.`);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw refuse(`can not be read (${error.code ?? String(error)})`);
  });
  if (bytes.length !== size) throw refuse(`has ${bytes.length} bytes instead of ${size}`);
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== sha256) {
    throw refuse(`is damaged: its SHA-256 is ${actual.slice(0, 12)}… instead of ${sha256.slice(0, 12)}…`);
  }
  return bytes;
}
