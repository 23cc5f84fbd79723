import { isSilentOrNoise } from './level.ts';
import { resample } from './resample.ts';
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
