import { describe, expect, it } from 'vitest';
import { toPcm16 } from './pcm.ts';
import { sniffMedia } from './sniff.ts';
import { createStreamEncoder, STREAM_MEDIA_TYPES, type StreamFormat } from './stream-encoder.ts';
import { sine } from './testing/noise.ts';
import { decodeWav } from './wav.ts';

const RATE = 22_050;
const TONE = sine(RATE * 2, RATE, 440, 0.5);
const FORMATS = Object.keys(STREAM_MEDIA_TYPES) as StreamFormat[];

/** Every piece that comes out for `samples` in pieces of `step`, the last from `end`. */
async function encodeInPieces(
  format: StreamFormat,
  samples: Float32Array | Int16Array,
  step: number,
): Promise<Buffer[]> {
  const encoder = await createStreamEncoder(format, RATE);
  const pieces: Buffer[] = [];
  for (let at = 0; at < samples.length; at += step)
    pieces.push(encoder.push(samples.subarray(at, at + step)));
  return [...pieces, encoder.end()];
}

describe('createStreamEncoder', () => {
  for (const format of FORMATS) {
    it(`gives the first bytes of ${format} long before the end`, async () => {
      const pieces = await encodeInPieces(format, TONE, RATE / 10);
      expect(pieces[0]!.length).toBeGreaterThan(0);
      const half = pieces.slice(0, 10).reduce((bytes, piece) => bytes + piece.length, 0);
      const whole = pieces.reduce((bytes, piece) => bytes + piece.length, 0);
      expect(half).toBeGreaterThan(whole * 0.3);
    });

    it(`makes the same ${format} of the same sound, from samples and from PCM16, side by side`, async () => {
      const pcm = toPcm16(TONE);
      const [first, second, fromPcm] = await Promise.all([
        encodeInPieces(format, TONE, 2_205),
        encodeInPieces(format, TONE, 2_205),
        encodeInPieces(format, pcm, 2_205),
      ]);
      expect(Buffer.concat(second).equals(Buffer.concat(first))).toBe(true);
      expect(Buffer.concat(fromPcm).length).toBeCloseTo(Buffer.concat(first).length, -3);
    });

    it(`makes a whole ${format} of no sound, and takes nothing after its end`, async () => {
      const encoder = await createStreamEncoder(format, RATE);
      const bytes = encoder.end();
      if (format === 'wav') expect(sniffMedia(bytes)).toBe('WAV');
      expect(() => encoder.push(TONE)).toThrow(/end/);
      expect(() => encoder.end()).toThrow(/end/);
      encoder.close();
    });

    it(`goes on with the next ${format} after one that was given up`, async () => {
      const given = await createStreamEncoder(format, RATE);
      given.push(TONE.subarray(0, 7_000));
      given.close();
      expect(() => given.push(TONE)).toThrow(/end/);
      const next = Buffer.concat(await encodeInPieces(format, TONE, 5_000));
      const again = Buffer.concat(await encodeInPieces(format, TONE, 5_000));
      expect(again.equals(next)).toBe(true);
    });
  }

  it('gives a WAV of open length with every sample in it', async () => {
    const pcm = toPcm16(TONE);
    const wav = Buffer.concat(await encodeInPieces('wav', pcm, 999));
    expect(wav.readUInt32LE(4)).toBe(0xffff_ffff);
    expect(wav.readUInt32LE(40)).toBe(0xffff_ffff);
    const decoded = decodeWav(wav);
    expect(decoded).toMatchObject({ sampleRate: RATE, channels: 1 });
    expect(toPcm16(decoded.samples)).toEqual(pcm);
  });

  it('gives bare PCM, little-endian', async () => {
    const bytes = Buffer.concat(await encodeInPieces('pcm', Int16Array.of(1, -2, 32_767), 2));
    expect([...bytes]).toEqual([1, 0, 0xfe, 0xff, 0xff, 0x7f]);
  });

  it('takes MP3 to a rate that MP3 knows and says which', async () => {
    for (const [given, made] of [
      [23_456, 24_000],
      [96_000, 48_000],
      [22_050, 22_050],
    ] as const) {
      const encoder = await createStreamEncoder('mp3', given);
      expect(encoder.sampleRate).toBe(made);
      encoder.close();
    }
  });

  it('refuses a rate that is none', async () => {
    await expect(createStreamEncoder('wav', 0)).rejects.toThrow(/whole number/);
    await expect(createStreamEncoder('ogg', 22_050.5)).rejects.toThrow(/whole number/);
  });
});
