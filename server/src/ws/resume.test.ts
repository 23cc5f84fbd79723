import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  ConversationClient,
  createTrafficRing,
  MalbeotError,
  type ConversationState,
} from '../../../client/src/index.ts';
import { openCuttingProxy } from './testing/cutting-proxy.ts';
import { seeded } from './testing/seeded.ts';
import { openTalkHouse, SESSION, USER, type HouseOptions, type TalkHouse } from './testing/talk-house.ts';

let house: TalkHouse;
let client: ConversationClient | undefined;
const enter = async (options?: HouseOptions) => (house = await openTalkHouse(options));
afterEach(async () => {
  client?.close();
  client = undefined;
  await house.close();
});

/** A client that waits for nothing, through `port`. */
const clientAt = (port: number, given: Partial<ConstructorParameters<typeof ConversationClient>[0]> = {}) =>
  (client = new ConversationClient({
    baseUrl: `http://127.0.0.1:${port}`,
    userId: USER,
    sessionId: SESSION,
    token: 'customer',
    WebSocket,
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
    language: 'en',
    ...given,
  }));
const eventually = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};

it.each([1, 2, 3])(
  'a line cut at any place loses nothing and says nothing twice (seed %i)',
  { timeout: 60_000 },
  async (seed) => {
    await enter();
    const random = seeded(seed);
    const proxy = await openCuttingProxy(house.port, () => 700 + Math.floor(random() * 40_000));
    const talk = clientAt(proxy.port);
    const got: string[] = [];
    talk.on('reply_delta', ({ text }) => got.push(text));
    talk.on('audio', ({ audioId, sequence, samples }) =>
      got.push(`${audioId}/${sequence}/${samples[0]}/${samples.length}`),
    );
    talk.on('resync', () => got.push('resync'));
    await talk.connect();
    const { output } = house.conversation();
    const expected: string[] = [];
    const { signal } = new AbortController();
    for (let item = 0; item < 600; item++) {
      await output.room(signal);
      // Playing is what paces a reply.
      await eventually(() => expected.length - got.length < 200);
      expected.push(`말 ${item}`);
      output.send({ type: 'reply_delta', data: { turn_id: 't', text: `말 ${item}` } });
      for (let sequence = 0; sequence < 2; sequence++) {
        const length = 1 + Math.floor(random() * 480);
        expected.push(`${item}/${sequence}/${item}/${length}`);
        output.audio(item, sequence, new Int16Array(length).fill(item));
      }
      if (random() < 0.3) await new Promise((resolve) => setImmediate(resolve));
    }
    await eventually(() => got.length >= expected.length);
    expect(got).toEqual(expected);
    expect(proxy.cuts()).toBeGreaterThan(5);
    expect(house.conversations).toHaveLength(1);
    talk.close();
    await proxy.close();
  },
);

describe('the client against the server', () => {
  it('opens, speaks, hears, reports and ends', async () => {
    await enter({ echoes: true });
    const traffic = createTrafficRing();
    const talk = clientAt(house.port, { traffic });
    const states: ConversationState['state'][] = [];
    talk.on('state', ({ state }) => states.push(state));
    const replies: string[] = [];
    const off = talk.on('reply_delta', ({ text }) => replies.push(text));
    talk.start({ sample_rate: 16_000, codec: 'pcm16' });
    await talk.connect();
    expect(talk.sendAudio(new Int16Array(16_000).fill(8_192))).toBe(true);
    expect(talk.say('안녕')).toBe(true);
    talk.played(4, 80);
    talk.played(4, 120, true);
    talk.interrupt();
    talk.end();
    await eventually(() => replies.length > 0 && house.conversation().asked.length >= 6);
    const conversation = house.conversation();
    expect(conversation.asked).toEqual([
      { type: 'open', use: { handsFree: true, speechRate: 1 } },
      { type: 'type', text: '안녕' },
      { type: 'played', audioId: 4, ms: 80 },
      { type: 'played', audioId: 4, ms: 120 },
      { type: 'interrupt' },
      { type: 'endSpeech' },
    ]);
    expect(conversation.heard()).toHaveLength(16_000);
    off();
    talk.close();
    talk.close();
    await eventually(() => conversation.isClosed);
    expect(states).toEqual(['connecting', 'open', 'closed']);
    expect(talk.state).toEqual({ state: 'closed', error: null });
    expect(talk.say('늦음')).toBe(false);
    const entries = await traffic.entries();
    expect(entries).toMatchObject([{ route: 'WS /ws/:id/:id', status: 101, code: null, attempt: 1 }]);
    expect(JSON.stringify(entries)).not.toContain('customer');
  });

  it.each([
    ['expired', '/', 'TOKEN_EXPIRED', 401],
    ['other', '/', 'FORBIDDEN', 403],
    ['customer', 'none', 'NOT_FOUND', 404],
  ])('is told why nobody lets it in (%s, %s)', async (token, session, code, status) => {
    await enter();
    const talk = clientAt(house.port, { token, sessionId: session === '/' ? SESSION : session });
    const error = await talk.connect().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MalbeotError);
    expect(error).toMatchObject({ code, status });
    expect(talk.state).toMatchObject({ state: 'closed' });
  });

  it('asks for another token once when the first is refused', async () => {
    await enter();
    const asked: boolean[] = [];
    const talk = clientAt(house.port, {
      token: ({ rejected }) => {
        asked.push(rejected);
        return rejected ? 'customer' : 'expired';
      },
    });
    await talk.connect();
    expect(asked).toEqual([false, true]);
  });

  it('gives up after some tries where there is no server', async () => {
    await enter();
    let tries = 0;
    const talk = clientAt(1, { maxTries: 2, random: () => (tries++, 0) });
    await expect(talk.connect()).rejects.toMatchObject({ code: 'NETWORK' });
    expect(tries).toBe(1);
  });

  it('stays away once another connection has its place, or the session is over', async () => {
    await enter();
    const first = clientAt(house.port);
    await first.connect();
    const second = clientAt(house.port);
    second.start({ sample_rate: 16_000, codec: 'pcm16' });
    await second.connect();
    await eventually(() => first.state.state === 'closed');
    expect(first.state).toMatchObject({ error: { code: 'REPLACED' } });
    await house.app.endTalk(SESSION);
    await eventually(() => second.state.state === 'closed');
    expect(second.state).toMatchObject({ error: { code: 'SESSION_ENDED' } });
    expect(house.conversations).toHaveLength(1);
  });

  it('goes on where another client left, as after a page was loaded anew', async () => {
    await enter();
    const delta = (text: string) => ({ type: 'reply_delta', data: { turn_id: 't', text } }) as const;
    const proxy = await openCuttingProxy(house.port, () => 1_000_000);
    const first = clientAt(proxy.port, { sleep: () => new Promise(() => {}) });
    expect(first.lastSeq).toBeNull();
    const seqs: (number | null)[] = [];
    first.on('reply_delta', () => seqs.push(first.lastSeq));
    await first.connect();
    house.conversation().output.send(delta('하나'));
    await eventually(() => seqs.length === 1);
    expect(seqs).toEqual([first.lastSeq]);
    proxy.cutAll();
    house.conversation().output.send(delta('둘'));
    const told: string[] = [];
    const resumed = async (resumeFrom: number | null) => {
      const talk = clientAt(house.port, { resumeFrom });
      expect(talk.lastSeq).toBe(resumeFrom);
      for (const type of ['ready', 'resumed', 'resync'] as const) talk.on(type, () => told.push(type));
      talk.on('reply_delta', ({ text }) => told.push(text));
      await talk.connect();
      return talk;
    };
    const second = await resumed(first.lastSeq);
    await eventually(() => told.length === 2);
    expect(told).toEqual(['resumed', '둘']);
    second.close();
    await eventually(() => house.conversation().isClosed);
    told.length = 0;
    // The conversation was let go: all there is, is what was kept of it.
    await resumed(first.lastSeq);
    await eventually(() => told.length === 2);
    expect(told).toEqual(['ready', 'resync']);
    first.close();
    await proxy.close();
  });

  it('keeps what is said while the line is down, and starts the microphone again', async () => {
    await enter();
    let isDown = false;
    const proxy = await openCuttingProxy(house.port, () => (isDown ? 0 : 1_000_000));
    const talk = clientAt(proxy.port);
    await talk.connect();
    talk.start({ sample_rate: 16_000, codec: 'pcm16' });
    isDown = true;
    await eventually(() => house.conversation().asked.length === 1);
    proxy.cutAll();
    await eventually(() => talk.state.state === 'waiting');
    expect(talk.say('끊긴 동안')).toBe(true);
    for (let second = 0; second < 8; second++) talk.sendAudio(new Int16Array(16_000));
    isDown = false;
    await eventually(
      () => house.conversation().heard().length > 0 && house.conversation().asked.length === 3,
    );
    expect(house.conversation().asked.slice(1)).toEqual([
      { type: 'open', use: { handsFree: true, speechRate: 1 } },
      { type: 'type', text: '끊긴 동안' },
    ]);
    await eventually(() => house.conversation().heard().length === 4_500 * 16);
    await proxy.close();
  });
});
