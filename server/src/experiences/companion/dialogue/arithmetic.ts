import type { Language } from '@malbeot/protocol';
import { parseNumeral } from '../../../language/numerals.ts';
import { parseEnglishNumber } from './english-numbers.ts';

export type Operator = '+' | '-' | '*' | '/';

/** Numbers with an operator between each two of them. */
export interface Sum {
  readonly numbers: readonly number[];
  readonly operators: readonly Operator[];
}

const OPERATORS: Readonly<Record<Language, readonly (readonly [RegExp, Operator])[]>> = {
  ko: [
    [/^(?:더하기|플러스|에다가|\+)$/, '+'],
    [/^(?:빼기|마이너스|-|−)$/, '-'],
    [/^(?:곱하기|곱|×|x|\*)$/i, '*'],
    [/^(?:나누기|÷|\/)$/, '/'],
  ],
  en: [
    [/^(?:plus|added to|\+)$/, '+'],
    [/^(?:minus|less|-|−)$/, '-'],
    [/^(?:times|multiplied by|x|×|\*)$/, '*'],
    [/^(?:divided by|over|÷|\/)$/, '/'],
  ],
};
const SPLIT: Readonly<Record<Language, RegExp>> = {
  ko: /(더하기|플러스|빼기|마이너스|곱하기|나누기|[+−×*÷/]|(?<=\d)\s*[-x]\s*(?=\d))/i,
  en: /\s*(\bplus\b|\badded to\b|\bminus\b|\btimes\b|\bmultiplied by\b|\bdivided by\b|[+−×*÷/]|(?<=\d)\s*[-x]\s*(?=\d))\s*/i,
};
const MOST_NUMBERS = 8;
/** Longest run of letters that is tried as a number. */
const LONGEST_NUMBER = 40;

/** The sum that somebody asks for; null when it is none. */
export function readSum(text: string, language: Language): Sum | null {
  const parts = text.toLowerCase().split(SPLIT[language]);
  if (parts.length < 3 || parts.length > 2 * MOST_NUMBERS - 1) return null;
  const operators: Operator[] = [];
  const numbers: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 1) {
      const operator = OPERATORS[language].find(([form]) => form.test(part.trim()));
      if (operator === undefined) return null;
      operators.push(operator[1]);
      continue;
    }
    const number = operandOf(part, language, { first: index === 0, last: index === parts.length - 1 });
    if (number === null) return null;
    numbers.push(number);
  }
  return { numbers, operators };
}

/** The number at the end of what stands before the first operator, at the start of what stands after the last. */
function operandOf(
  part: string,
  language: Language,
  { first, last }: { readonly first: boolean; readonly last: boolean },
): number | null {
  const parse = language === 'ko' ? parseKorean : parseEnglishNumber;
  const text = part.replaceAll(/[?!,](?!\d)|\.(?!\d)/g, ' ').trim();
  const whole = parse(text);
  if (whole !== null) return whole;
  const letters = language === 'ko' ? [...text] : text.split(/\s+/);
  const from = Math.max(0, letters.length - LONGEST_NUMBER);
  const join = (some: readonly string[]) => some.join(language === 'ko' ? '' : ' ');
  if (first) {
    for (let start = from; start < letters.length; start++) {
      const number = parse(join(letters.slice(start)));
      if (number !== null) return number;
    }
  }
  if (last) {
    for (let end = Math.min(letters.length, LONGEST_NUMBER); end > 0; end--) {
      const number = parse(join(letters.slice(0, end)));
      if (number !== null) return number;
    }
  }
  return null;
}

function parseKorean(text: string): number | null {
  const compact = text.replaceAll(/\s+/g, '');
  if (/^-?\d+\.\d+$/.test(compact)) return Number(compact);
  return parseNumeral(compact)?.value ?? null;
}

/** What `sum` comes to, times and divided by before plus and minus; null where it divides by zero. */
export function resultOf({ numbers, operators }: Sum): number | null {
  const terms: number[] = [numbers[0]!];
  for (const [index, operator] of operators.entries()) {
    const number = numbers[index + 1]!;
    if (operator === '+') terms.push(number);
    else if (operator === '-') terms.push(-number);
    else if (operator === '*') terms.push(terms.pop()! * number);
    else if (number === 0) return null;
    else terms.push(terms.pop()! / number);
  }
  return terms.reduce((total, term) => total + term, 0);
}
