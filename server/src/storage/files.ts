import type { Readable } from 'node:stream';

export interface StoredFile {
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

/**
 * A folder of flat files. Names are checked against a strict pattern, so that no name can point outside the folder;
 * a file appears whole or not at all.
 */
export interface FileStore {
  /** @throws {AppError} INVALID_INPUT for a name outside the pattern. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Null when there is no such file. */
  read(name: string): Promise<Buffer | null>;
  /** A stream over `[start, end]` (both included); null when there is no such file. */
  open(name: string, range?: { readonly start: number; readonly end: number }): Promise<Readable | null>;
  stat(name: string): Promise<StoredFile | null>;
  delete(name: string): Promise<boolean>;
  list(): AsyncIterable<StoredFile>;
}
