import type { OrderData, ServerResponse, UIAction } from '@malbeot/protocol';
import { describe, expect, it } from 'vitest';
import { startState, type KioskState } from './kiosk-state.ts';
import { choicesPerPage, kioskReducer, patience, stepOf, type KioskEvent } from './state.ts';

function orderOf(version: number, items: OrderData['items'] = []): OrderData {
  return {
    order_id: null,
    items,
    total_amount: items.reduce((sum, item) => sum + item.line_total, 0),
    status: 'draft',
    requires_confirmation: true,
    item_count: items.length,
    created_at: '2026-11-21T03:00:00.000Z',
    updated_at: `2026-11-21T03:00:0${version}.000Z`,
  };
}

const cola = {
  item_id: 'cola',
  name: '콜라',
  category: 'drink',
  price: 1900,
  quantity: 1,
  options: { size: 'regular' },
  line_total: 1900,
};

function answer(overrides: Partial<ServerResponse> = {}): KioskEvent {
  return {
    type: 'answer',
    response: {
      success: true,
      message: '네.',
      transcript: null,
      tts_audio_url: null,
      order_data: null,
      ui_actions: [],
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
      ...overrides,
    },
  };
}

function after(events: readonly KioskEvent[], from: KioskState = startState('ko')): KioskState {
  return events.reduce(kioskReducer, from);
}

const updateOrder: UIAction = {
  action_type: 'update_order',
  data: {
    order: orderOf(1, [cola]),
    lines: [{ line: 0, label: '콜라', missing: [] }],
    changed_lines: [0],
    dine: 'in',
  },
  priority: 60,
  requires_user_input: false,
  timeout_seconds: null,
};

const confirmation: UIAction = {
  action_type: 'show_confirmation',
  data: {
    kind: 'order',
    question: '이대로 주문할까요?',
    order: orderOf(1, [cola]),
    lines: [],
    dine: 'in',
    read_back: 'rb_1',
    replies: [{ label: '네', send: { action: { type: 'confirm' } } }],
  },
  priority: 80,
  requires_user_input: true,
  timeout_seconds: 30,
};

const receipt: UIAction = {
  action_type: 'show_receipt',
  data: {
    order_id: 'ord_1',
    order_number: 27,
    order: orderOf(2, [cola]),
    lines: [],
    dine: 'in',
    payment_method: 'counter',
    paid: false,
  },
  priority: 90,
  requires_user_input: false,
  timeout_seconds: null,
};

describe('an answer', () => {
  it('begins the order, shows what was heard and said, and takes the order over', () => {
    const state = after([
      { type: 'turn-start' },
      answer({
        transcript: '콜라 하나',
        message: '콜라 담았어요.',
        order_data: orderOf(1, [cola]),
        ui_actions: [updateOrder],
      }),
    ]);
    expect(state.phase).toBe('ordering');
    expect(state.waiting).toBe(0);
    expect(state.talk.at(-1)).toMatchObject({ heard: '콜라 하나', said: '콜라 담았어요.', tone: 'calm' });
    expect(state.order?.total_amount).toBe(1900);
    expect(state.changedLines).toEqual([0]);
    expect(state.dine).toBe('in');
  });

  it('that failed keeps the order and the open question, and says what can be done', () => {
    const asked = after([
      answer({ order_data: orderOf(1, [cola]), ui_actions: [confirmation, updateOrder] }),
    ]);
    const state = after(
      [
        answer({
          success: false,
          message: '다시 한 번 말씀해 주세요.',
          error_info: {
            error_code: 'speech_recognition_error',
            error_message: '다시 한 번 말씀해 주세요.',
            recovery_actions: ['조금 더 크게'],
            details: {},
            timestamp: '2026-11-21T03:00:00.000Z',
          },
        }),
      ],
      asked,
    );
    expect(state.order?.items).toHaveLength(1);
    expect(state.dialog?.type).toBe('confirmation');
    expect(state.talk.at(-1)).toMatchObject({ tone: 'problem', recovery: ['조금 더 크게'] });
  });

  it('that changes the order closes the question that no longer stands', () => {
    const asked = after([answer({ order_data: orderOf(1, [cola]), ui_actions: [confirmation] })]);
    expect(stepOf(asked)).toBe(2);
    const state = after([answer({ order_data: orderOf(2, [cola, cola]) })], asked);
    expect(state.dialog).toBeNull();
    expect(stepOf(state)).toBe(1);
  });

  it('that only repeats leaves the question open', () => {
    const asked = after([answer({ order_data: orderOf(1, [cola]), ui_actions: [confirmation] })]);
    expect(after([answer({ order_data: orderOf(1, [cola]) })], asked).dialog?.type).toBe('confirmation');
  });

  it('of two dialogs shows the one with the higher priority', () => {
    const question: UIAction = {
      action_type: 'show_options',
      data: {
        question: '온도요?',
        line: 0,
        item_id: 'americano',
        item_name: '아메리카노',
        group_id: 'temperature',
        group_name: '온도',
        kind: 'one',
        required: true,
        selected: [],
        options: [],
        remaining: 1,
      },
      priority: 70,
      requires_user_input: true,
      timeout_seconds: null,
    };
    expect(after([answer({ ui_actions: [confirmation, question] })]).dialog?.type).toBe('confirmation');
  });

  it('calls staff above an open question, which goes on afterwards', () => {
    const called = after([
      answer({ ui_actions: [confirmation] }),
      answer({
        ui_actions: [
          {
            action_type: 'call_staff',
            data: { message: '직원을 불렀어요.' },
            priority: 90,
            requires_user_input: false,
            timeout_seconds: null,
          },
        ],
      }),
    ]);
    expect(called.staffMessage).toBe('직원을 불렀어요.');
    expect(after([{ type: 'staff-seen' }], called)).toMatchObject({
      staffMessage: null,
      dialog: { type: 'confirmation' },
    });
  });

  it('with a receipt ends the order', () => {
    const state = after([answer({ ui_actions: [receipt, updateOrder] })]);
    expect(state.phase).toBe('receipt');
    expect(state.dialog).toBeNull();
    expect(stepOf(state)).toBe(4);
  });

  it('that starts over keeps what was set up for the same customer', () => {
    const startOver: UIAction = {
      action_type: 'start_over',
      data: { reason: 'customer' },
      priority: 90,
      requires_user_input: false,
      timeout_seconds: null,
    };
    const state = after([
      { type: 'access', access: { largeType: true } },
      { type: 'language', language: 'en' },
      answer({ order_data: orderOf(1, [cola]), ui_actions: [startOver] }),
    ]);
    expect(state.order).toBeNull();
    expect(state.access.largeType).toBe(true);
    expect(state.language).toBe('en');
    expect(after([{ type: 'reset' }], state)).toMatchObject({
      phase: 'start',
      language: 'ko',
      access: { largeType: false },
    });
  });

  it('that the session is over shows no order that is gone, and keeps what was set up', () => {
    const state = after([
      { type: 'access', access: { largeType: true } },
      answer({ order_data: orderOf(1, [cola]), ui_actions: [updateOrder, confirmation] }),
      { type: 'turn-start' },
      { type: 'turn-start' },
      answer({
        success: false,
        message: '처음부터 다시 시작해 주세요.',
        error_info: {
          error_code: 'validation_error',
          error_message: '처음부터 다시 시작해 주세요.',
          recovery_actions: [],
          details: { code: 'SESSION_EXPIRED' },
          timestamp: '2026-11-21T03:00:00.000Z',
        },
      }),
    ]);
    expect(state).toMatchObject({
      phase: 'ordering',
      order: null,
      lines: [],
      dialog: null,
      waiting: 1,
      access: { largeType: true },
    });
    expect(state.talk.at(-1)).toMatchObject({ said: '처음부터 다시 시작해 주세요.', tone: 'problem' });
  });

  it('shows a whole category as its tab, and anything else as a shelf', () => {
    const menu = (reason: 'asked' | 'popular', category: string | null): UIAction => ({
      action_type: 'show_menu',
      data: { title: '음료', kind: 'items', reason, category, options: [], total: 6 },
      priority: 50,
      requires_user_input: false,
      timeout_seconds: null,
    });
    expect(after([answer({ ui_actions: [menu('asked', 'drink')] })])).toMatchObject({
      category: 'drink',
      shelf: null,
    });
    const shelf = after([answer({ ui_actions: [menu('popular', null)] })]);
    expect(shelf.shelf?.reason).toBe('popular');
    expect(after([{ type: 'browse', category: 'side' }], shelf)).toMatchObject({
      shelf: null,
      category: 'side',
      page: 0,
    });
  });
});

describe('what a screen reader is told', () => {
  const spoken = answer({ message: '무엇을 드릴까요?', tts_audio_url: '/api/voice/tts/vf_1' });

  it('is nothing while our own voice says it', () => {
    expect(after([spoken]).announcement.text).toBe('');
  });

  it('is nothing of what a talk says, unless it can’t', () => {
    const told: KioskEvent = { ...answer(), isSpoken: true } as KioskEvent;
    expect(after([told]).announcement.text).toBe('');
    expect(after([told, { type: 'voice-failed' }]).announcement.text).toBe('네.');
  });

  it('is the answer when there is no voice, when it fails, and in screen-reader mode', () => {
    expect(after([answer({ message: '무엇을 드릴까요?' })]).announcement.text).toBe('무엇을 드릴까요?');
    expect(after([spoken, { type: 'voice-failed' }]).announcement.text).toBe('무엇을 드릴까요?');
    const reader: KioskEvent = { type: 'access', access: { screenReader: true } };
    expect(after([reader, spoken]).announcement.text).toBe('무엇을 드릴까요?');
  });
});

describe('what is being heard', () => {
  it('stands until it is answered', () => {
    const hearing = after([{ type: 'hearing', text: '콜라 하나' }, { type: 'turn-start' }]);
    expect(hearing).toMatchObject({ hearing: '콜라 하나', waiting: 1 });
    expect(after([answer()], hearing)).toMatchObject({ hearing: null, waiting: 0 });
    expect(after([{ type: 'turn-dropped' }, { type: 'turn-dropped' }], hearing).waiting).toBe(0);
  });
});

describe('trouble', () => {
  it('of the network is told in the talk and keeps the order', () => {
    const state = after([
      answer({ order_data: orderOf(1, [cola]) }),
      { type: 'turn-start' },
      {
        type: 'turn-failed',
        message: '연결하지 못했어요.',
        recovery: ['다시'],
        unauthorised: false,
        unreachable: true,
      },
    ]);
    expect(state).toMatchObject({ waiting: 0, needsDeviceKey: false });
    expect(state.order?.items).toHaveLength(1);
    expect(state.talk.at(-1)).toMatchObject({ said: '연결하지 못했어요.', tone: 'problem' });
  });

  it('with the device key leads to the set-up screen, also for the next customer', () => {
    const state = after([
      { type: 'turn-failed', message: '', recovery: [], unauthorised: true, unreachable: false },
      { type: 'reset' },
    ]);
    expect(state.needsDeviceKey).toBe(true);
  });

  it('with the microphone offers typing and ends hands-free', () => {
    const state = after([
      { type: 'hands-free', on: true },
      { type: 'microphone-trouble', kind: 'permission-refused' },
    ]);
    expect(state).toMatchObject({
      typing: true,
      handsFree: false,
      ears: 'off',
      microphoneTrouble: 'permission-refused',
    });
    expect(after([{ type: 'reset' }], state).microphoneTrouble).toBe('permission-refused');
    expect(after([{ type: 'ears', ears: 'listening' }], state).microphoneTrouble).toBeNull();
  });

  it('keeps the talk bounded', () => {
    const state = after(Array.from({ length: 40 }, () => answer()));
    expect(state.talk.length).toBeLessThanOrEqual(6);
    expect(state.turn).toBe(40);
  });
});

describe('modes', () => {
  it('show nine choices, or five to those who need fewer', () => {
    const { access } = startState('ko');
    expect(choicesPerPage(access)).toBe(9);
    for (const mode of ['largeType', 'lowReach', 'voiceGuidance'] as const) {
      expect(choicesPerPage({ ...access, [mode]: true })).toBe(5);
    }
  });

  it('wait longer for those who need longer', () => {
    const { access } = startState('ko');
    expect(patience(access)).toBe(1);
    expect(patience({ ...access, screenReader: true })).toBeGreaterThan(1);
    expect(patience({ ...access, zoom: 2 })).toBeGreaterThan(1);
  });
});
