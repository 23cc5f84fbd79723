import { beforeAll, describe, expect, it } from 'vitest';

import { createAudioEncoder } from '../../audio/encode.ts';
import { fromPcm16 } from '../../audio/pcm.ts';
import { decodeWav, encodeWav } from '../../audio/wav.ts';
import { listenersOn, providerErrorOf, quiet } from '../contract/provider.suite.ts';
import { faultClock, httpFaults } from '../contract/testing/http-faults.ts';
import { openReplayServer, type Received, type Reply } from '../contract/testing/replay-server.ts';
import { collectSpeech, soundOf, textToSpeechSuite } from '../contract/tts.suite.ts';
import type { SpeechRequest, TextToSpeech } from '../spec/tts.ts';
import { cutSpeech } from './cut-speech.ts';
import { createOpenAiVoice, type OpenAiVoiceOptions } from './openai-voice.ts';
import { createSiliconFlowVoice } from './siliconflow-voice.ts';

const KEY = 'sk-very-secret-0123456789';
const request: SpeechRequest = { text: '불고기버거 하나 주세요.', language: 'ko' };

const voiceAt = (url: string | null, options: Partial<OpenAiVoiceOptions> = {}) =>
  createOpenAiVoice({
    url,
    key: KEY,
    model: null,
    voice: 'alloy',
    takesReference: false,
    clock: faultClock,
    ...options,
  });
const siliconFlowAt = (url: string | null) =>
  createSiliconFlowVoice({
    url,
    key: KEY,
    model: 'FunAudioLLM/CosyVoice2-0.5B',
    voice: 'FunAudioLLM/CosyVoice2-0.5B:anna',
    clock: faultClock,
  });

function tone(length: number): Int16Array {
  return Int16Array.from({ length }, (_, at) => Math.round(Math.sin(at / 20) * 9_000 - 1));
}
function bytesOf(samples: Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}

const PCM = { 'content-type': 'audio/pcm' };
/** As OpenAI's own answers: bare samples, longer for more text and shorter for more speed. */
function speak({ body }: Received): Reply {
  const { input, speed = 1 } = JSON.parse(body.toString()) as { input: string; speed?: number };
  return { headers: PCM, body: bytesOf(tone(Math.round((input.length * 600) / speed))), pieceBytes: 3_001 };
}

async function withReplies(
  replies: readonly Reply[],
  check: (url: string, bodies: () => readonly Record<string, unknown>[]) => Promise<void>,
): Promise<void> {
  const waiting = [...replies];
  const server = await openReplayServer((received) => waiting.shift() ?? speak(received));
  try {
    await check(`${server.origin}/v1`, () =>
      server.received.map(({ body }) => JSON.parse(body.toString()) as Record<string, unknown>),
    );
  } finally {
    await server.close();
  }
}

for (const [name, open] of [
  ['a speech server', voiceAt],
  ['SiliconFlow', siliconFlowAt],
] as const satisfies readonly (readonly [string, (url: string) => TextToSpeech])[]) {
  textToSpeechSuite(name, {
    async make() {
      const server = await openReplayServer(speak);
      return { provider: open(`${server.origin}/v1`), end: () => server.close() };
    },
    language: 'ko',
    text: '안녕하세요. 무엇을 드릴까요?',
    givesTimes: false,
  });
}

httpFaults('a voice', {
  use: (url, limits, signal) =>
    collectSpeech(voiceAt(url, limits), { ...request, text: '비밀이에요' }, signal),
  key: KEY,
  words: '비밀이에요',
  beginning: { headers: PCM, body: bytesOf(tone(2_000)) },
  endless: bytesOf(tone(40_000)),
});

describe('a voice behind the speech API', () => {
  it('sends the text with its voice, and nothing else', async () =>
    withReplies([], async (url, bodies) => {
      await collectSpeech(voiceAt(url), request);
      await collectSpeech(voiceAt(url, { model: 'kokoro' }), {
        ...request,
        voice: 'af_bella+af_sky',
        speed: 1.5,
      });
      expect(bodies()).toEqual([
        { model: 'tts-1', input: request.text, voice: 'alloy', response_format: 'pcm' },
        {
          model: 'kokoro',
          input: request.text,
          voice: 'af_bella+af_sky',
          response_format: 'pcm',
          speed: 1.5,
        },
      ]);
    }));

  const samples = tone(5_000);
  const wav = encodeWav(samples, 22_050);
  const notes = Buffer.concat([wav, Buffer.from('LIST\u0004\0\0\0abcd', 'latin1')]);
  const open = Buffer.from(wav);
  open.writeUInt32LE(0xffff_ffff, 40);
  it.each([
    [
      'bare samples byte by byte',
      { headers: PCM, body: bytesOf(samples.slice(0, 60)), pieceBytes: 1 },
      24_000,
      60,
    ],
    ['bare samples in odd pieces', { headers: PCM, body: bytesOf(samples), pieceBytes: 777 }, 24_000, 5_000],
    [
      'bare samples called MP3',
      { headers: { 'content-type': 'audio/mpeg' }, body: bytesOf(samples) },
      24_000,
      5_000,
    ],
    ['bare samples without a type', { body: bytesOf(samples) }, 24_000, 5_000],
    [
      'bare samples with a rate',
      { headers: { 'content-type': 'audio/L16; rate=16000; channels=1' }, body: bytesOf(samples) },
      16_000,
      5_000,
    ],
    ['half a sample too much', { headers: PCM, body: bytesOf(samples).subarray(0, 9_999) }, 24_000, 4_999],
    ['WAV', { headers: { 'content-type': 'audio/wav' }, body: wav, pieceBytes: 333 }, 22_050, 5_000],
    ['WAV called samples', { headers: PCM, body: wav, pieceBytes: 13 }, 22_050, 5_000],
    ['WAV of a length not told', { headers: PCM, body: open, pieceBytes: 999 }, 22_050, 5_000],
    ['WAV with notes at its end', { headers: PCM, body: notes }, 22_050, 5_000],
  ] satisfies [string, Reply, number, number][])('reads %s', async (_, reply, sampleRate, length) =>
    withReplies([reply], async (url) => {
      const sound = soundOf(await collectSpeech(voiceAt(url), request));
      expect(sound.sampleRate).toBe(sampleRate);
      expect(sound.samples).toEqual(samples.slice(0, length));
    }),
  );

  describe('and MP3', () => {
    let mp3: Buffer;
    beforeAll(async () => {
      mp3 = await createAudioEncoder().encode('mp3', fromPcm16(tone(48_000)), 24_000, quiet());
    });
    it.each(['audio/mpeg', 'application/octet-stream'])('called %s', async (type) =>
      withReplies([{ headers: { 'content-type': type }, body: mp3, pieceBytes: 1_000 }], async (url) => {
        const chunks = await collectSpeech(voiceAt(url), request);
        const sound = soundOf(chunks);
        expect(sound.sampleRate).toBe(24_000);
        expect(sound.samples.length / 24_000).toBeCloseTo(2, 0);
        expect(Math.max(...sound.samples)).toBeGreaterThan(7_000);
      }),
    );
  });

  it.each([
    ['Ogg', Buffer.from('OggS\0\u0002abcdefghijklmnop'), 'Ogg'],
    ['a broken WAV', Buffer.from('RIFF\u0010\0\0\0WAVEdata\u0004\0\0\0abcd', 'latin1'), 'can not be read'],
    ['text', Buffer.from('Der Server ist voll. Bitte warten.'), 'text'],
  ])('refuses %s', async (_, body, message) =>
    withReplies([{ body }], async (url) => {
      const error = await providerErrorOf(collectSpeech(voiceAt(url), request));
      expect(error.kind).toBe('failed');
      expect(error.message).toContain(message);
    }),
  );

  it('asks for another format where the server makes no samples, and remembers it', async () => {
    const refused = { status: 400, body: '{"error": {"message": "response_format must be one of [wav]"}}' };
    await withReplies([refused, { body: wav }, { body: wav }], async (url, bodies) => {
      const voice = voiceAt(url);
      for (let turn = 0; turn < 2; turn++) {
        expect(soundOf(await collectSpeech(voice, request)).samples).toEqual(samples);
      }
      expect(bodies().map((body) => body['response_format'])).toEqual(['pcm', 'wav', 'wav']);
    });
    await withReplies([refused, refused, refused], async (url, bodies) => {
      expect((await providerErrorOf(collectSpeech(voiceAt(url), request))).kind).toBe('invalid_input');
      expect(bodies()).toHaveLength(3);
    });
  });

  it('sends long text in pieces that end with sentences', async () =>
    withReplies([], async (url, bodies) => {
      const sentence = `${'가나다 '.repeat(25)}라.`;
      const text = Array.from({ length: 48 }, () => sentence).join(' ');
      expect(text.length).toBeGreaterThan(4_800);
      await collectSpeech(voiceAt(url), { ...request, text });
      const inputs = bodies().map((body) => String(body['input']));
      expect(inputs).toHaveLength(2);
      expect(inputs.join(' ')).toBe(text);
      expect(inputs.every((input) => input.length <= 4_096 && input.endsWith('라.'))).toBe(true);
    }));

  it('keeps to one rate', async () =>
    withReplies([{ headers: PCM, body: bytesOf(samples) }, { body: wav }], async (url) => {
      const error = await providerErrorOf(
        collectSpeech(voiceAt(url), { ...request, text: '가나 '.repeat(1_600) }),
      );
      expect(error).toMatchObject({
        kind: 'failed',
        message: 'It changes from 24000 to 22050 samples a second.',
      });
    }));

  it('takes no sound for no words', async () =>
    withReplies([{ headers: PCM }], async (url) => {
      expect(await collectSpeech(voiceAt(url), { ...request, text: '…' })).toEqual([]);
    }));

  it('hangs up when the listener leaves early', async () => {
    const server = await openReplayServer(() => ({ headers: PCM, body: bytesOf(samples), then: 'stall' }));
    const signal = quiet();
    for await (const chunk of voiceAt(server.origin).synthesize(request, signal)) {
      if (chunk.type === 'audio') break;
    }
    await server.received[0]!.closed;
    expect(listenersOn(signal)).toBe(0);
    await server.close();
  });

  it('speaks like a person of whom there is a recording, where the server can', async () =>
    withReplies([], async (url, bodies) => {
      const reference = {
        id: 'voi_1',
        samples: fromPcm16(tone(72_000)),
        sampleRate: 24_000,
        text: '제 목소리예요.',
      };
      await collectSpeech(voiceAt(url), { ...request, reference });
      for (const voice of [voiceAt(url, { takesReference: true }), siliconFlowAt(url)]) {
        expect(voice.takesReference).toBe(true);
        await collectSpeech(voice, { ...request, voice: 'alloy', reference });
      }
      const [without, ...withIt] = bodies();
      expect(without).toMatchObject({ voice: 'alloy' });
      expect(without).not.toHaveProperty('references');
      for (const body of withIt) {
        const [{ audio, text }] = body['references'] as [{ audio: string; text: string }];
        expect(body['voice']).toBe('');
        expect(text).toBe(reference.text);
        expect(audio).toMatch(/^data:audio\/wav;base64,UklGR/);
        const { samples: heard, sampleRate } = decodeWav(Buffer.from(audio.split(',')[1]!, 'base64'));
        expect([heard.length, sampleRate]).toEqual([72_000, 24_000]);
      }
      expect(voiceAt(null, { takesReference: true }).takesReference).toBe(false);
    }));

  it('asks SiliconFlow for its own rate and voices', async () =>
    withReplies([], async (url, bodies) => {
      const voice = siliconFlowAt(url);
      await collectSpeech(voice, { ...request, voice: 'FunAudioLLM/CosyVoice2-0.5B:david' });
      expect(bodies()).toEqual([
        {
          model: 'FunAudioLLM/CosyVoice2-0.5B',
          input: request.text,
          voice: 'FunAudioLLM/CosyVoice2-0.5B:david',
          response_format: 'pcm',
          sample_rate: 24_000,
        },
      ]);
      expect(voice.voices().map(({ name }) => name)).toEqual([
        'anna',
        'bella',
        'claire',
        'diana',
        'alex',
        'benjamin',
        'charles',
        'david',
      ]);
      expect(voice.info).toMatchObject({
        id: 'siliconflow_tts',
        cost: 'free_tier',
        needs: 'SILICONFLOW_API_KEY',
        triedWith: 'replay',
      });
    }));

  it('says what it has and what it needs', async () => {
    const own = voiceAt(null, { key: null, voice: 'nova' });
    expect(own.voices().map(({ id }) => id)).toEqual(['nova', 'alloy', 'echo', 'fable', 'onyx', 'shimmer']);
    expect(own.availability()).toMatchObject({ available: false, action: 'Set OPENAI_API_KEY.' });
    expect(own.info).toMatchObject({ cost: 'paid', local: false, speed: 'fast' });
    expect(voiceAt(null).availability()).toEqual({ available: true });
    const error = await providerErrorOf(collectSpeech(voiceAt(null), { ...request, voice: 'af_bella' }));
    expect(error).toMatchObject({ kind: 'invalid_input' });
    const other = voiceAt('http://127.0.0.1:9/v1', { key: null, voice: 'af_bella' });
    expect(other.voices()).toEqual([{ id: 'af_bella', name: 'af_bella', languages: [] }]);
    expect(other.availability()).toEqual({ available: true });
    expect(other.info).toMatchObject({
      cost: 'free',
      local: true,
      name: '127.0.0.1:9',
      speed: 'by_hardware',
    });
    expect(siliconFlowAt(null).info.local).toBe(false);
  });

  it('has a revision for each server, model and voice, which names none of them', () => {
    const revisions = [
      voiceAt(null),
      voiceAt('http://127.0.0.1:9/v1'),
      voiceAt(null, { model: 'tts-1-hd' }),
      voiceAt(null, { voice: 'nova' }),
      siliconFlowAt(null),
    ].map(({ revision }) => revision);
    expect(new Set(revisions).size).toBe(revisions.length);
    expect(revisions.join()).not.toMatch(/127|hd|nova/);
    expect(voiceAt(null).revision).toBe(voiceAt(null, { key: 'another' }).revision);
  });
});

describe('cutSpeech', () => {
  it('leaves short text as it is', () => {
    expect(cutSpeech(' 가. 나. ', 10)).toEqual([' 가. 나. ']);
  });

  it('cuts a long sentence between words, or anywhere but inside a character', () => {
    expect(cutSpeech('가나 다라 마바사', 6)).toEqual(['가나 다라', '마바사']);
    expect(cutSpeech('🍔'.repeat(5), 3)).toEqual(['🍔', '🍔', '🍔', '🍔', '🍔']);
  });
});
