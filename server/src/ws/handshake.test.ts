import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { recordingLogger } from '../../test/edge-kit.ts';
import { defaultRateLimits } from '../http/rate-limit.ts';
import { openTalkHouse, SESSION, USER, type HouseOptions, type TalkHouse } from './testing/talk-house.ts';

let house: TalkHouse;
/** In production, so that nobody gets in only because they are on this machine. */
const enter = async ({ kit = {}, ...options }: HouseOptions = {}) =>
  (house = await openTalkHouse({
    ...options,
    kit: { ...kit, settings: { profile: 'production', ...kit.settings } },
  }));
afterEach(() => house.close());

const PATH = `/ws/${USER}/${SESSION}`;

describe('who gets in', () => {
  it.each([
    ['the person, by subprotocol', PATH, { protocols: ['malbeot', 'malbeot.token.customer'] }, 'malbeot'],
    ['only a token offered', PATH, { protocols: ['malbeot.token.customer'] }, 'malbeot.token.customer'],
    ['the person, by address', `${PATH}?token=customer`, { protocols: [] }, ''],
    ['the person, by header', PATH, { protocols: [], headers: { authorization: 'Bearer customer' } }, ''],
    ["the session's own token", PATH, { protocols: ['malbeot', 'malbeot.token.of-ses_1'] }, 'malbeot'],
    ['an API key', PATH, { protocols: ['malbeot', 'malbeot.token.api-key'] }, 'malbeot'],
    ['a page of this server', PATH, { origin: 'same' }, 'malbeot'],
  ])('%s', async (_, path, { origin, ...options }: { origin?: string; protocols?: string[] }, protocol) => {
    await enter();
    const given = origin === undefined ? {} : { origin: `http://127.0.0.1:${house.port}` };
    const client = house.client(path, { ...options, ...given });
    await client.next('ready');
    expect(client.socket.protocol).toBe(protocol);
  });

  it('nobody without a token but at home', async () => {
    await enter({ kit: { settings: { profile: 'local' } } });
    await house.client(PATH, { protocols: [] }).next('ready');
  });
});

describe('who does not', () => {
  it.each([
    ['nobody', PATH, { protocols: [] }, 401, 'UNAUTHENTICATED'],
    ['an unknown token', PATH, { protocols: ['malbeot.token.what'] }, 401, 'UNAUTHENTICATED'],
    ['an expired token', PATH, { protocols: ['malbeot.token.expired'] }, 401, 'TOKEN_EXPIRED'],
    ['the token of another session', PATH, { protocols: ['malbeot.token.of-ses_2'] }, 403, 'FORBIDDEN'],
    ['another person', PATH, { protocols: ['malbeot.token.other'] }, 403, 'FORBIDDEN'],
    ['a device', PATH, { protocols: [], headers: { 'x-device-key': 'device' } }, 403, 'FORBIDDEN'],
    ['the page of another site', PATH, { origin: 'https://evil.example' }, 403, 'ORIGIN_REFUSED'],
    ['a page that hides where it is from', PATH, { origin: 'null' }, 403, 'ORIGIN_REFUSED'],
    ['a session that is not there', `/ws/${USER}/none`, {}, 404, 'NOT_FOUND'],
    ['a first part that nobody answers for', '/ws/someone/ses_1', {}, 404, 'NOT_FOUND'],
    ['the reserved first part', '/ws/chat/ses_1', {}, 404, 'NOT_FOUND'],
    ['another path', '/ws', {}, 404, 'NOT_FOUND'],
    ['an older WebSocket', PATH, { protocolVersion: 8 }, 426, 'UPGRADE_REQUIRED'],
  ])('%s', async (_, path, options, status, code) => {
    await enter();
    const client = house.client(path, options);
    expect(await client.refusal()).toMatchObject({
      status,
      code,
      headers: { 'content-type': 'application/problem+json; charset=utf-8', connection: 'close' },
    });
    expect(house.conversations).toHaveLength(0);
  });

  it('the same session of another person, while it is live', async () => {
    await enter();
    await house.client().next('ready');
    const other = house.client('/ws/usr_other/ses_1', { protocols: ['malbeot.token.other'] });
    expect((await other.refusal()).code).toBe('NOT_FOUND');
    const thief = house.client(PATH, { protocols: ['malbeot.token.other'] });
    expect((await thief.refusal()).code).toBe('FORBIDDEN');
    expect(house.conversations).toHaveLength(1);
  });

  it('whoever asks too often, with the time to wait', async () => {
    await enter({ kit: { settings: { rateLimits: { ...defaultRateLimits, runs: 2 } } } });
    await house.client().opened();
    await house.client().opened();
    const { status, code, headers } = await house.client().refusal();
    expect({ status, code }).toEqual({ status: 429, code: 'RATE_LIMITED' });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  });

  it('a plain request, which is told what to speak; its own refusals come first', async () => {
    await enter();
    const ask = (token: string) =>
      house.app.inject({ url: PATH, headers: { authorization: `Bearer ${token}` } });
    const told = await ask('customer');
    expect(told.statusCode).toBe(426);
    expect(told.headers).toMatchObject({ upgrade: 'websocket', 'sec-websocket-version': '13' });
    expect(told.json()).toMatchObject({ code: 'UPGRADE_REQUIRED' });
    expect((await ask('expired')).json()).toMatchObject({ code: 'TOKEN_EXPIRED' });
  });

  it('a handshake with a broken key or a broken list of protocols', async () => {
    await enter();
    const base =
      `GET ${PATH}?token=customer HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\n';
    const key = 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
    expect(await rawAnswer(`${base}Sec-WebSocket-Key: short\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 400 .*MALFORMED_REQUEST/s,
    );
    expect(await rawAnswer(`${base}${key}Sec-WebSocket-Protocol: a,,b\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 400 .*MALFORMED_REQUEST/s,
    );
  });

  it('more conversations than a person or a server may hold', async () => {
    await enter({ limits: { maxPerPerson: 2, maxConversations: 3, maxPerAddress: 9 } });
    await house.client(`/ws/${USER}/ses_1`).next('ready');
    await house.client(`/ws/${USER}/ses_2`).next('ready');
    const { code, headers } = await house.client(`/ws/${USER}/ses_3`).refusal();
    expect(code).toBe('RATE_LIMITED');
    expect(headers['retry-after']).toBe('5');
    const key = { protocols: ['malbeot.token.api-key'] };
    await house.client('/ws/usr_b/ses_4', key).next('ready');
    const full = await house.client('/ws/usr_c/ses_5', key).refusal();
    expect(full).toMatchObject({ status: 503, code: 'OVERLOADED' });
    // The same session again is no further conversation.
    await house.client(`/ws/${USER}/ses_2`).opened();
  });

  it('more than an address may hold', async () => {
    await enter({ limits: { maxPerAddress: 1 } });
    await house.client(`/ws/${USER}/ses_1`).next('ready');
    const key = { protocols: ['malbeot.token.api-key'] };
    expect((await house.client('/ws/usr_b/ses_4', key).refusal()).code).toBe('RATE_LIMITED');
  });
});

describe('around the socket', () => {
  it('a conversation that lost its connection makes way for a new one of the same person', async () => {
    await enter({ limits: { maxPerPerson: 1 } });
    const first = house.client(`/ws/${USER}/ses_1`);
    await first.next('ready');
    first.socket.terminate();
    await first.closed();
    // The server notices in its own time.
    for (let tries = 0; !house.conversations[0]!.isClosed && tries < 50; tries++) {
      const next = house.client(`/ws/${USER}/ses_2`);
      await next.until(() => next.refused !== undefined || next.messages.length > 0);
    }
    expect(house.conversations.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });

  it('writes no token into the log', async () => {
    const { log, lines } = recordingLogger();
    await enter({ kit: { deps: { log } } });
    const client = house.client(`${PATH}?token=customer`, { protocols: [] });
    await client.next('ready');
    client.socket.close(1000);
    await client.closed();
    await house.client(PATH, { protocols: ['malbeot.token.secret-token'] }).refusal();
    await house.app.close(100);
    const text = JSON.stringify(lines);
    expect(text).toContain('"route":"/ws/:user_id/:session_id"');
    expect(text).toContain('a talk connection ended');
    expect(text).not.toContain('token=');
    expect(text).not.toContain('secret-token');
  });

  it('other requests that ask for another protocol are answered as they are', async () => {
    await enter();
    const answer = await new Promise<number>((resolve, reject) => {
      const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABk' };
      request({ port: house.port, path: '/api/ping', headers }, (reply) =>
        resolve(reply.resume().statusCode!),
      )
        .on('error', reject)
        .end();
    });
    expect(answer).toBe(200);
    const withBody =
      'POST /api/ping HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\n{}';
    expect(await rawAnswer(withBody)).toMatch(/^HTTP\/1\.1 400 /);
  });
});

function rawAnswer(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(house.port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (piece) => (answer += piece.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}
