import type { HubEvent } from '@malbeot/protocol';
import type { ServerResponse as Reply } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  cut,
  hang,
  json,
  problem,
  startScriptedServer,
  timersRunning,
  type ScriptedServer,
  type Step,
} from '../test/scripted-server.ts';
import { subscribeEvents, type EventsState, type SubscribeEventsOptions } from './index.ts';

let server: ScriptedServer;
let controller: AbortController;

beforeEach(async () => {
  server = await startScriptedServer();
  controller = new AbortController();
});
afterEach(async () => {
  controller.abort();
  await server.close();
});

function called(seq: number): HubEvent<'staff_called'> {
  const data = { kiosk_id: 'k1', session_id: 'ses_1', at: '2026-11-21T00:00:00.000Z' };
  return { seq, epoch: 'e', type: 'staff_called', data, at: data.at };
}

function frame(event: HubEvent): string {
  return `id: ${event.epoch}:${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** Opens the stream, sends the pieces and then does `after`. */
function stream(
  pieces: readonly (string | Uint8Array)[],
  after: (reply: Reply) => void = () => undefined,
): Step {
  return (reply) => {
    reply.writeHead(200, { 'content-type': 'text/event-stream' });
    reply.flushHeaders();
    for (const piece of pieces) reply.write(piece);
    setTimeout(() => after(reply), 10);
  };
}

function follow(options: Partial<SubscribeEventsOptions> = {}) {
  const events: HubEvent[] = [];
  const ids: string[] = [];
  const states: EventsState[] = [];
  const waits: number[] = [];
  const ended = subscribeEvents({
    baseUrl: server.baseUrl,
    accessToken: () => 'token',
    random: () => 0,
    sleep: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    onEvent: (event, id) => {
      events.push(event);
      ids.push(id);
    },
    onState: (state) => states.push(state),
    signal: controller.signal,
    ...options,
  });
  return { events, ids, states, waits, ended };
}

describe('events', () => {
  it('come in order, however the bytes are cut', async () => {
    const bytes = new TextEncoder().encode(`: hello\n\n${frame(called(1))}${frame(called(2))}`);
    server.script(stream([...bytes].map((byte) => new Uint8Array([byte]))));
    const { events, ids, states } = follow();
    await expect.poll(() => events.length).toBe(2);
    expect(events).toEqual([called(1), called(2)]);
    expect(ids).toEqual(['e:1', 'e:2']);
    expect(states.map(({ state }) => state)).toEqual(['connecting', 'open']);
    expect(server.arrived[0]?.headers).toMatchObject({
      authorization: 'Bearer token',
      accept: 'text/event-stream',
    });
    expect(server.arrived[0]?.headers['last-event-id']).toBeUndefined();
  });

  it('go on after the last one seen when the connection breaks', async () => {
    server.script(
      stream([frame(called(7))], (reply) => reply.destroy()),
      cut,
      stream([frame(called(8))]),
    );
    const { events, waits, states } = follow({ since: 'e:6' });
    await expect.poll(() => events.length).toBe(2);
    expect(server.arrived.map(({ headers }) => headers['last-event-id'])).toEqual(['e:6', 'e:7', 'e:7']);
    // The first break follows an open stream, the second a failed try: it waits twice as long.
    expect(waits).toEqual([500, 1000]);
    expect(states.filter(({ state }) => state === 'waiting')).toHaveLength(2);
  });

  it('go on when the server ends the stream', async () => {
    server.script(
      stream([frame(called(1))], (reply) => reply.end()),
      stream([frame(called(2))]),
    );
    const { events } = follow();
    await expect.poll(() => events.length).toBe(2);
  });

  it('include resync, after which the numbering is the new one', async () => {
    const resync: HubEvent<'resync'> = {
      seq: 3,
      epoch: 'f',
      type: 'resync',
      data: { reason: 'too old' },
      at: '',
    };
    server.script(
      stream([frame(resync)], (reply) => reply.destroy()),
      stream([]),
    );
    const { events } = follow({ since: 'e:900' });
    await expect.poll(() => server.arrived.length).toBe(2);
    expect(events).toEqual([resync]);
    expect(server.arrived[1]?.headers['last-event-id']).toBe('f:3');
  });

  it('that can not be read are passed over', async () => {
    server.script(stream(['event: x\ndata: {not json\n\n', 'data: 5\n\n', frame(called(1))]));
    const { events } = follow();
    await expect.poll(() => events.length).toBe(1);
  });
});

describe('a connection', () => {
  it('that is silent beyond the limit is made anew', async () => {
    server.script(hang, stream([]), stream([frame(called(1))]));
    const { events } = follow({ silenceLimitMs: 60 });
    await expect.poll(() => events.length).toBe(1);
    expect(server.arrived).toHaveLength(3);
    await server.arrived[0]?.gone;
    await server.arrived[1]?.gone;
  });

  it('waits longer each time, at most 20 s', async () => {
    server.script(
      ...Array.from({ length: 8 }, () => json(503, problem(503, 'OVERLOADED'))),
      stream([frame(called(1))]),
    );
    const { events, waits } = follow({ random: () => 1 });
    await expect.poll(() => events.length).toBe(1);
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000]);
  });

  it('asks for a new token when the old one is refused, and gives up when that is refused too', async () => {
    server.script(
      json(401, problem(401, 'TOKEN_EXPIRED')),
      stream([frame(called(1))], (reply) => reply.destroy()),
      json(401, problem(401, 'TOKEN_EXPIRED')),
      json(401, problem(401, 'UNAUTHENTICATED')),
    );
    const asked: boolean[] = [];
    const { ended, states } = follow({
      accessToken: ({ rejected }) => {
        asked.push(rejected);
        return `token-${asked.length}`;
      },
    });
    await ended;
    expect(asked).toEqual([false, true, false, true]);
    expect(server.arrived[1]?.headers.authorization).toBe('Bearer token-2');
    expect(states.at(-1)).toMatchObject({ state: 'closed', error: { code: 'UNAUTHENTICATED' } });
  });

  it('ends at once for a person without the role', async () => {
    server.script(json(403, problem(403, 'FORBIDDEN')));
    const { ended, states } = follow();
    await ended;
    expect(states.at(-1)).toMatchObject({ state: 'closed', error: { status: 403 } });
    expect(server.arrived).toHaveLength(1);
  });

  it('tries again when no token could be had', async () => {
    server.script(stream([frame(called(1))]));
    let asked = 0;
    const { events } = follow({
      accessToken: () => {
        asked += 1;
        return asked === 1 ? Promise.reject(new Error('offline')) : Promise.resolve('token');
      },
    });
    await expect.poll(() => events.length).toBe(1);
  });

  it('ends with the signal, open or waiting, and leaves no timer', async () => {
    const before = timersRunning();
    server.script(stream([frame(called(1))]));
    const open = follow();
    await expect.poll(() => open.events.length).toBe(1);
    controller.abort();
    await open.ended;
    await server.arrived[0]?.gone;
    expect(open.states.at(-1)).toEqual({ state: 'closed', error: null });

    controller = new AbortController();
    server.script(json(503, problem(503, 'OVERLOADED')));
    const states: EventsState[] = [];
    const ended = subscribeEvents({
      baseUrl: server.baseUrl,
      accessToken: () => 'token',
      onEvent: () => undefined,
      onState: (state) => states.push(state),
      signal: controller.signal,
    });
    await expect.poll(() => states.at(-1)?.state).toBe('waiting');
    controller.abort();
    await ended;
    await expect.poll(timersRunning).toBeLessThanOrEqual(before + 1);
  });
});
