import type { KioskOrder, KioskPayment, PaymentData, Problem, ServerResponse } from '@malbeot/protocol';
import type { LightMyRequestResponse } from 'fastify';
import { describe, expect, it } from 'vitest';
import { createSimulator } from '../src/experiences/kiosk/payments/simulator.ts';
import {
  createFaultyTerminal,
  createTestBank,
  type FaultyTerminalOptions,
  type TestBank,
} from '../src/experiences/kiosk/payments/testing.ts';
import type { KioskKit, KioskKitOptions } from './kiosk-kit.ts';
import { useKiosk } from './kiosk-test.ts';

const test = useKiosk();
const ELSEWHERE = '203.0.113.9';

type Faults = Partial<Pick<FaultyTerminalOptions, 'onCharge' | 'onReverse'>>;

/** A kiosk with a terminal at a bank whose books can be looked into. */
async function openWithTerminal(options: KioskKitOptions & Faults & { readonly bank?: TestBank } = {}) {
  const { bank = createTestBank(), onCharge, onReverse, ...others } = options;
  const faults = {
    ...(onCharge === undefined ? {} : { onCharge }),
    ...(onReverse === undefined ? {} : { onReverse }),
  };
  const kit = await test.openOther({
    terminal: ({ sleep }) => createFaultyTerminal({ bank, sleep, ...faults }),
    ...others,
  });
  return { kit, bank };
}

interface Asking {
  readonly headers?: Record<string, string>;
  readonly remoteAddress?: string;
}

const pathOf = (orderId: string) => `/api/kiosk/orders/${orderId}/payment`;

function ask(
  kit: KioskKit,
  method: 'GET' | 'POST',
  orderId: string,
  body?: unknown,
  { headers = {}, remoteAddress = '127.0.0.1' }: Asking = {},
): Promise<LightMyRequestResponse> {
  return kit.app.inject({
    method,
    url: pathOf(orderId),
    remoteAddress,
    headers: { host: 'localhost', ...headers },
    ...(method === 'POST' ? { payload: body ?? {} } : {}),
  });
}

/** The payment once it is decided. */
async function decided(kit: KioskKit, orderId: string): Promise<KioskPayment> {
  let payment: KioskPayment | undefined;
  await expect
    .poll(
      async () => {
        payment = (await ask(kit, 'GET', orderId)).json<KioskPayment>();
        return ['pending', 'reversing'].includes(payment.status);
      },
      { interval: 5 },
    )
    .toBe(false);
  return payment!;
}

const shownPayment = ({ ui_actions }: ServerResponse): PaymentData | undefined =>
  ui_actions.find((action) => action.action_type === 'show_payment')?.data as PaymentData | undefined;

/** An order of 10,900 won that is placed and not paid. */
async function place(kit: KioskKit): Promise<{ readonly orderId: string; readonly session_id: string }> {
  const session_id = await test.readBack(kit);
  const { order_data } = await test.say('네', session_id, kit);
  return { orderId: order_data!.order_id!, session_id };
}

describe('paying in a conversation', () => {
  it('reads back, places, charges and tells', async () => {
    const { kit, bank } = await openWithTerminal();
    const session_id = await test.readBack(kit);
    const placed = await test.say('네', session_id, kit);
    const orderId = placed.order_data!.order_id!;
    expect(placed.message).toContain('주문번호는 1번');
    expect(shownPayment(placed)).toMatchObject({
      order_id: orderId,
      order_number: 1,
      total_amount: 10_900,
      payment_methods: ['card', 'mobile_pay', 'counter'],
      tax_amount: 991,
      payment: null,
    });
    expect(bank.movements).toEqual([]);
    expect((await ask(kit, 'GET', orderId)).statusCode).toBe(404);

    const begun = await test.say('카드로 할게요', session_id, kit);
    expect(shownPayment(begun)!.payment).toMatchObject({
      payment_id: expect.stringMatching(/^pay_[0-9a-z]{26}$/) as unknown,
      status: 'pending',
      method: 'card',
    });
    const payment = await decided(kit, orderId);
    expect(payment).toMatchObject({
      payment_id: shownPayment(begun)!.payment!.payment_id,
      order_id: orderId,
      order_number: 1,
      status: 'approved',
      method: 'card',
      terminal: 'faulty',
      simulated: false,
      amount: 10_900,
      failure: null,
      message: '10,900원 결제가 끝났어요. 주문번호는 1번이에요.',
      tts_audio_url: expect.stringMatching(/^\/api\/voice\/tts\/vox_/) as unknown,
      receipt: {
        order_id: orderId,
        order_number: 1,
        paid: true,
        payment_method: 'card',
        order: { status: 'paid', total_amount: 10_900 },
        lines: [{ label: '불고기버거' }, { label: '콜라' }],
      },
    });
    // Everything that tells of the order knows it at once.
    expect((await kit.session(session_id)).order_data).toMatchObject({ status: 'paid', order_id: orderId });
    const order = await kit.app.inject({
      url: `/api/kiosk/orders/${orderId}`,
      headers: { host: 'localhost' },
    });
    expect(order.json<KioskOrder>().order.status).toBe('paid');
    const asked = await test.say('결제됐어요?', session_id, kit);
    expect(asked.order_data!.status).toBe('paid');
    expect(asked.ui_actions.find(({ action_type }) => action_type === 'show_receipt')!.data).toMatchObject({
      order_number: 1,
      paid: true,
    });
    expect(bank.heldFor(orderId)).toBe(10_900);
    await expect.poll(() => kit.staffEvents.map(({ type }) => type)).toEqual(['order_created', 'order_paid']);
    expect(kit.staffEvents[1]!.data).toMatchObject({ order_id: orderId, amount: 10_900, method: 'card' });
  });

  it('begins at once when the way was said before the yes', async () => {
    const { kit, bank } = await openWithTerminal();
    const { session_id } = await test.say('불고기버거 두 개랑 콜라 하나 주세요', undefined, kit);
    await test.say('카드로 결제할게요', session_id, kit);
    const placed = await test.say('네', session_id, kit);
    expect(placed.message).toContain('주문번호는 1번');
    expect(shownPayment(placed)).toMatchObject({ order_number: 1, payment: { status: 'pending' } });
    const orderId = placed.order_data!.order_id!;
    expect(await decided(kit, orderId)).toMatchObject({ status: 'approved' });
    expect(bank.heldFor(orderId)).toBe(10_900);
  });

  it('charges once, however often and however fast it is asked for', async () => {
    const { kit, bank } = await openWithTerminal();
    const { orderId, session_id } = await place(kit);
    const pay = { action: { type: 'pay', method: 'card' }, session_id } as const;
    const turned = await Promise.all([
      kit.turn(pay),
      kit.turn(pay),
      kit.turn(pay, { 'idempotency-key': 'a' }),
      kit.turn({ text: '카카오페이로', session_id }),
      kit.turn({ text: '카드요', session_id }),
      ask(kit, 'POST', orderId, { method: 'mobile_pay' }),
      ask(kit, 'POST', orderId, {}, { headers: { 'idempotency-key': 'b' } }),
    ]);
    expect(turned.every((one) => ('status' in one ? one.status === 200 : one.statusCode < 300))).toBe(true);
    await decided(kit, orderId);
    await kit.turn(pay, { 'idempotency-key': 'a' });
    await kit.turn(pay);
    expect(bank.movements).toHaveLength(1);
    expect(bank.heldFor(orderId)).toBe(10_900);
  });

  it('charges once in two processes', async () => {
    const { kit, bank } = await openWithTerminal();
    const { folder, clock } = kit;
    const { kit: other } = await openWithTerminal({ bank, folder, clock });
    for (let round = 0; round < 4; round++) {
      const { orderId, session_id } = await place(kit);
      await Promise.all(
        [kit, other].flatMap((by) => [
          by.turn({ action: { type: 'pay', method: 'card' }, session_id }),
          ask(by, 'POST', orderId, { method: 'card' }),
        ]),
      );
      expect(await decided(kit, orderId)).toMatchObject({ status: 'approved' });
      expect(bank.chargesOf(orderId)).toHaveLength(1);
      expect(bank.heldFor(orderId)).toBe(10_900);
    }
    expect(bank.movements).toHaveLength(4);
  });

  it('is called off by words, and begun again', async () => {
    let silent = true;
    const { kit, bank } = await openWithTerminal({ onCharge: () => (silent ? 'hang' : 'none') });
    const { orderId, session_id } = await place(kit);
    await test.say('카드로 할게요', session_id, kit);
    expect((await test.say('결제됐어요?', session_id, kit)).message).toContain('기다리고 있어요');
    const called = await test.say('취소할게요', session_id, kit);
    expect(called.message).toContain('취소하고 있어요');
    expect(await decided(kit, orderId)).toMatchObject({
      status: 'reversed',
      failure: 'cancelled',
      receipt: null,
      approval_code: null,
    });
    expect(bank.heldFor(orderId)).toBe(0);
    silent = false;
    await test.say('카카오페이로 할게요', session_id, kit);
    expect(await decided(kit, orderId)).toMatchObject({ status: 'approved', method: 'mobile_pay' });
    expect(bank.heldFor(orderId)).toBe(10_900);
  });

  it('is called off when the session is started over', async () => {
    const { kit, bank } = await openWithTerminal({ onCharge: () => 'hang' });
    const { orderId, session_id } = await place(kit);
    await test.say('카드로 할게요', session_id, kit);
    const url = `/api/kiosk/sessions/${session_id}`;
    const ended = await kit.app.inject({ method: 'DELETE', url, headers: { host: 'localhost' } });
    expect(ended.statusCode).toBe(204);
    expect(await decided(kit, orderId)).toMatchObject({ status: 'reversed', failure: 'cancelled' });
    expect(bank.heldFor(orderId)).toBe(0);
  });

  it('takes back what is not certain, and is paid once in the end', async () => {
    let lost = true;
    const { kit, bank } = await openWithTerminal({ onCharge: () => (lost ? 'lost' : 'none') });
    const { orderId, session_id } = await place(kit);
    await test.say('카드로 할게요', session_id, kit);
    expect(await decided(kit, orderId)).toMatchObject({ status: 'reversed', failure: 'answer_lost' });
    expect((await test.say('결제됐어요?', session_id, kit)).message).toContain('되돌렸어요');
    lost = false;
    await test.say('카드로 할게요', session_id, kit);
    expect(await decided(kit, orderId)).toMatchObject({ status: 'approved' });
    expect(bank.movements.map(({ amount }) => amount)).toEqual([10_900, -10_900, 10_900]);
  });

  it('is settled by the next process when this one stops in the middle', async () => {
    const bank = createTestBank();
    const folder = test.kit.folder;
    const { kit } = await openWithTerminal({ bank, folder, onCharge: () => 'hang' });
    const { orderId, session_id } = await place(kit);
    await test.say('카드로 할게요', session_id, kit);
    await expect.poll(() => bank.heldFor(orderId)).toBe(10_900);
    await test.closeOther(kit);
    const { kit: next } = await openWithTerminal({ bank, folder, clock: kit.clock });
    next.lookAfterPayments();
    expect(await decided(next, orderId)).toMatchObject({ status: 'reversed', failure: 'answer_lost' });
    expect(bank.heldFor(orderId)).toBe(0);
    const again = await test.say('카드로 할게요', session_id, next);
    expect(shownPayment(again)!.payment!.status).toBe('pending');
    expect(await decided(next, orderId)).toMatchObject({ status: 'approved' });
    expect(bank.heldFor(orderId)).toBe(10_900);
  });

  it('stays with the menu that the order was placed from', async () => {
    const { kit, bank } = await openWithTerminal();
    const { orderId, session_id } = await place(kit);
    const menu = (await kit.app.inject({ url: '/api/kiosk/menu' })).json<{ items: { price: number }[] }>();
    const dearer = { ...menu, items: menu.items.map((item) => ({ ...item, price: item.price * 2 })) };
    const { version: _version, ...body } = dearer as typeof dearer & { version: number };
    const put = await kit.app.inject({
      method: 'PUT',
      url: '/api/kiosk/menu',
      headers: { authorization: 'Bearer manager' },
      payload: body,
    });
    expect(put.statusCode).toBe(200);
    const begun = await test.say('카드로 할게요', session_id, kit);
    expect(shownPayment(begun)).toMatchObject({ total_amount: 10_900, payment: { status: 'pending' } });
    expect(await decided(kit, orderId)).toMatchObject({ status: 'approved', amount: 10_900 });
    const told = await test.say('결제됐어요?', session_id, kit);
    expect(told.order_data).toMatchObject({ status: 'paid', total_amount: 10_900 });
    expect(told.message).toContain('10,900원');
    expect(bank.heldFor(orderId)).toBe(10_900);
    const next = await test.say('콜라 하나 주세요', session_id, kit);
    expect(next.order_data).toMatchObject({ status: 'draft', total_amount: 3_800 });
  });

  it('stands as placed when a payment can not be begun', async () => {
    const { kit, bank } = await openWithTerminal();
    const { orderId, session_id } = await place(kit);
    await kit.database.tables().schema.alterTable('kiosk_payments').renameTo('gone').execute();
    const { status, body } = await kit.turn({ text: '카드로 할게요', session_id });
    // The standing payment can't be read either: the turn says so, and nothing was charged.
    expect([status >= 500, body.success]).toEqual([true, false]);
    await kit.database.tables().schema.alterTable('gone').renameTo('kiosk_payments').execute();
    expect(bank.movements).toEqual([]);
    await test.say('카드로 할게요', session_id, kit);
    expect(await decided(kit, orderId)).toMatchObject({ status: 'approved' });
  });
});

describe('the simulator', () => {
  it('takes a moment, and says that no money moves', async () => {
    const kit = await test.openOther({ terminal: ({ sleep }) => createSimulator({ sleep }) });
    const { orderId, session_id } = await place(kit);
    const begun = await test.say('카드로 할게요', session_id, kit);
    expect(begun.message).toContain('모의 결제');
    expect(shownPayment(begun)).toMatchObject({ simulated: true, payment: { status: 'pending' } });
    const waiting = (await ask(kit, 'GET', orderId)).json<KioskPayment>();
    expect(waiting).toMatchObject({ status: 'pending', simulated: true, tts_audio_url: null, receipt: null });
    expect(waiting.message).toContain('모의 결제');
    kit.clock.advance(1_500);
    const payment = await decided(kit, orderId);
    expect(payment).toMatchObject({ status: 'approved', simulated: true, terminal: 'simulator' });
    expect(payment.message).toContain('모의 결제');
    expect(payment.approval_code).toMatch(/^SIM-/);
  });
});

describe('POST and GET of the payment of an order', () => {
  it('begins with 202 and is decided with 200; a retry is never an error', async () => {
    const { kit, bank } = await openWithTerminal();
    const { orderId } = await place(kit);
    const first = await ask(kit, 'POST', orderId, { method: 'mobile_pay' });
    expect([first.statusCode, first.json<KioskPayment>().status]).toEqual([202, 'pending']);
    expect(first.json<KioskPayment>().message).toContain('휴대폰을 단말기에');
    await decided(kit, orderId);
    const again = await ask(kit, 'POST', orderId, { method: 'card' });
    expect([again.statusCode, again.json<KioskPayment>()]).toMatchObject([
      200,
      { status: 'approved', method: 'mobile_pay', payment_id: first.json<KioskPayment>().payment_id },
    ]);
    expect(bank.movements).toHaveLength(1);
  });

  it('takes the first way there is when none is named', async () => {
    const { kit } = await openWithTerminal();
    const { orderId } = await place(kit);
    expect((await ask(kit, 'POST', orderId)).json<KioskPayment>().method).toBe('card');
  });

  it('begins once for a key, also when the answer store has forgotten it', async () => {
    let first = true;
    const { kit, bank } = await openWithTerminal({ onCharge: () => (first ? 'decline' : 'none') });
    const { orderId } = await place(kit);
    const headers = { 'idempotency-key': 'k1' };
    await ask(kit, 'POST', orderId, { method: 'card' }, { headers });
    expect(await decided(kit, orderId)).toMatchObject({ status: 'declined' });
    first = false;
    kit.clock.advance(11 * 60_000);
    const again = await ask(kit, 'POST', orderId, { method: 'card' }, { headers });
    expect([again.statusCode, again.json<KioskPayment>().status]).toEqual([200, 'declined']);
    expect(bank.movements).toEqual([]);
    await ask(kit, 'POST', orderId, { method: 'card' }, { headers: { 'idempotency-key': 'k2' } });
    expect(await decided(kit, orderId)).toMatchObject({ status: 'approved' });
  });

  it('is at the counter where there is no terminal', async () => {
    const session_id = await test.readBack();
    const { order_data, message } = await test.say('네', session_id);
    expect(message).toContain('카운터에서 결제해 주세요');
    const orderId = order_data!.order_id!;
    const payment = await ask(test.kit, 'POST', orderId);
    expect([payment.statusCode, payment.json<KioskPayment>()]).toMatchObject([
      200,
      {
        status: 'at_counter',
        method: 'counter',
        terminal: 'counter',
        simulated: false,
        amount: 10_900,
        message: '결제는 카운터에서 하실 수 있어요. 주문번호 1번을 말씀해 주세요.',
        receipt: { paid: false, payment_method: 'counter', order: { status: 'confirmed' } },
      },
    ]);
    expect(
      (await ask(test.kit, 'POST', orderId, { method: 'counter' })).json<KioskPayment>().payment_id,
    ).toBe(payment.json<KioskPayment>().payment_id);
    const refused = await ask(test.kit, 'POST', orderId, { method: 'card' });
    expect([refused.statusCode, refused.json<Problem>().detail]).toEqual([
      422,
      'Orders can not be paid for by "card" here. Use one of: counter.',
    ]);
  });

  it('speaks the language of the session', async () => {
    const { kit } = await openWithTerminal();
    const { session_id } = await test.say('English please', undefined, kit);
    await test.say('two cokes', session_id, kit);
    await test.say("that's all", session_id, kit);
    const { order_data } = await test.say('yes', session_id, kit);
    const orderId = order_data!.order_id!;
    await ask(kit, 'POST', orderId);
    expect((await decided(kit, orderId)).message).toBe('3,800 won is paid. Your number is 1.');
  });

  it.each([
    [{ method: 'shells' }, 'card, mobile_pay, counter'],
    [{ method: '' }, ''],
    [{ method: 7 }, ''],
    [{ method: 'card', amount: 1 }, ''],
    [{ method: 'x'.repeat(100) }, ''],
    [['card'], ''],
  ])('refuses %j', async (body, told) => {
    const { kit, bank } = await openWithTerminal();
    const { orderId } = await place(kit);
    const refused = await ask(kit, 'POST', orderId, body);
    expect(refused.statusCode).toBe(422);
    expect(refused.json<Problem>()).toMatchObject({ code: 'INVALID_INPUT' });
    expect(refused.payload).toContain(told);
    expect(bank.movements).toEqual([]);
  });

  it.each(['ord_00000000000000000000000000', 'x', '..%2f..%2fhealth'])('knows no order %s', async (id) => {
    expect((await ask(test.kit, 'GET', id)).statusCode).toBe(404);
    expect((await ask(test.kit, 'POST', id)).statusCode).toBe(404);
  });

  it('lets in the kiosk and the session of the order, and nobody else', async () => {
    const { kit, bank } = await openWithTerminal();
    const device = async (kioskId: string) => ({
      'x-device-key': (await kit.accounts.keys.create({ kind: 'device', name: kioskId, kioskId })).key,
    });
    const [front, back] = [await device('front'), await device('back')];
    const { body } = await kit.turn({ text: '불고기버거 두 개랑 콜라 하나 주세요', kiosk_id: 'front' });
    const { session_id, meta } = body;
    await test.say('그게 다예요', session_id, kit);
    const orderId = (await test.say('네', session_id, kit)).order_data!.order_id!;
    const other = await kit.turn({ text: '콜라 하나' });
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    for (const [headers, status] of [
      [{}, 401],
      [bearer('customer'), 403],
      [bearer('manager'), 403],
      [bearer('api-key'), 403],
      [back, 403],
      [bearer(other.body.meta.session_token!), 403],
    ] as const) {
      for (const method of ['POST', 'GET'] as const) {
        const asking = { headers, remoteAddress: ELSEWHERE };
        const answer = await ask(kit, method, orderId, { method: 'card' }, asking);
        expect([method, headers, answer.statusCode]).toEqual([method, headers, status]);
      }
    }
    expect(bank.movements).toEqual([]);
    const mine = { headers: bearer(meta.session_token!), remoteAddress: ELSEWHERE };
    expect((await ask(kit, 'POST', orderId, {}, mine)).statusCode).toBe(202);
    const ours = { headers: front, remoteAddress: ELSEWHERE };
    expect((await ask(kit, 'GET', orderId, undefined, ours)).statusCode).toBe(200);
  });

  it('counts against the limits of turns', async () => {
    const limits = { turnsPerKiosk: 4, turnsPerAddress: 4, signIn: 10, runs: 120, reads: 600 };
    const { kit } = await openWithTerminal({ settings: { rateLimits: limits } });
    const { orderId } = await place(kit);
    expect((await ask(kit, 'POST', orderId)).statusCode).toBe(202);
    expect((await ask(kit, 'POST', orderId)).statusCode).toBe(429);
  });
});

describe('a double tap on confirm', () => {
  it('reads back once, is not spoken twice, and places nothing', async () => {
    const { session_id } = await test.say('불고기버거 두 개랑 콜라 하나 주세요');
    const confirm = { action: { type: 'confirm' }, session_id } as const;
    const [first, second] = await Promise.all([test.kit.turn(confirm), test.kit.turn(confirm)]);
    expect([first.body.message, second.body.order_data!.status]).toEqual([second.body.message, 'confirming']);
    expect([first.body.tts_audio_url === null, second.body.tts_audio_url]).toEqual([false, null]);
    expect(await test.kit.orders()).toEqual([]);
    const shown = first.body.ui_actions.find((action) => action.action_type === 'show_confirmation')!.data;
    const read_back = (shown as { read_back: string }).read_back;
    const agreed = await test.kit.turn({ action: { type: 'confirm', read_back }, session_id });
    expect(agreed.body.order_data!.status).toBe('confirmed');
    const again = await test.kit.turn({ action: { type: 'confirm', read_back }, session_id });
    expect(again.body.order_data!.order_id).toBe(agreed.body.order_data!.order_id);
    expect(await test.kit.orders()).toHaveLength(1);
  });
});
