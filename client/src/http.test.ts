import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  answer,
  cut,
  json,
  problem,
  startScriptedServer,
  type ScriptedServer,
} from '../test/scripted-server.ts';
import { createTrafficRing, VoiceClient, type ClientMetric, type VoiceClientOptions } from './index.ts';
import { writeWav } from './sound/write-wav.ts';
import { routeOf } from './traffic.ts';

let server: ScriptedServer;
beforeEach(async () => {
  server = await startScriptedServer();
});
afterEach(() => server.close());

function client(options: VoiceClientOptions = {}): VoiceClient {
  return new VoiceClient({
    baseUrl: server.baseUrl,
    random: () => 1,
    sleep: () => Promise.resolve(),
    ...options,
  });
}

const tone = writeWav(
  Float32Array.from({ length: 8000 }, (_, index) => 0.5 * Math.sin(index / 5)),
  16_000,
);

describe('compressed bodies', () => {
  it('go out as gzip over 1 kB, the form as a whole, the same in every try', async () => {
    server.script(cut, json(200, answer()));
    await client({ compress: true }).sendAudio(tone);
    const [first, second] = server.arrived;
    expect(first?.headers['content-encoding']).toBe('gzip');
    expect(second?.body).toEqual(first?.body);
    expect(first!.body.length).toBeLessThan(tone.length);
    const form = await new Response(gunzipSync(first!.body), {
      headers: { 'content-type': first!.headers['content-type']! },
    }).formData();
    expect([...form.keys()]).toEqual(['language', 'audio_file']);
    expect(new Uint8Array(await (form.get('audio_file') as File).arrayBuffer())).toEqual(tone);
  });

  it('and JSON too', async () => {
    server.script(json(200, answer()));
    const text = '콜라 하나 '.repeat(200);
    await client({ compress: true }).sendText(text);
    const [arrived] = server.arrived;
    expect(arrived?.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': 'application/json',
    });
    expect((JSON.parse(gunzipSync(arrived!.body).toString()) as { text: string }).text).toBe(text);
  });

  it('but not what is small, what would grow, or where the server is on this machine', async () => {
    server.script(json(200, answer()), json(200, answer()), json(200, answer()));
    await client({ compress: true }).sendText('콜라 하나');
    const noise = crypto.getRandomValues(new Uint8Array(4000));
    await client({ compress: true }).sendAudio(noise);
    await client().sendAudio(tone);
    for (const { headers } of server.arrived) expect(headers['content-encoding']).toBeUndefined();
    expect(server.arrived[1]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  });

  it('are left out where the platform has no compression', async () => {
    const { CompressionStream: had } = globalThis;
    Reflect.deleteProperty(globalThis, 'CompressionStream');
    try {
      server.script(json(200, answer()));
      await client({ compress: true }).sendAudio(tone);
    } finally {
      globalThis.CompressionStream = had;
    }
    expect(server.arrived[0]?.headers['content-encoding']).toBeUndefined();
    expect(server.arrived[0]!.body.length).toBeGreaterThan(tone.length);
  });
});

describe('connections', () => {
  it('are kept: twenty turns, a menu and a voice over one socket, or a second while the first one ends', async () => {
    server.script(...Array.from({ length: 22 }, () => json(200, answer())));
    const voice = client();
    for (let turn = 0; turn < 20; turn++) await voice.sendText('콜라');
    await voice.menu();
    await voice.fetchVoice('/api/voice/tts/vox_1');
    expect(server.arrived).toHaveLength(22);
    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  it('outlast the time that a customer takes to think', async () => {
    server.keepAlive(65_000);
    server.script(json(200, answer()), json(200, answer()), json(200, answer()));
    const voice = client();
    await voice.sendText('콜라');
    const [first] = server.arrived;
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    await voice.sendText('콜라');
    expect(server.arrived[1]?.port).toBe(first?.port);
  });
});

describe('metrics', () => {
  it('tell of tries, waits and ends', async () => {
    const metrics: ClientMetric[] = [];
    server.script(json(503, problem(503, 'OVERLOADED')), cut, json(200, answer()));
    await client({ onMetric: (metric) => void metrics.push(metric) }).sendText('콜라 하나');
    const route = 'POST /api/voice/process';
    const bytes = Buffer.byteLength(JSON.stringify({ text: '콜라 하나', language: 'ko' }));
    const durationMs: unknown = expect.any(Number);
    const received: unknown = expect.any(Number);
    expect(metrics).toEqual([
      { type: 'try-start', route, attempt: 1, bytes },
      { type: 'try-end', route, attempt: 1, status: 503, code: 'OVERLOADED', durationMs, bytes: received },
      { type: 'retry-wait', route, attempt: 1, waitMs: 300 },
      { type: 'try-start', route, attempt: 2, bytes },
      { type: 'try-end', route, attempt: 2, status: null, code: 'NETWORK', durationMs, bytes: 0 },
      { type: 'retry-wait', route, attempt: 2, waitMs: 600 },
      { type: 'try-start', route, attempt: 3, bytes },
      { type: 'try-end', route, attempt: 3, status: 200, code: null, durationMs, bytes: received },
    ]);
  });

  it('never break a turn, whatever the hook does', async () => {
    server.script(json(200, answer()), json(200, answer()));
    const angry = () => {
      throw new Error('no');
    };
    await client({ onMetric: angry, traffic: { write: angry } }).sendText('콜라');
    const late = (() => Promise.reject(new Error('no'))) as unknown as (metric: ClientMetric) => void;
    await client({ onMetric: late }).sendText('콜라');
    expect(server.arrived).toHaveLength(2);
  });
});

describe('the log of traffic', () => {
  it('holds what helps to find a fault, and no word, key or token', async () => {
    const traffic = createTrafficRing();
    const meta = { ...answer().meta, session_token: 'TOKEN-SECRET' };
    const secret = { message: 'ANSWER-WORDS', transcript: 'HEARD-WORDS', meta };
    server.script(
      json(200, answer(secret), { 'x-request-id': 'req_7' }),
      cut,
      json(404, problem(404, 'NOT_FOUND')),
      json(200, answer()),
    );
    const voice = client({ traffic, deviceKey: 'DEVICE-SECRET', maxTries: 2 });
    await voice.sendText('SAID-WORDS');
    await voice.fetchVoice('/api/voice/tts/vox_0123456789abcdef?format=mp3').catch(() => undefined);
    await voice.sendAction({ type: 'confirm' });
    const entries = await traffic.entries();
    const at: unknown = expect.stringMatching(/^\d{4}-.*Z$/);
    const ms: unknown = expect.any(Number);
    const number: unknown = expect.any(Number);
    const common = { at, ms, received: number };
    expect(entries).toEqual([
      {
        ...common,
        route: 'POST /api/voice/process',
        status: 200,
        code: null,
        sent: number,
        attempt: 1,
        request_id: 'req_7',
        session_id: null,
      },
      {
        ...common,
        route: 'GET /api/voice/tts/:id',
        status: null,
        code: 'NETWORK',
        sent: 0,
        attempt: 1,
        request_id: null,
        session_id: 'ses_1',
      },
      {
        ...common,
        route: 'GET /api/voice/tts/:id',
        status: 404,
        code: 'NOT_FOUND',
        sent: 0,
        attempt: 2,
        request_id: null,
        session_id: 'ses_1',
      },
      {
        ...common,
        route: 'POST /api/voice/process',
        status: 200,
        code: null,
        sent: number,
        attempt: 1,
        request_id: null,
        session_id: 'ses_1',
      },
    ]);
    const text = JSON.stringify(entries);
    for (const word of ['WORDS', 'SECRET', 'vox_', 'confirm', server.arrived[0]!.headers['idempotency-key']])
      expect(text).not.toContain(word);
  });

  it('keeps the last ones only', async () => {
    const traffic = createTrafficRing({ limit: 3 });
    server.script(...Array.from({ length: 5 }, () => json(200, {})));
    for (let turn = 0; turn < 5; turn++) await client({ traffic }).menu();
    expect(await traffic.entries()).toHaveLength(3);
    await traffic.close();
  });

  it('leaves ids, questions and other hosts out', () => {
    const base = new URL('http://shop:8080');
    const route = (path: string) => routeOf('GET', new URL(path, base), base);
    expect(route('/api/kiosk/sessions/ses_abc/call-staff?x=1')).toBe(
      'GET /api/kiosk/sessions/:id/call-staff',
    );
    expect(route('/api/kiosk/orders/ord%5Fabc/payment')).toBe('GET /api/kiosk/orders/:id/payment');
    expect(route('/api/files/0123456789abcdef0123456789')).toBe('GET /api/files/:id');
    expect(route('/api/%E0%A4%A')).toBe('GET /api/%E0%A4%A');
    expect(route('https://elsewhere.example/secret')).toBe('GET (another server)');
  });
});
