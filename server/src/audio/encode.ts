import { createStreamEncoder, type CompressedFormat } from './stream-encoder.ts';

/** Compresses mono sound; the encoders are loaded at first use and used again. */
export interface AudioEncoder {
  /**
   * A whole MP3 or Ogg Vorbis file. The same sound gives the same bytes. The event loop is let go between pieces of half a
   * second of sound.
   *
   * @param samples Mono, in [-1, 1].
   * @throws the signal's reason when it aborts.
   */
  encode(
    format: CompressedFormat,
    samples: Float32Array<ArrayBuffer>,
    sampleRate: number,
    signal: AbortSignal,
  ): Promise<Buffer>;
}

const PIECE_SECONDS = 0.5;

export function createAudioEncoder(): AudioEncoder {
  /** Files are made one after the other: side by side they would only share the one thread. */
  const turns: Record<CompressedFormat, Promise<unknown>> = {
    mp3: Promise.resolve(),
    ogg: Promise.resolve(),
  };

  const encodeNow: AudioEncoder['encode'] = async (format, samples, sampleRate, signal) => {
    signal.throwIfAborted();
    const encoder = await createStreamEncoder(format, sampleRate);
    try {
      const pieces: Buffer[] = [];
      const step = Math.round(sampleRate * PIECE_SECONDS);
      for (let at = 0; at < samples.length; at += step) {
        pieces.push(encoder.push(samples.subarray(at, at + step)));
        await nextTurnOfTheLoop();
        signal.throwIfAborted();
      }
      pieces.push(encoder.end());
      return Buffer.concat(pieces);
    } finally {
      encoder.close();
    }
  };

  return {
    encode(format, samples, sampleRate, signal) {
      const result = turns[format].then(() => encodeNow(format, samples, sampleRate, signal));
      turns[format] = result.catch(() => {});
      return result;
    },
  };
}

function nextTurnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
