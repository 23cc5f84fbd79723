import type { NameMeaning } from '../lexicon/meanings.ts';
import type { Reference } from '../words/references.ts';
import type { Role } from '../words/roles.ts';

/** How sure the match of a name is: its letters, or its sound with the two nearest strangers kept for the question. */
export interface SoundGuess {
  /** Cost by length, 0 for the same sound; under 0.5 for anything offered. */
  readonly distance: number;
  /** Distance to the nearest other thing on the menu. */
  readonly runnerUp: number;
  /** Item ids, nearest first, at most three. */
  readonly nearest: readonly string[];
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** A space or the beginning stands before it. */
  readonly afterBreak: boolean;
}

/** One piece of an utterance. */
export type Token = Place &
  (
    | { readonly type: 'name'; readonly meaning: NameMeaning; readonly guess: SoundGuess | null }
    | {
        readonly type: 'number';
        readonly value: number;
        readonly counter: string | null;
        /** False for won, numbers on a list and the like. */
        readonly countsThings: boolean;
      }
    | { readonly type: 'reference'; readonly reference: Reference }
    | { readonly type: 'word'; readonly roles: readonly Role[] }
    /** `nearest`: item ids that sound a little like it, nearest first. */
    | { readonly type: 'unknown'; readonly nearest: readonly string[] }
  );

/** True when the token is a word with one of these roles. */
export function hasRole(token: Token | undefined, ...roles: readonly Role[]): boolean {
  return token?.type === 'word' && token.roles.some((role) => roles.includes(role));
}
