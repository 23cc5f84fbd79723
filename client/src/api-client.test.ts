import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { cut, json, problem, startScriptedServer, type ScriptedServer } from '../test/scripted-server.ts';
import { ApiClient } from './index.ts';

let server: ScriptedServer;
beforeEach(async () => {
  server = await startScriptedServer();
});
afterEach(() => server.close());

function client(): ApiClient {
  return new ApiClient({
    baseUrl: server.baseUrl,
    accessToken: () => 'token',
    sleep: () => Promise.resolve(),
  });
}

const signedIn = {
  user_id: 'usr_1',
  name: '관리자',
  role: 'admin',
  access_token: 'a',
  expires_in: 900,
  refresh_token: 'r2',
};

describe('the platform', () => {
  it('gives health also when it can not serve, at one try', async () => {
    server.script(
      json(503, { status: 'down', version: '1', uptime_seconds: 1, parts: {} }),
      json(502, 'bad gateway'),
    );
    expect((await client().health()).status).toBe('down');
    await expect(client().health()).rejects.toMatchObject({
      code: 'BAD_ANSWER',
      status: 502,
      retryable: true,
    });
    expect(server.arrived).toHaveLength(2);
  });

  it('gives the experiences and answers a ping', async () => {
    server.script(json(200, { experiences: [] }), json(200, {}), json(503, {}));
    expect(await client().experiences()).toEqual({ experiences: [] });
    expect(await client().ping()).toBe(true);
    expect(await client().ping()).toBe(false);
  });

  it('signs in, tells who it is and signs out', async () => {
    server.script(
      json(200, signedIn),
      json(200, { user_id: 'usr_1', name: '관리자', role: 'admin' }),
      json(204, undefined),
    );
    expect((await client().exchangeLink('lnk_1')).access_token).toBe('a');
    expect((await client().me()).role).toBe('admin');
    await client().signOut();
    expect(server.arrived[1]?.headers.authorization).toBe('Bearer token');
    expect(server.arrived[2]).toMatchObject({ method: 'POST', path: '/api/auth/sign-out' });
    expect(server.arrived[2]?.headers.authorization).toBe('Bearer token');
  });

  it('never sends a token twice that is good for one use', async () => {
    server.script(cut, cut, json(503, problem(503, 'OVERLOADED')));
    await expect(client().refresh('r1')).rejects.toMatchObject({ code: 'NETWORK' });
    await expect(client().exchangeLink('lnk_1')).rejects.toMatchObject({ code: 'NETWORK' });
    await expect(client().refresh('r1')).rejects.toMatchObject({
      code: 'OVERLOADED',
      status: 503,
      retryable: true,
    });
    expect(server.arrived).toHaveLength(3);
  });
});
