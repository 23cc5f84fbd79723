import type { KioskSession, ServerResponse } from '@malbeot/protocol';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resample } from '../src/audio/resample.ts';
import { sniffMedia } from '../src/audio/sniff.ts';
import { makeWav, type WavRecipe } from '../src/audio/testing/make-wav.ts';
import { decodeWav } from '../src/audio/wav.ts';
import { expectServerResponse } from './kiosk-kit.ts';
import {
  descendants,
  isRunning,
  startMalbeotProcess,
  type MalbeotProcess,
  type Reply,
} from './malbeot-process.ts';

/** "불고기버거 두 개랑 콜라 하나 주세요", spoken by the built-in voice. */
const spoken = readFileSync(new URL('../../web/test/fixtures/order-ko.wav', import.meta.url));
const { samples, sampleRate } = decodeWav(spoken);
const seesProcesses = existsSync(`/proc/self/task/${process.pid}/children`);

let malbeot: MalbeotProcess;
beforeAll(async () => void (malbeot = await startMalbeotProcess()));
afterAll(() => malbeot.close());

const items = ({ order_data }: ServerResponse) =>
  order_data?.items.map(({ item_id, quantity }) => `${item_id} ${quantity}`) ?? [];

function expectOrder({ status, body }: Reply): void {
  expectServerResponse(body);
  expect([status, items(body), body.order_data?.total_amount]).toEqual([
    200,
    ['bulgogi_burger 2', 'cola 1'],
    10_900,
  ]);
}

async function session(sessionId: string): Promise<KioskSession> {
  const response = await fetch(`${malbeot.url}/api/kiosk/sessions/${sessionId}`);
  expect(response.status).toBe(200);
  return (await response.json()) as KioskSession;
}

/** `path` as it is, which `fetch` would tidy up. */
function getAsItIs(path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    request({ port: malbeot.port, host: '127.0.0.1', path, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
      response.on('end', () => resolve({ status: response.statusCode!, text }));
    })
      .on('error', reject)
      .end();
  });
}

/** The voice at `url`, asked for again while it is not ready: a child that starts takes its time on a busy machine. */
async function voiceAt(url: string): Promise<Response> {
  for (let tries = 1; ; tries++) {
    const response = await fetch(url);
    if (response.status !== 503 || tries === 5) return response;
    await response.arrayBuffer();
  }
}

describe('one spoken order', () => {
  let voice: string;

  it('is heard, understood, answered and kept', async () => {
    const reply = await malbeot.upload(spoken);
    expectOrder(reply);
    const { body } = reply;
    expect(body.transcript).toBe('불고기버거 두 개랑 콜라 하나 주세요');
    expect(body.message).toContain('불고기버거 2개');
    expect(body.meta.providers).toEqual({ ears: 'demo_ear', mind: 'rules', voice: 'espeak' });
    expect((await session(body.session_id)).order_data).toEqual(body.order_data);
    voice = malbeot.url + body.tts_audio_url!;
  });

  it('is answered aloud, whole and in part, in three formats', async () => {
    const whole = await voiceAt(voice);
    const bytes = Buffer.from(await whole.arrayBuffer());
    const etag = whole.headers.get('etag')!;
    expect([whole.status, whole.headers.get('content-type'), whole.headers.get('accept-ranges')]).toEqual([
      200,
      'audio/wav',
      'bytes',
    ]);
    expect(whole.headers.get('cache-control')).toContain('max-age=3600');
    const sound = decodeWav(bytes);
    expect(sound.durationMs).toBeGreaterThan(1_000);
    expect(sound.samples.some((sample) => Math.abs(sample) > 0.1)).toBe(true);

    const part = await fetch(voice, { headers: { range: 'bytes=8-11' } });
    expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([
      206,
      'WAVE',
      `bytes 8-11/${bytes.length}`,
    ]);
    const known = await fetch(voice, { headers: { 'if-none-match': etag } });
    expect([known.status, await known.text()]).toEqual([304, '']);
    const beyond = await fetch(voice, { headers: { range: `bytes=${bytes.length}-` } });
    expect(beyond.status).toBe(416);

    for (const [format, mediaType, name] of [
      ['mp3', 'audio/mpeg', 'MP3'],
      ['ogg', 'audio/ogg', 'Ogg'],
    ]) {
      const encoded = await fetch(`${voice}?format=${format}`);
      expect([encoded.status, encoded.headers.get('content-type')]).toEqual([200, mediaType]);
      expect(sniffMedia(new Uint8Array(await encoded.arrayBuffer()))).toBe(name);
    }
    expect((await fetch(`${voice}?format=flac`)).status).toBe(422);
  });

  it.each([
    'vox_00000000000000000000000000',
    'vox_',
    'x',
    '..%2f..%2fmalbeot.db',
    '%2e%2e%2f%2e%2e%2fmalbeot.db',
    '..%5c..%5cmalbeot.db',
    '../../malbeot.db',
    '../../../../../../etc/passwd',
    '%00',
    `vox_${'0'.repeat(300)}`,
  ])('has no voice file %s', async (id) => {
    const { status, text } = await getAsItIs(`/api/voice/tts/${id}`);
    expect([400, 404, 422]).toContain(status);
    expect(text).not.toMatch(/SQLite|root:/);
  });
});

describe('every WAV that is taken', () => {
  const at = (rate: number) => (rate === sampleRate ? samples : resample(samples, sampleRate, rate));
  const recipe = (given: Partial<WavRecipe>, rate = 16_000): Buffer =>
    makeWav({ coding: 'pcm', bits: 16, sampleRate: rate, channels: [at(rate)], ...given });
  const stereo = at(16_000);
  const streaming = { dataSize: 0xffff_ffff, riffSize: 0xffff_ffff };

  it.each<[string, () => Buffer]>([
    ['8 bits', () => recipe({ bits: 8 })],
    ['16 bits', () => recipe({})],
    ['24 bits', () => recipe({ bits: 24 })],
    ['32 bits', () => recipe({ bits: 32 })],
    ['32-bit float', () => recipe({ coding: 'float', bits: 32 })],
    ['A-law', () => recipe({ coding: 'alaw', bits: 8 })],
    ['mu-law', () => recipe({ coding: 'mulaw', bits: 8 })],
    ['stereo', () => recipe({ channels: [stereo, stereo] })],
    ['one of two channels silent', () => recipe({ channels: [stereo, new Float32Array(stereo.length)] })],
    ['six channels', () => recipe({ channels: Array.from({ length: 6 }, () => stereo), extensible: true })],
    ['8 kHz', () => recipe({}, 8_000)],
    ['8 kHz A-law, as a telephone sends it', () => recipe({ coding: 'alaw', bits: 8 }, 8_000)],
    ['11.025 kHz', () => recipe({}, 11_025)],
    ['22.05 kHz', () => recipe({}, 22_050)],
    ['44.1 kHz stereo 24 bits', () => recipe({ bits: 24, channels: [at(44_100), at(44_100)] }, 44_100)],
    ['48 kHz float', () => recipe({ coding: 'float', bits: 32 }, 48_000)],
    ['96 kHz', () => recipe({}, 96_000)],
    ['192 kHz 32 bits', () => recipe({ bits: 32 }, 192_000)],
    ['WAVE_FORMAT_EXTENSIBLE', () => recipe({ bits: 24, extensible: true })],
    ['further chunks, odd and padded', () => recipe({ extraChunks: true })],
    ['further chunks, odd and not padded', () => recipe({ extraChunks: true, padded: false })],
    ['sizes left open with 0xFFFFFFFF', () => recipe(streaming)],
    ['sizes left open with 0', () => recipe({ dataSize: 0, riffSize: 0 })],
  ])('carries the same order: %s', async (_, make) => {
    const reply = await malbeot.upload(make());
    expectOrder(reply);
    expect(reply.body.transcript).toBe('불고기버거 두 개랑 콜라 하나 주세요');
  });
});

/** The process of one of the server's children. */
function hostOf(name: string): number {
  const host = descendants(malbeot.pid()).find(({ command }) => command.includes(name));
  expect(host?.command).toContain(name);
  return host!.pid;
}

describe('when something is killed', () => {
  it('the whole process: its sessions go on', async () => {
    const { body } = await malbeot.upload(spoken);
    const { session_id } = body;
    const children = descendants(malbeot.pid()).map(({ pid }) => pid);
    await malbeot.end('SIGKILL');
    await expect.poll(() => children.filter(isRunning), { timeout: 10_000 }).toEqual([]);
    await malbeot.start();
    expect((await session(session_id)).order_data).toEqual(body.order_data);
    const { status, body: next } = await malbeot.turn({ text: '사이다 하나 주세요', session_id });
    expect([status, items(next)]).toEqual([200, ['bulgogi_burger 2', 'cola 1', 'cider 1']]);
    await malbeot.turn({ text: '주문할게요', session_id });
    const placed = (await malbeot.turn({ text: '네', session_id })).body;
    expect(placed.order_data!.status).toBe('confirmed');
    await malbeot.end('SIGKILL');
    await malbeot.start();
    const order = await fetch(`${malbeot.url}/api/kiosk/orders/${placed.order_data!.order_id}`);
    expect(await order.json()).toMatchObject({ order_number: 1, order: placed.order_data });
  });

  it.runIf(seesProcesses)('its ears in the middle of a turn: that turn at most is lost', async () => {
    const { session_id, order_data } = (await malbeot.upload(spoken)).body;
    const ears = hostOf('speech-host');
    // It holds its breath, so that the turn is surely not over when it dies.
    process.kill(ears, 'SIGSTOP');
    const turn = malbeot.upload(spoken, { session_id });
    await new Promise((resolve) => setTimeout(resolve, 300));
    process.kill(ears, 'SIGKILL');
    const { status, body } = await turn;
    expectServerResponse(body);
    expect([200, 503]).toContain(status);
    if (status === 503) {
      expect(body.error_info!.error_code).toBe('server_error');
      expect(body.order_data).toEqual(order_data);
    }
    const next = await malbeot.upload(spoken, { session_id });
    expect(next.status).toBe(200);
    expect(next.body.order_data!.item_count).toBe(status === 200 ? 9 : 6);
    expect(hostOf('speech-host')).not.toBe(ears);
  });

  it.runIf(seesProcesses)('its voice: words at once, and the next reply speaks again', async () => {
    // Words that no cache knows: only they bring the voice to its feet.
    const first = await malbeot.turn({ text: '어니언링 세 개 주세요' });
    expect((await voiceAt(malbeot.url + first.body.tts_audio_url!)).status).toBe(200);
    const voice = hostOf('espeak-host');
    process.kill(voice, 'SIGKILL');
    const { status, body } = await malbeot.turn({ text: '애플파이 하나 주세요' });
    expect([status, items(body)]).toEqual([200, ['apple_pie 1']]);
    const again = await malbeot.turn({ text: '치즈스틱 두 개 주세요' });
    expect((await voiceAt(malbeot.url + again.body.tts_audio_url!)).status).toBe(200);
  });
});

describe('when it is told to stop', () => {
  it.runIf(seesProcesses)('finishes what it does, and leaves nothing running', async () => {
    await malbeot.upload(spoken);
    const children = descendants(malbeot.pid());
    expect(children.map(({ command }) => command).join('\n')).toContain('speech-host');
    // The ears hold their breath until the server knows that it is to end.
    const ears = hostOf('speech-host');
    process.kill(ears, 'SIGSTOP');
    const last = malbeot.upload(spoken);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await fetch(`${malbeot.url}/api/ping`)).status).toBe(200);
    const ended = malbeot.end('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 100));
    process.kill(ears, 'SIGCONT');
    expectOrder(await last);
    const { code, ms } = await ended;
    expect(code).toBe(0);
    expect(ms).toBeLessThan(20_000);
    expect(children.filter(({ pid }) => isRunning(pid))).toEqual([]);
  });
});
