/** How a number was said. */
export type NumeralSystem = 'native' | 'sino' | 'digits';

/** A number found in text. */
export interface Numeral {
  readonly value: number;
  readonly system: NumeralSystem;
  /** `counting`: a form that wants a counter after it (두, 스무); `plain`: stands by itself too (둘, 스물, 이십, 2). */
  readonly form: 'counting' | 'plain';
  /** Characters taken, without spaces. */
  readonly length: number;
}

const NATIVE_TENS: readonly (readonly [string, number])[] = [
  ['아흔', 90],
  ['여든', 80],
  ['일흔', 70],
  ['예순', 60],
  ['쉰', 50],
  ['마흔', 40],
  ['서른', 30],
  ['스물', 20],
  ['열', 10],
];

/** `[word, value, form]`; a form with `both` is the same before a counter and alone. */
const NATIVE_ONES: readonly (readonly [string, number, 'counting' | 'plain' | 'both'])[] = [
  ['하나', 1, 'plain'],
  ['둘', 2, 'plain'],
  ['셋', 3, 'plain'],
  ['넷', 4, 'plain'],
  ['한', 1, 'counting'],
  ['두', 2, 'counting'],
  ['세', 3, 'counting'],
  ['석', 3, 'counting'],
  ['서', 3, 'counting'],
  ['네', 4, 'counting'],
  ['넉', 4, 'counting'],
  ['너', 4, 'counting'],
  ['다섯', 5, 'both'],
  ['여섯', 6, 'both'],
  ['일곱', 7, 'both'],
  ['여덟', 8, 'both'],
  ['여덜', 8, 'both'],
  ['아홉', 9, 'both'],
];

const SINO_DIGITS: Readonly<Record<string, number>> = {
  일: 1,
  이: 2,
  삼: 3,
  사: 4,
  오: 5,
  육: 6,
  륙: 6,
  칠: 7,
  팔: 8,
  구: 9,
};
const SINO_POWERS: readonly (readonly [string, number])[] = [
  ['천', 1000],
  ['백', 100],
  ['십', 10],
];
const SINO_GROUPS: readonly (readonly [string, number])[] = [
  ['억', 100_000_000],
  ['만', 10_000],
];

/** What may follow digits: 3만, 5천. */
const DIGIT_UNITS = [...SINO_GROUPS, ...SINO_POWERS.filter(([, size]) => size >= 100)];

/**
 * Every number that begins at `at` in `text`, in all lengths in which it makes sense, shortest first: `열두개` gives 열
 * and 열두. `text` holds no spaces; hearing loses them, so the reader of a sentence decides which length fits.
 */
export function numeralsAt(text: string, at: number): readonly Numeral[] {
  return [...digitsAt(text, at), ...nativeAt(text, at), ...sinoAt(text, at)];
}

/** The number that `text` is as a whole, spaces ignored; null when it is none. */
export function parseNumeral(text: string): Numeral | null {
  const compact = text.replaceAll(/\s+/g, '');
  return numeralsAt(compact, 0).find((numeral) => numeral.length === compact.length) ?? null;
}

function digitsAt(text: string, at: number): Numeral[] {
  const digits = /^(?:\d{1,3}(?:,\d{3})+|\d{1,9})/.exec(text.slice(at, at + 12))?.[0];
  if (digits === undefined) return [];
  const value = Number(digits.replaceAll(',', ''));
  const found: Numeral[] = [{ value, system: 'digits', form: 'plain', length: digits.length }];
  const unit = DIGIT_UNITS.find(([word]) => text.startsWith(word, at + digits.length));
  if (unit !== undefined) {
    const [word, size] = unit;
    found.push({ value: value * size, system: 'digits', form: 'plain', length: digits.length + word.length });
  }
  return found;
}

function nativeAt(text: string, at: number): Numeral[] {
  const found: Numeral[] = [];
  const ones = (offset: number, base: number) => {
    for (const [word, value, form] of NATIVE_ONES) {
      if (!text.startsWith(word, at + offset)) continue;
      const shape = form === 'counting' ? 'counting' : 'plain';
      found.push({ value: base + value, system: 'native', form: shape, length: offset + word.length });
    }
  };
  const belowHundred = (offset: number, base: number) => {
    ones(offset, base);
    for (const [word, value] of NATIVE_TENS) {
      if (!text.startsWith(word, at + offset)) continue;
      const length = offset + word.length;
      found.push({ value: base + value, system: 'native', form: 'plain', length });
      ones(length, base + value);
    }
    if (text.startsWith('스무', at + offset)) {
      found.push({ value: base + 20, system: 'native', form: 'counting', length: offset + 2 });
    }
  };
  belowHundred(0, 0);
  if (text[at] === '백') belowHundred(1, 100);
  return found;
}

function sinoAt(text: string, at: number): Numeral[] {
  if (text[at] === '영' || text[at] === '공') return [{ value: 0, system: 'sino', form: 'plain', length: 1 }];
  const found: Numeral[] = [];
  /** What is said before the next 만 or 억. */
  let total = 0;
  let group = 0;
  let lastPower = Number.POSITIVE_INFINITY;
  let lastGroup = Number.POSITIVE_INFINITY;
  let offset = 0;
  const keep = () => found.push({ value: total + group, system: 'sino', form: 'plain', length: offset });
  while (at + offset < text.length) {
    const digit = SINO_DIGITS[text[at + offset]!];
    const afterDigit = offset + (digit === undefined ? 0 : 1);
    const power = SINO_POWERS.find(
      ([word, size]) => size < lastPower && text.startsWith(word, at + afterDigit),
    );
    if (power !== undefined) {
      group += (digit ?? 1) * power[1];
      lastPower = power[1];
      offset = afterDigit + 1;
      keep();
      continue;
    }
    if (digit !== undefined && lastPower > 1) {
      group += digit;
      lastPower = 1;
      offset = afterDigit;
      keep();
      continue;
    }
    const unit = SINO_GROUPS.find(([word, size]) => size < lastGroup && text.startsWith(word, at + offset));
    if (unit === undefined || (total > 0 && group === 0)) break;
    total += (group === 0 ? 1 : group) * unit[1];
    group = 0;
    lastPower = Number.POSITIVE_INFINITY;
    lastGroup = unit[1];
    offset += 1;
    keep();
  }
  return found;
}
