import type { Language } from '@malbeot/protocol';
import { readFileSync } from 'node:fs';
import type { ReadFile } from './layers.ts';

/** What the process finds around it. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly readFile: ReadFile;
  /** Language of the person at the terminal. */
  readonly language: Language;
}

/** The surroundings of this process: the only place that reads `process.env`. */
export function readSurroundings(): Surroundings {
  const env = { ...process.env };
  return { env, cwd: process.cwd(), readFile: readTextFile, language: languageOf(env) };
}

/** Korean where the locale says so, English otherwise. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(
    (value) => value !== undefined && value !== '',
  );
  return /^ko/i.test(locale ?? '') ? 'ko' : 'en';
}

function readTextFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}
