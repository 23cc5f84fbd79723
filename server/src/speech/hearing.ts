import type { AudioDecoder } from '../audio/decode/audio-decoder.ts';
import { MAX_UTTERANCE_MS, prepareUtterance } from '../audio/utterance.ts';
import { AbortedError, withTimeout } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import type { Skipped } from '../providers/spec/provider.ts';
import type { SpeechToText } from '../providers/spec/stt.ts';
import { createTurnSpan, type TurnSpan } from '../telemetry/turn-span.ts';
import { hearingError } from './hearing-errors.ts';

/** A sound file to be heard. */
export interface SoundToHear {
  readonly bytes: Uint8Array;
  /** BCP 47; null when it is for the ears to find out. */
  readonly language: string | null;
}

/** What was heard in a sound file. */
export interface HeardSound {
  /** Empty when there was no speech. */
  readonly text: string;
  /** Primary subtag of what was spoken; `und` where there was no speech and no language was given. */
  readonly language: string;
  /** 0..1; null where the ears have no notion of it. */
  readonly confidence: number | null;
  readonly durationMs: number;
  /** Who heard it; null for silence, which no ears need to hear. */
  readonly provider: string | null;
  readonly skipped: readonly Skipped[];
}

export interface HearingOptions {
  readonly ears: SpeechToText;
  readonly decoder: Pick<AudioDecoder, 'decode'>;
  readonly clock: Clock;
  /** Longest sound taken; 60,000 ms when absent. */
  readonly maxDurationMs?: number;
  /** How long all of the ears together may take; 60,000 ms when absent. */
  readonly limitMs?: number;
}

/** Hears sound files of every kind. */
export interface Hearing {
  /**
   * Decodes and hears. The stages `decode` and `ears` are added to `span`, where one is given.
   *
   * @throws {AppError} UNSUPPORTED_MEDIA_TYPE or AUDIO_UNREADABLE for a file that can't be read; INVALID_INPUT for a language
   * that no ears know; PROVIDER_UNAVAILABLE when no ears can hear; TIMEOUT; OVERLOADED. AbortedError when `signal` aborts.
   */
  hear(sound: SoundToHear, signal: AbortSignal, span?: TurnSpan): Promise<HeardSound>;
}

export function createHearing(options: HearingOptions): Hearing {
  const { ears, decoder, clock, maxDurationMs = MAX_UTTERANCE_MS, limitMs = 60_000 } = options;

  const decode = async (bytes: Uint8Array, signal: AbortSignal) => {
    const { samples, sampleRate } = await decoder.decode(bytes, { maxDurationMs, signal });
    return prepareUtterance(samples, sampleRate, signal);
  };

  return {
    async hear({ bytes, language }, signal, span = createTurnSpan(clock)) {
      const available = ears.availability();
      const { samples, durationMs, silent } = await span.measure('decode', () => decode(bytes, signal));
      if (silent) {
        const spoken = language === null ? 'und' : language.split('-', 1)[0]!.toLowerCase();
        return { text: '', language: spoken, confidence: null, durationMs, provider: null, skipped: [] };
      }
      try {
        const heard = await span.measure('ears', () =>
          withTimeout(limitMs, signal, (limited) => ears.transcribe({ samples, language }, limited)),
        );
        const { text, confidence, provider, skipped = [] } = heard;
        return { text, language: heard.language, confidence, durationMs, provider, skipped };
      } catch (error) {
        if (signal.aborted) throw new AbortedError(signal.reason);
        throw hearingError(error, language, available);
      }
    },
  };
}
