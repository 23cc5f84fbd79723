import type { KioskAction } from '@malbeot/protocol';
import { describe, expect, it } from 'vitest';
import { chosenIn } from './options.ts';
import { shippedMenu, startConversation, type Reply } from './testing.ts';

const menu = shippedMenu();

/** Numbers that look random and are the same every time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const ITEMS = [
  '불고기버거',
  '치즈버거 세트',
  '콜라',
  '사이다',
  '아메리카노',
  '카페라떼',
  '감자튀김',
  '초코선데이',
  '피자',
  '불고기 보고',
];
const AMOUNTS = ['하나', '두 개', '세 잔', '스무 개', '서른 개', '한두 개', '', '4개'];
const PHRASES = [
  '네',
  '아니요',
  '네 맞아요',
  '주문할게요',
  '그게 다예요',
  '됐어요',
  '아이스요',
  '따뜻한 거요',
  '하나는 핫 하나는 아이스',
  '하나 더 주세요',
  '콜라 빼 주세요',
  '그거 취소',
  '전부 취소해 주세요',
  '처음부터 다시',
  '콜라 말고 사이다로',
  '세트로 바꿔 주세요',
  '양파 빼 주세요',
  '두 개로 바꿔 주세요',
  '라지로요',
  '얼마예요',
  '콜라 있어요',
  '뭐 있어요',
  '직원 불러 주세요',
  '다시 말해 주세요',
  '영어로 해 주세요',
  '한국어로 해 주세요',
  '카드로 결제할게요',
  '포장이요',
  '뀨뀨까까',
  '네 콜라도 하나 주세요',
  'two cokes',
  'yes',
  'no',
];
const TAPS: readonly KioskAction[] = [
  { type: 'add', item_id: 'cola' },
  { type: 'add', item_id: 'americano', quantity: 2 },
  { type: 'add', item_id: 'nope' },
  { type: 'set_quantity', line: 0, quantity: 3 },
  { type: 'set_quantity', line: 1, quantity: 0 },
  { type: 'remove', line: 0 },
  { type: 'set_options', line: 0, options: { temperature: 'iced' } },
  { type: 'confirm' },
  { type: 'confirm' },
  { type: 'clear' },
  { type: 'cancel' },
  { type: 'start_over' },
  { type: 'pay', method: 'counter' },
  { type: 'pay', method: 'card' },
  { type: 'dine', where: 'in' },
  { type: 'repeat' },
  { type: 'call_staff' },
];

/** The sum as the menu has it, worked out apart from the order's own code. */
function recomputed({ order }: Reply): number {
  let sum = 0;
  for (const line of order.items) {
    let one = menu.items.find(({ item_id }) => item_id === line.item_id)!.price;
    for (const groupId of Object.keys(line.options)) {
      for (const chosen of chosenIn(line.options, groupId)) {
        one += menu.option_groups[groupId]!.choices.find(({ id }) => id === chosen)!.price;
      }
    }
    sum += one * line.quantity;
  }
  return sum;
}

/** The end of a read-back: the total and the question. */
function readBackOf({ order, state }: Reply): string {
  const total = order.total_amount.toLocaleString('en-US');
  return state.language === 'ko'
    ? `모두 ${total}원이에요. 이대로 주문할까요?`
    : `The total is ${total} won. Shall I place the order?`;
}

function contentOf({ order }: Reply): string {
  return JSON.stringify(order.items.map(({ name: _name, ...line }) => line));
}

const EMPTIES = /취소|처음부터|빼|네|맞아요|콜라 말고|yes/;

describe('any conversation', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))('keeps its promises (seed %i)', async (seed) => {
    const random = seeded(seed);
    const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!;
    const kiosk = startConversation(menu);
    let before: Reply | null = null;
    let readBack = '';
    for (let turn = 0; turn < 40; turn++) {
      const roll = random();
      const tapped = roll < 0.3 ? pick(TAPS) : null;
      const words = roll < 0.6 ? `${pick(ITEMS)} ${pick(AMOUNTS)} 주세요` : pick(PHRASES);
      const what = tapped === null ? words : JSON.stringify(tapped);
      const reply: Reply = tapped === null ? await kiosk.say(words) : await kiosk.tap(tapped);

      expect(reply.message, what).not.toBe('');
      expect(reply.order.total_amount, what).toBe(recomputed(reply));
      expect(
        reply.order.items.every(({ quantity }) => quantity >= 1),
        what,
      ).toBe(true);
      expect(reply.state.waiting.length, what).toBeLessThanOrEqual(8);
      const priorities = reply.actions.map(({ priority }) => priority);
      expect(priorities, what).toEqual([...priorities].sort((one, other) => other - one));

      const wasPlaced = before?.order.status === 'confirmed';
      if (reply.order.status === 'confirmed' && !wasPlaced) {
        // Only an order that was read back with its total, and that has not changed since, is placed.
        expect(before?.order.status, what).toBe('confirming');
        expect(contentOf(reply), what).toBe(readBack);
      }
      if (reply.message.includes(readBackOf(reply))) readBack = contentOf(reply);
      if (before?.order.status === 'confirming' && reply.order.status === 'confirming') {
        expect(reply.message, what).toContain(
          reply.state.language === 'ko' ? '이대로 주문할까요?' : 'Shall I place the order?',
        );
      }
      if (before !== null && before.order.items.length > 0 && reply.order.items.length === 0) {
        // A cart is only ever emptied by words or a tap that empty it.
        const emptied =
          tapped === null
            ? EMPTIES.test(words)
            : /remove|clear|cancel|start_over|set_quantity|confirm/.test(what);
        expect(emptied || wasPlaced, `${what} emptied the order`).toBe(true);
      }
      before = reply;
    }
  });
});
