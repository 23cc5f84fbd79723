/** Sound as numbers: one channel, -1 to 1. */
export interface Sound {
  readonly samples: Float32Array<ArrayBuffer>;
  /** Hertz. */
  readonly sampleRate: number;
}

/** What a WAV says of its sound. */
interface WavHeader {
  readonly read: ReadSample;
  readonly channels: number;
  readonly sampleRate: number;
  /** Bytes from one frame (a sample for each channel) to the next. */
  readonly frameBytes: number;
  readonly start: number;
  readonly frames: number;
}

type ReadSample = (view: DataView, at: number) => number;

const PCM = 1;
const FLOAT = 3;
const A_LAW = 6;
const MU_LAW = 7;
const EXTENSIBLE = 0xfffe;
const MIN_RATE = 8_000;
const MAX_RATE = 192_000;
const MAX_CHANNELS = 32;
/** Sizes from here on are not true: the recorder did not know yet how long the sound would be. */
const OPEN_SIZE = 0x7fff_0000;

/**
 * The sound of a WAV, channels mixed to one: 8, 16, 24 or 32-bit PCM, 32-bit float, A-law or mu-law. Null for everything
 * else, broken files included: what this can't read, the server judges.
 */
export function readWav(bytes: Uint8Array): Sound | null {
  const header = readHeader(bytes);
  if (header === null) return null;
  const { read, channels, sampleRate, frameBytes, start, frames } = header;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sampleBytes = frameBytes / channels;
  const samples = new Float32Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++)
      sum += read(view, start + frame * frameBytes + channel * sampleBytes);
    samples[frame] = sum / channels;
  }
  return { samples, sampleRate };
}

/** True for the very form in which sound is sent: nothing has to be done with it. */
export function isPlainWav(bytes: Uint8Array, sampleRate: number): boolean {
  const header = readHeader(bytes);
  return header?.read === readPcm16 && header.channels === 1 && header.sampleRate === sampleRate;
}

function readHeader(bytes: Uint8Array): WavHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (wordAt(view, 0) !== 'RIFF' || wordAt(view, 8) !== 'WAVE') return null;
  let format: Pick<WavHeader, 'read' | 'channels' | 'sampleRate' | 'frameBytes'> | null = null;
  let at = 12;
  while (at + 8 <= view.byteLength) {
    const id = wordAt(view, at);
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (id === 'fmt ') {
      format = readFormat(view, start, size);
      if (format === null) return null;
    } else if (id === 'data') {
      if (format === null) return null;
      const there = view.byteLength - start;
      const open = size === 0 || size >= OPEN_SIZE;
      if (!open && size > there) return null;
      const frames = Math.floor((open ? there : size) / format.frameBytes);
      return frames === 0 ? null : { ...format, start, frames };
    }
    at = start + size;
    // Chunks end on even places; writers that forget that are known by the next id standing there already.
    if (size % 2 === 1 && !/^[A-Za-z0-9]{3}[A-Za-z0-9 ]$/.test(wordAt(view, at))) at += 1;
  }
  return null;
}

function readFormat(
  view: DataView,
  at: number,
  size: number,
): Pick<WavHeader, 'read' | 'channels' | 'sampleRate' | 'frameBytes'> | null {
  if (size < 16 || at + size > view.byteLength) return null;
  const tag = view.getUint16(at, true);
  const channels = view.getUint16(at + 2, true);
  const sampleRate = view.getUint32(at + 4, true);
  const frameBytes = view.getUint16(at + 12, true);
  const bits = view.getUint16(at + 14, true);
  if (tag === EXTENSIBLE && size < 40) return null;
  const read = readerOf(tag === EXTENSIBLE ? view.getUint16(at + 24, true) : tag, bits);
  if (read === null || channels < 1 || channels > MAX_CHANNELS) return null;
  if (sampleRate < MIN_RATE || sampleRate > MAX_RATE || frameBytes !== (channels * bits) / 8) return null;
  return { read, channels, sampleRate, frameBytes };
}

function readerOf(tag: number, bits: number): ReadSample | null {
  if (tag === PCM) return pcmReaders[bits] ?? null;
  if (tag === FLOAT && bits === 32) return readFloat;
  if (tag === A_LAW && bits === 8) return readALaw;
  if (tag === MU_LAW && bits === 8) return readMuLaw;
  return null;
}

const readPcm16: ReadSample = (view, at) => view.getInt16(at, true) / 0x8000;

const pcmReaders: Readonly<Record<number, ReadSample>> = {
  8: (view, at) => (view.getUint8(at) - 0x80) / 0x80,
  16: readPcm16,
  24: (view, at) => (view.getInt8(at + 2) * 0x1_0000 + view.getUint16(at, true)) / 0x80_0000,
  32: (view, at) => view.getInt32(at, true) / 0x8000_0000,
};

/** No number counts as silence, and nothing is louder than full scale. */
const readFloat: ReadSample = (view, at) => {
  const value = view.getFloat32(at, true);
  return Number.isNaN(value) ? 0 : Math.max(-1, Math.min(1, value));
};

/** G.711 A-law: every other bit toggled, a sign that is set for positive, 3 bits of exponent, 4 of mantissa. */
const readALaw: ReadSample = (view, at) => {
  const code = view.getUint8(at) ^ 0x55;
  const exponent = (code >> 4) & 0b111;
  const step = (code & 0b1111) * 2 + 1;
  const size = exponent === 0 ? step : (step + 32) * 2 ** (exponent - 1);
  return ((code & 0x80) === 0 ? -size : size) / 0x1000;
};

/** G.711 mu-law: all bits toggled, a sign that is set for negative, 3 bits of exponent, 4 of mantissa. */
const readMuLaw: ReadSample = (view, at) => {
  const code = view.getUint8(at) ^ 0xff;
  const size = ((code & 0b1111) * 2 + 33) * 2 ** ((code >> 4) & 0b111) - 33;
  return ((code & 0x80) === 0 ? size : -size) / 0x2000;
};

function wordAt(view: DataView, at: number): string {
  if (at + 4 > view.byteLength) return '';
  return String.fromCharCode(...[0, 1, 2, 3].map((offset) => view.getUint8(at + offset)));
}
