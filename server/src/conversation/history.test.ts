import { describe, expect, it } from 'vitest';
import { createHistory } from './history.ts';

const user = (text: string) => ({ role: 'user', text }) as const;
const assistant = (text: string) => ({ role: 'assistant', text }) as const;

describe('createHistory', () => {
  it('goes on from what was said before', () => {
    const history = createHistory([assistant('어서 오세요.'), user('안녕'), assistant('안녕하세요.')]);
    history.add({ user: '뭐 해?', assistant: '이야기해요.' });
    expect(history.said()).toEqual([
      assistant('어서 오세요.'),
      user('안녕'),
      assistant('안녕하세요.'),
      user('뭐 해?'),
      assistant('이야기해요.'),
    ]);
  });

  it('keeps of a reply what was heard', () => {
    const history = createHistory([]);
    history.add({ user: '노래해 줘', assistant: '동해물과 백두산이 마르고 닳도록' });
    history.correctLast('동해물과');
    expect(history.said()).toEqual([user('노래해 줘'), assistant('동해물과')]);
    history.correctLast('동해물과 백두산이');
    expect(history.said()).toEqual([user('노래해 줘'), assistant('동해물과 백두산이')]);
  });

  it('forgets a reply that nobody heard, and only that one', () => {
    const history = createHistory([]);
    history.add({ user: '하나', assistant: '일' });
    history.add({ user: '둘', assistant: '이' });
    history.correctLast('');
    history.add({ user: '아니 셋', assistant: '삼' });
    expect(history.said()).toEqual([
      user('하나'),
      assistant('일'),
      user('둘'),
      user('아니 셋'),
      assistant('삼'),
    ]);
  });

  it('corrects nothing where nothing was said, nor the turn before an empty one', () => {
    const history = createHistory([]);
    history.correctLast('일');
    expect(history.said()).toEqual([]);
    history.add({ user: '하나', assistant: '일' });
    history.add({ user: '', assistant: '' });
    history.correctLast('');
    expect(history.said()).toEqual([user('하나'), assistant('일')]);
  });

  it('keeps the last turns only, whole', () => {
    const before = Array.from({ length: 30 }, (_, turn) => [user(`물음 ${turn}`), assistant(`답 ${turn}`)]);
    const history = createHistory(before.flat());
    expect(history.said()).toHaveLength(40);
    expect(history.said()[0]).toEqual(user('물음 10'));
    for (let turn = 0; turn < 50; turn++) history.add({ user: `새 물음 ${turn}`, assistant: '' });
    expect(history.said()).toEqual(Array.from({ length: 20 }, (_, turn) => user(`새 물음 ${turn + 30}`)));
    expect(createHistory(before.flat(), 2).said()).toHaveLength(4);
  });

  it('hands out the same array until something changes, and never changes one that it handed out', () => {
    const history = createHistory([user('안녕')]);
    const before = history.said();
    expect(history.said()).toBe(before);
    history.add({ user: '또', assistant: '네' });
    expect(before).toEqual([user('안녕')]);
    expect(history.said()).not.toBe(before);
  });
});
