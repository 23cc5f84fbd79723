import { josa } from 'es-hangul';
import { numeralsAt } from '../../../language/numerals.ts';
import { nativeWords, sinoWords } from '../../../language/number-words.ts';
import { readSum, resultOf } from './arithmetic.ts';
import { englishNumber, parseEnglishNumber } from './english-numbers.ts';
import type { Rule, RuleTurn } from './rule.ts';

const MOST_COUNTED = 100;
/** Beyond this, a result is no longer said to the last digit. */
const LARGEST_RESULT = 1e12;

/** Sums in words or digits. */
export const arithmetic: Rule = ({ text, language, say }) => {
  const sum = readSum(text, language);
  if (sum === null) return null;
  const result = resultOf(sum);
  if (result === null) return { text: say('companion.sum.zero') };
  if (Math.abs(result) > LARGEST_RESULT) return { text: say('companion.sum.large') };
  const rounded = Math.round(result * 10_000) / 10_000;
  const values = { answer: grouped(rounded), ending: endingOf(rounded) };
  const isExact = Math.abs(rounded - result) < 1e-9;
  return { text: say(isExact ? 'companion.sum' : 'companion.sum.rounded', values) };
};

/** `1,234`, `-3`, `0.25`. */
function grouped(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 4 });
}

/** 이에요 or 예요, as the number is read. */
export function endingOf(value: number): string {
  const digits = String(Math.abs(value));
  const [whole = '0', part] = digits.split('.');
  const read = part === undefined ? sinoWords(Number(whole)) : sinoWords(Number(part.at(-1)));
  return josa.pick(read, '이에요/예요');
}

const COUNT = {
  ko: /(?:까지|부터|숫자).*(?:세어|세(?:줘|봐|주|자|볼|요)?$|셀|세주|세줄|카운트)/,
  en: /\bcount\b/,
} as const;

/** Counts aloud, up or down. */
export const counting: Rule = (turn) => {
  const { language, plain, say } = turn;
  if (!COUNT[language].test(plain)) return null;
  const wish = language === 'ko' ? koreanWish(plain) : englishWish(plain);
  const to = Math.min(wish.to, MOST_COUNTED);
  const from = Math.min(Math.max(wish.from, 0), MOST_COUNTED);
  const step = from <= to ? 1 : -1;
  const all = Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => from + index * step);
  const numbers = all.map((value) => wordOf(value, wish, turn)).join(', ');
  const isTooFar = wish.to > MOST_COUNTED || wish.from > MOST_COUNTED;
  return { text: say(isTooFar ? 'companion.count.limit' : 'companion.count', { numbers }) };
};

interface CountWish {
  readonly from: number;
  readonly to: number;
  /** Korean only: 하나, 둘 or 일, 이. */
  readonly sino: boolean;
}

function koreanWish(plain: string): CountWish {
  const to = numberBefore(plain, '까지') ?? { value: 10, sino: false };
  const from = numberBefore(plain, '부터');
  const isDown = plain.includes('거꾸로');
  // "열부터 거꾸로" goes down to one; "십까지 거꾸로" begins there.
  if (isDown && from === null) return { from: to.value, to: 1, sino: to.sino };
  if (isDown) return { from: from!.value, to: plain.includes('까지') ? to.value : 1, sino: from!.sino };
  return { from: from?.value ?? 1, to: to.value, sino: (from ?? to).sino };
}

/** The longest number that ends where `word` begins. */
function numberBefore(
  plain: string,
  word: string,
): { readonly value: number; readonly sino: boolean } | null {
  const end = plain.indexOf(word);
  if (end === -1) return null;
  for (let start = Math.max(0, end - 12); start < end; start++) {
    const found = numeralsAt(plain.slice(0, end), start).find(({ length }) => length === end - start);
    if (found !== undefined) return { value: found.value, sino: found.system === 'sino' };
  }
  return null;
}

function englishWish(plain: string): CountWish {
  const isDown = /\b(?:down|backwards?)\b/.test(plain);
  const to = numberAfter(plain, 'to');
  const from = numberAfter(plain, 'from');
  if (isDown)
    return {
      from: from ?? (to === null || to < 2 ? 10 : to),
      to: from === null ? 1 : (to ?? 1),
      sino: false,
    };
  return { from: from ?? 1, to: to ?? 10, sino: false };
}

function numberAfter(plain: string, word: string): number | null {
  const words = plain.split(' ');
  const at = words.indexOf(word);
  if (at === -1) return null;
  for (let end = Math.min(words.length, at + 4); end > at + 1; end--) {
    const number = parseEnglishNumber(words.slice(at + 1, end).join(' '));
    if (number !== null) return number;
  }
  return null;
}

function wordOf(value: number, { sino, to, from }: CountWish, { language }: RuleTurn): string {
  if (language === 'en') return englishNumber(value);
  // Nobody mixes the two within one count.
  return sino || Math.max(from, to) > 99 || Math.min(from, to) < 1 ? sinoWords(value) : nativeWords(value);
}
