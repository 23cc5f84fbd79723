import { judgePartialInterjection } from '../language/interjection.ts';
import { createStablePrefix } from '../language/stable-prefix.ts';
import { judgeTurnEnd } from '../language/turn-end.ts';
import { isAbort } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import type { Timers } from '../lib/timers.ts';
import type { SpeechToText, Transcription } from '../providers/spec/stt.ts';
import type { TurnEndDetector } from '../providers/spec/turn-end.ts';
import { joinVerdicts, type TurnEndVerdict } from './endpointing.ts';
import type { Overlap } from './interruption.ts';
import { openHearing } from './listening/open-hearing.ts';
import { createPauseJudge } from './pause-judge.ts';

/** What is known of the words so far. */
export interface WordsSoFar {
  readonly text: string;
  /** The beginning of `text` that later words no longer change. */
  readonly stable: string;
}

/** One thing that a person says, heard while they say it. */
export interface Utterance {
  /** The next sound. May keep the array, which stays as it is. */
  push(samples: Float32Array): void;
  readonly words: WordsSoFar;
  /** Whether the words so far cut in, agree, or are none. */
  readonly interjection: Overlap['verdict'];
  /**
   * Whether the person has finished, by the words so far and, where somebody judges that, by how the pause at hand sounds: asked
   * about with the first call in which it is long enough, and known a moment later.
   *
   * @param silentMs Silence since the last speech.
   */
  turnEnd(silentMs: number): TurnEndVerdict;
  /** The pause is over: the person speaks on. */
  goOn(): void;
  /** All of it was said. @throws {ProviderError} when no ears can hear; `AbortedError`. */
  finish(signal: AbortSignal): Promise<Transcription>;
  /** Gives up what it holds. Idempotent. */
  close(): void;
}

export interface UtteranceOptions {
  readonly ears: SpeechToText;
  /** BCP 47. */
  readonly language: string;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Hears whether a pause is the end; null where the words decide alone, and no sound is kept for it. */
  readonly turnEnds: TurnEndDetector | null;
  /** Told of what went wrong beside the words. */
  readonly onTrouble?: ((error: unknown) => void) | undefined;
  /** Called whenever the words so far change. */
  readonly onWords: (words: WordsSoFar) => void;
}

/** Begins to listen. The partial words stop when `signal` aborts or with `close`. */
export function openUtterance(options: UtteranceOptions, signal: AbortSignal): Utterance {
  const { ears, language, clock, timers, turnEnds, onTrouble, onWords } = options;
  const hearing = openHearing(ears, language, { clock, timers }, signal);
  const prefix = createStablePrefix();
  const pauses =
    turnEnds !== null && knows(turnEnds, language)
      ? createPauseJudge({ detector: turnEnds, onTrouble }, signal)
      : undefined;
  let words: WordsSoFar = { text: '', stable: '' };
  let interjection: Overlap['verdict'] = 'none';
  let byWords: TurnEndVerdict = 'none';
  let isOver = false;
  let failure: unknown;

  const follow = async () => {
    for await (const partial of hearing.partials) {
      if (isOver) return;
      if (partial === words.text) continue;
      words = prefix.push(partial);
      interjection = judgePartialInterjection(partial, language);
      byWords = partial === '' ? 'none' : judgeTurnEnd(partial, language);
      onWords(words);
    }
  };
  // What goes wrong with the parts is told by the whole.
  follow().catch(() => {});

  return {
    push(samples) {
      if (isOver || failure !== undefined) return;
      pauses?.push(samples);
      try {
        hearing.push(samples);
      } catch (error) {
        failure = error;
      }
    },
    get words() {
      return words;
    },
    get interjection() {
      return interjection;
    },
    turnEnd: (silentMs) => joinVerdicts(byWords, pauses?.judge(silentMs) ?? null),
    goOn: () => pauses?.goOn(),
    async finish(finishing) {
      pauses?.close();
      if (failure !== undefined && !isAbort(failure)) throw failure;
      try {
        return await hearing.finish(finishing);
      } finally {
        isOver = true;
      }
    },
    close() {
      isOver = true;
      pauses?.close();
      hearing.close();
    },
  };
}

function knows({ info: { languages } }: TurnEndDetector, language: string): boolean {
  return languages.length === 0 || languages.includes(language.split('-', 1)[0]!.toLowerCase());
}
