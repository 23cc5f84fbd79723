import { readWavFormat, unreadable, type SampleCoding, type WavFormat } from './wav-format.ts';

/** Sound out of a WAV file, mixed down to one channel. */
export interface DecodedWav {
  /** In [-1, 1], always finite. */
  readonly samples: Float32Array<ArrayBuffer>;
  /** Hertz. */
  readonly sampleRate: number;
  /** Channels in the file. */
  readonly channels: number;
  readonly coding: SampleCoding;
  readonly durationMs: number;
}

/**
 * Decodes a WAV file: 8 to 32-bit PCM, 32 and 64-bit float, A-law and mu-law; channels are averaged, values that are no
 * numbers become silence, floats beyond full scale are clipped. Memory stays in proportion to the input.
 *
 * @param options.maxDurationMs Longer sound is refused before anything is allocated.
 * @throws {AppError} AUDIO_NOT_WAV when the bytes are something else (the detail names it); AUDIO_UNREADABLE when the file is
 * truncated, empty, too long, or absurd in its rate, channels or codec (the detail says which; `reason` is `too_long` for sound that is too long).
 */
export function decodeWav(bytes: Uint8Array, options: { readonly maxDurationMs?: number } = {}): DecodedWav {
  const format = readWavFormat(bytes);
  const { coding, channels, sampleRate, frames } = format;
  const durationMs = (frames / sampleRate) * 1000;
  if (options.maxDurationMs !== undefined && durationMs > options.maxDurationMs) {
    const seconds = (ms: number) => (ms / 1000).toFixed(1).replace(/\.0$/, '');
    throw unreadable(
      `The sound is ${seconds(durationMs)} seconds long; at most ${seconds(options.maxDurationMs)} are taken.`,
      { reason: 'too_long', max_seconds: options.maxDurationMs / 1000 },
    );
  }
  return { samples: readSamples(bytes, format), sampleRate, channels, coding, durationMs };
}

function readSamples(bytes: Uint8Array, format: WavFormat): Float32Array<ArrayBuffer> {
  const { dataStart, frames, channels, bytesPerSample, coding } = format;
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataStart, frames * channels * bytesPerSample);
  const mono = new Float32Array(frames);
  const add = coding === 'pcm' ? PCM_ADDERS[bytesPerSample as 1 | 2 | 3 | 4] : ADDERS[coding];
  for (let channel = 0; channel < channels; channel++) {
    add(view, mono, channel * bytesPerSample, channels * bytesPerSample, 1 / channels, bytesPerSample);
  }
  return mono;
}

/** Adds one channel, scaled by `gain`, to `mono`. `at` is its first byte, `step` the distance between frames. */
type Adder = (
  view: DataView,
  mono: Float32Array,
  at: number,
  step: number,
  gain: number,
  bytesPerSample: number,
) => void;

/** By bytes a sample. */
const PCM_ADDERS: Readonly<Record<1 | 2 | 3 | 4, Adder>> = {
  1: (view, mono, at, step, gain) => {
    for (let frame = 0, byte = at; frame < mono.length; frame++, byte += step) {
      mono[frame]! += ((view.getUint8(byte) - 128) / 128) * gain;
    }
  },
  2: (view, mono, at, step, gain) => {
    const scale = gain / 32_768;
    for (let frame = 0, byte = at; frame < mono.length; frame++, byte += step) {
      mono[frame]! += view.getInt16(byte, true) * scale;
    }
  },
  3: (view, mono, at, step, gain) => {
    const scale = gain / 8_388_608;
    for (let frame = 0, byte = at; frame < mono.length; frame++, byte += step) {
      mono[frame]! += (view.getUint16(byte, true) + view.getInt8(byte + 2) * 65_536) * scale;
    }
  },
  4: (view, mono, at, step, gain) => {
    const scale = gain / 2_147_483_648;
    for (let frame = 0, byte = at; frame < mono.length; frame++, byte += step) {
      mono[frame]! += view.getInt32(byte, true) * scale;
    }
  },
};

const ADDERS: Readonly<Record<Exclude<SampleCoding, 'pcm'>, Adder>> = {
  float: (view, mono, at, step, gain, bytesPerSample) => {
    for (let frame = 0, byte = at; frame < mono.length; frame++, byte += step) {
      const value = bytesPerSample === 4 ? view.getFloat32(byte, true) : view.getFloat64(byte, true);
      if (Number.isFinite(value)) mono[frame]! += Math.max(-1, Math.min(1, value)) * gain;
    }
  },
  alaw: (view, mono, at, step, gain) => addCompanded(alawTable(), view, mono, at, step, gain),
  mulaw: (view, mono, at, step, gain) => addCompanded(mulawTable(), view, mono, at, step, gain),
};

function addCompanded(
  table: Float32Array,
  view: DataView,
  mono: Float32Array,
  at: number,
  step: number,
  gain: number,
): void {
  for (let frame = 0, byte = at; frame < mono.length; frame++, byte += step) {
    mono[frame]! += table[view.getUint8(byte)]! * gain;
  }
}

let alaw: Float32Array | undefined;
let mulaw: Float32Array | undefined;

/** ITU-T G.711 A-law: bits toggled by 0x55, then sign, 3 bits of exponent, 4 of mantissa. */
function alawTable(): Float32Array {
  alaw ??= Float32Array.from({ length: 256 }, (_, code) => {
    const bits = code ^ 0x55;
    const exponent = (bits >> 4) & 7;
    const mantissa = ((bits & 15) << 4) + 8;
    const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
    return ((bits & 0x80) === 0 ? -magnitude : magnitude) / 32_768;
  });
  return alaw;
}

/** ITU-T G.711 mu-law: complemented, then sign, 3 bits of exponent, 4 of mantissa, bias 0x84. */
function mulawTable(): Float32Array {
  mulaw ??= Float32Array.from({ length: 256 }, (_, code) => {
    const bits = ~code & 0xff;
    const magnitude = ((((bits & 15) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
    return ((bits & 0x80) === 0 ? magnitude : -magnitude) / 32_768;
  });
  return mulaw;
}

const HEADER_BYTES = 44;

/** A WAV header for mono PCM16 whose length is not known yet: sizes are 0xFFFFFFFF, and sound may follow for ever. */
export function streamingWavHeader(sampleRate: number): Buffer {
  return wavHeader(sampleRate, 0xffff_ffff, 0xffff_ffff);
}

/** A whole WAV file of mono PCM16. */
export function encodeWav(pcm: Int16Array, sampleRate: number): Buffer {
  const dataBytes = pcm.length * 2;
  const file = Buffer.allocUnsafe(HEADER_BYTES + dataBytes);
  wavHeader(sampleRate, HEADER_BYTES - 8 + dataBytes, dataBytes).copy(file);
  for (let index = 0; index < pcm.length; index++) file.writeInt16LE(pcm[index]!, HEADER_BYTES + index * 2);
  return file;
}

function wavHeader(sampleRate: number, riffSize: number, dataSize: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(riffSize, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataSize, 40);
  return header;
}
