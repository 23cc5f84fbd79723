import { describe, expect, it } from 'vitest';
import { findIntroduction } from './introduction.ts';
import { openTalkTest } from './testing.ts';

/** What is said, and the name that is told by it. */
const told: Readonly<Record<'ko' | 'en', readonly (readonly [string, string | null])[]>> = {
  ko: [
    ['안녕하세요, 저는 지우예요', '지우'],
    ['안녕하세요 저는 민수라고 해요 반가워요', '민수'],
    ['저는 지훈이에요.', '지훈'],
    ['나는 하은이야', '하은'],
    ['난 서연이야!', '서연'],
    ['전 김민수입니다', '김민수'],
    ['안녕하세요 김철수입니다', '김철수'],
    ['안녕! 나 민지야', '민지'],
    ['저는 박서준이라고 합니다. 잘 부탁드려요.', '박서준'],
    ['저는 남궁민수예요', '남궁민수'],
    ['저는 Sam이에요', 'Sam'],
    ['내 이름은 민지야', '민지'],
    ['제 이름은 김철수입니다', '김철수'],
    ['제 이름은 김 철수예요', '김 철수'],
    ['제 이름은 사라예요 반가워요', '사라'],
    ['제 이름은 지우고 나이는 열 살이에요', '지우'],
    ['나를 대장이라고 불러 줘', '대장'],
    ['민수라고 불러 주세요', '민수'],
    ['저는 마이클이라고 하는데 몇 살이에요?', '마이클'],
    ['저는 배고파요', null],
    ['저는 학생이에요', null],
    ['안녕하세요, 저는 학생이에요', null],
    ['저는 괜찮아요', null],
    ['저는 의사입니다', null],
    ['나는 바보야', null],
    ['저는 한국인이에요', null],
    ['저는 서울이에요', null],
    ['저는 찬성이에요', null],
    ['나 혼자야', null],
    ['저는 가수라서 바빠요', null],
    ['저는 지우를 좋아해요', null],
    ['저는 지우 친구예요', null],
    ['저는 지우가 아니에요', null],
    ['제 동생 이름은 민지야', null],
    ['제 이름은 비밀이에요', null],
    ['제 이름은 뭐예요?', null],
    ['저는 지우예요?', null],
    ['이걸 김치라고 해요', null],
    ['나는 좋아', null],
    ['전 피곤해요', null],
    ['나는 고양이야', null],
    ['저는 용이에요', null],
    ['저는 경제를 공부하는 유민이에요', null],
  ],
  en: [
    ["hi, I'm Sam, how are you?", 'Sam'],
    ['Hello, my name is Anna.', 'Anna'],
    ['My name is Mary Ann', 'Mary Ann'],
    ["i'm sam", 'sam'],
    ["Hey I'm Minsu and I like music", 'Minsu'],
    ['I am Kim Minsu.', 'Kim Minsu'],
    ['Please call me Max', 'Max'],
    ['This is Sarah speaking', 'Sarah'],
    ['my name is sujin nice to meet you', 'sujin'],
    ["I'm fine", null],
    ["I'm hungry", null],
    ["I'm Korean", null],
    ['I am a student', null],
    ["I'm tired, call me later", null],
    ["I'm so happy", null],
    ["I'm going home", null],
    ['I AM HUNGRY', null],
    ["I'm in London", null],
    ['My sister is Anna', null],
    ["I'm Sam?", null],
    ["I'm not Sam", null],
    ['my name is a secret', null],
  ],
};

/** What is answered to "what shall I call you". */
const asked: typeof told = {
  ko: [
    ['지우', '지우'],
    ['지우요', '지우'],
    ['네, 민수예요', '민수'],
    ['그냥 대장이라고 불러', '대장'],
    ['마이클', '마이클'],
    ['저는 배고파요', null],
    ['학생이에요', null],
    ['피곤해', null],
    ['몰라요', null],
    ['저는 괜찮아요', null],
  ],
  en: [
    ['Sam', 'Sam'],
    ["It's zelda", 'zelda'],
    ["I'm fine", null],
    ["I'm hungry", null],
    ['never mind', null],
  ],
};

describe.each(['ko', 'en'] as const)('a name told in %s', (language) => {
  it.each(told[language])('%s', (text, name) => {
    expect(findIntroduction(text, language, false)?.name ?? null).toBe(name);
  });

  it.each(asked[language])('asked for: %s', (text, name) => {
    expect(findIntroduction(text, language, true)?.name ?? null).toBe(name);
  });
});

describe('what is said beside a name', () => {
  it.each([
    ['ko', '안녕하세요, 저는 지우예요', ''],
    ['ko', '안녕하세요 저는 민수라고 해요 반가워요', ''],
    ['ko', '안녕하세요 만나서 반가워요 저는 민수예요 지금 몇 시예요?', '지금 몇 시예요?'],
    ['ko', '저는 지우예요. 농담해 주세요.', '농담해 주세요.'],
    ['en', "hi, I'm Sam, how are you?", 'how are you?'],
    ['en', 'Hello my name is Anna nice to meet you', ''],
  ] as const)('%s: %s', (language, text, rest) => {
    expect(findIntroduction(text, language, false)?.rest).toBe(rest);
  });

  it('is answered after it, and both are remembered', async () => {
    const talk = openTalkTest({ language: 'en' });
    const { text, state } = await talk.say("hi, I'm Sam, how are you?");
    expect(text).toMatch(/^Nice to meet you, Sam\. \S/);
    expect(state.name).toBe('Sam');
    const korean = openTalkTest();
    const both = await korean.say('안녕하세요 저는 민수예요. 내 생일은 5월 3일이야');
    expect(both.text).toMatch(/^반가워요, 민수 님\..*생일은 5월 3일/);
    expect(both.state).toMatchObject({ name: '민수', facts: { 생일: '5월 3일' } });
    expect((await korean.say('저는 민수예요 지금 몇 시예요?')).text).toMatch(
      /민수 님.*오후 6시 5분이에요\.$/,
    );
  });

  it('that a language model answers costs no name', async () => {
    const asked: (string | null)[] = [];
    const talk = openTalkTest({
      model: {
        id: 'wise',
        async *answer({ name }) {
          asked.push(name);
          yield { provider: 'wise', text: '저도 궁금해요.' };
        },
      },
    });
    const { text, state } = await talk.say('저는 지우예요. 양자역학이 뭐예요?');
    expect(text).toBe('저도 궁금해요.');
    expect(state).toMatchObject({ name: '지우', mind: 'wise' });
    expect(asked).toEqual(['지우']);
  });

  it('of a feeling is comforted, and no name', async () => {
    const talk = openTalkTest();
    const { state, text } = await talk.say('저는 배고파요');
    expect(state.name).toBeNull();
    expect(text).not.toMatch(/님/);
  });
});
