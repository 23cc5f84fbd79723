import type { NormalisedText } from '../../../language/normalise.ts';
import { fromPhonemes, toPhonemes, type Phoneme } from '../../../language/phonemes.ts';
import { encodeSounds, findSound } from '../../../language/sound-distance.ts';
import type { Lexicon, SoundName } from './lexicon.ts';
import { segment } from './segment.ts';
import { hasRole, type SoundGuess, type Token } from './tokens.ts';

/**
 * Distance by length up to which a name is taken without a question, provided that the next one is `MARGIN` farther; up to
 * which it is asked about; and up to which it is worth offering.
 */
export const SOUND = { take: 0.15, margin: 0.08, ask: 0.32, offer: 0.41 };
/** What a syllable inside the window costs that the name does not explain. */
const LEFT_OVER = 0.04;
/** Unknown stretches looked at in one utterance; more than that is no order. */
const MOST_STRETCHES = 4;
const LONGEST_WINDOW = 16;

interface Found {
  readonly name: SoundName;
  readonly distance: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts an utterance into tokens and looks for names of the menu, by their sound, where it holds something unknown. The
 * sounds left over on both sides are put back into syllables and cut again, so that `감자튀기미인분` is 감자튀김 and 이인분.
 */
export function segmentBySound(text: NormalisedText, lexicon: Lexicon, rounds = MOST_STRETCHES): Token[] {
  const tokens = segment(text, lexicon);
  if (rounds <= 0) return tokens;
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at]!.type !== 'unknown') continue;
    const { from, to } = windowAround(tokens, at);
    const start = tokens[from]!.start;
    const end = tokens[to]!.end;
    if (end - start > LONGEST_WINDOW || end - start < 2) continue;
    const phonemes = toPhonemes(text.compact.slice(start, end));
    const matches = soundsLike(phonemes, lexicon);
    const best = matches[0];
    if (best === undefined) continue;
    const limit = best.name.meaning.itemId === null ? SOUND.take : SOUND.ask;
    const isBeside = [tokens[from], tokens[to]].some(
      (token) => token?.type === 'name' && token.meaning === best.name.meaning,
    );
    if (isBeside || best.distance > limit) {
      tokens[at] = { ...tokens[at]!, type: 'unknown', nearest: nearestOf(matches) };
      continue;
    }
    const before = joined(slice(text, 0, start), phonemes.slice(0, best.start), text, start);
    const after = rest(phonemes, best.end, text, start, end);
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
      ...segmentBySound(before, lexicon, rounds - 1),
      name,
      ...segmentBySound(after, lexicon, rounds - 1),
    ];
  }
  return tokens;
}

/** The unknown stretch with what may be a part of the same misheard name: short names, particles and fillers beside it. */
function windowAround(tokens: readonly Token[], at: number): { readonly from: number; readonly to: number } {
  const belongs = (token: Token | undefined) =>
    token !== undefined &&
    (token.type === 'unknown' ||
      (token.type === 'name' && token.guess === null && token.text.length <= 3) ||
      (token.type === 'number' && token.counter === null && token.text.length === 1) ||
      (token.text.length <= 2 && hasRole(token, 'particle', 'filler', 'to', 'and', 'spicy')));
  const glued = (token: Token | undefined) => token?.afterBreak === false;
  let from = at;
  let to = at;
  const before = tokens[at - 1];
  if (belongs(before) && (glued(tokens[at]) || before?.type === 'name' || hasRole(before, 'spicy'))) from--;
  const after = tokens[at + 1];
  if (belongs(after) && (glued(after) || after?.type === 'name')) to++;
  return { from, to };
}

/** Names by how much they sound like a part of `phonemes`, the nearest first, one entry a meaning. */
function soundsLike(phonemes: readonly Phoneme[], lexicon: Lexicon): Found[] {
  const heard = encodeSounds(phonemes);
  const syllables = (phonemes.at(-1)?.syllable ?? -1) + 1;
  const byMeaning = new Map<string, Found>();
  for (const name of lexicon.soundNames) {
    if (name.sounds.length > heard.length * 2) continue;
    const hit = findSound(name.sounds, heard)!;
    const taken =
      hit.end > hit.start ? phonemes[hit.end - 1]!.syllable - phonemes[hit.start]!.syllable + 1 : 0;
    const distance = hit.cost / name.sounds.length + LEFT_OVER * (syllables - taken);
    if (distance >= SOUND.offer) continue;
    const key =
      name.meaning.itemId ??
      name.meaning.choices.map(({ groupId, choiceId }) => `${groupId}:${choiceId}`).join();
    const known = byMeaning.get(key);
    if (known === undefined || distance < known.distance) byMeaning.set(key, { name, distance, ...hit });
  }
  return [...byMeaning.values()].sort((one, other) => one.distance - other.distance);
}

function guessFrom(matches: readonly Found[]): SoundGuess {
  return {
    distance: matches[0]!.distance,
    runnerUp: matches[1]?.distance ?? SOUND.offer,
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
