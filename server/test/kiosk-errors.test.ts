import type { ServerResponse } from '@malbeot/protocol';
import { formatMessage } from '@malbeot/protocol/messages';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sine, whiteNoise } from '../src/audio/testing/noise.ts';
import { openKioskKit, soundForm, speech, type KioskKit, type Part, type Turned } from './kiosk-kit.ts';
import { expectError, wav, type Row } from './kiosk-test.ts';

/** What every row of the table starts from: a session in each language, with something ordered. */
const order = { ko: '불고기버거 두 개 주세요', en: 'two bulgogi burgers please' };

/** `bytes` with 16 or 32 bits at `at` set to something else. */
function patched(bytes: Buffer, at: number, value: number, wide: boolean): Buffer {
  const copy = Buffer.from(bytes);
  if (wide) copy.writeUInt32LE(value, at);
  else copy.writeUInt16LE(value, at);
  return copy;
}

const notWav: Row = {
  status: 415,
  code: 'audio_processing_error',
  message: 'kiosk.error.not_wav',
  recovery: ['kiosk.recovery.send_wav'],
  details: { code: 'AUDIO_NOT_WAV', detail: expect.stringContaining('Accepted:') as unknown },
};
const broken: Row = {
  status: 422,
  code: 'audio_processing_error',
  message: 'kiosk.error.bad_audio',
  recovery: ['kiosk.recovery.say_again'],
  details: { code: 'AUDIO_UNREADABLE' },
};
const notHeard: Row = {
  status: 200,
  code: 'speech_recognition_error',
  message: 'kiosk.not_heard',
  recovery: ['kiosk.recovery.say_again', 'kiosk.recovery.closer', 'kiosk.recovery.touch'],
};
const badRequest: Row = {
  status: 400,
  code: 'validation_error',
  message: 'kiosk.error.bad_request',
  recovery: ['kiosk.recovery.say_again', 'kiosk.recovery.touch'],
};
const noFile: Row = {
  ...badRequest,
  message: 'kiosk.error.no_file',
  details: {
    code: 'INVALID_INPUT',
    reason: 'no_file',
    detail: expect.stringContaining('audio_file') as unknown,
  },
};

/** Sounds that can't be used, each in a session whose order must stand. */
const sounds: readonly (readonly [string, Uint8Array, Row])[] = [
  ['an MP3', Buffer.concat([Buffer.from('ID3\u0004'), Buffer.alloc(400)]), notWav],
  ['an Ogg file', Buffer.concat([Buffer.from('OggS'), Buffer.alloc(400)]), notWav],
  ['a picture', Buffer.concat([Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'), Buffer.alloc(400)]), notWav],
  ['JSON', Buffer.from('{"text":"콜라 하나"}'), notWav],
  ['an AVI, RIFF like a WAV', Buffer.from('RIFF\u0010\0\0\0AVI LIST....'), notWav],
  ['one byte', Buffer.from('R'), notWav],
  ['an empty file', Buffer.alloc(0), broken],
  ['a WAV that ends in its header', wav().subarray(0, 30), broken],
  ['a truncated WAV', wav().subarray(0, 5_000), broken],
  ['a WAV of no samples', wav({ channels: [new Float32Array()] }), broken],
  ['a WAV of 0 Hz', patched(wav(), 24, 0, true), broken],
  ['a WAV of 4 GHz', patched(wav(), 24, 0xffff_ffff, true), broken],
  ['a WAV of 7,999 Hz', wav({ sampleRate: 7_999 }), broken],
  ['a WAV of 192,001 Hz', wav({ sampleRate: 192_001 }), broken],
  ['a WAV of no channels', patched(wav(), 22, 0, false), broken],
  ['a WAV of 65,535 channels', patched(wav(), 22, 65_535, false), broken],
  ['a WAV of 7 bits', patched(wav(), 34, 7, false), broken],
  ['a WAV with another codec', patched(wav(), 20, 0x55, false), broken],
  ['silence', wav({ channels: [new Float32Array(16_000)] }), notHeard],
  ['noise', wav({ channels: [whiteNoise(16_000, -25)] }), notHeard],
  ['a sound of a few milliseconds', wav({ channels: [sine(200, 16_000, 300, 0.3)] }), notHeard],
];

describe.each(['ko', 'en'] as const)('bad input in %s', (language) => {
  let kit: KioskKit;
  let begun: ServerResponse;

  beforeAll(async () => {
    kit = await openKioskKit();
    begun = (await kit.turn({ text: order[language], language })).body;
  });
  afterAll(() => kit.close());

  it('begins with an order that has to stand', () => {
    expect(begun.order_data).toMatchObject({ item_count: 2, total_amount: 9_000 });
  });

  const send = (parts: readonly Part[], headers = {}) =>
    kit.upload([{ name: 'session_id', content: begun.session_id }, ...parts], headers);

  async function expectOrderStands(): Promise<void> {
    const { order_data, language: kept } = await kit.session(begun.session_id);
    expect(order_data).toEqual(begun.order_data);
    expect(kept).toBe(language);
  }

  it.each(sounds)('%s', async (_, bytes, row) => {
    const turned = await send(soundForm(bytes));
    expectError(turned, language, row);
    expect(turned.body.session_id).toBe(begun.session_id);
    expect(turned.body.order_data).toEqual(begun.order_data);
    await expectOrderStands();
  });

  it('more than a minute', async () => {
    const long = wav({ bits: 8, sampleRate: 8_000, channels: [new Float32Array(61 * 8_000)] });
    expectError(await send(soundForm(long), { 'content-encoding': 'gzip' }), language, {
      status: 422,
      code: 'audio_processing_error',
      message: 'kiosk.error.too_large',
      recovery: ['kiosk.recovery.shorter'],
      details: { code: 'AUDIO_UNREADABLE', reason: 'too_long', max_seconds: 60 },
    });
    await expectOrderStands();
  });

  it('no file', async () => {
    const turned = await send([{ name: 'kiosk_id', content: 'front' }]);
    expectError(turned, language, noFile);
    expect(turned.body.session_id).toBe(begun.session_id);
    expect(turned.body.order_data).toEqual(begun.order_data);
    await expectOrderStands();
  });

  const early: readonly (readonly [string, () => Promise<Turned>, Row])[] = [
    [
      'a file in another field',
      () => send([{ name: 'sound', filename: 'a.wav', content: speech }], { 'accept-language': language }),
      {
        ...badRequest,
        details: {
          code: 'MALFORMED_BODY',
          detail: expect.stringContaining('audio_file, file, audio') as unknown,
        },
      },
    ],
    [
      'two files',
      () => send([...soundForm(wav()), ...soundForm(wav())], { 'accept-language': language }),
      badRequest,
    ],
    [
      'a sound as the whole body',
      () => kit.turn({ text: '콜라' }, { 'content-type': 'audio/wav', 'accept-language': language }),
      {
        ...badRequest,
        status: 415,
        recovery: ['kiosk.recovery.send_wav'],
        details: { code: 'UNSUPPORTED_MEDIA_TYPE' },
      },
    ],
    [
      'a language that is not spoken here',
      () =>
        send([...soundForm(speech), { name: 'language', content: 'fr' }], {
          'accept-language': language,
        }),
      { ...badRequest, details: { code: 'INVALID_INPUT', errors: [{ path: 'body.language' }] } },
    ],
    [
      'an idempotency key with spaces',
      () => kit.turn({ text: '콜라' }, { 'idempotency-key': 'a b', 'accept-language': language }),
      badRequest,
    ],
  ];

  it.each(early)('%s', async (_, ask, row) => {
    const turned = await ask();
    expectError(turned, language, row);
    // Which session it was for is not known, or does not matter.
    expect(turned.body.order_data).toBeNull();
    await expectOrderStands();
  });

  const bodies: readonly (readonly [string, object])[] = [
    ['neither words nor a tap', { session_id: 'x' }],
    ['words and a tap', { text: '콜라', action: { type: 'confirm' } }],
    ['no words', { text: '  ' }],
    ['too many words', { text: '콜'.repeat(1_001) }],
    ['words that are none', { text: 7 }],
    ['an unknown tap', { action: { type: 'explode' } }],
    ['a tap without what it needs', { action: { type: 'add' } }],
    ['a tap with a wrong amount', { action: { type: 'set_quantity', line: 0, quantity: -1 } }],
    ['a tap with more than it takes', { action: { type: 'confirm', line: 1 } }],
    ['an unknown field', { text: '콜라', price: 0 }],
    ['a session id beyond measure', { text: '콜라', session_id: 's'.repeat(81) }],
    ['a list', [1, 2]],
  ];

  it.each(bodies)('%s', async (_, body) => {
    const given = Array.isArray(body) ? body : { session_id: begun.session_id, ...body };
    const turned = await kit.turn(given as never, { 'accept-language': language });
    expectError(turned, language, {
      ...badRequest,
      details: { code: 'INVALID_INPUT', errors: expect.any(Array) as unknown },
    });
    await expectOrderStands();
  });

  it.each(['{"text":', '"', '{"__proto__":{"text":"콜라"}}'])('%s as JSON', async (json) => {
    const answer = await kit.app.inject({
      method: 'POST',
      url: '/api/voice/process',
      payload: json,
      headers: { host: 'localhost', 'content-type': 'application/json', 'accept-language': language },
    });
    const body = answer.json<ServerResponse>();
    expectError({ status: answer.statusCode, headers: answer.headers, body }, language, badRequest);
  });

  it.each(['ses_00000000000000000000000000', 'nonsense', '../../etc/passwd', "' or 1=1 --"])(
    'the unknown session %s',
    async (session_id) => {
      const unknown: Row = {
        status: 404,
        code: 'validation_error',
        message: 'kiosk.error.session_unknown',
        recovery: ['kiosk.recovery.start_over'],
        details: { code: 'NOT_FOUND' },
      };
      expectError(await kit.turn({ text: '콜라', session_id, language }), language, unknown);
      expectError(
        await kit.turn({ text: '콜라', session_id }, { 'accept-language': language }),
        language,
        unknown,
      );
      expectError(await kit.upload(soundForm(speech, { session_id, language })), language, unknown);
    },
  );

  it('words that mean nothing here: asks again and suggests', async () => {
    const { status, body } = await kit.turn({
      text: language === 'ko' ? '흠 글쎄' : 'hmm',
      session_id: begun.session_id,
    });
    expect([status, body.success, body.error_info]).toEqual([200, true, null]);
    const example = formatMessage(language, 'kiosk.ask_again', { example: '…' }).split('…')[0]!;
    expect(body.message).toContain(example.slice(0, 12));
    expect(body.ui_actions.map(({ action_type }) => action_type)).toContain('show_menu');
    await expectOrderStands();
  });

  it('a tap that can not be done', async () => {
    const { status, body } = await kit.turn({
      action: { type: 'remove', line: 9 },
      session_id: begun.session_id,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      success: false,
      message: formatMessage(language, 'kiosk.no_such_line'),
      error_info: { error_code: 'order_processing_error' },
    });
    await expectOrderStands();
  });
});

describe('a first turn that can not be used', () => {
  let kit: KioskKit;
  beforeAll(async () => void (kit = await openKioskKit()));
  afterAll(() => kit.close());

  it('names no session, since none was kept', async () => {
    const { status, body } = await kit.upload(soundForm(Buffer.from('no sound')));
    expect([status, body.session_id, body.order_data]).toEqual([415, '', null]);
    expect(body.meta).not.toHaveProperty('session_token');
  });

  it('begins a session all the same when it was only not heard', async () => {
    const { body } = await kit.upload(
      soundForm(wav({ channels: [new Float32Array(8_000)] }), { language: 'en' }),
    );
    expect(body).toMatchObject({ success: false, message: 'Please say that again' });
    const next = await kit.turn({ text: 'one cola', session_id: body.session_id });
    expect(next.body).toMatchObject({ success: true, order_data: { item_count: 1 } });
    expect(next.body.message).toMatch(/cola/i);
  });
});
