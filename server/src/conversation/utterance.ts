import { judgePartialInterjection } from '../language/interjection.ts';
import { createStablePrefix } from '../language/stable-prefix.ts';
import { judgeTurnEnd } from '../language/turn-end.ts';
import { isAbort } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import type { Timers } from '../lib/timers.ts';
import type { SpeechToText, Transcription } from '../providers/spec/stt.ts';
import type { TurnEndVerdict } from './endpointing.ts';
import type { Overlap } from './interruption.ts';
import { openHearing } from './listening/open-hearing.ts';

/** What is known of the words so far. */
export interface WordsSoFar {
  readonly text: string;
  /** The beginning of `text` that later words no longer change. */
  readonly stable: string;
}

/** One thing that a person says, heard while they say it. */
export interface Utterance {
  /** The next sound. Keeps none of the array. */
  push(samples: Float32Array): void;
  readonly words: WordsSoFar;
  /** Whether the words so far cut in, agree, or are none. */
  readonly interjection: Overlap['verdict'];
  /** Whether the words so far sound finished. */
  readonly turnEnd: TurnEndVerdict;
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
  /** Called whenever the words so far change. */
  readonly onWords: (words: WordsSoFar) => void;
}

/** Begins to listen. The partial words stop when `signal` aborts or with `close`. */
export function openUtterance(options: UtteranceOptions, signal: AbortSignal): Utterance {
  const { ears, language, clock, timers, onWords } = options;
  const hearing = openHearing(ears, language, { clock, timers }, signal);
  const prefix = createStablePrefix();
  let words: WordsSoFar = { text: '', stable: '' };
  let interjection: Overlap['verdict'] = 'none';
  let turnEnd: TurnEndVerdict = 'none';
  let isOver = false;
  let failure: unknown;

  const follow = async () => {
    for await (const partial of hearing.partials) {
      if (isOver) return;
      if (partial === words.text) continue;
      words = prefix.push(partial);
      interjection = judgePartialInterjection(partial, language);
      turnEnd = partial === '' ? 'none' : judgeTurnEnd(partial, language);
      onWords(words);
    }
  };
  // What goes wrong with the parts is told by the whole.
  follow().catch(() => {});

  return {
    push(samples) {
      if (isOver || failure !== undefined) return;
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
    get turnEnd() {
      return turnEnd;
    },
    async finish(finishing) {
      if (failure !== undefined && !isAbort(failure)) throw failure;
      try {
        return await hearing.finish(finishing);
      } finally {
        isOver = true;
      }
    },
    close() {
      isOver = true;
      hearing.close();
    },
  };
}
