import type { NewKioskSession, ServerResponse } from '@malbeot/protocol';
import { describe, expect, it } from 'vitest';
import type { DialogueEvent, Said } from '../src/conversation/dialogue.ts';
import type { Talk } from '../src/conversation/ports.ts';
import { createFakeConversation } from '../src/ws/testing/fake-conversation.ts';
import { TestClient } from '../src/ws/testing/talk-house.ts';
import { expectServerResponse, IDLE_MS, type KioskKit } from './kiosk-kit.ts';
import { itemsOf, useKiosk } from './kiosk-test.ts';

const test = useKiosk();

const ELSEWHERE = '203.0.113.9';
const ORDER = '불고기버거 두 개랑 콜라 하나 주세요';

async function begin(kit: KioskKit, headers: Record<string, string> = {}, payload: object = {}) {
  const answer = await kit.app.inject({
    method: 'POST',
    url: '/api/kiosk/sessions',
    headers: { host: 'localhost:8080', ...headers },
    payload,
  });
  expect(answer.statusCode).toBe(201);
  return answer.json<NewKioskSession>();
}

const openSession = (kit: KioskKit, sessionId: string) =>
  kit.talks.open('kiosk', sessionId, new AbortController().signal);

async function openTalk(kit: KioskKit, sessionId: string) {
  return (await openSession(kit, sessionId)).talk;
}

/** One thing that the customer says, and all that comes of it. `before`: what they heard last. */
async function say(
  talk: Talk,
  text: string,
  turnId: string,
  { before = '', signal = new AbortController().signal } = {},
) {
  const heard = { text, language: 'ko', source: 'voice', confidence: 0.9 } as const;
  const history: Said[] = before === '' ? [] : [{ role: 'assistant', text: before }];
  const context = { sessionId: '', turnId, language: 'ko', state: null, history };
  const events: DialogueEvent[] = [];
  for await (const event of talk.dialogue.respond(heard, context, signal)) events.push(event);
  const shown = events.flatMap((event) =>
    event.type === 'action' ? [event.action.data as unknown as ServerResponse] : [],
  );
  for (const response of shown) expectServerResponse(response);
  const words = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('');
  return { shown, words };
}

/** What an answer says, without what is another one's in every turn. */
function plain({
  success,
  message,
  transcript,
  order_data,
  ui_actions,
  error_info,
}: ServerResponse): unknown {
  const text = JSON.stringify({ success, message, transcript, order_data, ui_actions, error_info });
  return JSON.parse(text.replaceAll(/(ses|ord)_\w+/g, '$1').replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then'));
}

describe('a turn in a talk with the kiosk', () => {
  it('comes to what it comes to over HTTP, and is said in place of a sound file', async () => {
    const other = await test.openOther({});
    const { session_id } = await begin(other);
    const talk = await openTalk(test.kit, (await begin(test.kit)).session_id);
    let before = '';
    for (const [at, text] of [ORDER, '콜라는 빼 주세요', '주문할게요', '네'].entries()) {
      const { shown, words } = await say(talk, text, `trn_${at}`, { before });
      const overHttp = await test.say(text, session_id, other);
      expect(shown).toHaveLength(1);
      expect(plain(shown[0]!)).toEqual(plain(overHttp));
      expect(shown[0]).toMatchObject({ tts_audio_url: null, meta: { request_id: `trn_${at}` } });
      expect(overHttp.tts_audio_url).not.toBeNull();
      expect(words).not.toMatch(/\d/);
      before = words;
      for (const { clock } of [test.kit, other]) clock.advance(5_000);
    }
    expect(await test.kit.orders()).toHaveLength(1);
  });

  it('is done once, however often it comes', async () => {
    const { session_id } = await begin(test.kit);
    const talk = await openTalk(test.kit, session_id);
    const first = await say(talk, ORDER, 'trn_1');
    const again = await say(await openTalk(test.kit, session_id), ORDER, 'trn_1');
    expect(plain(again.shown[0]!)).toEqual(plain(first.shown[0]!));
    expect((await test.kit.session(session_id)).order_data.item_count).toBe(3);
  });

  it('is done to its end when somebody speaks over it, and shown when it is done', async () => {
    const { session_id } = await begin(test.kit);
    const { talk, onLive } = await openSession(test.kit, session_id);
    const late: [string, string, ServerResponse][] = [];
    onLive!((turnId, { type, data }) => late.push([turnId, type, data as unknown as ServerResponse]));
    const overtaken = await say(talk, ORDER, 'trn_1', { signal: AbortSignal.abort() });
    expect(overtaken).toEqual({ shown: [], words: '' });
    expect(late).toEqual([
      ['trn_1', 'kiosk_turn', expect.objectContaining({ success: true, transcript: ORDER })],
    ]);
    expectServerResponse(late[0]![2]);
    expect((await test.kit.session(session_id)).order_data).toEqual(late[0]![2].order_data);
    const { shown } = await say(talk, '콜라는 빼 주세요', 'trn_2');
    expect(shown.map(({ transcript }) => transcript)).toEqual(['콜라는 빼 주세요']);
    expect(itemsOf(shown[0]!)).toEqual(['bulgogi_burger 2']);
    expect(late).toHaveLength(1);
  });

  it('is counted by the talk alone, and logged with what was done at the counter', async () => {
    const { session_id } = await begin(test.kit);
    const talk = await openTalk(test.kit, session_id);
    await say(talk, ORDER, 'trn_1');
    test.kit.clock.advance(IDLE_MS + 1);
    await say(talk, ORDER, 'trn_2');
    expect(test.kit.records).toEqual([]);
    const logged = test.kit.lines.filter(({ message }) => message === 'turn at the counter');
    expect(logged.map(({ fields }) => fields)).toMatchObject([
      { turn_id: 'trn_1', session_id, outcome: 'ok', providers: { mind: 'rules' } },
      { turn_id: 'trn_2', outcome: 'error', error_code: 'SESSION_EXPIRED' },
    ]);
    expect(JSON.stringify(logged)).not.toContain('불고기');
    await test.say(ORDER);
    expect(test.kit.records.map(({ way }) => way)).toEqual(['text']);
  });

  it('places nothing by a yes to a read-back that was not heard', async () => {
    const { session_id } = await begin(test.kit);
    const talk = await openTalk(test.kit, session_id);
    await say(talk, ORDER, 'trn_1');
    test.kit.clock.advance(5_000);
    const { words } = await say(talk, '주문할게요', 'trn_2');
    test.kit.clock.advance(5_000);
    for (const before of ['', words.slice(0, words.indexOf('모두'))]) {
      const { shown, words: again } = await say(talk, '네', `trn_3 ${before}`, { before });
      expect(shown[0]!.order_data!.status).toBe('confirming');
      expect(again).toBe(words);
    }
    expect(await test.kit.orders()).toEqual([]);
    // The question itself may be answered before it is asked.
    const { shown } = await say(talk, '네', 'trn_4', { before: words.slice(0, words.indexOf('이대로')) });
    expect(shown[0]!.order_data!.status).toBe('confirmed');
  });

  it('goes on in the language that was asked for', async () => {
    const { session_id } = await begin(test.kit);
    const talk = await openTalk(test.kit, session_id);
    expect(talk.language!()).toBe('ko');
    await say(talk, '영어로 해 주세요', 'trn_1');
    expect(talk.language!()).toBe('en');
    expect((await say(talk, 'two colas please', 'trn_2')).words).toMatch(/^[^가-힣]+$/);
  });

  it('is told what went wrong, aloud', async () => {
    const { session_id } = await begin(test.kit);
    const talk = await openTalk(test.kit, session_id);
    test.kit.clock.advance(IDLE_MS + 1);
    const { shown, words } = await say(talk, ORDER, 'trn_1');
    expect(shown[0]!.error_info!.details['code']).toBe('SESSION_EXPIRED');
    expect(words).toBe(shown[0]!.message);
  });
});

describe('a session begun before its first turn', () => {
  it('is empty, in the language and at the kiosk that were asked for, and goes on by any turn', async () => {
    const begun = await begin(test.kit, {}, { kiosk_id: 'front', language: 'en' });
    expect(begun).toMatchObject({ kiosk_id: 'front', language: 'en', turns: 0, lines: [], question: null });
    const { body } = await test.kit.turn({ text: 'a cola', session_id: begun.session_id });
    expect(body.order_data!.item_count).toBe(1);
    expect((await test.kit.session(begun.session_id)).turns).toBe(1);
  });

  it('is not begun by whoever may not order', async () => {
    const ask = (headers: Record<string, string>) =>
      test.kit.app.inject({
        method: 'POST',
        url: '/api/kiosk/sessions',
        remoteAddress: ELSEWHERE,
        headers: { host: 'kiosk.example', ...headers },
        payload: { kiosk_id: 'back' },
      });
    expect((await ask({})).statusCode).toBe(401);
    for (const token of ['customer', 'manager', 'api-key'])
      expect((await ask({ authorization: `Bearer ${token}` })).statusCode).toBe(403);
    const { key } = await test.kit.accounts.keys.create({ kind: 'device', name: 'front', kioskId: 'front' });
    const begun = await ask({ 'x-device-key': key });
    expect(begun.statusCode).toBe(201);
    // A device begins sessions of its own kiosk, whatever it says.
    expect(begun.json()).toMatchObject({ kiosk_id: 'front' });
  });

  it('is the one there is for whoever shows its token', async () => {
    const { session_id, session_token } = await begin(test.kit);
    const again = await begin(test.kit, { authorization: `Bearer ${session_token}` });
    expect(again).toMatchObject({ session_id, session_token: null });
  });

  it('is in the documentation', async () => {
    const { paths } = (await test.kit.app.inject({ url: '/docs/openapi.json' })).json<{
      paths: Record<string, Record<string, { responses: object }>>;
    }>();
    expect(Object.keys(paths['/api/kiosk/sessions']!['post']!.responses)).toContain('201');
  });
});

describe('the socket of the kiosk', () => {
  const talk = {
    openConversation: createFakeConversation,
    providersOf: () => ({ ears: null, mind: 'kiosk', voice: null, vad: 'fake' }),
  };

  it('lets in the session’s own token and devices of its kiosk, and nobody else', async () => {
    const kit = await test.openOther({ talk, settings: { profile: 'production' } });
    const device = async (kioskId: string) =>
      (await kit.accounts.keys.create({ kind: 'device', name: kioskId, kioskId })).key;
    const [front, back] = [await device('front'), await device('back')];
    const mine = await begin(kit, { 'x-device-key': front });
    const other = await begin(kit, { 'x-device-key': front });
    const { port } = await kit.app.listen({ port: 0, host: '127.0.0.1' });
    const path = `/ws/kiosk/${mine.session_id}`;
    const connect = (token: string | null, headers: Record<string, string> = {}, to = path) =>
      new TestClient(
        `ws://127.0.0.1:${port}${to}`,
        token === null ? ['malbeot'] : ['malbeot', `malbeot.token.${token}`],
        { headers },
      );
    const refused = async (client: TestClient) => (await client.refusal()).status;

    expect(await refused(connect(null))).toBe(401);
    expect(await refused(connect(other.session_token))).toBe(403);
    expect(await refused(connect(null, { 'x-device-key': back }))).toBe(403);
    expect(await refused(connect('manager'))).toBe(403);
    expect(await refused(connect(null, { 'x-device-key': front }, '/ws/kiosk/ses_none'))).toBe(404);
    for (const client of [connect(mine.session_token), connect(null, { 'x-device-key': front })]) {
      const { data } = await client.next('ready');
      expect(data).toMatchObject({ session_id: mine.session_id, user_id: 'kiosk', experience: 'kiosk' });
      client.socket.terminate();
    }
  });
});
