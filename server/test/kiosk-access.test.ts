import { describe, expect, it } from 'vitest';
import { toTurned, type Turned } from './kiosk-kit.ts';
import { useKiosk } from './kiosk-test.ts';

const test = useKiosk();

const ELSEWHERE = '203.0.113.9';

describe('who gets in', () => {
  const from = async (
    headers: Record<string, string>,
    { remoteAddress = ELSEWHERE, session_id = '', by = test.kit } = {},
  ): Promise<Turned> =>
    toTurned(
      await by.app.inject({
        method: 'POST',
        url: '/api/voice/process',
        remoteAddress,
        headers: { host: 'kiosk.example', ...headers },
        payload: { text: '콜라 하나', ...(session_id === '' ? {} : { session_id }) },
      }),
    );
  const codeOf = ({ status, body }: Turned) => [status, body.error_info?.details['code']];
  const newDevice = async (kioskId: string) =>
    test.kit.accounts.keys.create({ kind: 'device', name: kioskId, kioskId });

  it('from elsewhere: nobody without credentials, and no person or program', async () => {
    expect(codeOf(await from({}))).toEqual([401, 'UNAUTHENTICATED']);
    expect(codeOf(await from({ authorization: 'Bearer customer' }))).toEqual([403, 'FORBIDDEN']);
    expect(codeOf(await from({ authorization: 'Bearer manager' }))).toEqual([403, 'FORBIDDEN']);
    expect(codeOf(await from({ authorization: 'Bearer api-key' }))).toEqual([403, 'FORBIDDEN']);
    const { body, headers } = await from({ 'accept-language': 'en-GB' });
    expect(body.error_info).toMatchObject({
      error_code: 'validation_error',
      error_message: 'This device may not take orders. Please call our staff.',
      recovery_actions: ['Call our staff'],
    });
    expect(headers['www-authenticate']).toBe('Bearer');
  });

  it('from here too, where the profile is not local', async () => {
    const production = await test.openOther({ settings: { profile: 'production' } });
    expect(codeOf(await from({}, { remoteAddress: '127.0.0.1', by: production }))).toEqual([
      401,
      'UNAUTHENTICATED',
    ]);
  });

  it('devices, each only into sessions of its kiosk', async () => {
    const front = await newDevice('front');
    const back = await newDevice('back');
    const { status, body } = await from({ 'x-device-key': front.key });
    expect(status).toBe(200);
    const { session_id } = body;
    expect((await test.kit.session(session_id)).kiosk_id).toBe('front');
    const other = await from({ 'x-device-key': back.key }, { session_id });
    expect(codeOf(other)).toEqual([403, 'FORBIDDEN']);
    expect(other.body.order_data).toBeNull();
    expect(codeOf(await from({ 'x-device-key': front.key }, { session_id }))).toEqual([200, undefined]);
    for (const path of [session_id, `${session_id}/call-staff`]) {
      for (const method of ['GET', 'DELETE', 'POST'] as const) {
        if ((method === 'POST') !== path.endsWith('staff')) continue;
        const answer = await test.kit.app.inject({
          method,
          url: `/api/kiosk/sessions/${path}`,
          remoteAddress: ELSEWHERE,
          headers: { 'x-device-key': back.key },
        });
        expect([method, path, answer.statusCode]).toEqual([method, path, 403]);
      }
    }
    expect((await test.kit.session(session_id)).order_data.item_count).toBe(2);
  });

  it('no device whose key was revoked, or never was', async () => {
    const front = await newDevice('front');
    await test.kit.accounts.keys.revoke(front.id);
    expect(codeOf(await from({ 'x-device-key': front.key }))).toEqual([401, 'UNAUTHENTICATED']);
    expect(codeOf(await from({ 'x-device-key': 'mbd_nothing' }))).toEqual([401, 'UNAUTHENTICATED']);
    // Not even at home: who shows a key wants to be known by it.
    expect(codeOf(await from({ 'x-device-key': front.key }, { remoteAddress: '127.0.0.1' }))).toEqual([
      401,
      'UNAUTHENTICATED',
    ]);
  });

  it('a session’s token, only into its own session', async () => {
    const front = await newDevice('front');
    const mine = (await from({ 'x-device-key': front.key })).body;
    const others = (await from({ 'x-device-key': front.key })).body;
    const bearer = { authorization: `Bearer ${mine.meta.session_token}` };
    const again = await from(bearer, { session_id: mine.session_id });
    expect([again.status, again.body.order_data!.item_count]).toEqual([200, 2]);
    // Without an id it means its own, and never begins another.
    expect((await from(bearer)).body.session_id).toBe(mine.session_id);
    expect(codeOf(await from(bearer, { session_id: others.session_id }))).toEqual([403, 'FORBIDDEN']);
    await test.kit.app.inject({
      method: 'DELETE',
      url: `/api/kiosk/sessions/${mine.session_id}`,
      headers: { host: 'localhost' },
    });
    expect(codeOf(await from(bearer))).toEqual([404, 'SESSION_EXPIRED']);
  });

  it('to an order: its kiosk and its session', async () => {
    const [front, back] = [await newDevice('front'), await newDevice('back')];
    const device = { 'x-device-key': front.key };
    const { session_id, meta } = (await from(device)).body;
    await test.say('주문할게요', session_id);
    const { order_data } = await test.say('네', session_id);
    const get = async (headers: Record<string, string>) =>
      (
        await test.kit.app.inject({
          url: `/api/kiosk/orders/${order_data!.order_id}`,
          remoteAddress: ELSEWHERE,
          headers,
        })
      ).statusCode;
    expect(await get(device)).toBe(200);
    expect(await get({ authorization: `Bearer ${meta.session_token}` })).toBe(200);
    expect(await get({ 'x-device-key': back.key })).toBe(403);
    expect(await get({})).toBe(401);
  });

  it('counts turns of a device by its kiosk', async () => {
    const limits = { turnsPerKiosk: 1, turnsPerAddress: 10, signIn: 10, runs: 120, reads: 600 };
    const by = await test.openOther({ settings: { rateLimits: limits } });
    const keys = await Promise.all(
      ['front', 'back'].map((kioskId) => by.accounts.keys.create({ kind: 'device', name: kioskId, kioskId })),
    );
    const statuses = [];
    for (const { key } of [keys[0]!, keys[0]!, keys[1]!]) {
      statuses.push((await from({ 'x-device-key': key }, { by })).status);
    }
    expect(statuses).toEqual([200, 429, 200]);
  });
});
