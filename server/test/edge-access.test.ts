import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../src/app.ts';
import { voiceFileRoutes } from '../src/http/voice-file-routes.ts';
import { buildKit } from './edge-kit.ts';

let local: App;
let production: App;

const routes = voiceFileRoutes({ voiceFiles: { read: () => Promise.resolve(null) } });

beforeAll(async () => {
  local = await buildKit({ deps: { routes } });
  production = await buildKit({ deps: { routes }, settings: { profile: 'production' } });
});
afterAll(async () => {
  await local.close(0);
  await production.close(0);
});

const paths = (path: string) =>
  path.startsWith('/api/') ? [path, path.replace('/api/', '/api/v1/')] : [path];

describe('who gets in', () => {
  it('is open only where it is meant to be', () => {
    const open = local
      .routes()
      .flatMap(({ access, method, path }) => (access === 'open' ? [`${method} ${path}`] : []));
    expect(open.sort()).toEqual([
      'GET /api/experiences',
      'GET /api/health',
      'GET /api/ping',
      'GET /docs',
      'GET /docs/asyncapi.json',
      'GET /docs/openapi.json',
      'GET /docs/style.css',
      'GET /health',
      'GET /ready',
      'POST /api/auth/guest',
      'POST /api/auth/link',
      'POST /api/auth/refresh',
    ]);
  });

  it.each([
    ['from another machine', () => local, '192.168.0.9', 'localhost:8080', {}],
    ['by a name that was pointed here', () => local, '127.0.0.1', 'evil.example', {}],
    [
      'through a proxy on this machine',
      () => local,
      '127.0.0.1',
      'localhost',
      { 'x-forwarded-for': '203.0.113.9' },
    ],
    ['at home in production', () => production, '127.0.0.1', 'localhost', {}],
  ])(
    'nobody without credentials gets into any other route, %s',
    async (_, app, remoteAddress, host, headers) => {
      const closed = app()
        .routes()
        .filter(({ access }) => access !== 'open');
      expect(closed.length).toBeGreaterThan(4);
      for (const { method, path } of closed) {
        for (const url of paths(path)) {
          const answer = await app().inject({
            method,
            url: url.replaceAll(/:\w+/g, 'x'),
            remoteAddress,
            headers: { host, ...headers },
          });
          expect([method, url, answer.statusCode]).toEqual([method, url, 401]);
          expect(answer.json()).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
          expect(answer.headers['www-authenticate']).toBe('Bearer');
        }
      }
    },
  );

  it('lets a kiosk at home in without credentials', async () => {
    const answer = await local.inject({ url: '/api/voice/tts/x', headers: { host: 'localhost:8080' } });
    expect(answer.json()).toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each([
    ['customer', '/metrics', 403],
    ['cook', '/metrics', 403],
    ['api-key', '/metrics', 403],
    ['manager', '/metrics', 200],
    ['customer', '/api/events', 403],
    ['customer', '/api/auth/me', 200],
    ['forged', '/api/auth/me', 401],
    // Credentials that don't hold are refused, never passed over.
    ['forged', '/api/ping', 401],
  ])('%s at %s gets %i', async (token, url, status) => {
    const answer = await local.inject({ url, headers: { authorization: `Bearer ${token}` } });
    expect(answer.statusCode).toBe(status);
  });
});
