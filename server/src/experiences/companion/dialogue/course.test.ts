import { messages } from '@malbeot/protocol/messages';
import { describe, expect, it } from 'vitest';
import { sentencesOf, unheardOf } from './heard-part.ts';
import { EVENING, openTalkTest } from './testing.ts';

const HOUR_MS = 60 * 60_000;
const lamp = messages['companion.story.lamp'].ko;

describe('greetings', () => {
  it.each([
    [-10, 'companion.greeting.morning'],
    [-6, 'companion.greeting.day'],
    [0, 'companion.greeting.evening'],
    [5, 'companion.greeting.night'],
    [9, 'companion.greeting.night'],
  ] as const)('%d hours from six in the evening', async (hours, key) => {
    const { text } = await openTalkTest({ now: EVENING + hours * HOUR_MS }).say('안녕하세요');
    expect(messages[key].ko.split(' | ')).toContain(text);
  });

  it('greet once; then a hello is a call', async () => {
    const talk = openTalkTest();
    await talk.say('안녕');
    expect(messages['companion.greeting.again'].ko.split(' | ')).toContain((await talk.say('안녕')).text);
  });
});

describe('a reply', () => {
  it('comes sentence by sentence, and begins with a short one', async () => {
    const { deltas, text } = await openTalkTest().say('옛날이야기 해 줘');
    expect(deltas.length).toBeGreaterThanOrEqual(7);
    expect(deltas[0]!.length).toBeLessThan(20);
    expect(deltas.join('')).toBe(text);
    expect(deltas.slice(1).every((delta) => /^ \S/.test(delta))).toBe(true);
  });

  it('is never worded the same twice in a row', async () => {
    for (const draws of [[0], [1], [2, 0, 1], [250]]) {
      const talk = openTalkTest({ draws });
      for (const said of ['블라블라', '고마워', '너무 슬퍼', '농담해 줘', '양자역학이 뭐야?']) {
        let last = '';
        for (let time = 0; time < 5; time++) {
          const { text } = await talk.say(said);
          expect(text).not.toBe(last);
          last = text;
        }
      }
    }
  });

  it('comes with a feeling where the words have one', async () => {
    expect((await openTalkTest().say('너무 슬퍼')).emotions).toEqual(['sadness']);
    expect((await openTalkTest().say('합격했어!')).emotions).toEqual(['joy']);
    expect((await openTalkTest().say('몇 시야?')).emotions).toEqual([]);
  });

  it('to what can not wait names whom to call', async () => {
    expect((await openTalkTest().say('자살하고 싶어')).text).toContain('109');
    expect((await openTalkTest().say('숨을 못 쉬겠어')).text).toContain('119');
    const { text } = await openTalkTest({ language: 'en' }).say('I want to kill myself');
    expect(text).toContain('local emergency number');
  });

  it.each(['웃겨 죽겠어', '배고파 죽겠네', '더워 죽겠다'])('takes %s for no danger', async (said) => {
    expect((await openTalkTest().say(said)).text).not.toMatch(/109|119/);
  });
});

describe('what was said before', () => {
  it('is known: names, facts and words', async () => {
    const talk = openTalkTest();
    await talk.say('음, 내 이름은 박민지예요');
    await talk.say('내 강아지 이름은 초코야');
    await talk.say('어제 친구랑 바다에 갔어');
    expect((await talk.say('내 이름 기억해?')).text).toContain('박민지 님');
    expect((await talk.say('내 강아지 이름이 뭐라고 했지?')).text).toContain('초코라고');
    expect((await talk.say('내가 처음에 뭐라고 했어?')).text).toContain('내 이름은 박민지예요');
    expect((await talk.say('우리 무슨 얘기 했지?')).text).toMatch(/얘기를 했어요/);
  });

  it('answers the question that was asked', async () => {
    const talk = openTalkTest();
    await talk.say('내 이름이 뭐야?');
    expect((await talk.say('민지')).state.name).toBe('민지');
    await talk.say('내 이름이 뭐야?');
    expect((await talk.say('비밀이야')).state.name).toBe('민지');
    await talk.say('심심해');
    expect((await talk.say('응')).text).toBe(lamp);
    await talk.say('심심해');
    const declined = messages['companion.offer.declined'].ko.split(' | ');
    expect(declined).toContain((await talk.say('아니')).text);
  });

  it('plays a hand', async () => {
    const talk = openTalkTest({ draws: [0] });
    await talk.say('가위바위보');
    // What is drawn first is a rock.
    expect((await talk.say('보')).text).toBe('저는 바위! 이기셨어요. 한 판 더 할까요?');
    expect((await talk.say('가위')).text).toBe('저는 바위! 제가 이겼네요. 한 판 더 할까요?');
    expect((await talk.say('바위')).text).toBe('저도 바위! 비겼어요. 다시 내 보세요.');
  });

  it('is repeated whole, however often', async () => {
    const talk = openTalkTest();
    await talk.say('몇 시야?', { heard: 3 });
    expect((await talk.say('뭐라고?')).text).toBe('네, 다시 말씀드릴게요. 지금은 오후 6시 5분이에요.');
    expect((await talk.say('다시 말해 줘')).text).toBe('네, 다시 말씀드릴게요. 지금은 오후 6시 5분이에요.');
  });

  it('tells another story each time', async () => {
    const talk = openTalkTest();
    const told = new Set<string>();
    for (let time = 0; time < 3; time++) told.add((await talk.say('옛날이야기 해 줘')).text);
    expect(told.size).toBe(3);
  });

  it('is forgotten where it was left by another version', async () => {
    const talk = openTalkTest();
    expect((await talk.say('계속해')).text).toBe(messages['companion.continue.nothing'].ko);
  });
});

describe('a person who cuts in', () => {
  const heard = lamp.indexOf('어느 날 밤') + 8;

  it('hears on from the sentence in which they cut in', async () => {
    const talk = openTalkTest();
    await talk.say('옛날이야기 해 줘', { heard });
    await talk.say('잠깐만');
    await talk.say('지금 몇 시야?');
    const { text, state } = await talk.say('계속해 줘');
    expect(text).toBe(`네, 이어서 할게요. ${lamp.slice(lamp.indexOf('어느 날 밤'))}`);
    expect(state.unheard).toBeNull();
    expect((await talk.say('계속해 줘')).text).toBe(messages['companion.continue.nothing'].ko);
  });

  it('may do so twice', async () => {
    const talk = openTalkTest();
    await talk.say('옛날이야기 해 줘', { heard });
    const again = await talk.say('계속', { heard: 60 });
    const { text } = await talk.say('이어서 해 줘');
    expect(lamp.endsWith(text.replace('네, 계속할게요. ', ''))).toBe(true);
    expect(text.length).toBeLessThan(again.text.length);
  });

  it('before the first word hears all of it', async () => {
    const talk = openTalkTest();
    await talk.say('옛날이야기 해 줘', { heard: 0 });
    expect((await talk.say('계속해')).text).toBe(`네, 이어서 할게요. ${lamp}`);
  });
});

describe('unheardOf', () => {
  const said = '하나예요. 둘이에요. 그리고 이것이 세 번째 문장이에요. 끝이에요, 정말로.';

  it.each<[string, string | null]>([
    ['', said],
    ['하나', said],
    ['하나예요.', said.slice(said.indexOf('둘'))],
    ['하나예요. 둘이에요', said.slice(said.indexOf('그리고'))],
    ['하나예요. 둘이에요. 그리고 이것', said.slice(said.indexOf('그리고'))],
    ['하나예요.  둘이에요 그리고 이것이', said.slice(said.indexOf('그리고'))],
    [said, null],
    ['그런 말은 한 적이 없어요', null],
  ])('%j', (heard, rest) => {
    expect(unheardOf(said, heard)).toBe(rest);
  });

  it('cuts sentences that are the text again', () => {
    expect(sentencesOf('2.5예요. “그래요?” 네!')).toEqual(['2.5예요.', '“그래요?”', '네!']);
  });
});

describe('messages', () => {
  it('are stories long enough to cut into', () => {
    for (const key of ['lamp', 'persimmon', 'star'] as const) {
      const { ko, en } = messages[`companion.story.${key}`];
      expect(sentencesOf(ko).length).toBeGreaterThanOrEqual(7);
      expect(sentencesOf(en).length).toBeGreaterThanOrEqual(7);
    }
  });

  it('begin with a short sentence', () => {
    for (const [key, { ko }] of Object.entries(messages)) {
      if (!/^companion\.(?:feeling|greeting|thanks|cannot|story|joke|unknown|reflect)/.test(key)) continue;
      for (const wording of ko.split(' | ')) expect(sentencesOf(wording)[0]!.length).toBeLessThanOrEqual(32);
    }
  });
});
