import { AppError } from '../errors/app-error.ts';
import { sniffMedia } from './sniff.ts';

/** How samples lie in the file. */
export type SampleCoding = 'pcm' | 'float' | 'alaw' | 'mulaw';

/** What a WAV file says about its sound, checked. */
export interface WavFormat {
  readonly coding: SampleCoding;
  /** Hertz, 8,000 to 192,000. */
  readonly sampleRate: number;
  /** 1 to 32. */
  readonly channels: number;
  readonly bytesPerSample: number;
  /** First byte of the sound in the file. */
  readonly dataStart: number;
  /** Whole frames (a sample for each channel) in the file; at least 1. */
  readonly frames: number;
}

/** For people: everything {@link readWavFormat} takes. */
export const ACCEPTED_WAV =
  'WAV with 8, 16, 24 or 32-bit PCM, 32-bit float, A-law or mu-law, 1 to 32 channels, 8,000 to 192,000 Hz';

const MIN_RATE = 8_000;
const MAX_RATE = 192_000;
const MAX_CHANNELS = 32;
/**
 * Sizes from here on mean "not known yet": recorders that write to a pipe leave 0xFFFFFFFF, 0x80000000 (arecord),
 * 0x7FFFFFFF or 0x7FFFF000-odd (sox) in the header.
 */
const STREAMING_SIZE = 0x7fff_0000;
const TAG_EXTENSIBLE = 0xfffe;
/** The last 14 bytes of every sub-format GUID whose first two are an ordinary codec tag. */
const SUBFORMAT_TAIL = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71] as const;

const CODECS: Readonly<Record<number, SampleCoding>> = { 1: 'pcm', 3: 'float', 6: 'alaw', 7: 'mulaw' };
const REFUSED_CODECS: Readonly<Record<number, string>> = {
  0x02: 'Microsoft ADPCM',
  0x11: 'IMA ADPCM',
  0x31: 'GSM 6.10',
  0x45: 'G.726 ADPCM',
  0x50: 'MPEG audio',
  0x55: 'MP3',
  0xff: 'AAC',
  0x161: 'Windows Media Audio',
};

/** @returns an AUDIO_UNREADABLE error; `problem` is a sentence that says what is wrong with the file. */
export function unreadable(problem: string, fields: Readonly<Record<string, unknown>> = {}): AppError {
  return new AppError('AUDIO_UNREADABLE', { detail: `${problem} Accepted: ${ACCEPTED_WAV}.`, fields });
}

/**
 * Reads the header of a WAV file: RIFF, or RF64 and BW64 of ordinary size; chunks in any order, with odd padding or without;
 * sizes left open by a streaming recorder.
 *
 * @throws {AppError} AUDIO_NOT_WAV when the bytes are something else; AUDIO_UNREADABLE when the file is truncated, holds no
 * sound, or says things about itself that can't be.
 */
export function readWavFormat(bytes: Uint8Array): WavFormat {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length === 0) throw unreadable('The file is empty.');
  const riff = fourCc(view, 0);
  if (!['RIFF', 'RF64', 'BW64'].includes(riff) || (fourCc(view, 8) !== 'WAVE' && bytes.length >= 12)) {
    const seen = sniffMedia(bytes) ?? 'a file of an unknown kind';
    throw new AppError('AUDIO_NOT_WAV', { detail: `This is ${seen}. Accepted: ${ACCEPTED_WAV}.` });
  }
  if (bytes.length < 12) throw unreadable(`The WAV file ends in its header, after ${bytes.length} bytes.`);

  const chunks = findChunks(view, riff);
  if (chunks.format === undefined) throw unreadable('The WAV file has no "fmt " chunk, or ends before it.');
  if (chunks.format.start + 16 > view.byteLength)
    throw unreadable('The WAV file ends inside its "fmt " chunk.');
  if (chunks.data === undefined) throw unreadable('The WAV file has no "data" chunk, or ends before it.');
  const described = readFormatChunk(view, chunks.format);
  const { start, size } = chunks.data;
  if (start + size > view.byteLength) {
    throw unreadable(
      `The WAV file is truncated: it says ${size} bytes of sound and has ${view.byteLength - start}.`,
    );
  }
  const frames = Math.floor(size / (described.bytesPerSample * described.channels));
  if (frames === 0) throw unreadable('The WAV file has no samples.');
  return { ...described, dataStart: start, frames };
}

interface Chunk {
  readonly start: number;
  readonly size: number;
}

function fourCc(view: DataView, at: number): string {
  if (at + 4 > view.byteLength) return '';
  return String.fromCharCode(
    view.getUint8(at),
    view.getUint8(at + 1),
    view.getUint8(at + 2),
    view.getUint8(at + 3),
  );
}

function findChunks(view: DataView, riff: string): { format?: Chunk; data?: Chunk } {
  const end = view.byteLength;
  const found: { format?: Chunk; data?: Chunk } = {};
  let longDataSize: number | undefined;
  let at = 12;
  while (at + 8 <= end && (found.format === undefined || found.data === undefined)) {
    const id = fourCc(view, at);
    const start = at + 8;
    let size = view.getUint32(at + 4, true);
    if (id === 'ds64' && riff !== 'RIFF' && start + 16 <= end) {
      longDataSize = Number(view.getBigUint64(start + 8, true));
    } else if (id === 'fmt ') {
      found.format ??= { start, size };
    } else if (id === 'data') {
      const open = size >= STREAMING_SIZE || (size === 0 && !isHonestlyEmpty(view, start));
      if (open) size = size === 0xffff_ffff && longDataSize ? longDataSize : end - start;
      found.data ??= { start, size };
    }
    at = start + size;
    // Chunks are padded to even length; a writer that forgets to is recognised by the next id starting at once.
    if (size % 2 === 1 && !isChunkId(view, at)) at += 1;
  }
  return found;
}

/** A data size of 0 is true only in a file that is otherwise whole: sizes add up, and nothing but chunks follows. */
function isHonestlyEmpty(view: DataView, after: number): boolean {
  if (view.getUint32(4, true) !== view.byteLength - 8) return after === view.byteLength;
  let at = after;
  while (at + 8 <= view.byteLength && isChunkId(view, at)) {
    const size = view.getUint32(at + 4, true);
    at += 8 + size + (size % 2);
  }
  return at >= view.byteLength;
}

function isChunkId(view: DataView, at: number): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9 _-]{3}$/.test(fourCc(view, at));
}

function readFormatChunk(view: DataView, chunk: Chunk): Omit<WavFormat, 'dataStart' | 'frames'> {
  if (chunk.size < 16) throw unreadable(`The "fmt " chunk has ${chunk.size} bytes; it needs at least 16.`);
  const channels = view.getUint16(chunk.start + 2, true);
  const sampleRate = view.getUint32(chunk.start + 4, true);
  const blockAlign = view.getUint16(chunk.start + 12, true);
  const bits = view.getUint16(chunk.start + 14, true);
  const coding = readCoding(view, chunk);
  if (channels < 1 || channels > MAX_CHANNELS) {
    throw unreadable(`The WAV file says it has ${channels} channels; 1 to ${MAX_CHANNELS} are possible.`);
  }
  if (sampleRate < MIN_RATE || sampleRate > MAX_RATE) {
    throw unreadable(
      `The WAV file says ${sampleRate} samples a second; ${MIN_RATE} to ${MAX_RATE} are possible.`,
    );
  }
  // A sample of, say, 20 bits sits in the upper bits of the next whole byte count.
  const bytesPerSample = Math.ceil(bits / 8);
  const fits = {
    pcm: bits >= 8 && bits <= 32,
    float: bits === 32 || bits === 64,
    alaw: bits === 8,
    mulaw: bits === 8,
  }[coding];
  if (!fits) throw unreadable(`The WAV file says ${bits} bits a sample, which does not exist for ${coding}.`);
  if (blockAlign !== channels * bytesPerSample) {
    throw unreadable(
      `The WAV file says ${blockAlign} bytes a frame; ${channels} channels of ${bits} bits need ${channels * bytesPerSample}.`,
    );
  }
  return { coding, sampleRate, channels, bytesPerSample };
}

function readCoding(view: DataView, chunk: Chunk): SampleCoding {
  let tag = view.getUint16(chunk.start, true);
  if (tag === TAG_EXTENSIBLE) {
    if (chunk.size < 40 || chunk.start + 40 > view.byteLength) {
      throw unreadable('The "fmt " chunk says WAVE_FORMAT_EXTENSIBLE and ends before its sub-format.');
    }
    const tail = SUBFORMAT_TAIL.every((byte, index) => view.getUint8(chunk.start + 26 + index) === byte);
    if (!tail) throw unreadable('The WAV file holds a codec known only by a GUID (WAVE_FORMAT_EXTENSIBLE).');
    tag = view.getUint16(chunk.start + 24, true);
  }
  const coding = CODECS[tag];
  if (coding !== undefined) return coding;
  const name = REFUSED_CODECS[tag] ?? 'an unknown codec';
  throw unreadable(`The WAV file holds ${name} (codec tag 0x${tag.toString(16).padStart(4, '0')}).`);
}
