import { describe, expect, it } from 'vitest';

import { cutText } from './cut-text.ts';

describe('cutText', () => {
  it('leaves short text alone', () => {
    expect(cutText('네. 알겠습니다. ', 20)).toEqual([
      { text: '네. 알겠습니다. ', offset: 0, endsSentence: false },
    ]);
    expect(cutText('', 20)).toEqual([]);
  });

  it('cuts after a sentence, else after a word, else where it must', () => {
    expect(cutText('하나 둘. 셋 넷 다섯', 8)).toEqual([
      { text: '하나 둘. ', offset: 0, endsSentence: true },
      { text: '셋 넷 다섯', offset: 6, endsSentence: false },
    ]);
    expect(cutText('하나 둘셋넷 다섯', 6).map(({ text }) => text)).toEqual(['하나 ', '둘셋넷 다섯']);
    expect(cutText('가나다라마', 2).map(({ text }) => text)).toEqual(['가나', '다라', '마']);
  });

  it('does not take a decimal point for an end', () => {
    expect(cutText('값은 1.5배입니다', 6).map(({ text }) => text)).toEqual(['값은 ', '1.5배입니', '다']);
  });

  it('never cuts a character in two, and loses nothing', () => {
    const text = '😀'.repeat(7) + ' 햄버거! 콜라?  ' + 'ㅋ'.repeat(9);
    for (let limit = 2; limit < 12; limit++) {
      const pieces = cutText(text, limit);
      expect(pieces.map((piece) => piece.text).join('')).toBe(text);
      for (const piece of pieces) {
        expect(text.slice(piece.offset, piece.offset + piece.text.length)).toBe(piece.text);
        expect(() => encodeURIComponent(piece.text)).not.toThrow();
      }
    }
  });
});
