import { describe, expect, it } from 'vitest';

import { kioskReducer, type KioskEvent } from './kiosk-reducer.ts';
import type { KioskState } from './kiosk-state.ts';
import { answerOf, orderItem, orderOf, readyState, show, updateOrder } from './testing.ts';

const after = (state: KioskState, ...events: readonly KioskEvent[]) => events.reduce(kioskReducer, state);
const answer = (response: ReturnType<typeof answerOf>, nowMs = 0): KioskEvent => ({
  type: 'answer',
  response,
  nowMs,
});
const said = ({ talk }: KioskState) => talk.map(({ from, text }) => `${from}: ${text}`);

const order = orderOf([orderItem('콜라', 1900)]);
const confirmation = show(
  'show_confirmation',
  {
    kind: 'order',
    question: '이대로 주문할까요?',
    order,
    lines: [],
    dine: null,
    read_back: 'rb_1',
    replies: [{ label: '네', send: { action: { type: 'confirm', read_back: 'rb_1' } } }],
  },
  30,
);
const payment = (status: 'pending' | 'reversing' | null) =>
  show('show_payment', {
    order_id: 'ord_1',
    order_number: 7,
    total_amount: 1900,
    payment_methods: ['card', 'counter'],
    order_summary: order.items,
    tax_amount: 173,
    service_charge: 0,
    discount_amount: 0,
    simulated: true,
    payment: status === null ? null : { payment_id: 'pay_1', status, method: 'card' },
  });
const receipt = {
  order_id: 'ord_1',
  order_number: 7,
  order: orderOf(order.items, 'paid'),
  lines: [],
  dine: null,
  payment_method: 'card',
  paid: true,
} as const;

describe('talk', () => {
  it('shows words at once, and what was heard of a sound in place of its name', () => {
    const sent = after(readyState(), { type: 'turn-start', said: '소리 a.wav' });
    expect(sent.waiting).toBe(1);
    expect(said(sent)).toEqual(['customer: 소리 a.wav']);
    const heard = after(sent, answer(answerOf('담았어요.', { transcript: '콜라 하나' })));
    expect(heard.waiting).toBe(0);
    expect(said(heard)).toEqual(['customer: 콜라 하나', 'kiosk: 담았어요.']);
  });

  it('tells a refusal with what can be done about it', () => {
    const error = {
      error_code: 'speech_recognition_error',
      error_message: '다시 한 번 말씀해 주세요',
      recovery_actions: ['글자로 주문해 주세요'],
      details: {},
      timestamp: '',
    } as const;
    const state = after(
      readyState(),
      answer(answerOf('다시 한 번 말씀해 주세요', { success: false, error_info: error })),
    );
    expect(said(state)).toEqual(['problem: 다시 한 번 말씀해 주세요 · 글자로 주문해 주세요']);
  });

  it('is bounded, and never what a terminal would obey', () => {
    let state = readyState();
    for (let turn = 0; turn < 100; turn++) state = after(state, { type: 'notice', text: `${turn}\u001B[2J` });
    expect(state.talk).toHaveLength(30);
    expect(said(state).at(-1)).toBe('notice: 99 [2J');
  });
});

describe('questions', () => {
  const asked = after(
    readyState(),
    answer(answerOf('확인할게요.', { order_data: order, ui_actions: [confirmation] }), 1000),
  );

  it('stand until an answer changes something', () => {
    expect(asked.question?.type).toBe('confirmation');
    expect(after(asked, answer(answerOf('직원을 불렀어요.'))).question).not.toBeNull();
    const more = orderOf([orderItem('콜라', 1900, 2)]);
    expect(after(asked, answer(answerOf('바꿨어요.', { order_data: more }))).question).toBeNull();
  });

  it('end by themselves when nobody answers, but hurry nobody who is answering', () => {
    expect(after(asked, { type: 'tick', nowMs: 30_999 }).question).not.toBeNull();
    const late = after(asked, { type: 'tick', nowMs: 31_000 });
    expect(late.question).toBeNull();
    expect(said(late).at(-1)).toMatch(/^notice: 대답이 없어서/);
    const typing = after(asked, { type: 'editor', editor: { ...asked.editor, letters: ['네'], cursor: 1 } });
    expect(after(typing, { type: 'tick', nowMs: 99_000 }).question).not.toBeNull();
    const sending = after(asked, { type: 'turn-start', said: '네' });
    expect(after(sending, { type: 'tick', nowMs: 99_000 }).question).not.toBeNull();
  });

  it('the more important one stands in front', () => {
    const options = show('show_menu', {
      title: '인기',
      kind: 'items',
      reason: 'popular',
      category: null,
      options: [],
      total: 0,
    });
    const state = after(readyState(), answer(answerOf('', { ui_actions: [confirmation, options] })));
    expect(state.question?.type).toBe('confirmation');
    expect(state.shelf.type).toBe('offer');
  });
});

describe('payment', () => {
  const waits = after(
    readyState(),
    answer(answerOf('카드를 꽂아 주세요.', { ui_actions: [payment('pending')] })),
  );
  const decided = {
    payment_id: 'pay_1',
    order_id: 'ord_1',
    order_number: 7,
    method: 'card',
    terminal: 'simulator',
    simulated: true,
    amount: 1900,
    approval_code: null,
    failure: null,
    tts_audio_url: null,
    created_at: '',
    updated_at: '',
  } as const;

  it('ends in the receipt', () => {
    const event = {
      type: 'payment',
      payment: { ...decided, status: 'approved', message: '결제했어요.', receipt },
      nowMs: 1,
    } as const;
    const paid = after(waits, event);
    expect(paid.question).toBeNull();
    expect(paid.receipt).toEqual(receipt);
    expect(paid.order?.status).toBe('paid');
    expect(said(paid).at(-1)).toBe('kiosk: 결제했어요.');
    // Told once, however often it is heard.
    expect(after(paid, event)).toEqual(paid);
  });

  it('is asked for again when it was declined', () => {
    const declined = {
      ...decided,
      status: 'declined',
      message: '카드가 거절됐어요.',
      receipt: null,
    } as const;
    const state = after(waits, { type: 'payment', payment: declined, nowMs: 1 });
    expect(state.question).toMatchObject({ type: 'payment', data: { payment: null } });
    expect(said(state).at(-1)).toBe('problem: 카드가 거절됐어요.');
  });
});

describe('orders', () => {
  it('stand as the server tells them', () => {
    const state = after(
      readyState(),
      answer(answerOf('', { order_data: order, ui_actions: [updateOrder(order, ['x'])] })),
    );
    expect(state.order).toEqual(order);
    expect(state.lines[0]?.missing).toEqual(['x']);
  });

  it('a receipt makes way for the next order', () => {
    const state = readyState({ receipt, order: receipt.order });
    expect(after(state, answer(answerOf('고맙습니다.', { order_data: receipt.order }))).receipt).toEqual(
      receipt,
    );
    expect(after(state, answer(answerOf('', { order_data: order }))).receipt).toBeNull();
  });

  it('an offer makes way once something was chosen', () => {
    const data = {
      title: '',
      kind: 'items',
      reason: 'popular',
      category: null,
      options: [],
      total: 0,
    } as const;
    const state = readyState({ shelf: { type: 'offer', data } });
    expect(after(state, answer(answerOf('', { order_data: order }))).shelf.type).toBe('all');
  });

  it('are gone when the session has ended; the machine stays as it was', () => {
    const before = readyState({
      order,
      language: 'en',
      kept: 2,
      voice: 'silent',
      shelf: { type: 'category', category: 'burger', page: 0 },
    });
    const state = after(before, { type: 'expired' });
    expect(state).toMatchObject({
      order: null,
      language: 'en',
      kept: 2,
      voice: 'silent',
      shelf: { type: 'all' },
    });
    expect(said(state).at(-1)).toMatch(/^notice: You were away/);
    // The next customer starts in the shop's language.
    expect(after(before, { type: 'next-customer' })).toMatchObject({ order: null, language: 'ko', talk: [] });
  });
});

describe('turns that are kept', () => {
  it('show as waiting until they are delivered', () => {
    const kept = after(
      readyState(),
      { type: 'turn-start', said: '콜라 하나' },
      { type: 'turn-kept', message: '적어 두었어요.' },
    );
    expect(kept).toMatchObject({ waiting: 0, kept: 1 });
    expect(kept.talk[0]?.delivery).toBe('kept');
    expect(said(kept).at(-1)).toBe('notice: 적어 두었어요.');
    const delivered = after(kept, { type: 'kept', left: 0 });
    expect(delivered.talk[0]?.delivery).toBe('answered');
  });
});
