import type { Language } from '@malbeot/protocol';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../src/errors/app-error.ts';
import type { Answer, RouteScope } from '../src/experiences/experience.ts';
import { etagOf } from '../src/http/etag.ts';
import { TimeoutError } from '../src/lib/abort.ts';
import { ProviderError } from '../src/providers/spec/provider.ts';
import { buildKit, recordingLogger, type KitOptions } from './edge-kit.ts';

const bytes = Buffer.from('말벗 '.repeat(2_000));
const json = (value: unknown, status = 200): Answer => ({ status, body: { type: 'json', value } });
const common = { summary: 's', tag: 't', access: 'open', limit: 'none' } as const;
const get = (scope: RouteScope, path: `/api/${string}`, handle: () => Answer | Promise<Answer>) =>
  scope.route({ ...common, method: 'GET', path, handle });

function fails(scope: RouteScope, thrown: unknown) {
  get(scope, '/api/fails', () => {
    throw thrown;
  });
}

async function withKit<T>(
  options: KitOptions,
  work: (app: Awaited<ReturnType<typeof buildKit>>) => Promise<T>,
): Promise<T> {
  const app = await buildKit(options);
  try {
    return await work(app);
  } finally {
    await app.close(0);
  }
}

describe('errors', () => {
  it.each([
    [
      'an AppError',
      new AppError('CONFLICT', { detail: 'Version 3 stands.', fields: { version: 3 } }),
      409,
      { code: 'CONFLICT', detail: 'Version 3 stands.', version: 3, type: '/docs#CONFLICT' },
    ],
    ['a limit that passed', new TimeoutError(5), 504, { code: 'TIMEOUT' }],
    ['a provider', new ProviderError('failed', 'espeak', 'It broke.'), 503, { code: 'PROVIDER_UNAVAILABLE' }],
    [
      'what nobody foresaw',
      new Error('password is hunter2'),
      500,
      { code: 'INTERNAL', detail: 'Look up `request_id` in the server log.' },
    ],
    ['something that is no error', 'text', 500, { code: 'INTERNAL' }],
  ])('%s is told as a problem', async (_, thrown, status, expected) => {
    const { log, lines } = recordingLogger();
    await withKit({ deps: { log }, routes: (scope) => fails(scope, thrown) }, async (app) => {
      const answer = await app.inject('/api/fails');
      expect(answer.statusCode).toBe(status);
      expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      expect(answer.json()).toMatchObject({
        status,
        request_id: answer.headers['x-request-id'],
        ...expected,
      });
      expect(answer.body).not.toContain('hunter2');
      expect(lines.filter(({ level }) => level === 'error')).toHaveLength(status === 500 ? 1 : 0);
    });
  });

  it('takes the shape of the route, for limits and bad bodies too', async () => {
    const routes = (scope: RouteScope) =>
      scope.route({
        ...common,
        method: 'POST',
        path: '/api/own',
        access: 'manager',
        body: z.object({ n: z.number() }),
        handle: () => json({}),
        toErrorAnswer: (error, { id }) => json({ mine: error.code, id }, error.status),
      });
    await withKit({ routes }, async (app) => {
      const post = (authorization: string, payload: string) =>
        app.inject({
          method: 'POST',
          url: '/api/own',
          payload,
          headers: { authorization, 'content-type': 'application/json' },
        });
      expect((await post('Bearer cook', '{}')).json()).toMatchObject({ mine: 'FORBIDDEN' });
      expect((await post('Bearer manager', '{')).json()).toMatchObject({ mine: 'MALFORMED_BODY' });
      expect((await post('Bearer manager', '{"n":"x"}')).json()).toMatchObject({ mine: 'INVALID_INPUT' });
      const answer = await post('Bearer manager', '{"n":"x"}');
      expect(answer.json()).toEqual({ mine: 'INVALID_INPUT', id: answer.headers['x-request-id'] });
    });
  });

  it('names what is not there and what is not possible', async () => {
    await withKit({ routes: (scope) => get(scope, '/api/thing/:id', () => json({})) }, async (app) => {
      expect((await app.inject('/api/nothing')).json()).toMatchObject({ code: 'NOT_FOUND', status: 404 });
      expect((await app.inject(`/api/thing/${'x'.repeat(300)}`)).json()).toMatchObject({ code: 'NOT_FOUND' });
      for (const url of ['/api/thing/1', '/api/v1/thing/1']) {
        const answer = await app.inject({ method: 'DELETE', url });
        expect(answer.statusCode).toBe(405);
        expect(answer.headers['allow']).toBe('GET, HEAD, OPTIONS');
        expect(answer.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
      }
      const posted = await app.inject({
        method: 'POST',
        url: '/api/nothing',
        payload: '{',
        headers: { 'content-type': ';;;' },
      });
      expect(posted.json()).toMatchObject({ code: 'NOT_FOUND' });
    });
  });

  it.each(['/api/%zz', '/%', '/api/thing/%ff', '/api/%E0%A4%A'])(
    'can not read %s, and says so',
    async (url) => {
      await withKit({ routes: (scope) => get(scope, '/api/thing/:id', () => json({})) }, async (app) => {
        const answer = await app.inject(url);
        expect(answer.statusCode).toBe(400);
        expect(answer.json()).toMatchObject({ code: 'MALFORMED_REQUEST' });
        expect(answer.headers['x-content-type-options']).toBe('nosniff');
      });
    },
  );
});

describe('answers', () => {
  it('are the same under /api/v1', async () => {
    await withKit({}, async (app) => {
      expect((await app.inject('/api/v1/ping')).json()).toEqual({ status: 'ok' });
      expect((await app.inject('/api/ping')).json()).toEqual({ status: 'ok' });
      expect((await app.inject('/api/v1/v1/ping')).statusCode).toBe(404);
    });
  });

  it('carry the security headers, the id that was given, and are never kept unless they say so', async () => {
    await withKit({}, async (app) => {
      const { headers } = await app.inject({ url: '/api/ping', headers: { 'x-request-id': 'mine-1' } });
      expect(headers).toMatchObject({
        'x-request-id': 'mine-1',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
        'cache-control': 'no-store',
      });
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('strict-transport-security');
    });
  });

  it('answer HEAD as GET without the body', async () => {
    await withKit({}, async (app) => {
      const answer = await app.inject({ method: 'HEAD', url: '/api/ping' });
      expect([answer.statusCode, answer.headers['content-length'], answer.body]).toEqual([200, '15', '']);
    });
  });

  it('are compressed for those who take it, and keep their tag apart', async () => {
    const routes = (scope: RouteScope) =>
      get(scope, '/api/text', () => ({
        status: 200,
        headers: { ETag: etagOf(bytes), 'Cache-Control': 'no-cache' },
        body: { type: 'bytes', bytes, mediaType: 'text/plain; charset=utf-8' },
      }));
    await withKit({ routes }, async (app) => {
      const br = await app.inject({ url: '/api/text', headers: { 'accept-encoding': 'gzip, br' } });
      expect(br.headers).toMatchObject({
        'content-encoding': 'br',
        vary: 'Accept-Encoding',
        etag: `W/${etagOf(bytes)}`,
      });
      expect(br.rawPayload.length).toBeLessThan(200);
      const plain = await app.inject('/api/text');
      expect(plain.headers).toMatchObject({ vary: 'Accept-Encoding', etag: etagOf(bytes) });
      expect(plain.headers).not.toHaveProperty('content-encoding');
      for (const etag of [etagOf(bytes), `W/${etagOf(bytes)}`]) {
        const known = await app.inject({ url: '/api/text', headers: { 'if-none-match': etag } });
        expect([known.statusCode, known.body]).toEqual([304, '']);
      }
    });
  });

  it('are given in parts where they say so', async () => {
    const routes = (scope: RouteScope) =>
      get(scope, '/api/sound', () => ({
        status: 200,
        headers: { etag: '"v"', 'accept-ranges': 'bytes' },
        body: { type: 'bytes', bytes, mediaType: 'audio/wav' },
      }));
    await withKit({ routes }, async (app) => {
      const ask = (headers: Record<string, string>) => app.inject({ url: '/api/sound', headers });
      const part = await ask({ range: 'bytes=10-19' });
      expect(part.statusCode).toBe(206);
      expect(part.headers['content-range']).toBe(`bytes 10-19/${bytes.length}`);
      expect(part.rawPayload).toEqual(bytes.subarray(10, 20));
      const beyond = await ask({ range: `bytes=${bytes.length}-` });
      expect([beyond.statusCode, beyond.headers['content-range']]).toEqual([416, `bytes */${bytes.length}`]);
      expect((await ask({ range: 'bytes=0-1', 'if-range': '"old"' })).statusCode).toBe(200);
      expect((await ask({ range: 'bytes=0-1', 'if-range': '"v"' })).statusCode).toBe(206);
      expect((await ask({ range: 'bytes=0-1', 'if-none-match': '"v"' })).statusCode).toBe(304);
    });
  });
});

describe('pages of other sites', () => {
  const routes = (scope: RouteScope) => {
    scope.route({ ...common, method: 'POST', path: '/api/change', handle: () => json({}) });
  };

  it('can not change anything here, unless they are on the list', async () => {
    await withKit({ routes, settings: { corsOrigins: ['https://shop.example'] } }, async (app) => {
      const post = (headers: Record<string, string>) =>
        app.inject({ method: 'POST', url: '/api/change', headers });
      expect((await post({ origin: 'https://evil.example', host: 'localhost' })).json()).toMatchObject({
        code: 'ORIGIN_REFUSED',
      });
      expect((await post({ origin: 'http://localhost:8080', host: 'localhost:8080' })).statusCode).toBe(200);
      expect((await post({ host: 'localhost' })).statusCode).toBe(200);
      const listed = await post({ origin: 'https://shop.example', host: 'localhost' });
      expect(listed.statusCode).toBe(200);
      expect(listed.headers).toMatchObject({
        'access-control-allow-origin': 'https://shop.example',
        vary: 'Origin',
      });
    });
  });

  it('are told before they ask', async () => {
    await withKit({ routes, settings: { corsOrigins: ['https://shop.example'] } }, async (app) => {
      const ask = (origin: string) =>
        app.inject({
          method: 'OPTIONS',
          url: '/api/change',
          headers: { origin, 'access-control-request-method': 'POST' },
        });
      const listed = await ask('https://shop.example');
      expect(listed.statusCode).toBe(204);
      expect(listed.headers).toMatchObject({
        'access-control-allow-origin': 'https://shop.example',
        'access-control-allow-methods': 'POST, OPTIONS',
      });
      expect(listed.headers['access-control-allow-headers']).toContain('idempotency-key');
      const other = await ask('https://evil.example');
      expect(other.headers).not.toHaveProperty('access-control-allow-origin');
    });
  });
});

describe('rate limits', () => {
  const limits = { turnsPerKiosk: 2, turnsPerAddress: 3, signIn: 2, runs: 2, reads: 2 };

  it('are told with every answer and end in 429 with Retry-After', async () => {
    const clock = { now: () => 90_000, monotonicMs: () => 0 };
    const routes = (scope: RouteScope) =>
      scope.route({ ...common, limit: 'reads', method: 'GET', path: '/api/r', handle: () => json({}) });
    const { log, lines } = recordingLogger();
    await withKit({ routes, settings: { rateLimits: limits }, deps: { clock, log } }, async (app) => {
      const first = await app.inject('/api/r');
      expect(first.headers).toMatchObject({
        'x-ratelimit-limit': '2',
        'x-ratelimit-remaining': '1',
        'x-ratelimit-reset': '30',
      });
      await app.inject('/api/v1/r');
      for (let repeat = 0; repeat < 3; repeat++) {
        const over = await app.inject('/api/r');
        expect(over.statusCode).toBe(429);
        expect(over.headers).toMatchObject({ 'retry-after': '30', 'x-ratelimit-remaining': '0' });
        expect(over.json()).toMatchObject({ code: 'RATE_LIMITED' });
      }
      expect((await app.inject({ url: '/api/r', remoteAddress: '192.0.2.7' })).statusCode).toBe(200);
      expect(lines.filter(({ fields }) => fields['security'] === true)).toHaveLength(1);
    });
  });

  it('count what is tried with credentials that do not hold', async () => {
    await withKit({ settings: { rateLimits: limits } }, async (app) => {
      const ask = () => app.inject({ url: '/api/auth/me', headers: { authorization: 'Bearer forged' } });
      expect([(await ask()).statusCode, (await ask()).statusCode, (await ask()).statusCode]).toEqual([
        401, 401, 429,
      ]);
    });
  });

  it('count by what a trusted proxy says, and by nothing that anyone else says', async () => {
    const ask = async (trustProxy: boolean | number) =>
      withKit({ settings: { rateLimits: limits, trustProxy } }, async (app) => {
        const statuses: number[] = [];
        for (let n = 1; n <= 3; n++) {
          const headers = { 'x-forwarded-for': `198.51.100.${n}` };
          statuses.push((await app.inject({ url: '/api/health', headers })).statusCode);
        }
        return statuses;
      });
    expect(await ask(false)).toEqual([200, 200, 429]);
    expect(await ask(true)).toEqual([200, 200, 200]);
    expect(await ask(1)).toEqual([200, 200, 200]);
  });
});

describe('idempotency keys', () => {
  const key = { 'idempotency-key': '7f0c', 'content-type': 'application/json' };

  function counting(answer: (run: number) => Answer | Promise<Answer>) {
    let runs = 0;
    const routes = (scope: RouteScope) =>
      scope.route({
        ...common,
        method: 'POST',
        path: '/api/once',
        idempotent: true,
        body: z.object({ n: z.number() }),
        handle: () => answer(++runs),
      });
    return { routes, runs: () => runs };
  }

  it('give the first answer again, status, headers and words', async () => {
    const { routes, runs } = counting((run) => ({
      status: 201,
      headers: { location: '/x' },
      body: { type: 'json', value: { run } },
    }));
    await withKit({ routes }, async (app) => {
      const post = (payload: object, headers: Record<string, string> = key) =>
        app.inject({ method: 'POST', url: '/api/once', payload, headers });
      const first = await post({ n: 1 });
      const second = await post({ n: 1 });
      expect([first.statusCode, first.json()]).toEqual([201, { run: 1 }]);
      expect([second.statusCode, second.json()]).toEqual([201, { run: 1 }]);
      expect(second.headers).toMatchObject({
        location: '/x',
        'idempotency-replayed': 'true',
        'content-type': 'application/json; charset=utf-8',
      });
      expect((await post({ n: 2 })).json()).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', status: 422 });
      expect((await post({ n: 1 }, { ...key, authorization: 'Bearer customer' })).json()).toEqual({ run: 2 });
      expect((await post({ n: 1 }, { ...key, 'idempotency-key': 'ä' })).json()).toMatchObject({
        code: 'INVALID_INPUT',
      });
      expect(runs()).toBe(2);
    });
  });

  it('keep what the caller got wrong, and not what the server did', async () => {
    const { routes } = counting((run) => {
      if (run === 1) throw new Error('broken');
      throw new AppError('CONFLICT', { detail: `run ${run}` });
    });
    const own = counting((run) => {
      throw new AppError('NOT_FOUND', { detail: `run ${run}` });
    });
    await withKit({ routes }, async (app) => {
      const post = () => app.inject({ method: 'POST', url: '/api/once', payload: { n: 1 }, headers: key });
      expect((await post()).statusCode).toBe(500);
      expect((await post()).json()).toMatchObject({ detail: 'run 2' });
      expect((await post()).json()).toMatchObject({ detail: 'run 3' });
    });
    await withKit({ routes: own.routes }, async (app) => {
      const post = () => app.inject({ method: 'POST', url: '/api/once', payload: { n: 1 }, headers: key });
      expect((await post()).json()).toMatchObject({ detail: 'run 1' });
      const again = await post();
      expect(again.json()).toMatchObject({ detail: 'run 1' });
      expect(again.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    });
  });

  it('stop a second request while the first runs', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { routes, runs } = counting(async (run) => {
      await gate;
      return json({ run });
    });
    await withKit({ routes }, async (app) => {
      const post = () => app.inject({ method: 'POST', url: '/api/once', payload: { n: 1 }, headers: key });
      const first = post();
      while (runs() === 0) await new Promise((resolve) => setImmediate(resolve));
      const second = await post();
      expect([second.statusCode, second.json<{ code: string }>().code]).toEqual([
        409,
        'IDEMPOTENCY_IN_PROGRESS',
      ]);
      expect(second.headers['retry-after']).toBe('1');
      release();
      expect((await first).json()).toEqual({ run: 1 });
    });
  });
});

describe('the log', () => {
  it('has one line a request, with the route and never with what was asked for', async () => {
    const { log, lines } = recordingLogger();
    const routes = (scope: RouteScope) => get(scope, '/api/thing/:id', () => json({}));
    await withKit({ routes, deps: { log } }, async (app) => {
      const answer = await app.inject({
        url: '/api/thing/secret-id?token=abc',
        headers: { authorization: 'Bearer customer' },
      });
      const requests = lines.filter(({ message }) => message === 'request');
      expect(requests).toHaveLength(1);
      expect(requests[0]?.fields).toMatchObject({
        request_id: answer.headers['x-request-id'],
        method: 'GET',
        route: '/api/thing/:id',
        status: 200,
        who: 'person',
      });
      expect(JSON.stringify(lines)).not.toMatch(/secret-id|abc|customer/);
    });
  });
});

describe('the platform’s own routes', () => {
  it('sign in, tell who is signed in, and sign out', async () => {
    await withKit({}, async (app) => {
      const post = (url: string, payload: object, headers = {}) =>
        app.inject({ method: 'POST', url, payload, headers });
      expect((await post('/api/auth/link', { code: 'good' })).json()).toMatchObject({
        access_token: 'access',
      });
      expect((await post('/api/auth/link', { code: 'bad' })).statusCode).toBe(401);
      expect((await post('/api/auth/link', {})).json()).toMatchObject({
        errors: [{ path: 'body.code', message: 'is missing; text is needed' }],
      });
      expect((await post('/api/auth/guest', {})).json()).toMatchObject({ role: 'customer' });
      expect((await app.inject({ method: 'POST', url: '/api/auth/guest' })).statusCode).toBe(200);
      expect((await post('/api/auth/refresh', { refresh_token: 'r' })).statusCode).toBe(200);
      const authorization = 'Bearer customer';
      expect((await app.inject({ url: '/api/auth/me', headers: { authorization } })).json()).toEqual({
        user_id: 'usr_customer',
        name: '손님',
        role: 'customer',
      });
      expect(
        (await app.inject({ method: 'POST', url: '/api/auth/sign-out', headers: { authorization } }))
          .statusCode,
      ).toBe(204);
      expect(
        (await app.inject({ url: '/api/auth/me', headers: { authorization: 'Bearer api-key' } })).statusCode,
      ).toBe(403);
    });
  });

  it('tell health with its status', async () => {
    const down = { status: 'down', version: '1', uptime_seconds: 1, parts: {} } as const;
    const platform = { health: () => down, ready: () => false, experiences: () => ({ experiences: [] }) };
    await withKit({ deps: { platform } }, async (app) => {
      expect((await app.inject('/api/health')).statusCode).toBe(503);
      expect((await app.inject('/ready')).statusCode).toBe(503);
      expect((await app.inject('/health')).statusCode).toBe(200);
    });
  });

  it('tell health in the language of the page', async () => {
    const health = (language: Language) =>
      ({ status: 'ok', version: language, uptime_seconds: 1, parts: {} }) as const;
    const platform = { health, ready: () => true, experiences: () => ({ experiences: [] }) };
    await withKit({ deps: { platform } }, async (app) => {
      const ask = (headers: Record<string, string>) => app.inject({ url: '/api/health', headers });
      expect((await ask({})).json()).toMatchObject({ version: 'ko' });
      const english = await ask({ 'accept-language': 'en-US,en;q=0.9,ko;q=0.8' });
      expect(english.json()).toMatchObject({ version: 'en' });
      expect(english.headers['vary']).toContain('Accept-Language');
    });
  });

  it('count themselves', async () => {
    await withKit({}, async (app) => {
      await app.inject('/api/v1/ping');
      const { body, headers } = await app.inject({
        url: '/metrics',
        headers: { authorization: 'Bearer manager' },
      });
      expect(headers['content-type']).toMatch(/^text\/plain/);
      expect(body).toContain('malbeot_http_requests_total{route="/api/ping",method="GET",status="2xx"} 1');
    });
  });

  it('show pages for people and problems for machines', async () => {
    await withKit({}, async (app) => {
      for (const url of ['/', '/kiosk', '/staff', '/sign-in']) {
        expect((await app.inject(url)).body).toContain('npm run build');
      }
      const html = { accept: 'text/html' };
      expect((await app.inject({ url: '/assets/x.js', headers: html })).json()).toMatchObject({
        code: 'NOT_FOUND',
      });
      expect((await app.inject({ url: '/api/x', headers: html })).json()).toMatchObject({
        code: 'NOT_FOUND',
      });
      expect((await app.inject('/%00')).json()).toMatchObject({ code: 'NOT_FOUND' });
    });
  });
});
