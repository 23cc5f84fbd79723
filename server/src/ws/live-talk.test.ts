import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ShowLate } from '../experiences/experience.ts';
import {
  openTalkHouse,
  settle,
  SESSION,
  USER,
  type HouseOptions,
  type TalkHouse,
} from './testing/talk-house.ts';

let house: TalkHouse;
const enter = async (options?: HouseOptions) => (house = await openTalkHouse(options));
afterEach(() => house.close());

const delta = (text: string) => ({ type: 'reply_delta', data: { turn_id: 't', text } }) as const;
const texts = (client: { messages: readonly { type: string; data: object }[] }) =>
  client.messages.flatMap(({ type, data }) =>
    type === 'reply_delta' ? [(data as { text: string }).text] : [],
  );
/** Waits for what the server notices in its own time. */
const eventually = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};

it.each([
  ['ko', undefined, /^[^a-z]*다른 창/],
  ['en', undefined, /^This conversation/],
  // What was said in the talk counts more than how it was opened.
  ['ko', 'en-US', /^This conversation/],
] as const)('says why it ends in the language of the talk (%s, %s)', async (language, spoken, message) => {
  await enter({
    opens: (open) => ({
      ...open,
      language,
      talk: { ...open.talk, ...(spoken === undefined ? {} : { language: () => spoken }) },
    }),
  });
  const first = house.client();
  await first.next('ready');
  const second = house.client();
  await second.opened();
  expect((await first.next('error')).data.message).toMatch(message);
});

describe('what a turn came to after it was cut off', () => {
  it('is shown at once, or when its client is back, and not after the end', async () => {
    let show!: ShowLate;
    let isOver = false;
    const onLive = (given: ShowLate) => {
      show = given;
      return () => void (isOver = true);
    };
    await enter({ opens: (open) => ({ ...open, onLive }) });
    const action = (at: number) => ({ type: 'turn', data: { at } });
    const first = house.client();
    await first.next('ready');
    show('trn_1', action(1));
    const { data, seq } = await first.next('action');
    expect(data).toEqual({ turn_id: 'trn_1', ...action(1) });
    first.socket.terminate();
    await first.closed();
    show('trn_2', action(2));
    const second = house.client();
    await second.opened();
    second.send('resume', { last_seq: seq });
    expect((await second.next('action')).data).toEqual({ turn_id: 'trn_2', ...action(2) });
    expect(isOver).toBe(false);
    second.socket.close(1000);
    await eventually(() => isOver);
    expect(() => show('trn_3', action(3))).not.toThrow();
  });
});

describe('a lost connection', () => {
  it('goes on where it was, with nothing missing and nothing twice', async () => {
    await enter();
    const first = house.client();
    await first.next('ready');
    const { output } = house.conversation();
    output.send(delta('하나'));
    output.audio(1, 0, Int16Array.of(1));
    await first.until(() => first.frames.length === 1);
    const lastSeq = first.messages.at(-1)!.seq;
    first.socket.terminate();
    output.send(delta('둘'));
    output.audio(1, 1, Int16Array.of(2));
    output.send(delta('셋'));

    const second = house.client();
    await second.opened();
    output.send(delta('넷'));
    second.send('resume', { last_seq: lastSeq });
    const resumed = await second.next('resumed');
    expect(resumed).toMatchObject({ seq: lastSeq, data: { from_seq: lastSeq + 1 } });
    await second.until(() => texts(second).length === 3);
    output.send(delta('다섯'));
    await second.until(() => texts(second).length === 4);
    expect(texts(second)).toEqual(['둘', '셋', '넷', '다섯']);
    // The frame after the message that was seen last comes again: only its receiver knows whether it came.
    expect(second.frames.map(({ sequence }) => sequence)).toEqual([0, 1]);
    const seqs = second.messages.map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((one, other) => one - other));
    expect(second.messages.filter(({ type }) => type === 'ready')).toEqual([]);
    expect(house.conversations).toHaveLength(1);
  });

  it('without `resume` is greeted and goes on from now', async () => {
    await enter();
    const first = house.client();
    await first.next('ready');
    first.socket.terminate();
    await first.closed();
    house.conversation().output.send(delta('놓침'));
    const second = house.client();
    await second.opened();
    second.send('ping');
    await second.next('ready');
    house.conversation().output.send(delta('이어서'));
    await second.until(() => texts(second).length > 0);
    expect(texts(second)).toEqual(['이어서']);
    const third = house.client();
    await third.opened();
    await eventually(() => second.closeCode === 4001);
    // It says nothing at all.
    house.clock.advance(1_000);
    await third.next('ready');
    expect(house.conversations).toHaveLength(1);
  });

  it('gets the history when what it missed is no longer kept, was never said, or is of another conversation', async () => {
    await enter();
    const first = house.client();
    const { seq } = await first.next('ready');
    const { output } = house.conversation();
    for (let count = 0; count < 600; count++) output.send(delta(String(count)));
    await first.until(() => texts(first).length === 600);
    first.socket.terminate();
    for (const lastSeq of [seq, seq + 10_000, 0]) {
      const next = house.client();
      await next.opened();
      next.send('resume', { last_seq: lastSeq });
      const { data } = await next.next('resync');
      expect(data.history).toEqual([{ role: 'user', text: '전에 한 말' }]);
      output.send(delta('그리고'));
      await next.until(() => texts(next).length > 0);
      expect(texts(next)).toEqual(['그리고']);
      next.socket.terminate();
    }
    await eventually(() => house.clock.nextInMs === 30_000);
    house.clock.advance(30_000);
    await eventually(() => house.conversation().isClosed);
    const later = house.client();
    const ready = await later.next('ready');
    expect(ready.seq).toBeGreaterThan(seq + 601);
    later.send('resume', { last_seq: seq + 300 });
    await later.next('resync');
    expect(house.conversations).toHaveLength(2);
  });

  it('is waited for as long as `ready` said, then its conversation is closed and no timer is left', async () => {
    await enter({ limits: { resumeMs: 5_000 } });
    const client = house.client();
    await client.next('ready');
    client.socket.terminate();
    await eventually(() => house.clock.sleepers === 1 && house.clock.nextInMs === 5_000);
    house.clock.advance(4_999);
    expect(house.conversation().isClosed).toBe(false);
    house.clock.advance(1);
    expect(house.conversation().isClosed).toBe(true);
    expect(house.clock.sleepers).toBe(0);
  });

  it('is noticed when two heartbeats stay unanswered', async () => {
    await enter();
    const client = house.client(undefined, { autoPong: false });
    await client.next('ready');
    for (const isOpen of [true, true, false]) {
      house.clock.advance(15_000);
      await new Promise((resolve) => setImmediate(resolve));
      if (isOpen) expect(client.closeCode).toBeUndefined();
    }
    expect(await client.closed()).toBe(1006);
    const answering = house.client(`/ws/${USER}/ses_2`);
    await answering.next('ready');
    for (let beat = 0; beat < 5; beat++) {
      house.clock.advance(15_000);
      await settle(answering);
    }
    expect(answering.closeCode).toBeUndefined();
  });

  it('of a client that said it is done ends the conversation at once', async () => {
    await enter();
    const client = house.client();
    await client.next('ready');
    client.socket.close(1000);
    await client.closed();
    await eventually(() => house.conversation().isClosed);
    await eventually(() => house.clock.sleepers === 0);
  });
});

describe('one session', () => {
  it('has one connection: a newer one takes its place', async () => {
    await enter();
    const first = house.client();
    await first.next('ready');
    const second = house.client();
    await second.opened();
    expect((await first.next('error')).data).toMatchObject({ code: 'REPLACED', fatal: true });
    expect(await first.closed()).toBe(4001);
    second.send('start', { sample_rate: 16_000, codec: 'pcm16' });
    await second.next('ready');
    await settle(second);
    expect(house.conversations).toHaveLength(1);
    expect(house.conversation().asked).toHaveLength(1);
    expect(house.conversation().isClosed).toBe(false);
  });

  it('has one conversation, also when two connections begin it at once', async () => {
    let open!: () => void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    await enter({ beforeOpen: () => gate });
    const both = [house.client(), house.client()];
    setImmediate(open);
    await Promise.race(both.map((client) => client.closed()));
    expect(both.map(({ closeCode }) => closeCode).sort()).toEqual([4001, undefined]);
    expect(house.conversations).toHaveLength(1);
  });

  it('waits for its conversation to be kept before another begins', async () => {
    let keep!: () => void;
    await enter({ closesAfter: new Promise<void>((resolve) => (keep = resolve)) });
    const first = house.client();
    await first.next('ready');
    first.socket.close(1000);
    await eventually(() => house.conversation().isClosed);
    const second = house.client();
    await eventually(() => house.clock.sleepers === 1);
    expect(house.conversations).toHaveLength(1);
    keep();
    await second.next('ready');
    expect(house.conversations).toHaveLength(2);
  });

  it('that is over says so', async () => {
    await enter();
    const client = house.client();
    await client.next('ready');
    const ended = house.app.endTalk(SESSION);
    const { data } = await client.next('error');
    expect(data).toMatchObject({ code: 'SESSION_ENDED', fatal: true });
    expect(data.message).toMatch(/대화는 끝났어요/);
    expect(await client.closed()).toBe(4000);
    await ended;
    expect(house.conversation().isClosed).toBe(true);
    await house.app.endTalk('ses_unknown');
  });
});

describe('a client that takes nothing', () => {
  /** Speaks just enough of the protocol to be let in, and then never reads. */
  const openDeafLine = async () => {
    const socket = connect(house.port, '127.0.0.1');
    socket.write(
      `GET /ws/${USER}/${SESSION}?token=customer HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    socket.on('error', () => {});
    return socket;
  };
  const second = new Int16Array(24_000);

  it('holds the reply up, and no more waits than is bounded', async () => {
    await enter();
    const socket = await openDeafLine();
    const { output } = house.conversation();
    const controller = new AbortController();
    let sent = 0;
    let hasRoom = true;
    while (hasRoom) {
      hasRoom = await Promise.race([
        output.room(controller.signal).then(() => true),
        new Promise<boolean>((resolve) => setTimeout(resolve, 200, false)),
      ]);
      if (hasRoom) output.audio(1, sent++, second);
    }
    // What the kernel takes on both sides is not ours; what is ours is bounded.
    expect(sent).toBeLessThan(1_000);
    const waiting = output.room(controller.signal);
    socket.resume();
    await waiting;
    socket.pause();
    const abandoned = output.room(AbortSignal.abort()).catch((error: Error) => error.name);
    expect(await abandoned).toBe('AbortError');
    socket.destroy();
  });

  it('is given up at the cap, and may come back', async () => {
    await enter();
    const socket = await openDeafLine();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const { output } = house.conversation();
    let sent = 0;
    let isOver = false;
    void closed.then(() => (isOver = true));
    while (house.clock.nextInMs !== 30_000 && sent < 2_000) {
      output.audio(1, sent++, second);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sent).toBeLessThan(2_000);
    socket.resume();
    await closed;
    expect(isOver).toBe(true);
    expect(house.conversation().isClosed).toBe(false);
    const back = house.client();
    await back.opened();
    back.send('resume', { last_seq: 1 });
    await back.next('resync');
  });

  it('that is away holds the reply up too', async () => {
    await enter();
    const client = house.client();
    await client.next('ready');
    client.socket.terminate();
    await eventually(() => house.clock.nextInMs === 30_000);
    const { output } = house.conversation();
    const { signal } = new AbortController();
    let sent = 0;
    for (let isRoomy = true; isRoomy && sent < 1_000;) {
      isRoomy = await Promise.race([
        output.room(signal).then(() => true),
        Promise.resolve().then(() => Promise.resolve(false)),
      ]);
      if (isRoomy) output.audio(1, sent++, second.subarray(0, 800));
    }
    expect(sent * 1_609).toBeGreaterThan(256 * 1024);
    expect(sent * 1_609).toBeLessThan(260 * 1024);
    const back = house.client();
    await back.opened();
    const waiting = output.room(signal);
    back.send('resume', { last_seq: house.clock.now() });
    await waiting;
    await back.until(() => back.frames.length === sent);
    // Who ends a conversation leaves nobody waiting.
    back.socket.terminate();
  });
});

it('a server that goes down says so and waits for what is kept', async () => {
  let keep!: () => void;
  await enter({ closesAfter: new Promise<void>((resolve) => (keep = resolve)) });
  const client = house.client();
  await client.next('ready');
  const away = house.client(`/ws/${USER}/ses_2`);
  await away.next('ready');
  away.socket.terminate();
  let isClosed = false;
  const closed = house.app.close(1_000).then(() => (isClosed = true));
  expect((await client.next('error')).data).toMatchObject({ code: 'SHUTTING_DOWN', fatal: true });
  expect(await client.closed()).toBe(1001);
  expect(isClosed).toBe(false);
  keep();
  await closed;
  expect(house.conversations.map(({ isClosed }) => isClosed)).toEqual([true, true]);
  expect(house.clock.sleepers).toBe(0);
});

it('a server that goes down waits no longer than it may, for clients and for conversations', async () => {
  await enter({ closesAfter: new Promise(() => {}) });
  const deaf = house.client(undefined, { autoPong: false });
  await deaf.next('ready');
  // It takes nothing any more, not even the goodbye.
  deaf.socket.pause();
  await house.app.close(200);
  deaf.socket.resume();
  await deaf.closed();
});
