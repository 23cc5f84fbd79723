import type { PaymentStatus, UIActionData } from '@malbeot/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { shippedMenu, startConversation, type Conversation, type Reply } from '../testing.ts';
import type { Payment } from './payment.ts';
import type { Paying } from './paying.ts';

const menu = shippedMenu();
const WITH_TERMINAL: Paying = { methods: ['card', 'mobile_pay', 'counter'], simulated: false, payment: null };

const paymentOf = (status: PaymentStatus, more: Partial<Payment> = {}): Payment => ({
  paymentId: 'pay_1',
  orderId: 'ord_1',
  method: 'card',
  terminal: 'faulty',
  amount: 10_900,
  status,
  failure: null,
  approvalCode: null,
  leaseUntil: 0,
  attempts: 0,
  createdAt: 0,
  updatedAt: 0,
  ...more,
});

const shown = <Type extends keyof UIActionData>({ actions }: Reply, type: Type) =>
  actions.find(({ action_type }) => action_type === type)?.data as UIActionData[Type] | undefined;
const chargeOf = (method: string) => ({ type: 'charge', orderId: 'ord_1', method });

let kiosk: Conversation;
beforeEach(() => {
  kiosk = startConversation(menu);
  kiosk.changePaying(WITH_TERMINAL);
});

/** An order that was read back and waits for its yes. */
async function readBack(): Promise<Reply> {
  await kiosk.say('불고기버거 두 개랑 콜라 하나 주세요');
  return kiosk.say('그게 다예요');
}
async function place(): Promise<Reply> {
  await readBack();
  return kiosk.say('네');
}
/** The next turn finds the payment like this. */
const stands = (status: PaymentStatus, more: Partial<Payment> = {}) =>
  kiosk.changePaying({ ...WITH_TERMINAL, payment: paymentOf(status, more) });

describe('placing where there is a terminal', () => {
  it('asks how to pay, and charges nothing by itself', async () => {
    const placed = await place();
    expect(placed.order.status).toBe('confirmed');
    expect(placed.message).toContain('10,900원은 어떻게 결제하시겠어요? 카드, 모바일 결제, 카운터 결제');
    expect(placed.effect).toBeNull();
    expect(shown(placed, 'show_receipt')).toBeUndefined();
    const action = placed.actions.find(({ action_type }) => action_type === 'show_payment');
    expect(action).toMatchObject({ requires_user_input: true, timeout_seconds: 300 });
    expect(shown(placed, 'show_payment')).toMatchObject({
      order_id: 'ord_1',
      total_amount: 10_900,
      payment_methods: ['card', 'mobile_pay', 'counter'],
      tax_amount: 991,
      service_charge: 0,
      discount_amount: 0,
      simulated: false,
      payment: null,
      order_summary: [{ item_id: 'bulgogi_burger' }, { item_id: 'cola' }],
    });
  });

  it('begins at once when the way was said before the yes', async () => {
    await kiosk.say('불고기버거 두 개랑 콜라 하나 주세요');
    const asked = await kiosk.say('카드로 결제할게요');
    expect([asked.order.status, asked.effect]).toEqual(['confirming', null]);
    const placed = await kiosk.say('네');
    expect(placed.effect).toEqual(chargeOf('card'));
    expect(placed.message).toContain('카드를 단말기에');
    expect(shown(placed, 'show_payment')).toBeDefined();
  });

  it.each([
    ['네 카드로 할게요', 'card'],
    ['카카오페이로 결제할게요', 'mobile_pay'],
    ['네 현금으로 할게요', 'counter'],
  ])('takes the way with the yes: %s', async (said, method) => {
    await readBack();
    const placed = await kiosk.say(said);
    expect(placed.order.status).toBe('confirmed');
    expect(placed.effect).toEqual(chargeOf(method));
    expect(shown(placed, 'show_receipt') !== undefined).toBe(method === 'counter');
  });

  it('does not place an order because somebody asks whether a card will do', async () => {
    await readBack();
    const asked = await kiosk.say('카드 돼요?');
    expect([asked.order.status, asked.effect]).toEqual(['confirming', null]);
    expect(asked.message).toContain('카드, 모바일 결제, 카운터 결제');
    const placed = await kiosk.say('네');
    expect(placed.effect).toBeNull();
  });

  it('forgets the way with the order it was said for', async () => {
    await kiosk.say('콜라 하나');
    await kiosk.say('카드로 할게요');
    await kiosk.say('처음부터 다시');
    const placed = await place();
    expect([placed.order.status, placed.effect]).toEqual(['confirmed', null]);
  });

  it('reads back again, and does not charge, when something changes after the way was said', async () => {
    await kiosk.say('콜라 하나');
    await kiosk.say('카드로 결제할게요');
    const changed = await kiosk.say('네 사이다도 하나요');
    expect([changed.order.status, changed.effect]).toEqual(['confirming', null]);
  });

  it('says in every text that nothing moves where it is simulated', async () => {
    kiosk.changePaying({ ...WITH_TERMINAL, simulated: true });
    expect((await place()).message).toContain('모의 결제');
    expect((await kiosk.say('카드요')).message).toContain('모의 결제');
    for (const status of ['pending', 'declined'] as const) {
      kiosk.changePaying({ ...WITH_TERMINAL, simulated: true, payment: paymentOf(status) });
      expect((await kiosk.say('결제됐어요?')).message, status).toContain('모의 결제');
    }
    kiosk.changePaying({ ...WITH_TERMINAL, simulated: true, payment: paymentOf('approved') });
    expect((await kiosk.say('결제됐어요?')).message).toContain('모의 결제');
  });

  it('speaks English to those who ask for it', async () => {
    await kiosk.say('English please');
    await kiosk.say('two cokes');
    await kiosk.say("that's all");
    const placed = await kiosk.say('yes');
    expect(placed.message).toContain(
      'How would you like to pay 3,800 won: card, mobile payment or payment at the counter?',
    );
    const begun = await kiosk.say('by card please');
    expect(begun.effect).toEqual(chargeOf('card'));
    expect(begun.message).toBe('That is 3,800 won by card. Please insert or tap your card.');
    stands('pending');
    expect((await kiosk.say('cancel the payment')).effect).toEqual({
      type: 'cancel-payment',
      orderId: 'ord_1',
    });
  });
});

describe('an order that waits to be paid for', () => {
  beforeEach(async () => void (await place()));

  it.each([
    ['카드로 할게요', 'card'],
    ['카카오페이로', 'mobile_pay'],
    ['현금으로 낼게요', 'counter'],
    ['카운터에서 결제할게요', 'counter'],
    ['카드 말고 현금으로 할게요', 'counter'],
  ])('begins by the customer’s words: %s', async (said, method) => {
    const begun = await kiosk.say(said);
    expect(begun.effect).toEqual(chargeOf(method));
    expect(shown(begun, method === 'counter' ? 'show_receipt' : 'show_payment')).toBeDefined();
  });

  it.each(['card', 'mobile_pay', 'counter'])('begins by a tap on %s', async (method) => {
    expect((await kiosk.tap({ type: 'pay', method })).effect).toEqual(chargeOf(method));
  });

  it.each([
    '네',
    '결제할게요',
    '카드 돼요?',
    '카드나 현금으로',
    '카드 결제 취소',
    '쿠폰 쓸게요',
    '뀨뀨까까',
    '콜라 하나 더 주세요',
    '불고기버거 빼 주세요',
    '직원 불러 주세요',
    '다시 말해 주세요',
    '더 크게 말해 주세요',
    '됐어요',
  ])('begins nothing, changes nothing and keeps asking: %s', async (said) => {
    const reply = await kiosk.say(said);
    expect(reply.effect).toBeNull();
    expect(reply.order).toMatchObject({ status: 'confirmed', order_id: 'ord_1', item_count: 3 });
    expect(shown(reply, 'show_payment')).toMatchObject({ payment: null, total_amount: 10_900 });
  });

  it('takes nothing new before it is paid, and says so', async () => {
    expect((await kiosk.say('콜라 하나 더 주세요')).message).toContain('결제를 먼저');
    const tapped = await kiosk.tap({ type: 'add', item_id: 'cola' });
    expect(tapped.message).toContain('결제를 먼저');
    expect(tapped.order.item_count).toBe(3);
  });

  it('names what is possible when something else is tapped', async () => {
    const refused = await kiosk.tap({ type: 'pay', method: 'shells' });
    expect(refused.effect).toBeNull();
    expect(shown(refused, 'show_error')).toMatchObject({ error_code: 'payment_error' });
    expect(refused.message).toContain('카드, 모바일 결제, 카운터 결제');
  });

  it('still calls staff, changes language and repeats', async () => {
    const called = await kiosk.say('직원 불러 주세요');
    expect(called.actions[0]!.action_type).toBe('call_staff');
    expect((await kiosk.tap({ type: 'call_staff' })).actions[0]!.action_type).toBe('call_staff');
    const english = await kiosk.say('영어로 해 주세요');
    expect(english.message).toContain('How would you like to pay');
    expect((await kiosk.tap({ type: 'repeat' })).message).toContain('How would you like to pay');
  });

  it('repeats how the payment stands, not what was said of it before', async () => {
    await kiosk.say('카드로 할게요');
    stands('declined');
    expect((await kiosk.say('다시 말해 주세요')).message).toContain('승인되지 않았어요');
    stands('approved');
    expect((await kiosk.say('다시 말해 주세요')).message).toContain('결제가 끝났어요');
  });

  it('is left by starting over', async () => {
    const over = await kiosk.say('처음부터 다시 할게요');
    expect(over.order).toMatchObject({ status: 'draft', order_id: null, item_count: 0 });
    expect(over.effect).toBeNull();
  });
});

describe('while the terminal waits', () => {
  beforeEach(async () => {
    await place();
    await kiosk.say('카드로 할게요');
    stands('pending');
  });

  it.each([
    '결제됐어요?',
    '카드로 할게요',
    '카카오페이로 할게요',
    '네',
    '콜라 하나 더 주세요',
    '뭐라고요',
    '아무 말 대잔치',
  ])('tells that it waits, and begins no second one: %s', async (said) => {
    const reply = await kiosk.say(said);
    expect(reply.effect).toBeNull();
    expect(reply.message).not.toBe('');
    expect(shown(reply, 'show_payment')!.payment).toEqual({
      payment_id: 'pay_1',
      status: 'pending',
      method: 'card',
    });
  });

  it('begins no second one by taps either', async () => {
    for (const action of [
      { type: 'pay', method: 'card' },
      { type: 'pay', method: 'mobile_pay' },
      { type: 'confirm' },
      { type: 'add', item_id: 'cola' },
      { type: 'repeat' },
      { type: 'call_staff' },
    ] as const) {
      const reply = await kiosk.tap(action);
      expect(reply.effect, action.type).toBeNull();
      expect(shown(reply, 'show_payment')!.payment, action.type).toMatchObject({ status: 'pending' });
    }
  });

  it.each([
    '취소',
    '결제 취소해 주세요',
    '그만할게요',
    '카드 결제 취소',
    '카운터에서 낼게요',
    '현금으로 낼게요',
  ])('is called off by words: %s', async (said) => {
    const reply = await kiosk.say(said);
    expect(reply.effect).toEqual({ type: 'cancel-payment', orderId: 'ord_1' });
    expect(reply.message).toContain('취소하고 있어요');
    expect(shown(reply, 'show_payment')!.payment).toMatchObject({ status: 'reversing' });
    expect(reply.order.status).toBe('confirmed');
  });

  it.each([{ type: 'cancel' }, { type: 'clear' }, { type: 'pay', method: 'counter' }] as const)(
    'is called off by a tap: %j',
    async (action) => {
      expect((await kiosk.tap(action)).effect).toEqual({ type: 'cancel-payment', orderId: 'ord_1' });
    },
  );

  it('is called off when the customer starts over: who comes next does not pay for it', async () => {
    const over = await kiosk.tap({ type: 'start_over' });
    expect(over.effect).toEqual({ type: 'cancel-payment', orderId: 'ord_1' });
    expect(over.order.order_id).toBeNull();
  });
});

describe('when it is decided', () => {
  beforeEach(async () => {
    await place();
    await kiosk.say('카드로 할게요');
  });

  it('is paid, with a receipt', async () => {
    stands('approved');
    const reply = await kiosk.say('결제됐어요?');
    expect(reply.order.status).toBe('paid');
    expect(reply.message).toContain('10,900원 결제가 끝났어요');
    expect(shown(reply, 'show_receipt')).toMatchObject({ paid: true, payment_method: 'card' });
    expect(shown(reply, 'update_order')).toMatchObject({ order: { status: 'paid' } });
    for (const again of ['카드로 할게요', '카카오페이로'] as const)
      expect((await kiosk.say(again)).effect, again).toBeNull();
    expect((await kiosk.tap({ type: 'pay', method: 'card' })).effect).toBeNull();
    expect((await kiosk.say('전부 취소해 주세요')).order.item_count).toBe(3);
    expect((await kiosk.say('콜라 하나 더 주세요')).order).toMatchObject({ status: 'draft', item_count: 1 });
  });

  it.each([
    ['declined', { failure: 'declined' }, '승인되지 않았어요'],
    ['declined', { failure: 'terminal_unavailable' }, '단말기를 쓸 수 없어요'],
    ['reversed', { failure: 'timeout' }, '시간이 지나서'],
    ['reversed', { failure: 'answer_lost' }, '되돌렸어요'],
    ['reversed', { failure: 'cancelled' }, '취소했어요'],
  ] as const)('%s (%j): says why, and begins anew', async (status, more, told) => {
    stands(status, more);
    const reply = await kiosk.say('결제됐어요?');
    expect(reply.message).toContain(told);
    expect(reply.message).toContain('어떻게 결제하시겠어요?');
    expect((await kiosk.say('카카오페이로')).effect).toEqual(chargeOf('mobile_pay'));
  });

  it('waits while it is not certain, and tells when the staff come', async () => {
    stands('reversing', { failure: 'answer_lost', attempts: 1 });
    for (const said of ['결제됐어요?', '카드로 할게요', '취소', '카운터에서 낼게요'] as const) {
      const reply = await kiosk.say(said);
      expect([reply.effect, shown(reply, 'show_payment')!.payment?.status], said).toEqual([
        null,
        'reversing',
      ]);
      expect(reply.message, said).toContain('되돌리고 있어요');
    }
    stands('reversing', { failure: 'answer_lost', attempts: 5 });
    expect((await kiosk.say('결제됐어요?')).message).toContain('직원을 불렀어요');
  });

  it('goes on at the desk, and back to the terminal', async () => {
    stands('at_counter', { method: 'counter' });
    const reply = await kiosk.say('결제할게요');
    expect(reply.message).toContain('카운터');
    expect(shown(reply, 'show_receipt')).toMatchObject({ paid: false, payment_method: 'counter' });
    expect((await kiosk.say('카드로 할게요')).effect).toEqual(chargeOf('card'));
  });
});
