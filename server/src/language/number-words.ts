import { susa } from 'es-hangul';
import { FormatOptions, numToKorean } from 'num-to-korean';

const LARGEST_NATIVE = 99;

/**
 * A whole number from 0 in Sino-Korean words as people say it: 12,500 is `만 이천오백`, 0 is `영`.
 *
 * @throws {RangeError} for a negative, broken or unsafe number.
 */
export function sinoWords(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${value} is not a whole number from 0 up to 2^53 - 1.`);
  }
  return value === 0 ? '영' : numToKorean(value, FormatOptions['LINGUAL_SPACING']);
}

/** A number standing alone when things are counted: `하나`, `스물하나`; Sino-Korean outside 1 to 99. */
export function nativeWords(value: number): string {
  return value >= 1 && value <= LARGEST_NATIVE ? susa(value) : sinoWords(value);
}

/** A number before its counter: `한` (개), `스무` (잔), `스물한`; Sino-Korean outside 1 to 99. */
export function countingWords(value: number): string {
  return value >= 1 && value <= LARGEST_NATIVE ? susa(value, true) : sinoWords(value);
}

/** A price as it is said: 12,500 is `만 이천오백 원`. */
export function priceWords(won: number): string {
  return `${sinoWords(won)} 원`;
}
