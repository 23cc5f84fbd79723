import { describe, expect, it } from 'vitest';
import { acceptedLanguage } from './accepted-language.ts';

describe('the accepted language', () => {
  it.each([
    [undefined, 'ko'],
    ['', 'ko'],
    ['*', 'ko'],
    ['fr-FR,fr;q=0.9', 'ko'],
    ['en', 'en'],
    ['EN-us', 'en'],
    ['en-US,en;q=0.9,ko;q=0.8', 'en'],
    ['ko-KR,ko;q=0.9,en-US;q=0.8', 'ko'],
    ['fr, en;q=0.5, ko;q=0.3', 'en'],
    ['en;q=0.2, ko', 'ko'],
    ['en;q=0', 'ko'],
    ['en;q=..', 'ko'],
    ['english', 'ko'],
    [['en'], 'ko'],
  ])('of %j is %s', (header, language) => {
    expect(acceptedLanguage(header)).toBe(language);
  });
});
