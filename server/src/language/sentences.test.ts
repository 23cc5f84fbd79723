import { describe, expect, it } from 'vitest';
import { createSentenceCutter } from './sentences.ts';

function cut(pieces: readonly string[]): string[] {
  const cutter = createSentenceCutter();
  return [...pieces.flatMap((piece) => cutter.push(piece)), ...cutter.flush()];
}

describe('createSentenceCutter', () => {
  it('cuts Korean and English at the ends of sentences', () => {
    expect(cut(['안녕하세요. 무엇을 드릴까요? Hello there! Bye.'])).toEqual([
      '안녕하세요.',
      '무엇을 드릴까요?',
      'Hello there!',
      'Bye.',
    ]);
  });

  it('gives a short sentence as soon as its last character has come', () => {
    const cutter = createSentenceCutter();
    expect(cutter.push('네')).toEqual([]);
    expect(cutter.push('.')).toEqual(['네.']);
  });

  it('cuts the first sentence at a clause, the later ones not', () => {
    expect(cut(['불고기버거 두 개, 콜라 하나 담았어요. 더 필요하신 게 있으면, 말씀해 주세요.'])).toEqual([
      '불고기버거 두 개,',
      '콜라 하나 담았어요.',
      '더 필요하신 게 있으면, 말씀해 주세요.',
    ]);
  });

  it('leaves numbers, prices and abbreviations whole', () => {
    expect(cut(['합계는 12,500원이에요. 길이는 1.5미터. Ask Mr. Kim at No. 3.'])).toEqual([
      '합계는 12,500원이에요.',
      '길이는 1.5미터.',
      'Ask Mr. Kim at No. 3.',
    ]);
    expect(cut(['1', '.', '5리터'])).toEqual(['1.5리터']);
  });

  it('cuts endless text at a space', () => {
    const sentences = cut([Array.from({ length: 100 }, () => '가나다').join(' ')]);
    expect(Math.max(...sentences.map((sentence) => sentence.length))).toBeLessThanOrEqual(160);
  });

  it.each([
    ['an emoji', '👍'],
    ['a family', '👨‍👩‍👧'],
    ['a flag', '🇰🇷'],
    ['a syllable of single letters', '한'],
  ])('cuts no character in half: %s', (_, character) => {
    for (let before = 0; before < character.length; before++) {
      const sentences = cut(['a'.repeat(before) + character.repeat(200)]);
      expect(sentences.length).toBeGreaterThan(1);
      for (const sentence of sentences) {
        expect(sentence.length).toBeLessThanOrEqual(160);
        expect(sentence.replaceAll('a', '').replaceAll(character, '')).toBe('');
      }
    }
  });

  it('cuts a character that never ends, and not within a surrogate pair', () => {
    const sentences = cut([`a${'\u{e0061}'.repeat(300)}`]);
    expect(Math.max(...sentences.map(({ length }) => length))).toBeLessThanOrEqual(160);
    for (const sentence of sentences) expect(sentence).not.toMatch(/\p{Surrogate}/u);
  });

  it('loses nothing, however the text is cut into pieces', () => {
    const text =
      '네, 알겠습니다! 아이스 아메리카노 1.5배 큰 걸로 두 잔이요? "그럼요." 12,500원 되겠습니다… 감사합니다';
    const bare = (value: string) => value.replaceAll(/\s/g, '');
    for (let size = 1; size < text.length; size++) {
      const pieces = text.match(new RegExp(`.{1,${size}}`, 'gsu'))!;
      expect(bare(cut(pieces).join(''))).toBe(bare(text));
    }
  });
});
