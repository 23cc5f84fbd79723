import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const SKIPPED = new Set(['node_modules', 'dist', 'dist-types', 'data', 'coverage']);

/** @param {string} entry @returns {string[]} */
function filesBelow(entry) {
  const stats = statSync(entry, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  if (stats.isFile()) return [entry];
  return readdirSync(entry)
    .filter((name) => !SKIPPED.has(name) && !name.endsWith('.tsbuildinfo'))
    .sort()
    .flatMap((name) => filesBelow(path.join(entry, name)));
}

/**
 * One hash over the names and contents of files and folders: equal exactly when nothing in them changed.
 *
 * @param {string} root
 * @param {readonly string[]} entries relative to `root`; folders count with everything below them
 */
export function fingerprint(root, entries) {
  const hash = createHash('sha256').update(process.version);
  for (const file of entries.flatMap((entry) => filesBelow(path.join(root, entry)))) {
    hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}
