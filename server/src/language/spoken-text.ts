import { counters } from './counters.ts';
import { countingWords, priceWords, sinoWords } from './number-words.ts';

const NATIVE_COUNTERS = counters.filter(({ numerals }) => numerals === 'native').map(({ word }) => word);
const NATIVE_AFTER_NUMBER = new RegExp(`(\\d+) ?(${NATIVE_COUNTERS.join('|')})`, 'g');

/**
 * Text for the eye as text for the voice, in Korean: `불고기버거 2개, 12,500원` becomes `불고기버거 두 개, 만 이천오백 원`.
 * Numbers with a counter that wants native numerals get them, all others are Sino-Korean; signs that a voice would read
 * out or stumble over become pauses or go.
 */
export function toSpokenText(text: string): string {
  return text
    .replaceAll(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    .replaceAll(/(\d+) ?원/g, (_, won: string) => priceWords(Number(won)))
    .replaceAll(
      NATIVE_AFTER_NUMBER,
      (_, number: string, counter: string) => `${countingWords(Number(number))} ${counter}`,
    )
    .replaceAll(
      /(\d+)\.(\d+)/g,
      (_, whole: string, part: string) => `${sinoWords(Number(whole))} 점 ${digitByDigit(part)}`,
    )
    .replaceAll(/\d+/g, (number) => (number.length > 15 ? digitByDigit(number) : sinoWords(Number(number))))
    .replaceAll('%', ' 퍼센트')
    .replaceAll(/[()[\]·/]/g, ', ')
    .replaceAll(/[‘’“”'"*_#]/g, '')
    .replaceAll(/\s*,(?:\s*,)*\s*/g, ', ')
    .replaceAll(/, (?=[.!?])/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function digitByDigit(digits: string): string {
  return [...digits].map((digit) => sinoWords(Number(digit))).join('');
}
