import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { AbortedError } from '../../lib/abort.ts';
import { QueueFullError } from '../../lib/bounded-queue.ts';
import { systemClock, type Clock } from '../../lib/clock.ts';
import { runProgram, type RunOutcome } from '../../lib/run-program.ts';
import { createTurnstile, type Turnstile } from '../../lib/turnstile.ts';
import { createProviderScope } from '../spec/provider-scope.ts';
import { ProviderError, type Availability, type ProviderInfo } from '../spec/provider.ts';
import { UTTERANCE_SAMPLE_RATE, type SpeechToText, type Transcription, type Utterance } from '../spec/stt.ts';
import { primarySubtag, toUtteranceWav, UNKNOWN_LANGUAGE } from '../spec/utterance-wav.ts';
import { findProgram } from './find-program.ts';
import { tidyPrinted } from './tidy-printed.ts';

export interface CommandEarsOptions {
  /**
   * Program and arguments. `{wav}` in an argument stands for the file, `{language}` for the primary subtag of the language,
   * or `auto` where it is not known. Without `{wav}` the file comes on standard input.
   */
  readonly argv: readonly string[];
  /** BCP 47 languages that it hears; empty for all. */
  readonly languages: readonly string[];
  /** Programs at a time, 2. */
  readonly maxRunning?: number;
  /** Utterances that wait for their turn; one more is refused as `unavailable`. 32. */
  readonly maxWaiting?: number;
  /** Time for an utterance beside four times its own length, 20 s. */
  readonly limitMs?: number;
  readonly clock?: Pick<Clock, 'monotonicMs'>;
}

const ID = 'command';
const MOST_PRINTED_BYTES = 64 * 1024;
const LIMIT_PER_LENGTH = 4;
/** A program that is installed while the server runs is found after so long. */
const LOOK_AGAIN_MS = 5_000;
/** Lines of a program's complaints that say what went wrong. Others may hold what somebody said. */
const TELLS_WHY =
  /\b(?:error|fatal|fail(?:ed|ure)?|can(?:no|')t|could not|unable|no such|not found|missing|denied|invalid|unknown|usage)\b/i;
const LONGEST_WHY = 160;

/**
 * Ears that are a program of anybody's: it gets a WAV file (mono, 16 kHz, 16 bits) and prints what it hears. It sees none of the
 * server's settings in its environment but `PATH` and the like; put `env NAME=value` in front of it for more.
 */
export function createCommandEars(options: CommandEarsOptions): SpeechToText {
  return new CommandEars(options);
}

class CommandEars implements SpeechToText {
  readonly kind = 'stt';
  readonly info: ProviderInfo;
  readonly #argv: readonly string[];
  readonly #limitMs: number;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #turns: Turnstile;
  readonly #scope = createProviderScope(ID);
  #swept: Promise<void> | undefined;
  #isFound = false;
  #lookAgainAt = -Infinity;

  constructor({
    argv,
    languages,
    maxRunning = 2,
    maxWaiting = 32,
    limitMs = 20_000,
    clock = systemClock,
  }: CommandEarsOptions) {
    this.#argv = argv;
    this.#limitMs = limitMs;
    this.#clock = clock;
    this.#turns = createTurnstile({ places: () => maxRunning, maxWaiting });
    this.info = {
      id: ID,
      name: basename(argv[0] ?? ''),
      cost: 'free',
      local: true,
      standIn: false,
      languages: languages.flatMap((language) => primarySubtag(language) ?? []),
      needs: 'COMMAND_STT',
      speed: 'by_hardware',
    };
  }

  availability(): Availability {
    if (!this.#isFound && this.#clock.monotonicMs() >= this.#lookAgainAt) {
      this.#isFound = findProgram(this.#argv[0] ?? '') !== null;
      this.#lookAgainAt = this.#clock.monotonicMs() + LOOK_AGAIN_MS;
    }
    if (this.#isFound) return { available: true };
    return {
      available: false,
      reason: `The program ${this.info.name} is not there, or can't be run.`,
      action: 'Install it, or correct its name or path in COMMAND_STT.',
    };
  }

  async transcribe({ samples, language }: Utterance, signal: AbortSignal): Promise<Transcription> {
    const call = this.#scope.enter(signal);
    try {
      const asked = primarySubtag(language);
      const wav = toUtteranceWav(samples, ID);
      const text = wav === null ? '' : await this.#hear(wav, asked ?? 'auto', call.signal);
      return { text, language: asked ?? UNKNOWN_LANGUAGE, confidence: null, provider: ID };
    } catch (error) {
      throw call.errorFor(error);
    } finally {
      call.leave();
    }
  }

  close(): Promise<void> {
    this.#scope.close();
    return Promise.resolve();
  }

  async #hear(wav: Buffer, language: string, signal: AbortSignal): Promise<string> {
    const leave = await this.#enter(signal);
    try {
      const takesFile = this.#argv.some((part) => part.includes('{wav}'));
      if (takesFile) await (this.#swept ??= sweepLeftBehind());
      return takesFile
        ? await inFile(wav, (path) => this.#run(wav.length, language, path, null, signal))
        : await this.#run(wav.length, language, '', wav, signal);
    } finally {
      leave();
    }
  }

  async #enter(signal: AbortSignal): Promise<() => void> {
    try {
      return await this.#turns.enter(signal);
    } catch (error) {
      if (!(error instanceof QueueFullError)) throw error;
      throw new ProviderError('unavailable', ID, 'Too many utterances wait for the program.');
    }
  }

  async #run(
    wavBytes: number,
    language: string,
    path: string,
    input: Buffer | null,
    signal: AbortSignal,
  ): Promise<string> {
    if (signal.aborted) throw new AbortedError(signal.reason);
    const [program = '', ...rest] = this.#argv;
    const args = rest.map((part) => part.replaceAll('{wav}', path).replaceAll('{language}', language));
    const durationMs = (wavBytes / 2 / UTTERANCE_SAMPLE_RATE) * 1_000;
    const limitMs = Math.ceil(this.#limitMs + durationMs * LIMIT_PER_LENGTH);
    const outcome = await runProgram(
      { argv: [program, ...args], input, limitMs, mostBytes: MOST_PRINTED_BYTES },
      signal,
    );
    return this.#textOf(outcome, limitMs);
  }

  /** @throws {ProviderError} for whatever is not a program that printed and ended well. */
  #textOf(outcome: RunOutcome, limitMs: number): string {
    switch (outcome.type) {
      case 'exited':
        if (outcome.status === 0) return tidyPrinted(outcome.printed);
        throw this.#failure('failed', `ended with status ${outcome.status}.${why(outcome.complaint)}`);
      case 'killed':
        throw this.#failure('failed', `was ended by ${outcome.signal}.${why(outcome.complaint)}`);
      case 'not_started':
        this.#isFound = false;
        throw this.#failure('unavailable', `could not be started (${outcome.code}).`);
      case 'too_long':
        throw this.#failure('timeout', `took longer than ${limitMs} ms and was ended.`);
      case 'too_much':
        throw this.#failure('failed', `printed more than ${MOST_PRINTED_BYTES} bytes and was ended.`);
    }
  }

  #failure(kind: ProviderError['kind'], what: string): ProviderError {
    return new ProviderError(kind, ID, `The program ${this.info.name} ${what}`);
  }
}

const FOLDER = 'malbeot-ears-';
/** Much longer than any program may take. */
const LEFT_BEHIND_AFTER_MS = 60 * 60_000;

/** Takes away what servers that were killed left behind: it is what people said. */
async function sweepLeftBehind(): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    if (!name.startsWith(FOLDER)) continue;
    const folder = join(tmpdir(), name);
    // Those of other accounts are theirs to take away.
    const modifiedAt = await stat(folder).then(
      ({ mtimeMs }) => mtimeMs,
      () => Infinity,
    );
    if (Date.now() - modifiedAt < LEFT_BEHIND_AFTER_MS) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

/** Lends `use` a file that nobody else can read, and takes it away again. */
async function inFile<T>(bytes: Buffer, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), FOLDER));
  try {
    const path = join(folder, 'utterance.wav');
    await writeFile(path, bytes, { mode: 0o600 });
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The last line that says why, short, and with names in place of paths. */
function why(complaint: string): string {
  const line = complaint.split('\n').findLast((text) => TELLS_WHY.test(text));
  if (line === undefined) return '';
  const masked = line
    .replaceAll(/[^\s'"=:]*[/\\]([^\s/\\'":]*)/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return ` It says: ${masked.length > LONGEST_WHY ? `${masked.slice(0, LONGEST_WHY)}…` : masked}`;
}
