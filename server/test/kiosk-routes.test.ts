import type { KioskMenu, KioskOrder, Problem, ServerResponse } from '@malbeot/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deferred } from '../src/lib/deferred.ts';
import { createHub } from '../src/hub/memory-hub.ts';
import { ScriptedEars } from '../src/providers/fake/scripted-ears.ts';
import type { SpeechToText } from '../src/providers/spec/stt.ts';
import {
  openKioskKit,
  soundForm,
  speech,
  START,
  toTurned,
  type KioskKit,
  type KioskKitOptions,
  type Turned,
} from './kiosk-kit.ts';

const ELSEWHERE = '203.0.113.9';

let kit: KioskKit;
const others: KioskKit[] = [];
beforeEach(async () => void (kit = await openKioskKit()));
afterEach(async () => {
  for (const other of others.splice(0)) await other.close();
  await kit.close();
});

async function openOther(options: KioskKitOptions): Promise<KioskKit> {
  const other = await openKioskKit(options);
  others.push(other);
  return other;
}

async function say(text: string, session_id?: string, by = kit): Promise<ServerResponse> {
  const { status, body } = await by.turn({ text, ...(session_id === undefined ? {} : { session_id }) });
  expect(status).toBe(200);
  return body;
}

/** A session whose order was read back and waits for its yes. */
async function readBack(): Promise<string> {
  const { session_id } = await say('불고기버거 두 개랑 콜라 하나 주세요');
  const { order_data } = await say('주문할게요', session_id);
  expect(order_data).toMatchObject({ status: 'confirming', requires_confirmation: true });
  return session_id;
}

const items = ({ order_data }: ServerResponse) =>
  order_data!.items.map(({ item_id, quantity }) => `${item_id} ${quantity}`);

const confirm = (session_id: string, headers: Record<string, string> = {}) =>
  kit.turn({ action: { type: 'confirm' }, session_id }, headers);

/** `ears` that wait for `wait` before they hear. */
function stalledEars(ears: ScriptedEars, wait: () => Promise<void>): SpeechToText {
  return {
    kind: 'stt',
    info: ears.info,
    availability: () => ears.availability(),
    async transcribe(utterance, signal) {
      await wait();
      return ears.transcribe(utterance, signal);
    },
  };
}

const staffTold = () => expect.poll(() => kit.staffEvents);

describe('a turn', () => {
  it.each(['audio_file', 'file', 'audio'])('takes its sound in the field %s', async (name) => {
    const { status, body } = await kit.upload([{ name, filename: '말.wav', content: speech }]);
    expect([status, body.transcript, body.success]).toEqual([
      200,
      '불고기버거 두 개랑 콜라 하나 주세요',
      true,
    ]);
    expect(items(body)).toEqual(['bulgogi_burger 2', 'cola 1']);
    expect(body.order_data).toMatchObject({
      order_id: null,
      total_amount: 10_900,
      item_count: 3,
      status: 'draft',
    });
    expect(body.meta).toMatchObject({
      providers: { ears: 'fake_ears', mind: 'rules', voice: 'fake_voice' },
      skipped: [],
      confidence: expect.any(Number) as unknown,
    });
    expect(Object.keys(body.meta.stages_ms).sort()).toEqual([
      'decode',
      'ears',
      'mind',
      'store',
      'total',
      'voice',
    ]);
  });

  it('takes its fields before and after the sound, empty ones as none', async () => {
    const { session_id } = await say('사이다 하나');
    const sound = soundForm(speech);
    for (const fields of [{ session_id, kiosk_id: '', language: '' }, { session_id }]) {
      const parts = Object.entries(fields).map(([name, content]) => ({ name, content }));
      const { body } = await kit.upload('language' in fields ? [...parts, ...sound] : [...sound, ...parts]);
      expect(body.session_id).toBe(session_id);
    }
    expect((await kit.session(session_id)).order_data.item_count).toBe(7);
  });

  it('may come compressed', async () => {
    const { status, body } = await kit.upload(soundForm(speech), { 'content-encoding': 'gzip' });
    expect([status, items(body)]).toEqual([200, ['bulgogi_burger 2', 'cola 1']]);
  });

  it('takes null for what is left out in JSON', async () => {
    const body = { text: '콜라 하나', session_id: null, kiosk_id: null, language: null };
    expect((await kit.turn(body as never)).status).toBe(200);
  });

  it('is the same under /api/v1', async () => {
    const answer = await kit.app.inject({
      method: 'POST',
      url: '/api/v1/voice/process',
      headers: { host: 'localhost' },
      payload: { text: '콜라 하나' },
    });
    expect(items(toTurned(answer).body)).toEqual(['cola 1']);
  });

  it('gives its voice, which can be fetched', async () => {
    const { tts_audio_url } = await say('콜라 하나');
    expect(tts_audio_url).toMatch(/^\/api\/voice\/tts\/vox_[0-9a-z]{26}$/);
    const { statusCode, headers, rawPayload } = await kit.app.inject({
      url: tts_audio_url!,
      headers: { host: 'localhost' },
    });
    expect([statusCode, headers['content-type']]).toEqual([200, 'audio/wav']);
    expect(rawPayload.subarray(0, 4).toString()).toBe('RIFF');
  });

  it('begins a session in the language asked for; later the session decides', async () => {
    const { body } = await kit.turn({ text: 'one cola please', language: 'en', kiosk_id: 'front' });
    expect(body.message).toMatch(/added/);
    const again = await kit.turn({ text: 'one cola please', language: 'ko', session_id: body.session_id });
    expect(again.body.message).toMatch(/added/);
    expect(await kit.session(body.session_id)).toMatchObject({
      session_id: body.session_id,
      kiosk_id: 'front',
      language: 'en',
      turns: 2,
      question: again.body.message,
      created_at: new Date(START).toISOString(),
      expires_at: new Date(START + 600_000).toISOString(),
    });
  });

  it('gives the session’s token once, with a new session', async () => {
    const first = await say('콜라 하나');
    expect(first.meta.session_token).toMatch(/^eyJ/);
    expect((await say('콜라 하나', first.session_id)).meta).not.toHaveProperty('session_token');
  });
});

describe('an order', () => {
  it('gets its number when it is kept, and says it everywhere', async () => {
    const session_id = await readBack();
    const { body } = await confirm(session_id);
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
    expect((await say('다시 말해 주세요', session_id)).message).toBe(message);
    const order = await kit.app.inject({
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
    const second = await confirm(await readBack());
    expect(second.body.message).toContain('2번');
  });

  it('is one, however often and however fast it is confirmed', async () => {
    const session_id = await readBack();
    const turned = await Promise.all([
      confirm(session_id),
      confirm(session_id),
      confirm(session_id, { 'idempotency-key': 'a' }),
      kit.turn({ text: '네', session_id }),
      kit.turn({ text: '주문할게요', session_id }),
    ]);
    expect(turned.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(turned.map(({ body }) => body.order_data!.order_id)).size).toBe(1);
    expect(await kit.orders()).toEqual([{ order_number: 1, session_id }]);
    await staffTold().toMatchObject([{ type: 'order_created' }]);
  });

  it('is told to the staff, with its number', async () => {
    const { body } = await kit.turn({ text: '콜라 하나', kiosk_id: 'front' });
    const { session_id } = body;
    await say('주문할게요', session_id);
    const { order_data } = await say('네', session_id);
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
    await kit.close();
    kit = await openKioskKit({ hub });
    const { status, body } = await confirm(await readBack());
    expect([status, body.order_data!.status]).toEqual([200, 'confirmed']);
    expect(kit.lines.some(({ level, message }) => level === 'error' && /staff/.test(message))).toBe(true);
  });

  it('is not known by other ids', async () => {
    for (const id of ['ord_00000000000000000000000000', 'x', '%2e%2e%2fmenu', `ord_${'0'.repeat(80)}`]) {
      const answer = await kit.app.inject({ url: `/api/kiosk/orders/${id}`, headers: { host: 'localhost' } });
      expect([404, 422]).toContain(answer.statusCode);
    }
  });
});

describe('turns at once', () => {
  it('of one session all count, one after the other', async () => {
    const { session_id } = await say('콜라 하나');
    await Promise.all(['사이다 하나', '생수 하나', '애플파이 하나'].map((text) => say(text, session_id)));
    const { order_data, turns } = await kit.session(session_id);
    expect([order_data.item_count, order_data.items.length, turns]).toEqual([4, 4, 4]);
  });

  it('beyond what may wait are refused, and the others stand', async () => {
    const gate = deferred<void>();
    const ears = new ScriptedEars({ hears: ['생수 하나'] });
    const other = await openOther({ ears: stalledEars(ears, () => gate.promise) });
    const { session_id } = await say('콜라 하나', undefined, other);
    const first = other.upload(soundForm(speech, { session_id }));
    const refused: Turned[] = [];
    const behind = Array.from({ length: 11 }, async () => {
      const turned = await other.turn({ text: '사이다 하나', session_id });
      if (turned.status !== 200) refused.push(turned);
    });
    // One is heard, eight wait.
    await expect.poll(() => refused.length).toBe(3);
    for (const { status, body, headers } of refused) {
      expect([status, body.error_info!.error_code, headers['retry-after']]).toEqual([
        503,
        'server_error',
        '1',
      ]);
    }
    gate.resolve();
    expect((await first).status).toBe(200);
    await Promise.all(behind);
    expect(refused).toHaveLength(3);
    expect((await other.session(session_id)).order_data.item_count).toBe(10);
  });

  it('hear in the language that the turn before has chosen', async () => {
    const languages: string[] = [];
    const ears = new ScriptedEars();
    const listening: SpeechToText = {
      kind: 'stt',
      info: ears.info,
      availability: () => ears.availability(),
      transcribe: (utterance, signal) => {
        languages.push(utterance.language);
        return ears.transcribe(utterance, signal);
      },
    };
    const other = await openOther({ ears: listening });
    const { session_id } = await say('콜라 하나', undefined, other);
    await Promise.all([
      other.turn({ action: { type: 'language', language: 'en' }, session_id }),
      other.upload(soundForm(speech, { session_id })),
    ]);
    expect(languages).toEqual(['en']);
  });

  it('in two processes both count; what was heard is not heard again', async () => {
    const first = kit;
    let meanwhile = () => Promise.resolve();
    const ears = new ScriptedEars({ hears: ['사이다 두 잔이요'] });
    const second = await openOther({
      folder: first.folder,
      clock: first.clock,
      ears: stalledEars(ears, () => meanwhile()),
    });
    const { session_id } = await say('콜라 하나');
    meanwhile = async () => void (await say('생수 하나', session_id, first));
    const { status, body } = await second.upload(soundForm(speech, { session_id }));
    expect([status, body.transcript]).toEqual([200, '사이다 두 잔이요']);
    expect(items(body)).toEqual(['cola 1', 'water 1', 'cider 2']);
    expect(body.meta.providers).toEqual({ ears: 'fake_ears', mind: 'rules', voice: 'fake_voice' });
    expect(ears.calls).toBe(1);
    expect((await kit.session(session_id)).order_data).toEqual(body.order_data);

    const both = await Promise.all([
      first.turn({ text: '콜라 하나', session_id }),
      second.turn({ text: '콜라 하나', session_id }),
      first.turn({ text: '콜라 하나', session_id }),
      second.turn({ text: '콜라 하나', session_id }),
    ]);
    const counted = both.filter(({ status: got }) => got === 200).length;
    expect(counted).toBeGreaterThanOrEqual(2);
    expect((await kit.session(session_id)).order_data.item_count).toBe(4 + counted);
  });

  it('in two processes place one order', async () => {
    const second = await openOther({ folder: kit.folder, clock: kit.clock });
    const session_id = await readBack();
    const turned = await Promise.all(
      [kit, second].map((by) => by.turn({ action: { type: 'confirm' }, session_id })),
    );
    expect(turned.map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set(turned.map(({ body }) => body.order_data!.order_id)).size).toBe(1);
    expect(await kit.orders()).toEqual([{ order_number: 1, session_id }]);
  });

  it('end with the session when another process ends it', async () => {
    const second = await openOther({ folder: kit.folder, clock: kit.clock });
    const { session_id } = await say('콜라 하나');
    const url = `/api/kiosk/sessions/${session_id}`;
    const ended = await second.app.inject({ method: 'DELETE', url, headers: { host: 'localhost' } });
    expect(ended.statusCode).toBe(204);
    const { status, body } = await kit.turn({ text: '콜라 하나', session_id });
    expect([status, body.error_info!.details['code']]).toEqual([404, 'SESSION_EXPIRED']);
  });
});

describe('a turn asked again with its key', () => {
  const key = { 'idempotency-key': '6f2c' };

  it('gets the first answer and changes nothing more, within ten minutes', async () => {
    const { session_id } = await say('콜라 하나');
    const ask = () => kit.turn({ text: '사이다 하나', session_id }, key);
    const first = await ask();
    kit.clock.advance(9 * 60_000);
    const again = await ask();
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([200, 'true']);
    expect(again.body).toEqual(first.body);
    expect((await kit.session(session_id)).order_data.item_count).toBe(2);
    kit.clock.advance(60_000);
    expect((await kit.turn({ text: '사이다 하나' }, key)).headers).not.toHaveProperty('idempotency-replayed');
  });

  it('places one order, and begins one session', async () => {
    const session_id = await readBack();
    const [first, again] = [await confirm(session_id, key), await confirm(session_id, key)];
    expect(again.body).toEqual(first.body);
    expect(await kit.orders()).toHaveLength(1);
    const begin = () => kit.turn({ text: '콜라 하나' }, { 'idempotency-key': 'begin' });
    expect((await begin()).body.session_id).toBe((await begin()).body.session_id);
  });

  it('holds for sound too, and for errors of the sound', async () => {
    const { session_id } = await say('콜라 하나');
    const ask = () => kit.upload(soundForm(speech, { session_id }), key);
    const [first, again] = [await ask(), await ask()];
    expect(again.body).toEqual(first.body);
    expect(kit.ears.calls).toBe(1);
    const broken = () => kit.upload(soundForm(Buffer.from('x')), { 'idempotency-key': 'broken' });
    expect([(await broken()).status, (await broken()).headers['idempotency-replayed']]).toEqual([
      415,
      'true',
    ]);
  });

  it('twice at once is done once', async () => {
    const { session_id } = await say('콜라 하나');
    const turned = await Promise.all([1, 2, 3].map(() => kit.turn({ text: '사이다 하나', session_id }, key)));
    for (const { status, body } of turned) {
      if (status === 200) expect(items(body)).toEqual(['cola 1', 'cider 1']);
      else expect([status, body.error_info!.details['code']]).toEqual([409, 'IDEMPOTENCY_IN_PROGRESS']);
    }
    expect((await kit.session(session_id)).order_data.item_count).toBe(2);
  });

  it('is refused for another turn', async () => {
    const { session_id } = await say('콜라 하나');
    await kit.turn({ text: '사이다 하나', session_id }, key);
    const { status, body } = await kit.turn({ text: '생수 하나', session_id }, key);
    expect([status, body.error_info!.error_code, body.error_info!.details['code']]).toEqual([
      422,
      'validation_error',
      'IDEMPOTENCY_KEY_REUSED',
    ]);
    expect((await kit.session(session_id)).order_data.item_count).toBe(2);
  });
});

describe('sessions', () => {
  const ask = (method: 'GET' | 'DELETE' | 'POST', path: string) =>
    kit.app.inject({ method, url: `/api/kiosk/sessions/${path}`, headers: { host: 'localhost' } });

  it('start over when they are deleted; a placed order stays', async () => {
    const session_id = await readBack();
    const { body } = await confirm(session_id);
    expect((await ask('DELETE', session_id)).statusCode).toBe(204);
    expect((await ask('GET', session_id)).json<Problem>()).toMatchObject({
      status: 404,
      code: 'SESSION_EXPIRED',
    });
    expect((await ask('DELETE', session_id)).statusCode).toBe(404);
    const turned = await kit.turn({ text: '콜라 하나', session_id });
    expect([turned.status, turned.body.error_info!.details['code']]).toEqual([404, 'SESSION_EXPIRED']);
    const order = await kit.app.inject({
      url: `/api/kiosk/orders/${body.order_data!.order_id}`,
      headers: { host: 'localhost' },
    });
    expect(order.statusCode).toBe(200);
  });

  it('call the staff, by button, by word and by tap', async () => {
    const { body } = await kit.turn({ text: '콜라 하나', kiosk_id: 'front' });
    const { session_id } = body;
    const called = await ask('POST', `${session_id}/call-staff`);
    expect([called.statusCode, called.json()]).toEqual([202, { status: 'called' }]);
    const said = await say('직원 불러 주세요', session_id);
    expect(said.ui_actions[0]!.action_type).toBe('call_staff');
    await kit.turn({ action: { type: 'call_staff' }, session_id });
    const event = {
      type: 'staff_called',
      data: { kiosk_id: 'front', session_id, at: new Date(START).toISOString() },
    };
    await staffTold().toMatchObject([event, event, event]);
    expect((await kit.session(session_id)).order_data.item_count).toBe(1);
  });

  it.each(['ses_00000000000000000000000000', 'x', '..%2f..%2fhealth'])('are not known as %s', async (id) => {
    expect((await ask('GET', id)).statusCode).toBe(404);
    expect((await ask('DELETE', id)).statusCode).toBe(404);
    expect((await ask('POST', `${id}/call-staff`)).statusCode).toBe(404);
    expect(kit.staffEvents).toEqual([]);
  });
});

describe('who gets in', () => {
  const from = async (
    headers: Record<string, string>,
    { remoteAddress = ELSEWHERE, session_id = '', by = kit } = {},
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
    kit.accounts.keys.create({ kind: 'device', name: kioskId, kioskId });

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
    const production = await openOther({ settings: { profile: 'production' } });
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
    expect((await kit.session(session_id)).kiosk_id).toBe('front');
    const other = await from({ 'x-device-key': back.key }, { session_id });
    expect(codeOf(other)).toEqual([403, 'FORBIDDEN']);
    expect(other.body.order_data).toBeNull();
    expect(codeOf(await from({ 'x-device-key': front.key }, { session_id }))).toEqual([200, undefined]);
    for (const path of [session_id, `${session_id}/call-staff`]) {
      for (const method of ['GET', 'DELETE', 'POST'] as const) {
        if ((method === 'POST') !== path.endsWith('staff')) continue;
        const answer = await kit.app.inject({
          method,
          url: `/api/kiosk/sessions/${path}`,
          remoteAddress: ELSEWHERE,
          headers: { 'x-device-key': back.key },
        });
        expect([method, path, answer.statusCode]).toEqual([method, path, 403]);
      }
    }
    expect((await kit.session(session_id)).order_data.item_count).toBe(2);
  });

  it('no device whose key was revoked, or never was', async () => {
    const front = await newDevice('front');
    await kit.accounts.keys.revoke(front.id);
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
    await kit.app.inject({
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
    await say('주문할게요', session_id);
    const { order_data } = await say('네', session_id);
    const get = async (headers: Record<string, string>) =>
      (
        await kit.app.inject({
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
    const by = await openOther({ settings: { rateLimits: limits } });
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

describe('the menu', () => {
  const get = (headers: Record<string, string> = {}) =>
    kit.app.inject({ url: '/api/kiosk/menu', remoteAddress: ELSEWHERE, headers });
  const put = (menu: unknown, headers: Record<string, string> = {}) =>
    kit.app.inject({
      method: 'PUT',
      url: '/api/kiosk/menu',
      remoteAddress: ELSEWHERE,
      headers: { authorization: 'Bearer manager', 'content-type': 'application/json', ...headers },
      payload: JSON.stringify(menu),
    });
  const read = async () => (await get()).json<KioskMenu>();
  const without = (menu: KioskMenu, gone: string): KioskMenu => ({
    ...menu,
    items: menu.items.filter(({ item_id }) => item_id !== gone),
  });
  const priced = (menu: KioskMenu, price: number): KioskMenu => ({
    ...menu,
    items: menu.items.map((item) => (item.item_id === 'cola' ? { ...item, price } : item)),
  });

  it('is read by anyone, with its tag', async () => {
    const answer = await get();
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      200,
      'application/json; charset=utf-8',
    ]);
    expect(answer.json<KioskMenu>()).toMatchObject({ version: 1, currency: 'KRW' });
    const known = await get({ 'if-none-match': answer.headers.etag as string });
    expect([known.statusCode, known.payload]).toEqual([304, '']);
  });

  it('is changed by a manager only', async () => {
    const menu = await read();
    const device = await kit.accounts.keys.create({ kind: 'device', name: 'front', kioskId: 'front' });
    const statuses = [];
    for (const headers of [
      { authorization: '' },
      { authorization: 'Bearer customer' },
      { authorization: 'Bearer cook' },
      { authorization: 'Bearer api-key' },
      { authorization: '', 'x-device-key': device.key },
    ]) {
      statuses.push((await put(menu, headers)).statusCode);
    }
    expect(statuses).toEqual([401, 403, 403, 403, 403]);
    expect((await read()).version).toBe(1);
    const answer = await put(menu);
    expect([answer.statusCode, answer.json<KioskMenu>()]).toEqual([200, { ...menu, version: 2 }]);
    expect((await get()).headers.etag).toBe(answer.headers.etag);
  });

  it('is changed from the menu in force, also when that came compressed', async () => {
    const answer = await get({ 'accept-encoding': 'gzip' });
    const etag = answer.headers.etag as string;
    expect(etag).toMatch(/^W\//);
    const menu = await read();
    expect((await put(priced(menu, 2_000), { 'if-match': etag })).statusCode).toBe(200);
    const late = await put(priced(menu, 3_000), { 'if-match': etag });
    expect([late.statusCode, late.json<Problem>().code]).toEqual([409, 'CONFLICT']);
    expect((await say('콜라 하나')).order_data!.total_amount).toBe(2_000);
  });

  it('is refused with every fault named', async () => {
    const menu = await read();
    const faulty = {
      ...menu,
      categories: menu.categories.slice(1),
      items: menu.items.map((item, at) => (at === 0 ? { ...item, price: -1 } : item)),
    };
    const shape = await put(faulty);
    expect([shape.statusCode, shape.headers['content-type']]).toEqual([
      422,
      'application/problem+json; charset=utf-8',
    ]);
    expect(shape.json<Problem>()).toMatchObject({
      code: 'INVALID_INPUT',
      errors: [{ path: 'body.items.0.price' }],
    });
    const cross = await put({ ...menu, categories: menu.categories.slice(1) });
    const { errors } = cross.json<Problem>();
    expect(errors!.length).toBeGreaterThan(1);
    expect(errors![0]).toMatchObject({ path: 'items.0.category' });
    expect((await put([])).statusCode).toBe(422);
    expect((await put('x'.repeat(2 * 1024 * 1024))).statusCode).toBe(413);
    expect((await read()).version).toBe(1);
  });

  it('takes away what it no longer offers from orders that stand, and says so', async () => {
    const { session_id } = await say('불고기버거 두 개랑 콜라 하나 주세요');
    await put(without(await read(), 'cola'));
    // Between the change and the next turn already.
    expect((await kit.session(session_id)).order_data.items.map(({ item_id }) => item_id)).toEqual([
      'bulgogi_burger',
    ]);
    const answer = await say('사이다 하나', session_id);
    expect(items(answer)).toEqual(['bulgogi_burger 2', 'cider 1']);
    expect(answer.message).toContain('메뉴가 바뀌어서');
  });

  it('takes back an order that was read back with other prices', async () => {
    const session_id = await readBack();
    await put(priced(await read(), 5_000));
    const { body } = await confirm(session_id);
    expect(await kit.orders()).toEqual([]);
    expect(body.order_data).toMatchObject({ total_amount: 14_000, order_id: null });
  });

  it('does not change what a placed order cost', async () => {
    const session_id = await readBack();
    const { body } = await confirm(session_id);
    await put(priced(await read(), 5_000));
    expect((await kit.session(session_id)).order_data).toEqual(body.order_data);
    const broken = await kit.upload(soundForm(Buffer.from('x'), { session_id }));
    expect(broken.body.order_data).toEqual(body.order_data);
  });

  it('is one for the whole turn: what was read back is what is placed', async () => {
    const ears = new ScriptedEars({ hears: ['네'] });
    let meanwhile = () => Promise.resolve();
    const other = await openOther({
      folder: kit.folder,
      clock: kit.clock,
      ears: stalledEars(ears, () => meanwhile()),
    });
    const session_id = await readBack();
    meanwhile = async () => {
      const menu = priced(await read(), 5_000);
      const answer = await other.app.inject({
        method: 'PUT',
        url: '/api/kiosk/menu',
        headers: { host: 'localhost', authorization: 'Bearer manager' },
        payload: menu,
      });
      expect(answer.statusCode).toBe(200);
    };
    const { body } = await other.upload(soundForm(speech, { session_id }));
    expect(body.order_data).toMatchObject({ status: 'confirmed', total_amount: 10_900 });
    const order = await kit.app.inject({
      url: `/api/kiosk/orders/${body.order_data!.order_id}`,
      headers: { host: 'localhost' },
    });
    expect(order.json<KioskOrder>().order.total_amount).toBe(10_900);
  });
});
