import type { WasmMediaEncoder } from 'wasm-media-encoders';
import { fromPcm16, toPcm16 } from './pcm.ts';
import { createResampler, type Resampler } from './resample.ts';
import { streamingWavHeader } from './wav.ts';

export type CompressedFormat = 'mp3' | 'ogg';

/** Formats that sound is sent in while it is still being made. */
export type StreamFormat = 'pcm' | 'wav' | CompressedFormat;

/** The media type of each format. PCM is signed, 16 bits, little-endian, one channel. */
export const STREAM_MEDIA_TYPES: Readonly<Record<StreamFormat, string>> = {
  pcm: 'audio/pcm',
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
};

/** One file of mono sound that leaves piece by piece. */
export interface StreamEncoder {
  readonly mediaType: string;
  /** Hertz of what comes out: MP3 knows nine rates only. */
  readonly sampleRate: number;
  /**
   * Takes the next sound, in [-1, 1] or PCM16, and gives every byte that is ready; none may be. MP3 follows within 0.15 s of
   * sound. Ogg gives its headers at once and then whole pages of 4 kB, about half a second of sound each. The work holds the
   * event loop for 10 to 40 ms a second of sound: give it short pieces.
   *
   * @throws Error after `end` or `close`.
   */
  push(samples: Float32Array | Int16Array): Buffer;
  /** The rest of the file. Sound without a sample still makes a whole file. */
  end(): Buffer;
  /** Gives up a file that nobody wants to the end. Without effect after `end`. Call it in `finally`. */
  close(): void;
}

/** Rates that MP3 knows, in hertz. */
const MP3_RATES = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000] as const;
/** Plenty for one voice. */
const MP3_BITRATE = 64;
const OGG_QUALITY = 3;
/** Encoders kept for the next file; each holds a few megabytes. */
const MAX_IDLE = 4;
const NO_BYTES = Buffer.alloc(0);

type WasmEncoder = WasmMediaEncoder<'audio/mpeg'> | WasmMediaEncoder<'audio/ogg'>;

const idle: Readonly<Record<CompressedFormat, WasmEncoder[]>> = { mp3: [], ogg: [] };

/**
 * Opens a file of mono sound at `sampleRate` hertz, a whole number. The same sound in the same pieces gives the same bytes. A WAV
 * begins with a header that leaves its length open.
 *
 * @throws {RangeError} for a rate that is none.
 */
export async function createStreamEncoder(format: StreamFormat, sampleRate: number): Promise<StreamEncoder> {
  if (!Number.isInteger(sampleRate) || sampleRate < 1) {
    throw new RangeError(`A sample rate is a whole number above 0; given was ${sampleRate}.`);
  }
  if (format === 'pcm' || format === 'wav') return openPlain(format, sampleRate);
  return openCompressed(format, sampleRate, idle[format].pop() ?? (await load(format)));
}

function openPlain(format: 'pcm' | 'wav', sampleRate: number): StreamEncoder {
  let header: Buffer = format === 'wav' ? streamingWavHeader(sampleRate) : NO_BYTES;
  let open = true;
  return {
    mediaType: STREAM_MEDIA_TYPES[format],
    sampleRate,
    push(samples) {
      refuseClosed(open);
      const bytes = Buffer.concat([header, littleEndian(samples)]);
      header = NO_BYTES;
      return bytes;
    },
    end() {
      refuseClosed(open);
      open = false;
      return header;
    },
    close: () => void (open = false),
  };
}

function littleEndian(samples: Float32Array | Int16Array): Buffer {
  const pcm = samples instanceof Int16Array ? samples : toPcm16(samples);
  const bytes = Buffer.allocUnsafe(pcm.length * 2);
  for (let index = 0; index < pcm.length; index++) bytes.writeInt16LE(pcm[index]!, index * 2);
  return bytes;
}

async function load(format: CompressedFormat): Promise<WasmEncoder> {
  const { createMp3Encoder, createOggEncoder } = await import('wasm-media-encoders');
  return format === 'mp3' ? createMp3Encoder() : createOggEncoder();
}

function openCompressed(format: CompressedFormat, fromRate: number, encoder: WasmEncoder): StreamEncoder {
  const sampleRate =
    format === 'mp3' ? (MP3_RATES.find((known) => known >= fromRate) ?? MP3_RATES.at(-1)!) : fromRate;
  const resampler: Resampler = createResampler(fromRate, sampleRate);
  configure(encoder, sampleRate);
  let open = true;
  const encode = (samples: Float32Array): Buffer =>
    // The encoder owns the bytes it gives and writes over them.
    samples.length === 0 ? NO_BYTES : Buffer.from(encoder.encode([samples]));
  return {
    mediaType: STREAM_MEDIA_TYPES[format],
    sampleRate,
    push(samples) {
      refuseClosed(open);
      return encode(resampler.push(samples instanceof Int16Array ? fromPcm16(samples) : samples));
    },
    end() {
      refuseClosed(open);
      open = false;
      const last = encode(resampler.flush());
      const bytes = Buffer.concat([last, encoder.finalize()]);
      // Only one at the end of its file is used again.
      if (idle[format].length < MAX_IDLE) idle[format].push(encoder);
      return bytes;
    },
    close: () => void (open = false),
  };
}

function configure(encoder: WasmEncoder, sampleRate: number): void {
  if (encoder.mimeType === 'audio/mpeg') {
    encoder.configure({ channels: 1, sampleRate, bitrate: MP3_BITRATE });
  } else {
    // A fixed serial number: it is random otherwise, and the same sound would differ.
    encoder.configure({ channels: 1, sampleRate, vbrQuality: OGG_QUALITY, oggSerialNo: 1 });
  }
}

function refuseClosed(open: boolean): void {
  if (!open) throw new Error('The file is at its end; open another encoder.');
}
