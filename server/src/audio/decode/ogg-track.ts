import { damagedAudio } from './decoded-audio.ts';
import type { SoundTrack } from './sound-track.ts';

/** Reads the sound of Ogg files (RFC 3533) in one walk; pages that can not be read are passed over. */

const PAGE = Buffer.from('OggS', 'latin1');
const HEADER_BYTES = 27;
const CONTINUED = 1;
const FULL_SEGMENT = 255;
/** How the first packet of a stream begins. */
const BEGINNINGS: readonly (readonly [codec: string, beginning: string])[] = [
  ['opus', 'OpusHead'],
  ['vorbis', '\u0001vorbis'],
  ['FLAC', '\u007fFLAC'],
  ['Speex', 'Speex   '],
];
const OPUS_TAGS = Buffer.from('OpusTags', 'latin1');

interface Page {
  readonly serial: number;
  readonly isContinued: boolean;
  readonly segments: Uint8Array;
  readonly bodyAt: number;
}

/** The first stream of sound. @throws {AppError} AUDIO_UNREADABLE when there is none. */
export function openOggTrack(bytes: Buffer): SoundTrack {
  for (const page of pages(bytes)) {
    const first = bytes.subarray(page.bodyAt, page.bodyAt + (page.segments[0] ?? 0));
    const known = BEGINNINGS.find(([, text]) => first.toString('latin1', 0, text.length) === text);
    if (known === undefined) continue;
    return { codec: known[0], description: first, packets: () => packets(bytes, page.serial) };
  }
  throw damagedAudio('The Ogg file has no sound in it that is known here, or was cut off at its beginning.');
}

/** Packets of one stream, without its headers. */
function* packets(bytes: Buffer, serial: number): Generator<Uint8Array, void, void> {
  let begun: Uint8Array[] | null = null;
  let isHead = true;
  for (const page of pages(bytes)) {
    if (page.serial !== serial) continue;
    // What was begun on a page that is lost has no end, and what a lost page began has no beginning.
    begun = page.isContinued ? begun : [];
    let at = page.bodyAt;
    for (const length of page.segments) {
      begun?.push(bytes.subarray(at, at + length));
      at += length;
      if (length === FULL_SEGMENT) continue;
      const packet = begun === null ? null : joined(begun);
      begun = [];
      if (packet === null) continue;
      if (!isHead && packet.compare(OPUS_TAGS, 0, OPUS_TAGS.length, 0, Math.min(packet.length, 8)) !== 0)
        yield packet;
      isHead = false;
    }
  }
}

/** Whole pages only. */
function* pages(bytes: Buffer): Generator<Page, void, void> {
  for (let at = bytes.indexOf(PAGE); at >= 0;) {
    const page = readPage(bytes, at);
    if (page === null) {
      at = bytes.indexOf(PAGE, at + 1);
      continue;
    }
    yield page;
    const end = page.bodyAt + page.segments.reduce((sum, length) => sum + length, 0);
    at = bytes.indexOf(PAGE, end);
  }
}

function readPage(bytes: Buffer, at: number): Page | null {
  const count = bytes[at + HEADER_BYTES - 1];
  const bodyAt = at + HEADER_BYTES + (count ?? 0);
  if (count === undefined || bodyAt > bytes.length) return null;
  const segments = bytes.subarray(at + HEADER_BYTES, bodyAt);
  if (bodyAt + segments.reduce((sum, length) => sum + length, 0) > bytes.length) return null;
  return {
    serial: bytes.readUInt32LE(at + 14),
    isContinued: (bytes[at + 5]! & CONTINUED) !== 0,
    segments,
    bodyAt,
  };
}

function joined(pieces: readonly Uint8Array[]): Buffer {
  return pieces.length === 1
    ? Buffer.from(pieces[0]!.buffer, pieces[0]!.byteOffset, pieces[0]!.length)
    : Buffer.concat(pieces);
}
