import type { ServerResponse } from '@malbeot/protocol';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeWav } from '../src/audio/testing/make-wav.ts';
import { whiteNoise } from '../src/audio/testing/noise.ts';
import {
  expectServerResponse,
  multipart,
  multipartType,
  openKioskKit,
  soundForm,
  type KioskKit,
} from './kiosk-kit.ts';

const MAX_BYTES = 10 * 1024 * 1024;

let kit: KioskKit;
let port: number;
let begun: ServerResponse;

beforeAll(async () => {
  kit = await openKioskKit();
  ({ port } = await kit.app.listen({ port: 0, host: '127.0.0.1' }));
  begun = (await kit.turn({ text: '콜라 하나', language: 'en' })).body;
});
afterAll(() => kit.close());

interface Reply {
  readonly status: number;
  readonly body: ServerResponse;
}

interface Sending {
  /** Says beforehand how long it is; otherwise it comes in chunks. */
  readonly withLength?: boolean;
  /** Sends only so many bytes and then waits for the answer. */
  readonly stopAfter?: number;
}

/** Sends `body` in pieces, at the server's pace, and reads the answer whenever it comes. */
function post(
  body: Uint8Array,
  { withLength = false, stopAfter = body.length }: Sending = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const length = withLength ? { 'content-length': String(body.length) } : {};
    const outgoing = request(
      {
        port,
        host: '127.0.0.1',
        path: '/api/voice/process',
        method: 'POST',
        agent: false,
        headers: { ...multipartType, 'accept-language': 'en', ...length },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          answered = true;
          outgoing.destroy();
          resolve({ status: response.statusCode!, body: JSON.parse(text) as ServerResponse });
        });
      },
    );
    let answered = false;
    outgoing.on('error', (error) => answered || reject(error));
    let at = 0;
    const more = () => {
      while (at < stopAfter) {
        const next = Math.min(stopAfter, at + 65_536);
        const goesOn = outgoing.write(body.subarray(at, next));
        at = next;
        if (!goesOn) return void outgoing.once('drain', more);
      }
      if (stopAfter === body.length) outgoing.end();
    };
    more();
  });
}

const form = (bytes: Uint8Array) => multipart(soundForm(bytes, { session_id: begun.session_id }));

function expectTooLarge({ status, body }: Reply): void {
  expectServerResponse(body);
  expect([status, body.error_info!.error_code, body.error_info!.recovery_actions]).toEqual([
    413,
    'validation_error',
    ['Say it shorter'],
  ]);
  expect(body.error_info!.details['code']).toBe('BODY_TOO_LARGE');
}

describe('sounds on a real port', () => {
  it('of exactly 10 MB are taken, of a byte more are not', async () => {
    // 13.6 s of noise: heard as nothing, but taken.
    const noise = whiteNoise((MAX_BYTES - 44) / 4, -20);
    const whole = makeWav({ coding: 'pcm', bits: 16, sampleRate: 192_000, channels: [noise, noise] });
    expect(whole.length).toBe(MAX_BYTES);
    const { status, body } = await post(form(whole));
    expect([status, body.error_info!.error_code]).toEqual([200, 'speech_recognition_error']);
    expectTooLarge(await post(form(Buffer.concat([whole, Buffer.alloc(1)]))));
    expectTooLarge(await post(form(Buffer.concat([whole, Buffer.alloc(1)])), { withLength: true }));
  });

  it('of 11 MB are refused ten times of ten, each with its answer', async () => {
    const large = form(Buffer.alloc(11 * 1024 * 1024));
    for (let round = 0; round < 10; round++) {
      expectTooLarge(await post(large, { withLength: round % 2 === 0 }));
    }
    // As pages send it.
    for (let round = 0; round < 10; round++) {
      const response = await fetch(`http://127.0.0.1:${port}/api/voice/process`, {
        method: 'POST',
        headers: { ...multipartType, 'accept-language': 'en' },
        body: new Uint8Array(large),
      });
      expectTooLarge({ status: response.status, body: (await response.json()) as ServerResponse });
    }
    expect((await kit.session(begun.session_id)).order_data).toEqual(begun.order_data);
  });

  it('too large are refused while they come, not after', async () => {
    const endless = form(Buffer.alloc(200 * 1024 * 1024));
    expectTooLarge(await post(endless, { stopAfter: MAX_BYTES + 300 * 1024 }));
    // Said beforehand: not a byte of it is waited for.
    expectTooLarge(await post(endless, { withLength: true, stopAfter: 1 }));
  });

  it('that break off leave the order as it was, and the server well', async () => {
    const whole = form(Buffer.alloc(1024 * 1024));
    for (let round = 0; round < 5; round++) {
      await new Promise<void>((resolve) => {
        const outgoing = request(
          {
            port,
            host: '127.0.0.1',
            path: '/api/voice/process',
            method: 'POST',
            agent: false,
            headers: { ...multipartType, 'content-length': String(whole.length) },
          },
          () => {},
        );
        outgoing.on('error', () => resolve());
        outgoing.write(whole.subarray(0, 300_000), () => outgoing.destroy(new Error('left')));
      });
    }
    const { order_data, turns } = await kit.session(begun.session_id);
    expect([order_data, turns]).toEqual([begun.order_data, 1]);
  });
});
