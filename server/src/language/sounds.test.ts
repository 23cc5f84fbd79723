import { describe, expect, it } from 'vitest';
import { normaliseUtterance } from './normalise.ts';
import { fromPhonemes, toPhonemes } from './phonemes.ts';
import { encodeSounds, findSound, soundDistance } from './sound-distance.ts';
import { toSpokenText } from './spoken-text.ts';

const row = (text: string) => encodeSounds(toPhonemes(text));
const symbols = (text: string) => toPhonemes(text).map(({ symbol }) => symbol);

describe('toPhonemes', () => {
  it('does not tell a liaison from the spelling', () => {
    expect(symbols('튀김이')).toEqual(symbols('튀기미'));
    expect(symbols('그러면 얼그레이')).toEqual(symbols('그러며널그레이'));
  });

  it('names the syllable of each sound', () => {
    expect(toPhonemes('콜라').map(({ syllable }) => syllable)).toEqual([0, 0, 0, 1, 1]);
  });

  it('is written as syllables again', () => {
    for (const text of ['불고기버거', '콜라', '사이다', '강아지', '이인분'])
      expect(fromPhonemes(symbols(text))).toBe(text);
    expect(fromPhonemes([])).toBe('');
    expect(fromPhonemes(['ㄱ'])).toBe('');
  });
});

describe('soundDistance', () => {
  it('is 0 for the same, symmetric, and small for what is often misheard', () => {
    const burger = row('불고기버거');
    expect(soundDistance(burger, burger)).toBe(0);
    const near = soundDistance(burger, row('불고기보고'));
    expect(near).toBe(soundDistance(row('불고기보고'), burger));
    expect(near).toBeLessThan(soundDistance(burger, row('치즈버거')));
    expect(soundDistance(row('새우'), row('세우'))).toBeLessThan(0.2);
  });
});

describe('findSound', () => {
  it('finds a name inside what was heard', () => {
    const heard = symbols('그러며널그레이담아줘');
    const hit = findSound(row('얼그레이'), row('그러며널그레이담아줘'))!;
    expect(hit.cost).toBe(0);
    expect(fromPhonemes(heard.slice(0, hit.start))).toBe('그러면');
    expect(fromPhonemes(heard.slice(hit.end))).toBe('다마줘');
  });
});

describe('normaliseUtterance', () => {
  it('drops spaces, punctuation, stray jamo and separators, and remembers where words began', () => {
    const { compact, breaks } = normaliseUtterance(' 콜라 2개,ᅥ 12,500원! ');
    expect(compact).toBe('콜라2개12500원');
    expect(breaks.map(Number).join('')).toBe('10101000001');
    expect(normaliseUtterance('!?')).toEqual({ compact: '', breaks: [true] });
  });
});

describe('toSpokenText', () => {
  it.each([
    ['모두 12,500원이에요.', '모두 만 이천오백 원이에요.'],
    ['불고기버거 2개, 콜라 1개', '불고기버거 두 개, 콜라 한 개'],
    ['아메리카노(아이스) 20잔', '아메리카노, 아이스, 스무 잔'],
    ['주문번호 12번', '주문번호 십이번'],
    ['3인분', '삼인분'],
    ['‘콜라’ 21개?', '콜라 스물한 개?'],
  ])('%s', (text, spoken) => expect(toSpokenText(text)).toBe(spoken));
});
