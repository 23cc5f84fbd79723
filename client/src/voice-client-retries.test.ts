import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  answer,
  breakOff,
  cut,
  hang,
  json,
  problem,
  stall,
  startScriptedServer,
  timersRunning,
  type ScriptedServer,
} from '../test/scripted-server.ts';
import { MalbeotError, VoiceClient, type VoiceClientOptions } from './index.ts';

let server: ScriptedServer;
let waits: number[];

beforeEach(async () => {
  server = await startScriptedServer();
  waits = [];
});
afterEach(() => server.close());

/** A client that waits no time between tries, and says how long it would have. */
function client(options: VoiceClientOptions = {}): VoiceClient {
  return new VoiceClient({
    baseUrl: server.baseUrl,
    random: () => 1,
    sleep: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    ...options,
  });
}

async function errorOf(work: Promise<unknown>): Promise<MalbeotError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MalbeotError);
  return error as MalbeotError;
}

describe('trying again', () => {
  const failures = {
    'a cut connection': cut,
    'an answer that breaks off': breakOff,
    'a 503': json(503, problem(503, 'OVERLOADED')),
    'a 500': json(500, problem(500, 'INTERNAL')),
    'a 429': json(429, answer({ success: false })),
    'a first request still running': json(409, problem(409, 'IDEMPOTENCY_IN_PROGRESS')),
  };

  for (const [name, failure] of Object.entries(failures)) {
    it(`sends the same turn with the same key after ${name}`, async () => {
      server.script(failure, failure, json(200, answer()));
      expect((await client().sendText('콜라 하나')).success).toBe(true);
      expect(server.arrived).toHaveLength(3);
      expect(new Set(server.arrived.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
      expect(new Set(server.arrived.map(({ body }) => body.toString())).size).toBe(1);
      expect(waits).toEqual([300, 600]);
    });
  }

  it('gives every turn a key of its own', async () => {
    server.script(json(200, answer()), json(200, answer()));
    const voice = client();
    await voice.sendText('콜라 하나');
    await voice.sendText('콜라 하나');
    const [first, second] = server.arrived.map(({ headers }) => headers['idempotency-key']);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(second).not.toBe(first);
  });

  it('waits as long as Retry-After says, in seconds or as a date', async () => {
    const date = new Date(Date.now() + 4000).toUTCString();
    server.script(
      json(429, problem(429, 'RATE_LIMITED'), { 'retry-after': '2' }),
      json(503, problem(503, 'OVERLOADED'), { 'retry-after': date }),
      json(200, answer()),
    );
    await client().sendText('콜라');
    expect(waits[0]).toBe(2300);
    expect(waits[1]).toBeGreaterThan(2000);
    expect(waits[1]).toBeLessThanOrEqual(4300);
  });

  it('gives the answer at once when Retry-After asks for more than one whole try', async () => {
    server.script(json(429, answer({ success: false }), { 'retry-after': '31' }));
    expect((await client().sendText('콜라')).success).toBe(false);
    expect(waits).toEqual([]);
  });

  it('gives the last answer when all tries fail', async () => {
    server.script(
      ...Array.from({ length: 3 }, () => json(503, answer({ success: false, message: '잠시만요' }))),
    );
    expect((await client().sendText('콜라')).message).toBe('잠시만요');
    expect(server.arrived).toHaveLength(3);
  });

  it('does not repeat what was refused', async () => {
    server.script(json(422, problem(422, 'INVALID_INPUT'), { 'x-request-id': 'req_9' }));
    const error = await errorOf(client().sendText(''));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', status: 422, retryable: false, requestId: 'req_9' });
    expect(error.problem?.title).toBe('INVALID_INPUT');
    expect(server.arrived).toHaveLength(1);
  });
});

describe('no answer', () => {
  it('is an error in the language of the customer', async () => {
    const baseUrl = server.baseUrl;
    await server.close();
    const korean = await errorOf(client({ baseUrl }).sendText('콜라'));
    expect(korean).toMatchObject({ code: 'NETWORK', status: null, retryable: true });
    expect(korean.message).toMatch(/연결하지 못했어요/);
    expect((await errorOf(client({ baseUrl, language: 'en' }).sendText('cola'))).message).toMatch(
      /can’t be reached/,
    );
    expect(waits).toHaveLength(4);
    server = await startScriptedServer();
  });

  for (const [name, step] of Object.entries({ 'never begins': hang, 'never ends': stall })) {
    it(`is an error when the answer ${name}, and lets the connection go`, async () => {
      server.script(step, step);
      const error = await errorOf(client({ timeoutMs: 80, maxTries: 2 }).sendText('콜라'));
      expect(error).toMatchObject({ code: 'TIMEOUT', retryable: true });
      expect(server.arrived).toHaveLength(2);
      await Promise.all(server.arrived.map(({ gone }) => gone));
    });
  }

  it('is an error when nobody is recognised, whatever the body says', async () => {
    server.script(json(401, answer({ success: false })), json(403, problem(403, 'FORBIDDEN')));
    expect(await errorOf(client().sendText('콜라'))).toMatchObject({ status: 401, retryable: false });
    expect(await errorOf(client().sendText('콜라'))).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  });

  it('is an error when something else answers', async () => {
    server.script(
      (reply) => void reply.writeHead(200, { 'content-type': 'text/html' }).end('<h1>It works</h1>'),
    );
    expect(await errorOf(client().sendText('콜라'))).toMatchObject({ code: 'BAD_ANSWER', status: 200 });
  });
});

describe('calling off', () => {
  it('ends the request and throws the reason', async () => {
    server.script(hang);
    const controller = new AbortController();
    const reason = new Error('left');
    const turn = client().sendText('콜라', { signal: controller.signal });
    await expect.poll(() => server.arrived.length).toBe(1);
    controller.abort(reason);
    await expect(turn).rejects.toBe(reason);
    await server.arrived[0]?.gone;
  });

  it('ends a wait between tries, and leaves no timer', async () => {
    const before = timersRunning();
    server.script(json(503, problem(503, 'OVERLOADED'), { 'retry-after': '20' }));
    const controller = new AbortController();
    const voice = new VoiceClient({ baseUrl: server.baseUrl });
    const turn = voice.sendText('콜라', { signal: controller.signal });
    await expect.poll(() => server.arrived.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    controller.abort();
    await expect(turn).rejects.toMatchObject({ name: 'AbortError' });
    expect(server.arrived).toHaveLength(1);
    await expect.poll(timersRunning).toBeLessThanOrEqual(before + 1);
  });

  it('asks nothing when it is called off before', async () => {
    await expect(client().sendText('콜라', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(server.arrived).toHaveLength(0);
  });

  it('leaves no timer and no listener after answers of every kind', async () => {
    const controller = new AbortController();
    const added: string[] = [];
    const removed: string[] = [];
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (type: string, ...rest: [EventListener]) => {
      added.push(type);
      add(type, ...rest);
    };
    signal.removeEventListener = (type: string, ...rest: [EventListener]) => {
      removed.push(type);
      remove(type, ...rest);
    };
    const before = timersRunning();
    server.script(
      cut,
      json(503, problem(503, 'OVERLOADED')),
      json(200, answer()),
      json(422, problem(422, 'INVALID_INPUT')),
    );
    const voice = client();
    await voice.sendText('콜라', { signal });
    await errorOf(voice.sendText('콜라', { signal }));
    expect(added.length).toBeGreaterThan(0);
    expect(removed).toHaveLength(added.length);
    expect(timersRunning()).toBeLessThanOrEqual(before + 1);
  });
});
