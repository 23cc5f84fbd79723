import { describe, expect, it } from 'vitest';
import { seededRandom } from '../audio/testing/random.ts';
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

  const tokens = (text: string) => [...text];
  /** How many characters have come when the first piece leaves, and the piece. */
  const firstOf = (text: string): readonly [number, string] => {
    const cutter = createSentenceCutter();
    for (const [index, letter] of tokens(text).entries()) {
      const [piece] = cutter.push(letter);
      if (piece !== undefined) return [index + 1, piece];
    }
    return [text.length, cutter.flush()[0]!];
  };

  it.each([
    ['네.', '네.'],
    ['네. 알겠습니다.', '네.'],
    ['그럼요! 바로 해 드릴게요.', '그럼요!'],
    ['정말요? 좋네요.', '정말요?'],
    ['음… 그건 잘 모르겠어요.', '음…'],
    ['불고기버거 두 개, 콜라 하나 담았어요.', '불고기버거 두 개,'],
    ['감사합니다。다음에 또 오세요。', '감사합니다。'],
  ])('lets go of the first piece with its own last letter: %s', (text, piece) => {
    expect(firstOf(text)).toEqual([piece.length, piece]);
  });

  it.each([
    ['오늘은 비가 많이 오는데 우산은 챙기셨어요?', '오늘은 비가 많이 오는데'],
    ['먼저 물을 넉넉하게 끓이고 소금을 조금 넣어 주세요.', '먼저 물을 넉넉하게 끓이고'],
    ['시간이 조금 더 있으면 바다를 보러 가는 것도 좋겠어요.', '시간이 조금 더 있으면'],
    ['내일은 날씨가 추우니까 따뜻하게 입고 나가세요.', '내일은 날씨가 추우니까'],
    ['그 영화는 조금 길지만 정말 재미있어요.', '그 영화는 조금 길지만'],
    ['그 노래는 가사가 예뻐서 자주 들어요.', '그 노래는 가사가 예뻐서'],
    [
      '서울에서 가장 오래된 시장 가운데 하나인 광장시장에서는 빈대떡과 김밥이 유명해요.',
      '서울에서 가장 오래된 시장 가운데 하나인 광장시장에서는',
    ],
    ['I would love to help you with that and I think it is easy.', 'I would love to help you with that'],
  ])('lets go of the first clause as soon as the next word begins: %s', (text, clause) => {
    const [came, piece] = firstOf(text);
    expect(piece).toBe(clause);
    expect(came).toBeLessThanOrEqual(clause.length + ' because '.length);
  });

  it.each([
    '저는 지금 재미있는 책을 읽고 있어요.',
    '내일 아침에 바다를 보고 싶어요.',
    '이쪽 길로 쭉 가시면 돼요.',
    '그렇게 해 주시면 좋겠어요.',
    '여기서 사진을 찍으면 안 돼요.',
    '저도 지금 막 나가려고 했어요.',
    '세상에서 제일 맛있는 라면이에요.',
    '그 산은 높이가 최고 기록이에요.',
    '맛있지만 비싸요.',
    'You and me.',
  ])('does not tear apart what is said in one go: %s', (text) => {
    expect(cut(tokens(text))).toEqual([text]);
  });

  it.each([
    '길이는 3.5km예요.',
    '지금은 10:30이에요.',
    '오후 3:15에 만나요.',
    '버전은 v1.2.3이에요.',
    '원주율은 3.14159예요.',
    '주소는 https://example.com/a?b=1&c=2 예요.',
    '메일은 kim.minsu@example.co.kr 이에요.',
    '홈페이지는 www.example.com 입니다.',
    'Wake me at 7 a.m. please.',
    'The U.S. is large.',
    'See example.com for more.',
    'Use fruit, e.g. apples.',
    '값은 12,500원이에요.',
    '오늘은 2026. 3. 1.이에요.',
    'J. K. Kim wrote it.',
  ])('tears no number, time, address or abbreviation apart, a letter at a time: %s', (text) => {
    const pieces = cut(tokens(text));
    for (const word of text.split(' ')) expect(pieces.some((piece) => piece.includes(word))).toBe(true);
    expect(pieces.join(' ')).toBe(text);
    expect(createSentenceCutter({ early: false }).push(`${text} `).length).toBeLessThanOrEqual(1);
  });

  it('ends a sentence at an abbreviation only where another one begins', () => {
    expect(cut(['I wake at 7 a.m. Then I run.'])).toEqual(['I wake at 7 a.m.', 'Then I run.']);
    expect(cut(['No. I can not. Ask for No. 3 there.'])).toEqual([
      'No.',
      'I can not.',
      'Ask for No. 3 there.',
    ]);
    expect(cut(['정답은 3. 그래서 맞아요.'])).toEqual(['정답은 3.', '그래서 맞아요.']);
  });

  it('keeps the number of an entry with the entry', () => {
    expect(cut(['1. 아메리카노\n2. 카페라떼\n3) 녹차'])).toEqual(['1. 아메리카노', '2. 카페라떼', '3) 녹차']);
  });

  it('leaves signs and emoji with what comes, for they are not said', () => {
    expect(cut(tokens('네... 알겠습니다.'))).toEqual(['네.', '.. 알겠습니다.']);
    expect(cut(tokens('좋아요!😀 다음은요?'))).toEqual(['좋아요!', '😀 다음은요?']);
    expect(cut(tokens('"그럼요." 라고 했어요.')).join(' ')).toBe('"그럼요. " 라고 했어요.');
    expect(cut(['😀'])).toEqual(['😀']);
  });

  it('finds the sentences where spaces are missing', () => {
    expect(cut(['네.알겠습니다.정말요?네!'])).toEqual(['네.', '알겠습니다.', '정말요?', '네!']);
  });

  it('gives every character again, whatever comes and however', () => {
    const parts = [
      '네',
      '요',
      '.',
      ',',
      ' ',
      '\n',
      '1',
      '5',
      '…',
      '?',
      '"',
      'a',
      'Mr',
      '고 ',
      '는데 ',
      '😀',
      ':',
      '그',
      'www.',
      '。',
      '12,500',
    ];
    const bare = (value: string) => value.replaceAll(/\s/g, '');
    for (let seed = 0; seed < 300; seed++) {
      const random = seededRandom(seed);
      const pieces = Array.from({ length: 60 }, () => parts[Math.floor(random() * parts.length)]!);
      const sentences = cut(pieces);
      expect(bare(sentences.join(''))).toBe(bare(pieces.join('')));
      for (const sentence of sentences) expect(sentence).toBe(sentence.trim());
    }
  });
});
