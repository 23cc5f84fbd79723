import { toPcm16 } from '../../audio/pcm.ts';
import { decodeWav } from '../../audio/wav.ts';
import type { PieceDecoder } from './piece-decoder.ts';

/** A header this long holds no sound: pictures and texts in front of it stay far below. */
const MOST_HEADER_BYTES = 1024 ** 2;
/** Sizes from here on mean that the server did not know yet. */
const OPEN_SIZE = 0x7fff_0000;

/** Decodes a WAV file of any coding that `decodeWav` knows while it comes in. Sizes that the server left open are no matter. */
export function createWavStream(): PieceDecoder {
  let waiting: Buffer = Buffer.alloc(0);
  let header: { readonly bytes: Buffer; readonly frameBytes: number } | null = null;
  let soundBytesLeft = Infinity;

  /** Takes the header off what has come, once it is whole. */
  const readHeader = (): typeof header => {
    const found = findSound(waiting);
    if (found === null) {
      if (waiting.length > MOST_HEADER_BYTES)
        throw new Error('The WAV file has no sound in its first bytes.');
      return null;
    }
    const { format, start, size } = found;
    waiting = waiting.subarray(start);
    if (size < OPEN_SIZE && size > 0) soundBytesLeft = size;
    return { bytes: openHeader(format), frameBytes: Math.max(1, format.readUInt16LE(12)) };
  };

  return {
    push(bytes) {
      waiting = Buffer.concat([waiting, bytes]);
      header ??= readHeader();
      if (header === null) return null;
      // Behind the sound stand notes of whoever made the file.
      const here = Math.min(waiting.length, soundBytesLeft);
      const whole = here - (here % header.frameBytes);
      if (whole === 0) return null;
      const { samples, sampleRate } = decodeWav(Buffer.concat([header.bytes, waiting.subarray(0, whole)]));
      waiting = waiting.subarray(whole);
      soundBytesLeft -= whole;
      return { samples: toPcm16(samples), sampleRate };
    },
  };
}

interface FoundSound {
  /** What the `fmt ` chunk holds. */
  readonly format: Buffer;
  /** First byte of the sound. */
  readonly start: number;
  /** As the file says; 0 or huge where it does not know. */
  readonly size: number;
}

function findSound(bytes: Buffer): FoundSound | null {
  let format: Buffer | null = null;
  let at = 12;
  while (at + 8 <= bytes.length) {
    const id = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const start = at + 8;
    if (id === 'data') {
      if (format === null) throw new Error('The WAV file has no "fmt " chunk before its sound.');
      return { format, start, size };
    }
    if (start + size > bytes.length) return null;
    if (id === 'fmt ') {
      if (size < 16) throw new Error(`The "fmt " chunk of the WAV file has ${size} bytes; it needs 16.`);
      format = bytes.subarray(start, start + size);
    }
    at = start + size + (size % 2);
  }
  return null;
}

/** A header in front of a piece of the sound, which makes a WAV file of it. */
function openHeader(format: Buffer): Buffer {
  const header = Buffer.alloc(12 + 8 + format.length + (format.length % 2) + 8);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(0xffff_ffff, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(format.length, 16);
  format.copy(header, 20);
  header.write('data', header.length - 8, 'latin1');
  header.writeUInt32LE(0xffff_ffff, header.length - 4);
  return header;
}
