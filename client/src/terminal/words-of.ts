import type { Language } from '@malbeot/protocol';

import { englishWords } from './words-en.ts';
import { koreanWords } from './words-ko.ts';
import type { Words } from './words.ts';

const table: Readonly<Record<Language, Words>> = { ko: koreanWords, en: englishWords };

/** The words of one language. */
export function wordsOf(language: Language): Words {
  return table[language];
}
