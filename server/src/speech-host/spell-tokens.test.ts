import { expect, it } from 'vitest';

import { spellTokens } from './spell-tokens.ts';

it.each([
  ['안녕하세요커피한잔', [' 안녕', '하세요', ' 커피', ' 한', ' 잔'], '안녕하세요 커피 한 잔'],
  ['hello world', [' hello', ' wor', 'ld'], 'hello world'],
  // Bytes are no letters.
  ['뷁', ['<0xEB>', '<0xB7>', '<0x81>'], '뷁'],
  // The library wrote numbers out of the tokens.
  ['3 잔', [' 세', ' 잔'], '3 잔'],
  ['', [], ''],
])('spells %j of %j', (text, tokens, spelled) => {
  expect(spellTokens(text, tokens)).toBe(spelled);
});
