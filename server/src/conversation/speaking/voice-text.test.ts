import { describe, expect, it } from 'vitest';
import { createVoiceTexts } from './voice-text.ts';

const spoken = (sentence: string, language = 'ko') => createVoiceTexts(language).next(sentence).text;

describe('what a voice gets of a sentence', () => {
  it.each([
    ['**정말** 좋아요!', '정말 좋아요!'],
    ['# 오늘의 메뉴', '오늘의 메뉴'],
    ['- *치즈*버거', '치즈버거'],
    ['[네이버 지도](https://naver.com/x_y)에서 보세요.', '네이버 지도에서 보세요.'],
    ['![그림](a.png) 이거예요.', '이거예요.'],
    ['www.example.com/a?b=1 에 있어요.', '에 있어요.'],
    ['`npm start`를 쳐 보세요.', 'npm start를 쳐 보세요.'],
    ['축하해요 🎉👩‍👩‍👧🇰🇷👍🏽!', '축하해요!'],
    ['그쵸 ㅋㅋㅋㅋ 재밌네요 ^^', '그쵸 재밌네요'],
    ['<b>두</b> 개 → 12,500원', '두 개 만 이천오백 원'],
    ['😊', ''],
    ['---', ''],
    ['네.', '네.'],
  ])('%s', (written, said) => expect(spoken(written)).toBe(said));

  it('leaves what only looks like a mark', () => {
    expect(spoken('It is 3 * 4 and snake_case_name, right?', 'en')).toBe(
      'It is 3 * 4 and snake_case_name, right?',
    );
    expect(spoken("I don't know.", 'ko')).toBe("I don't know.");
  });

  it('says nothing of a program, from its first fence to its last', () => {
    const texts = createVoiceTexts('ko');
    const said = ['이렇게요.', '```ts', 'const 값 = 1;', '```', '쉽죠?'].map((line) => texts.next(line).text);
    expect(said).toEqual(['이렇게요.', '', '', '', '쉽죠?']);
  });

  it('knows where every word stands', () => {
    const written = '😊 **버거** 2개, [지도](https://a.kr) 12,500 원!';
    const { text, placeOf } = createVoiceTexts('ko').next(written);
    expect(text).toBe('버거 두 개, 지도 만 이천오백 원!');
    const placeAt = (word: string) => written.slice(placeOf(text.indexOf(word)));
    expect(placeAt('버거')).toMatch(/^버거/);
    expect(placeAt('개')).toMatch(/^개/);
    expect(placeAt('지도')).toMatch(/^지도/);
    expect(placeAt('원')).toMatch(/^원/);
    expect(placeOf(text.length)).toBe(written.length);
  });
});
