import { describe, expect, it } from 'vitest';
import { nounsIn, topicsOf } from './topics.ts';

describe('nounsIn', () => {
  it.each<[string, readonly string[]]>([
    ['어제 친구랑 영화를 봤어', ['친구', '영화']],
    ['우리 고양이가 아파요', ['고양이']],
    ['고양이는 귀여워', ['고양이']],
    ['강아지는 다니는 길을 알아', ['강아지']],
    ['바다로 여행을 갔어요', ['바다', '여행']],
    ['좋아하는 음식은 김치찌개예요', ['음식', '김치찌개']],
    ['학교에서 선생님한테 혼났어', ['학교', '선생님']],
    ['안녕하세요', []],
    ['그냥 그렇지 뭐', []],
    ['오늘은 정말 너무 피곤해요', []],
    ['I went to the beach with my sister', ['beach', 'sister']],
    ['Thank you very much', []],
    ['', []],
    ['🎉 !!! 123', []],
  ])('%s', (text, nouns) => {
    expect(nounsIn(text)).toEqual(nouns);
  });
});

describe('topicsOf', () => {
  it('counts turns, not words, and nothing that came up once', () => {
    const said = [
      '영화 얘기야. 영화를 좋아해',
      '그 영화는 길었어',
      '바다에 갔어',
      '바다가 좋았어',
      '바다를 또 보고 싶어',
      '산에도 갔어',
    ];
    expect(topicsOf(said)).toEqual([
      { topic: '바다', turns: 3 },
      { topic: '영화', turns: 2 },
    ]);
    expect(topicsOf([])).toEqual([]);
  });
});
