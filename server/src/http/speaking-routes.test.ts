import { request, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildKit } from '../../test/edge-kit.ts';
import type { App } from '../app.ts';
import { integratedLoudness } from '../audio/loudness.ts';
import { sniffMedia } from '../audio/sniff.ts';
import { decodeWav } from '../audio/wav.ts';
import { ToneVoice } from '../providers/fake/tone-voice.ts';
import { openSpeechKit, type SpeechKit, type SpeechKitOptions } from '../speech/testing.ts';
import type { TextToSpeech } from '../providers/spec/tts.ts';
import { speakingRoutes, TEST_SENTENCE } from './speaking-routes.ts';
import { ttsVoiceRoutes } from './tts-voice-routes.ts';

let app: App;
let port: number;
let kit: SpeechKit;

async function open(voices: readonly TextToSpeech[], options: SpeechKitOptions = {}, production = false) {
  kit = await openSpeechKit(voices, options);
  app = await buildKit({
    settings: { profile: production ? 'production' : 'local' },
    deps: { routes: [...speakingRoutes(kit), ...ttsVoiceRoutes(kit)] },
  });
  ({ port } = await app.listen({ port: 0, host: '127.0.0.1' }));
}

afterEach(async () => {
  await app.close(0);
  await kit.close();
});

const base = () => `http://127.0.0.1:${port}`;
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(base() + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const speak = (body: Record<string, unknown>, headers = {}) => post('/api/tts/synthesize', body, headers);
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());
const problemOf = async (response: Response) =>
  (await response.json()) as { code: string; detail: string; errors?: { path: string }[] };
const until = async (done: () => boolean) => {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 2));
};
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const LONG = '첫 문장입니다. 둘째 문장도 있습니다. 셋째 문장으로 끝납니다.';

/** Asks without waiting for the end. */
function openSpeech(body: Record<string, unknown>): Promise<IncomingMessage> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    request({ port, method: 'POST', path: '/api/tts/synthesize', headers, agent: false }, resolve)
      .on('error', reject)
      .end(text);
  });
}

/** Takes 20 seconds for every sentence, and no time to make them. */
function longWinded(voice: ToneVoice): TextToSpeech {
  return {
    kind: 'tts',
    info: voice.info,
    revision: voice.revision,
    voices: () => voice.voices(),
    availability: () => voice.availability(),
    async *synthesize() {
      yield { type: 'audio', samples: new Int16Array(20 * 16_000).fill(1_000), sampleRate: 16_000 };
    },
  };
}

/** Says of all sound that it has another rate. */
function atRate(voice: ToneVoice, sampleRate: number): TextToSpeech {
  return {
    kind: 'tts',
    info: voice.info,
    revision: voice.revision,
    voices: () => voice.voices(),
    availability: () => voice.availability(),
    async *synthesize(asked, signal) {
      for await (const chunk of voice.synthesize(asked, signal)) {
        yield chunk.type === 'audio' ? { ...chunk, sampleRate } : chunk;
      }
    },
  };
}

describe('POST /api/tts/synthesize', () => {
  let voice: ToneVoice;
  beforeEach(() => void (voice = new ToneVoice({ id: 'fake_first' })));

  it('streams a WAV at the loudness of every voice, and has it whole the next time', async () => {
    await open([voice]);
    const first = await speak({ text: LONG });
    expect(first.status).toBe(200);
    expect(first.headers.get('content-type')).toBe('audio/wav');
    expect(first.headers.get('content-length')).toBeNull();
    expect(first.headers.get('x-malbeot-provider')).toBe('fake_first');
    expect(first.headers.get('x-malbeot-cache')).toBe('miss');
    expect(first.headers.get('server-timing')).toMatch(/^wait;dur=[\d.]+, first-sound;dur=[\d.]+$/);
    const { samples, sampleRate } = decodeWav(await bytesOf(first));
    // Eight words of 200 ms.
    expect(samples).toHaveLength(8 * 0.2 * sampleRate);
    expect(integratedLoudness(samples, sampleRate)).toBeGreaterThan(-18);
    expect(integratedLoudness(samples, sampleRate)).toBeLessThan(-14);
    expect(voice.asked.map(({ text }) => text)).toEqual(LONG.match(/[^.]+\./g)!.map((text) => text.trim()));
    // It is kept a moment after the client has it.
    let again = await speak({ text: ` ${LONG} ` });
    while (again.headers.get('x-malbeot-cache') === 'miss') again = await speak({ text: LONG });
    const kept = await bytesOf(again);
    expect(again.headers.get('content-length')).toBe(String(kept.length));
    expect(again.headers.get('x-malbeot-provider')).toBe('fake_first');
    const whole = decodeWav(kept);
    expect(whole.samples).toHaveLength(samples.length);
    expect(integratedLoudness(whole.samples, whole.sampleRate)).toBeCloseTo(-16, 0);
  });

  it.each([
    ['wav', 'audio/wav', 'WAV'],
    ['mp3', 'audio/mpeg', 'MP3'],
    ['ogg', 'audio/ogg', 'Ogg'],
    ['pcm', 'audio/pcm', null],
  ] as const)('speaks %s, streamed and whole', async (format, mediaType, kind) => {
    await open([voice]);
    for (const stream of [true, false]) {
      const response = await speak({ text: `${LONG} ${stream ? '흐름' : '전체'}`, format, stream });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe(mediaType);
      const bytes = await bytesOf(response);
      expect(bytes.length).toBeGreaterThan(1_000);
      expect(response.headers.get('content-length')).toBe(stream ? null : String(bytes.length));
      if (kind !== null) expect(sniffMedia(bytes)).toBe(kind);
      expect(response.headers.get('x-malbeot-sample-rate')).toBe(format === 'pcm' ? '16000' : null);
      if (format === 'pcm') expect(bytes).toHaveLength(9 * 0.2 * 16_000 * 2);
    }
  });

  it('moves the voice by the emotion, also its volume', async () => {
    await open([voice]);
    const loudness = async (emotion: string) => {
      const { samples, sampleRate } = decodeWav(
        await bytesOf(await speak({ text: LONG, emotion, stream: false })),
      );
      return integratedLoudness(samples, sampleRate);
    };
    const anger = await loudness('anger');
    expect(voice.asked[0]).toMatchObject({ speed: 1.2, pitch: 1.072 });
    expect(voice.asked[0]).not.toHaveProperty('volume');
    expect(anger - (await loudness('neutral'))).toBeCloseTo(20 * Math.log10(1.15), 0);
    expect(voice.asked.at(-1)).not.toHaveProperty('speed');
  });

  it.each<[string, Record<string, unknown>, string, RegExp]>([
    ['no text', {}, 'body.text', /missing/],
    ['empty text', { text: '' }, 'body.text', /nothing to say/],
    ['signs only', { text: '… !!' }, 'body.text', /nothing to say/],
    ['Korean text that is too long', { text: '가'.repeat(5_001) }, 'body.text', /5000/],
    ['English text that is too long', { text: 'a'.repeat(5_001) }, 'body.text', /5000/],
    ['text that is no text', { text: 5 }, 'body.text', /5 was given/],
    ['a speed that is too high', { text: '안녕', speed: 4.1 }, 'body.speed', /4/],
    ['a speed that is no number', { text: 'Hello', speed: '1' }, 'body.speed', /number/],
    ['a pitch that is too low', { text: '안녕', pitch: 0.4 }, 'body.pitch', /0.5/],
    ['an unknown emotion', { text: 'Hello', emotion: '기쁨' }, 'body.emotion', /neutral, joy/],
    ['an unknown format', { text: '안녕', format: 'flac' }, 'body.format', /wav, mp3, ogg, pcm/],
    ['an odd language', { text: '안녕', language: '한국어' }, 'body.language', /such as ko/],
    ['an unknown field', { text: '안녕', volume: 2 }, 'body', /volume/],
    ['an unknown provider', { text: 'Hello', provider: 'nobody' }, 'body.provider', /fake_first/],
    ['an unknown voice', { text: '안녕', voice: '순이' }, 'body.voice', /tone/],
    [
      'another provider’s voice',
      { text: '안녕', voice: 'x', provider: 'fake_first' },
      'body.voice',
      /fake_first: tone/,
    ],
  ])('refuses %s', async (_, body, path, message) => {
    await open([voice]);
    const response = await speak(body);
    const { code, errors, detail } = await problemOf(response);
    expect([response.status, code, errors![0]!.path]).toEqual([422, 'INVALID_INPUT', path]);
    expect(detail).toMatch(message);
    expect(voice.asked).toEqual([]);
  });

  it('refuses a language that no voice speaks', async () => {
    await open([new ToneVoice({ id: 'fake_first', languages: ['ko'] })]);
    const response = await speak({ text: 'Bonjour', language: 'fr' });
    expect(response.status).toBe(422);
    expect((await problemOf(response)).errors).toMatchObject([{ path: 'body.language' }]);
  });

  it('says before the first byte that no voice can speak', async () => {
    await open([voice]);
    voice.behave({ do: 'fail', kind: 'failed' });
    const failed = await speak({ text: LONG });
    expect(failed.status).toBe(503);
    expect(failed.headers.get('content-type')).toContain('application/problem+json');
    expect(failed.headers.get('retry-after')).toMatch(/^\d+$/);
    voice.setAvailability({ available: false, reason: 'The model is missing.', action: 'Pull it.' });
    const { code, detail } = await problemOf(await speak({ text: LONG }));
    expect(code).toBe('PROVIDER_UNAVAILABLE');
    expect(detail).toContain('The model is missing.');
    expect(detail).toContain('Pull it.');
  });

  it('cuts the connection when the voice breaks off in mid-text', async () => {
    const failure = { do: 'fail', kind: 'failed' } as const;
    await open([new ToneVoice({ id: 'fake_first', script: [{ do: 'answer' }], otherwise: failure })]);
    const response = await openSpeech({ text: LONG, format: 'pcm' });
    expect(response.statusCode).toBe(200);
    await expect(response.toArray()).rejects.toThrow(/aborted/);
    expect(response.complete).toBe(false);
    // What broke off is not kept.
    const again = await speak({ text: LONG, format: 'pcm' });
    expect(again.status).toBe(503);
  });

  it('goes on with the next voice in mid-text, and stays with it', async () => {
    const first = new ToneVoice({
      id: 'fake_first',
      script: [{ do: 'answer' }],
      otherwise: { do: 'fail', kind: 'failed' },
    });
    const second = new ToneVoice({ id: 'fake_second', voices: ['other'] });
    await open([first, second]);
    const response = await speak({ text: LONG, format: 'pcm', voice: 'tone', provider: 'fake_first' });
    expect(response.headers.get('x-malbeot-provider')).toBe('fake_first');
    const bytes = await bytesOf(response);
    expect(bytes).toHaveLength(8 * 0.2 * 16_000 * 2);
    expect(second.asked.map(({ text }) => text)).toEqual([
      '둘째 문장도 있습니다.',
      '셋째 문장으로 끝납니다.',
    ]);
    expect(second.asked.every((asked) => asked.voice === undefined)).toBe(true);
  });

  it('stays at one rate and one loudness when the next voice has another', async () => {
    const failure = { do: 'fail', kind: 'failed' } as const;
    const first = new ToneVoice({ id: 'fake_first', script: [{ do: 'answer' }], otherwise: failure });
    await open([first, atRate(new ToneVoice({ id: 'fake_second' }), 24_000)]);
    const response = await speak({ text: LONG, format: 'wav' });
    const { samples, sampleRate } = decodeWav(await bytesOf(response));
    expect(sampleRate).toBe(16_000);
    // Two words at 16 kHz; six of 3,200 samples each, which are two thirds of that at 24 kHz.
    expect(samples).toHaveLength(2 * 3_200 + (6 * 3_200 * 2) / 3);
  });

  it('speaks with whom is asked for, and says who was passed over', async () => {
    const second = new ToneVoice({ id: 'fake_second', voices: ['other'] });
    voice.behave({ do: 'fail', kind: 'failed' });
    await open([voice, second]);
    const asked = await speak({ text: LONG, provider: 'fake_second' });
    expect(asked.headers.get('x-malbeot-provider')).toBe('fake_second');
    expect(voice.calls).toBe(0);
    const byVoice = await speak({ text: `${LONG} 또`, voice: 'other' });
    expect(byVoice.headers.get('x-malbeot-provider')).toBe('fake_second');
    expect(second.asked.at(-1)).toMatchObject({ voice: 'other' });
    const plain = await speak({ text: `${LONG} 그냥` });
    expect(plain.headers.get('x-malbeot-provider')).toBe('fake_second');
    expect(plain.headers.get('x-malbeot-skipped')).toContain('fake_first;reason="failed"');
    await Promise.all([asked, byVoice, plain].map(bytesOf));
  });

  it('stops speaking when the client leaves', async () => {
    await open([voice]);
    const text = Array.from({ length: 200 }, (_, index) => `문장 ${index} 입니다.`).join(' ');
    const response = await openSpeech({ text });
    response.once('error', () => {});
    await new Promise((resolve) => response.once('data', resolve));
    response.destroy();
    await until(() => voice.running === 0 && kit.turns.inside === 0);
    expect(voice.calls).toBeLessThan(200);
    const calls = voice.calls;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(voice.calls).toBe(calls);
  });

  it('gives its place and its voice up for a client that takes nothing', async () => {
    await open([longWinded(voice)], { stallLimitMs: 50, maxActive: 1, maxWaiting: 0 });
    const request = { text: '네, 말씀하세요. '.repeat(60), language: 'ko' };
    const order = { request, format: 'pcm', stream: true, reference: null } as const;
    const { body } = await kit.synthesizer.synthesize(order, new AbortController().signal);
    if (body.type !== 'stream') throw new Error('It is to be streamed.');
    const reading = body.bytes[Symbol.asyncIterator]();
    await reading.next();
    await until(() => body.stalled.aborted);
    await expect(reading.next()).rejects.toThrow('The client takes nothing any more.');
    await until(() => kit.turns.inside === 0);
    expect((await speak({ text: '네.', format: 'pcm' })).status).toBe(200);
  });

  it('stops before the first byte too', async () => {
    await open([voice]);
    voice.behave({ do: 'hang' });
    const controller = new AbortController();
    const asked = fetch(`${base()}/api/tts/synthesize`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: LONG }),
      signal: controller.signal,
    });
    await until(() => voice.running === 1);
    controller.abort();
    await expect(asked).rejects.toThrow();
    await until(() => voice.running === 0 && kit.turns.inside === 0);
  });

  it('speaks for 40 at once, a few at the voice', async () => {
    await open([voice]);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => speak({ text: `${index}번 손님. 음식이 나왔습니다.` })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const sizes = await Promise.all(answers.map(async (answer) => (await bytesOf(answer)).length));
    expect(Math.min(...sizes)).toBeGreaterThan(20_000);
    expect(voice.calls).toBe(80);
  });

  it('refuses who finds no place in time, with when to come back', async () => {
    await open([voice], { maxActive: 1, maxWaiting: 1, waitLimitMs: 30 });
    voice.behave({ do: 'hang' });
    const controller = new AbortController();
    const busy = fetch(`${base()}/api/tts/synthesize`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: LONG }),
      signal: controller.signal,
    }).catch(() => {});
    await until(() => voice.running === 1);
    const refused = await Promise.all([speak({ text: 'one' }), speak({ text: 'two' })]);
    for (const response of refused) {
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('3');
      expect((await problemOf(response)).code).toBe('OVERLOADED');
    }
    controller.abort();
    await busy;
  });

  it('lets nobody in elsewhere but people and API keys', async () => {
    await open([voice], {}, true);
    expect((await speak({ text: LONG })).status).toBe(401);
    expect((await speak({ text: LONG }, { 'x-device-key': 'device' })).status).toBe(403);
    for (const token of ['customer', 'api-key']) {
      expect((await speak({ text: LONG }, bearer(token))).status).toBe(200);
    }
    for (const path of ['/api/tts/providers', '/api/tts/voices', '/api/tts/voices/voi_x']) {
      expect((await fetch(base() + path)).status).toBe(401);
    }
    expect((await post('/api/tts/test', { provider_id: 'fake_first' })).status).toBe(401);
    expect((await fetch(`${base()}/api/tts/voices`, { method: 'POST' })).status).toBe(401);
  });
});

describe('GET /api/tts/providers and POST /api/tts/test', () => {
  const absent: TextToSpeech = new ToneVoice({ id: 'fake_absent', voices: ['far'] });

  it('lists who can speak, and why the others can not', async () => {
    (absent as ToneVoice).setAvailability({ available: false, reason: 'No key.', action: 'Set its key.' });
    await open([new ToneVoice({ id: 'fake_first' })], { notSetUp: [absent] });
    const response = await fetch(`${base()}/api/tts/providers?user_id=usr_00000000000000000000000000`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      current: 'fake_first',
      providers: [
        {
          id: 'fake_first',
          available: true,
          reason: null,
          voices: [{ id: 'tone' }],
          circuit: 'closed',
          stand_in: true,
        },
        { id: 'fake_absent', available: false, reason: 'No key.', action: 'Set its key.', circuit: null },
      ],
    });
    expect((await fetch(`${base()}/api/tts/providers?user_id=minji`)).status).toBe(422);
    const other = await fetch(`${base()}/api/tts/providers?user_id=usr_00000000000000000000000000`, {
      headers: bearer('customer'),
    });
    expect(other.status).toBe(403);
  });

  it('lets a voice be tried out, and no other in its place', async () => {
    const voice = new ToneVoice({ id: 'fake_first' });
    await open([voice], { notSetUp: [absent] });
    const response = await post('/api/tts/test', { provider_id: 'fake_first', voice: 'tone' });
    expect(response.status).toBe(200);
    const answer = (await response.json()) as { audio_url: string };
    expect(answer).toMatchObject({
      provider: 'fake_first',
      cost_info: { cost: 0, currency: 'USD', units: TEST_SENTENCE.length },
    });
    const sound = await bytesOf(await fetch(base() + answer.audio_url));
    expect(decodeWav(sound).samples.length).toBeGreaterThan(1_000);
    expect(voice.asked[0]).toMatchObject({ voice: 'tone', language: 'ko' });
    (absent as ToneVoice).setAvailability({ available: false, reason: 'No key.', action: 'Set its key.' });
    const refused = await post('/api/tts/test', { provider_id: 'fake_absent' });
    expect(refused.status).toBe(503);
    expect((await problemOf(refused)).detail).toContain('Set its key.');
    expect((await post('/api/tts/test', { provider_id: 'nobody' })).status).toBe(422);
  });
});
