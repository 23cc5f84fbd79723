import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createAudioDecoder } from '../audio/decode/audio-decoder.ts';
import { findFfmpeg } from '../audio/decode/ffmpeg.ts';
import { toPcm16 } from '../audio/pcm.ts';
import { whiteNoise } from '../audio/testing/noise.ts';
import { encodeWav } from '../audio/wav.ts';
import type { App } from '../app.ts';
import { createChildHost } from '../lib/child-host.ts';
import { systemClock } from '../lib/clock.ts';
import { createSpeechToTextChain } from '../providers/chain/speech-to-text-chain.ts';
import { ScriptedEars } from '../providers/fake/scripted-ears.ts';
import { createDemoEar } from '../providers/sherpa/demo-ear.ts';
import type { SpeechHostPart, SpeechHostRequest } from '../providers/sherpa/speech-host-protocol.ts';
import { ProviderError, type Availability } from '../providers/spec/provider.ts';
import type { SpeechToText, Utterance } from '../providers/spec/stt.ts';
import { openSpeechHost } from '../speech-host/open-speech-host.ts';
import { createHearing } from '../speech/hearing.ts';
import type { TurnRecord } from '../telemetry/record-turn.ts';
import { buildKit } from '../../test/edge-kit.ts';
import { hearingRoutes } from './hearing-routes.ts';

const recording = (name: string) =>
  readFileSync(new URL(`../audio/testing/recordings/${name}`, import.meta.url));
const SAMPLES = new URL('../../models/demo-ear/samples/', import.meta.url);
const speech = readFileSync(new URL('05.wav', SAMPLES));
const ffmpeg = await findFfmpeg();

/** Other work may keep the machine busy. */
const decoder = createAudioDecoder({ limitMs: 60_000 });
afterAll(() => decoder.close());
const apps: App[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close(0);
});

interface Kit {
  readonly app: App;
  readonly records: TurnRecord[];
}

async function kit(
  ears: SpeechToText,
  options: {
    readonly maxFileBytes?: number;
    readonly profile?: 'local' | 'production';
    readonly limitMs?: number;
  } = {},
): Promise<Kit> {
  const records: TurnRecord[] = [];
  const { maxFileBytes, profile = 'local', limitMs = 30_000 } = options;
  const hearing = createHearing({ ears, decoder, clock: systemClock, limitMs });
  const routes = hearingRoutes({
    hearing,
    clock: systemClock,
    recordTurn: (record) => records.push(record),
    ...(maxFileBytes === undefined ? {} : { maxFileBytes }),
  });
  const app = await buildKit({ settings: { profile }, deps: { routes } });
  apps.push(app);
  return { app, records };
}

/** Ears that keep what they were asked. */
function listeningEars(ears: SpeechToText): { ears: SpeechToText; asked: Utterance[] } {
  const asked: Utterance[] = [];
  return {
    asked,
    ears: {
      kind: 'stt',
      info: ears.info,
      availability: () => ears.availability(),
      transcribe(utterance, signal) {
        asked.push(utterance);
        return ears.transcribe(utterance, signal);
      },
    },
  };
}

type Part = readonly [name: string, content: Uint8Array | string, filename?: string, mediaType?: string];

function form(parts: readonly Part[]): { payload: Buffer; headers: Record<string, string> } {
  const pieces = parts.flatMap(([name, content, filename, mediaType = 'application/octet-stream']) => [
    Buffer.from(
      `--edge\r\nContent-Disposition: form-data; name="${name}"${
        filename === undefined ? '' : `; filename="${filename}"\r\nContent-Type: ${mediaType}`
      }\r\n\r\n`,
    ),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
  return {
    payload: Buffer.concat([...pieces, Buffer.from('--edge--\r\n')]),
    headers: { 'content-type': 'multipart/form-data; boundary=edge' },
  };
}

async function send(app: App, parts: readonly Part[], headers: Record<string, string> = {}) {
  const { payload, headers: own } = form(parts);
  const answer = await app.inject({
    method: 'POST',
    url: '/api/voice/stt',
    payload,
    headers: { ...own, ...headers },
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<Record<string, unknown>>() };
}

describe('POST /api/voice/stt', () => {
  it('answers exactly four fields, and tells who heard it in the headers', async () => {
    const { ears, asked } = listeningEars(new ScriptedEars({ hears: ['네 가져갈게요'] }));
    const { app, records } = await kit(ears);
    const { status, headers, body } = await send(app, [['file', speech, 'a.wav', 'audio/wav']]);
    expect(status).toBe(200);
    expect(body).toEqual({ transcript: '네 가져갈게요', language: 'ko', confidence: 1, duration: 1.367 });
    expect(headers).toMatchObject({ 'x-malbeot-provider': 'fake_ears', 'cache-control': 'no-store' });
    expect(headers['server-timing']).toMatch(/^decode;dur=[\d.]+, ears;dur=[\d.]+, total;dur=[\d.]+$/);
    expect(asked).toHaveLength(1);
    expect(asked[0]!.language).toBeNull();
    expect(records).toEqual([
      expect.objectContaining({
        outcome: 'ok',
        providers: { ears: 'fake_ears' },
        soundMs: 1_367,
        charactersIn: 7,
      }),
    ]);
    expect(JSON.stringify(records)).not.toContain('가져갈게요');
  });

  for (const [name, mediaType] of [
    ['speech.webm', 'audio/webm'],
    ['speech-opus.ogg', 'audio/ogg'],
    ['speech-vorbis.ogg', 'audio/ogg'],
    ['speech.mp3', 'audio/mp3'],
    ['speech.mp3', 'audio/mpeg'],
    ['speech-opus.mp4', 'audio/mp4'],
    // What it is counts, not what it is called.
    ['speech.webm', 'text/html'],
  ] as const) {
    it(`takes ${name} as ${mediaType}`, async () => {
      const { ears, asked } = listeningEars(new ScriptedEars());
      const { app } = await kit(ears);
      const { status, body } = await send(app, [['audio_file', recording(name), name, mediaType]]);
      expect(status).toBe(200);
      expect(body['transcript']).not.toBe('');
      expect(body['duration']).toBeGreaterThan(1.2);
      expect(body['duration']).toBeLessThan(1.6);
      expect(Math.abs(asked[0]!.samples.length / 16_000 - (body['duration'] as number))).toBeLessThan(0.01);
    });
  }

  for (const [given, wanted] of [
    [undefined, null],
    ['', null],
    ['null', null],
    ['auto', null],
    ['ko', 'ko'],
    ['ko-KR', 'ko-KR'],
    ['en-US', 'en-US'],
  ] as const) {
    it(`hears in ${wanted ?? 'any language'} when the language is ${JSON.stringify(given)}`, async () => {
      const { ears, asked } = listeningEars(new ScriptedEars());
      const { app } = await kit(ears);
      const field: Part[] = given === undefined ? [] : [['language', given]];
      expect((await send(app, [['file', speech, 'a.wav'], ...field])).status).toBe(200);
      expect(asked[0]!.language).toBe(wanted);
    });
  }

  it('answers an empty transcript to silence and noise, and asks no ears', async () => {
    const { ears, asked } = listeningEars(new ScriptedEars());
    const { app, records } = await kit(ears);
    const noise = encodeWav(toPcm16(whiteNoise(16_000, -30)), 16_000);
    for (const sound of [recording('silence.webm'), noise]) {
      const { status, headers, body } = await send(app, [['file', sound, 'a']]);
      expect(status).toBe(200);
      expect(body).toMatchObject({ transcript: '', language: 'und', confidence: null });
      expect(body['duration']).toBeCloseTo(1, 1);
      expect(headers['x-malbeot-provider']).toBeUndefined();
    }
    const { body } = await send(app, [
      ['file', noise, 'a'],
      ['language', 'ko-KR'],
    ]);
    expect(body['language']).toBe('ko');
    expect(asked).toHaveLength(0);
    expect(records.map(({ outcome }) => outcome)).toEqual(['not_heard', 'not_heard', 'not_heard']);
  });

  const bad: readonly (readonly [name: string, parts: readonly Part[], status: number, code: string])[] = [
    ['no file', [['language', 'ko']], 400, 'MALFORMED_BODY'],
    ['a file in another field', [['upload', speech, 'a.wav']], 400, 'MALFORMED_BODY'],
    [
      'two files',
      [
        ['file', speech, 'a.wav'],
        ['file', speech, 'b.wav'],
      ],
      400,
      'MALFORMED_BODY',
    ],
    ['an empty file', [['file', '', 'a.wav']], 422, 'AUDIO_UNREADABLE'],
    ['text', [['file', '안녕하세요', 'a.webm', 'audio/webm']], 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['FLAC', [['file', recording('silence.flac'), 'a.wav', 'audio/wav']], 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a file that is too large', [['file', Buffer.alloc(200_000), 'a.wav']], 413, 'BODY_TOO_LARGE'],
    ['a truncated WAV', [['file', speech.subarray(0, 9_000), 'a.wav']], 422, 'AUDIO_UNREADABLE'],
    [
      'a WebM header',
      [['file', recording('speech.webm').subarray(0, 80), 'a.webm']],
      422,
      'AUDIO_UNREADABLE',
    ],
    ['a video', [['file', recording('picture-only.webm'), 'a.webm']], 422, 'AUDIO_UNREADABLE'],
    [
      'no language',
      [
        ['file', speech, 'a.wav'],
        ['language', '한국어'],
      ],
      422,
      'INVALID_INPUT',
    ],
    [
      'a language with a line in it',
      [
        ['file', speech, 'a.wav'],
        ['language', 'ko\r\nx: y'],
      ],
      422,
      'INVALID_INPUT',
    ],
    [
      'a long language',
      [
        ['file', speech, 'a.wav'],
        ['language', 'k'.repeat(2_000)],
      ],
      413,
      'BODY_TOO_LARGE',
    ],
  ];
  for (const [name, parts, status, code] of bad) {
    it(`refuses ${name}: ${status} ${code}`, async () => {
      const { ears, asked } = listeningEars(new ScriptedEars());
      const { app } = await kit(ears, { maxFileBytes: 100_000 });
      const answer = await send(app, parts);
      expect(answer.status).toBe(status);
      expect(answer.headers['content-type']).toMatch(/problem\+json/);
      expect(answer.body).toMatchObject({ code, detail: expect.any(String) as string });
      expect(asked).toHaveLength(0);
    });
  }

  it('refuses more than a minute', async () => {
    const { app, records } = await kit(new ScriptedEars());
    const { status, body } = await send(app, [
      ['file', encodeWav(new Int16Array(8_000 * 61), 8_000), 'a.wav'],
    ]);
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'AUDIO_UNREADABLE', reason: 'too_long', max_seconds: 60 });
    expect(records).toEqual([expect.objectContaining({ outcome: 'error', errorCode: 'AUDIO_UNREADABLE' })]);
  });

  it('refuses JSON and a body of nothing', async () => {
    const { app } = await kit(new ScriptedEars());
    const post = (options: object) => app.inject({ method: 'POST', url: '/api/voice/stt', ...options });
    expect((await post({ payload: { file: 'x' } })).statusCode).toBe(415);
    expect((await post({})).statusCode).toBe(400);
  });

  it('says what to do when no ears can hear', async () => {
    const unavailable: Availability = {
      available: false,
      reason: 'The model is missing.',
      action: 'Run `malbeot models pull`.',
    };
    const ears: SpeechToText = {
      ...listeningEars(new ScriptedEars()).ears,
      availability: () => unavailable,
      transcribe: () =>
        Promise.reject(
          new ProviderError('unavailable', 'chain', 'Nobody can.', {
            skipped: [{ provider: 'fake_ears', reason: 'unavailable' }],
          }),
        ),
    };
    const { app } = await kit(ears);
    const { status, headers, body } = await send(app, [['file', speech, 'a.wav']]);
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('5');
    expect(body).toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      detail: 'No ears can hear this now. The model is missing. Run `malbeot models pull`.',
      skipped: [{ provider: 'fake_ears', reason: 'unavailable' }],
    });
  });

  it('maps what ears throw: slow ones, a language that none knows, sound that none takes', async () => {
    const slow = await kit(new ScriptedEars({ otherwise: { do: 'hang-deaf' } }), { limitMs: 50 });
    expect(await send(slow.app, [['file', speech, 'a.wav']])).toMatchObject({
      status: 504,
      body: { code: 'TIMEOUT' },
    });
    const korean = createSpeechToTextChain([new ScriptedEars({ languages: ['ko'] })]);
    const french = await kit(korean);
    expect(
      await send(french.app, [
        ['file', speech, 'a.wav'],
        ['language', 'fr'],
      ]),
    ).toMatchObject({
      status: 422,
      body: { code: 'INVALID_INPUT', errors: [{ path: 'body.language' }] },
    });
    const picky = await kit(new ScriptedEars({ otherwise: { do: 'fail', kind: 'invalid_input' } }));
    expect(await send(picky.app, [['file', speech, 'a.wav']])).toMatchObject({
      status: 422,
      body: { code: 'AUDIO_UNREADABLE' },
    });
    const broken = await kit(new ScriptedEars({ otherwise: { do: 'throw', error: new Error('secret') } }));
    const answer = await send(broken.app, [['file', speech, 'a.wav']]);
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });

  it('is open at home, and needs a person or an API key elsewhere', async () => {
    const { app } = await kit(new ScriptedEars(), { profile: 'production' });
    const parts: Part[] = [['file', speech, 'a.wav']];
    expect((await send(app, parts)).status).toBe(401);
    expect((await send(app, parts, { authorization: 'Bearer customer' })).status).toBe(200);
    expect((await send(app, parts, { authorization: 'Bearer api-key' })).status).toBe(200);
    expect((await send(app, parts, { 'x-device-key': 'device' })).status).toBe(403);
  });

  it('is counted among the turns', () => {
    const [route] = hearingRoutes({
      hearing: createHearing({ ears: new ScriptedEars(), decoder, clock: systemClock }),
      clock: systemClock,
    });
    expect(route).toMatchObject({
      method: 'POST',
      access: 'talk',
      limit: 'turns',
      upload: { maxFileBytes: 10_485_760 },
    });
  });
});

describe('the demo ear, through every kind of file', () => {
  const host = createChildHost<SpeechHostRequest, SpeechHostPart>({
    name: 'speech-host',
    open: openSpeechHost(),
    maxRunning: 1,
  });
  afterAll(() => host.close());
  const ears = createDemoEar({ host });
  const heard = async (app: App, bytes: Uint8Array) =>
    (
      await send(app, [
        ['file', bytes, 'recording'],
        ['language', 'ko'],
      ])
    ).body['transcript'];

  it('hears the recordings of the tests alike', async () => {
    const { app } = await kit(ears);
    const names = [
      'speech.webm',
      'speech-live.webm',
      'speech-opus.ogg',
      'speech-opus.mp4',
      'speech-vorbis.ogg',
      'speech.mp3',
      ...(ffmpeg === null ? [] : ['speech.m4a', 'speech-fragmented.mp4', 'speech.aac']),
    ];
    expect(await heard(app, speech)).toBe('네 가져갈게요');
    for (const name of names) expect(await heard(app, recording(name)), name).toBe('네 가져갈게요');
  }, 300_000);

  it.skipIf(ffmpeg === null)(
    'hears what ffmpeg compresses as it hears what ffmpeg decodes again (skipped without ffmpeg)',
    async () => {
      const { app } = await kit(ears);
      const kinds = {
        webm: '-c:a libopus -b:a 32k -f webm',
        ogg: '-c:a libvorbis -q:a 3 -f ogg',
        mp3: '-c:a libmp3lame -b:a 64k -f mp3',
        mp4: '-c:a aac -b:a 64k -movflags frag_keyframe+empty_moov -f mp4',
      };
      const convert = (input: Uint8Array, options: string) => {
        const { stdout, status } = spawnSync(
          ffmpeg!,
          `-hide_banner -loglevel error -i pipe:0 ${options} pipe:1`.split(' '),
          { input },
        );
        expect(status).toBe(0);
        return stdout;
      };
      const wav = readFileSync(new URL('04.wav', SAMPLES));
      const ways = Object.values(kinds);
      let alike = 0;
      for (const options of ways) {
        const compressed = convert(wav, options);
        // A codec may cost this small model a syllable; who decodes must not.
        const reference = convert(compressed, '-ar 16000 -ac 1 -f wav');
        if ((await heard(app, compressed)) === (await heard(app, reference))) alike += 1;
      }
      expect(alike, `${alike} of ${ways.length}`).toBeGreaterThanOrEqual(ways.length - 1);
    },
    300_000,
  );
});
