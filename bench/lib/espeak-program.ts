import { spawn } from 'node:child_process';

/** Debian's program on one sentence, as a server would start it. */
export interface ProgramMeasure {
  /** From its start to its first sound: the header of a WAV is none. */
  readonly firstSoundMs: number;
  readonly wholeMs: number;
  /** How long the sound lasts. */
  readonly soundMs: number;
}

const WAV_HEADER_BYTES = 44;
/** Sixteen bits at 22,050 Hz. */
const BYTES_PER_MS = 44.1;

/** Says `text` by the program `espeak-ng`. */
export function speakByProgram(text: string, language: string): Promise<ProgramMeasure> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const program = spawn('espeak-ng', ['-v', language, '--stdout', text], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let bytes = 0;
    let firstSoundMs = Number.NaN;
    program.stdout.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (Number.isNaN(firstSoundMs) && bytes > WAV_HEADER_BYTES)
        firstSoundMs = performance.now() - startedAt;
    });
    program.once('error', reject);
    program.once('close', () => {
      const wholeMs = performance.now() - startedAt;
      resolve({ firstSoundMs, wholeMs, soundMs: (bytes - WAV_HEADER_BYTES) / BYTES_PER_MS });
    });
  });
}
