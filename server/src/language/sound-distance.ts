import type { Phoneme } from './phonemes.ts';

/** Sounds that are heard for one another, by how much less than 1 mistaking them costs. */
const NEAR: readonly (readonly [string, number])[] = [
  ['ㄱㄲㅋ', 0.35],
  ['ㄷㄸㅌ', 0.35],
  ['ㅂㅃㅍ', 0.35],
  ['ㅈㅉㅊ', 0.35],
  ['ㅅㅆ', 0.3],
  ['ㅐㅔ', 0.1],
  ['ㅙㅞㅚ', 0.1],
  ['ㅒㅖ', 0.1],
  ['ㅔㅖ', 0.3],
  ['ㅐㅖ', 0.3],
  ['ㅢㅣ', 0.3],
  ['ㅓㅗ', 0.4],
  ['ㅗㅜ', 0.5],
  ['ㅡㅜ', 0.4],
  ['ㅡㅓ', 0.5],
  ['ㅡㅠ', 0.5],
  ['ㅏㅓ', 0.5],
  ['ㅏㅑ', 0.5],
  ['ㅓㅕ', 0.4],
  ['ㅗㅛ', 0.4],
  ['ㅜㅠ', 0.4],
  ['ㅣㅟ', 0.4],
  ['ㅔㅚ', 0.4],
  ['ㅗㅘ', 0.5],
  ['ㅏㅘ', 0.5],
  ['ㅓㅝ', 0.5],
  ['ㅣㅔ', 0.6],
  ['ㄴㄹ', 0.6],
  ['ㄴㅁ', 0.6],
  ['ㄴŋ', 0.6],
  ['ㅁŋ', 0.6],
  ['ㅅㅈ', 0.7],
  ['ㅎㅋ', 0.7],
  ['ㅂㅁ', 0.7],
  ['ㄷㄴ', 0.7],
  ['ㄱㅎ', 0.7],
  ['ㅅㅌ', 0.7],
  ['aeiouy', 0.4],
  ['bp', 0.4],
  ['dt', 0.4],
  ['gk', 0.5],
  ['fv', 0.4],
  ['lr', 0.5],
  ['mn', 0.5],
  ['js', 0.6],
];

/** Dropped or added more easily than others. */
const WEAK: Readonly<Record<string, number>> = {
  ㅎ: 0.5,
  ㅡ: 0.6,
  ŋ: 0.7,
  ㄹ: 0.8,
  ㄴ: 0.8,
  e: 0.5,
  h: 0.5,
  a: 0.7,
  o: 0.7,
};

/** A row of sounds by number, made by {@link encodeSounds}. */
export type SoundRow = Uint8Array;

const SYMBOLS =
  'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎŋㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣabcdefghijklmnopqrstuvwxyz0123456789';
const OTHER = SYMBOLS.length;
const SIZE = SYMBOLS.length + 1;
const codes = new Map([...SYMBOLS].map((symbol, code) => [symbol, code]));

const substitution = new Float64Array(SIZE * SIZE).fill(1);
const gap = new Float64Array(SIZE).fill(1);
for (let code = 0; code < OTHER; code++) substitution[code * SIZE + code] = 0;
for (const [sounds, cost] of NEAR) {
  for (const one of sounds) {
    for (const other of sounds)
      if (one !== other) substitution[codes.get(one)! * SIZE + codes.get(other)!] = cost;
  }
}
for (const [symbol, cost] of Object.entries(WEAK)) gap[codes.get(symbol)!] = cost;

/** Sounds as numbers, for fast comparing. Symbols that are neither Korean, Latin nor digits are all strangers. */
export function encodeSounds(phonemes: readonly Pick<Phoneme, 'symbol'>[]): SoundRow {
  return Uint8Array.from(phonemes, ({ symbol }) => codes.get(symbol) ?? OTHER);
}

/**
 * Weighted edit distance between two rows: 0 for the same; a sound that is often heard for the other costs less than 1, a
 * missing or an added one at most 1.
 */
export function soundDistance(said: SoundRow, heard: SoundRow): number {
  return align(said, heard, false).costs.at(-1)!;
}

/** Where a row of sounds is found inside a longer one. */
export interface SoundHit {
  readonly cost: number;
  /** First sound taken. */
  readonly start: number;
  /** After the last sound taken. */
  readonly end: number;
}

/** The stretch of `heard` that sounds most like `said`, the longer one where two cost the same; null for empty rows. */
export function findSound(said: SoundRow, heard: SoundRow): SoundHit | null {
  if (said.length === 0 || heard.length === 0) return null;
  const { costs, starts } = align(said, heard, true);
  let end = 0;
  for (let at = 1; at < costs.length; at++) if (costs[at]! <= costs[end]!) end = at;
  return { cost: costs[end]!, start: starts[end]!, end };
}

/** The last row of the table of edits; `anywhere`: what stands before costs nothing. */
function align(
  said: SoundRow,
  heard: SoundRow,
  anywhere: boolean,
): { costs: Float64Array; starts: Int32Array } {
  const width = heard.length + 1;
  let costs = new Float64Array(width);
  let starts = Int32Array.from({ length: width }, (_, at) => (anywhere ? at : 0));
  if (!anywhere) for (let at = 1; at < width; at++) costs[at] = costs[at - 1]! + gap[heard[at - 1]!]!;
  let nextCosts = new Float64Array(width);
  let nextStarts = new Int32Array(width);
  for (const expected of said) {
    const missing = gap[expected]!;
    nextCosts[0] = costs[0]! + missing;
    nextStarts[0] = 0;
    for (let at = 1; at < width; at++) {
      const symbol = heard[at - 1]!;
      const substituted = costs[at - 1]! + substitution[expected * SIZE + symbol]!;
      const missed = costs[at]! + missing;
      const added = nextCosts[at - 1]! + gap[symbol]!;
      if (substituted <= missed && substituted <= added) {
        nextCosts[at] = substituted;
        nextStarts[at] = starts[at - 1]!;
      } else if (missed <= added) {
        nextCosts[at] = missed;
        nextStarts[at] = starts[at]!;
      } else {
        nextCosts[at] = added;
        nextStarts[at] = nextStarts[at - 1]!;
      }
    }
    [costs, nextCosts] = [nextCosts, costs];
    [starts, nextStarts] = [nextStarts, starts];
  }
  return { costs, starts };
}
