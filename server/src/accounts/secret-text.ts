import { createHash, timingSafeEqual } from 'node:crypto';
import type { RandomBytes } from '../lib/ids.ts';

/** A new secret of 256 random bits, `prefix_` and 43 characters of base64url. */
export function newSecret(prefix: string, random: RandomBytes): string {
  return `${prefix}_${Buffer.from(random(32)).toString('base64url')}`;
}

/** What is kept of a secret: SHA-256 in hexadecimal. Enough for random secrets, which nobody can guess from a list. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares two hashes of {@link hashSecret} in a time that tells nothing. */
export function isSameHash(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left, 'hex'), Buffer.from(right, 'hex')];
  return a.length === b.length && timingSafeEqual(a, b);
}
