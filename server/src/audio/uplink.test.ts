import { describe, expect, it } from 'vitest';
import { opusPacketMs } from './opus-packet.ts';
import { createUplink, type Uplink, type UplinkResult } from './uplink.ts';

const tone = (rate: number, ms: number, hertz = 440, from = 0) =>
  Int16Array.from({ length: (rate * ms) / 1000 }, (_, index) =>
    Math.round(12_000 * Math.sin((2 * Math.PI * hertz * (from + index)) / rate)),
  );
const bytesOf = (samples: Int16Array) =>
  new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
const samplesOf = (result: UplinkResult): number[] => (result.type === 'sound' ? [...result.samples] : []);
const open = (sampleRate: number, codec: 'pcm16' | 'opus' = 'pcm16', allow = (_ms: number) => true) =>
  createUplink({ sampleRate, codec, allow });

/** Loudness of one frequency, 1 for a sine of full scale. */
function loudnessAt(hertz: number, samples: readonly number[], rate: number): number {
  let sine = 0;
  let cosine = 0;
  samples.forEach((sample, index) => {
    sine += sample * Math.sin((2 * Math.PI * hertz * index) / rate);
    cosine += sample * Math.cos((2 * Math.PI * hertz * index) / rate);
  });
  return (2 * Math.hypot(sine, cosine)) / samples.length;
}

describe('pcm16', () => {
  it.each([16_000, 24_000, 48_000])('at %i Hz becomes the same sound at 16,000 Hz', (rate) => {
    const uplink = open(rate);
    const whole = tone(rate, 1_000);
    const heard: number[] = [];
    const step = rate / 50;
    for (let at = 0, sequence = 0; at < whole.length; at += step, sequence++) {
      const payload = bytesOf(whole.subarray(at, at + step));
      heard.push(...samplesOf(uplink.push({ audioId: 1, sequence, payload })));
    }
    expect(Math.abs(heard.length - 16_000)).toBeLessThan(200);
    expect(loudnessAt(440, heard, 16_000)).toBeCloseTo(12_000 / 32_768, 2);
    expect(loudnessAt(1_320, heard, 16_000)).toBeLessThan(0.002);
  });

  it('reads samples wherever they lie in memory', () => {
    const shifted = new Uint8Array(5);
    shifted.set([0, 0x40, 0, 0xc0], 1);
    const result = open(16_000).push({ audioId: 1, sequence: 0, payload: shifted.subarray(1) });
    expect(samplesOf(result)).toEqual([0.5, -0.5]);
  });

  it.each([0, 1, 321, 6_402])('refuses a frame of %i bytes', (length) => {
    const result = open(16_000).push({ audioId: 1, sequence: 0, payload: new Uint8Array(length) });
    expect(result).toMatchObject({ type: 'bad', problem: expect.stringContaining(`${length} bytes`) });
  });

  it('fills up to a second of what never came with silence, and leaves out what comes late', () => {
    const uplink = open(16_000);
    const push = (sequence: number, audioId = 1) =>
      uplink.push({ audioId, sequence, payload: bytesOf(tone(16_000, 20, 440, 1)) });
    expect(samplesOf(push(5))).toHaveLength(320);
    expect(samplesOf(push(8))).toHaveLength(3 * 320);
    expect(samplesOf(push(9)).every((sample) => sample === 0)).toBe(false);
    expect(push(9).type).toBe('late');
    expect(push(7).type).toBe('late');
    expect(samplesOf(push(1_000_000))).toHaveLength(16_000 + 320);
    expect(samplesOf(push(3, 2))).toHaveLength(320);
    const early = samplesOf(push(6, 2)).slice(0, 640);
    expect(early.every((sample) => sample === 0)).toBe(true);
  });

  it('goes on counting after 2³² frames', () => {
    const uplink = open(16_000);
    const push = (sequence: number) => uplink.push({ audioId: 1, sequence, payload: new Uint8Array(640) });
    push(0xffff_ffff);
    expect(samplesOf(push(0))).toHaveLength(320);
    expect(push(0xffff_ffff).type).toBe('late');
  });

  it('asks for what a frame costs with its silence, and does not make up for what was refused', () => {
    const asked: number[] = [];
    let isAllowed = true;
    const uplink = open(16_000, 'pcm16', (ms) => asked.push(ms) > 0 && isAllowed);
    const push = (sequence: number) => uplink.push({ audioId: 1, sequence, payload: new Uint8Array(640) });
    push(0);
    push(10);
    isAllowed = false;
    expect(push(11)).toEqual({ type: 'too-fast', ms: 20 });
    isAllowed = true;
    expect(samplesOf(push(12))).toHaveLength(320);
    expect(asked).toEqual([20, 200, 20, 20]);
  });
});

describe('opus', () => {
  /** Hybrid and CELT packets of silence as libopus writes them: 20 ms, mono. */
  const SILENCE = Uint8Array.of(0xf8, 0xff, 0xfe);
  const settled = async (uplink: Uplink) => {
    // The decoder is made in the background; packets wait for it.
    let heard = 0;
    for (let sequence = 1; heard === 0; sequence++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      heard = samplesOf(uplink.push({ audioId: 1, sequence, payload: SILENCE })).length;
    }
    return heard;
  };

  it('waits for its decoder and loses nothing', async () => {
    const uplink = open(48_000, 'opus');
    expect(samplesOf(uplink.push({ audioId: 1, sequence: 0, payload: SILENCE }))).toHaveLength(0);
    expect(await settled(uplink)).toBeGreaterThanOrEqual(640);
    expect(samplesOf(uplink.push({ audioId: 2, sequence: 0, payload: SILENCE }))).toHaveLength(320);
    expect(samplesOf(uplink.push({ audioId: 2, sequence: 3, payload: SILENCE }))).toHaveLength(960);
    uplink.close();
    uplink.close();
    expect(samplesOf(uplink.push({ audioId: 2, sequence: 4, payload: SILENCE }))).toHaveLength(0);
  });

  it('may be closed before its decoder is there', async () => {
    open(48_000, 'opus').close();
    const uplink = open(48_000, 'opus');
    await settled(uplink);
    uplink.close();
  });

  it('survives packets of anything: what passes the check decodes, and says nothing on the console', async () => {
    const uplink = open(48_000, 'opus');
    await settled(uplink);
    const complaints: unknown[] = [];
    const { error } = console;
    console.error = (...told) => complaints.push(told);
    try {
      let seed = 1;
      const next = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
      let passed = 0;
      for (let count = 0; count < 1_500; count++) {
        const payload = Uint8Array.from({ length: next(60) }, () => next(256));
        const ms = opusPacketMs(payload);
        const result = uplink.push({ audioId: 3 + count, sequence: 0, payload });
        expect(result.type).toBe(ms === null ? 'bad' : 'sound');
        if (ms !== null) expect(samplesOf(result)).toHaveLength(ms * 16);
        passed += ms === null ? 0 : 1;
      }
      expect(passed).toBeGreaterThan(500);
      expect(passed).toBeLessThan(1_400);
      expect(complaints).toEqual([]);
    } finally {
      console.error = error;
      uplink.close();
    }
    expect(open(48_000, 'opus').push({ audioId: 1, sequence: 0, payload: new Uint8Array(4_000) }).type).toBe(
      'bad',
    );
  });
});

describe('the length of an Opus packet', () => {
  it.each([
    [[0xf8], 20],
    [[0xe0], 2.5],
    [[0x18, 1], 60],
    [[0x60, 1], 10],
    [[0xf9, 1, 2], 40],
    [[0xf9, 1], null],
    [[0xfa, 1, 7, 8], 40],
    [[0xfa, 9, 7], null],
    [[0xfa, 252], null],
    [[0xfb, 3, 1, 2, 3], 60],
    [[0xfb, 3, 1, 2], null],
    [[0xfb, 0], null],
    [[0xfb, 7], null],
    [[0xfb], null],
    [[0xfb, 0x42, 1, 5, 5, 0], 40],
    [[0xfb, 0x42, 9, 5], null],
    [[0xfb, 0x42, 255], null],
    [[0xfb, 0x82, 1, 5, 5], 40],
    [[0xfb, 0x82, 4, 5, 5], null],
    [[], null],
  ])('%j is %j', (bytes, ms) => {
    expect(opusPacketMs(Uint8Array.from(bytes))).toBe(ms);
  });

  it('is not that of a frame of more than 1,275 bytes', () => {
    expect(opusPacketMs(new Uint8Array(1_276).fill(0xf8, 0, 1))).toBe(20);
    expect(opusPacketMs(new Uint8Array(1_277).fill(0xf8, 0, 1))).toBeNull();
  });
});
