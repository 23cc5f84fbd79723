import type { ServerResponse } from '@malbeot/protocol';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mutateWav, wavCorpus } from '../src/audio/testing/mutate-wav.ts';
import {
  expectServerResponse,
  multipart,
  multipartType,
  openKioskKit,
  soundForm,
  speech,
  type KioskKit,
} from './kiosk-kit.ts';
import { mutateForm, type MutatedForm } from './mutate-form.ts';

/** The whole number of bodies is the product's promise; more for a night is a variable away. */
const ROUNDS = Number(process.env['FUZZ_ROUNDS'] ?? 5_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_121);
const AT_ONCE = 16;

const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
let kit: KioskKit;
let port: number;
let sessions: readonly ServerResponse[];

beforeAll(async () => {
  // What is still heard means nothing, so that every order has to stand.
  kit = await openKioskKit({ hears: ['흠 글쎄'] });
  ({ port } = await kit.app.listen({ port: 0, host: '127.0.0.1' }));
  const begin = async () => (await kit.turn({ text: '불고기버거 두 개랑 콜라 하나 주세요' })).body;
  sessions = await Promise.all(Array.from({ length: AT_ONCE }, begin));
});
afterAll(async () => {
  agent.destroy();
  await kit.close();
});

function post({ headers, body }: MutatedForm): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        agent,
        port,
        host: '127.0.0.1',
        path: '/api/voice/process',
        method: 'POST',
        headers: { ...headers, 'content-length': String(body.length) },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode!, text }));
        response.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Does `work` for every number below `count`, a few at once; tells which number failed. */
async function forEach(
  count: number,
  work: (number: number, worker: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const workers = Array.from({ length: AT_ONCE }, async (_, worker) => {
    while (next < count) {
      const number = next++;
      try {
        await work(number, worker);
      } catch (error) {
        throw new Error(`Number ${number} of seed ${SEED} failed.`, { cause: error });
      }
    }
  });
  await Promise.all(workers);
}

const statuses = new Map<number, number>();

function judge(status: number, text: string): ServerResponse {
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
  expect(status).toBeLessThan(500);
  const body = JSON.parse(text) as ServerResponse;
  expectServerResponse(body);
  return body;
}

async function expectOrdersStand(): Promise<void> {
  for (const { session_id, order_data } of sessions) {
    expect((await kit.session(session_id)).order_data).toEqual(order_data);
  }
  expect(await kit.orders()).toEqual([]);
  expect(kit.lines.filter(({ level }) => level === 'error')).toEqual([]);
}

describe('what is broken on purpose', () => {
  it(`is answered in form: ${ROUNDS / 2} sounds`, async () => {
    const whole = [...wavCorpus(), speech, speech.subarray(0, 12_000)];
    await forEach(ROUNDS / 2, async (number, worker) => {
      const { session_id } = sessions[worker]!;
      const sound = mutateWav(whole[number % whole.length]!, SEED + number);
      const form = multipart(soundForm(sound, { session_id }));
      const { status, text } = await post({ headers: multipartType, body: form });
      expect([200, 415, 422]).toContain(status);
      expect(judge(status, text).session_id).toBe(session_id);
    });
    await expectOrdersStand();
  }, 60_000);

  it(`is answered in form: ${ROUNDS / 2} forms`, async () => {
    const short = speech.subarray(0, 6_000);
    await forEach(ROUNDS / 2, async (number) => {
      const { status, text } = await post(mutateForm(short, SEED + number));
      expect([200, 400, 404, 413, 415, 422]).toContain(status);
      judge(status, text);
    });
    await expectOrdersStand();
    // The damage reaches every kind of answer.
    for (const status of [200, 400, 415, 422]) expect(statuses.get(status)).toBeGreaterThan(20);
  }, 60_000);

  it('is answered or let go: 300 bodies whose length is a lie', async () => {
    await forEach(300, async (number) => {
      const { headers, body } = mutateForm(speech.subarray(0, 3_000), SEED + number);
      const lie = [0, 1, body.length - 1, body.length + 1, body.length * 2, 2 ** 31, 2 ** 53][number % 7]!;
      const head = [
        'POST /api/voice/process HTTP/1.1',
        'Host: localhost',
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
        ...(number % 10 === 9 ? ['Transfer-Encoding: chunked'] : [`Content-Length: ${lie}`]),
      ];
      const text = await talk(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
      expect(status).toBeLessThan(500);
      if (status === 0) expect(text).toBe('');
    });
    await expectOrdersStand();
  }, 60_000);

  it('leaves nothing behind, and a good turn is as good as before', async () => {
    const { session_id } = sessions[0]!;
    const { status, body } = await kit.upload(soundForm(speech, { session_id }));
    expect([status, body.success, body.transcript]).toEqual([200, true, '흠 글쎄']);
  });
});

/** Writes `bytes`, says that nothing more comes, and reads until the server closes. */
function talk(bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => socket.end(bytes));
    let got = '';
    socket.on('data', (chunk) => (got += chunk.toString()));
    socket.on('end', () => socket.destroy());
    socket.on('error', () => {});
    socket.on('close', () => resolve(got));
  });
}
