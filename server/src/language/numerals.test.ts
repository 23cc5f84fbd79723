import { numberToHangul, susa } from 'es-hangul';
import { describe, expect, it } from 'vitest';
import { countingWords, nativeWords, priceWords, sinoWords } from './number-words.ts';
import { numeralsAt, parseNumeral } from './numerals.ts';

describe('parseNumeral', () => {
  it('reads every native numeral that es-hangul writes, alone and before a counter', () => {
    for (let value = 1; value <= 99; value++) {
      expect(parseNumeral(susa(value)), susa(value)).toMatchObject({ value });
      expect(parseNumeral(susa(value, true)), susa(value, true)).toMatchObject({ value });
    }
  });

  it('reads every Sino-Korean numeral that es-hangul writes', () => {
    for (let value = 1; value < 20_000; value += value < 1_000 ? 1 : 37) {
      expect(parseNumeral(numberToHangul(value)), numberToHangul(value)).toMatchObject({
        value,
        system: 'sino',
      });
    }
  });

  it('reads back its own words, spaces or not', () => {
    for (let value = 1; value < 300_000_000; value = Math.ceil(value * 1.13)) {
      expect(parseNumeral(sinoWords(value)), sinoWords(value)).toMatchObject({ value });
      expect(parseNumeral(sinoWords(value).replaceAll(' ', ''))).toMatchObject({ value });
    }
    for (let value = 1; value <= 99; value++) {
      expect(parseNumeral(countingWords(value))).toMatchObject({ value });
      expect(parseNumeral(nativeWords(value))).toMatchObject({ value });
    }
  });

  it.each([
    ['12,500', 12_500],
    ['3', 3],
    ['2만', 20_000],
    ['영', 0],
    ['석', 3],
    ['넉', 4],
    ['백스물세', 123],
    ['스무', 20],
  ])('reads %s as %i', (text, value) => expect(parseNumeral(text)).toMatchObject({ value }));

  it.each(['', '버거', '두두', '십천', '하나둘', '이만만', '삼이'])('finds no number in %j', (text) =>
    expect(parseNumeral(text)).toBeNull(),
  );

  it('tells forms that want a counter from forms that stand alone', () => {
    expect(parseNumeral('두')).toMatchObject({ form: 'counting' });
    expect(parseNumeral('둘')).toMatchObject({ form: 'plain' });
    expect(parseNumeral('스무')).toMatchObject({ form: 'counting' });
  });

  it('gives every length, so that the sentence decides', () => {
    const values = numeralsAt('스물세트', 0).map(({ value, length }) => [value, length]);
    expect(values).toContainEqual([20, 2]);
    expect(values).toContainEqual([23, 3]);
  });
});

describe('number words', () => {
  it('says prices as people do', () => {
    expect(priceWords(12_500)).toBe('만 이천오백 원');
    expect(priceWords(0)).toBe('영 원');
    expect(priceWords(110_000)).toBe('십일만 원');
  });

  it('refuses what is no count', () => {
    for (const wrong of [-1, 1.5, Number.NaN, 2 ** 60]) expect(() => sinoWords(wrong)).toThrow(RangeError);
  });
});
