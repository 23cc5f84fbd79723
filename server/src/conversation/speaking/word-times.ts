import { wordSpans } from '../../language/word-spans.ts';
import type { Pause } from './sound-edges.ts';

/** What is known of a sentence that is or was spoken. Times are milliseconds from its first sample. */
export interface SpokenSentence {
  readonly text: string;
  /** As the voice told them, in any order; places in {@link SpokenSentence.text}. Empty where it tells none. */
  readonly words: readonly { readonly startMs: number; readonly textOffset: number }[];
  /** True while the voice that speaks tells its words: one that was not told has not begun. */
  readonly isTimed: boolean;
  /** Sound so far. */
  readonly soundMs: number;
  readonly isOver: boolean;
  /** Where the voice begins, and where it was heard last. */
  readonly beginMs: number;
  readonly endMs: number;
  readonly pauses: readonly Pause[];
}

/** One word, 어절 in Korean, and when it is said. */
export interface TimedWord {
  /** UTF-16 offset behind it. */
  readonly end: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** A word is not longer than so many times its usual length: what follows is a pause. */
const LONGEST_WORD = 1.5;
/** A pause ends a clause when it lies no further from where that should end, as a share of the way there. */
const PAUSE_WINDOW = 0.35;
const CLAUSE_END = /[.!?。！？…,，、;:]["'”’)\]]*$/;

/** A place of the text on its way from 0 to all its weight, at a time of the sound. */
interface Anchor {
  readonly weight: number;
  readonly ms: number;
}

/**
 * The words of a sentence with their times: those that the voice told, and between them, and where it told none, by how long
 * words take beside each other.
 *
 * @param usualMs How long this voice takes for one unit of weight, where the sentence itself does not tell.
 */
export function timeWords(sentence: SpokenSentence, usualMs: number): readonly TimedWord[] {
  const words = weighWords(sentence.text);
  const total = words.at(-1)?.toWeight ?? 0;
  const told = toldAnchors(sentence, words);
  const expectedMs = paceOf(sentence, told, total) ?? usualMs;
  const known = sentence.isTimed ? told : withPauses(told, sentence, words, expectedMs);
  const paceMs = paceOf(sentence, known, total) ?? usualMs;
  const anchors = [...known, ...endAnchors(sentence, { last: known.at(-1)!, words, total, paceMs })];
  const timeOf = (weight: number) => timeAt(anchors, weight);
  return words.map(({ end, fromWeight, toWeight }) => {
    const startMs = timeOf(fromWeight);
    const longestMs = LONGEST_WORD * paceMs * (toWeight - fromWeight);
    return { end, startMs, endMs: Math.min(timeOf(toWeight), startMs + longestMs) };
  });
}

/** The weight of all words of a text that are said. */
export function weightOf(text: string): number {
  return weighWords(text).at(-1)?.toWeight ?? 0;
}

interface WeighedWord {
  readonly start: number;
  readonly end: number;
  readonly fromWeight: number;
  readonly toWeight: number;
}

const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

function weighWords(text: string): readonly WeighedWord[] {
  let toWeight = 0;
  return wordSpans(text).map(({ start, end, weight }) => {
    const fromWeight = toWeight;
    if (SAYS_SOMETHING.test(text.slice(start, end))) toWeight += weight;
    return { start, end, fromWeight, toWeight };
  });
}

/** The beginning and every word that was told, in order of both text and time. */
function toldAnchors(sentence: SpokenSentence, words: readonly WeighedWord[]): Anchor[] {
  const anchors: Anchor[] = [];
  const told = [...sentence.words].sort((one, other) => one.startMs - other.startMs);
  for (const { startMs, textOffset } of told) {
    const word = words.findLast(({ start }) => start <= textOffset);
    if (word === undefined) continue;
    const share = Math.min(1, (textOffset - word.start) / (word.end - word.start));
    const weight = word.fromWeight + share * (word.toWeight - word.fromWeight);
    const before = anchors.at(-1);
    if (before !== undefined && (weight <= before.weight || startMs < before.ms)) continue;
    anchors.push({ weight, ms: Math.max(0, startMs) });
  }
  const first = anchors[0];
  if (first === undefined || first.weight > 0) {
    anchors.unshift({ weight: 0, ms: Math.min(sentence.beginMs, first?.ms ?? Infinity) });
  }
  return anchors;
}

/** Adds the beginnings of clauses: where the sound goes on after a pause that lies about where a clause should end. */
function withPauses(
  told: readonly Anchor[],
  { text, pauses }: SpokenSentence,
  words: readonly WeighedWord[],
  paceMs: number,
): readonly Anchor[] {
  const clauses = words.filter((_, index) => {
    const before = words[index - 1];
    return before !== undefined && CLAUSE_END.test(text.slice(before.start, before.end));
  });
  const anchors = [...told];
  for (const { startMs, endMs } of pauses) {
    const last = anchors.at(-1)!;
    if (startMs <= last.ms) continue;
    const offBy = ({ fromWeight }: WeighedWord) => {
      const wayMs = paceMs * (fromWeight - last.weight);
      return wayMs > 0 ? Math.abs(endMs - last.ms - wayMs) / wayMs : Infinity;
    };
    const nearest = clauses.toSorted((one, other) => offBy(one) - offBy(other))[0];
    if (nearest !== undefined && offBy(nearest) <= PAUSE_WINDOW) {
      anchors.push({ weight: nearest.fromWeight, ms: endMs });
    }
  }
  return anchors;
}

function paceOf(
  { isOver, endMs }: SpokenSentence,
  told: readonly Anchor[],
  total: number,
): number | undefined {
  const first = told[0]!;
  const last = told.at(-1)!;
  if (told.length >= 3) return (last.ms - first.ms) / (last.weight - first.weight);
  return isOver && endMs > first.ms && total > 0 ? (endMs - first.ms) / total : undefined;
}

/** Where the text goes on and ends behind the last word that was told. */
function endAnchors(
  { isOver, isTimed, soundMs, endMs }: SpokenSentence,
  {
    last,
    words,
    total,
    paceMs,
  }: {
    readonly last: Anchor;
    readonly words: readonly WeighedWord[];
    readonly total: number;
    readonly paceMs: number;
  },
): Anchor[] {
  const usualEnd = (weight: number) => last.ms + paceMs * (weight - last.weight);
  if (isOver) return [{ weight: total, ms: Math.max(last.ms, endMs) }];
  // The voice goes on: what it has not told of comes after all sound so far.
  if (!isTimed) return [{ weight: total, ms: Math.max(usualEnd(total), soundMs) }];
  const word = words.findLast(({ fromWeight }) => fromWeight <= last.weight);
  const wordEnd = word?.toWeight ?? total;
  const wordEndMs = Math.max(usualEnd(wordEnd), soundMs);
  return [
    { weight: wordEnd, ms: wordEndMs },
    { weight: total, ms: wordEndMs + paceMs * (total - wordEnd) },
  ];
}

function timeAt(anchors: readonly Anchor[], weight: number): number {
  const after = anchors.findIndex((anchor) => anchor.weight >= weight);
  if (after === -1) return anchors.at(-1)!.ms;
  const to = anchors[after]!;
  const from = anchors[after - 1];
  if (from === undefined || to.weight === from.weight) return to.ms;
  return from.ms + ((weight - from.weight) / (to.weight - from.weight)) * (to.ms - from.ms);
}
