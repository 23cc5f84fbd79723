import type { MessageKey } from '@malbeot/protocol/messages';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSpeechToTextChain } from '../src/providers/chain/speech-to-text-chain.ts';
import { ScriptedEars } from '../src/providers/fake/scripted-ears.ts';
import { IDLE_MS, openKioskKit, soundForm, speech, type KioskKit } from './kiosk-kit.ts';
import { expectError, wav } from './kiosk-test.ts';

describe('sessions', () => {
  let kit: KioskKit;
  beforeEach(async () => void (kit = await openKioskKit()));
  const close = () => kit.close();

  it('are over after ten minutes without a turn', async () => {
    const { body } = await kit.turn({ text: '콜라 하나', language: 'en' });
    const { session_id } = body;
    kit.clock.advance(IDLE_MS - 1);
    expect((await kit.turn({ text: '콜라 하나', session_id })).status).toBe(200);
    kit.clock.advance(IDLE_MS);
    const expired = await kit.turn({ text: '콜라 하나', session_id }, { 'accept-language': 'en' });
    expectError(expired, 'en', {
      status: 404,
      code: 'validation_error',
      message: 'kiosk.error.session_expired',
      recovery: ['kiosk.recovery.start_over'],
      details: { code: 'SESSION_EXPIRED' },
    });
    expect(expired.body.order_data).toBeNull();
    const read = await kit.app.inject({
      url: `/api/kiosk/sessions/${session_id}`,
      headers: { host: 'localhost' },
    });
    expect([read.statusCode, read.json<{ code: string }>().code]).toEqual([404, 'SESSION_EXPIRED']);
    await close();
  });

  it('live on from a turn that was not heard', async () => {
    const { session_id } = (await kit.turn({ text: '콜라 하나' })).body;
    kit.clock.advance(IDLE_MS - 1);
    const silence = wav({ channels: [new Float32Array(8_000)] });
    expect((await kit.upload(soundForm(silence, { session_id }))).status).toBe(200);
    kit.clock.advance(IDLE_MS - 1);
    expect((await kit.turn({ text: '콜라 하나', session_id })).body.order_data!.item_count).toBe(2);
    await close();
  });
});

describe('providers that fail', () => {
  const open = async (ears: readonly ScriptedEars[]) => {
    const kit = await openKioskKit({ ears: createSpeechToTextChain(ears, { limitMs: 100 }) });
    const { body } = await kit.turn({ text: '콜라 하나 주세요', language: 'en' });
    return { kit, begun: body };
  };
  const recovery: readonly MessageKey[] = ['kiosk.recovery.touch', 'kiosk.recovery.staff'];

  it.each([
    ['are down', { do: 'fail', kind: 'unavailable' }, 'PROVIDER_UNAVAILABLE'],
    ['are broken', { do: 'throw', error: new TypeError('broken') }, 'PROVIDER_UNAVAILABLE'],
    ['refuse', { do: 'fail', kind: 'unauthorized' }, 'PROVIDER_UNAVAILABLE'],
  ] as const)('ears that %s: 503, nothing lost, and words go on working', async (_, step, code) => {
    const ears = new ScriptedEars({ otherwise: step });
    const { kit, begun } = await open([ears]);
    const { session_id } = begun;
    const turned = await kit.upload(soundForm(speech, { session_id }));
    expectError(turned, 'en', {
      status: 503,
      code: 'server_error',
      message: 'kiosk.error.server',
      recovery,
      details: { code },
    });
    expect(turned.headers['retry-after']).toMatch(/^\d+$/);
    expect(turned.body.order_data).toEqual(begun.order_data);
    expect((await kit.session(session_id)).order_data).toEqual(begun.order_data);
    expect((await kit.turn({ text: '사이다 하나', session_id })).body.order_data!.item_count).toBe(2);
    ears.behave({ do: 'answer' });
    await kit.close();
  });

  it.each(['hang', 'hang-deaf'] as const)('ears that %s: 503 and timeout_error', async (step) => {
    const { kit, begun } = await open([new ScriptedEars({ otherwise: { do: step } })]);
    const turned = await kit.upload(soundForm(speech, { session_id: begun.session_id }));
    expectError(turned, 'en', {
      status: 503,
      code: 'timeout_error',
      message: 'kiosk.error.timeout',
      recovery: ['kiosk.recovery.say_again', 'kiosk.recovery.touch'],
      details: { code: 'TIMEOUT' },
    });
    expect(turned.headers['retry-after']).toMatch(/^\d+$/);
    expect(turned.body.order_data).toEqual(begun.order_data);
    await kit.close();
  });

  it('ears with others behind them: heard, and told who was passed over', async () => {
    const { kit, begun } = await open([
      new ScriptedEars({ id: 'fake_first', otherwise: { do: 'fail', kind: 'failed' } }),
      new ScriptedEars({ id: 'fake_second', hears: ['사이다 두 잔이요'] }),
    ]);
    const { status, body } = await kit.upload(soundForm(speech, { session_id: begun.session_id }));
    expect([status, body.transcript, body.order_data!.item_count]).toEqual([200, '사이다 두 잔이요', 3]);
    expect(body.meta).toMatchObject({
      providers: { ears: 'fake_second', mind: 'rules', voice: 'fake_voice' },
      skipped: [{ provider: 'fake_first', reason: 'failed' }],
    });
    await kit.close();
  });

  it('a turn asked again with its key after a 503 is done, once', async () => {
    const ears = new ScriptedEars({ script: [{ do: 'fail', kind: 'unavailable' }], hears: ['사이다 하나'] });
    const { kit, begun } = await open([ears]);
    const ask = () =>
      kit.upload(soundForm(speech, { session_id: begun.session_id }), { 'idempotency-key': 'k1' });
    expect((await ask()).status).toBe(503);
    const [second, third] = [await ask(), await ask()];
    expect([second.status, third.headers['idempotency-replayed']]).toEqual([200, 'true']);
    expect(third.body).toEqual(second.body);
    expect((await kit.session(begun.session_id)).order_data.item_count).toBe(2);
    await kit.close();
  });

  it('a voice that can not run: words only', async () => {
    const kit = await openKioskKit();
    kit.voice.setAvailability({ available: false, reason: 'off', action: 'on' });
    const { status, body } = await kit.turn({ text: '콜라 하나' });
    expect([status, body.success, body.tts_audio_url]).toEqual([200, true, null]);
    expect(body.meta.providers).toEqual({ mind: 'rules' });
    await kit.close();
  });

  it('a voice that can not even be started: the turn stands, and is told', async () => {
    const kit = await openKioskKit({
      voiceFiles: { start: () => Promise.reject(new Error('the disk is full')) },
    });
    const { status, body } = await kit.turn({ text: '콜라 하나' });
    expect([status, body.success, body.tts_audio_url]).toEqual([200, true, null]);
    expect(kit.lines.some(({ level, message }) => level === 'warn' && /voice/.test(message))).toBe(true);
    await kit.close();
  });

  it('a database that is gone: an error in the same form, which tells nothing of it', async () => {
    const kit = await openKioskKit();
    const { session_id } = (await kit.turn({ text: '콜라 하나' })).body;
    await kit.database.close();
    const { status, body } = await kit.turn({ text: '콜라 하나', session_id });
    expect([status, body.error_info!.error_code]).toEqual([500, 'unknown_error']);
    expect(body.error_info!.details).toEqual({ code: 'INTERNAL' });
    expect(kit.lines.some(({ level, fields }) => level === 'error' && fields['err'] !== undefined)).toBe(
      true,
    );
    await kit.close();
  });

  it('are told in the records of turns, without what was said', async () => {
    const { kit, begun } = await open([new ScriptedEars({ otherwise: { do: 'fail', kind: 'failed' } })]);
    await kit.upload(soundForm(speech, { session_id: begun.session_id }));
    await kit.upload(soundForm(Buffer.from('x'), { session_id: begun.session_id }));
    await kit.turn({ action: { type: 'remove', line: 9 }, session_id: begun.session_id });
    expect(kit.records.map(({ way, outcome, errorCode }) => [way, outcome, errorCode])).toEqual([
      ['text', 'ok', undefined],
      ['audio', 'error', 'PROVIDER_UNAVAILABLE'],
      ['audio', 'error', 'AUDIO_NOT_WAV'],
      ['action', 'refused', 'order_processing_error'],
    ]);
    expect(JSON.stringify([kit.records, kit.lines])).not.toContain('콜라');
    await kit.close();
  });
});

describe('too many turns', () => {
  it('are told when to come back', async () => {
    const limits = { turnsPerKiosk: 60, turnsPerAddress: 3, signIn: 10, runs: 120, reads: 600 };
    const kit = await openKioskKit({ settings: { rateLimits: limits } });
    const { session_id, order_data } = (await kit.turn({ text: '콜라 하나', language: 'en' })).body;
    for (let number = 0; number < 2; number++) await kit.turn({ action: { type: 'repeat' }, session_id });
    const turned = await kit.turn(
      { text: '콜라 하나', session_id },
      { 'accept-language': 'en', 'idempotency-key': 'later' },
    );
    expectError(turned, 'en', {
      status: 429,
      code: 'validation_error',
      message: 'kiosk.error.too_many',
      recovery: ['kiosk.recovery.wait'],
      details: { code: 'RATE_LIMITED' },
    });
    const seconds = Number(turned.headers['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect((await kit.session(session_id)).order_data).toEqual(order_data);
    kit.clock.advance(seconds * 1_000);
    const again = await kit.turn({ text: '콜라 하나', session_id }, { 'idempotency-key': 'later' });
    expect([again.status, again.body.order_data!.item_count]).toEqual([200, 2]);
    await kit.close();
  });
});
