import type { Mouth } from '../../language/mouth-row.ts';

/**
 * Shapes of the mouth by Azure's viseme id, 0 to 21, after the table in Microsoft's "Get facial position with viseme", whose
 * numbers are those of SAPI's `SPVISEMES`. Each id stands for these sounds.
 */
const MOUTHS: readonly Mouth[] = [
  'rest', // 0: silence
  'A', // 1: æ ə ʌ
  'A', // 2: ɑ
  'O', // 3: ɔ
  'E', // 4: ɛ ʊ
  'E', // 5: ɝ
  'I', // 6: j i ɪ
  'U', // 7: w u
  'O', // 8: o
  'A', // 9: aʊ
  'O', // 10: ɔɪ
  'A', // 11: aɪ
  'consonant', // 12: h
  'consonant', // 13: ɹ
  'consonant', // 14: l
  'consonant', // 15: s z
  'consonant', // 16: ʃ tʃ dʒ ʒ
  'consonant', // 17: ð
  'consonant', // 18: f v
  'consonant', // 19: d t n θ
  'consonant', // 20: k g ŋ
  'closed', // 21: p b m
];

/** What the viseme with this id does to the mouth; undefined for an id that Azure does not have. */
export function mouthOfAzureViseme(id: number): Mouth | undefined {
  return MOUTHS[id];
}
