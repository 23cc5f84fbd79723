import { englishNumberSyllables } from './word-spans-numbers.ts';
import { toSpokenText } from './spoken-text.ts';

/** A word of a text, and how long saying it takes beside the others. */
export interface WordSpan {
  /** UTF-16 offset of its first character. */
  readonly start: number;
  /** UTF-16 offset after its last one, punctuation included. */
  readonly end: number;
  /** Syllables, and the pause after the word in syllables; always more than 0. */
  readonly weight: number;
}

/** Signs that nobody says still have a place. */
const SILENT_WEIGHT = 0.1;
/** What a voice waits after the word, in syllables. */
const SENTENCE_PAUSE = 2.5;
const CLAUSE_PAUSE = 1.5;

const SENTENCE_SIGN = /[.!?。！？…]["'”’)\]]*$/;
const CLAUSE_SIGN = /[,，、;:]["'”’)\]]*$|[—–-]$/;
const HANGUL = /\p{Script=Hangul}/u;

/** How many syllables Korean names the Latin letters with, a to z. */
const LETTER_NAMES = [2, 1, 1, 1, 1, 2, 1, 3, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 2, 3, 2, 2, 2];

/**
 * The words of `text` in order: what stands between white space, 어절 in Korean. Weights are proportional to the time that a
 * voice needs, so numbers weigh as they are read: `10,900원` as 만구백 원.
 */
export function wordSpans(text: string): readonly WordSpan[] {
  const isKorean = HANGUL.test(text);
  const words = [...text.matchAll(/\S+/g)];
  return words.map(({ 0: word, index }, place) => {
    const isLast = place === words.length - 1;
    const weight = spokenSyllables(word, isKorean) + (isLast ? 0 : pauseAfter(word));
    return { start: index, end: index + word.length, weight: Math.max(SILENT_WEIGHT, weight) };
  });
}

function pauseAfter(word: string): number {
  if (SENTENCE_SIGN.test(word)) return SENTENCE_PAUSE;
  return CLAUSE_SIGN.test(word) ? CLAUSE_PAUSE : 0;
}

function spokenSyllables(word: string, isKorean: boolean): number {
  const spoken = isKorean ? toSpokenText(word) : word;
  let syllables = 0;
  for (const [part] of spoken.matchAll(/\p{Script=Latin}+|\d+(?:[,.]\d+)*|[\p{L}\p{N}]/gu)) {
    if (/^\d/.test(part)) syllables += englishNumberSyllables(part);
    else if (/^\p{Script=Latin}/u.test(part)) syllables += latinSyllables(part, isKorean);
    else syllables += 1;
  }
  return syllables;
}

/** Capitals are spelled out, other words said. */
function latinSyllables(word: string, isKorean: boolean): number {
  if (/^(?:[A-Z]{1,5}|[^aeiouy]+)$/i.test(word) && word === word.toUpperCase()) {
    const names = [...word].map((letter) => LETTER_NAMES[letter.charCodeAt(0) - 65] ?? 1);
    return isKorean ? names.reduce((sum, count) => sum + count, 0) : word.length;
  }
  const silentEnd = /[^aeiouyl]e$/i.test(word) ? 1 : 0;
  const vowels = word.match(/[aeiouyà-ÿ]+/gi)?.length ?? 0;
  return Math.max(1, vowels - (vowels > 1 ? silentEnd : 0));
}
