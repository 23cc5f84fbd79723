import { spawn as nodeSpawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findPrograms, type ProgramPlaces } from './find-program.ts';

/** How fast and how loud, as factors on normal. */
export interface Speech {
  readonly rate: number;
  readonly volume: number;
}

/** Starts a program; Node's own `spawn` outside tests. */
export type Spawn = (program: string, args: readonly string[]) => ChildProcess;

/** Programs that play a WAV file, best first, and how each is told the speed and loudness that it knows of. */
const programs = {
  paplay: (file, { volume }) => [`--volume=${Math.round(65_536 * volume)}`, file],
  aplay: (file) => ['-q', file],
  play: (file, { rate, volume }) => [
    '-q',
    '-v',
    String(volume),
    file,
    ...(rate === 1 ? [] : ['tempo', '-s', String(rate)]),
  ],
  ffplay: (file, { rate, volume }) => [
    '-nodisp',
    '-autoexit',
    '-loglevel',
    'quiet',
    '-volume',
    String(Math.min(100, Math.round(50 * volume))),
    ...(rate === 1 ? [] : ['-af', `atempo=${rate}`]),
    file,
  ],
  afplay: (file, { rate, volume }) => ['-v', String(volume), '-r', String(rate), file],
} as const satisfies Readonly<Record<string, (file: string, speech: Speech) => readonly string[]>>;

type ProgramName = keyof typeof programs;

/** Plays the voice through a program of the machine. */
export interface Player {
  /** False where no program plays sound, or none of them could. */
  readonly canPlay: boolean;
  /**
   * Plays a WAV to its end; an abort ends it at once and is no error.
   *
   * @throws {PlayerError} when no program could play it; from then on `canPlay` is false.
   */
  play(wav: Uint8Array, speech: Speech, signal: AbortSignal): Promise<void>;
}

/** The last program tried could not play. */
export class PlayerError extends Error {
  override readonly name = 'PlayerError';
  readonly program: string;

  constructor(program: string) {
    super(`${program} could not play`);
    this.program = program;
  }
}

export interface PlayerOptions {
  readonly places: ProgramPlaces;
  readonly spawn?: Spawn;
  /** Where the sound lies while it is played. Default: the system's folder for temporary files. */
  readonly folder?: string;
}

/** A player with what is installed here. A program that fails is not tried again. */
export async function createPlayer({
  places,
  spawn = spawnQuietly,
  folder = tmpdir(),
}: PlayerOptions): Promise<Player> {
  const names = Object.keys(programs) as readonly ProgramName[];
  let left = await findPrograms(names, places);
  return {
    get canPlay() {
      return left.length > 0;
    },
    async play(wav, speech, signal) {
      if (signal.aborted) return;
      const place = await mkdtemp(join(folder, 'malbeot-voice-'));
      try {
        const file = join(place, 'voice.wav');
        await writeFile(file, wav, { mode: 0o600 });
        for (let failed = 'sound'; ;) {
          const [program] = left;
          if (program === undefined) throw new PlayerError(failed);
          if (signal.aborted) return;
          const { name, path } = program;
          const played = await runToItsEnd(spawn(path, programs[name](file, speech)), signal);
          if (played || signal.aborted) return;
          failed = name;
          left = left.filter((other) => other !== program);
        }
      } finally {
        await rm(place, { recursive: true, force: true });
      }
    },
  };
}

function spawnQuietly(program: string, args: readonly string[]): ChildProcess {
  return nodeSpawn(program, args, { stdio: 'ignore', windowsHide: true });
}

/** True when it ended well by itself. */
function runToItsEnd(child: ChildProcess, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const onAbort = () => void child.kill('SIGKILL');
    const finish = (well: boolean) => {
      signal.removeEventListener('abort', onAbort);
      resolve(well);
    };
    child.once('error', () => finish(false));
    child.once('exit', (code) => finish(code === 0));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
