import { damagedAudio, refusedAudio } from './decoded-audio.ts';

/** What an MP4 says about its AAC, as far as an ADTS header tells it again. */
export interface AacConfig {
  /** 1 to 4; 2 is AAC-LC. */
  readonly objectType: number;
  /** Index into the table of rates, 0 to 12. */
  readonly rateIndex: number;
  /** 1 to 7. */
  readonly channels: number;
}

/** Hertz, by index (ISO/IEC 14496-3, 1.6.3.4). */
const RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
] as const;
const ESCAPED_RATE = 15;
/** Object types that only say how an ordinary one is extended: SBR and parametric stereo. */
const EXTENSIONS: readonly number[] = [5, 29];
const HEADER_BYTES = 7;
const MAX_FRAME_BYTES = 0x1fff;

/**
 * Reads an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1). Decoders find SBR in the frames themselves, so only the core matters.
 *
 * @throws {AppError} UNSUPPORTED_MEDIA_TYPE for kinds of AAC that ADTS can't carry; AUDIO_UNREADABLE when it ends too early.
 */
export function readAacConfig(bytes: Uint8Array): AacConfig {
  const read = createBitReader(bytes);
  const readType = () => {
    const type = read(5);
    return type === 31 ? 32 + read(6) : type;
  };
  const readRate = () => {
    const index = read(4);
    return index === ESCAPED_RATE ? RATES.indexOf(read(24) as (typeof RATES)[number]) : index;
  };
  let objectType = readType();
  const rateIndex = readRate();
  const channels = read(4);
  if (EXTENSIONS.includes(objectType)) {
    readRate();
    objectType = readType();
  }
  if (objectType < 1 || objectType > 4) {
    throw refusedAudio(`MP4 with AAC of a kind that is not taken (object type ${objectType})`);
  }
  if (rateIndex < 0 || rateIndex >= RATES.length || channels < 1 || channels > 7) {
    throw refusedAudio('MP4 with AAC of a rate or an order of channels that is not taken');
  }
  return { objectType, rateIndex, channels };
}

/** One frame with its ADTS header (ISO/IEC 14496-3, 1.A.2), which says all that a decoder has to know. */
export function toAdtsFrame({ objectType, rateIndex, channels }: AacConfig, frame: Uint8Array): Uint8Array {
  const length = HEADER_BYTES + frame.length;
  if (length > MAX_FRAME_BYTES) throw damagedAudio(`The file holds an AAC frame of ${frame.length} bytes.`);
  const adts = new Uint8Array(length);
  adts[0] = 0xff;
  // MPEG-4, no checksum.
  adts[1] = 0xf1;
  adts[2] = ((objectType - 1) << 6) | (rateIndex << 2) | (channels >> 2);
  adts[3] = ((channels & 3) << 6) | (length >> 11);
  adts[4] = (length >> 3) & 0xff;
  // A buffer fullness of all ones: the bit rate varies.
  adts[5] = ((length & 7) << 5) | 0x1f;
  adts[6] = 0xfc;
  adts.set(frame, HEADER_BYTES);
  return adts;
}

function createBitReader(bytes: Uint8Array): (bits: number) => number {
  let at = 0;
  return (bits) => {
    let value = 0;
    for (let bit = 0; bit < bits; bit++, at++) {
      const byte = bytes[at >> 3];
      if (byte === undefined) throw damagedAudio('The MP4 file ends inside the description of its AAC.');
      value = value * 2 + ((byte >> (7 - (at & 7))) & 1);
    }
    return value;
  };
}
