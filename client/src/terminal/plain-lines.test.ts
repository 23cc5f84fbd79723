import { describe, expect, it } from 'vitest';

import { kioskReducer, type KioskEvent } from './kiosk-reducer.ts';
import { plainLines } from './plain-lines.ts';
import { answerOf, orderItem, orderOf, readyState, show, updateOrder } from './testing.ts';
import type { KioskState } from './kiosk-state.ts';

/** All lines that events print, one after the other. */
function printed(start: KioskState, echo: boolean, ...events: readonly KioskEvent[]): readonly string[] {
  let state = start;
  return events.flatMap((event) => {
    const before = state;
    state = kioskReducer(state, event);
    return plainLines(before, event, state, { echo });
  });
}

const order = orderOf([orderItem('불고기버거', 4500, 2), orderItem('아메리카노', 2500)]);
const answer = (message: string, changes: Parameters<typeof answerOf>[1] = {}): KioskEvent => ({
  type: 'answer',
  response: answerOf(message, changes),
  nowMs: 0,
});

describe('the kiosk in plain lines', () => {
  it('tells what was said, the order, and what is missing', () => {
    const lines = printed(
      readyState(),
      true,
      { type: 'turn-start', said: '불고기버거 두 개랑 아메리카노' },
      answer('담았어요.', { order_data: order, ui_actions: [updateOrder(order, ['temperature'])] }),
    );
    expect(lines).toEqual([
      '손님: 불고기버거 두 개랑 아메리카노',
      '말벗: 담았어요.',
      '주문:',
      '  불고기버거 2개 9,000원',
      '  아메리카노 1개 2,500원 (골라 주세요: 온도)',
      '  합계 3개 11,500원',
    ]);
  });

  it('does not say again what somebody has just typed, but what was heard of a sound', () => {
    expect(printed(readyState(), false, { type: 'turn-start', said: '콜라' }, answer('네.'))).toEqual([
      '말벗: 네.',
    ]);
    expect(
      printed(
        readyState(),
        false,
        { type: 'turn-start', said: 'a.wav' },
        answer('네.', { transcript: '콜라' }),
      ),
    ).toEqual(['손님: 콜라', '말벗: 네.']);
  });

  it('numbers the answers of a question, and does not read the order back twice', () => {
    const confirmation = show('show_confirmation', {
      kind: 'order',
      question: '이대로 주문할까요?',
      order,
      lines: [],
      dine: null,
      read_back: null,
      replies: [
        { label: '네', send: { action: { type: 'confirm' } } },
        { label: '아니요', send: { text: '아니요' } },
      ],
    });
    const ask = answer('모두 11,500원이에요. 이대로 주문할까요?', { ui_actions: [confirmation] });
    expect(printed(readyState({ order }), true, ask)).toEqual([
      '말벗: 모두 11,500원이에요. 이대로 주문할까요?',
      '확인해 주세요:',
      '  1 네',
      '  2 아니요',
    ]);
  });

  it('tells what a category holds', () => {
    expect(printed(readyState(), true, { type: 'browse', category: 'coffee' })).toEqual([
      '메뉴:',
      '  1 아메리카노 (2,500원)',
      '  2 카페라떼 (품절)',
      '  0 전체 메뉴',
    ]);
    expect(printed(readyState({ language: 'en' }), true, { type: 'browse', category: null })).toEqual([
      'Menu:',
      '  1 Burgers (2 kinds)',
      '  2 Coffee (2 kinds)',
    ]);
  });

  it('ends with the number of the order', () => {
    const receipt = show('show_receipt', {
      order_id: 'ord_1',
      order_number: 12,
      order: orderOf(order.items, 'confirmed'),
      lines: [],
      dine: null,
      payment_method: 'counter',
      paid: false,
    });
    expect(
      printed(readyState({ order }), true, answer('주문이 들어갔어요.', { ui_actions: [receipt] })),
    ).toEqual([
      '말벗: 주문이 들어갔어요.',
      '주문이 들어갔어요. 주문 번호: 12',
      '  불고기버거 2개 9,000원',
      '  아메리카노 1개 2,500원',
      '  합계 3개 11,500원',
      '카운터에서 번호를 말씀하시고 결제해 주세요.',
    ]);
  });

  it('marks notices and problems, and keeps what a terminal would obey out', () => {
    expect(
      printed(readyState(), true, { type: 'notice', text: '안내' }, { type: 'problem', text: 'x\u001B[2J' }),
    ).toEqual(['(안내)', '! x [2J']);
  });
});
