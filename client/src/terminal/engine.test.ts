import type { KioskPayment } from '@malbeot/protocol';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  answer,
  cut,
  json,
  problem,
  startScriptedServer,
  type ScriptedServer,
} from '../../test/scripted-server.ts';
import { VoiceClient } from '../voice-client.ts';
import { createKioskEngine, type KioskEngine } from './engine.ts';
import { parseInput } from './input.ts';
import { startState } from './kiosk-state.ts';
import { createKioskStore, type KioskStore } from './kiosk-store.ts';
import type { Player } from './player.ts';
import type { Recorder, Recording } from './recorder.ts';
import { orderItem, orderOf, show, smallMenu } from './testing.ts';

let server: ScriptedServer;
let folder: string;
let store: KioskStore;
let engine: KioskEngine;
let played: string[];
let recording: Recording;
let told: unknown[];

/** Keeps what it is given, and plays until it is told to stop. */
const player: Player = {
  canPlay: true,
  async play(wav, _speech, signal) {
    played.push(Buffer.from(wav).toString());
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    played.push('silence');
  },
};
const recorder: Recorder = { canRecord: true, record: () => Promise.resolve(recording) };

beforeEach(async () => {
  server = await startScriptedServer();
  folder = await mkdtemp(join(tmpdir(), 'malbeot-engine-'));
  played = [];
  told = [];
  recording = { type: 'silence' };
  store = createKioskStore(
    startState({ language: 'ko', server: server.baseUrl, kioskId: null, voice: true }),
  );
  engine = createKioskEngine({
    client: new VoiceClient({ baseUrl: server.baseUrl, maxTries: 1 }),
    store,
    player,
    recorder,
    onAnswer: (answered) => told.push(answered),
  });
});
afterEach(async () => {
  await engine.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function type(line: string) {
  const input = parseInput(line, store.state);
  if (input.type === 'quit') throw new Error('This would end the kiosk.');
  return engine.perform(input);
}

const said = () => store.state.talk.map(({ from, text }) => `${from}: ${text}`);
const sound = (text: string) => (reply: { writeHead: (status: number) => { end: (body: string) => void } }) =>
  reply.writeHead(200).end(text);

describe('turns', () => {
  it('sends what is typed and shows what comes back', async () => {
    server.script(json(200, smallMenu), json(200, answer({ message: '담았어요.' })));
    expect(await engine.connect()).toBeNull();
    expect(store.state).toMatchObject({ connection: 'online', menu: smallMenu });
    expect(await type('콜라 하나')).toBeNull();
    expect(server.arrived[1]?.turn()).toMatchObject({ text: '콜라 하나', language: 'ko' });
    expect(said()).toEqual(['customer: 콜라 하나', 'kiosk: 담았어요.']);
    expect(told).toHaveLength(1);
  });

  it('sends what a number stands for', async () => {
    server.script(json(200, smallMenu), json(200, answer()));
    await engine.connect();
    await type('1');
    await type('2');
    expect(server.arrived[1]?.turn().action).toEqual({ type: 'add', item_id: 'spicy' });
  });

  it('says what to do when nothing can be reached', async () => {
    server.script(cut, cut);
    expect(await engine.connect()).toBe('unreachable');
    expect(await type('콜라')).toBe('unreachable');
    expect(store.state.connection).toBe('offline');
    expect(said().at(-1)).toContain(server.baseUrl);
  });

  it('says what to do when the device is not known', async () => {
    server.script(json(401, problem(401, 'UNAUTHENTICATED')));
    expect(await type('콜라')).toBe('not-allowed');
    expect(said().at(-1)).toContain('--device-key');
  });

  it('begins anew when the session has ended, and says the words again', async () => {
    const expired = answer({
      success: false,
      error_info: {
        error_code: 'validation_error',
        error_message: '',
        recovery_actions: [],
        details: { code: 'SESSION_EXPIRED' },
        timestamp: '',
      },
    });
    server.script(
      json(200, answer({ order_data: orderOf([orderItem('콜라', 1900)]) })),
      json(404, expired),
      json(200, answer({ message: '사이다를 담았어요.', session_id: 'ses_2' })),
      json(404, expired),
    );
    await type('콜라');
    expect(store.state.order).not.toBeNull();
    expect(await type('사이다')).toBeNull();
    expect(server.arrived.map((request) => request.turn().session_id)).toEqual([
      undefined,
      'ses_1',
      undefined,
    ]);
    expect(said().slice(-2)).toEqual([
      'notice: 오래 비워 두셔서 지난 주문은 끝났어요. 새 주문으로 시작해요.',
      'kiosk: 사이다를 담았어요.',
    ]);
    // A tap was meant for what is gone.
    await type('/confirm');
    expect(server.arrived).toHaveLength(4);
    expect(store.state).toMatchObject({ waiting: 0, order: null });
  });

  it('forgets a customer whose answer comes too late', async () => {
    let release = () => undefined as void;
    const held = new Promise<void>((resolve) => (release = resolve));
    server.script(async (reply, arrived) => {
      await held;
      await json(200, answer({ message: '늦었어요.' }))(reply, arrived);
    });
    const late = type('콜라');
    await expect.poll(() => server.arrived.length).toBe(1);
    await engine.leave();
    release();
    expect(await late).toBeNull();
    expect(store.state).toMatchObject({ talk: [], waiting: 0 });
  });
});

describe('the voice', () => {
  it('speaks an answer until the next turn begins', async () => {
    server.script(
      json(200, answer({ tts_audio_url: '/api/voice/tts/one' })),
      sound('one'),
      json(200, answer()),
    );
    await type('콜라');
    await expect.poll(() => store.state.voice).toBe('speaking');
    await type('사이다');
    await expect.poll(() => played).toEqual(['one', 'silence']);
    expect(store.state.voice).toBe('silent');
  });

  it('is silent when it is off', async () => {
    server.script(json(200, answer({ tts_audio_url: '/api/voice/tts/one' })));
    await type('/voice off');
    await type('콜라');
    await engine.finished();
    expect(server.arrived).toHaveLength(1);
    expect(played).toEqual([]);
  });
});

describe('sounds', () => {
  it('sends a file, or a folder one after another', async () => {
    for (const name of ['2.wav', '1.wav']) await writeFile(join(folder, name), name);
    server.script(
      json(200, answer({ transcript: '콜라 하나' })),
      json(200, answer({ transcript: '사이다 하나' })),
    );
    expect(await type(`/wav ${folder}`)).toBeNull();
    expect(said().filter((line) => line.startsWith('customer'))).toEqual([
      'customer: 콜라 하나',
      'customer: 사이다 하나',
    ]);
    expect(server.arrived.map(({ body }) => /\d\.wav/.exec(body.toString('latin1'))?.[0])).toEqual([
      '1.wav',
      '2.wav',
    ]);
  });

  it('says which file is missing', async () => {
    expect(await type('/wav nowhere.wav')).toBe('refused');
    expect(said()).toEqual(['problem: nowhere.wav 파일을 읽을 수 없어요. 경로를 확인해 주세요.']);
  });

  it('sends what the microphone heard', async () => {
    recording = {
      type: 'speech',
      samples: Float32Array.from({ length: 16_000 }, (_, at) => Math.sin(at / 4) / 4),
    };
    server.script(json(200, answer({ transcript: '콜라 하나' })));
    expect(await type('/mic')).toBeNull();
    expect(server.arrived[0]?.body.toString('latin1')).toContain('RIFF');
    expect(said()[0]).toBe('customer: 콜라 하나');
  });

  it('tells when nobody spoke, and when no program records', async () => {
    await type('/mic');
    expect(said().at(-1)).toMatch(/^problem: 말소리가 들리지 않았어요/);
    recording = { type: 'failed', program: 'arecord' };
    await type('/mic');
    expect(said().at(-1)).toMatch(/^problem: arecord 프로그램으로/);
    expect(server.arrived).toHaveLength(0);
  });
});

describe('payment', () => {
  const payment = (status: KioskPayment['status'], changes: Partial<KioskPayment> = {}): KioskPayment => ({
    payment_id: 'pay_1',
    order_id: 'ord_1',
    order_number: 7,
    status,
    method: 'card',
    terminal: 'simulator',
    simulated: true,
    amount: 1900,
    approval_code: null,
    failure: null,
    message: '결제했어요.',
    tts_audio_url: null,
    receipt: null,
    created_at: '',
    updated_at: '',
    ...changes,
  });

  it('is followed until it is decided', async () => {
    const order = orderOf([orderItem('콜라', 1900)], 'confirmed');
    const asks = show('show_payment', {
      order_id: 'ord_1',
      order_number: 7,
      total_amount: 1900,
      payment_methods: ['card'],
      order_summary: order.items,
      tax_amount: 0,
      service_charge: 0,
      discount_amount: 0,
      simulated: true,
      payment: { payment_id: 'pay_1', status: 'pending', method: 'card' },
    });
    const receipt = {
      order_id: 'ord_1',
      order_number: 7,
      order: orderOf(order.items, 'paid'),
      lines: [],
      dine: null,
      payment_method: 'card',
      paid: true,
    };
    server.script(
      json(200, answer({ order_data: order, ui_actions: [asks] })),
      json(200, payment('pending')),
      json(200, payment('approved', { receipt })),
    );
    await type('카드로 할게요');
    expect(store.state.question?.type).toBe('payment');
    await engine.finished();
    expect(store.state).toMatchObject({ question: null, receipt: { order_number: 7, paid: true } });
    expect(said().at(-1)).toBe('kiosk: 결제했어요.');
    expect(server.arrived.map(({ path }) => path).slice(1)).toEqual([
      '/api/kiosk/orders/ord_1/payment',
      '/api/kiosk/orders/ord_1/payment',
    ]);
  });
});

describe('leaving', () => {
  it('ends the session on the server', async () => {
    server.script(json(200, answer()), json(204, null));
    await type('콜라');
    await engine.leave();
    expect(server.arrived[1]).toMatchObject({ method: 'DELETE', path: '/api/kiosk/sessions/ses_1' });
    expect(store.state.talk).toEqual([]);
  });

  it('notices when the server has ended it', async () => {
    server.script(
      json(200, answer()),
      json(404, problem(404, 'SESSION_EXPIRED')),
      json(404, problem(404, 'SESSION_EXPIRED')),
    );
    await type('콜라');
    await engine.checkSession();
    expect(said().at(-1)).toMatch(/^notice: 오래 비워 두셔서/);
  });
});
