import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { prepareUtterance } from './prepare-utterance.ts';
import { readWav } from './read-wav.ts';
import { writeWav } from './write-wav.ts';

const RATE = 16_000;

/** Sine of 440 Hz, half loud, with `silentMs` on each side. */
function spoken(rate: number, ms: number, silentMs: number): Float32Array<ArrayBuffer> {
  const silent = (rate * silentMs) / 1000;
  const length = (rate * ms) / 1000;
  const samples = new Float32Array(length + silent * 2);
  for (let index = 0; index < length; index++)
    samples[silent + index] = 0.5 * Math.sin((2 * Math.PI * 440 * index) / rate);
  return samples;
}

const seconds = (wav: Uint8Array): number => readWav(wav)!.samples.length / readWav(wav)!.sampleRate;

function decibelsApart(one: Float32Array, other: Float32Array): number {
  const power = (samples: Float32Array) => samples.reduce((sum, sample) => sum + sample * sample, 0);
  return (
    10 * Math.log10(power(one) / (power(one.map((sample, index) => sample - (other[index] ?? 0))) + 1e-12))
  );
}

type Encode = (view: DataView, at: number, sample: number) => void;

const companded = (sample: number, law: 'a' | 'mu'): number => {
  // The nearest of all 256 codes, by the standard's own formula of expansion.
  let best = 0;
  let least = Infinity;
  for (let code = 0; code < 256; code++) {
    const bits = law === 'a' ? code ^ 0x55 : ~code & 0xff;
    const exponent = (bits >> 4) & 7;
    const mantissa = bits & 15;
    const size =
      law === 'a'
        ? exponent === 0
          ? (2 * mantissa + 1) / 4096
          : ((2 * mantissa + 33) * 2 ** (exponent - 1)) / 4096
        : ((2 * mantissa + 33) * 2 ** exponent - 33) / 8192;
    const negative = law === 'a' ? (bits & 0x80) === 0 : (bits & 0x80) !== 0;
    const distance = Math.abs((negative ? -size : size) - sample);
    if (distance < least) [best, least] = [code, distance];
  }
  return best;
};

const codings: Readonly<Record<string, { tag: number; bits: number; encode: Encode; decibels: number }>> = {
  '8-bit PCM': {
    tag: 1,
    bits: 8,
    encode: (v, at, s) => v.setUint8(at, Math.round(s * 127) + 128),
    decibels: 38,
  },
  '16-bit PCM': {
    tag: 1,
    bits: 16,
    encode: (v, at, s) => v.setInt16(at, Math.round(s * 32_767), true),
    decibels: 80,
  },
  '24-bit PCM': {
    tag: 1,
    bits: 24,
    encode(v, at, s) {
      const value = Math.round(s * 8_388_607);
      v.setUint16(at, value & 0xffff, true);
      v.setInt8(at + 2, value >> 16);
    },
    decibels: 80,
  },
  '32-bit PCM': {
    tag: 1,
    bits: 32,
    encode: (v, at, s) => v.setInt32(at, Math.round(s * 2_147_483_647), true),
    decibels: 80,
  },
  '32-bit float': { tag: 3, bits: 32, encode: (v, at, s) => v.setFloat32(at, s, true), decibels: 80 },
  'A-law': { tag: 6, bits: 8, encode: (v, at, s) => v.setUint8(at, companded(s, 'a')), decibels: 33 },
  'mu-law': { tag: 7, bits: 8, encode: (v, at, s) => v.setUint8(at, companded(s, 'mu')), decibels: 33 },
};

interface Recipe {
  readonly channels?: number;
  readonly rate?: number;
  readonly extensible?: boolean;
  readonly oddChunk?: boolean;
  readonly dataSize?: number;
}

function wavOf(samples: Float32Array, coding: string, recipe: Recipe = {}): Uint8Array<ArrayBuffer> {
  const { channels = 1, rate = RATE, extensible = false, oddChunk = false } = recipe;
  const { tag, bits, encode } = codings[coding]!;
  const bytesPerSample = bits / 8;
  const formatBytes = extensible ? 40 : 16;
  const oddBytes = oddChunk ? 8 + 5 + 1 : 0;
  const dataAt = 12 + oddBytes + 8 + formatBytes + 8;
  const dataBytes = samples.length * channels * bytesPerSample;
  const bytes = new Uint8Array(dataAt + dataBytes);
  const view = new DataView(bytes.buffer);
  const word = (at: number, text: string) => bytes.set(new TextEncoder().encode(text), at);
  word(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  word(8, 'WAVE');
  if (oddChunk) {
    word(12, 'LIST');
    view.setUint32(16, 5, true);
  }
  const formatAt = 12 + oddBytes;
  word(formatAt, 'fmt ');
  view.setUint32(formatAt + 4, formatBytes, true);
  view.setUint16(formatAt + 8, extensible ? 0xfffe : tag, true);
  view.setUint16(formatAt + 10, channels, true);
  view.setUint32(formatAt + 12, rate, true);
  view.setUint32(formatAt + 16, rate * channels * bytesPerSample, true);
  view.setUint16(formatAt + 20, channels * bytesPerSample, true);
  view.setUint16(formatAt + 22, bits, true);
  if (extensible) view.setUint16(formatAt + 32, tag, true);
  word(dataAt - 8, 'data');
  view.setUint32(dataAt - 4, recipe.dataSize ?? dataBytes, true);
  samples.forEach((sample, index) => {
    for (let channel = 0; channel < channels; channel++)
      encode(view, dataAt + (index * channels + channel) * bytesPerSample, sample);
  });
  return bytes;
}

describe('what is read', () => {
  for (const [name, { decibels }] of Object.entries(codings)) {
    it(`${name}, as well as it holds sound`, () => {
      const samples = spoken(RATE, 100, 0);
      expect(decibelsApart(samples, readWav(wavOf(samples, name))!.samples)).toBeGreaterThan(decibels);
    });
  }

  it('several channels, odd chunks, the extensible form and sizes left open', () => {
    const samples = spoken(RATE, 100, 0);
    for (const recipe of [
      { channels: 2 },
      { channels: 6 },
      { oddChunk: true },
      { extensible: true },
      { dataSize: 0xffff_ffff },
      { dataSize: 0 },
    ]) {
      const read = readWav(wavOf(samples, '16-bit PCM', recipe));
      expect(decibelsApart(samples, read!.samples), JSON.stringify(recipe)).toBeGreaterThan(80);
    }
  });

  it('averages channels that differ', () => {
    const wav = wavOf(new Float32Array(4), '16-bit PCM', { channels: 2 });
    new DataView(wav.buffer).setInt16(44, 16_384, true);
    expect([...readWav(wav)!.samples]).toEqual([0.25, 0, 0, 0]);
  });
});

describe('prepareUtterance', () => {
  for (const rate of [8000, 22_050, 44_100, 48_000, 192_000]) {
    it(`makes 16 kHz, mono and 16 bits of ${rate} Hz in stereo`, () => {
      const wav = prepareUtterance(wavOf(spoken(rate, 500, 0), '24-bit PCM', { channels: 2, rate }));
      const read = readWav(wav)!;
      expect(read.sampleRate).toBe(RATE);
      expect(wav).toHaveLength(44 + 8000 * 2);
      expect(
        decibelsApart(spoken(RATE, 500, 0).subarray(800, 7200), read.samples.subarray(800, 7200)),
      ).toBeGreaterThan(50);
    });
  }

  it('takes the silence off both ends, but for 200 ms', () => {
    const wav = prepareUtterance(wavOf(spoken(RATE, 1000, 1500), '16-bit PCM'));
    expect(seconds(wav)).toBeGreaterThan(1.38);
    expect(seconds(wav)).toBeLessThan(1.45);
  });

  it('finds speech above noise, and leaves a pause within it', () => {
    const samples = new Float32Array(RATE * 4);
    samples.set(spoken(RATE, 400, 0), RATE);
    samples.set(spoken(RATE, 400, 0), RATE * 2);
    let state = 1;
    for (let index = 0; index < samples.length; index++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      samples[index]! += (state / 2 ** 32 - 0.5) * 0.02;
    }
    const length = seconds(prepareUtterance({ samples, sampleRate: RATE }));
    expect(length).toBeGreaterThan(1.75);
    expect(length).toBeLessThan(1.9);
  });

  it('keeps the whole of a real order', () => {
    const recorded = readFileSync(new URL('../../../web/test/fixtures/order-ko.wav', import.meta.url));
    const before = readWav(recorded)!;
    const after = readWav(prepareUtterance(recorded))!;
    const loud = (samples: Float32Array) => samples.filter((sample) => Math.abs(sample) > 0.02).length;
    const scale = RATE / before.sampleRate;
    expect(loud(after.samples)).toBeGreaterThan(loud(before.samples) * scale * 0.97);
  });

  it('leaves silence to the server', () => {
    const silent = writeWav(new Float32Array(RATE), RATE);
    expect(prepareUtterance(silent)).toEqual(silent);
  });

  it('changes nothing where nothing is to be done', () => {
    const wav = writeWav(spoken(RATE, 500, 100), RATE);
    expect(prepareUtterance(wav)).toEqual(wav);
    expect(prepareUtterance(wav)).not.toBe(wav);
  });

  it('sends what it can not read as it is', () => {
    const whole = wavOf(spoken(RATE, 100, 0), '16-bit PCM');
    const broken = [
      new Uint8Array(0),
      new TextEncoder().encode('RIFF'),
      new TextEncoder().encode('<html></html>'),
      whole.slice(0, 30),
      whole.slice(0, 1000),
      wavOf(new Float32Array(0), '16-bit PCM'),
      wavOf(spoken(RATE, 100, 0), '16-bit PCM', { rate: 1_000_000 }),
    ];
    for (const bytes of broken) expect(prepareUtterance(bytes)).toEqual(bytes);
    for (let at = 0; at < 44; at++) {
      const flipped = whole.slice();
      flipped[at]! ^= 0xff;
      expect(prepareUtterance(flipped).length).toBeGreaterThan(0);
    }
  });

  it('clips what is too loud', () => {
    const read = readWav(writeWav(Float32Array.of(2, -2, 1, -1), RATE))!;
    expect([...read.samples].map((sample) => Math.round(sample * 100) / 100)).toEqual([1, -1, 1, -1]);
  });
});
