import type { Span } from './quiet-spans.ts';

/** A place in a text, at a time of its sound. */
export interface TimedPlace {
  readonly startMs: number;
  /** In UTF-16 units. */
  readonly textOffset: number;
}

export interface SpokenPart {
  readonly text: string;
  /** Milliseconds of sound that were given. */
  readonly givenMs: number;
  /** Words as the voice told of them, in order. Empty from a voice that gives no times. */
  readonly words: readonly TimedPlace[];
  /** When the voice said that it pauses. */
  readonly pauses: readonly number[];
  /** Where the sound is silent; looked at when there are no words. */
  readonly quiet: readonly Span[];
  /** How long the voice takes, pauses left out, as against {@link plainLengthMs}; undefined where it was never measured. */
  readonly slowness: number | undefined;
}

const CLAUSE = /[.!?。！？…,，、;:]+["'”’)\]]*(?=\s|$)|\n+/g;
const WORD = /\S+/g;
const SPEAKABLE = /[\p{L}\p{N}]/u;
/** Measured with the built-in voice: a Korean syllable, a letter of an alphabet, a digit read aloud. */
const SYLLABLE_MS = 170;
const LETTER_MS = 70;
const DIGIT_MS = 200;
const SYLLABLE = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** A word of which so much was given is understood; saying it again would sound like a stutter. */
const HEARD_SHARE = 0.8;
/** The same where nobody knows when the word ends: what is usual is off by a seventh or so. */
const HEARD_SHARE_OF_USUAL = 0.95;
/** A word is not longer than so many times its usual length: what follows is a pause. */
const LONGEST_WORD = 1.5;
/** Without times from the voice: doubt is worth so much more of the estimate, so that words are rather said twice than never. */
const DOUBT_MEASURED = 1.15;
const DOUBT_UNMEASURED = 1.4;
/** A pause ends a clause when it lies no further from where that should end, as a share of the way there. */
const PAUSE_WINDOW_MEASURED = 0.3;
const PAUSE_WINDOW_UNMEASURED = 0.5;

/** True for text that has something to say: letters or digits, not only signs. */
export function isSpeakable(text: string): boolean {
  return SPEAKABLE.test(text);
}

/** How long a voice of ordinary speed takes for `text`, in milliseconds, without its pauses. */
export function plainLengthMs(text: string): number {
  let ms = 0;
  for (const character of text) {
    if (SYLLABLE.test(character)) ms += SYLLABLE_MS;
    else if (/\p{N}/u.test(character)) ms += DIGIT_MS;
    else if (/\p{L}/u.test(character)) ms += LETTER_MS;
  }
  return ms;
}

/**
 * Where another voice has to go on, so that nothing is lost and nothing that was heard is said again. With word times that is
 * the first word that was not given (to four fifths at least): the next clause, where the one before was given whole. Without,
 * the pauses in the sound tell which clauses were said, and the time since the last one how many words of the next; what is in
 * doubt is said again.
 *
 * @returns the place in `text`, at the start of a word; the length of the text when all was said.
 */
export function nextUnsaid(part: SpokenPart): number {
  const place = part.words.length > 0 ? nextWord(part) : nextBySound(part);
  return isSpeakable(part.text.slice(place)) ? place : part.text.length;
}

function nextWord({ text, givenMs, words, pauses, slowness }: SpokenPart): number {
  const begun = words.filter(({ startMs }) => startMs < givenMs);
  const last = begun.at(-1);
  // Nothing of the first word was given.
  if (last === undefined) return 0;
  const next = words[begun.length];
  const wordEnd = endOfWord(text, last.textOffset);
  const usualMs =
    plainLengthMs(text.slice(last.textOffset, wordEnd)) * (slownessHere(text, begun) ?? slowness ?? 1);
  const known = [next?.startMs, pauses.find((pauseMs) => pauseMs > last.startMs)].filter(
    (end) => end !== undefined,
  );
  const heardMs = givenMs - last.startMs;
  const isHeard =
    known.length === 0
      ? heardMs >= HEARD_SHARE_OF_USUAL * usualMs
      : heardMs >= HEARD_SHARE * Math.min(usualMs * LONGEST_WORD, Math.min(...known) - last.startMs);
  if (!isHeard) return last.textOffset;
  return next?.textOffset ?? startOfWord(text, wordEnd);
}

/** As the voice went in this very answer, once it has said two words. */
function slownessHere(text: string, begun: readonly TimedPlace[]): number | undefined {
  if (begun.length < 3) return undefined;
  const first = begun[0]!;
  const last = begun.at(-1)!;
  const plainMs = plainLengthMs(text.slice(first.textOffset, last.textOffset));
  return plainMs > 0 ? (last.startMs - first.startMs) / plainMs : undefined;
}

/** Where the text and the sound are known to be together. */
interface Anchor {
  /** In the text, at the start of a word. */
  readonly place: number;
  readonly atMs: number;
}

function nextBySound({ text, givenMs, quiet, slowness }: SpokenPart): number {
  const anchor = lastAnchor(text, quiet, slowness);
  const doubt = slowness === undefined ? DOUBT_UNMEASURED : slowness * DOUBT_MEASURED;
  const saidMs = spokenMs({ startMs: anchor.atMs, endMs: givenMs }, quiet);
  // Of a voice that nobody knows only whole clauses are taken as said.
  const units = slowness === undefined ? CLAUSE : WORD;
  let place = anchor.place;
  let endMs = 0;
  for (const match of text.slice(anchor.place).matchAll(units)) {
    const end = anchor.place + match.index + match[0].length;
    endMs += plainLengthMs(text.slice(place, end)) * doubt;
    if (saidMs < endMs) break;
    place = startOfWord(text, end);
  }
  return place;
}

/** The end of the last pause that ends a clause, and the clause after it. */
function lastAnchor(text: string, quiet: readonly Span[], slowness: number | undefined): Anchor {
  const window = slowness === undefined ? PAUSE_WINDOW_UNMEASURED : PAUSE_WINDOW_MEASURED;
  const ends = [...text.matchAll(CLAUSE)].map((match) => startOfWord(text, match.index + match[0].length));
  let anchor: Anchor = { place: 0, atMs: 0 };
  for (const pause of quiet) {
    const { place, atMs } = anchor;
    const wayMs = spokenMs({ startMs: atMs, endMs: pause.startMs }, quiet);
    const offBy = (end: number) => {
      const expectedMs = plainLengthMs(text.slice(place, end)) * (slowness ?? 1);
      return expectedMs > 0 ? Math.abs(wayMs - expectedMs) / expectedMs : Infinity;
    };
    const nearest = ends
      .filter((end) => end > place)
      .reduce<number | undefined>(
        (best, end) => (best === undefined || offBy(end) < offBy(best) ? end : best),
        undefined,
      );
    if (nearest !== undefined && offBy(nearest) <= window) anchor = { place: nearest, atMs: pause.endMs };
  }
  return anchor;
}

/** How much of `span` is no pause. */
export function spokenMs({ startMs, endMs }: Span, quiet: readonly Span[]): number {
  const pausedMs = quiet.reduce(
    (sum, pause) => sum + Math.max(0, Math.min(endMs, pause.endMs) - Math.max(startMs, pause.startMs)),
    0,
  );
  return Math.max(0, endMs - startMs - pausedMs);
}

function endOfWord(text: string, from: number): number {
  WORD.lastIndex = from;
  const match = WORD.exec(text);
  WORD.lastIndex = 0;
  return match === null ? text.length : match.index + match[0].length;
}

function startOfWord(text: string, from: number): number {
  const space = /^\s*/.exec(text.slice(from))!;
  return from + space[0].length;
}
