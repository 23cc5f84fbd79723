import { isAbort } from '../lib/abort.ts';
import { within, type Timers } from '../lib/timers.ts';
import type { Transcription } from '../providers/spec/stt.ts';
import type { Utterance } from './utterance.ts';

export interface FinishingLineOptions {
  readonly timers: Timers;
  /** Told why nobody could hear. */
  readonly onTrouble?: ((error: unknown) => void) | undefined;
}

/** Utterances that were said to their end and whose words are still waited for. What was said first is told first. */
export interface FinishingLine {
  readonly length: number;
  /**
   * Hears the rest of `utterance` and closes it. `then` is called with null when nobody could hear, and not at all once the signal
   * has aborted. False, and the utterance closed unheard, when too many are waited for.
   */
  finish(utterance: Utterance, then: (heard: Transcription | null) => void): boolean;
}

/** How long all of the ears together may take for the end of an utterance. */
const FINISH_LIMIT_MS = 15_000;
/** Utterances whose words may be waited for at once. */
const MAX_FINISHING = 4;

export function createFinishingLine(
  { timers, onTrouble }: FinishingLineOptions,
  signal: AbortSignal,
): FinishingLine {
  let length = 0;
  let order: Promise<void> = Promise.resolve();

  /** Never rejects. */
  const hear = async (utterance: Utterance): Promise<Transcription | null> => {
    try {
      return await within(utterance.finish(signal), { limitMs: FINISH_LIMIT_MS, timers, signal });
    } catch (error) {
      if (!isAbort(error)) onTrouble?.(error);
      return null;
    } finally {
      utterance.close();
    }
  };

  return {
    get length() {
      return length;
    },
    finish(utterance, then) {
      if (length >= MAX_FINISHING) {
        utterance.close();
        return false;
      }
      length++;
      const hearing = hear(utterance);
      order = order.then(async () => {
        const heard = await hearing;
        length--;
        if (!signal.aborted) then(heard);
      });
      return true;
    },
  };
}
