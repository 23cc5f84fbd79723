import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { HostError } from './child-host-channel.ts';

/** A file that has to be exactly this. */
export interface CheckedFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/**
 * Reads a file in a child that hands it to a native library: what is answered is what was checked, byte by byte, because a damaged
 * model ends the process.
 *
 * @throws {HostError} `unavailable`, naming the file and what is wrong with it.
 */
export async function readCheckedFile({ path, size, sha256 }: CheckedFile): Promise<Buffer> {
  const refuse = (what: string) => new HostError('unavailable', `${basename(path)} ${what}.`);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw refuse(`can not be read (${error.code ?? String(error)})`);
  });
  if (bytes.length !== size) throw refuse(`has ${bytes.length} bytes instead of ${size}`);
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== sha256)
    throw refuse(`is damaged: its SHA-256 is ${actual.slice(0, 12)}… instead of ${sha256.slice(0, 12)}…`);
  return bytes;
}
