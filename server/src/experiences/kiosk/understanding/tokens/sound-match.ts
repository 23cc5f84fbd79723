import type { NormalisedText } from '../../../../language/normalise.ts';
import { fromPhonemes, toPhonemes, type Phoneme } from '../../../../language/phonemes.ts';
import { encodeSounds, findSound, soundDistance } from '../../../../language/sound-distance.ts';
import { englishSounds } from '../words/english-sounds.ts';
import type { Lexicon } from '../lexicon/lexicon.ts';
import type { SoundName } from '../lexicon/meanings.ts';
import { isLatin } from '../reader/lookahead.ts';
import { segment } from './segment.ts';
import { hasRole, type SoundGuess, type Token } from './tokens.ts';

/**
 * Distance by length up to which a name is taken without a question, provided that the next one is `MARGIN` farther; up to
 * which it is asked about; and up to which it is worth offering.
 */
export const SOUND = { take: 0.15, margin: 0.08, ask: 0.32, offer: 0.41 };
/** A name of four sounds is too easily a part of something else: only one mistake that is made often. */
const SHORT = { sounds: 4, take: 0.1 };
/** What a syllable costs that nobody knows and the name does not explain. */
const LEFT_OVER = 0.04;
/** How much more a syllable counts that is left of something known. */
const TORN = 2.5;
/** What the first vowel of a name costs when it is all that is missing. */
const CLIPPED = 0.3;
/** Unknown stretches looked at in one utterance; more than that is no order. */
const MOST_STRETCHES = 4;
const LONGEST_WINDOW = 16;
const MOST_NEIGHBOURS = 3;
/** A longer name beside it is heard well enough to be what it is. */
const LONGEST_NEIGHBOUR = 5;
/** Latin spellings differ more: what is offered has to be nearer. */
const LATIN_OFFER = 0.3;
/** A rival has to take at least so much of what the best one takes. */
const RIVAL = 0.75;

interface Found {
  readonly name: SoundName;
  readonly distance: number;
  /** First sound taken, and after the last; of a Latin name, everything. */
  readonly start: number;
  readonly end: number;
  /** Tokens taken for it. */
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts an utterance into tokens and looks for names of the menu, by their sound, where it holds something unknown. The
 * sounds left over on both sides are put back into syllables and cut again, so that `감자튀기미인분` is 감자튀김 and 이인분.
 * `expectedGroup`: its choices were just asked for, and are taken more easily.
 */
export function segmentBySound(
  text: NormalisedText,
  lexicon: Lexicon,
  expectedGroup: string | null = null,
  rounds = MOST_STRETCHES,
): Token[] {
  const tokens = segment(text, lexicon);
  if (rounds <= 0) return tokens;
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at]!.type !== 'unknown') continue;
    const matches = isLatin(tokens[at])
      ? latinMatches(tokens, at, lexicon)
      : koreanMatches(text, tokens, at, lexicon);
    const best = matches.find(({ name }) => isExpected(name, expectedGroup)) ?? matches[0];
    if (best === undefined) continue;
    if (best.distance > limitOf(best.name, expectedGroup)) {
      tokens[at] = { ...tokens[at]!, type: 'unknown', nearest: nearestOf(matches) };
      continue;
    }
    const start = tokens[best.from]!.start;
    const end = tokens[best.to]!.end;
    const phonemes = best.name.latin ? [] : toPhonemes(text.compact.slice(start, end));
    const before = joined(slice(text, 0, start), phonemes.slice(0, best.start), text, start);
    const after = best.name.latin
      ? slice(text, end, text.compact.length)
      : rest(phonemes, best.end, text, start, end);
    const name: Token = {
      type: 'name',
      meaning: best.name.meaning,
      guess: guessFrom(matches),
      start,
      end,
      text: text.compact.slice(start, end),
      afterBreak: true,
    };
    return [
      ...segmentBySound(before, lexicon, expectedGroup, rounds - 1),
      name,
      ...segmentBySound(after, lexicon, expectedGroup, rounds - 1),
    ];
  }
  return tokens;
}

function isExpected({ meaning }: Pick<SoundName, 'meaning'>, expectedGroup: string | null): boolean {
  return expectedGroup !== null && meaning.choices.some(({ groupId }) => groupId === expectedGroup);
}

/** Up to which distance a name is a name at all. */
function limitOf({ meaning, sounds }: SoundName, expectedGroup: string | null): number {
  if (isExpected({ meaning }, expectedGroup)) return SOUND.ask;
  if (sounds.length <= SHORT.sounds) return SHORT.take;
  return meaning.itemId === null ? SOUND.take : SOUND.ask;
}

/** What may be a part of the same misheard name as the unknown stretch: short names, particles and fillers beside it. */
function belongs(token: Token | undefined): boolean {
  return (
    token !== undefined &&
    (token.type === 'unknown' ||
      (token.type === 'name' && token.guess === null && token.text.length <= LONGEST_NEIGHBOUR) ||
      (token.type === 'number' && token.counter === null && token.text.length === 1) ||
      (token.text.length <= 2 &&
        hasRole(token, 'particle', 'filler', 'to', 'and', 'spicy', 'unoffered', 'no', 'yes', 'all')))
  );
}

function koreanMatches(
  { compact }: NormalisedText,
  tokens: readonly Token[],
  at: number,
  lexicon: Lexicon,
): Found[] {
  const glued = (token: Token | undefined) => token?.afterBreak === false;
  let from = at;
  let to = at;
  while (at - from < MOST_NEIGHBOURS && belongs(tokens[from - 1])) {
    const before = tokens[from - 1]!;
    if (
      !(
        glued(tokens[from]) ||
        before.type === 'name' ||
        before.type === 'unknown' ||
        hasRole(before, 'spicy', 'unoffered')
      )
    )
      break;
    from--;
  }
  while (to - at < MOST_NEIGHBOURS && belongs(tokens[to + 1])) {
    const after = tokens[to + 1]!;
    if (!(glued(after) || after.type === 'name' || after.type === 'unknown')) break;
    to++;
  }
  while (tokens[to]!.end - tokens[from]!.start > LONGEST_WINDOW && (from < at || to > at)) {
    if (to > at) to--;
    else from++;
  }
  const start = tokens[from]!.start;
  const end = tokens[to]!.end;
  if (end - start > LONGEST_WINDOW || end - start < 2) return [];
  const phonemes = toPhonemes(compact.slice(start, end));
  const heard = encodeSounds(phonemes);
  const unknown = { start: tokens[at]!.start - start, end: tokens[at]!.end - start };
  const byMeaning = new Map<string, Found>();
  for (const name of lexicon.soundNames) {
    if (name.latin || name.sounds.length > heard.length * 2) continue;
    const hit = findSound(name.sounds, heard)!;
    if (hit.end <= hit.start || hit.cost / name.sounds.length >= SOUND.offer) continue;
    const first = phonemes[hit.start]!.syllable;
    const last = phonemes[hit.end - 1]!.syllable;
    // A name that stands beside the unknown stretch already is no news.
    if (last < unknown.start || first >= unknown.end) continue;
    if (isNeighbour(name, tokens, from, to)) continue;
    const left = leftOver(tokens, from, to, start, first, last);
    const cost = Math.max(0, hit.cost - clipped(name, heard, hit));
    const distance = cost / name.sounds.length + LEFT_OVER * left;
    if (distance > SOUND.take && swallowsName(tokens, from, to, start, first, last)) continue;
    keepNearest(byMeaning, { name, distance, start: hit.start, end: hit.end, from, to });
  }
  return sorted(byMeaning);
}

/** True when it takes up a name that was heard well: only what is surely longer does that. */
function swallowsName(
  tokens: readonly Token[],
  from: number,
  to: number,
  offset: number,
  first: number,
  last: number,
): boolean {
  return tokens
    .slice(from, to + 1)
    .some(({ type, start, end }) => type === 'name' && start - offset >= first && end - offset <= last + 1);
}

/** What a first vowel costs that was cut off: recordings begin late, 아이스 comes as 이스. */
function clipped(
  { sounds }: SoundName,
  heard: Uint8Array,
  { start, cost }: { start: number; cost: number },
): number {
  const rest = sounds.subarray(1);
  const isCut = cost === 1 && start === 0 && rest.every((sound, at) => heard[at] === sound);
  return isCut ? 1 - CLIPPED : 0;
}

/** True when it is the very name that stands in the window. */
function isNeighbour(name: SoundName, tokens: readonly Token[], from: number, to: number): boolean {
  const length = name.text.replaceAll(' ', '').length;
  for (let index = from; index <= to; index++) {
    const token = tokens[index]!;
    if (token.type === 'name' && token.meaning === name.meaning && length <= token.text.length) return true;
  }
  return false;
}

/** Syllables that the name leaves: of unknown tokens, and of others that it takes a part of. */
function leftOver(
  tokens: readonly Token[],
  from: number,
  to: number,
  offset: number,
  first: number,
  last: number,
): number {
  let left = 0;
  for (let index = from; index <= to; index++) {
    const { type, start, end } = tokens[index]!;
    const taken = Math.max(0, Math.min(end - offset, last + 1) - Math.max(start - offset, first));
    if (type === 'unknown') left += end - start - taken;
    else if (taken > 0) left += (end - start - taken) * TORN;
  }
  return left;
}

function latinMatches(tokens: readonly Token[], at: number, lexicon: Lexicon): Found[] {
  const latinNeighbour = (token: Token | undefined) =>
    isLatin(token) &&
    token !== undefined &&
    (token.type === 'unknown' || token.type === 'name' || token.text.length === 1);
  const byMeaning = new Map<string, Found>();
  const unknown = englishSounds(tokens[at]!.text).length;
  for (let from = at; from >= at - 1 && (from === at || latinNeighbour(tokens[from])); from--) {
    for (let to = at; to <= at + 2 && (to === at || latinNeighbour(tokens[to])); to++) {
      const text = tokens
        .slice(from, to + 1)
        .map((token) => token.text)
        .join('');
      if (text.length < 4) continue;
      const heard = encodeSounds(englishSounds(text));
      for (const name of lexicon.soundNames) {
        const length = name.sounds.length;
        if (
          !name.latin ||
          Math.abs(length - heard.length) > length * SOUND.offer * 2 ||
          isNeighbour(name, tokens, from, to)
        )
          continue;
        const cost = soundDistance(name.sounds, heard);
        const distance = cost / Math.max(length, heard.length);
        if (holdsItem(tokens.slice(from, to + 1)) && cost / unknown > SOUND.take) continue;
        if (distance < LATIN_OFFER)
          keepNearest(byMeaning, { name, distance, start: 0, end: heard.length, from, to });
      }
    }
  }
  return sorted(byMeaning);
}

/** True when an item was heard by its whole name in it. */
function holdsItem(tokens: readonly Token[]): boolean {
  return tokens.some((token) => token.type === 'name' && token.meaning.itemId !== null && token.meaning.full);
}

/** One entry a meaning, the nearest. */
function keepNearest(byMeaning: Map<string, Found>, found: Found): void {
  const { meaning } = found.name;
  const key =
    meaning.itemId ?? meaning.choices.map(({ groupId, choiceId }) => `${groupId}:${choiceId}`).join();
  const known = byMeaning.get(key);
  const isBetter =
    known === undefined ||
    found.distance < known.distance ||
    (found.distance === known.distance && found.name.sounds.length > known.name.sounds.length);
  if (isBetter && found.distance < SOUND.offer) byMeaning.set(key, found);
}

function sorted(byMeaning: ReadonlyMap<string, Found>): Found[] {
  return [...byMeaning.values()].sort(
    (one, other) => one.distance - other.distance || other.name.sounds.length - one.name.sounds.length,
  );
}

function guessFrom(matches: readonly Found[]): SoundGuess {
  const [best, ...others] = matches;
  const length = (found: Found) => (found.name.latin ? found.to - found.from + 1 : found.end - found.start);
  // A short name inside a long one is no rival to it: 치즈 in 치즈버거.
  const rival = others.find((other) => length(other) >= length(best!) * RIVAL);
  return {
    distance: best!.distance,
    runnerUp: rival?.distance ?? SOUND.offer,
    nearest: nearestOf(matches),
  };
}

function nearestOf(matches: readonly Found[]): readonly string[] {
  const nearest = matches.flatMap(({ name }) => name.meaning.itemId ?? []);
  return [...new Set(nearest)].slice(0, 3);
}

function slice({ compact, breaks }: NormalisedText, start: number, end: number): NormalisedText {
  return { compact: compact.slice(start, end), breaks: [...breaks.slice(start, end), true] };
}

/** `text` followed by the sounds left over in front of the name, written as syllables. */
function joined(
  before: NormalisedText,
  leftOver: readonly Phoneme[],
  text: NormalisedText,
  start: number,
): NormalisedText {
  const syllables = fromPhonemes(leftOver.map(({ symbol }) => symbol));
  const breaks = before.breaks.slice(0, -1);
  for (let at = 0; at < syllables.length; at++) breaks.push(text.breaks[start + at] === true);
  return { compact: before.compact + syllables, breaks: [...breaks, true] };
}

/** What follows the name: what is left of a syllable it took a part of, then the untouched syllables as they were written. */
function rest(
  phonemes: readonly Phoneme[],
  from: number,
  text: NormalisedText,
  start: number,
  end: number,
): NormalisedText {
  const lastTaken = phonemes[from - 1]?.syllable ?? -1;
  const torn = phonemes.slice(from).filter(({ syllable }) => syllable === lastTaken);
  const head = fromPhonemes(torn.map(({ symbol }) => symbol));
  const whole = Math.min(start + lastTaken + 1, end);
  const tail = slice(text, whole, text.compact.length);
  const headBreaks = [...head].map((_, at) => at === 0);
  return {
    compact: head + tail.compact,
    breaks: [...headBreaks, ...(head === '' ? [true] : [tail.breaks[0]!]), ...tail.breaks.slice(1)],
  };
}
