import { createHash } from 'node:crypto';

const KEY_COLUMN_LENGTH = 191;

/** `key` as it fits a key column, and costs little to keep: itself, or its SHA-256 when it is longer. */
export function keyColumn(key: string): string {
  return key.length <= KEY_COLUMN_LENGTH ? key : `sha256:${createHash('sha256').update(key).digest('hex')}`;
}
