import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createAudioDecoder } from '../../server/src/audio/decode/audio-decoder.ts';
import { timed } from '../lib/part-measure.ts';
import { hasProgram, root } from '../lib/processes.ts';
import { watchLoop, type LoopDelay } from '../lib/watch-loop.ts';

export interface DecodingMeasure {
  /** Name of the recording. */
  readonly file: string;
  readonly soundMs: number;
  readonly ms: readonly number[];
  readonly loop: LoopDelay;
  /** The program ffmpeg on the same file; empty where it is not installed. */
  readonly ffmpegMs: readonly number[];
}

/** What browsers and phones send. M4A is read by the program ffmpeg. */
const FILES = [
  'speech.webm',
  'speech-opus.ogg',
  'speech-vorbis.ogg',
  'speech.mp3',
  'speech-opus.mp4',
  'speech.m4a',
];

/** Decodes each recording `count` times, once the threads are warm. */
export async function decoding({ count }: { readonly count: number }): Promise<readonly DecodingMeasure[]> {
  const folder = path.join(root, 'server/src/audio/testing/recordings');
  const decoder = createAudioDecoder();
  const asked = { maxDurationMs: 60_000, signal: new AbortController().signal };
  const hasFfmpeg = hasProgram('ffmpeg');
  const measures: DecodingMeasure[] = [];
  try {
    for (const file of FILES) {
      if (file.endsWith('.m4a') && !hasFfmpeg) continue;
      const bytes = readFileSync(path.join(folder, file));
      const { durationMs } = await decoder.decode(bytes, asked);
      const { result, loop } = await watchLoop(() => repeated(count, () => decoder.decode(bytes, asked)));
      const ffmpegMs = hasFfmpeg ? await repeated(count, () => byFfmpeg(path.join(folder, file))) : [];
      measures.push({ file, soundMs: durationMs, ms: result, loop, ffmpegMs });
    }
    return measures;
  } finally {
    await decoder.close();
  }
}

async function repeated(count: number, work: () => Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < count; turn++) times.push(await timed(work));
  return times;
}

function byFfmpeg(file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = ['-hide_banner', '-loglevel', 'error', '-i', file, '-f', 's16le', 'pipe:1'];
    const program = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'ignore'] });
    program.stdout.resume();
    program.once('error', reject);
    program.once('close', () => resolve());
  });
}
