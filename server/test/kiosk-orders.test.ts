import type { KioskOrder, Problem } from '@malbeot/protocol';
import { describe, expect, it } from 'vitest';
import { createHub } from '../src/hub/memory-hub.ts';
import { START } from './kiosk-kit.ts';
import { useKiosk } from './kiosk-test.ts';

const test = useKiosk();

const staffTold = () => expect.poll(() => test.kit.staffEvents);

describe('an order', () => {
  it('gets its number when it is kept, and says it everywhere', async () => {
    const session_id = await test.readBack();
    const { body } = await test.confirm(session_id);
    const { order_data, ui_actions, message } = body;
    expect(order_data).toMatchObject({
      order_id: expect.stringMatching(/^ord_[0-9a-z]{26}$/) as unknown,
      status: 'confirmed',
      total_amount: 10_900,
      requires_confirmation: false,
    });
    expect(message).toContain('1번');
    expect(message).toContain('10,900원');
    expect(ui_actions.find(({ action_type }) => action_type === 'show_receipt')!.data).toMatchObject({
      order_id: order_data!.order_id,
      order_number: 1,
      order: order_data,
      payment_method: 'counter',
      paid: false,
    });
    expect((await test.say('다시 말해 주세요', session_id)).message).toBe(message);
    const order = await test.kit.app.inject({
      url: `/api/kiosk/orders/${order_data!.order_id}`,
      headers: { host: 'localhost' },
    });
    expect(order.json<KioskOrder>()).toMatchObject({
      order_id: order_data!.order_id,
      order_number: 1,
      business_day: '2026-11-21',
      order: order_data,
      lines: [{ line: 0, label: '불고기버거' }, { line: 1 }],
    });
    const second = await test.confirm(await test.readBack());
    expect(second.body.message).toContain('2번');
  });

  it('is one, however often and however fast it is confirmed', async () => {
    const session_id = await test.readBack();
    const turned = await Promise.all([
      test.confirm(session_id),
      test.confirm(session_id),
      test.confirm(session_id, { 'idempotency-key': 'a' }),
      test.kit.turn({ text: '네', session_id }),
      test.kit.turn({ text: '주문할게요', session_id }),
    ]);
    expect(turned.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(turned.map(({ body }) => body.order_data!.order_id)).size).toBe(1);
    expect(await test.kit.orders()).toEqual([{ order_number: 1, session_id }]);
    await staffTold().toMatchObject([{ type: 'order_created' }]);
  });

  it('is told to the staff, with its number', async () => {
    const { body } = await test.kit.turn({ text: '콜라 하나', kiosk_id: 'front' });
    const { session_id } = body;
    await test.say('주문할게요', session_id);
    const { order_data } = await test.say('네', session_id);
    await staffTold().toMatchObject([
      {
        type: 'order_created',
        data: {
          order_id: order_data!.order_id,
          order_number: 1,
          kiosk_id: 'front',
          total_amount: 1_900,
          item_count: 1,
          at: new Date(START).toISOString(),
        },
      },
    ]);
  });

  it('stands when the staff can not be told', async () => {
    const hub = createHub();
    hub.publish = () => Promise.reject(new Error('the line is down'));
    const kit = await test.openOther({ hub });
    const session_id = await test.readBack(kit);
    const { status, body } = await kit.turn({ action: { type: 'confirm' }, session_id });
    expect([status, body.order_data!.status]).toEqual([200, 'confirmed']);
    expect(kit.lines.some(({ level, message }) => level === 'error' && /staff/.test(message))).toBe(true);
  });

  it('is not known by other ids', async () => {
    for (const id of ['ord_00000000000000000000000000', 'x', '%2e%2e%2fmenu', `ord_${'0'.repeat(80)}`]) {
      const answer = await test.kit.app.inject({
        url: `/api/kiosk/orders/${id}`,
        headers: { host: 'localhost' },
      });
      expect([404, 422]).toContain(answer.statusCode);
    }
  });
});

describe('sessions', () => {
  const ask = (method: 'GET' | 'DELETE' | 'POST', path: string) =>
    test.kit.app.inject({ method, url: `/api/kiosk/sessions/${path}`, headers: { host: 'localhost' } });

  it('start over when they are deleted; a placed order stays', async () => {
    const session_id = await test.readBack();
    const { body } = await test.confirm(session_id);
    expect((await ask('DELETE', session_id)).statusCode).toBe(204);
    expect((await ask('GET', session_id)).json<Problem>()).toMatchObject({
      status: 404,
      code: 'SESSION_EXPIRED',
    });
    expect((await ask('DELETE', session_id)).statusCode).toBe(404);
    const turned = await test.kit.turn({ text: '콜라 하나', session_id });
    expect([turned.status, turned.body.error_info!.details['code']]).toEqual([404, 'SESSION_EXPIRED']);
    const order = await test.kit.app.inject({
      url: `/api/kiosk/orders/${body.order_data!.order_id}`,
      headers: { host: 'localhost' },
    });
    expect(order.statusCode).toBe(200);
  });

  it('call the staff, by button, by word and by tap', async () => {
    const { body } = await test.kit.turn({ text: '콜라 하나', kiosk_id: 'front' });
    const { session_id } = body;
    const called = await ask('POST', `${session_id}/call-staff`);
    expect([called.statusCode, called.json()]).toEqual([202, { status: 'called' }]);
    const said = await test.say('직원 불러 주세요', session_id);
    expect(said.ui_actions[0]!.action_type).toBe('call_staff');
    await test.kit.turn({ action: { type: 'call_staff' }, session_id });
    const event = {
      type: 'staff_called',
      data: { kiosk_id: 'front', session_id, at: new Date(START).toISOString() },
    };
    await staffTold().toMatchObject([event, event, event]);
    expect((await test.kit.session(session_id)).order_data.item_count).toBe(1);
  });

  it.each(['ses_00000000000000000000000000', 'x', '..%2f..%2fhealth'])('are not known as %s', async (id) => {
    expect((await ask('GET', id)).statusCode).toBe(404);
    expect((await ask('DELETE', id)).statusCode).toBe(404);
    expect((await ask('POST', `${id}/call-staff`)).statusCode).toBe(404);
    expect(test.kit.staffEvents).toEqual([]);
  });
});
