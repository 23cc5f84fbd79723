import { describe, expect, it } from 'vitest';
import { deferred } from '../src/lib/deferred.ts';
import { ScriptedEars } from '../src/providers/fake/scripted-ears.ts';
import type { SpeechToText } from '../src/providers/spec/stt.ts';
import { soundForm, speech, START, toTurned, type Turned } from './kiosk-kit.ts';
import { itemsOf, stalledEars, useKiosk } from './kiosk-test.ts';

const test = useKiosk();

describe('a turn', () => {
  it.each(['audio_file', 'file', 'audio'])('takes its sound in the field %s', async (name) => {
    const { status, body } = await test.kit.upload([{ name, filename: '말.wav', content: speech }]);
    expect([status, body.transcript, body.success]).toEqual([
      200,
      '불고기버거 두 개랑 콜라 하나 주세요',
      true,
    ]);
    expect(itemsOf(body)).toEqual(['bulgogi_burger 2', 'cola 1']);
    expect(body.order_data).toMatchObject({
      order_id: null,
      total_amount: 10_900,
      item_count: 3,
      status: 'draft',
    });
    expect(body.meta).toMatchObject({
      providers: { ears: 'fake_ears', mind: 'rules', voice: 'fake_voice' },
      skipped: [],
      confidence: expect.any(Number) as unknown,
    });
    expect(Object.keys(body.meta.stages_ms).sort()).toEqual([
      'decode',
      'ears',
      'mind',
      'store',
      'total',
      'voice',
    ]);
  });

  it('takes its fields before and after the sound, empty ones as none', async () => {
    const { session_id } = await test.say('사이다 하나');
    const sound = soundForm(speech);
    for (const fields of [{ session_id, kiosk_id: '', language: '' }, { session_id }]) {
      const parts = Object.entries(fields).map(([name, content]) => ({ name, content }));
      const { body } = await test.kit.upload(
        'language' in fields ? [...parts, ...sound] : [...sound, ...parts],
      );
      expect(body.session_id).toBe(session_id);
    }
    expect((await test.kit.session(session_id)).order_data.item_count).toBe(7);
  });

  it('may come compressed', async () => {
    const { status, body } = await test.kit.upload(soundForm(speech), { 'content-encoding': 'gzip' });
    expect([status, itemsOf(body)]).toEqual([200, ['bulgogi_burger 2', 'cola 1']]);
  });

  it('takes null for what is left out in JSON', async () => {
    const body = { text: '콜라 하나', session_id: null, kiosk_id: null, language: null };
    expect((await test.kit.turn(body as never)).status).toBe(200);
  });

  it('is the same under /api/v1', async () => {
    const answer = await test.kit.app.inject({
      method: 'POST',
      url: '/api/v1/voice/process',
      headers: { host: 'localhost' },
      payload: { text: '콜라 하나' },
    });
    expect(itemsOf(toTurned(answer).body)).toEqual(['cola 1']);
  });

  it('gives its voice, which can be fetched', async () => {
    const { tts_audio_url } = await test.say('콜라 하나');
    expect(tts_audio_url).toMatch(/^\/api\/voice\/tts\/vox_[0-9a-z]{26}$/);
    const { statusCode, headers, rawPayload } = await test.kit.app.inject({
      url: tts_audio_url!,
      headers: { host: 'localhost' },
    });
    expect([statusCode, headers['content-type']]).toEqual([200, 'audio/wav']);
    expect(rawPayload.subarray(0, 4).toString()).toBe('RIFF');
  });

  it('begins a session in the language asked for; later the session decides', async () => {
    const { body } = await test.kit.turn({ text: 'one cola please', language: 'en', kiosk_id: 'front' });
    expect(body.message).toMatch(/added/);
    const again = await test.kit.turn({
      text: 'one cola please',
      language: 'ko',
      session_id: body.session_id,
    });
    expect(again.body.message).toMatch(/added/);
    expect(await test.kit.session(body.session_id)).toMatchObject({
      session_id: body.session_id,
      kiosk_id: 'front',
      language: 'en',
      turns: 2,
      question: again.body.message,
      created_at: new Date(START).toISOString(),
      expires_at: new Date(START + 600_000).toISOString(),
    });
  });

  it('gives the session’s token once, with a new session', async () => {
    const first = await test.say('콜라 하나');
    expect(first.meta.session_token).toMatch(/^eyJ/);
    expect((await test.say('콜라 하나', first.session_id)).meta).not.toHaveProperty('session_token');
  });
});

describe('turns at once', () => {
  it('of one session all count, one after the other', async () => {
    const { session_id } = await test.say('콜라 하나');
    await Promise.all(
      ['사이다 하나', '생수 하나', '애플파이 하나'].map((text) => test.say(text, session_id)),
    );
    const { order_data, turns } = await test.kit.session(session_id);
    expect([order_data.item_count, order_data.items.length, turns]).toEqual([4, 4, 4]);
  });

  it('beyond what may wait are refused, and the others stand', async () => {
    const gate = deferred<void>();
    const ears = new ScriptedEars({ hears: ['생수 하나'] });
    const other = await test.openOther({ ears: stalledEars(ears, () => gate.promise) });
    const { session_id } = await test.say('콜라 하나', undefined, other);
    const first = other.upload(soundForm(speech, { session_id }));
    const refused: Turned[] = [];
    const behind = Array.from({ length: 11 }, async () => {
      const turned = await other.turn({ text: '사이다 하나', session_id });
      if (turned.status !== 200) refused.push(turned);
    });
    // One is heard, eight wait.
    await expect.poll(() => refused.length).toBe(3);
    for (const { status, body, headers } of refused) {
      expect([status, body.error_info!.error_code, headers['retry-after']]).toEqual([
        503,
        'server_error',
        '1',
      ]);
    }
    gate.resolve();
    expect((await first).status).toBe(200);
    await Promise.all(behind);
    expect(refused).toHaveLength(3);
    expect((await other.session(session_id)).order_data.item_count).toBe(10);
  });

  it('hear in the language that the turn before has chosen', async () => {
    const languages: (string | null)[] = [];
    const ears = new ScriptedEars();
    const listening: SpeechToText = {
      kind: 'stt',
      info: ears.info,
      availability: () => ears.availability(),
      transcribe: (utterance, signal) => {
        languages.push(utterance.language);
        return ears.transcribe(utterance, signal);
      },
    };
    const other = await test.openOther({ ears: listening });
    const { session_id } = await test.say('콜라 하나', undefined, other);
    await Promise.all([
      other.turn({ action: { type: 'language', language: 'en' }, session_id }),
      other.upload(soundForm(speech, { session_id })),
    ]);
    expect(languages).toEqual(['en']);
  });

  it('in two processes both count; what was heard is not heard again', async () => {
    const first = test.kit;
    let meanwhile = () => Promise.resolve();
    const ears = new ScriptedEars({ hears: ['사이다 두 잔이요'] });
    const second = await test.openOther({
      folder: first.folder,
      clock: first.clock,
      ears: stalledEars(ears, () => meanwhile()),
    });
    const { session_id } = await test.say('콜라 하나');
    meanwhile = async () => void (await test.say('생수 하나', session_id, first));
    const { status, body } = await second.upload(soundForm(speech, { session_id }));
    expect([status, body.transcript]).toEqual([200, '사이다 두 잔이요']);
    expect(itemsOf(body)).toEqual(['cola 1', 'water 1', 'cider 2']);
    expect(body.meta.providers).toEqual({ ears: 'fake_ears', mind: 'rules', voice: 'fake_voice' });
    expect(ears.calls).toBe(1);
    expect((await test.kit.session(session_id)).order_data).toEqual(body.order_data);

    const both = await Promise.all([
      first.turn({ text: '콜라 하나', session_id }),
      second.turn({ text: '콜라 하나', session_id }),
      first.turn({ text: '콜라 하나', session_id }),
      second.turn({ text: '콜라 하나', session_id }),
    ]);
    const counted = both.filter(({ status: got }) => got === 200).length;
    expect(counted).toBeGreaterThanOrEqual(2);
    expect((await test.kit.session(session_id)).order_data.item_count).toBe(4 + counted);
  });

  it('in two processes place one order', async () => {
    const second = await test.openOther({ folder: test.kit.folder, clock: test.kit.clock });
    const session_id = await test.readBack();
    const turned = await Promise.all(
      [test.kit, second].map((by) => by.turn({ action: { type: 'confirm' }, session_id })),
    );
    expect(turned.map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set(turned.map(({ body }) => body.order_data!.order_id)).size).toBe(1);
    expect(await test.kit.orders()).toEqual([{ order_number: 1, session_id }]);
  });

  it('end with the session when another process ends it', async () => {
    const second = await test.openOther({ folder: test.kit.folder, clock: test.kit.clock });
    const { session_id } = await test.say('콜라 하나');
    const url = `/api/kiosk/sessions/${session_id}`;
    const ended = await second.app.inject({ method: 'DELETE', url, headers: { host: 'localhost' } });
    expect(ended.statusCode).toBe(204);
    const { status, body } = await test.kit.turn({ text: '콜라 하나', session_id });
    expect([status, body.error_info!.details['code']]).toEqual([404, 'SESSION_EXPIRED']);
  });
});

describe('a turn asked again with its key', () => {
  const key = { 'idempotency-key': '6f2c' };

  it('gets the first answer and changes nothing more, within ten minutes', async () => {
    const { session_id } = await test.say('콜라 하나');
    const ask = () => test.kit.turn({ text: '사이다 하나', session_id }, key);
    const first = await ask();
    test.kit.clock.advance(9 * 60_000);
    const again = await ask();
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([200, 'true']);
    expect(again.body).toEqual(first.body);
    expect((await test.kit.session(session_id)).order_data.item_count).toBe(2);
    test.kit.clock.advance(60_000);
    expect((await test.kit.turn({ text: '사이다 하나' }, key)).headers).not.toHaveProperty(
      'idempotency-replayed',
    );
  });

  it('places one order, and begins one session', async () => {
    const session_id = await test.readBack();
    const [first, again] = [await test.confirm(session_id, key), await test.confirm(session_id, key)];
    expect(again.body).toEqual(first.body);
    expect(await test.kit.orders()).toHaveLength(1);
    const begin = () => test.kit.turn({ text: '콜라 하나' }, { 'idempotency-key': 'begin' });
    expect((await begin()).body.session_id).toBe((await begin()).body.session_id);
  });

  it('holds for sound too, and for errors of the sound', async () => {
    const { session_id } = await test.say('콜라 하나');
    const ask = () => test.kit.upload(soundForm(speech, { session_id }), key);
    const [first, again] = [await ask(), await ask()];
    expect(again.body).toEqual(first.body);
    expect(test.kit.ears.calls).toBe(1);
    const broken = () => test.kit.upload(soundForm(Buffer.from('x')), { 'idempotency-key': 'broken' });
    expect([(await broken()).status, (await broken()).headers['idempotency-replayed']]).toEqual([
      415,
      'true',
    ]);
  });

  it('twice at once is done once', async () => {
    const { session_id } = await test.say('콜라 하나');
    const turned = await Promise.all(
      [1, 2, 3].map(() => test.kit.turn({ text: '사이다 하나', session_id }, key)),
    );
    for (const { status, body } of turned) {
      if (status === 200) expect(itemsOf(body)).toEqual(['cola 1', 'cider 1']);
      else expect([status, body.error_info!.details['code']]).toEqual([409, 'IDEMPOTENCY_IN_PROGRESS']);
    }
    expect((await test.kit.session(session_id)).order_data.item_count).toBe(2);
  });

  it('is refused for another turn', async () => {
    const { session_id } = await test.say('콜라 하나');
    await test.kit.turn({ text: '사이다 하나', session_id }, key);
    const { status, body } = await test.kit.turn({ text: '생수 하나', session_id }, key);
    expect([status, body.error_info!.error_code, body.error_info!.details['code']]).toEqual([
      422,
      'validation_error',
      'IDEMPOTENCY_KEY_REUSED',
    ]);
    expect((await test.kit.session(session_id)).order_data.item_count).toBe(2);
  });
});
