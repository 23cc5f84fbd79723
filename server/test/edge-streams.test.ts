import { request, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import type { App } from '../src/app.ts';
import type { RouteScope } from '../src/experiences/experience.ts';
import { createHub } from '../src/hub/memory-hub.ts';
import { deferred } from '../src/lib/deferred.ts';
import { createMetrics } from '../src/telemetry/metrics.ts';
import { buildKit, recordingLogger, type KitOptions } from './edge-kit.ts';

let app: App | undefined;
let port: number;

afterEach(async () => {
  await app?.close(0);
  app = undefined;
});

async function start(options: KitOptions) {
  app = await buildKit(options);
  ({ port } = await app.listen({ port: 0, host: '127.0.0.1' }));
  return app;
}

const common = { summary: 's', tag: 't', access: 'open', limit: 'none' } as const;

function open(path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ port, path, headers, agent: false }, resolve).on('error', reject).end();
  });
}

/** Reads text until it holds `wanted`, or to its end. */
async function readUntil(response: IncomingMessage, wanted: string): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.includes(wanted)) break;
  }
  return text;
}

const until = async (done: () => boolean) => {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe('events', () => {
  const staff = { authorization: 'Bearer cook' };
  const called = { kiosk_id: 'k1', session_id: 'ses_1', at: '2026-11-21T00:00:00.000Z' };

  it('reach staff as they happen, with ids to come back with', async () => {
    const hub = createHub();
    await start({ deps: { hub } });
    const response = await open('/api/events', staff);
    expect(response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    await readUntil(response, 'retry: 2000\n\n');
    await until(() => hub.stats().connections === 1);
    const event = await hub.publish('staff', 'staff_called', called);
    const text = await readUntil(response, '\n\n');
    expect(text).toContain(`id: ${event.epoch}:1\nevent: staff_called\ndata: `);
    expect(JSON.parse(/data: (.*)\n/.exec(text)![1]!)).toEqual(event);
    response.destroy();
    await until(() => hub.stats().connections === 0);
  });

  it.each<[string, (cursor: string) => [string, Record<string, string>]]>([
    ['Last-Event-ID', (cursor: string) => ['/api/events', { ...staff, 'last-event-id': cursor }]],
    ['since', (cursor: string) => [`/api/events?since=${encodeURIComponent(cursor)}`, staff]],
  ])('that were missed come again by %s', async (_, ask) => {
    const hub = createHub();
    await start({ deps: { hub } });
    const { epoch } = await hub.publish('staff', 'staff_called', called);
    await hub.publish('staff', 'staff_called', called);
    const response = await open(...ask(`${epoch}:1`));
    const text = await readUntil(response, 'id: ');
    expect(text).toContain(`id: ${epoch}:2\n`);
    response.destroy();
  });

  it('of one’s own are apart from those of all', async () => {
    const hub = createHub();
    await start({ deps: { hub } });
    const response = await open('/api/events?for=me', staff);
    await until(() => hub.stats().connections === 1);
    await hub.publish('staff', 'staff_called', called);
    await hub.publish('user:usr_cook', 'resync', { reason: 'mine' });
    expect(await readUntil(response, 'event: ')).toContain('event: resync');
    response.destroy();
  });

  it('refuse a cursor that is none', async () => {
    await start({});
    expect((await app!.inject({ url: '/api/events?since=x', headers: staff })).statusCode).toBe(422);
  });
});

describe('a client that leaves', () => {
  it('ends the work, and is no error', async () => {
    const seen = deferred<AbortSignal>();
    const ended = deferred<void>();
    const { log, lines } = recordingLogger();
    const metrics = createMetrics();
    const routes = (scope: RouteScope) =>
      scope.route({
        ...common,
        method: 'GET',
        path: '/api/slow',
        handle: async ({ signal }) => {
          seen.resolve(signal);
          await new Promise((_, reject) =>
            signal.addEventListener('abort', () => {
              ended.resolve();
              reject(signal.reason as Error);
            }),
          );
          return { status: 200, body: { type: 'empty' } };
        },
      });
    await start({ routes, deps: { log, metrics } });
    const outgoing = request({ port, path: '/api/slow', agent: false }).on('error', () => {});
    outgoing.end();
    expect((await seen.promise).aborted).toBe(false);
    outgoing.destroy();
    await ended.promise;
    await until(() => metrics.http.active === 0);
    expect(lines.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
    expect(lines.find(({ message }) => message === 'request')?.fields).toMatchObject({ status: 499 });
  });

  it('does not end what it will ask for again with its key', async () => {
    const started = deferred<void>();
    const gate = deferred<void>();
    let runs = 0;
    const routes = (scope: RouteScope) =>
      scope.route({
        ...common,
        method: 'POST',
        path: '/api/order',
        idempotent: true,
        handle: async ({ signal }) => {
          runs++;
          started.resolve();
          await gate.promise;
          signal.throwIfAborted();
          return { status: 200, body: { type: 'json', value: { runs } } };
        },
      });
    const metrics = createMetrics();
    await start({ routes, deps: { metrics } });
    const headers = { 'idempotency-key': 'k' };
    const outgoing = request({ port, path: '/api/order', method: 'POST', headers, agent: false }).on(
      'error',
      () => {},
    );
    outgoing.end();
    await started.promise;
    outgoing.destroy();
    await new Promise((resolve) => setTimeout(resolve, 20));
    gate.resolve();
    await until(() => metrics.http.active === 0);
    const again = await app!.inject({ method: 'POST', url: '/api/order', headers });
    expect(again.json()).toEqual({ runs: 1 });
    expect(again.headers['idempotency-replayed']).toBe('true');
  });
});

describe('streams', () => {
  const stream = (make: () => Readable) => (scope: RouteScope) =>
    scope.route({
      ...common,
      method: 'GET',
      path: '/api/stream',
      handle: () => ({ status: 200, body: { type: 'stream', stream: make(), mediaType: 'audio/wav' } }),
    });

  it('come whole, at the client’s pace', async () => {
    await start({
      routes: stream(() => Readable.from(Array.from({ length: 300 }, () => Buffer.alloc(10_000, 1)))),
    });
    const response = await open('/api/stream');
    let size = 0;
    for await (const chunk of response) size += (chunk as Buffer).length;
    expect(size).toBe(3_000_000);
  });

  it('that fail before their first byte are an error, and after it break off', async () => {
    const { log, lines } = recordingLogger();
    await start({
      routes: stream(
        () =>
          new Readable({
            read() {
              this.destroy(new Error('gone'));
            },
          }),
      ),
      deps: { log },
    });
    expect((await app!.inject('/api/stream')).json()).toMatchObject({ code: 'INTERNAL' });
    await app!.close(0);
    async function* half() {
      yield Buffer.alloc(10);
      await new Promise((resolve) => setTimeout(resolve, 20));
      throw new Error('gone');
    }
    await start({ routes: stream(() => Readable.from(half())), deps: { log } });
    const response = await open('/api/stream');
    await expect(readUntil(response, 'never')).rejects.toThrow('aborted');
    expect(lines.some(({ message }) => message === 'an answer broke off')).toBe(true);
  });

  it('end when the client leaves', async () => {
    let source: Readable | undefined;
    await start({
      routes: stream(
        () =>
          (source = new Readable({
            read() {
              setTimeout(() => this.push(Buffer.alloc(1_000)), 1);
            },
          })),
      ),
    });
    const response = await open('/api/stream');
    await new Promise((resolve) => response.once('data', resolve));
    response.destroy();
    await until(() => source?.destroyed === true);
  });
});

describe('stopping', () => {
  it('ends streams, finishes requests, takes nothing new', async () => {
    const hub = createHub();
    const started = deferred<void>();
    const gate = deferred<void>();
    const routes = (scope: RouteScope) =>
      scope.route({
        ...common,
        method: 'GET',
        path: '/api/turn',
        handle: async ({ signal }) => {
          started.resolve();
          await gate.promise;
          return { status: 200, body: { type: 'json', value: { aborted: signal.aborted } } };
        },
      });
    await start({ routes, deps: { hub } });
    const events = await open('/api/events', { authorization: 'Bearer cook' });
    const turn = open('/api/turn');
    await started.promise;
    const closing = app!.close(5_000);
    expect(await readUntil(events, 'never')).toContain('retry:');
    expect((await app!.inject('/api/ping')).json()).toMatchObject({ code: 'SHUTTING_DOWN' });
    await expect(open('/api/ping')).rejects.toThrow('ECONNREFUSED');
    gate.resolve();
    const response = await turn;
    expect(response.headers.connection).toBe('close');
    expect(await readUntil(response, '}')).toBe('{"aborted":false}');
    await closing;
  });

  it('calls off what does not finish in time', async () => {
    const started = deferred<void>();
    const routes = (scope: RouteScope) =>
      scope.route({
        ...common,
        method: 'GET',
        path: '/api/turn',
        handle: ({ signal }) => {
          started.resolve();
          return new Promise((_, reject) =>
            signal.addEventListener('abort', () => reject(signal.reason as Error)),
          );
        },
      });
    await start({ routes });
    const turn = open('/api/turn');
    await started.promise;
    await app!.close(100);
    const response = await turn;
    expect(response.statusCode).toBe(503);
    expect(await readUntil(response, '}')).toContain('SHUTTING_DOWN');
  });
});
