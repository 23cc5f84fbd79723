/** A word as it is said, in milliseconds. */
export interface TimedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** How long anybody here takes for a syllable. */
export const SYLLABLE_MS = 130;
/** `…` without a number. */
const PAUSE_MS = 400;
const COMMA_MS = 120;
const FULL_STOP_MS = 220;
/** The last syllable before a pause is drawn out. */
const DRAWN_OUT_MS = 110;

/**
 * The words of a text from 0 ms on. Marks make pauses, as they do aloud; `…` is one of 400 ms, `…900` one of 900 ms.
 *
 * @returns The words, and how long all of it takes.
 */
export function timeSpoken(text: string): {
  readonly words: readonly TimedWord[];
  readonly lengthMs: number;
} {
  const words: TimedWord[] = [];
  const pieces = text.split(/(…\d*)|\s+/).filter((part) => part !== undefined && part !== '');
  let atMs = 0;
  for (const [index, piece] of pieces.entries()) {
    if (piece.startsWith('…')) {
      atMs += piece === '…' ? PAUSE_MS : Number(piece.slice(1));
      continue;
    }
    const markMs = /[.?!]$/.test(piece) ? FULL_STOP_MS : piece.endsWith(',') ? COMMA_MS : 0;
    const isLast = markMs > 0 || (pieces[index + 1] ?? '…').startsWith('…');
    const endMs = atMs + syllablesOf(piece) * SYLLABLE_MS + (isLast ? DRAWN_OUT_MS : 0);
    words.push({ text: piece, startMs: atMs, endMs });
    atMs = endMs + markMs;
  }
  return { words, lengthMs: atMs };
}

/** At least one: English words have about a vowel group each, Korean ones a syllable a letter. */
function syllablesOf(word: string): number {
  const latin = word.match(/[aeiouy]+/gi)?.length ?? 0;
  const others = [...word].filter((letter) => /[\p{L}\p{N}]/u.test(letter) && !/[a-z]/i.test(letter)).length;
  return Math.max(1, latin + others);
}
