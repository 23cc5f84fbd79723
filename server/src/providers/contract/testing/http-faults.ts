import { describe, expect, it } from 'vitest';

import type { ProviderErrorKind } from '../../spec/provider.ts';
import { listenersOn, providerErrorOf, quiet } from '../provider.suite.ts';
import { openReplayServer, type Received, type Reply } from './replay-server.ts';

export interface HttpFaultsCase {
  /** One call of a provider that asks the server at `url` with `key` and these limits. */
  readonly use: (url: string, limits: FaultLimits, signal: AbortSignal) => Promise<unknown>;
  readonly key: string;
  /** What the call sends and no error may repeat. */
  readonly words: string;
  /** The beginning of a good answer, for those that break off in the middle. */
  readonly beginning: Extract<Reply, { readonly body?: unknown }>;
  /** What a good answer could go on with for ever; some kilobytes. */
  readonly endless: string | Uint8Array;
}

export interface FaultLimits {
  readonly firstByteLimitMs: number;
  readonly pieceLimitMs: number;
}

const ample: FaultLimits = { firstByteLimitMs: 5_000, pieceLimitMs: 5_000 };
const NOW = Date.UTC(2026, 10, 21, 9);
/** For providers under test, so that dates in headers mean something. */
export const faultClock = { now: () => NOW };

/** How every provider that asks a server over HTTP fails, one row a fault: kind, words, what is sent, what is left behind. */
export function httpFaults(name: string, { use, key, words, beginning, endless }: HttpFaultsCase): void {
  async function withReply(
    reply: Reply,
    check: (url: string, received: readonly Received[]) => Promise<void>,
  ) {
    const server = await openReplayServer(() => reply);
    try {
      await check(`${server.origin}/v1`, server.received);
    } finally {
      await server.close();
    }
  }
  const json = { 'content-type': 'application/json' };
  const refusal = (status: number, code: string, headers = {}): Reply => ({
    status,
    headers: { ...json, ...headers },
    body: JSON.stringify({ error: { message: `Key ${key} with ${words}`, type: 'a b', code } }),
  });

  describe(`${name} and a server that fails`, () => {
    it.each([
      [
        '401',
        refusal(401, 'invalid_api_key'),
        'unauthorized',
        'status 401 (invalid_api_key). Check its key.',
      ],
      ['403 with the key as its code', refusal(403, key), 'unauthorized', 'status 403. Check its key.'],
      ['404', refusal(404, 'not_found'), 'failed', 'Check its address and the name of the model.'],
      ['404 for the model', refusal(404, 'model_not_found'), 'unavailable', '(model_not_found)'],
      [
        '400 for the model, in the form of SiliconFlow',
        { status: 400, headers: json, body: '{"code":20012,"message":"Model does not exist.","data":null}' },
        'unavailable',
        'status 400.',
      ],
      ['400', refusal(400, 'invalid_value'), 'invalid_input', '(invalid_value)'],
      ['422', refusal(422, 'unprocessable'), 'invalid_input', 'status 422'],
      ['500', refusal(500, 'server_error'), 'unavailable', 'status 500 (server_error)'],
      ['a page for people', { status: 502, body: `<html>${words}</html>` }, 'unavailable', 'status 502.'],
      [
        'another address',
        { status: 307, headers: { location: 'http://127.0.0.1:1/' } },
        'failed',
        'not followed',
      ],
      [
        'a page with status 200',
        { headers: { 'content-type': 'text/html' }, body: '<html></html>' },
        'failed',
        '',
      ],
      ['other JSON', { headers: json, body: `{"hello": "${words}"}` }, 'failed', ''],
      ['half of JSON', { headers: json, body: `{"text": "${words}` }, 'failed', ''],
      ['nothing', { body: '' }, 'failed', ''],
      ['a cut in the middle', { ...beginning, then: 'cut' }, 'unavailable', 'connection failed'],
      ['a cut before the first byte', { then: 'cut' }, 'unavailable', 'connection failed'],
    ] satisfies [string, Reply, ProviderErrorKind, string][])('%s', async (_, reply, kind, message) =>
      withReply(reply, async (url, received) => {
        const signal = quiet();
        const error = await providerErrorOf(use(url, ample, signal));
        expect(error).toMatchObject({ kind });
        expect(error.message).toContain(message);
        expect(error.message).not.toBe('');
        const told = JSON.stringify([error.message, error.stack, error.cause]);
        expect(told).not.toContain(key);
        expect(told).not.toContain(words);
        expect(listenersOn(signal)).toBe(0);
        expect(received[0]?.headers.authorization).toBe(`Bearer ${key}`);
      }),
    );

    it.each([
      ['seconds', { 'retry-after': '7' }, 7_000],
      ['a date', { 'retry-after': 'Sat, 21 Nov 2026 09:00:30 GMT' }, 30_000],
      [
        'the limits that are used up',
        {
          'x-ratelimit-remaining-requests': '12',
          'x-ratelimit-reset-requests': '100ms',
          'x-ratelimit-remaining-tokens': '0',
          'x-ratelimit-reset-tokens': '1m2.5s',
        },
        62_500,
      ],
      ['limits without a remainder', { 'x-ratelimit-reset-a': '2s', 'x-ratelimit-reset-b': '1h' }, 2_000],
      ['nonsense', { 'retry-after': 'soon', 'x-ratelimit-reset-a': `${'1'.repeat(200)}x` }, undefined],
    ])('429 and %s', async (_, headers, retryAfterMs) =>
      withReply(refusal(429, 'rate_limit_exceeded', headers), async (url) => {
        const error = await providerErrorOf(use(url, ample, quiet()));
        expect(error).toMatchObject({ kind: 'rate_limited', retryAfterMs });
      }),
    );

    it('nobody there', async () => {
      const gone = await openReplayServer(() => ({}));
      await gone.close();
      const error = await providerErrorOf(use(`${gone.origin}/v1`, ample, quiet()));
      expect(error).toMatchObject({ kind: 'unavailable', message: 'The connection failed (ECONNREFUSED).' });
    });

    it.each([
      ['before the first byte', { hangs: true }],
      ['in the middle', { ...beginning, then: 'stall' }],
      ['in a refusal', { status: 500, headers: json, body: '{"err', then: 'stall' }],
    ] satisfies [string, Reply][])('hangs %s, and is hung up on', async (place, reply) =>
      withReply(reply, async (url, received) => {
        const limits = {
          ...ample,
          ...(place === 'before the first byte' ? { firstByteLimitMs: 300 } : { pieceLimitMs: 300 }),
        };
        const error = await providerErrorOf(use(url, limits, quiet()));
        expect(error.kind).toBe(place === 'in a refusal' ? 'unavailable' : 'timeout');
        await received[0]?.closed;
      }),
    );

    it.each([
      ['before the first byte', { hangs: true }],
      ['in the middle', { ...beginning, then: 'stall' }],
    ] satisfies [string, Reply][])('is hung up on when called off %s', async (_, reply) =>
      withReply(reply, async (url, received) => {
        const controller = new AbortController();
        const call = use(url, ample, controller.signal);
        call.catch(() => {});
        while (received.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
        controller.abort();
        await expect(call).rejects.toMatchObject({ name: 'AbortError' });
        await received[0]!.closed;
        expect(listenersOn(controller.signal)).toBe(0);
      }),
    );

    it('never stops', async () =>
      withReply(
        { ...beginning, body: endless, pieceBytes: undefined, then: 'repeat' },
        async (url, received) => {
          const error = await providerErrorOf(use(url, ample, quiet()));
          expect(error.kind).toBe('failed');
          await received[0]!.closed;
        },
      ));
  });
}
