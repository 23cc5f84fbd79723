import { createMp3Stream, type Mp3Sound } from '../../audio/mp3-stream.ts';
import { toPcm16 } from '../../audio/pcm.ts';
import { createPcmStream } from './pcm-stream.ts';
import type { DecodedPiece, PieceDecoder } from './piece-decoder.ts';
import { SOUND_HEAD_BYTES, soundForm, type SoundForm } from './sound-form.ts';
import { createWavStream } from './wav-stream.ts';

/** Thrown for an answer that is no sound, or none that can be read. Its message says what it is, and quotes nothing. */
export class NoSoundError extends Error {
  override readonly name = 'NoSoundError';
}

/**
 * The sound in the body of an answer, as it comes: bare samples, WAV or MP3, whichever it turns out to be.
 *
 * @param contentType Of the answer; empty where it has none.
 * @param sampleRate Of bare samples where the answer does not tell.
 * @throws {NoSoundError} for anything else; what `body` throws.
 */
export async function* decodeSpeech(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
  sampleRate: number,
): AsyncGenerator<DecodedPiece, void, void> {
  let head: Uint8Array = new Uint8Array(0);
  let decoder: PieceDecoder | null = null;
  const open = () => openDecoder(soundForm(contentType, head, sampleRate));
  try {
    for await (const piece of body) {
      if (decoder === null) {
        head = head.length === 0 ? piece : Buffer.concat([head, piece]);
        if (head.length < SOUND_HEAD_BYTES) continue;
        decoder = await open();
        yield* present(attempt(() => decoder!.push(head)));
      } else {
        yield* present(attempt(() => decoder!.push(piece)));
      }
    }
    if (head.length === 0) return;
    if (decoder === null) {
      decoder = await open();
      yield* present(attempt(() => decoder!.push(head)));
    }
    yield* present(attempt(() => decoder!.flush?.() ?? null));
  } finally {
    decoder?.free?.();
  }
}

async function openDecoder(form: SoundForm): Promise<PieceDecoder> {
  switch (form.type) {
    case 'pcm':
      return createPcmStream(form.sampleRate);
    case 'wav':
      return createWavStream();
    case 'mp3':
      return openMp3();
    case 'other':
      throw new NoSoundError(
        `It answers with ${form.what}; bare samples of 16 bits, WAV and MP3 are understood.`,
      );
  }
}

async function openMp3(): Promise<PieceDecoder> {
  const stream = await createMp3Stream();
  const toPiece = ({ samples, sampleRate }: Mp3Sound): DecodedPiece | null =>
    samples.length === 0 ? null : { samples: toPcm16(samples), sampleRate };
  return {
    push: (bytes) => toPiece(stream.push(bytes)),
    flush: () => toPiece(stream.flush()),
    free: () => stream.free(),
  };
}

function attempt(decode: () => DecodedPiece | null): DecodedPiece | null {
  try {
    return decode();
  } catch (error) {
    throw new NoSoundError('Its sound can not be read.', { cause: error });
  }
}

function* present(piece: DecodedPiece | null): Generator<DecodedPiece, void, void> {
  if (piece !== null) yield piece;
}
