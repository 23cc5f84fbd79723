import type { KioskAction, OrderStatus, PaymentStatus, UIActionData } from '@malbeot/protocol';
import { describe, expect, it } from 'vitest';
import { shippedMenu, startConversation, type Reply } from '../testing.ts';
import type { Payment } from './payment.ts';
import { readPaymentWish } from './payment-words.ts';
import type { Paying } from './paying.ts';

const menu = shippedMenu();
const SEEDS = Number(process.env['PAY_TURN_SEEDS'] ?? 60);
const TURNS = 50;

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

const WORDS = [
  '불고기버거 두 개 주세요',
  '콜라 하나 주세요',
  '아메리카노 하나요',
  '아이스요',
  '그게 다예요',
  '주문할게요',
  '주문할게요',
  '네',
  '네',
  '네 카드로 할게요',
  '아니요',
  '카드로 결제할게요',
  '카카오페이로 할게요',
  '현금으로 낼게요',
  '카운터에서 낼게요',
  '카드 돼요?',
  '카드나 현금이요',
  '카드 말고 현금으로 할게요',
  '결제됐어요?',
  '결제할게요',
  '취소',
  '카드 결제 취소',
  '전부 취소해 주세요',
  '처음부터 다시',
  '콜라 빼 주세요',
  '하나 더 주세요',
  '얼마예요',
  '직원 불러 주세요',
  '다시 말해 주세요',
  '영어로 해 주세요',
  '한국어로 해 주세요',
  '뀨뀨까까',
  'by card please',
  'yes',
];
const TAPS: readonly KioskAction[] = [
  { type: 'add', item_id: 'cola' },
  { type: 'confirm' },
  { type: 'confirm' },
  { type: 'confirm', read_back: 'rb_1' },
  { type: 'pay', method: 'card' },
  { type: 'pay', method: 'mobile_pay' },
  { type: 'pay', method: 'counter' },
  { type: 'pay', method: 'shells' },
  { type: 'cancel' },
  { type: 'clear' },
  { type: 'remove', line: 0 },
  { type: 'start_over' },
  { type: 'repeat' },
  { type: 'dine', where: 'out' },
];

const after: Readonly<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  pending: ['pending', 'approved', 'declined', 'reversing'],
  reversing: ['reversing', 'reversed'],
  approved: ['approved'],
  declined: ['declined'],
  reversed: ['reversed'],
  at_counter: ['at_counter'],
};

/** What brings an order nearer to its payment. */
const onwards: Readonly<Record<OrderStatus, readonly string[]>> = {
  draft: ['콜라 하나 주세요', '주문할게요', '그게 다예요', '카드로 결제할게요'],
  confirming: ['네', '네 카드로 할게요'],
  confirmed: ['카드로 할게요', '카카오페이로 할게요', '결제됐어요?'],
  paid: ['결제됐어요?', '콜라 하나 주세요'],
  cancelled: ['불고기버거 두 개 주세요'],
};

const paymentOf = (orderId: string, method: string): Payment => ({
  paymentId: `pay of ${orderId}`,
  orderId,
  method,
  terminal: 'faulty',
  amount: 0,
  status: method === 'counter' ? 'at_counter' : 'pending',
  failure: null,
  approvalCode: null,
  leaseUntil: 0,
  attempts: 0,
  createdAt: 0,
  updatedAt: 0,
});

const shown = <Type extends keyof UIActionData>({ actions }: Reply, type: Type) =>
  actions.find(({ action_type }) => action_type === type)?.data as UIActionData[Type] | undefined;
const standsStill = ({ order: { order_id, items, status } }: Reply) =>
  JSON.stringify([order_id, status, items.map(({ name: _name, ...line }) => line)]);

describe('any conversation where there is a terminal', () => {
  it.each(Array.from({ length: SEEDS }, (_, seed) => seed))('pays only as asked (seed %i)', async (seed) => {
    const random = seeded(seed);
    const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!;
    const kiosk = startConversation(menu);
    let payment = null as Payment | null;
    let before = null as Reply | null;
    for (let turn = 0; turn < TURNS; turn++) {
      if (payment !== null) payment = { ...payment, status: pick(after[payment.status]) };
      const methods = ['card', 'mobile_pay', 'counter'];
      kiosk.changePaying({ methods, simulated: false, payment } satisfies Paying);
      kiosk.changePace(pick([5, 400, 2_000]));
      const action = random() < 0.35 ? pick(TAPS) : null;
      const words = pick(random() < 0.4 ? onwards[before?.order.status ?? 'draft'] : WORDS);
      const what = `${action === null ? words : JSON.stringify(action)} (${payment?.status ?? 'no payment'})`;
      const reply: Reply = action === null ? await kiosk.say(words) : await kiosk.tap(action);
      const { effect, order } = reply;
      const wasPlaced = before?.order.status === 'confirmed' || before?.order.status === 'paid';
      const isOpen = payment?.status === 'pending' || payment?.status === 'reversing';

      expect(reply.message, what).not.toBe('');
      if (effect?.type === 'charge') {
        // Only a placed order that nothing is charged for, by a way that was tapped or clearly said.
        expect([order.status, order.order_id], what).toEqual(['confirmed', effect.orderId]);
        expect(isOpen || payment?.status === 'approved', what).toBe(false);
        if (!wasPlaced) expect(before?.order.status, what).toBe('confirming');
        const said = action === null ? readPaymentWish(words)?.type === 'pay' : action.type === 'pay';
        expect(said || before?.state.payMethod === effect.method, what).toBe(true);
        if (action?.type === 'pay') expect(effect.method, what).toBe(action.method);
      }
      if (effect?.type === 'cancel-payment') {
        expect([payment?.status, effect.orderId], what).toEqual(['pending', payment?.orderId]);
      }
      if (isOpen && order.order_id !== null) expect(standsStill(reply), what).toBe(standsStill(before!));
      if (isOpen && order.order_id === null) expect(/start_over|처음부터/.test(what), what).toBe(true);
      if (order.order_id !== null && wasPlaced) {
        expect(order.status === 'paid', what).toBe(payment?.status === 'approved');
      }
      const asked = shown(reply, 'show_payment');
      if (asked !== undefined) expect(asked.total_amount, what).toBe(order.total_amount);
      const receipt = shown(reply, 'show_receipt');
      if (receipt !== undefined) expect(receipt.paid, what).toBe(payment?.status === 'approved');

      if (effect?.type === 'charge') payment = paymentOf(effect.orderId, effect.method);
      else if (effect !== null && payment !== null) payment = { ...payment, status: 'reversing' };
      if (payment !== null && payment.orderId !== order.order_id) payment = null;
      before = reply;
    }
  });
});
