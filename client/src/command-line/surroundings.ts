import type { Readable } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';

/** The process around a command. */
export interface Surroundings {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input: Readable & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>;
  readonly output: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'rows'>>;
  readonly errors: NodeJS.WritableStream;
  /** Aborts when the process is told to end. */
  readonly interrupted: AbortSignal;
  readonly version: () => Promise<string>;
}
