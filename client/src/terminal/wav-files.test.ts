import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { findWavFiles, readWavFile } from './wav-files.ts';
import { wordsOf } from './words-of.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'malbeot-wavs-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));
const words = wordsOf('en');

it('finds one file, or those of a folder in the order of their names', async () => {
  for (const name of ['10.wav', '9.WAV', 'notes.txt']) await writeFile(join(folder, name), name);
  const found = await findWavFiles(folder, words);
  expect(found.map(({ name }) => name)).toEqual(['9.WAV', '10.wav']);
  expect(Buffer.from(await readWavFile(found[0]!, words)).toString()).toBe('9.WAV');
  expect(await findWavFiles(join(folder, 'notes.txt'), words)).toHaveLength(1);
});

it('says what is wrong and what to do', async () => {
  const missing = join(folder, 'missing.wav');
  await expect(findWavFiles(missing, words)).rejects.toThrow(`The file ${missing} can’t be read.`);
  await expect(findWavFiles(folder, words)).rejects.toThrow(`There is no WAV file in ${folder}.`);
  const large = { name: 'large.wav', path: join(folder, 'large.wav') };
  await writeFile(large.path, '');
  await truncate(large.path, 10_000_001);
  await expect(readWavFile(large, words)).rejects.toThrow('is over 10 MB');
  await expect(readWavFile({ name: 'x', path: missing }, words)).rejects.toThrow('can’t be read');
});
