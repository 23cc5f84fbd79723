import { encodeAudioFrame } from '@malbeot/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { seeded } from './testing/seeded.ts';
import { openTalkHouse, settle, type TalkHouse, type TestClient } from './testing/talk-house.ts';

let house: TalkHouse;
let client: TestClient;
const enter = async () => {
  house = await openTalkHouse();
  client = house.client();
  await client.next('ready');
};
afterEach(() => house.close());

const START = { sample_rate: 16_000, codec: 'pcm16' };
const frame = (sequence: number, ms: number, audioId = 1) =>
  encodeAudioFrame({ audioId, sequence, payload: new Uint8Array(ms * 32) });
const errors = () => client.messages.filter((message) => message.type === 'error');

describe('a message that can not be read', () => {
  it.each([
    ['hello', 'A text message is JSON: {"type", "data"}; this begins with "hello".'],
    ['', 'A text message is JSON'],
    ['null', 'A message is an object {"type", "data"}; this is null.'],
    ['[]', 'this is an array'],
    ['7', 'this is a number'],
    ['{}', 'type: nothing is no message; send one of start, text, played, interrupt, end, ping, resume.'],
    ['{"type":"shout","data":{}}', 'type: "shout" is no message'],
    ['{"type":"toString"}', 'type: "toString" is no message'],
    ['{"type":"__proto__"}', 'type: "__proto__" is no message'],
    ['{"type":["text"]}', 'type: ["text"] is no message'],
    [`{"type":"${'x'.repeat(500)}"}`, 'xxx… is no message'],
    ['{"type":"text"}', 'data.message'],
    ['{"type":"text","data":[]}', 'data'],
    ['{"type":"text","data":{"message":"  "}}', 'data.message'],
    [JSON.stringify({ type: 'text', data: { message: '가'.repeat(1001) } }), 'data.message'],
    ['{"type":"text","data":{"message":5}}', 'data.message'],
    ['{"type":"start","data":{"sample_rate":44100,"codec":"pcm16"}}', 'data.sample_rate'],
    ['{"type":"start","data":{"sample_rate":16000,"codec":"mp3"}}', 'data.codec'],
    ['{"type":"start","data":{"sample_rate":16000,"codec":"opus","speech_rate":9}}', 'data.speech_rate'],
    ['{"type":"start","data":{"sample_rate":16000,"codec":"opus","hands_free":"no"}}', 'data.hands_free'],
    ['{"type":"played","data":{"audio_id":-1,"ms":5}}', 'data.audio_id'],
    ['{"type":"played","data":{"audio_id":1,"ms":1e99}}', 'data.ms'],
    ['{"type":"ping","data":{"at":"now"}}', 'data.at'],
    ['{"type":"resume","data":{"last_seq":1.5}}', 'data.last_seq'],
    ['{"type":"resume","data":{"last_seq":1}}', 'first message'],
  ])('is told what is wrong with it (%#)', async (text, told) => {
    await enter();
    await settle(client);
    client.socket.send(text);
    const { data } = await client.next('error');
    expect(data).toMatchObject({ code: 'BAD_MESSAGE', fatal: false });
    expect(data.message).toContain(told);
    await settle(client);
    expect(house.conversation().asked).toEqual([]);
  });

  it('is one of bytes that are no frame', async () => {
    await enter();
    for (const bytes of [[], [1], [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]])
      client.socket.send(Uint8Array.from(bytes));
    for (let count = 0; count < 3; count++) {
      expect((await client.next('error')).data.message).toContain('u32 sequence');
    }
  });

  it('ends the connection when there are too many, and the conversation may come back', async () => {
    await enter();
    for (let count = 0; count < 30; count++) client.socket.send('nonsense');
    expect(await client.closed()).toBe(1008);
    expect(errors()).toHaveLength(21);
    expect(house.conversation().isClosed).toBe(false);
  });

  it('is forgotten after ten seconds', async () => {
    await enter();
    for (let round = 0; round < 3; round++) {
      for (let count = 0; count < 15; count++) client.socket.send('nonsense');
      await settle(client);
      house.clock.advance(10_000);
    }
    expect(errors()).toHaveLength(45);
    expect(client.closeCode).toBeUndefined();
  });

  it.each([
    ['too large', 1009, () => client.socket.send(new Uint8Array(64 * 1024 + 1))],
    ['no UTF-8', 1007, () => client.socket.send(Buffer.from([0xff, 0xfe]), { binary: false })],
  ])('%s ends the connection with %i', async (_, code, send) => {
    await enter();
    send();
    expect(await client.closed()).toBe(code);
  });
});

describe('sound', () => {
  it('before `start` is told of once and not heard', async () => {
    await enter();
    for (let sequence = 0; sequence < 5; sequence++) client.socket.send(frame(sequence, 20));
    await settle(client);
    expect(errors().map(({ data }) => data)).toMatchObject([{ code: 'NOT_STARTED' }]);
    expect(house.conversation().heard()).toHaveLength(0);
  });

  it('of an odd length is told of, once a second, and costs nothing else', async () => {
    await enter();
    client.send('start', START);
    for (let round = 0; round < 2; round++) {
      for (let count = 0; count < 40; count++) {
        client.socket.send(encodeAudioFrame({ audioId: 1, sequence: count, payload: new Uint8Array(3) }));
      }
      await settle(client);
      house.clock.advance(1_000);
    }
    expect(errors().map(({ data }) => data)).toMatchObject([{ code: 'BAD_AUDIO' }, { code: 'BAD_AUDIO' }]);
    client.socket.send(frame(40, 20));
    await settle(client);
    expect(house.conversation().heard()).toHaveLength(320);
  });

  it('faster than it can be spoken is dropped: five seconds at once, then half as fast again', async () => {
    await enter();
    client.send('start', START);
    let sequence = 0;
    const pour = async (ms: number) => {
      for (let sent = 0; sent < ms; sent += 100) client.socket.send(frame(sequence++, 100));
      await settle(client);
    };
    await pour(8_000);
    expect(house.conversation().heard()).toHaveLength(5_000 * 16);
    expect(errors().map(({ data }) => data)).toMatchObject([{ code: 'TOO_FAST' }]);
    house.clock.advance(2_000);
    await pour(5_000);
    expect(house.conversation().heard()).toHaveLength(8_000 * 16);
  });

  it('a new `start` begins anew, also at another rate', async () => {
    await enter();
    client.send('start', START);
    client.socket.send(frame(100, 20));
    client.send('start', { sample_rate: 48_000, codec: 'pcm16', hands_free: false });
    for (let sequence = 0; sequence < 10; sequence++) client.socket.send(frame(sequence, 60));
    await settle(client);
    expect(house.conversation().asked).toEqual([
      { type: 'open', use: { handsFree: true, speechRate: 1 } },
      { type: 'open', use: { handsFree: false, speechRate: 1 } },
    ]);
    // 200 ms less what the filter still holds.
    const heard = house.conversation().heard().length - 320;
    expect(heard).toBeGreaterThan(3_200 - 100);
    expect(heard).toBeLessThanOrEqual(3_200);
  });
});

describe('words', () => {
  it('more than five in a second are not read', async () => {
    await enter();
    for (let count = 0; count < 9; count++) client.send('text', { message: `말 ${count}` });
    await settle(client);
    expect(house.conversation().asked).toHaveLength(5);
    expect(errors().map(({ data }) => data)).toMatchObject([{ code: 'TOO_FAST' }]);
    house.clock.advance(1_000);
    client.send('text', { message: '또' });
    await settle(client);
    expect(house.conversation().asked).toHaveLength(6);
  });

  it('a flood of anything is bounded', async () => {
    await enter();
    for (let count = 0; count < 5_000; count++) client.send('ping');
    house.clock.advance(2_000);
    await client.until(() => errors().length > 0);
    // What is still on its way takes what the next two seconds allow.
    const isThrough = () => client.messages.some(({ type, data }) => type === 'pong' && data['at'] === 77);
    while (!isThrough()) {
      house.clock.advance(2_000);
      client.send('ping', { at: 77 });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(client.messages.filter(({ type }) => type === 'pong').length).toBeLessThan(2_500);
  });
});

it('2,000 mutated messages break nothing', { timeout: 60_000 }, async () => {
  house = await openTalkHouse({ limits: { maxPerPerson: 100 } });
  const random = seeded(20_261);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const values = [null, true, -1, 0, 1e308, '', '가'.repeat(1001), [], {}, { message: 'x' }, 'opus', 48_000];
  const good = [
    { type: 'start', data: START },
    { type: 'start', data: { sample_rate: 48_000, codec: 'opus', hands_free: true } },
    { type: 'text', data: { message: '안녕' } },
    { type: 'played', data: { audio_id: 1, ms: 20 } },
    { type: 'resume', data: { last_seq: 1 } },
    { type: 'ping', data: { at: 5 } },
  ];
  const mutatedText = (): string => {
    const message = structuredClone(pick(good)) as { type: unknown; data: Record<string, unknown> };
    const way = below(4);
    if (way === 0) message.data[pick(Object.keys(message.data).concat('extra'))] = pick(values);
    if (way === 1) message.type = pick(values);
    let text = JSON.stringify(message);
    if (way === 2) text = text.slice(0, below(text.length));
    if (way === 3) {
      const at = below(text.length);
      text = text.slice(0, at) + String.fromCharCode(below(0x2_000)) + text.slice(at + 1);
    }
    return text;
  };
  const mutatedBytes = (): Uint8Array => {
    const bytes = frame(below(50), pick([0, 1, 20, 60]), below(3));
    const payload = Uint8Array.from({ length: below(200) }, () => below(256));
    const whole = random() < 0.5 ? bytes : Uint8Array.from([...bytes.subarray(0, 9), ...payload]);
    for (let count = below(4); count > 0; count--) whole[below(whole.length)] = below(256);
    return whole.subarray(0, random() < 0.3 ? below(whole.length) : whole.length);
  };
  let sent = 0;
  while (sent < 2_000) {
    const live = house.client();
    await live.opened();
    live.send(pick(['start', 'ping', 'end']), START);
    for (; sent < 2_000 && live.closeCode === undefined; sent++) {
      live.socket.send(random() < 0.5 ? mutatedText() : mutatedBytes());
      if (sent % 10 === 0) {
        house.clock.advance(2_000);
        const asked = live.messages.length;
        live.send('ping');
        await live.until(() => live.closeCode !== undefined || live.messages.length > asked);
      }
    }
    live.socket.close(1000);
    await live.closed();
    // 1006: the test's clock ran past the time for a goodbye.
    expect([1000, 1006, 1008]).toContain(live.closeCode);
  }
  const last = house.client('/ws/usr_customer/ses_last');
  await last.next('ready');
});
