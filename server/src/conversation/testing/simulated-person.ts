import type { ManualClock } from '../../providers/fake/manual-clock.ts';

/** A word as it is said, in milliseconds of the virtual clock. */
export interface TimedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** Somebody in front of the microphone. */
export interface SimulatedPerson {
  /**
   * Begins to say `text` after `afterMs`; each syllable takes 130 ms. `…` in the text is a pause of 400 ms.
   *
   * @returns How long it takes, the delay included.
   */
  say(text: string, afterMs?: number): number;
  /** A sound that is no word. @returns How long it takes, the delay included. */
  cough(lengthMs: number, afterMs?: number): number;
  /** True while a sound of this person is in the air. */
  isLoudAt(atMs: number): boolean;
  /** Words that ended between two moments, in order. */
  wordsBetween(fromMs: number, toMs: number): readonly TimedWord[];
}

const SYLLABLE_MS = 130;
const PAUSE_MS = 400;

export function createPerson(clock: ManualClock): SimulatedPerson {
  const sounds: { readonly startMs: number; readonly endMs: number }[] = [];
  const words: TimedWord[] = [];
  return {
    say(text, afterMs = 0) {
      const beginMs = clock.monotonicMs();
      let atMs = beginMs + afterMs;
      for (const piece of text.split(/(…)|\s+/).filter((part) => part !== undefined && part !== '')) {
        if (piece === '…') {
          atMs += PAUSE_MS;
          continue;
        }
        const syllables = [...piece].filter((letter) => /[\p{L}\p{N}]/u.test(letter)).length;
        const endMs = atMs + Math.max(1, syllables) * SYLLABLE_MS;
        sounds.push({ startMs: atMs, endMs });
        words.push({ text: piece, startMs: atMs, endMs });
        atMs = endMs;
      }
      return atMs - beginMs;
    },
    cough(lengthMs, afterMs = 0) {
      const startMs = clock.monotonicMs() + afterMs;
      sounds.push({ startMs, endMs: startMs + lengthMs });
      return afterMs + lengthMs;
    },
    isLoudAt: (atMs) => sounds.some(({ startMs, endMs }) => startMs <= atMs && atMs < endMs),
    wordsBetween: (fromMs, toMs) => words.filter(({ endMs }) => fromMs < endMs && endMs <= toMs),
  };
}
