import { spawn as nodeSpawn, type ChildProcess } from 'node:child_process';

import { findPrograms, type ProgramPlaces } from './find-program.ts';
import type { Spawn } from './player.ts';
import { createUtteranceEnd, RECORDING_RATE } from './utterance-end.ts';

const RATE = String(RECORDING_RATE);
/** Thirty seconds and a little: what is longer ends by itself before. */
const MOST_BYTES = RECORDING_RATE * 2 * 32;

/** Programs that give the microphone's samples as signed 16-bit numbers, one channel, 16 kHz. */
const programs = {
  arecord: ['-q', '-t', 'raw', '-f', 'S16_LE', '-r', RATE, '-c', '1', '-'],
  rec: ['-q', '-t', 'raw', '-b', '16', '-e', 'signed-integer', '-L', '-r', RATE, '-c', '1', '-'],
  parecord: ['--raw', '--format=s16le', `--rate=${RATE}`, '--channels=1'],
  ffmpeg: [
    '-loglevel',
    'quiet',
    '-nostdin',
    '-f',
    process.platform === 'darwin' ? 'avfoundation' : 'alsa',
    '-i',
    process.platform === 'darwin' ? ':default' : 'default',
    '-f',
    's16le',
    '-ar',
    RATE,
    '-ac',
    '1',
    '-',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type ProgramName = keyof typeof programs;

/** What a recording came to. */
export type Recording =
  /** Samples from -1 to 1 at {@link RECORDING_RATE}. */
  | { readonly type: 'speech'; readonly samples: Float32Array<ArrayBuffer> }
  /** Nobody spoke. */
  | { readonly type: 'silence' }
  /** Called off. */
  | { readonly type: 'cancelled' }
  /** None of the programs could record; the last one tried. */
  | { readonly type: 'failed'; readonly program: string };

export interface RecordOptions {
  /** Told a few times a second how loud it is, 0 to 1. */
  readonly onLevel: (level: number) => void;
  /** Aborting it sends what was heard so far. */
  readonly finish: AbortSignal;
  /** Aborting it throws away what was heard. */
  readonly cancel: AbortSignal;
}

/** Records one utterance from the microphone through a program of the machine. */
export interface Recorder {
  /** False where no program can record. */
  readonly canRecord: boolean;
  /** Listens until the speaker stops, `finish` or `cancel`; half a minute at most. */
  record(options: RecordOptions): Promise<Recording>;
}

export interface RecorderOptions {
  readonly places: ProgramPlaces;
  readonly spawn?: Spawn;
}

/** A recorder with what is installed here. */
export async function createRecorder({ places, spawn = spawnListening }: RecorderOptions): Promise<Recorder> {
  const found = await findPrograms(Object.keys(programs) as readonly ProgramName[], places);
  return {
    canRecord: found.length > 0,
    async record(options) {
      let failed = 'sound';
      for (const { name, path } of found) {
        const recording = await listenTo(spawn(path, programs[name]), options);
        if (recording !== null) return recording;
        failed = name;
      }
      return { type: 'failed', program: failed };
    },
  };
}

function spawnListening(program: string, args: readonly string[]): ChildProcess {
  return nodeSpawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
}

/** What was heard; null when the program ended without a sound. */
function listenTo(
  child: ChildProcess,
  { onLevel, finish, cancel }: RecordOptions,
): Promise<Recording | null> {
  const end = createUtteranceEnd();
  const pieces: Buffer[] = [];
  let bytes = 0;
  /** Half a sample that the next piece completes. */
  let odd = Buffer.alloc(0);
  return new Promise((resolve) => {
    const leave = (outcome: Recording | null) => {
      finish.removeEventListener('abort', stop);
      cancel.removeEventListener('abort', stop);
      resolve(outcome);
    };
    const outcomeNow = (): Recording | null => {
      if (cancel.aborted) return { type: 'cancelled' };
      if (bytes === 0) return finish.aborted ? { type: 'silence' } : null;
      if (!end.hasSpeech) return { type: 'silence' };
      const samples = Float32Array.from(samplesOf(Buffer.concat(pieces)), (value) => value / 0x8000);
      return { type: 'speech', samples };
    };
    // Nobody waits for the program to end: it may be a script that leaves another one behind.
    const stop = () => {
      child.stdout?.destroy();
      child.kill('SIGTERM');
      leave(outcomeNow());
    };
    child.stdout?.on('data', (piece: Buffer) => {
      const whole = Buffer.concat([odd, piece]);
      const even = whole.length - (whole.length % 2);
      odd = whole.subarray(even);
      const samples = whole.subarray(0, even);
      pieces.push(samples);
      bytes += samples.length;
      end.take(samplesOf(samples));
      onLevel(end.level);
      if (end.isOver || bytes >= MOST_BYTES) stop();
    });
    child.once('error', () => leave(null));
    child.once('close', () => leave(outcomeNow()));
    finish.addEventListener('abort', stop, { once: true });
    cancel.addEventListener('abort', stop, { once: true });
    if (finish.aborted || cancel.aborted) stop();
  });
}

/** Little-endian, whatever the machine is. */
function samplesOf(bytes: Buffer): Int16Array {
  const samples = new Int16Array(bytes.length / 2);
  for (let index = 0; index < samples.length; index++) samples[index] = bytes.readInt16LE(index * 2);
  return samples;
}
