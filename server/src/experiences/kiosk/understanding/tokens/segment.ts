import { counters } from '../../../../language/counters.ts';
import type { NormalisedText } from '../../../../language/normalise.ts';
import { numeralsAt } from '../../../../language/numerals.ts';
import { foldSpelling } from '../lexicon/fold.ts';
import type { Lexicon } from '../lexicon/lexicon.ts';
import type { Token } from './tokens.ts';

/** What it costs to take a stretch for a token. The cheapest way through the utterance wins. */
const COST = {
  token: 1,
  /** One syllable is easily a part of another word. */
  oneSyllable: 0.5,
  /** Starts or ends inside a word as it was written. */
  insideWord: 0.2,
  /** A particle that stands apart from its word. */
  particleApart: 0.5,
  numberWithoutCounter: 0.6,
  bareCountingForm: 2.5,
  /** Spelt by ear: 주새요. */
  byEar: 0.9,
  misheardCounter: 0.5,
  /** Cost of a part of a name, which should give way to whole ones. */
  partOfName: 0.4,
  unknownStart: 4,
  unknownSyllable: 2,
  unknownInsideWord: 1,
};

/** Counting forms that are said without their counter, at times. */
const BARE_FORMS = new Set(['한', '두', '세']);
/** What recognisers write for a counter. */
const MISHEARD_COUNTERS: readonly (readonly [written: string, meant: string])[] = [
  ['게', '개'],
  ['계', '개'],
  ['장', '잔'],
  ['짠', '잔'],
  ['찬', '잔'],
  ['뱅', '병'],
  ['평', '병'],
  ['임분', '인분'],
  ['셋트', '세트'],
  ['새트', '세트'],
  ['쎄트', '세트'],
];
const LONGEST_UNKNOWN = 30;

interface Step {
  readonly cost: number;
  readonly from: number;
  readonly token: Token | null;
}

/**
 * Cuts an utterance into names of the menu, numbers with their counters, known words, and what is none of these. Spaces
 * only tip the balance: hearing loses them.
 */
export function segment(text: NormalisedText, lexicon: Lexicon): Token[] {
  const { compact, breaks } = text;
  const folded = foldSpelling(compact);
  const best: (Step | undefined)[] = [{ cost: 0, from: 0, token: null }];
  for (let at = 0; at < compact.length; at++) {
    const reached = best[at];
    if (reached === undefined) continue;
    const offer = (
      length: number,
      extra: number,
      make: (place: Pick<Token, 'start' | 'end' | 'text' | 'afterBreak'>) => Token,
    ) => {
      const end = at + length;
      const cost = reached.cost + extra;
      if (best[end] !== undefined && best[end].cost <= cost) return;
      const place = { start: at, end, text: compact.slice(at, end), afterBreak: breaks[at] === true };
      best[end] = { cost, from: at, token: make(place) };
    };
    const edges = (end: number) =>
      (breaks[at] === true ? 0 : COST.insideWord) + (breaks[end] === true ? 0 : COST.insideWord);
    offerEntries(lexicon, text, folded, at, edges, offer);
    offerNumbers(text, at, edges, offer);
    for (let length = 1; length <= LONGEST_UNKNOWN && at + length <= compact.length; length++) {
      const inside = (breaks[at] === true ? 0 : 1) + (breaks[at + length] === true ? 0 : 1);
      offer(
        length,
        COST.unknownStart + COST.unknownSyllable * length + COST.unknownInsideWord * inside,
        (place) => ({ ...place, type: 'unknown', nearest: [] }),
      );
    }
  }
  const tokens: Token[] = [];
  for (let at = compact.length; at > 0;) {
    const { token, from } = best[at]!;
    tokens.push(token!);
    at = from;
  }
  return tokens.reverse();
}

type Offer = (
  length: number,
  cost: number,
  make: (place: Pick<Token, 'start' | 'end' | 'text' | 'afterBreak'>) => Token,
) => void;

function offerEntries(
  lexicon: Lexicon,
  { compact, breaks }: NormalisedText,
  folded: string,
  at: number,
  edges: (end: number) => number,
  offer: Offer,
): void {
  for (const { entry, length, loose } of lexicon.entriesAt(compact, folded, at)) {
    const end = at + length;
    if (entry.wholeWord && !(breaks[at] === true && breaks[end] === true)) continue;
    const base = COST.token + (length === 1 ? COST.oneSyllable : 0) + (loose ? COST.byEar : 0);
    const cost = base + edges(end);
    const { name, roles, number, reference } = entry;
    if (name !== null) {
      offer(length, cost + (name.partOf.length > 0 ? COST.partOfName : 0), (place) => ({
        ...place,
        type: 'name',
        meaning: name,
        guess: null,
      }));
    }
    if (number !== null) {
      offer(length, cost, (place) => ({
        ...place,
        type: 'number',
        value: number,
        counter: null,
        countsThings: true,
      }));
    }
    if (reference !== null) offer(length, cost, (place) => ({ ...place, type: 'reference', reference }));
    if (roles.includes('vague')) {
      const counter = counters.find(({ word }) => compact.startsWith(word, end));
      const counted = length + (counter?.word.length ?? 0);
      offer(counted, base + edges(at + counted), (place) => ({ ...place, type: 'word', roles }));
    }
    if (roles.length > 0) {
      const apart =
        roles.every((role) => role === 'particle') && breaks[at] === true ? COST.particleApart : 0;
      offer(length, cost + apart, (place) => ({ ...place, type: 'word', roles }));
    }
  }
}

function offerNumbers(
  { compact, breaks }: NormalisedText,
  at: number,
  edges: (end: number) => number,
  offer: Offer,
): void {
  for (const numeral of numeralsAt(compact, at)) {
    const end = at + numeral.length;
    // 하나만 세트로: no ten thousand of them.
    if (numeral.system === 'sino' && numeral.length === 1 && numeral.value >= 100 && breaks[at] !== true)
      continue;
    if (
      numeral.system === 'digits' &&
      (insideDigits(compact, breaks, at) || insideDigits(compact, breaks, end))
    )
      continue;
    // 하나 and its like stand alone: 하나 줄여 is no row of them.
    const stands = numeral.system === 'native' && /(?:하나|둘|셋|넷)$/.test(compact.slice(at, end));
    const counter = stands
      ? undefined
      : counters.find(
          ({ word, numerals, countsThings }) =>
            compact.startsWith(word, end) &&
            (numeral.system !== 'sino' || numeral.value >= 10 || word !== '세트') &&
            (countsThings || numeral.system !== 'native' || numerals === 'native'),
        );
    const misheard =
      counter === undefined &&
      !stands &&
      numeral.system !== 'sino' &&
      !/^[너서]$/.test(compact.slice(at, end))
        ? MISHEARD_COUNTERS.find(([written]) => compact.startsWith(written, end))
        : undefined;
    if (counter !== undefined || misheard !== undefined) {
      const length = numeral.length + (counter?.word ?? misheard![0]).length;
      const cost = COST.token + edges(at + length) + (counter === undefined ? COST.misheardCounter : 0);
      offer(length, cost, (place) => ({
        ...place,
        type: 'number',
        value: numeral.value,
        counter: counter?.word ?? misheard![1],
        countsThings: counter?.countsThings ?? true,
      }));
    }
    const bare = costWithoutCounter(
      numeral,
      compact.slice(at, end),
      breaks[at] === true && breaks[end] === true,
    );
    if (bare === null) continue;
    offer(numeral.length, bare + edges(end), (place) => ({
      ...place,
      type: 'number',
      value: numeral.value,
      counter: null,
      countsThings: true,
    }));
  }
}

/** What a number costs that no counter follows; null where it can't be one. */
function costWithoutCounter(
  numeral: ReturnType<typeof numeralsAt>[number],
  text: string,
  alone: boolean,
): number | null {
  if (numeral.system === 'digits') return COST.token;
  if (numeral.form === 'counting') {
    if (text === '스무') return COST.token + COST.numberWithoutCounter;
    return alone && BARE_FORMS.has(text) ? COST.token + COST.bareCountingForm : null;
  }
  if (numeral.system === 'sino' && numeral.length === 1) return null;
  return COST.token + COST.numberWithoutCounter;
}

function insideDigits(compact: string, breaks: readonly boolean[], at: number): boolean {
  const isDigit = (character: string | undefined) =>
    character !== undefined && character >= '0' && character <= '9';
  return breaks[at] !== true && isDigit(compact[at - 1]) && isDigit(compact[at]);
}
