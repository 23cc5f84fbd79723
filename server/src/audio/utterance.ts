import { AbortedError } from '../lib/abort.ts';
import { isSilentOrNoise } from './level.ts';
import { createResampler, resample } from './resample.ts';
import { decodeWav } from './wav.ts';

/** An utterance as the ears take it. */
export interface DecodedUtterance {
  /** Mono, in [-1, 1], 16,000 Hz, always finite. */
  readonly samples: Float32Array<ArrayBuffer>;
  readonly durationMs: number;
  /** True when it can't hold speech; see `isSilentOrNoise`. */
  readonly silent: boolean;
}

/** The longest utterance taken. */
export const MAX_UTTERANCE_MS = 60_000;
const EARS_RATE = 16_000;

/**
 * Makes an uploaded WAV ready for the ears: decoded, mixed down, resampled to 16 kHz, checked for silence.
 *
 * @throws {AppError} AUDIO_NOT_WAV or AUDIO_UNREADABLE as `decodeWav` does; AUDIO_UNREADABLE for more than 60 seconds.
 */
export function decodeUtterance(bytes: Uint8Array): DecodedUtterance {
  const wav = decodeWav(bytes, { maxDurationMs: MAX_UTTERANCE_MS });
  const samples = resample(wav.samples, wav.sampleRate, EARS_RATE);
  return { samples, durationMs: wav.durationMs, silent: isSilentOrNoise(samples, EARS_RATE) };
}

/**
 * {@link decodeUtterance} for a server that others wait for: the event loop is let go between slices.
 *
 * @throws {AppError} as `decodeUtterance` does; AbortedError when `signal` aborts.
 */
export async function readUtterance(bytes: Uint8Array, signal: AbortSignal): Promise<DecodedUtterance> {
  const wav = decodeWav(bytes, { maxDurationMs: MAX_UTTERANCE_MS });
  return prepareUtterance(wav.samples, wav.sampleRate, signal);
}

/** What a piece of work may hold the event loop for: some milliseconds. */
const SLICE_SECONDS = 1;

/**
 * Makes decoded sound ready for the ears, as {@link decodeUtterance} does, and lets the event loop go between slices.
 *
 * @throws {AbortedError} when `signal` aborts.
 */
export async function prepareUtterance(
  samples: Float32Array<ArrayBuffer>,
  sampleRate: number,
  signal: AbortSignal,
): Promise<DecodedUtterance> {
  const durationMs = (samples.length / sampleRate) * 1000;
  const heard = await resampleInSlices(samples, sampleRate, signal);
  return { samples: heard, durationMs, silent: isSilentOrNoise(heard, EARS_RATE) };
}

async function resampleInSlices(
  samples: Float32Array<ArrayBuffer>,
  sampleRate: number,
  signal: AbortSignal,
): Promise<Float32Array<ArrayBuffer>> {
  if (sampleRate === EARS_RATE) return samples;
  const resampler = createResampler(sampleRate, EARS_RATE);
  const made = new Float32Array(Math.ceil((samples.length * EARS_RATE) / sampleRate));
  let length = 0;
  const add = (piece: Float32Array) => {
    made.set(piece, length);
    length += piece.length;
  };
  const slice = sampleRate * SLICE_SECONDS;
  for (let at = 0; at < samples.length; at += slice) {
    add(resampler.push(samples.subarray(at, at + slice)));
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) throw new AbortedError(signal.reason);
  }
  add(resampler.flush());
  return made;
}
