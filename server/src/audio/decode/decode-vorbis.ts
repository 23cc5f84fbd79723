import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { inPieces } from './in-pieces.ts';
import type { SoundCollector } from './sound-collector.ts';

const PIECE_BYTES = 16 * 1024;

/** Decodes an Ogg Vorbis file piece by piece, so that sound without end stops at the collector's limit. */
export async function decodeOggVorbis(bytes: Uint8Array, collector: SoundCollector): Promise<void> {
  const decoder = new OggVorbisDecoder();
  try {
    await decoder.ready;
    for (const piece of inPieces(bytes, PIECE_BYTES)) {
      collect(await decoder.decode(piece), collector);
    }
    collect(await decoder.flush(), collector);
  } finally {
    decoder.free();
  }
}

function collect(decoded: Awaited<ReturnType<OggVorbisDecoder['decode']>>, collector: SoundCollector): void {
  collector.count(1, decoded.errors.length > 0 ? 1 : 0);
  collector.add(decoded.channelData, decoded.sampleRate);
}
