import type { ServerResponse as HttpReply } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { startQueueBench, type QueueBench } from '../../test/queue-bench.ts';
import { answer, cut, json, problem } from '../../test/scripted-server.ts';
import { isQueued, type KioskAction, type OrderData, type ServerResponse } from '../index.ts';
import { writeWav } from '../sound/write-wav.ts';

let bench: QueueBench;
beforeEach(async () => {
  bench = await startQueueBench();
});
afterEach(() => bench.close());

const ok = (fields: Partial<ServerResponse> = {}) => json(200, answer(fields));
const turns = () => bench.server.arrived.filter(({ path }) => path === '/api/voice/process');
const texts = () => turns().map((arrived) => arrived.turn().text);
const session = (count: number, order: Partial<OrderData> = {}) =>
  json(200, { session_id: 'ses_1', turns: count, order_data: { order_id: null, status: 'draft', ...order } });
const idle = () => expect.poll(() => bench.records.size, { timeout: 2000 }).toBe(0);

const readBack: ServerResponse['ui_actions'][number] = {
  action_type: 'show_confirmation',
  data: {
    kind: 'order',
    question: '',
    order: null,
    lines: [],
    dine: null,
    read_back: 'rb_1',
    replies: [],
  },
  priority: 1,
  requires_user_input: true,
  timeout_seconds: 30,
};

describe('while the server answers', () => {
  it('a turn gives its answer, is told to nobody else and leaves nothing behind', async () => {
    const { voice } = bench.open();
    const meta = { ...answer().meta, session_token: 'tok' };
    bench.server.script(ok({ meta }), ok({ message: '둘' }), json(204, undefined));
    expect(isQueued(await voice.sendText('하나'))).toBe(false);
    const second = await voice.sendText('둘');
    expect(isQueued(second) ? '' : second.message).toBe('둘');
    expect(voice.sessionId).toBe('ses_1');
    expect(turns()[1]?.headers.authorization).toBe('Bearer tok');
    expect(turns()[1]?.turn().session_id).toBe('ses_1');
    await voice.reset();
    expect(bench.server.arrived[2]).toMatchObject({ method: 'DELETE', path: '/api/kiosk/sessions/ses_1' });
    await idle();
    expect(bench.deliveries).toEqual([]);
    expect(voice.sessionId).toBeNull();
  });

  it('a session that is over is an answer, and what follows begins anew', async () => {
    const { voice } = bench.open();
    const details = { code: 'SESSION_EXPIRED', turns: 1, order_id: null };
    const error_info = {
      error_code: 'validation_error',
      error_message: '',
      recovery_actions: [],
      details,
    } as const;
    const gone = answer({ success: false, error_info: { ...error_info, timestamp: '' } });
    bench.server.script(ok(), json(404, gone), ok({ session_id: 'ses_2' }));
    await voice.sendText('하나');
    expect(await voice.sendText('둘')).toMatchObject({ success: false });
    await voice.sendText('셋');
    expect(texts()).toEqual(['하나', '둘', '셋']);
    expect(turns()[2]?.turn().session_id).toBeUndefined();
    expect(voice.sessionId).toBe('ses_2');
  });

  it('an answer that says "not now" is given to who waits, and the turn is not sent again', async () => {
    const { voice } = bench.open();
    bench.server.script(
      ok(),
      json(503, answer({ success: false, message: '잠시만요' })),
      session(2),
      ok({ message: '셋' }),
    );
    await voice.sendText('하나');
    expect(await voice.sendText('둘')).toMatchObject({ message: '잠시만요' });
    expect(await voice.sendText('셋')).toMatchObject({ message: '셋' });
    // It may have been taken: the count of turns is asked for before the next one.
    expect(bench.server.arrived[2]).toMatchObject({ method: 'GET', path: '/api/kiosk/sessions/ses_1' });
  });

  it('a device that is not known is told so', async () => {
    const { voice } = bench.open();
    bench.server.script(json(401, problem(401, 'UNAUTHENTICATED')));
    await expect(voice.sendText('하나')).rejects.toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
    expect(turns()).toHaveLength(1);
  });

  it('sound, taps and words keep the order in which they were given', async () => {
    const { voice } = bench.open();
    bench.server.script(ok(), ok(), ok());
    const wav = writeWav(new Float32Array(800), 16_000);
    await Promise.all([
      voice.sendAudio(new Blob([wav])),
      voice.sendText('둘'),
      voice.sendAction({ type: 'repeat' }),
    ]);
    const types = turns().map(({ headers }) => headers['content-type']?.split(';')[0]);
    expect(types).toEqual(['multipart/form-data', 'application/json', 'application/json']);
    expect(turns()[2]?.turn().action).toEqual({ type: 'repeat' });
  });
});

describe('while it can not be reached', () => {
  it('turns are kept, told so in the customer’s language, and delivered in order', async () => {
    const { voice, queue } = bench.open();
    const meta = { ...answer().meta, session_token: 'tok' };
    bench.server.script(cut);
    const first = await voice.sendText('하나');
    voice.language = 'en';
    const second = await voice.sendText('two');
    expect(first).toMatchObject({
      queued: true,
      number: 1,
      message: expect.stringMatching(/적어 두었어요/) as unknown,
    });
    expect(second).toMatchObject({
      queued: true,
      number: 2,
      message: expect.stringMatching(/was kept/) as unknown,
    });
    await expect.poll(() => bench.waits()).toEqual([2000]);
    expect(await queue.status()).toMatchObject({ state: 'away', waiting: 2, held: [] });
    bench.server.script(ok({ message: '하나', meta }), ok({ message: 'two' }));
    bench.endWaits();
    await queue.settled();
    expect(texts().filter((text) => text !== undefined)).toContain('two');
    const keys = turns().map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(2);
    const last = turns().at(-1);
    expect(last?.turn()).toEqual({ text: 'two', session_id: 'ses_1', language: 'en' });
    expect(last?.headers.authorization).toBe('Bearer tok');
    expect(bench.deliveries.map(({ number, answer }) => [number, answer?.message])).toEqual([
      [1, '하나'],
      [2, 'two'],
    ]);
    expect(bench.deliveries[0]?.key).toBe(isQueued(first) ? first.key : '');
    await voice.reset();
    await idle();
  });

  it('waits longer each time, up to a minute, and at once no longer when woken', async () => {
    const { voice, queue } = bench.open();
    bench.server.script(...Array.from({ length: 9 }, () => cut));
    await voice.sendText('하나');
    const waits: number[] = [];
    for (let round = 0; round < 8; round++) {
      await expect.poll(() => bench.waits().length).toBe(1);
      waits.push(bench.waits()[0]!);
      if (round % 2 === 0) bench.endWaits();
      else queue.wake();
      await expect.poll(() => turns().length).toBe(round + 2);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  });

  it('a page of somebody else in between is no answer', async () => {
    const { voice, queue } = bench.open();
    const portal = (reply: HttpReply) =>
      void reply.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Please sign in to the Wi-Fi</h1>');
    bench.server.script(portal);
    expect(isQueued(await voice.sendText('하나'))).toBe(true);
    for (let round = 0; round < 40; round++) {
      await expect.poll(() => bench.waits().length).toBe(1);
      // The turn, and the question whether the server is well.
      bench.server.script(portal, portal);
      bench.endWaits();
      await expect.poll(() => bench.server.arrived.length).toBe(1 + (round + 1) * 2);
    }
    expect(bench.held).toEqual([]);
    await expect.poll(() => bench.waits().length).toBe(1);
    bench.server.script(ok());
    bench.endWaits();
    await queue.settled();
    expect(bench.deliveries).toHaveLength(1);
  });

  it('who waits too long gets the turn as queued, and its answer as a delivery', async () => {
    const { voice, queue } = bench.open();
    let release: (() => void) | undefined;
    bench.server.script((reply, arrived) => {
      release = () => void ok({ message: '늦었어요' })(reply, arrived);
    });
    const slow = voice.sendText('하나');
    await expect.poll(() => release).toBeDefined();
    bench.losePatience();
    expect(isQueued(await slow)).toBe(true);
    release?.();
    await queue.settled();
    expect(bench.deliveries.map(({ answer }) => answer?.message)).toEqual(['늦었어요']);
  });

  it('paying and calling the staff are never kept: they need somebody at the counter', async () => {
    const { voice, queue } = bench.open();
    bench.server.otherwise(cut);
    const pay: KioskAction = { type: 'pay', method: 'card' };
    await expect(voice.sendAction(pay)).rejects.toMatchObject({ code: 'NETWORK' });
    expect(isQueued(await voice.sendText('하나'))).toBe(true);
    await expect(voice.sendAction(pay)).rejects.toMatchObject({ code: 'NETWORK' });
    await expect(voice.sendAction({ type: 'call_staff' })).rejects.toMatchObject({ code: 'NETWORK' });
    expect((await queue.status()).waiting).toBe(1);
    await queue.close();
    bench.server.otherwise(ok());
    const after = bench.open();
    await after.queue.settled();
    expect(turns().filter((arrived) => arrived.turn().action?.type === 'pay')).toHaveLength(1);
  });

  it('a server that asks for patience gets it', async () => {
    const { voice, queue } = bench.open();
    bench.server.script(cut);
    await voice.sendText('하나');
    await expect.poll(() => bench.waits()).toEqual([1000]);
    bench.server.script(json(429, answer({ success: false }), { 'retry-after': '37' }));
    bench.endWaits();
    await expect.poll(() => bench.waits()).toEqual([37_000]);
    bench.server.script(json(429, answer({ success: false }), { 'retry-after': '1' }));
    bench.endWaits();
    await expect.poll(() => bench.waits()).toEqual([1000]);
    bench.server.script(ok());
    bench.endWaits();
    await queue.settled();
    expect(bench.deliveries).toHaveLength(1);
  });

  it('a device key that is put right later delivers what was kept', async () => {
    const { voice, queue } = bench.open({}, { deviceKey: 'dev_wrong' });
    bench.server.script(cut);
    await voice.sendText('하나');
    await expect.poll(() => bench.waits()).toEqual([1000]);
    bench.server.script(json(401, problem(401, 'UNAUTHENTICATED')));
    bench.endWaits();
    await expect.poll(() => bench.waits()).toEqual([60_000]);
    voice.deviceKey = 'dev_right';
    bench.server.script(ok());
    queue.wake();
    await queue.settled();
    expect(turns().at(-1)?.headers['x-device-key']).toBe('dev_right');
    expect(bench.deliveries).toHaveLength(1);
  });
});

describe('saying yes', () => {
  const confirm: KioskAction = { type: 'confirm' };

  it('a yes that was kept agrees to the read-back before it', async () => {
    const { voice, queue } = bench.open();
    bench.server.otherwise(cut);
    await voice.sendText('콜라 하나');
    bench.now += 5000;
    await voice.sendAction(confirm);
    bench.now += 5000;
    await voice.sendAction(confirm);
    await expect.poll(() => bench.waits().length).toBe(1);
    const before = turns().length;
    bench.server.script(ok(), ok({ ui_actions: [readBack] }), ok());
    bench.endWaits();
    await queue.settled();
    expect(
      turns()
        .slice(before)
        .map((arrived) => arrived.turn().action),
    ).toEqual([undefined, confirm, { type: 'confirm', read_back: 'rb_1' }]);
  });

  it('a double tap is one', async () => {
    const { voice, queue } = bench.open();
    bench.server.script(cut);
    await voice.sendText('콜라 하나');
    const first = await voice.sendAction(confirm);
    bench.now += 400;
    expect(await voice.sendAction(confirm)).toEqual(first);
    expect((await queue.status()).waiting).toBe(2);
  });

  it('a yes of somebody who is here says what it says, and no more', async () => {
    const { voice } = bench.open();
    bench.server.script(ok({ ui_actions: [readBack] }), ok());
    await voice.sendAction(confirm);
    await voice.sendAction(confirm);
    expect(turns()[1]?.turn().action).toEqual(confirm);
  });
});
