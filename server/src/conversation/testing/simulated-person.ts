import type { ManualClock } from '../../providers/fake/manual-clock.ts';
import { timeSpoken, type TimedWord } from './spoken-words.ts';

/** Something that the person did, for those who check afterwards what became of it. */
export interface PersonAct {
  readonly kind: 'words' | 'cough' | 'breath';
  /** Empty for what has no words. */
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

interface Sound {
  readonly startMs: number;
  readonly endMs: number;
  readonly isVoice: boolean;
}

/** Somebody in front of the microphone. All times are the virtual clock's. */
export interface SimulatedPerson {
  /**
   * Begins to say `text` after `afterMs`, as {@link timeSpoken} has it.
   *
   * @returns How long it takes, the delay included.
   */
  say(text: string, afterMs?: number): number;
  /** A sound that is no word. @returns How long it takes, the delay included. */
  cough(lengthMs: number, afterMs?: number): number;
  /** What is in the air of this person at a moment. */
  soundAt(atMs: number): 'voice' | 'cough' | null;
  /** Words of which most was said between two moments, in order. */
  wordsBetween(fromMs: number, toMs: number): readonly TimedWord[];
  /** When the sound ends that is to come last; -Infinity before the first. */
  readonly quietFromMs: number;
  readonly acts: readonly PersonAct[];
}

export function createPerson(clock: ManualClock): SimulatedPerson {
  const sounds: Sound[] = [];
  const words: TimedWord[] = [];
  const acts: PersonAct[] = [];
  let quietFromMs = Number.NEGATIVE_INFINITY;
  const sound = (startMs: number, endMs: number, isVoice: boolean) => {
    sounds.push({ startMs, endMs, isVoice });
    quietFromMs = Math.max(quietFromMs, endMs);
  };
  return {
    say(text, afterMs = 0) {
      const beginMs = clock.monotonicMs() + afterMs;
      const spoken = timeSpoken(text);
      for (const word of spoken.words) {
        const startMs = beginMs + word.startMs;
        const endMs = beginMs + word.endMs;
        sound(startMs, endMs, true);
        words.push({ text: word.text, startMs, endMs });
      }
      const plain = spoken.words.map((word) => word.text).join(' ');
      const endMs = beginMs + (spoken.words.at(-1)?.endMs ?? 0);
      acts.push({ kind: 'words', text: plain, startMs: beginMs, endMs });
      return afterMs + spoken.lengthMs;
    },
    cough(lengthMs, afterMs = 0) {
      const startMs = clock.monotonicMs() + afterMs;
      sound(startMs, startMs + lengthMs, false);
      acts.push({ kind: 'cough', text: '', startMs, endMs: startMs + lengthMs });
      return afterMs + lengthMs;
    },
    soundAt(atMs) {
      if (atMs >= quietFromMs) return null;
      const now = sounds.find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs);
      if (now === undefined) return null;
      return now.isVoice ? 'voice' : 'cough';
    },
    wordsBetween: (fromMs, toMs) =>
      words.filter(({ startMs, endMs }) => fromMs <= (startMs + endMs) / 2 && endMs <= toMs),
    get quietFromMs() {
      return quietFromMs;
    },
    acts,
  };
}
