import { isSilentOrNoise } from '../../audio/level.ts';
import { toPcm16 } from '../../audio/pcm.ts';
import { encodeWav } from '../../audio/wav.ts';
import { ProviderError } from './provider.ts';
import { UTTERANCE_SAMPLE_RATE } from './stt.ts';

const MAX_SECONDS = 120;

/**
 * An utterance as a WAV file (mono, 16 kHz, 16 bits) for ears that take files; null when it can't hold speech, which such ears
 * need not be asked about: models make words up where there are none.
 *
 * @throws {ProviderError} `invalid_input` for more than 120 s or a sample that is no number.
 */
export function toUtteranceWav(samples: Float32Array, provider: string): Buffer | null {
  const seconds = samples.length / UTTERANCE_SAMPLE_RATE;
  if (seconds > MAX_SECONDS) {
    const message = `The utterance lasts ${seconds.toFixed(1)} s; up to ${MAX_SECONDS} s are taken. Send it in pieces.`;
    throw new ProviderError('invalid_input', provider, message);
  }
  if (!samples.every(Number.isFinite)) {
    const message = 'The utterance holds a sample that is not a finite number.';
    throw new ProviderError('invalid_input', provider, message);
  }
  if (isSilentOrNoise(samples, UTTERANCE_SAMPLE_RATE)) return null;
  return encodeWav(toPcm16(samples), UTTERANCE_SAMPLE_RATE);
}

/** The primary subtag of a BCP 47 language; null for none and for what is no language. */
export function primarySubtag(language: string | null): string | null {
  const primary = language?.split(/[-_]/, 1)[0]?.toLowerCase() ?? '';
  return /^[a-z]{2,3}$/.test(primary) ? primary : null;
}

/** ISO 639 for a language that nobody knows. */
export const UNKNOWN_LANGUAGE = 'und';
