import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { toPcm16 } from '../pcm.ts';
import { resample } from '../resample.ts';
import { createStreamEncoder } from '../stream-encoder.ts';
import { sine, whiteNoise } from '../testing/noise.ts';
import { seededRandom } from '../testing/random.ts';
import { decodeWav, encodeWav } from '../wav.ts';
import { createAudioDecoder, type AudioDecoder } from './audio-decoder.ts';
import { findFfmpeg, decodeAac } from './ffmpeg.ts';

const recording = (name: string) => readFileSync(new URL(`../testing/recordings/${name}`, import.meta.url));
const quiet = () => new AbortController().signal;
const original = decodeWav(readFileSync(new URL('../../../models/demo-ear/samples/05.wav', import.meta.url)));

const ffmpeg = await findFfmpeg();
/** Other work may keep the machine busy. */
const PATIENT = { limitMs: 60_000 };
const decoder = createAudioDecoder(PATIENT);
afterAll(() => decoder.close());

const decode = (bytes: Uint8Array, with_: AudioDecoder = decoder, maxDurationMs = 60_000) =>
  with_.decode(bytes, { maxDurationMs, signal: quiet() });

/** How alike two sounds at 16 kHz are, 0 to 1, at the best delay within 0.1 s. */
function likeness(first: Float32Array, second: Float32Array): number {
  let best = 0;
  for (let delay = -1_600; delay <= 1_600; delay += 1) {
    let product = 0;
    let firstPower = 0;
    let secondPower = 0;
    for (let at = 2_000; at < Math.min(first.length, 18_000); at += 3) {
      const one = first[at]!;
      const other = second[at + delay] ?? 0;
      product += one * other;
      firstPower += one * one;
      secondPower += other * other;
    }
    best = Math.max(best, product / Math.sqrt(firstPower * secondPower));
  }
  return best;
}

/** Amplitude of `hertz`, by correlation. */
function amplitudeAt(samples: Float32Array, sampleRate: number, hertz: number): number {
  let real = 0;
  let imaginary = 0;
  for (let at = 0; at < samples.length; at++) {
    real += samples[at]! * Math.cos((2 * Math.PI * hertz * at) / sampleRate);
    imaginary += samples[at]! * Math.sin((2 * Math.PI * hertz * at) / sampleRate);
  }
  return (2 * Math.hypot(real, imaginary)) / samples.length;
}

const WITHOUT_FFMPEG = [
  ['speech.webm', 'webm', 48_000],
  ['speech-live.webm', 'webm', 48_000],
  ['speech-opus.ogg', 'ogg', 48_000],
  ['speech-opus.mp4', 'mp4', 48_000],
  ['speech-vorbis.ogg', 'ogg', 16_000],
  ['speech.mp3', 'mp3', 16_000],
] as const;
const WITH_FFMPEG = [
  ['speech.m4a', 'mp4', 16_000],
  ['speech-fragmented.mp4', 'mp4', 16_000],
  ['speech.aac', 'aac', 16_000],
] as const;

async function expectSpeech(name: string, format: string, sampleRate: number) {
  const decoded = await decode(recording(name));
  expect(decoded).toMatchObject({ format, sampleRate });
  expect(Math.abs(decoded.durationMs - original.durationMs)).toBeLessThan(150);
  expect(decoded.samples.every(Number.isFinite)).toBe(true);
  const heard = resample(decoded.samples, sampleRate, 16_000);
  expect(likeness(original.samples, heard)).toBeGreaterThan(0.9);
}

describe('createAudioDecoder', () => {
  for (const [name, format, sampleRate] of WITHOUT_FFMPEG) {
    it(`reads ${name}`, () => expectSpeech(name, format, sampleRate));
  }

  describe.skipIf(ffmpeg === null)('with ffmpeg on the PATH', () => {
    for (const [name, format, sampleRate] of WITH_FFMPEG) {
      it(`reads ${name}`, () => expectSpeech(name, format, sampleRate));
    }

    it('mixes the channels of AAC down', async () => {
      const { samples, sampleRate } = await decode(recording('tones-stereo.m4a'));
      expect(sampleRate).toBe(44_100);
      expect(amplitudeAt(samples, sampleRate, 600)).toBeCloseTo(0.2, 1);
      expect(amplitudeAt(samples, sampleRate, 1_500)).toBeCloseTo(0.2, 1);
    });

    it('refuses AAC that is too long', async () => {
      await expect(decode(recording('speech.m4a'), decoder, 1_000)).rejects.toMatchObject({
        code: 'AUDIO_UNREADABLE',
        options: { fields: { reason: 'too_long', max_seconds: 1 } },
      });
    });

    it('opens no address and no file that a playlist names', async () => {
      let asked = 0;
      const server = createServer((_, response) => {
        asked += 1;
        response.end(recording('speech.aac'));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const here = new URL('../testing/recordings/speech.aac', import.meta.url).pathname;
      const payloads = [
        `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:${port}/a.aac\n#EXT-X-ENDLIST\n`,
        `ffconcat version 1.0\nfile '${here}'\n`,
        `#EXTM3U\n#EXTINF:10,\nfile://${here}\n`,
      ];
      try {
        for (const payload of payloads) {
          const bytes = Buffer.from(payload);
          await expect(decode(bytes)).rejects.toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
          // Also where the first bytes look like AAC, and where the sniffer is passed by.
          const disguised = Buffer.concat([Buffer.from([0xff, 0xf1]), bytes]);
          await expect(decode(disguised)).rejects.toMatchObject({ code: 'AUDIO_UNREADABLE' });
          const options = { program: ffmpeg!, maxDurationMs: 60_000, limitMs: 10_000 };
          await expect(decodeAac(bytes, options, quiet())).rejects.toMatchObject({
            code: 'AUDIO_UNREADABLE',
          });
        }
        expect(asked).toBe(0);
      } finally {
        await new Promise((resolve) => server.close(resolve));
      }
    });
  });

  it('names what works where AAC can not be read', async () => {
    const without = createAudioDecoder({ ...PATIENT, ffmpeg: null });
    try {
      for (const name of ['speech.m4a', 'speech.aac']) {
        await expect(decode(recording(name), without)).rejects.toMatchObject({
          code: 'UNSUPPORTED_MEDIA_TYPE',
          message: expect.stringMatching(/AAC.*ffmpeg.*Accepted: WAV, WebM/) as string,
        });
      }
    } finally {
      await without.close();
    }
  });

  it('reads WAV as everywhere', async () => {
    const tone = toPcm16(sine(8_000, 16_000, 440, 0.5));
    expect(await decode(encodeWav(tone, 16_000))).toMatchObject({ format: 'wav', durationMs: 500 });
    await expect(decode(encodeWav(tone, 16_000), decoder, 499)).rejects.toMatchObject({
      options: { fields: { reason: 'too_long' } },
    });
  });

  it('mixes channels down', async () => {
    const { samples, sampleRate } = await decode(recording('tones-stereo.webm'));
    expect(amplitudeAt(samples, sampleRate, 600)).toBeCloseTo(0.2, 1);
    expect(amplitudeAt(samples, sampleRate, 1_500)).toBeCloseTo(0.2, 1);
  });

  for (const format of ['mp3', 'ogg'] as const) {
    for (const rate of [8_000, 22_050, 44_100, 48_000]) {
      it(`reads what our encoder makes: ${format} at ${rate} Hz`, async () => {
        const encoder = await createStreamEncoder(format, rate);
        const bytes = Buffer.concat([encoder.push(sine(rate, rate, 440, 0.5)), encoder.end()]);
        const { samples, sampleRate, durationMs } = await decode(bytes);
        expect(sampleRate).toBe(rate);
        expect(Math.abs(durationMs - 1_000)).toBeLessThan(250);
        const middle = samples.subarray(rate >> 2, rate >> 1);
        expect(amplitudeAt(middle, rate, 440)).toBeCloseTo(0.5, 1);
      });
    }
  }

  for (const name of [
    'speech.webm',
    'speech-live.webm',
    'speech-opus.ogg',
    'speech-vorbis.ogg',
    'speech.mp3',
  ]) {
    it(`takes what is there of ${name} when it was cut off`, async () => {
      const bytes = recording(name);
      const { durationMs } = await decode(bytes.subarray(0, Math.floor(bytes.length * 0.8)));
      expect(durationMs).toBeGreaterThan(500);
      expect(durationMs).toBeLessThan(original.durationMs);
    });
  }

  it('refuses what holds no sound that can be read, and says why', async () => {
    const cases: readonly (readonly [name: string, bytes: Uint8Array, code: string, says: RegExp])[] = [
      ['nothing', new Uint8Array(0), 'AUDIO_UNREADABLE', /empty/],
      ['text', Buffer.from('안녕하세요'), 'UNSUPPORTED_MEDIA_TYPE', /text.*Accepted: WAV/],
      ['FLAC', recording('silence.flac'), 'UNSUPPORTED_MEDIA_TYPE', /FLAC/],
      ['a picture', Buffer.from('\u0089PNG\r\n\u001a\n0000', 'latin1'), 'UNSUPPORTED_MEDIA_TYPE', /PNG/],
      ['a video', recording('picture-only.webm'), 'AUDIO_UNREADABLE', /no sound/],
      ['Vorbis in WebM', recording('vorbis.webm'), 'UNSUPPORTED_MEDIA_TYPE', /WebM with Vorbis/],
      ['a WebM header', recording('speech.webm').subarray(0, 60), 'AUDIO_UNREADABLE', /WebM/],
      ['an Ogg header', recording('speech-opus.ogg').subarray(0, 120), 'AUDIO_UNREADABLE', /Ogg|0 ms/],
      ['an MP4 without its index', recording('speech.m4a').subarray(0, 4_000), 'AUDIO_UNREADABLE', /MP4/],
      ['an MP3 tag', Buffer.concat([Buffer.from('ID3'), Buffer.alloc(200)]), 'AUDIO_UNREADABLE', /MP3/],
      [
        'a WAV cut off',
        encodeWav(toPcm16(original.samples), 16_000).subarray(0, 9_999),
        'AUDIO_UNREADABLE',
        /truncated/,
      ],
    ];
    for (const [name, bytes, code, says] of cases) {
      await expect(decode(bytes), name).rejects.toMatchObject({
        code,
        message: expect.stringMatching(says) as string,
      });
    }
  });

  it('survives files with broken bytes: sound or a refusal, nothing else', async () => {
    const random = seededRandom(7);
    const strict = createAudioDecoder(PATIENT);
    const outcomes = { read: 0, refused: 0 };
    try {
      for (const [name] of [...WITHOUT_FFMPEG, ...(ffmpeg === null ? [] : WITH_FFMPEG)]) {
        for (let round = 0; round < 8; round++) {
          const bytes = Uint8Array.from(recording(name));
          const from = round % 2 === 0 ? 0 : 300;
          for (let hit = 0; hit < 1 + round * 3; hit++) {
            bytes[from + Math.floor(random() * (bytes.length - from))] = Math.floor(random() * 256);
          }
          try {
            const { samples, sampleRate } = await decode(bytes, strict);
            expect(samples.every(Number.isFinite)).toBe(true);
            expect(sampleRate).toBeGreaterThanOrEqual(8_000);
            outcomes.read += 1;
          } catch (error) {
            expect(error, `${name} round ${round}`).toMatchObject({ name: 'AppError' });
            expect(['AUDIO_UNREADABLE', 'UNSUPPORTED_MEDIA_TYPE']).toContain(
              (error as { code: string }).code,
            );
            outcomes.refused += 1;
          }
        }
      }
      expect(outcomes.read).toBeGreaterThan(10);
    } finally {
      await strict.close();
    }
  }, 300_000);

  it('stops decoding at the limit, however much a small file unfolds to', async () => {
    // 10 hours of silence in MP3 frames of 48 bytes, and in Opus packets of 3.
    const encoder = await createStreamEncoder('mp3', 16_000);
    const second = Buffer.concat([encoder.push(whiteNoise(16_000 * 2, -20)), encoder.end()]);
    const long = Buffer.concat(Array.from({ length: 500 }, () => second));
    await expect(decode(long)).rejects.toMatchObject({
      code: 'AUDIO_UNREADABLE',
      options: { fields: { reason: 'too_long', max_seconds: 60 } },
    });
    await expect(decode(recording('speech.webm'), decoder, 500)).rejects.toMatchObject({
      options: { fields: { reason: 'too_long', max_seconds: 0.5 } },
    });
    await expect(decode(recording('speech-vorbis.ogg'), decoder, 500)).rejects.toMatchObject({
      options: { fields: { reason: 'too_long' } },
    });
  });

  it('does not believe tables that promise more than a file can hold', async () => {
    const bytes = Uint8Array.from(recording('speech-opus.mp4'));
    const view = new DataView(bytes.buffer);
    let lies = 0;
    for (const box of ['stsz', 'stts', 'stsc', 'stco']) {
      const at = Buffer.from(bytes.buffer).indexOf(box, 0, 'latin1');
      if (at < 0) continue;
      view.setUint32(at + (box === 'stsz' ? 12 : 8), 0x7fff_ffff);
      lies += 1;
    }
    expect(lies).toBe(4);
    const strict = createAudioDecoder({ limitMs: 5_000 });
    try {
      await expect(decode(bytes, strict)).rejects.toMatchObject({ code: 'AUDIO_UNREADABLE' });
      // The thread that it took down is replaced.
      expect((await decode(recording('speech.webm'), strict)).format).toBe('webm');
    } finally {
      await strict.close();
    }
  }, 20_000);

  it('holds a bounded number of files, and lets them be called off', async () => {
    const small = createAudioDecoder({ ...PATIENT, threads: 1, maxWaiting: 1 });
    try {
      const controller = new AbortController();
      const bytes = recording('speech.webm');
      const first = small.decode(bytes, { maxDurationMs: 60_000, signal: controller.signal });
      const second = small.decode(bytes, { maxDurationMs: 60_000, signal: quiet() });
      await expect(decode(bytes, small)).rejects.toMatchObject({
        code: 'OVERLOADED',
        options: { retryAfterSeconds: 1 },
      });
      controller.abort();
      await expect(first).rejects.toMatchObject({ name: 'AbortError' });
      expect((await second).format).toBe('webm');

      const waiting = new AbortController();
      const third = small.decode(bytes, { maxDurationMs: 60_000, signal: quiet() });
      const fourth = small.decode(bytes, { maxDurationMs: 60_000, signal: waiting.signal });
      waiting.abort();
      await expect(fourth).rejects.toMatchObject({ name: 'AbortError' });
      expect((await third).format).toBe('webm');
    } finally {
      await small.close();
    }
    await expect(decode(recording('speech.webm'), small)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.skipIf(!existsSync('/proc/self/fd'))(
    'keeps no file open for those who leave while its thread loads (needs /proc)',
    async () => {
      const openFiles = () =>
        readdirSync('/proc/self/fd').filter((fd) => {
          try {
            return /\.[jt]s$/.test(readlinkSync(`/proc/self/fd/${fd}`));
          } catch {
            return false;
          }
        }).length;
      const own = createAudioDecoder({ ...PATIENT, threads: 1 });
      try {
        for (let waitMs = 0; waitMs < 400; waitMs += 8) {
          const leaving = new AbortController();
          const asked = own.decode(recording('speech.webm'), {
            maxDurationMs: 60_000,
            signal: leaving.signal,
          });
          setTimeout(() => leaving.abort(), waitMs);
          await asked.catch((error: unknown) => expect(error).toMatchObject({ name: 'AbortError' }));
        }
        expect((await decode(recording('speech.webm'), own)).durationMs).toBeGreaterThan(500);
        expect(openFiles()).toBe(0);
      } finally {
        await own.close();
      }
    },
  );

  it('ends a thread that takes too long', async () => {
    const hasty = createAudioDecoder({ limitMs: 1 });
    try {
      await expect(decode(recording('speech.webm'), hasty)).rejects.toMatchObject({
        code: 'AUDIO_UNREADABLE',
        message: expect.stringContaining('within 1 ms') as string,
      });
    } finally {
      await hasty.close();
    }
  });

  it('leaves the bytes that it was given', async () => {
    const bytes = recording('speech.webm');
    const before = Buffer.from(bytes);
    await decode(bytes);
    expect(bytes.equals(before)).toBe(true);
  });
});
