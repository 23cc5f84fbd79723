import { describe, expect, it } from 'vitest';
import { seededRandom } from '../audio/testing/random.ts';
import { wordSpans } from './word-spans.ts';

const weights = (text: string) => wordSpans(text).map(({ weight }) => weight);

describe('wordSpans', () => {
  it('finds every word where it stands', () => {
    const text = '  네,  알겠습니다.\n👍 "콜라" 두 개요? ';
    const spans = wordSpans(text);
    expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual([
      '네,',
      '알겠습니다.',
      '👍',
      '"콜라"',
      '두',
      '개요?',
    ]);
    expect(wordSpans('')).toEqual([]);
    expect(wordSpans(' \n ')).toEqual([]);
  });

  it('weighs Korean by its syllables', () => {
    expect(weights('오늘 아메리카노 한 잔')).toEqual([2, 5, 1, 1]);
  });

  it.each([
    ['10,900원', 4],
    ['만구백원', 4],
    ['12,500원입니다', 9],
    ['2개', 2],
    ['20잔', 3],
    ['3.5점', 4],
    ['100%', 4],
    ['2026년', 6],
  ])('weighs numbers as they are read in Korean: %s', (text, syllables) => {
    expect(weights(`가 ${text}`)[1]).toBe(syllables);
  });

  it.each([
    ['10,900', 6],
    ['7', 2],
    ['21', 3],
    ['1.5', 3],
    ['0', 2],
    ['007', 6],
    ['2,000,000', 3],
  ])('and in English: %s', (text, syllables) => {
    expect(weights(text)).toEqual([syllables]);
  });

  it('spells capitals out, and says other Latin words', () => {
    expect(weights('KTX 타고')[0]).toBe(5);
    expect(weights('the USA')).toEqual([1, 3]);
    expect(weights('a beautiful large cake')).toEqual([1, 3, 1, 1]);
  });

  it('adds the pause to the word before it, but not at the very end', () => {
    const [word, pauseAtComma, pauseAtEnd, last] = weights('네 네, 네. 네.');
    expect(pauseAtComma).toBeGreaterThan(word!);
    expect(pauseAtEnd).toBeGreaterThan(pauseAtComma!);
    expect(last).toBe(word);
  });

  it('gives everything a weight, so that shares of it can be taken', () => {
    for (const text of ['👍', '…', '-', '👍 👍', '漢字', '"', 'x', '1'.repeat(400)]) {
      for (const weight of weights(text)) expect(weight).toBeGreaterThan(0);
    }
  });

  it('covers all but the white space, in order', () => {
    const letters = ['가', '나다', ' ', '\n', '1', ',', '.', 'ab', '👍', '원', '%', '(', 'É'];
    for (let seed = 0; seed < 200; seed++) {
      const random = seededRandom(seed);
      const text = Array.from({ length: 40 }, () => letters[Math.floor(random() * letters.length)]).join('');
      const spans = wordSpans(text);
      expect(spans.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text.replaceAll(/\s/g, ''));
      for (const [index, { start, end, weight }] of spans.entries()) {
        expect(end).toBeGreaterThan(start);
        expect(start).toBeGreaterThanOrEqual(spans[index - 1]?.end ?? 0);
        expect(Number.isFinite(weight) && weight > 0).toBe(true);
      }
    }
  });
});
