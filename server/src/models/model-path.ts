/** Names a model, and its folder: no separator, nothing hidden, the same on every file system. */
export const MODEL_ID = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/** 64 small hexadecimal digits. */
export const SHA256 = /^[0-9a-f]{64}$/;

/**
 * True for a path below a folder, with `/` between its parts: not absolute, no `.` or `..`, no backslash, no drive, no
 * control character, nothing hidden at its end.
 */
export function isInnerPath(path: string): boolean {
  if (path.length === 0 || path.length > 400 || /[\\:\p{Cc}]/u.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
