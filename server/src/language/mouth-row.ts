import type { Viseme } from '../providers/spec/tts.ts';

/** A shape of the mouth and when it is taken. */
export interface TimedViseme {
  readonly viseme: Viseme;
  /** Milliseconds from the first sample of the request. */
  readonly startMs: number;
}

/** What one sound does to the mouth: a shape, or `consonant` for one that leaves it to the vowels beside it. */
export type Mouth = Viseme | 'consonant';

/** Makes shapes out of a row of sounds as it comes. */
export interface MouthRow {
  /** The shapes that are certain now. A consonant is held until the sound behind it is known. */
  push(mouth: Mouth, startMs: number): readonly TimedViseme[];
  /** Forgets what is held. The mouth stays as it is. */
  reset(): void;
}

/**
 * A consonant takes the shape of the vowel that follows, from its own beginning: lips are ready before the voice is. One
 * without a vowel behind it keeps the shape before. Lips that close and pauses begin when they begin.
 */
export function createMouthRow(): MouthRow {
  let heldSinceMs: number | undefined;
  let last: Viseme | undefined;
  return {
    push(mouth, startMs) {
      if (mouth === 'consonant') {
        heldSinceMs ??= startMs;
        return [];
      }
      const isVowel = mouth !== 'closed' && mouth !== 'rest';
      const begin = isVowel ? (heldSinceMs ?? startMs) : startMs;
      heldSinceMs = undefined;
      if (mouth === last) return [];
      last = mouth;
      return [{ viseme: mouth, startMs: begin }];
    },
    reset() {
      heldSinceMs = undefined;
    },
  };
}
