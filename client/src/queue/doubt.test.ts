import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { startQueueBench, type QueueBench } from '../../test/queue-bench.ts';
import { answer, cut, json, problem } from '../../test/scripted-server.ts';
import type { OrderData, ServerResponse } from '../index.ts';

const MINUTE_MS = 60_000;

let bench: QueueBench;
beforeEach(async () => {
  bench = await startQueueBench();
  bench.server.otherwise(cut);
});
afterEach(() => bench.close());

const ok = (fields: Partial<ServerResponse> = {}) => json(200, answer(fields));
const turns = () => bench.server.arrived.filter(({ path }) => path === '/api/voice/process');
const texts = () => turns().map((arrived) => arrived.turn().text);
const keys = () => turns().map(({ headers }) => headers['idempotency-key']);

function order(fields: Partial<OrderData> = {}): OrderData {
  const empty = { order_id: null, items: [], total_amount: 0, requires_confirmation: false } as const;
  return { ...empty, status: 'draft', item_count: 0, created_at: '', updated_at: '', ...fields };
}

const session = (count: number, fields: Partial<OrderData> = {}) =>
  json(200, { session_id: 'ses_1', turns: count, order_data: order(fields) });
const over = (fields: object = {}) => json(404, { ...problem(404, 'SESSION_EXPIRED'), ...fields });
const gone = (fields: object = {}) => {
  const details = { code: 'SESSION_EXPIRED', ...fields };
  const error_info = {
    error_code: 'validation_error',
    error_message: '',
    recovery_actions: [],
    details,
  } as const;
  return json(404, answer({ success: false, error_info: { ...error_info, timestamp: '' } }));
};

/** One turn answered, the order read back, and a second turn sent whose answer never came. */
async function doubt(status: OrderData['status'] = 'confirming') {
  const { voice, queue } = bench.open();
  bench.server.script(ok({ order_data: order({ status }) }));
  await voice.sendText('하나');
  await voice.sendText('네');
  await expect.poll(() => bench.waits().length).toBe(1);
  return { voice, queue };
}

async function retryAfter(ms: number, ...steps: Parameters<typeof bench.server.script>) {
  bench.now += ms;
  bench.server.script(...steps);
  bench.endWaits();
}

describe('a turn that may have arrived', () => {
  it('is sent again, with its key, when the server says that it did not', async () => {
    for (const ms of [2000, 30 * MINUTE_MS]) {
      const { voice, queue } = await doubt();
      await retryAfter(ms, session(1), ok());
      await queue.settled();
      expect(keys().at(-1)).toBe(keys().at(-2));
      expect(bench.deliveries.at(-1)?.answer).not.toBeNull();
      await voice.reset();
      await queue.close();
    }
  });

  it('is sent again at once: the server gives its first answer again', async () => {
    const { queue } = await doubt();
    await retryAfter(20_000, session(2), ok({ message: '주문이 들어갔어요.' }));
    await queue.settled();
    expect(bench.deliveries.map(({ answer }) => answer?.message)).toEqual(['주문이 들어갔어요.']);
  });

  it('is not sent again when the server has it and its answer may be forgotten', async () => {
    const { queue } = await doubt();
    const placed = {
      order_id: 'ord_1',
      order_number: 7,
      order: order({ status: 'confirmed', total_amount: 4500 }),
    };
    await retryAfter(
      2 * MINUTE_MS,
      session(2, { order_id: 'ord_1', status: 'confirmed' }),
      json(200, placed),
    );
    await queue.settled();
    expect(texts()).toEqual(['하나', '네']);
    expect(bench.deliveries).toMatchObject([
      { number: 2, answer: null, session: { turns: 2 }, order: { order_number: 7 } },
    ]);
  });

  it('is known to have placed its order though the session is over', async () => {
    const { queue } = await doubt();
    await retryAfter(
      60 * MINUTE_MS,
      over({ turns: 2, order_id: 'ord_1' }),
      json(200, { order_number: 7, order: order() }),
    );
    await queue.settled();
    expect(texts()).toEqual(['하나', '네']);
    expect(bench.deliveries).toMatchObject([{ answer: null, session: null, order: { order_number: 7 } }]);
    expect(bench.server.arrived.at(-1)?.path).toBe('/api/kiosk/orders/ord_1');
  });

  it('is sent again from the beginning of its talk, in a new session, when it came to nothing', async () => {
    const { queue } = await doubt();
    await retryAfter(
      60 * MINUTE_MS,
      over({ turns: 1, order_id: null }),
      ok({ session_id: 'ses_2', order_data: order({ status: 'confirming' }) }),
      ok({ session_id: 'ses_2', message: '주문이 들어갔어요.' }),
    );
    await queue.settled();
    expect(texts()).toEqual(['하나', '네', '하나', '네']);
    expect(turns().map((arrived) => arrived.turn().session_id)).toEqual([
      undefined,
      'ses_1',
      undefined,
      'ses_2',
    ]);
    expect(new Set(keys()).size).toBe(4);
    // The first one was answered to its customer long ago.
    expect(bench.deliveries.map(({ number, answer }) => [number, answer?.message])).toEqual([
      [2, '주문이 들어갔어요.'],
    ]);
  });

  it('waits for a person when it may have placed an order and nobody can tell', async () => {
    const { voice, queue } = await doubt();
    await retryAfter(60 * MINUTE_MS, over());
    await expect.poll(() => bench.held.length).toBe(1);
    expect(bench.held[0]).toMatchObject({ reason: 'outcome-unknown', turns: [{ number: 2, text: '네' }] });
    expect(bench.metrics).toContainEqual({ type: 'turn-held', number: 2, reason: 'outcome-unknown' });
    // The next customer is not held up.
    bench.server.script(ok({ session_id: 'ses_9' }));
    expect(await voice.sendText('셋')).toMatchObject({ success: true });
    expect(turns().at(-1)?.turn().session_id).toBeUndefined();
    expect((await queue.status()).held).toEqual(bench.held);
  });

  it('needs nobody when it can have placed none', async () => {
    const { queue } = await doubt('draft');
    await retryAfter(
      60 * MINUTE_MS,
      json(404, problem(404, 'NOT_FOUND')),
      ok({ session_id: 'ses_2' }),
      ok({ session_id: 'ses_2' }),
    );
    await queue.settled();
    expect(bench.held).toEqual([]);
    expect(texts()).toEqual(['하나', '네', '하나', '네']);
  });

  it('that began a talk is sent again as it is: it can have placed no order', async () => {
    const { voice, queue } = bench.open();
    await voice.sendText('하나');
    await expect.poll(() => bench.waits().length).toBe(1);
    await retryAfter(60 * MINUTE_MS, ok());
    await queue.settled();
    expect(texts()).toEqual(['하나', '하나']);
    expect(keys()[0]).toBe(keys()[1]);
  });

  it('is asked about again when the server can not tell just now', async () => {
    const { queue } = await doubt();
    await retryAfter(2000, json(503, problem(503, 'OVERLOADED')));
    await expect.poll(() => bench.waits()).toEqual([2000]);
    expect(turns()).toHaveLength(2);
    await retryAfter(2000, session(1), ok());
    await queue.settled();
    expect(bench.deliveries).toHaveLength(1);
  });

  it('counts what was not heard as no turn', async () => {
    const { voice, queue } = bench.open();
    const unheard = {
      error_code: 'speech_recognition_error',
      error_message: '',
      recovery_actions: [],
    } as const;
    bench.server.script(ok(), ok({ success: false, error_info: { ...unheard, details: {}, timestamp: '' } }));
    await voice.sendText('하나');
    await voice.sendText('(잡음)');
    await voice.sendText('둘');
    await expect.poll(() => bench.waits().length).toBe(1);
    await retryAfter(2 * MINUTE_MS, session(1), ok());
    await queue.settled();
    expect(texts()).toEqual(['하나', '(잡음)', '둘', '둘']);
  });
});

describe('a session that ends while turns wait', () => {
  it('and had placed an order is for a person, who sends the rest or gives it up', async () => {
    const { voice, queue } = bench.open();
    bench.server.script(ok(), ok({ order_data: order({ order_id: 'ord_1', status: 'confirmed' }) }));
    await voice.sendText('하나');
    await voice.sendText('네');
    await voice.sendText('감자튀김도 하나요');
    await expect.poll(() => bench.waits().length).toBe(1);
    await retryAfter(60 * MINUTE_MS, over({ turns: 2, order_id: 'ord_1' }));
    await expect.poll(() => bench.held.length).toBe(1);
    expect(bench.held[0]).toMatchObject({ reason: 'placed-before', turns: [{ number: 3 }] });

    bench.server.script(ok({ session_id: 'ses_2' }));
    await queue.release(bench.held[0]!.conversation);
    await queue.settled();
    expect(texts()).toEqual(['하나', '네', '감자튀김도 하나요', '감자튀김도 하나요']);
    expect(turns().at(-1)?.turn().session_id).toBeUndefined();
    expect((await queue.status()).held).toEqual([]);
    await expect.poll(() => bench.records.size).toBe(0);
  });

  it('again and again is for a person', async () => {
    const { voice, queue } = bench.open();
    bench.server.script(ok());
    await voice.sendText('하나');
    await voice.sendText('둘');
    await expect.poll(() => bench.waits().length).toBe(1);
    const round = [ok({ session_id: 'ses_2' }), gone({ turns: 1, order_id: null })];
    await retryAfter(60 * MINUTE_MS, over({ turns: 1, order_id: null }), ...round, ...round, ...round);
    await expect.poll(() => bench.held.length).toBe(1);
    expect(bench.held[0]?.reason).toBe('repeatedly-over');
    expect(texts()).toHaveLength(8);
    await queue.discard(bench.held[0]!.conversation);
    await expect.poll(() => bench.records.size).toBe(0);
    expect(bench.metrics).toContainEqual({ type: 'turn-dropped', number: 2, reason: 'discarded' });
    await queue.release('no such talk');
    await queue.discard('no such talk');
  });

  it('for want of a token that holds is like any other', async () => {
    const { voice, queue } = bench.open();
    bench.server.script(ok());
    await voice.sendText('하나');
    await voice.sendText('둘');
    await expect.poll(() => bench.waits().length).toBe(1);
    const expired = json(401, problem(401, 'TOKEN_EXPIRED'));
    await retryAfter(48 * 60 * MINUTE_MS, expired, ok({ session_id: 'ses_2' }), ok({ session_id: 'ses_2' }));
    await queue.settled();
    expect(texts()).toEqual(['하나', '둘', '하나', '둘']);
  });
});

describe('a turn that the server never takes', () => {
  const well = json(200, { status: 'ok', version: '1', uptime_seconds: 1, parts: {} });

  it('is for a person after half an hour, if the server is well', async () => {
    const { voice } = bench.open();
    await voice.sendText('하나');
    for (let strike = 1; strike <= 30; strike++) {
      await expect.poll(() => bench.waits().length).toBe(1);
      await retryAfter(MINUTE_MS, json(500, problem(500, 'INTERNAL')), well);
      await expect.poll(() => turns().length).toBe(strike + 1);
    }
    await expect.poll(() => bench.held.length).toBe(1);
    expect(bench.held[0]?.reason).toBe('refused');
  });

  it('is kept for as long as the server is not', async () => {
    const { voice, queue } = bench.open();
    await voice.sendText('하나');
    const down = json(503, { status: 'down', version: '1', uptime_seconds: 1, parts: {} });
    for (let round = 1; round <= 40; round++) {
      await expect.poll(() => bench.waits().length).toBe(1);
      await retryAfter(MINUTE_MS, json(503, answer({ success: false })), down);
      await expect.poll(() => turns().length).toBe(round + 1);
    }
    await expect.poll(() => bench.waits().length).toBe(1);
    expect(bench.held).toEqual([]);
    await retryAfter(MINUTE_MS, ok());
    await queue.settled();
    expect(bench.deliveries).toHaveLength(1);
  });
});

describe('records that are damaged', () => {
  it('cost what they held, and the rest of the talk is for a person', async () => {
    const first = bench.open();
    for (const text of ['하나', '둘', '셋']) await first.voice.sendText(text);
    await first.queue.close();
    bench.records.set('turn-000000000002', Uint8Array.of(1, 2, 3));
    bench.server.otherwise(ok());
    const { queue } = bench.open();
    await expect.poll(() => bench.held.length).toBe(1);
    expect(bench.metrics).toContainEqual({ type: 'turn-dropped', number: 2, reason: 'damaged' });
    expect(bench.held[0]).toMatchObject({ reason: 'incomplete', turns: [{ number: 3, text: '셋' }] });
    await queue.release(bench.held[0]!.conversation);
    await queue.settled();
    expect(texts().filter((text) => text === '셋')).toHaveLength(1);
  });

  it('never send a turn twice for want of the note that it was sent', async () => {
    const first = await doubt();
    await first.queue.close();
    bench.records.set('sent-000000000002', Uint8Array.of(1, 2, 3));
    bench.server.otherwise(ok());
    const { queue } = bench.open();
    expect((await queue.status()).held).toMatchObject([
      { reason: 'outcome-unknown', turns: [{ number: 2 }] },
    ]);
    expect(turns()).toHaveLength(2);
  });
});
