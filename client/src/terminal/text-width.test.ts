import { describe, expect, it } from 'vitest';

import { cutText, graphemesOf, printable, widthOf, wrapText } from './text-width.ts';

describe('widthOf', () => {
  it.each([
    ['', 0],
    ['cola', 4],
    ['콜라', 4],
    ['콜라 2개', 8],
    ['₩4,500', 6],
    ['漢字かな', 8],
    ['ＡＢ', 4],
    ['🍔', 2],
    ['👨‍👩‍👧', 2],
    ['☕️', 2],
    ['é', 1],
    ['\u1112\u1161\u11ab', 2],
    ['★ ▲ │ ─ ● ✕ ⠋ ⋮', 15],
    ['\u200b', 0],
  ])('%j takes %i columns', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });

  it('is the sum of its letters, by the quick way and the slow way', () => {
    const quick = '불고기버거 2 ─ x';
    expect(widthOf(quick)).toBe(graphemesOf(quick).reduce((sum, letter) => sum + widthOf(letter), 0));
    expect(widthOf(`${quick}★`)).toBe(widthOf(quick) + 1);
  });
});

describe('cutText', () => {
  it('never cuts a wide letter in two', () => {
    expect(cutText('불고기버거', 10)).toBe('불고기버거');
    expect(cutText('불고기버거', 9)).toBe('불고기버…');
    expect(cutText('불고기버거', 8)).toBe('불고기…');
    expect(cutText('불고기버거', 1)).toBe('…');
    expect(cutText('불고기버거', 0)).toBe('');
  });

  it('fits every width', () => {
    for (let width = 0; width < 20; width++) {
      expect(widthOf(cutText('a콜b라🍔c 버거', width))).toBeLessThanOrEqual(width);
    }
  });
});

describe('wrapText', () => {
  it('breaks at spaces', () => {
    expect(wrapText('불고기버거 두 개를 담았어요.', 14)).toEqual(['불고기버거 두', '개를 담았어요.']);
  });

  it('breaks a word that is longer than a line', () => {
    expect(wrapText('aa 가나다라마 b', 6)).toEqual(['aa', '가나다', '라마 b']);
    expect(wrapText('http://localhost', 5)).toEqual(['http:', '//loc', 'alhos', 't']);
  });

  it('gives one line for nothing, and ends where a letter is wider than a line', () => {
    expect(wrapText('', 5)).toEqual(['']);
    expect(wrapText('가나', 1)).toEqual(['가', '나']);
  });
});

describe('printable', () => {
  it('leaves nothing that a terminal obeys', () => {
    expect(printable('콜라\u001B[2J\u001B]0;x\u0007 하나\r\n')).toBe('콜라 [2J ]0;x  하나');
    expect(printable('a\u202Eb\u2066c')).toBe('a b c');
    expect(printable('\u009B31m')).toBe(' 31m');
  });
});
