import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { App } from '../src/app.ts';
import type { RouteScope } from '../src/experiences/experience.ts';
import { createMetrics } from '../src/telemetry/metrics.ts';
import { buildKit } from './edge-kit.ts';

const MAX_FILE = 100_000;
const metrics = createMetrics();

function routes(scope: RouteScope) {
  const common = { method: 'POST', summary: 's', tag: 't', access: 'open', limit: 'none' } as const;
  scope.route({
    ...common,
    path: '/api/upload',
    idempotent: true,
    maxBodyBytes: 1_000,
    body: z.object({ text: z.string() }),
    upload: { fileFields: ['audio_file', 'file'], maxFileBytes: MAX_FILE, maxFieldBytes: 100 },
    handle: ({ upload, body }) => ({
      status: 200,
      body: {
        type: 'json',
        value:
          upload === null
            ? { text: body?.text }
            : {
                fields: upload.fields,
                field: upload.file?.field,
                filename: upload.file?.filename,
                bytes: upload.file?.bytes.length,
              },
      },
    }),
  });
  scope.route({
    ...common,
    path: '/api/closed',
    access: 'manager',
    body: z.unknown(),
    handle: () => ({ status: 200, body: { type: 'empty' } }),
  });
}

let app: App;
let port: number;

beforeAll(async () => {
  app = await buildKit({
    routes,
    deps: { metrics },
    settings: { server: { headersTimeoutMs: 300, requestTimeoutMs: 600 } },
  });
  ({ port } = await app.listen({ port: 0, host: '127.0.0.1' }));
});
afterAll(() => app.close(0));

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly json: Record<string, unknown>;
}

function send(
  path: string,
  headers: Record<string, string>,
  body: Uint8Array | readonly Uint8Array[],
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, path, method: 'POST', headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          json: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
        }),
      );
    });
    outgoing.on('error', reject);
    for (const chunk of Array.isArray(body) ? (body as readonly Uint8Array[]) : [body as Uint8Array])
      outgoing.write(chunk);
    outgoing.end();
  });
}

interface Part {
  readonly name: string;
  readonly filename?: string;
  readonly content: string | Uint8Array;
}

const BOUNDARY = 'xxBOUNDARYxx';
const multipartType = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };

function multipart(parts: readonly Part[]): Buffer {
  const pieces = parts.flatMap(({ name, filename, content }) => [
    Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"\r\nContent-Type: audio/wav`}\r\n\r\n`,
    ),
    Buffer.from(content as string),
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

const file = (bytes: number, name = 'audio_file'): Part => ({
  name,
  filename: '주문.wav',
  content: Buffer.alloc(bytes, 7),
});

describe('uploads', () => {
  it('bring a file with a Korean name, and fields', async () => {
    const body = multipart([
      { name: 'language', content: 'ko' },
      file(5_000),
      { name: '__proto__', content: 'x' },
    ]);
    const { status, json } = await send('/api/upload', multipartType, body);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      field: 'audio_file',
      filename: '주문.wav',
      bytes: 5_000,
      fields: { language: 'ko' },
    });
  });

  it('may be compressed', async () => {
    const body = gzipSync(multipart([file(5_000)]));
    expect(
      (await send('/api/upload', { ...multipartType, 'content-encoding': 'gzip' }, body)).json,
    ).toMatchObject({ bytes: 5_000 });
    const json = { 'content-type': 'application/json', 'content-encoding': 'x-gzip' };
    expect((await send('/api/upload', json, gzipSync('{"text":"네"}'))).json).toEqual({ text: '네' });
  });

  it('of exactly the limit are taken, of one byte more are not', async () => {
    expect((await send('/api/upload', multipartType, multipart([file(MAX_FILE)]))).json).toMatchObject({
      bytes: MAX_FILE,
    });
    const over = await send('/api/upload', multipartType, multipart([file(MAX_FILE + 1)]));
    expect([over.status, over.json['code'], over.json['max_bytes']]).toEqual([
      413,
      'BODY_TOO_LARGE',
      MAX_FILE,
    ]);
  });

  it.each([
    ['with its length', true],
    ['in chunks', false],
  ])(
    'much too large, sent %s, are answered while they come and the client sees it',
    async (_, withLength) => {
      const body = multipart([file(12_000_000)]);
      const chunks = Array.from({ length: Math.ceil(body.length / 65_536) }, (_, n) =>
        body.subarray(n * 65_536, (n + 1) * 65_536),
      );
      const length: Record<string, string> = withLength
        ? { 'content-length': String(body.length) }
        : { 'transfer-encoding': 'chunked' };
      const { status, json, headers } = await send('/api/upload', { ...multipartType, ...length }, chunks);
      expect([status, json['code'], headers.connection]).toEqual([413, 'BODY_TOO_LARGE', 'close']);
    },
  );

  it('count inflated, so that little can not become much', async () => {
    const bomb = gzipSync(multipart([file(50_000_000)]));
    expect(bomb.length).toBeLessThan(MAX_FILE);
    const { status } = await send('/api/upload', { ...multipartType, 'content-encoding': 'gzip' }, bomb);
    expect(status).toBe(413);
    const json = gzipSync(`{"text":"${'a'.repeat(5_000)}"}`);
    expect(
      (await send('/api/upload', { 'content-type': 'application/json', 'content-encoding': 'gzip' }, json))
        .status,
    ).toBe(413);
  });

  const whole = multipart([file(2_000)]);
  it.each<[string, number, string, Record<string, string>, Uint8Array]>([
    ['in a wrong field', 400, 'MALFORMED_BODY', multipartType, multipart([file(10, 'picture')])],
    ['twice', 400, 'MALFORMED_BODY', multipartType, multipart([file(10), file(10, 'file')])],
    ['without an end', 400, 'MALFORMED_BODY', multipartType, whole.subarray(0, 1_000)],
    ['without a boundary', 400, 'MALFORMED_BODY', { 'content-type': 'multipart/form-data' }, whole],
    [
      'with another boundary',
      400,
      'MALFORMED_BODY',
      { 'content-type': 'multipart/form-data; boundary=other' },
      whole,
    ],
    ['as gzip that is none', 400, 'MALFORMED_BODY', { ...multipartType, 'content-encoding': 'gzip' }, whole],
    [
      'as half a gzip',
      400,
      'MALFORMED_BODY',
      { ...multipartType, 'content-encoding': 'gzip' },
      gzipSync(whole).subarray(0, 40),
    ],
    [
      'in an unknown encoding',
      415,
      'UNSUPPORTED_ENCODING',
      { ...multipartType, 'content-encoding': 'br' },
      whole,
    ],
    ['as an unknown type', 415, 'UNSUPPORTED_MEDIA_TYPE', { 'content-type': 'text/plain' }, whole],
    ['as no type', 415, 'UNSUPPORTED_MEDIA_TYPE', {}, whole],
    [
      'with a field too long',
      413,
      'BODY_TOO_LARGE',
      multipartType,
      multipart([{ name: 'a', content: 'x'.repeat(101) }]),
    ],
    [
      'with too many fields',
      400,
      'MALFORMED_BODY',
      multipartType,
      multipart(Array.from({ length: 40 }, (_, n) => ({ name: `f${n}`, content: 'x' }))),
    ],
    [
      'as broken JSON',
      400,
      'MALFORMED_BODY',
      { 'content-type': 'application/json' },
      Buffer.from('{"text":'),
    ],
    [
      'as JSON that is too long',
      413,
      'BODY_TOO_LARGE',
      { 'content-type': 'application/json' },
      Buffer.from(`{"text":"${'a'.repeat(1_100)}"}`),
    ],
    ['as a type that can not be read', 415, 'UNSUPPORTED_MEDIA_TYPE', { 'content-type': ';;;' }, whole],
  ])('%s are refused with %i %s', async (_, status, code, headers, body) => {
    const reply = await send('/api/upload', headers, body);
    expect([reply.status, reply.json['code']]).toEqual([status, code]);
  });

  it('without anything are the handler’s to judge', async () => {
    expect(
      (await send('/api/upload', multipartType, multipart([{ name: 'session_id', content: 'ses_1' }]))).json,
    ).toEqual({
      fields: { session_id: 'ses_1' },
    });
  });

  it('that are sent again with their key get the first answer, whatever their boundary', async () => {
    const key = { 'idempotency-key': 'upload-1' };
    await send('/api/upload', { ...multipartType, ...key }, multipart([file(300)]));
    const again = Buffer.from(
      multipart([file(300)])
        .toString('latin1')
        .replaceAll(BOUNDARY, 'another'),
      'latin1',
    );
    const reply = await send(
      '/api/upload',
      { 'content-type': 'multipart/form-data; boundary=another', ...key },
      again,
    );
    expect(reply.headers['idempotency-replayed']).toBe('true');
    const other = await send('/api/upload', { ...multipartType, ...key }, multipart([file(301)]));
    expect(other.json['code']).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('are not read from those who may not send them', async () => {
    const body = Buffer.alloc(3_000_000, 0x20);
    const { status, json } = await send(
      '/api/closed',
      { 'content-type': 'application/json', 'content-length': String(body.length) },
      body,
    );
    expect([status, json['code']]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('hold memory only as long as they are in work', () => {
    expect(metrics.http.uploadBytes).toBe(0);
    expect(metrics.http.active).toBe(0);
  });

  it('beyond what the server can hold are asked to come back', async () => {
    const full = await buildKit({ routes, settings: { maxUploadBytes: 1_000 } });
    const { json, statusCode, headers } = await full
      .inject({
        method: 'POST',
        url: '/api/upload',
        headers: multipartType,
        payload: multipart([file(2_000)]),
      })
      .then((answer) => ({
        json: answer.json<{ code: string }>(),
        statusCode: answer.statusCode,
        headers: answer.headers,
      }));
    expect([statusCode, json.code, headers['retry-after']]).toEqual([503, 'OVERLOADED', '1']);
    await full.close(0);
  });
});

describe('mutated bodies', () => {
  /** A small generator with a seed, so that a failure can be repeated. */
  function createRandom(seed: number) {
    let state = seed;
    return (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
  }

  const rounds = Number(process.env['EDGE_FUZZ_ROUNDS'] ?? 300);

  it(`never break the server (${rounds} of them)`, async () => {
    const random = createRandom(20_261_121);
    const original = multipart([
      { name: 'language', content: 'ko' },
      file(600),
      { name: 'kiosk_id', content: 'k1' },
    ]);
    const statuses = new Map<number, number>();
    for (let round = 0; round < rounds; round++) {
      let body = Buffer.from(original);
      for (let change = random(6); change >= 0; change--) {
        const at = random(body.length);
        const kind = random(4);
        if (kind === 0) body[at] = random(256);
        else if (kind === 1) body = body.subarray(0, at);
        else if (kind === 2) body = Buffer.concat([body.subarray(0, at), body.subarray(at + random(60))]);
        else
          body = Buffer.concat([body.subarray(0, at), body.subarray(random(body.length)), body.subarray(at)]);
        if (body.length === 0) body = Buffer.from('-');
      }
      const gzip = random(5) === 0;
      const payload = gzip ? gzipSync(body) : body;
      if (gzip && random(3) === 0) payload[random(payload.length)] = random(256);
      const answer = await app.inject({
        method: 'POST',
        url: '/api/upload',
        payload,
        headers: { ...multipartType, ...(gzip ? { 'content-encoding': 'gzip' } : {}) },
      });
      statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
    }
    expect([...statuses.keys()].filter((status) => ![200, 400, 413].includes(status))).toEqual([]);
    expect(statuses.get(400)).toBeGreaterThan(0);
    expect(metrics.http.active).toBe(0);
    expect(metrics.http.uploadBytes).toBe(0);
  }, 300_000);
});

describe('broken connections', () => {
  function talk(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      let got = '';
      socket.on('data', (chunk) => (got += chunk.toString()));
      socket.on('close', () => resolve(got));
      socket.on('error', reject);
    });
  }

  it('of no HTTP are told so', async () => {
    const got = await talk('\x00\x01\x02 nonsense\r\n\r\n');
    expect(got).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(got).toContain('"code":"MALFORMED_REQUEST"');
  });

  it('with headers beyond all measure are told so', async () => {
    const got = await talk(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`);
    expect(got).toMatch(/^HTTP\/1\.1 431 /);
    expect(got).toContain('"code":"HEADERS_TOO_LARGE"');
  });

  it('with an address beyond all measure are told so', async () => {
    expect(await talk(`GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it.each([
    ['headers', 'GET / HTTP/1.1\r\nHost: x\r\n'],
    [
      'a body',
      'POST /api/upload HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"te',
    ],
  ])('that never finish %s are let go', async (_, text) => {
    const got = await talk(text);
    expect(got).toMatch(/^HTTP\/1\.1 408 /);
    expect(got).toContain('"code":"REQUEST_TIMEOUT"');
  });
});
