import { randomBytes } from 'node:crypto';

/** Where randomness comes from. Handed in, so that tests can repeat themselves. */
export type RandomBytes = (length: number) => Uint8Array;

export const systemRandom: RandomBytes = (length) => randomBytes(length);

/**
 * Prefixes of ids: session, user, turn, request, voice file, custom voice, order, payment, job, API key, device key, token family,
 * one-time link. An id says what it names wherever it turns up.
 */
export type IdPrefix =
  | 'ses'
  | 'usr'
  | 'trn'
  | 'req'
  | 'vox'
  | 'voi'
  | 'ord'
  | 'pay'
  | 'job'
  | 'key'
  | 'dev'
  | 'fam'
  | 'lnk';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new id, `prefix_` and 26 characters of Crockford's base 32 (130 random bits, of which 128 are drawn). */
export function newId(prefix: IdPrefix, random: RandomBytes = systemRandom): string {
  let bits = 0n;
  for (const byte of random(16)) bits = (bits << 8n) | BigInt(byte);
  let text = '';
  for (let digit = 0; digit < 26; digit++) {
    text = ALPHABET[Number(bits & 31n)]! + text;
    bits >>= 5n;
  }
  return `${prefix}_${text}`;
}

/** True for text that `newId(prefix)` could have made. */
export function isId(prefix: IdPrefix, text: string): boolean {
  return text.startsWith(`${prefix}_`) && /^[0-9a-hjkmnp-tv-z]{26}$/.test(text.slice(prefix.length + 1));
}
