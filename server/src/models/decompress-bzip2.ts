import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createReadStream } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import unbzip2 from 'unbzip2-stream';
import { AbortedError } from '../lib/abort.ts';
import { childEnvironment } from '../lib/child-host-process.ts';
import { PullError } from './pull-error.ts';

/** Who unpacks: a program of the system, or this process, at less than a megabyte a second. */
export type Unpacker = 'program' | 'javascript';

export interface DecompressJob {
  /** A file of bzip2. */
  readonly archive: string;
  /** The program that unpacks it; null for JavaScript. */
  readonly program: string | null;
  readonly signal: AbortSignal;
  /** Bytes of the archive that were read. */
  readonly onRead: (bytes: number, by: Unpacker) => void;
}

/** The program did not do its work. That may be its own fault, or that of the archive. */
export class Bzip2ProgramError extends Error {
  override readonly name = 'Bzip2ProgramError';
}

/** What one step in JavaScript may make of what it reads: a bzip2 block can swell a million times. */
const MAX_WAITING_BYTES = 256 * 1024 ** 2;
/** Longest wait for the program to print something. */
const STALL_MS = 60_000;

/**
 * What the archive unpacks to, a piece at a time, as fast as it is taken. Whoever leaves early ends the work.
 *
 * @throws {Bzip2ProgramError} where the program can't be run, fails or stalls; in JavaScript, PullError or Error for an archive
 *   that is damaged or swells without end; {@link AbortedError} when the signal aborts; errors of the disk as they are.
 */
export function decompressBzip2(job: DecompressJob): AsyncGenerator<Buffer, void, void> {
  const { program } = job;
  return program === null ? inJavaScript(job) : throughProgram(program, job);
}

async function* inJavaScript({ archive, signal, onRead }: DecompressJob): AsyncGenerator<Buffer, void, void> {
  const stream = unbzip2();
  let ready: Buffer[] = [];
  let waiting = 0;
  let failure: Error | null = null;
  let read = 0;
  stream.on('data', (piece: Buffer) => {
    waiting += piece.length;
    if (waiting > MAX_WAITING_BYTES) throw new PullError({ key: 'models.archive.too_large' });
    ready.push(piece);
  });
  stream.on('error', (error: unknown) => {
    failure ??= error instanceof Error ? error : new Error('It is no bzip2.');
  });
  const taken = () => {
    if (failure !== null) throw failure;
    const pieces = ready;
    ready = [];
    waiting = 0;
    return pieces;
  };
  for await (const piece of createReadStream(archive, { signal }) as AsyncIterable<Buffer>) {
    stream.write(piece);
    onRead((read += piece.length), 'javascript');
    yield* taken();
  }
  stream.end();
  yield* taken();
}

async function* throughProgram(
  program: string,
  { archive, signal, onRead }: DecompressJob,
): AsyncGenerator<Buffer, void, void> {
  if (signal.aborted) throw new AbortedError(signal.reason);
  const child = start(program);
  // It ends without a word: who left it does not read what it says.
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  signal.addEventListener('abort', kill, { once: true });
  const ended = new Promise<string | null>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('close', (status, killedBy) =>
      resolve(status === 0 ? null : `ended with ${killedBy ?? `status ${status}`}`),
    );
  });
  const source = createReadStream(archive);
  const feeding = feed(source, child.stdin, (bytes) => onRead(bytes, 'program'));
  let stalled: NodeJS.Timeout | undefined;
  let printed = 0;
  try {
    const pieces = (child.stdout as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    for (;;) {
      stalled = setTimeout(kill, STALL_MS);
      // Its output breaks off where it could not be started; `ended` says more.
      const next = await pieces.next().catch(() => ({ done: true as const }));
      clearTimeout(stalled);
      if (next.done === true) break;
      printed += next.value.length;
      yield next.value;
    }
    const { unread, isTaken } = await feeding;
    if (unread !== null) throw unread;
    const failure = (await ended) ?? (isTaken && printed > 0 ? null : 'ended without its work');
    if (signal.aborted) throw new AbortedError(signal.reason);
    if (failure !== null) throw new Bzip2ProgramError(`${program} ${failure}.`);
  } finally {
    clearTimeout(stalled);
    signal.removeEventListener('abort', kill);
    process.off('exit', kill);
    kill();
    source.destroy();
  }
}

function start(program: string): ChildProcessByStdio<Writable, Readable, null> {
  try {
    return spawn(program, ['-dc'], {
      env: childEnvironment(),
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  } catch (error) {
    throw new Bzip2ProgramError(`${program} could not be started.`, { cause: error });
  }
}

/** Gives the program the archive; answers what went wrong with reading it, and whether the program took all of it. */
async function feed(source: Readable, input: Writable, onRead: (bytes: number) => void) {
  let unread: Error | null = null;
  let read = 0;
  source.on('error', (error) => (unread = error));
  async function* counted(pieces: AsyncIterable<Buffer>) {
    for await (const piece of pieces) {
      yield piece;
      onRead((read += piece.length));
    }
  }
  const isTaken = await pipeline(source, counted, input).then(
    () => true,
    () => false,
  );
  return { unread: unread as Error | null, isTaken };
}
