import { readFile } from 'node:fs/promises';

import { WavFileError } from '../terminal/wav-files.ts';
import type { Words } from '../terminal/words.ts';
import type { Feed } from './arguments.ts';

/**
 * What is fed to the kiosk, as the lines that would be typed for it.
 *
 * @throws {WavFileError} when a script can't be read.
 */
export async function feedLines(feeds: readonly Feed[], words: Words): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { kind, value } of feeds) {
    switch (kind) {
      case 'text':
        lines.push(value);
        break;
      case 'wav':
        lines.push(`/wav ${value}`);
        break;
      case 'script':
        lines.push(...(await readScript(value, words)));
    }
  }
  return lines;
}

async function readScript(path: string, words: Words): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new WavFileError(words.noFile(path), { cause });
  });
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
