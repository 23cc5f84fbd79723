import { damagedAudio, refusedAudio } from './decoded-audio.ts';
import type { SoundTrack } from './sound-track.ts';

/**
 * Reads the sound of WebM and Matroska files (RFC 8794, RFC 9559) in one walk: the time is in proportion to the file whatever is
 * in it, and a recording that was cut off gives every block up to the tear.
 */

const ID = {
  header: 0x1a45dfa3,
  segment: 0x18538067,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackType: 0x83,
  codec: 0x86,
  codecPrivate: 0x63a2,
  contentEncodings: 0x6d80,
  cluster: 0x1f43b675,
  blockGroup: 0xa0,
  block: 0xa1,
  simpleBlock: 0xa3,
} as const;
/** Elements whose children are read as if they stood beside them: so it does not matter whether their size is known. */
const OPENED: readonly number[] = [ID.segment, ID.tracks, ID.cluster, ID.blockGroup];
const CLUSTER_ID = Buffer.from('1f43b675', 'hex');
const AUDIO_TRACK = 2;
const LACING = 0x06;

const CODECS: Readonly<Record<string, string>> = {
  A_OPUS: 'opus',
  A_VORBIS: 'vorbis',
  A_AAC: 'aac',
  'A_MPEG/L3': 'mp3',
};

interface Element {
  readonly id: number;
  readonly contentAt: number;
  /** Behind its last byte; Infinity where the size is left open. */
  readonly end: number;
}

interface Entry {
  readonly number: number;
  readonly codec: string;
  readonly description: Uint8Array | undefined;
}

/** The first audio track. @throws {AppError} AUDIO_UNREADABLE when there is none; UNSUPPORTED_MEDIA_TYPE. */
export function openWebmTrack(bytes: Buffer): SoundTrack {
  if (readElement(bytes, 0)?.id !== ID.header) throw damagedAudio('The WebM file can not be read.');
  for (const element of walk(bytes)) {
    if (element.id !== ID.trackEntry) continue;
    const entry = readEntry(bytes, element);
    if (entry === null) continue;
    const { number, codec, description } = entry;
    return {
      codec: CODECS[codec] ?? codec,
      description,
      packets: () => readBlocks(bytes, number),
    };
  }
  throw damagedAudio('The WebM file has no sound in it, or was cut off before it says which.');
}

/** Every element but those that are {@link OPENED}. Goes on with the next cluster where something can not be read. */
function* walk(bytes: Buffer): Generator<Element, void, void> {
  let at = 0;
  while (at >= 0 && at < bytes.length) {
    const element = readElement(bytes, at);
    if (element !== null && OPENED.includes(element.id)) {
      at = element.contentAt;
    } else if (element !== null && element.end <= bytes.length) {
      yield element;
      at = element.end;
    } else {
      at = bytes.indexOf(CLUSTER_ID, at + 1);
    }
  }
}

/** Null for a track that is no sound. */
function readEntry(bytes: Buffer, entry: Element): Entry | null {
  let number = 0;
  let type = 0;
  let codec = '';
  let description: Uint8Array | undefined;
  let isEncoded = false;
  for (let at = entry.contentAt; at < entry.end;) {
    const element = readElement(bytes, at);
    if (element === null || element.end > entry.end) break;
    const content = bytes.subarray(element.contentAt, element.end);
    if (element.id === ID.trackNumber) number = unsigned(content);
    else if (element.id === ID.trackType) type = unsigned(content);
    else if (element.id === ID.codec) codec = nameIn(content);
    else if (element.id === ID.codecPrivate) description = content;
    else if (element.id === ID.contentEncodings) isEncoded = true;
    at = element.end;
  }
  if (type !== AUDIO_TRACK) return null;
  if (isEncoded) throw refusedAudio('Matroska with sound that is compressed again or encrypted');
  return { number, codec, description };
}

function* readBlocks(bytes: Buffer, track: number): Generator<Uint8Array, void, void> {
  for (const { id, contentAt, end } of walk(bytes)) {
    if (id !== ID.simpleBlock && id !== ID.block) continue;
    const numberBytes = lengthOf(bytes[contentAt]);
    // Track number, time, flags.
    const headerEnd = contentAt + numberBytes + 3;
    if (numberBytes === 0 || headerEnd > end) continue;
    let number = bytes[contentAt]! & (0xff >> numberBytes);
    for (let at = contentAt + 1; at < contentAt + numberBytes; at++) number = number * 256 + bytes[at]!;
    if (number !== track) continue;
    if ((bytes[headerEnd - 1]! & LACING) !== 0) throw refusedAudio('WebM with several packets in one block');
    yield bytes.subarray(headerEnd, end);
  }
}

function readElement(bytes: Buffer, at: number): Element | null {
  const idBytes = lengthOf(bytes[at]);
  const sizeAt = at + idBytes;
  const sizeBytes = lengthOf(bytes[sizeAt]);
  const contentAt = sizeAt + sizeBytes;
  if (idBytes === 0 || idBytes > 4 || sizeBytes === 0 || contentAt > bytes.length) return null;
  let size = bytes[sizeAt]! & (0xff >> sizeBytes);
  let isOpen = size === 0xff >> sizeBytes;
  for (let index = sizeAt + 1; index < contentAt; index++) {
    size = size * 256 + bytes[index]!;
    isOpen &&= bytes[index] === 0xff;
  }
  const id = bytes.readUIntBE(at, idBytes);
  return { id, contentAt, end: isOpen ? Infinity : contentAt + size };
}

/** Bytes of a variable-length number, by its first byte: as many as it has leading zero bits, and one; 0 for none. */
function lengthOf(first: number | undefined): number {
  return first === undefined || first === 0 ? 0 : Math.clz32(first) - 23;
}

function unsigned(content: Uint8Array): number {
  return content.reduce((value, byte) => value * 256 + byte, 0);
}

function nameIn(content: Buffer): string {
  return content.toString('latin1', 0, 40).replaceAll(/[^\w/.-]/g, '');
}
