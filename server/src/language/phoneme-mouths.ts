import type { Mouth } from './mouth-row.ts';

/** Vowels of the IPA as espeak writes them; a diphthong goes by its first half, which is the louder one. */
const VOWELS: Readonly<Record<string, Mouth>> = {
  a: 'A',
  ɐ: 'A',
  ɑ: 'A',
  æ: 'A',
  ə: 'A',
  ʌ: 'A',
  i: 'I',
  ɪ: 'I',
  y: 'I',
  ᵻ: 'I',
  u: 'U',
  ʊ: 'U',
  ɯ: 'U',
  ʉ: 'U',
  e: 'E',
  ɛ: 'E',
  ɜ: 'E',
  ɚ: 'E',
  ø: 'E',
  œ: 'E',
  o: 'O',
  ɔ: 'O',
  ɒ: 'O',
};

/** What the same sign stands for in Korean: ㅓ is said with rounded lips, the English ʌ is not. */
const KOREAN_VOWELS: Readonly<Record<string, Mouth>> = { ʌ: 'O', ə: 'O' };

/** These diphthongs begin like an O in English, whatever their first sign is. */
const ROUNDED_DIPHTHONGS = /^(əʊ|oʊ|əl)/;
const STRESS = /[ˈˌ]/g;

/**
 * What a phoneme does to the mouth.
 *
 * @param symbol IPA with or without stress; an empty one is a pause.
 * @param language BCP 47.
 */
export function mouthOfPhoneme(symbol: string, language: string): Mouth {
  const sound = symbol.replaceAll(STRESS, '');
  if (sound === '') return 'rest';
  const first = sound[0]!;
  if (first === 'm' || first === 'b' || first === 'p') return 'closed';
  if (/^ko\b/i.test(language)) return KOREAN_VOWELS[first] ?? VOWELS[first] ?? 'consonant';
  if (ROUNDED_DIPHTHONGS.test(sound)) return 'O';
  return VOWELS[first] ?? 'consonant';
}
