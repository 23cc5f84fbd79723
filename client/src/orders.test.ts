import type { KioskPayment } from '@malbeot/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  answer,
  cut,
  json,
  problem,
  startScriptedServer,
  type ScriptedServer,
} from '../test/scripted-server.ts';
import { VoiceClient, type VoiceClientOptions } from './index.ts';

let server: ScriptedServer;
let waits: number[];
beforeEach(async () => {
  server = await startScriptedServer();
  waits = [];
});
afterEach(() => server.close());

function client(options: VoiceClientOptions = {}): VoiceClient {
  const sleep = (ms: number) => Promise.resolve(void waits.push(ms));
  return new VoiceClient({ baseUrl: server.baseUrl, random: () => 1, sleep, maxTries: 2, ...options });
}

const payment = (status: KioskPayment['status']): KioskPayment => ({
  payment_id: 'pay_1',
  order_id: 'ord_1',
  order_number: 7,
  status,
  method: 'card',
  terminal: 'simulator',
  simulated: true,
  amount: 10_900,
  approval_code: null,
  failure: null,
  message: '',
  tts_audio_url: null,
  receipt: null,
  created_at: '',
  updated_at: '',
});

describe('paying', () => {
  it('starts with a key that its retries keep', async () => {
    server.script(cut, json(200, payment('pending')), json(200, payment('pending')));
    const voice = client();
    expect((await voice.startPayment('ord_1', 'card')).status).toBe('pending');
    await voice.startPayment('ord_1', undefined, { idempotencyKey: 'kept-over-a-restart' });
    const [first, second, third] = server.arrived;
    expect(first).toMatchObject({ method: 'POST', path: '/api/kiosk/orders/ord_1/payment' });
    expect(JSON.parse(first!.body.toString())).toEqual({ method: 'card' });
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
    expect(third?.headers['idempotency-key']).toBe('kept-over-a-restart');
    expect(JSON.parse(third!.body.toString())).toEqual({});
  });

  for (const status of ['approved', 'declined', 'reversed', 'at_counter'] as const) {
    it(`waits until it is ${status}`, async () => {
      server.script(
        json(200, payment('pending')),
        json(200, payment('reversing')),
        json(200, payment(status)),
      );
      expect((await client().waitForPayment('ord_1')).status).toBe(status);
      expect(waits).toEqual([1000, 1000]);
      expect(server.arrived[2]).toMatchObject({ method: 'GET', path: '/api/kiosk/orders/ord_1/payment' });
    });
  }

  it('asks on while the server is away, and gives up what it refuses', async () => {
    server.script(cut, cut, json(200, payment('approved')), json(404, problem(404, 'NOT_FOUND')));
    expect((await client().waitForPayment('ord_1')).status).toBe('approved');
    await expect(client().waitForPayment('ord_1')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('gives up after five minutes, or when told to', async () => {
    server.script(...Array.from({ length: 400 }, () => json(200, payment('pending'))));
    await expect(client().waitForPayment('ord_1')).rejects.toMatchObject({
      code: 'TIMEOUT',
      retryable: true,
    });
    expect(waits.length).toBeGreaterThan(250);
    expect(waits.length).toBeLessThanOrEqual(300);
    const controller = new AbortController();
    const reason = new Error('left');
    const sleep = () => Promise.resolve(controller.abort(reason));
    await expect(client().waitForPayment('ord_1', { signal: controller.signal, sleep })).rejects.toBe(reason);
  });

  it('reads an order and a payment', async () => {
    server.script(json(200, { order_id: 'ord_1', order_number: 7 }), json(200, payment('approved')));
    expect((await client().order('ord_1')).order_number).toBe(7);
    expect((await client().payment('ord_1')).amount).toBe(10_900);
    expect(server.arrived.map(({ path }) => path)).toEqual([
      '/api/kiosk/orders/ord_1',
      '/api/kiosk/orders/ord_1/payment',
    ]);
  });
});

describe('calling the staff', () => {
  it('rings for the session', async () => {
    server.script(json(200, answer()), json(202, { status: 'called' }));
    const voice = client();
    await voice.sendText('콜라');
    await voice.callStaff();
    expect(server.arrived[1]).toMatchObject({
      method: 'POST',
      path: '/api/kiosk/sessions/ses_1/call-staff',
    });
  });

  it('rings where nothing was said yet, and says when it did not', async () => {
    server.script(json(200, answer()), cut, cut);
    await client({ kioskId: 'k1' }).callStaff();
    expect(server.arrived[0]?.turn()).toEqual({
      action: { type: 'call_staff' },
      kiosk_id: 'k1',
      language: 'ko',
    });
    await expect(client().callStaff()).rejects.toMatchObject({ code: 'NETWORK' });
  });
});
