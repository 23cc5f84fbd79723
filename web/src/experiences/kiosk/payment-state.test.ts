import type {
  KioskPayment,
  OrderData,
  PaymentData,
  ServerResponse,
  ShowReceiptData,
} from '@malbeot/protocol';
import { describe, expect, it } from 'vitest';
import { startState, type KioskState } from './kiosk-state.ts';
import { openPaymentOf, paymentStageOf } from './payment-state.ts';
import { kioskReducer, stepOf, type KioskEvent } from './state.ts';

const order: OrderData = {
  order_id: 'ord_1',
  items: [],
  total_amount: 9000,
  status: 'confirmed',
  requires_confirmation: false,
  item_count: 2,
  created_at: '2026-11-21T03:00:00.000Z',
  updated_at: '2026-11-21T03:00:00.000Z',
};

const asked: PaymentData = {
  order_id: 'ord_1',
  order_number: 7,
  total_amount: 9000,
  payment_methods: ['card', 'counter'],
  order_summary: [],
  tax_amount: 818,
  service_charge: 0,
  discount_amount: 0,
  simulated: true,
  payment: null,
};
const waits: PaymentData = {
  ...asked,
  payment: { payment_id: 'pay_1', status: 'pending', method: 'card' },
};

const receipt: ShowReceiptData = {
  order_id: 'ord_1',
  order_number: 7,
  order: { ...order, status: 'paid' },
  lines: [],
  dine: null,
  payment_method: 'card',
  paid: true,
};

const pending: KioskPayment = {
  payment_id: 'pay_1',
  order_id: 'ord_1',
  order_number: 7,
  status: 'pending',
  method: 'card',
  terminal: 'simulator',
  simulated: true,
  amount: 9000,
  approval_code: null,
  failure: null,
  message: '결제를 기다리고 있어요.',
  tts_audio_url: null,
  receipt: null,
  created_at: '2026-11-21T03:00:00.000Z',
  updated_at: '2026-11-21T03:00:00.000Z',
};
const declined: KioskPayment = {
  ...pending,
  status: 'declined',
  failure: 'declined',
  message: '결제가 승인되지 않았어요.',
  tts_audio_url: '/api/voice/tts/1',
};
const reversing: KioskPayment = {
  ...pending,
  status: 'reversing',
  failure: 'answer_lost',
  message: '되돌리고 있어요.',
};
const approved: KioskPayment = {
  ...pending,
  status: 'approved',
  approval_code: 'SIM-1',
  message: '결제가 끝났어요.',
  receipt,
};

function shows(data: PaymentData, actions: ServerResponse['ui_actions'] = []): KioskEvent {
  return {
    type: 'answer',
    response: {
      success: true,
      message: '카드를 넣어 주세요.',
      transcript: null,
      tts_audio_url: null,
      order_data: order,
      ui_actions: [
        { action_type: 'show_payment', data, priority: 70, requires_user_input: true, timeout_seconds: 300 },
        ...actions,
      ],
      error_info: null,
      processing_time: 0.01,
      session_id: 'ses_1',
      timestamp: '2026-11-21T03:00:00.000Z',
      meta: {
        providers: {},
        skipped: [],
        confidence: null,
        stages_ms: {},
        turn_id: 'trn_1',
        request_id: 'req_1',
      },
    },
  };
}

const news = (payment: KioskPayment): KioskEvent => ({ type: 'payment', payment });

function after(...events: KioskEvent[]): KioskState {
  return events.reduce(kioskReducer, startState('ko'));
}

function stage({ dialog }: KioskState): string | null {
  return dialog?.type === 'payment' ? paymentStageOf(dialog) : null;
}

describe('a payment', () => {
  it('is chosen, waited for and ends in the receipt, announced with its approval', () => {
    expect(stage(after(shows(asked)))).toBe('choose');
    expect(openPaymentOf(after(shows(asked)))).toBeNull();
    const waiting = after(shows(asked), shows(waits), news(pending));
    expect(stage(waiting)).toBe('waiting');
    expect(stepOf(waiting)).toBe(3);
    expect(openPaymentOf(waiting)).toEqual({ orderId: 'ord_1', paymentId: 'pay_1' });
    const paid = kioskReducer(waiting, news(approved));
    expect(paid).toMatchObject({
      phase: 'receipt',
      dialog: null,
      receipt,
      payment: { approval_code: 'SIM-1' },
    });
    expect(paid.announcement.text).toBe('결제가 끝났어요.');
    expect(stepOf(paid)).toBe(4);
  });

  it('that was declined is told, and chosen again', () => {
    const state = after(shows(waits), news(declined));
    expect(stage(state)).toBe('choose');
    expect(openPaymentOf(state)).toBeNull();
    expect(state.talk.at(-1)).toMatchObject({ said: '결제가 승인되지 않았어요.', tone: 'problem' });
    // Our own voice says it.
    expect(state.announcement.text).toBe('');
    expect(state.payment?.status).toBe('declined');
    const again = kioskReducer(
      state,
      shows({ ...asked, payment: { payment_id: 'pay_2', status: 'pending', method: 'counter' } }),
    );
    expect(again.payment).toBeNull();
  });

  it('taken back is told at each change and not at each look', () => {
    const once = after(shows(waits), news(reversing));
    expect(stage(once)).toBe('reversing');
    expect(once.announcement.text).toBe('되돌리고 있어요.');
    const twice = kioskReducer(once, news(reversing));
    expect(twice.turn).toBe(once.turn);
    const staff = kioskReducer(twice, news({ ...reversing, message: '직원을 불렀어요.' }));
    expect(staff.announcement.text).toBe('직원을 불렀어요.');
    const back = kioskReducer(staff, news({ ...reversing, status: 'reversed', message: '되돌렸어요.' }));
    expect(stage(back)).toBe('choose');
  });

  it('called off is told by the turn that did it, and its end by the payment', () => {
    const cancelling: PaymentData = { ...asked, payment: { ...waits.payment!, status: 'reversing' } };
    const called = after(shows(waits), news(pending), shows(cancelling));
    const first = kioskReducer(called, news({ ...reversing, failure: 'cancelled' }));
    expect(first.turn).toBe(called.turn);
    const off = { ...reversing, status: 'reversed', failure: 'cancelled', message: '취소했어요.' } as const;
    expect(kioskReducer(first, news(off)).talk.at(-1)).toMatchObject({ said: '취소했어요.', tone: 'calm' });
  });

  it('approved just before it was called off is told all the same', () => {
    const late: PaymentData = { ...asked, payment: { ...waits.payment!, status: 'approved' } };
    const state = after(shows(waits), news(pending), shows(late), news(approved));
    expect(state).toMatchObject({ phase: 'receipt', receipt });
    expect(state.talk.at(-1)?.said).toBe('결제가 끝났어요.');
  });

  it('stays in sight whatever else is answered, and passes over news of another', () => {
    const menu = {
      action_type: 'show_menu',
      data: {
        title: '음료',
        kind: 'items',
        reason: 'popular',
        category: null,
        options: [],
        total: 0,
      },
      priority: 40,
      requires_user_input: true,
      timeout_seconds: null,
    } as const;
    const answer = shows(waits);
    if (answer.type !== 'answer') throw new Error('not an answer');
    const state = after(shows(waits), {
      ...answer,
      response: { ...answer.response, ui_actions: [menu] },
    });
    expect(stage(state)).toBe('waiting');
    expect(after(shows(waits), news({ ...approved, payment_id: 'pay_9' })).phase).toBe('ordering');
  });

  it('is not asked for again by an answer that came after its approval', () => {
    const state = after(shows(waits), news(approved), shows(waits));
    expect(state).toMatchObject({ phase: 'receipt', dialog: null });
  });

  it('of which nothing is known says so, and can be looked at again', () => {
    const far = after(shows(waits), { type: 'payment-trouble', trouble: 'unreachable' });
    expect(stage(far)).toBe('waiting');
    expect(openPaymentOf(far)).not.toBeNull();
    const lost = kioskReducer(far, { type: 'payment-trouble', trouble: 'unknown' });
    expect(stage(lost)).toBe('unknown');
    expect(openPaymentOf(lost)).toBeNull();
    const checking = kioskReducer(lost, { type: 'payment-check' });
    expect(openPaymentOf(checking)).not.toBeNull();
    // Nobody is asked for a card again before it is known how the payment stands.
    expect(stage(checking)).toBe('unknown');
    const still = kioskReducer(checking, { type: 'payment-trouble', trouble: 'unreachable' });
    expect(stage(still)).toBe('unknown');
    expect(stage(kioskReducer(still, news(pending)))).toBe('waiting');
  });
});

describe('a lost server', () => {
  const failed: KioskEvent = {
    type: 'turn-failed',
    message: '연결하지 못했어요.',
    recovery: [],
    unauthorised: false,
    unreachable: true,
  };

  it('is told, keeps the order, and its return is told once', () => {
    const lost = after({ type: 'turn-start' }, failed);
    expect(lost).toMatchObject({ connection: 'lost', waiting: 0 });
    const back = kioskReducer(lost, { type: 'connected', text: '다시 연결됐어요.' });
    expect(back).toMatchObject({ connection: 'fine', announcement: { text: '다시 연결됐어요.' } });
    expect(kioskReducer(back, { type: 'connected', text: '다시 연결됐어요.' })).toBe(back);
  });

  it('is back with any answer, and the order is the server’s', () => {
    expect(after(failed, shows(asked)).connection).toBe('fine');
    const session = kioskReducer(after(failed), {
      type: 'session',
      session: {
        session_id: 'ses_1',
        kiosk_id: null,
        language: 'en',
        order_data: order,
        lines: [],
        dine: 'out',
        question: null,
        turns: 2,
        created_at: '',
        expires_at: '',
      },
    });
    expect(session).toMatchObject({ order, dine: 'out', language: 'en', phase: 'ordering' });
  });
});
