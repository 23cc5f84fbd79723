import { readAacConfig, toAdtsFrame } from './aac-adts.ts';
import { damagedAudio, refusedAudio, tooLongAudio } from './decoded-audio.ts';
import { decodeMp3 } from './decode-mp3.ts';
import { decodeOpus } from './decode-opus.ts';
import { decodeOggVorbis } from './decode-vorbis.ts';
import { inPieces } from './in-pieces.ts';
import { openMp4Track } from './mp4-track.ts';
import { openOggTrack } from './ogg-track.ts';
import { createSoundCollector, type CollectedSound } from './sound-collector.ts';
import type { SoundTrack } from './sound-track.ts';
import { openWebmTrack } from './webm-track.ts';

/** Kinds that {@link decodeCompressed} takes. */
export type CompressedKind = 'webm' | 'ogg' | 'mp3' | 'mp4';

/** Sound, or AAC frames with their ADTS headers, which another program has to decode. */
export type Decompressed =
  | ({ readonly type: 'sound' } & CollectedSound)
  | { readonly type: 'aac'; readonly adts: Uint8Array<ArrayBuffer> };

const NAMES: Readonly<Record<CompressedKind, string>> = {
  webm: 'WebM',
  ogg: 'Ogg',
  mp3: 'MP3',
  mp4: 'MP4',
};
const MP3_PIECE_BYTES = 16 * 1024;
/** AAC frames hold 960 or 1,024 samples, at 96,000 a second at the most. */
const SHORTEST_AAC_FRAME_MS = 10;

/**
 * Decodes a compressed file until it ends or `maxDurationMs` is over. A file that was cut off gives what it holds, where that
 * is 0.1 s at least. It holds its thread for about a hundredth of the sound's length.
 *
 * @throws {AppError} UNSUPPORTED_MEDIA_TYPE for a codec that is not taken; AUDIO_UNREADABLE.
 */
export async function decodeCompressed(
  bytes: Uint8Array,
  kind: CompressedKind,
  maxDurationMs: number,
): Promise<Decompressed> {
  const collector = createSoundCollector(maxDurationMs);
  if (kind === 'mp3') {
    await decodeMp3(inPieces(bytes, MP3_PIECE_BYTES), collector);
    return { type: 'sound', ...collector.finish() };
  }
  const track = await openTrack(bytes, kind);
  switch (track.codec) {
    case 'opus':
      await decodeOpus(track.description, track.packets(), collector);
      break;
    case 'mp3':
      await decodeMp3(track.packets(), collector);
      break;
    case 'vorbis':
      if (kind !== 'ogg') throw refusedAudio(`${NAMES[kind]} with Vorbis`);
      await decodeOggVorbis(bytes, collector);
      break;
    case 'aac':
      return { type: 'aac', adts: await collectAdts(track, NAMES[kind], maxDurationMs) };
    default:
      throw refusedAudio(`${NAMES[kind]} with ${track.codec || 'sound of an unknown kind'}`);
  }
  return { type: 'sound', ...collector.finish() };
}

function openTrack(
  bytes: Uint8Array,
  kind: Exclude<CompressedKind, 'mp3'>,
): SoundTrack | Promise<SoundTrack> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  switch (kind) {
    case 'webm':
      return openWebmTrack(buffer);
    case 'ogg':
      return openOggTrack(buffer);
    case 'mp4':
      return openMp4Track(bytes);
  }
}

async function collectAdts(
  track: SoundTrack,
  name: string,
  maxDurationMs: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const config = readAacConfig(track.description ?? new Uint8Array(0));
  const frames: Uint8Array[] = [];
  let length = 0;
  for await (const packet of track.packets()) {
    const frame = toAdtsFrame(config, packet);
    frames.push(frame);
    length += frame.length;
    if (frames.length * SHORTEST_AAC_FRAME_MS > maxDurationMs + 1_000) throw tooLongAudio(maxDurationMs);
  }
  if (frames.length === 0) throw damagedAudio(`The ${name} file has no sound in it.`);
  const adts = new Uint8Array(length);
  let at = 0;
  for (const frame of frames) {
    adts.set(frame, at);
    at += frame.length;
  }
  return adts;
}
