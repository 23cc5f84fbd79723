import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createAudioEncoder } from './encode.ts';
import { createMp3Stream, Mp3Error, type Mp3Stream } from './mp3-stream.ts';
import { sine } from './testing/noise.ts';
import { seededRandom } from './testing/random.ts';

const SECONDS = 2;
const RATE = 24_000;

let mp3: Buffer;
beforeAll(async () => {
  const tone = sine(RATE * SECONDS, RATE, 440, 0.5);
  mp3 = await createAudioEncoder().encode('mp3', tone, RATE, new AbortController().signal);
});

/** Everything that comes of `bytes`, pushed in pieces of the lengths that `cut` gives. */
async function decode(bytes: Uint8Array, cut: () => number = () => bytes.length): Promise<Float32Array> {
  return withStream((stream) => {
    const samples: number[] = [];
    for (let at = 0, length = cut(); at < bytes.length; at += length, length = cut()) {
      samples.push(...stream.push(bytes.subarray(at, at + length)).samples);
    }
    samples.push(...stream.flush().samples);
    return Float32Array.from(samples);
  });
}

async function withStream<T>(use: (stream: Mp3Stream) => T): Promise<T> {
  const stream = await createMp3Stream();
  try {
    return use(stream);
  } finally {
    stream.free();
  }
}

/** Crossings of zero a second, which is twice the pitch of a tone. */
function pitchOf(samples: Float32Array): number {
  let crossings = 0;
  for (let at = 1; at < samples.length; at++) if (samples[at - 1]! < 0 !== samples[at]! < 0) crossings++;
  return (crossings * RATE) / samples.length / 2;
}

function bytesOf(samples: Float32Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}

/** A tag of ID3v2 with `length` bytes that look like frames. */
function tag(length: number): Buffer {
  const size = [21, 14, 7, 0].map((shift) => (length >> shift) & 0x7f);
  return Buffer.concat([Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, ...size]), Buffer.alloc(length, 0xff)]);
}

describe('createMp3Stream', () => {
  it('gives the sound back', async () => {
    const samples = await decode(mp3);
    expect(samples.length / RATE).toBeGreaterThan(SECONDS - 0.01);
    expect(samples.length / RATE).toBeLessThan(SECONDS + 0.15);
    const middle = samples.subarray(RATE / 2, RATE);
    expect(pitchOf(middle)).toBeCloseTo(440, -1);
    expect(Math.max(...middle)).toBeCloseTo(0.5, 1);
  });

  it('gives the same sound wherever the pieces are cut', async () => {
    const whole = await decode(mp3);
    const random = seededRandom(4);
    for (const cut of [() => 1, () => 7, () => 144, () => 1 + Math.floor(random() * 500)]) {
      expect(bytesOf(await decode(mp3, cut)).equals(bytesOf(whole))).toBe(true);
    }
  });

  it('gives sound long before the last byte', () =>
    withStream((stream) => {
      const { samples, sampleRate } = stream.push(mp3.subarray(0, 2_000));
      expect(samples.length).toBeGreaterThan(RATE / 10);
      expect(sampleRate).toBe(RATE);
    }));

  it('passes over tags in front, in between and behind', async () => {
    const whole = await decode(mp3);
    const end = Buffer.alloc(128);
    end.write('TAG');
    const tagged = await decode(Buffer.concat([tag(100_000), mp3, end]), () => 1_000);
    expect(bytesOf(tagged).equals(bytesOf(whole))).toBe(true);
    const twice = await decode(Buffer.concat([tag(3), tag(0), mp3]), () => 1);
    expect(bytesOf(twice).equals(bytesOf(whole))).toBe(true);
  });

  it('goes on behind a few bytes that are none of it', async () => {
    const whole = await decode(mp3);
    const at = 144 * 20;
    const dirty = Buffer.concat([
      mp3.subarray(0, at),
      Buffer.from('dirt \xff\xf3', 'latin1'),
      mp3.subarray(at),
    ]);
    expect((await decode(dirty, () => 333)).length).toBe(whole.length);
  });

  it('drops a frame that was cut off at the end', async () => {
    const whole = await decode(mp3);
    const cut = await decode(mp3.subarray(0, mp3.length - 10));
    expect(cut.length).toBeGreaterThan(0);
    expect(cut.length).toBeLessThan(whole.length);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('{"error":"no such voice"}')],
    ['a tag and nothing else', tag(20)],
    ['much that is something else', Buffer.alloc(200_000, 'RIFF')],
    ['zeros', Buffer.alloc(100_000)],
    ['a header again and again', Buffer.alloc(100_000, Buffer.from([0xff, 0xfb, 0xff, 0xff]))],
  ])('refuses %s', async (_, bytes) => {
    await expect(decode(bytes, () => 4_096)).rejects.toThrow(Mp3Error);
  });

  it('refuses a tag that would swallow everything', async () => {
    const bytes = Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0x7f, 0x7f, 0x7f, 0x7f]);
    await expect(decode(bytes)).rejects.toThrow('too large');
  });

  it('never hangs and never throws anything else on broken bytes', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const random = seededRandom(11);
    for (let trial = 0; trial < 60; trial++) {
      const broken = Buffer.from(mp3);
      const hits = 1 + Math.floor(random() * 400);
      for (let hit = 0; hit < hits; hit++) {
        broken[Math.floor(random() * broken.length)] = Math.floor(random() * 256);
      }
      const outcome = await decode(broken, () => 1_500).catch((error: unknown) => error);
      if (!(outcome instanceof Float32Array)) expect(outcome).toBeInstanceOf(Mp3Error);
    }
    expect(log).not.toHaveBeenCalled();
    log.mockRestore();
  });

  it('is freed more than once, and takes nothing afterwards', async () => {
    const stream = await createMp3Stream();
    stream.free();
    stream.free();
    expect(() => stream.push(mp3)).toThrow(Mp3Error);
  });
});
