import type { WasmMediaEncoder } from 'wasm-media-encoders';
import { resample } from './resample.ts';

export type CompressedFormat = 'mp3' | 'ogg';

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

const MIME_TYPES = { mp3: 'audio/mpeg', ogg: 'audio/ogg' } as const;
/** Rates that MP3 knows, in hertz. */
const MP3_RATES = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000] as const;
const PIECE_SECONDS = 0.5;
/** Plenty for one voice: about 40 kbit/s at 22 kHz. */
const MP3_BITRATE = 64;
const OGG_QUALITY = 3;

type AnyEncoder = WasmMediaEncoder<'audio/mpeg'> | WasmMediaEncoder<'audio/ogg'>;

export function createAudioEncoder(): AudioEncoder {
  const encoders = new Map<CompressedFormat, Promise<AnyEncoder>>();
  /** An encoder holds the state of one file: files are made one after the other. */
  const turns: Record<CompressedFormat, Promise<unknown>> = {
    mp3: Promise.resolve(),
    ogg: Promise.resolve(),
  };

  const load = (format: CompressedFormat): Promise<AnyEncoder> => {
    let encoder = encoders.get(format);
    if (encoder === undefined) {
      encoder = import('wasm-media-encoders').then(
        ({ createMp3Encoder, createOggEncoder }): Promise<AnyEncoder> =>
          format === 'mp3' ? createMp3Encoder() : createOggEncoder(),
      );
      encoders.set(format, encoder);
    }
    return encoder;
  };

  const encodeNow: AudioEncoder['encode'] = async (format, samples, sampleRate, signal) => {
    try {
      signal.throwIfAborted();
      const encoder = await load(format);
      const rate = format === 'mp3' ? (MP3_RATES.find((known) => known >= sampleRate) ?? 48_000) : sampleRate;
      const sound = resample(samples, sampleRate, rate);
      configure(encoder, rate);
      const pieces: Buffer[] = [];
      const step = Math.round(rate * PIECE_SECONDS);
      for (let at = 0; at < sound.length; at += step) {
        // The encoder owns the bytes it gives and writes over them.
        pieces.push(Buffer.from(encoder.encode([sound.subarray(at, at + step)])));
        await nextTurnOfTheLoop();
        signal.throwIfAborted();
      }
      pieces.push(Buffer.from(encoder.finalize()));
      return Buffer.concat(pieces);
    } catch (error) {
      // An encoder left in the middle of a file is not used again.
      encoders.delete(format);
      throw error;
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

function configure(encoder: AnyEncoder, sampleRate: number): void {
  if (encoder.mimeType === MIME_TYPES.mp3) {
    encoder.configure({ channels: 1, sampleRate, bitrate: MP3_BITRATE });
  } else {
    // A fixed serial number: it is random otherwise, and the same sound would differ.
    encoder.configure({
      channels: 1,
      sampleRate,
      vbrQuality: OGG_QUALITY,
      oggSerialNo: 1,
    });
  }
}

function nextTurnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
