import { describe, expect, it } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import { chunk, makeWav, type WavRecipe } from './testing/make-wav.ts';
import { sine } from './testing/noise.ts';
import { decodeWav, encodeWav, streamingWavHeader } from './wav.ts';

const RATE = 16_000;
const TONE = sine(800, RATE, 440, 0.5);

function refusal(bytes: Uint8Array): AppError {
  try {
    decodeWav(bytes, { maxDurationMs: 60_000 });
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('The bytes were taken.');
}

function worstError(decoded: Float32Array, wanted: Float32Array): number {
  expect(decoded).toHaveLength(wanted.length);
  return decoded.reduce((worst, sample, index) => Math.max(worst, Math.abs(sample - wanted[index]!)), 0);
}

/** Largest error of rounding to the coding's steps; companded steps grow with the level. */
const KINDS: readonly (readonly [WavRecipe['coding'], WavRecipe['bits'], number])[] = [
  ['pcm', 8, 1 / 256],
  ['pcm', 16, 1 / 65_536],
  ['pcm', 24, 1e-7],
  ['pcm', 32, 1e-7],
  ['float', 32, 1e-7],
  ['float', 64, 1e-7],
  ['alaw', 8, 0.5 / 32],
  ['mulaw', 8, 0.5 / 32],
];

describe('decodeWav', () => {
  for (const [coding, bits, most] of KINDS) {
    for (const extensible of [false, true]) {
      for (const extraChunks of [false, true]) {
        it(`reads ${coding} ${bits}${extensible ? ' extensible' : ''}${extraChunks ? ' among other chunks' : ''}`, () => {
          const wav = makeWav({ coding, bits, sampleRate: RATE, channels: [TONE], extensible, extraChunks });
          const decoded = decodeWav(wav);
          expect(worstError(decoded.samples, TONE)).toBeLessThanOrEqual(most);
          expect(decoded).toMatchObject({ coding, sampleRate: RATE, channels: 1, durationMs: 50 });
        });
      }
    }
  }

  it('knows the corners of both companding laws (ITU-T G.711)', () => {
    const wav = (tag: 'alaw' | 'mulaw', codes: number[]) => {
      const file = makeWav({
        coding: tag,
        bits: 8,
        sampleRate: 8_000,
        channels: [new Float32Array(codes.length)],
      });
      Buffer.from(codes).copy(file, file.length - codes.length - (codes.length % 2));
      return [...decodeWav(file).samples].map((sample) => Math.round(sample * 32_768) + 0);
    };
    expect(wav('alaw', [0xd5, 0x55, 0xaa, 0x2a, 0x80, 0x00])).toEqual([
      8, -8, 32_256, -32_256, 5_504, -5_504,
    ]);
    expect(wav('mulaw', [0xff, 0x7f, 0x80, 0x00, 0xf0, 0x70])).toEqual([0, 0, 32_124, -32_124, 120, -120]);
  });

  it('mixes channels down to their mean', () => {
    const left = sine(800, RATE, 300, 0.6);
    const right = sine(800, RATE, 900, 0.4);
    const wanted = left.map((sample, index) => (sample + right[index]! + 0) / 3);
    const wav = makeWav({
      coding: 'float',
      bits: 32,
      sampleRate: RATE,
      channels: [left, right, new Float32Array(800)],
    });
    expect(worstError(decodeWav(wav).samples, wanted)).toBeLessThan(1e-6);
  });

  for (const sampleRate of [8_000, 11_025, 44_100, 192_000]) {
    it(`takes ${sampleRate} Hz`, () => {
      const wav = makeWav({ coding: 'pcm', bits: 16, sampleRate, channels: [TONE] });
      expect(decodeWav(wav).sampleRate).toBe(sampleRate);
    });
  }

  for (const dataSize of [0, 0xffff_ffff, 0x7fff_f000, 0x8000_0000]) {
    for (const riffSize of [0, 0xffff_ffff, 0x7fff_f024]) {
      it(`reads a streaming header with data size ${dataSize} and file size ${riffSize}`, () => {
        const wav = makeWav({
          coding: 'pcm',
          bits: 16,
          sampleRate: RATE,
          channels: [TONE],
          dataSize,
          riffSize,
        });
        expect(worstError(decodeWav(wav).samples, TONE)).toBeLessThan(1e-4);
      });
    }
  }

  it('reads its own streaming header with sound behind it', () => {
    const sound = encodeWav(Int16Array.of(1, -2, 3), RATE).subarray(44);
    const decoded = decodeWav(Buffer.concat([streamingWavHeader(RATE), sound]));
    expect([...decoded.samples].map((sample) => sample * 32_768)).toEqual([1, -2, 3]);
  });

  it('finds chunks behind odd ones whose pad byte was left out', () => {
    const wav = makeWav({
      coding: 'pcm',
      bits: 16,
      sampleRate: RATE,
      channels: [TONE],
      extraChunks: true,
      padded: false,
    });
    expect(worstError(decodeWav(wav).samples, TONE)).toBeLessThan(1e-4);
  });

  it('reads RF64 with the sizes in ds64', () => {
    const wav = makeWav({
      coding: 'pcm',
      bits: 16,
      sampleRate: RATE,
      channels: [TONE],
      dataSize: 0xffff_ffff,
    });
    const sizes = Buffer.alloc(28);
    sizes.writeBigUInt64LE(BigInt(TONE.length * 2), 8);
    const long = Buffer.concat([
      wav.subarray(0, 12),
      chunk('ds64', sizes),
      wav.subarray(12),
      chunk('LIST', Buffer.alloc(64, 9)),
    ]);
    long.write('RF64');
    expect(worstError(decodeWav(long).samples, TONE)).toBeLessThan(1e-4);
  });

  it('makes silence of values that are no numbers, and clips what is beyond full scale', () => {
    const channel = Float32Array.of(0.5, NaN, Infinity, -Infinity, 3e38, -7, -0.5);
    const wav = makeWav({ coding: 'float', bits: 32, sampleRate: RATE, channels: [channel] });
    expect([...decodeWav(wav).samples]).toEqual([0.5, 0, 0, 0, 1, -1, -0.5]);
  });

  it('drops a last frame that is not whole', () => {
    const wav = makeWav({ coding: 'pcm', bits: 16, sampleRate: RATE, channels: [TONE], dataSize: 0 });
    expect(decodeWav(Buffer.concat([wav, Buffer.from([1])])).samples).toHaveLength(800);
  });

  it('reads bytes that lie at an odd place in a larger buffer', () => {
    const wav = makeWav({ coding: 'pcm', bits: 16, sampleRate: RATE, channels: [TONE] });
    const shifted = Buffer.concat([Buffer.from('x'), wav, Buffer.from('tail')]).subarray(1, wav.length + 1);
    expect(worstError(decodeWav(shifted).samples, TONE)).toBeLessThan(1e-4);
  });
});

describe('what is not a WAV', () => {
  const cases: readonly (readonly [string, Buffer])[] = [
    ['MP3', Buffer.from('ID3\u0004\0\0\0\0')],
    ['MP3', Buffer.from([0xff, 0xfb, 0x90, 0x64])],
    ['AAC', Buffer.from([0xff, 0xf1, 0x50, 0x80])],
    ['Ogg', Buffer.from('OggS\0\u0002')],
    ['WebM', Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0x9f])],
    ['MP4', Buffer.from('\0\0\0\u0020ftypM4A ')],
    ['FLAC', Buffer.from('fLaC\0\0')],
    ['AIFF', Buffer.from('FORM\0\0\0\0AIFF')],
    ['AVI', Buffer.from('RIFF\0\0\0\0AVI LIST')],
    ['RIFX', Buffer.from('RIFX\0\0\0\0WAVEfmt ')],
    ['text', Buffer.from('불고기버거 두 개랑 콜라 하나 주세요')],
    ['unknown', Buffer.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])],
  ];
  for (const [name, bytes] of cases) {
    it(`names ${name} (${bytes.subarray(0, 4).toString('hex')})`, () => {
      const error = refusal(bytes);
      expect(error.code).toBe('AUDIO_NOT_WAV');
      expect(error.status).toBe(415);
      expect(error.message).toContain(name);
      expect(error.message).toContain('A-law');
    });
  }
});

describe('a WAV that can not be read', () => {
  const wav = (recipe: Partial<WavRecipe> = {}) =>
    makeWav({ coding: 'pcm', bits: 16, sampleRate: RATE, channels: [TONE], ...recipe });
  const field = (offset: number, value: number) => {
    const bytes = wav();
    bytes.writeUInt16LE(value, 20 + offset);
    return bytes;
  };
  const rate = (value: number) => {
    const bytes = wav();
    bytes.writeUInt32LE(value, 24);
    return bytes;
  };
  const cases: readonly (readonly [string, Buffer, RegExp])[] = [
    ['empty', Buffer.alloc(0), /empty/],
    ['cut in the first header', wav().subarray(0, 10), /ends in its header/],
    ['cut before fmt', wav().subarray(0, 12), /no "fmt "/],
    ['cut inside fmt', wav().subarray(0, 30), /ends inside its "fmt "/],
    ['cut before data', wav().subarray(0, 36), /no "data"/],
    ['cut at the start of data', wav().subarray(0, 44), /truncated/],
    ['cut in the sound', wav().subarray(0, 1_000), /truncated.*1600 bytes of sound and has 956/],
    ['without samples', wav({ channels: [new Float32Array(0)] }), /no samples/],
    [
      'without samples, among chunks',
      wav({ channels: [new Float32Array(0)], extraChunks: true }),
      /no samples/,
    ],
    ['no channels', field(2, 0), /0 channels/],
    ['4,000 channels', field(2, 4_000), /4000 channels/],
    ['1 Hz', rate(1), /1 samples a second/],
    ['4 GHz', rate(0xffff_ffff), /4294967295 samples a second/],
    ['IMA ADPCM', field(0, 0x11), /IMA ADPCM \(codec tag 0x0011\)/],
    ['MP3 inside', field(0, 0x55), /MP3 \(codec tag 0x0055\)/],
    ['an unknown codec', field(0, 0xbeef), /codec tag 0xbeef/],
    ['4 bits a sample', field(14, 4), /4 bits a sample/],
    ['lying about frames', field(12, 3), /3 bytes a frame/],
    ['extensible without sub-format', field(0, 0xfffe), /sub-format/],
    [
      'too long',
      wav({ coding: 'pcm', bits: 8, sampleRate: 8_000, channels: [new Float32Array(480_800)] }),
      /60\.1 seconds.*at most 60/,
    ],
  ];
  for (const [name, bytes, message] of cases) {
    it(`says what is wrong: ${name}`, () => {
      const error = refusal(bytes);
      expect(error.code).toBe('AUDIO_UNREADABLE');
      expect(error.status).toBe(422);
      expect(error.message).toMatch(message);
    });
  }
});

describe('encodeWav', () => {
  it('writes what decodeWav reads', () => {
    const pcm = Int16Array.of(0, 1, -1, 32_767, -32_768);
    const decoded = decodeWav(encodeWav(pcm, 22_050));
    expect([...decoded.samples].map((sample) => sample * 32_768)).toEqual([...pcm]);
    expect(decoded).toMatchObject({ sampleRate: 22_050, channels: 1, coding: 'pcm' });
  });
});
