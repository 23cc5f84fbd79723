import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { AbortedError } from '../../lib/abort.ts';
import { childEnvironment } from '../../lib/child-host-process.ts';
import { damagedAudio } from './decoded-audio.ts';

export interface AacDecoderOptions {
  /** Path of the program. */
  readonly program: string;
  /** Milliseconds of sound after which it stops. */
  readonly maxDurationMs: number;
  /** Milliseconds that it may take; it is killed then. */
  readonly limitMs: number;
}

/** Eight channels at 48,000 Hz, or two at 192,000. */
const MAX_BYTES_PER_SECOND = 768_000;
const STDERR_KEPT = 500;

/** Where the program lies on the PATH; null where it does not. */
export async function findFfmpeg(path = childEnvironment()['PATH'] ?? ''): Promise<string | null> {
  const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  for (const folder of path.split(delimiter)) {
    // What lies in the folder that we happen to run in is not the program that was installed.
    if (!isAbsolute(folder)) continue;
    const program = join(folder, name);
    const isThere = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return program;
  }
  return null;
}

/**
 * Decodes AAC in ADTS frames with the program `ffmpeg`: from its input to its output, without a shell. It reads the bytes as AAC
 * and as nothing else, and may open pipes only, so that nothing in them can name a file or an address.
 *
 * @returns a WAV file whose header leaves its length open. Its channels are ours to mix: the program does not average them.
 * @throws {AppError} AUDIO_UNREADABLE when the bytes are no AAC, or take too long; AbortedError when `signal` aborts.
 */
export function decodeAac(
  adts: Uint8Array,
  { program, maxDurationMs, limitMs }: AacDecoderOptions,
  signal: AbortSignal,
): Promise<Buffer> {
  if (signal.aborted) return Promise.reject(new AbortedError(signal.reason));
  // A little more than is taken, so that what is too long is seen to be.
  const seconds = maxDurationMs / 1000 + 1;
  const maxBytes = Math.ceil(seconds * MAX_BYTES_PER_SECOND) + 1_024;
  const child = spawn(program, programArguments(seconds), {
    env: childEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let complaint = '';
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      process.off('exit', kill);
      finish();
    };
    const fail = (error: Error) => {
      kill();
      settle(() => reject(error));
    };
    const kill = () => void child.kill('SIGKILL');
    const onAbort = () => fail(new AbortedError(signal.reason));
    const timer = setTimeout(
      () => fail(damagedAudio(`The AAC could not be decoded within ${limitMs} ms.`)),
      limitMs,
    );
    signal.addEventListener('abort', onAbort, { once: true });
    process.once('exit', kill);
    child.once('error', (error) => fail(error));
    // It closes its input as soon as it has enough.
    child.stdin.on('error', () => {});
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) return fail(damagedAudio('The AAC decodes to more sound than it can hold.'));
      chunks.push(chunk);
    });
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text: string) => {
      if (complaint.length < STDERR_KEPT) complaint += text.slice(0, STDERR_KEPT);
    });
    child.once('close', (code) => {
      if (code === 0 && size > 0) return settle(() => resolve(Buffer.concat(chunks)));
      fail(damagedAudio(`The AAC can not be decoded. ${complaint.split('\n', 1)[0]!.trim()}`.trim()));
    });
    child.stdin.end(adts);
  });
}

function programArguments(seconds: number): string[] {
  const input = '-protocol_whitelist pipe -f aac -i pipe:0';
  const output = `-map 0:a:0 -t ${seconds} -c:a pcm_s16le -f wav pipe:1`;
  return `-hide_banner -nostdin -loglevel error -threads 1 ${input} ${output}`.split(' ');
}
