import type { UIAction } from '@malbeot/protocol';
import { describe, expect, it } from 'vitest';

import { kioskReducer } from '../kiosk-reducer.ts';
import type { KioskState } from '../kiosk-state.ts';
import { insertText } from '../line-editor.ts';
import { lineWidth } from '../styled-line.ts';
import { answerOf, orderItem, orderOf, readyState, show, textOfScreen, updateOrder } from '../testing.ts';
import { layout } from './layout.ts';

const order = orderOf([orderItem('불고기버거', 4500, 2), orderItem('아메리카노', 2500)]);
const choosing = answered('아메리카노는 온도를 골라 주세요.', [
  updateOrder(order, ['temperature']),
  show('show_options', {
    question: '아메리카노는 온도를 골라 주세요.',
    line: 1,
    item_id: 'americano',
    item_name: '아메리카노',
    group_id: 'temperature',
    group_name: '온도',
    kind: 'one',
    required: true,
    selected: [],
    options: [
      {
        option_id: 'hot',
        display_text: '따뜻한',
        category: '',
        price: 0,
        description: '',
        available: true,
        image_url: null,
      },
      {
        option_id: 'large',
        display_text: '큰 것',
        category: '',
        price: 500,
        description: '',
        available: true,
        image_url: null,
      },
    ],
    remaining: 2,
  }),
]);
const checking = answered('주문을 확인할게요.', [
  updateOrder(order),
  show(
    'show_confirmation',
    {
      kind: 'order',
      question: '주문을 확인할게요. 이대로 주문할까요?',
      order,
      lines: [],
      dine: 'out',
      read_back: 'rb_1',
      replies: [
        { label: '네, 주문할게요', send: { action: { type: 'confirm', read_back: 'rb_1' } } },
        { label: '더 고를게요', send: { text: '아니요' } },
      ],
    },
    30,
  ),
]);
const paying = (payment: { payment_id: string; status: 'pending'; method: string } | null) =>
  answered('카드를 꽂아 주세요.', [
    updateOrder(order),
    show('show_payment', {
      order_id: 'ord_1',
      order_number: 12,
      total_amount: 11_500,
      payment_methods: ['card', 'mobile_pay', 'counter', '지역화폐'],
      order_summary: order.items,
      tax_amount: 1045,
      service_charge: 0,
      discount_amount: 500,
      simulated: true,
      payment,
    }),
  ]);
const done = answered('주문이 들어갔어요.', [
  show('show_receipt', {
    order_id: 'ord_1',
    order_number: 12,
    order: orderOf(order.items, 'confirmed'),
    lines: [],
    dine: 'out',
    payment_method: 'counter',
    paid: false,
  }),
]);

function answered(message: string, ui_actions: readonly UIAction[]): KioskState {
  const response = answerOf(message, { ui_actions });
  return kioskReducer(
    kioskReducer(readyState(), { type: 'turn-start', said: '불고기버거 두 개랑 아메리카노 하나' }),
    { type: 'answer', response, nowMs: 1000 },
  );
}

const screen = (state: KioskState, columns: number, rows: number) =>
  textOfScreen(layout(state, { columns, rows }));

describe('the kiosk on a screen', () => {
  const states: Readonly<Record<string, KioskState>> = {
    start: readyState(),
    loading: readyState({ menu: null, connection: 'connecting' }),
    failed: readyState({ menu: null, menuFailed: true, connection: 'offline', kept: 3 }),
    burgers: readyState({ shelf: { type: 'category', category: 'burger', page: 0 } }),
    choosing,
    checking,
    paying: paying(null),
    pending: paying({ payment_id: 'pay_1', status: 'pending', method: 'card' }),
    done,
    order: { ...choosing, view: 'order' },
    menu: { ...choosing, view: 'menu' },
    help: { ...choosing, view: 'help' },
    thinking: { ...readyState(), waiting: 1 },
    recording: { ...readyState(), recording: { level: 0.1, startedAtMs: 0 }, nowMs: 3000 },
    typing: { ...choosing, editor: insertText(choosing.editor, '아주 긴 말을 '.repeat(20)) },
    long: answered('아주긴말'.repeat(200), [
      updateOrder(
        orderOf(
          Array.from({ length: 30 }, () =>
            orderItem('긴 이름의 버거 (여러 가지 빼고 또 더하고)', 99_000, 20),
          ),
        ),
      ),
    ]),
  };

  it.each(Object.keys(states))('fills every size exactly: %s', (name) => {
    for (const language of ['ko', 'en'] as const) {
      const state = { ...states[name]!, language };
      for (let columns = 20; columns <= 140; columns += 12) {
        for (let rows = 5; rows <= 48; rows += 6) {
          const { lines, cursor } = layout(state, { columns, rows });
          expect(lines).toHaveLength(rows);
          expect(lines.map(lineWidth)).toEqual(Array.from({ length: rows }, () => columns));
          expect(cursor.row).toBeLessThan(rows);
          expect(cursor.column).toBeLessThan(columns);
        }
      }
    }
  });

  it('shows menu and order beside each other where there is room', () => {
    expect(screen(readyState(), 90, 18)).toMatchInlineSnapshot(`
      " 말벗 키오스크 · front                               http://shop.test · 한국어 · ● 연결됨
       말벗 › 어서 오세요. 드시고 싶은 메뉴를 적어 주세요. 예: 불고기버거 두 개랑 콜라 하나
              주세요
      ╭─ 메뉴 ─────────────────────────── ★ 인기  ▲ 매워요 ─╮ ╭─ 주문 ─────────────────────────╮
      │ 1 버거                                              │ │ 아직 담은 메뉴가 없어요.       │
      │   불고기버거 ★                              4,500원 │ │ 먹고 싶은 것을 적거나 번호를   │
      │   매운치킨버거 ▲                            5,700원 │ │ 눌러 주세요.                   │
      │                                                     │ │                                │
      │ 2 커피                                              │ │                                │
      │   아메리카노                                2,500원 │ │                                │
      │   카페라떼                                     품절 │ │                                │
      │                                                     │ │                                │
      │                                                     │ │                                │
      │                                                     │ │                                │
      ╰─────────────────────────────────────────────────────╯ ╰────────────────────────────────╯
      ──────────────────────────────────────────────────────────────────────────────────────────
       ›
       1–2 고르기 · 말하듯이 적고 Enter · /help 도움말 · /staff 직원 · /quit 끝"
    `);
  });

  it('asks for what is missing', () => {
    expect(screen(choosing, 90, 18)).toMatchInlineSnapshot(`
      " 말벗 키오스크 · front                               http://shop.test · 한국어 · ● 연결됨
       손님 › 불고기버거 두 개랑 아메리카노 하나
       말벗 › 아메리카노는 온도를 골라 주세요.
      ╭─ 아메리카노 ──────────────────────── 질문 2개 남음 ─╮ ╭─ 주문 ─────────────────────────╮
      │ 온도: 하나를 골라 주세요                            │ │ 불고기버거        2개  9,000원 │
      │                                                     │ │ 아메리카노        1개  2,500원 │
      │ 1  따뜻한                                           │ │ ! 골라 주세요: 온도            │
      │ 2  큰 것                                     +500원 │ │                                │
      │                                                     │ │                                │
      │                                                     │ │                                │
      │                                                     │ │                                │
      │                                                     │ │                                │
      │                                                     │ │ ────────────────────────────── │
      │                                                     │ │ 합계  3개             11,500원 │
      ╰─────────────────────────────────────────────────────╯ ╰────────────────────────────────╯
      ──────────────────────────────────────────────────────────────────────────────────────────
       ›
       1–2 고르기 · 말하듯이 적고 Enter · /help 도움말 · /staff 직원 · /quit 끝"
    `);
  });

  it('one column on a narrow screen', () => {
    expect(screen(choosing, 44, 20)).toMatchInlineSnapshot(`
      " 말벗 키오스크 · front    한국어 · ● 연결됨
       손님 › 불고기버거 두 개랑 아메리카노 하나
       말벗 › 아메리카노는 온도를 골라 주세요.
      ╭─ 아메리카노 ───────────── 질문 2개 남음 ─╮
      │ 온도: 하나를 골라 주세요                 │
      │                                          │
      │ 1  따뜻한                                │
      │ 2  큰 것                          +500원 │
      ╰──────────────────────────────────────────╯
      ╭─ 주문 ───────────────────────────────────╮
      │ 불고기버거                  2개  9,000원 │
      │ 아메리카노                  1개  2,500원 │
      │ ! 골라 주세요: 온도                      │
      │                                          │
      │ ──────────────────────────────────────── │
      │ 합계  3개                       11,500원 │
      ╰──────────────────────────────────────────╯
      ────────────────────────────────────────────
       ›
       1–2 고르기 · 말하듯이 적고 Enter"
    `);
  });

  it('reads the order back with its total', () => {
    expect(screen(checking, 44, 20)).toMatchInlineSnapshot(`
      " 말벗 키오스크 · front    한국어 · ● 연결됨
       손님 › 불고기버거 두 개랑 아메리카노 하나
       말벗 › 주문을 확인할게요.
      ╭─ 확인해 주세요 ────────── 30초 남았어요 ─╮
      │ 불고기버거                  2개  9,000원 │
      │ 아메리카노                  1개  2,500원 │
      │ ──────────────────────────────────────── │
      │ 합계  3개 · 포장                11,500원 │
      │                                          │
      │ 이대로 주문할까요?                       │
      │                                          │
      │ 1  네, 주문할게요                        │
      │ 2  더 고를게요                           │
      │                                          │
      │                                          │
      │                                          │
      ╰──────────────────────────────────────────╯
      ────────────────────────────────────────────
       ›
       1–2 고르기 · 말하듯이 적고 Enter"
    `);
  });

  it('asks how to pay, in the words of the language', () => {
    expect(screen({ ...paying(null), language: 'en' }, 60, 24)).toMatchInlineSnapshot(`
      " Malbeot kiosk · front                English · ● connected
       You     › 불고기버거 두 개랑 아메리카노 하나
       Malbeot › 카드를 꽂아 주세요.
      ╭─ Payment ────────────────────────────────────────────────╮
      │ How would you like to pay?                               │
      │                                                          │
      │ Total                                            ₩11,500 │
      │ Tax included                                      ₩1,045 │
      │ Discount                                           -₩500 │
      │ This payment is simulated: no money moves.               │
      │                                                          │
      │ 1  Card                                                  │
      │ 2  Mobile payment                                        │
      │ 3  At the counter                                        │
      │ 4  지역화폐                                              │
      ╰──────────────────────────────────────────────────────────╯
      ╭─ Your order ─────────────────────────────────────────────╮
      │ 불고기버거                                   ×2   ₩9,000 │
      │ 아메리카노                                   ×1   ₩2,500 │
      │ Total  3 items                                   ₩11,500 │
      ╰──────────────────────────────────────────────────────────╯
      ────────────────────────────────────────────────────────────
       ›
       1–4 choose · type it and press Enter · /help · /staff"
    `);
  });

  it('waits for the terminal', () => {
    const pending = paying({ payment_id: 'pay_1', status: 'pending', method: 'card' });
    expect(screen(pending, 44, 20)).toContain('카드 결제를 기다리고 있어요');
    expect(screen(pending, 44, 20)).toContain('모의 결제라서 실제로 돈이 나가지는');
  });

  it('shows the number large on the receipt, and small where there is no room', () => {
    expect(screen(done, 60, 24)).toMatchInlineSnapshot(`
      " 말벗 키오스크 · front                    한국어 · ● 연결됨
       손님 › 불고기버거 두 개랑 아메리카노 하나
       말벗 › 주문이 들어갔어요.

      ╭─ 주문이 들어갔어요 ─────────────────────────────── 포장 ─╮
      │ 주문 번호                                                │
      │    █   ███                                               │
      │   ██     █                                               │
      │    █   ███                                               │
      │    █   █                                                 │
      │   ███  ███                                               │
      │                                                          │
      │ 불고기버거                                  2개  9,000원 │
      │ 아메리카노                                  1개  2,500원 │
      │ 합계  3개                                       11,500원 │
      │                                                          │
      │ 카운터에서 번호를 말씀하시고 결제해 주세요.              │
      │ 새 주문은 그냥 Enter를 누르거나 메뉴를 적어 주세요.      │
      ╰──────────────────────────────────────────────────────────╯


      ────────────────────────────────────────────────────────────
       ›
       말하듯이 적고 Enter · /help 도움말 · /staff 직원 · /quit 끝"
    `);
    expect(screen(done, 40, 16)).toContain('주문 번호 12');
  });

  it('numbers the dishes of a category, with their marks', () => {
    expect(screen(states['burgers']!, 50, 16)).toMatchInlineSnapshot(`
      " 말벗 키오스크 · front          한국어 · ● 연결됨
       말벗 › 어서 오세요. 드시고 싶은 메뉴를 적어
              주세요. 예: 불고기버거 두 개랑 콜라 하나
              주세요
      ╭─ 버거 ─────────────────────────── 0 전체 메뉴 ─╮
      │ 1  불고기버거 ★ 인기                   4,500원 │
      │ 2  매운치킨버거 ▲ 매워요               5,700원 │
      │                                                │
      ╰────────────────────────────────────────────────╯
      ╭─ 주문 ─────────────────────────────────────────╮
      │ 아직 담은 메뉴가 없어요.                       │
      │ 먹고 싶은 것을 적거나 번호를 눌러 주세요.      │
      ╰────────────────────────────────────────────────╯
      ──────────────────────────────────────────────────
       ›
       1–2 고르기 · 말하듯이 적고 Enter · /help 도움말"
    `);
  });

  it('says that nothing is connected and that words are kept', () => {
    expect(screen(states['failed']!, 60, 16)).toMatchInlineSnapshot(`
      " 말벗 키오스크 · front              한국어 · ✕ 연결 끊김 +3
       말벗 › 어서 오세요. 드시고 싶은 메뉴를 적어 주세요. 예:
              불고기버거 두 개랑 콜라 하나 주세요
      ╭─ 메뉴 ───────────────────────────────────────────────────╮
      │ 메뉴를 불러오지 못했어요. 주문은 글로 하실 수 있어요.    │
      │                                                          │
      │                                                          │
      │                                                          │
      ╰──────────────────────────────────────────────────────────╯
      ╭─ 주문 ───────────────────────────────────────────────────╮
      │ 아직 담은 메뉴가 없어요.                                 │
      │ 먹고 싶은 것을 적거나 번호를 눌러 주세요.                │
      ╰──────────────────────────────────────────────────────────╯
      ────────────────────────────────────────────────────────────
       ›
       말하듯이 적고 Enter · /help 도움말 · /staff 직원 · /quit 끝"
    `);
  });

  it('puts the cursor behind what is typed, by its width', () => {
    const state = readyState();
    const typed = { ...state, editor: insertText(state.editor, '콜라 2') };
    expect(layout(typed, { columns: 80, rows: 24 }).cursor).toEqual({ row: 22, column: 3 + 6 });
  });

  it('tells the time left only near the end, and nobody who is typing', () => {
    expect(screen({ ...checking, nowMs: 2000 }, 60, 24)).toContain('29초 남았어요');
    const typing = { ...checking, nowMs: 2000, editor: insertText(checking.editor, '네') };
    expect(screen(typing, 60, 24)).not.toContain('남았어요');
  });
});
