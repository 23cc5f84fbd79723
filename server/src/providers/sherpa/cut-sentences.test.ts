import { describe, expect, it } from 'vitest';

import { cutSentences } from './cut-sentences.ts';

const textsOf = (text: string, limit = 120) => cutSentences(text, limit).map((piece) => piece.text);

describe('text for a voice', () => {
  it('is cut after sentences', () => {
    expect(cutSentences('담았어요. 더 필요하세요? 네', 120)).toEqual([
      { text: '담았어요.', endsSentence: true, isSpeakable: true },
      { text: '더 필요하세요?', endsSentence: true, isSpeakable: true },
      { text: '네', endsSentence: false, isSpeakable: true },
    ]);
  });

  it('is not cut at a comma or a number', () => {
    expect(textsOf('네, 1.5리터 콜라요.')).toEqual(['네, 1.5리터 콜라요.']);
  });

  it('knows what has no sound', () => {
    expect(cutSentences('… 네. !!!', 120).map(({ isSpeakable }) => isSpeakable)).toEqual([
      false,
      true,
      false,
    ]);
  });

  it.each([
    ['after a sentence without a space', '가나다。라마바사', 6, ['가나다。', '라마바사']],
    ['else after a clause', '가나, 다라 마바', 7, ['가나,', '다라 마바']],
    ['else between words', '가나 다라 마바', 7, ['가나 다라', '마바']],
    ['else anywhere', '가나다라마바사', 3, ['가나다', '라마바', '사']],
    ['but in no character', 'a😀😀', 2, ['a', '😀', '😀']],
  ])('is cut when it is too long: %s', (_, text, limit, pieces) => {
    expect(textsOf(text, limit)).toEqual(pieces);
  });

  it('loses nothing but white space', () => {
    const text = '하나 둘, 셋넷다섯여섯 일곱。여덟 아홉!! 열 '.repeat(20);
    for (const limit of [1, 5, 17, 120]) {
      const pieces = textsOf(text, limit);
      expect(pieces.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
      for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(limit);
    }
  });
});
