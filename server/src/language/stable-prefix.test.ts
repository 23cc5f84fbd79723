import { describe, expect, it } from 'vitest';
import { seededRandom } from '../audio/testing/random.ts';
import { createStablePrefix } from './stable-prefix.ts';

const stableOf = (...partials: readonly string[]) => {
  const prefix = createStablePrefix();
  return partials.map((partial) => prefix.push(partial).stable);
};

describe('createStablePrefix', () => {
  it('trusts a word when two partials agree and two words follow, or three and one follows', () => {
    expect(stableOf('콜라', '콜라 하나', '콜라 하나 주세요', '콜라 하나 주세요 그리고')).toEqual([
      '',
      '',
      '콜라',
      '콜라 하나',
    ]);
    expect(stableOf('콜라 하나 주', '콜라 하나 주세요')).toEqual(['', '콜라']);
  });

  it('never trusts the last word', () => {
    expect(stableOf('네', '네 네', '네 네 네').at(-1)).toBe('네');
    expect(stableOf('콜라', '콜라', '콜라', '콜라')).toEqual(['', '', '', '']);
  });

  it('takes no repetition for evidence', () => {
    expect(stableOf('콜라 하나 주세요', '콜라 하나 주세요', '콜라 하나 주세요')).toEqual(['', '', '']);
  });

  it('does not mind punctuation, capitals and spaces that come later', () => {
    expect(stableOf('i want a burger', 'I want a burger,', 'I want a burger, and')).toEqual([
      '',
      'I want',
      'I want a',
    ]);
    expect(stableOf('불고기 버거 두 개', '불고기버거 두 개 주세요').at(-1)).toBe('불고기버거 두');
  });

  it('does not take the head of a word for a word', () => {
    expect(stableOf('사이다', '사이 다른 것 하나', '사이 다른 것 하나 더').at(-1)).toBe('사이 다른 것');
    expect(stableOf('사이', '사이 다').at(-1)).toBe('');
  });

  it('gives up what the ears contradict, and trusts nothing after it', () => {
    const prefix = createStablePrefix();
    prefix.push('콜라 두 잔 주');
    expect(prefix.push('콜라 두 잔 주세요')).toEqual({ text: '콜라 두 잔 주세요', stable: '콜라 두' });
    expect(prefix.push('콜라 세 잔 주세요')).toEqual({ text: '콜라 세 잔 주세요', stable: '콜라' });
    for (const more of ['', ' 그리고', ' 그리고 사이다', ' 그리고 사이다 하나']) {
      expect(prefix.push(`콜라 세 잔 주세요${more}`).stable).toBe('콜라');
    }
  });

  it('begins with nothing', () => {
    expect(createStablePrefix().push('')).toEqual({ text: '', stable: '' });
    expect(createStablePrefix().push('  ')).toEqual({ text: '', stable: '' });
  });

  it('is always a prefix that ends with a word, and grows while nobody contradicts it', () => {
    const vocabulary = [
      '콜라',
      '하나',
      '두',
      '잔',
      '주세요',
      '그리고',
      '사이다',
      '네,',
      'burger',
      '2개',
      '👍',
    ];
    for (let seed = 0; seed < 300; seed++) {
      const random = seededRandom(seed);
      const pick = () => vocabulary[Math.floor(random() * vocabulary.length)]!;
      const prefix = createStablePrefix();
      const words: string[] = [];
      let before = '';
      for (let step = 0; step < 30; step++) {
        words.push(pick());
        // What the ears revise is the last word or two.
        if (random() < 0.3) words.splice(-2, 1, pick());
        const { text, stable } = prefix.push(words.join(' '));
        expect(text).toBe(words.join(' '));
        expect(text.startsWith(stable)).toBe(true);
        expect(stable === '' || /^(?:\s|$)/.test(text.slice(stable.length))).toBe(true);
        expect(stable.trimEnd()).toBe(stable);
        if (text.startsWith(before)) expect(stable.length).toBeGreaterThanOrEqual(before.length);
        else expect(before.length).toBeGreaterThan(stable.length);
        before = stable;
      }
    }
  });

  it('never comes back to what was contradicted', () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = seededRandom(seed);
      const prefix = createStablePrefix();
      let most = Number.POSITIVE_INFINITY;
      let before = '';
      for (let step = 0; step < 40; step++) {
        const length = 3 + Math.floor(random() * 5);
        const text = Array.from({ length }, () => (random() < 0.85 ? '가' : '나')).join(' ');
        const { stable } = prefix.push(text);
        if (!stable.startsWith(before)) most = Math.min(most, stable.length);
        expect(stable.length).toBeLessThanOrEqual(most);
        before = stable;
      }
    }
  });
});
