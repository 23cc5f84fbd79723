import { endianness } from 'node:os';
import { encodeWav } from '../audio/wav.ts';

const RIFF_SIZE_AT = 4;
const DATA_SIZE_AT = 40;
/** What stands before the sound and is not counted in the RIFF size. */
const UNCOUNTED_BYTES = 8;

/** Pieces of mono PCM16 at one rate as one WAV file; copies memory and looks at no sample. */
export function wavOfPieces(pieces: readonly Int16Array[], sampleRate: number): Buffer {
  const header = encodeWav(new Int16Array(0), sampleRate);
  const file = Buffer.concat([header, ...pieces.map(littleEndian)]);
  file.writeUInt32LE(file.length - UNCOUNTED_BYTES, RIFF_SIZE_AT);
  file.writeUInt32LE(file.length - header.length, DATA_SIZE_AT);
  return file;
}

function littleEndian(samples: Int16Array): Buffer {
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  return endianness() === 'LE' ? bytes : Buffer.from(bytes).swap16();
}
