import { readFile } from 'node:fs/promises';

import { beforeAll, describe, expect, it } from 'vitest';

import { decodeWav } from '../../audio/wav.ts';
import { faultClock, httpFaults } from '../contract/testing/http-faults.ts';
import { openReplayServer, type Received, type Reply } from '../contract/testing/replay-server.ts';
import { quiet } from '../contract/provider.suite.ts';
import { speechToTextSuite } from '../contract/stt.suite.ts';
import type { Transcription } from '../spec/stt.ts';
import { languageCode } from './language-code.ts';
import { createOpenAiEars, type OpenAiEarsOptions } from './openai-ears.ts';

const KEY = 'sk-very-secret-0123456789';
const SAMPLE = new URL('../../../models/demo-ear/samples/05.wav', import.meta.url);

let speech: Float32Array;
beforeAll(async () => {
  speech = decodeWav(await readFile(SAMPLE)).samples;
});

const earsAt = (url: string, options: Partial<OpenAiEarsOptions> = {}) =>
  createOpenAiEars({ url, key: KEY, model: null, clock: faultClock, ...options });

const answer = (fields: Readonly<Record<string, unknown>>): Reply => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(fields),
});

/** As the API's reference documents `verbose_json`. */
const verbose = {
  task: 'transcribe',
  language: 'korean',
  duration: 1.5,
  text: ' 네 가져갈게요.\n',
  segments: [
    { id: 0, start: 0, end: 1, text: ' 네', avg_logprob: -0.1, no_speech_prob: 0.01, temperature: 0 },
    { id: 1, start: 1, end: 1.5, text: ' 가져갈게요.', avg_logprob: -0.4, no_speech_prob: 0.02 },
  ],
};

/** What the parts of a form hold; the file as its bytes in Latin-1. */
async function formOf({ headers, body }: Received) {
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': headers['content-type']! },
  }).formData();
  const file = form.get('file') as File;
  const fields = [...form].filter(([name]) => name !== 'file');
  return { fields: Object.fromEntries(fields), file: Buffer.from(await file.arrayBuffer()), name: file.name };
}

async function hear(
  replies: readonly Reply[],
  options: Partial<OpenAiEarsOptions> = {},
  language: string | null = 'ko-KR',
): Promise<{ readonly heard: readonly Transcription[]; readonly received: readonly Received[] }> {
  const waiting = [...replies];
  const server = await openReplayServer(() => waiting.shift()!);
  try {
    const ears = earsAt(`${server.origin}/v1/`, options);
    const heard: Transcription[] = [];
    while (waiting.length > 0) heard.push(await ears.transcribe({ samples: speech, language }, quiet()));
    return { heard, received: server.received };
  } finally {
    await server.close();
  }
}

speechToTextSuite('a transcription server', {
  async make() {
    const server = await openReplayServer(() => answer(verbose));
    return { provider: earsAt(`${server.origin}/v1`), end: () => server.close() };
  },
  speech: () => Promise.resolve(speech),
  language: 'ko',
  hears: '네 가져갈게요.',
});

httpFaults('ears', {
  use: (url, limits, signal) => earsAt(url, limits).transcribe({ samples: speech, language: 'ko' }, signal),
  key: KEY,
  words: '비밀이에요',
  beginning: { headers: { 'content-type': 'application/json' }, body: '{"text": "네 가' },
  endless: ' '.repeat(65_536),
});

describe('ears behind the transcription API', () => {
  it('send the utterance as a WAV file, with the language and nothing else', async () => {
    const { received } = await hear([answer(verbose)]);
    expect(received[0]).toMatchObject({ method: 'POST', path: '/v1/audio/transcriptions' });
    const { fields, file, name } = await formOf(received[0]!);
    expect(fields).toEqual({ model: 'whisper-1', language: 'ko', response_format: 'verbose_json' });
    expect(name).toBe('utterance.wav');
    const { samples, sampleRate, channels } = decodeWav(file);
    expect({ sampleRate, channels, length: samples.length }).toEqual({
      sampleRate: 16_000,
      channels: 1,
      length: speech.length,
    });
    expect(samples[4_000]).toBeCloseTo(speech[4_000]!, 3);
    const open = await hear([answer(verbose)], { key: null }, null);
    expect(open.received[0]!.headers.authorization).toBeUndefined();
    expect((await formOf(open.received[0]!)).fields).not.toHaveProperty('language');
  });

  it('tell language and certainty where the server does', async () => {
    const { heard } = await hear([answer(verbose)], {}, null);
    expect(heard[0]).toEqual({
      text: '네 가져갈게요.',
      language: 'ko',
      confidence: expect.closeTo(Math.exp(-0.2), 5) as number,
      provider: 'openai',
    });
    const plain = await hear(
      [answer({ text: 'Yes.' }), answer({ text: 'Yes.', language: 'en-US' })],
      {},
      null,
    );
    expect(plain.heard).toMatchObject([
      { language: 'und', confidence: null },
      { language: 'en', confidence: null },
    ]);
    expect((await hear([answer({ text: '네' })])).heard).toMatchObject([{ language: 'ko' }]);
  });

  it('ask the gpt-4o models for the certainty of tokens', async () => {
    const logprobs = [{ token: '네', logprob: -0.1 }, { token: '.', logprob: -0.3 }, 'x', { logprob: null }];
    const { heard, received } = await hear([answer({ text: '네.', logprobs })], {
      model: 'gpt-4o-mini-transcribe',
    });
    expect((await formOf(received[0]!)).fields).toEqual({
      model: 'gpt-4o-mini-transcribe',
      language: 'ko',
      response_format: 'json',
      'include[]': 'logprobs',
    });
    expect(heard[0]!.confidence).toBeCloseTo(Math.exp(-0.2));
  });

  it('hear nothing where the model made words of silence', async () => {
    const segments = [{ start: 0, end: 2, avg_logprob: -1.3, no_speech_prob: 0.9 }];
    const { heard } = await hear([answer({ ...verbose, text: '시청해 주셔서 감사합니다.', segments })]);
    expect(heard[0]!.text).toBe('');
  });

  it('send no silence and no noise', async () => {
    const server = await openReplayServer(() => answer(verbose));
    const noise = Float32Array.from({ length: 32_000 }, (_, at) => Math.sin(at * at) * 0.01);
    for (const samples of [new Float32Array(32_000), noise]) {
      const heard = await earsAt(server.origin).transcribe({ samples, language: 'ko' }, quiet());
      expect(heard).toMatchObject({ text: '', language: 'ko' });
    }
    expect(server.received).toEqual([]);
    await server.close();
  });

  it('do without details that the server does not know, and remember it', async () => {
    const refused = { status: 400, body: '{"error": {"message": "Unknown response_format: verbose_json"}}' };
    const { heard, received } = await hear([refused, answer({ text: '하나' }), answer({ text: '둘' })]);
    expect(heard.map(({ text }) => text)).toEqual(['하나', '둘']);
    const forms = await Promise.all(received.map(formOf));
    expect(forms.map(({ fields }) => fields['response_format'])).toEqual(['verbose_json', 'json', 'json']);
  });

  it('say what they need', () => {
    const own = createOpenAiEars({ url: null, key: null, model: null });
    expect(own.availability()).toMatchObject({
      available: false,
      action: expect.stringContaining('OPENAI_API_KEY') as string,
    });
    expect(own.info).toMatchObject({ id: 'openai', cost: 'paid', local: false, needs: 'OPENAI_API_KEY' });
    expect(createOpenAiEars({ url: null, key: KEY, model: null }).availability()).toEqual({
      available: true,
    });
    expect(earsAt('http://127.0.0.1:9/v1').info).toMatchObject({
      name: '127.0.0.1:9',
      cost: 'free',
      local: true,
      needs: 'OPENAI_STT_URL',
      triedWith: 'replay',
    });
    expect(() => earsAt('ftp://127.0.0.1')).toThrow('http:// or https://');
  });
});

describe('languageCode', () => {
  it.each([
    ['korean', 'ko'],
    ['Korean', 'ko'],
    ['ko-KR', 'ko'],
    ['yue', 'yue'],
    ['hebrew', 'he'],
    ['haitian creole', 'ht'],
    ['a language', null],
    ['', null],
  ])('reads %j', (name, code) => {
    expect(languageCode(name)).toBe(code);
  });
});
