import type { Provider, Skipped } from './provider.ts';

/** One utterance: mono samples in [-1, 1] at 16,000 Hz. */
export interface Utterance {
  readonly samples: Float32Array;
  /** BCP 47; null when it is for the ears to find out. */
  readonly language: string | null;
}

export interface Transcription {
  /** What was heard, NFC, without leading or trailing space; empty when there was no speech. */
  readonly text: string;
  /** Primary subtag of what was spoken: as heard where the ears can tell, else as it was asked for. */
  readonly language: string;
  /** 0..1; null where the provider has no notion of it. */
  readonly confidence: number | null;
  /** Id of the provider that heard it. */
  readonly provider: string;
  /** Filled in by a chain. */
  readonly skipped?: readonly Skipped[];
}

export const UTTERANCE_SAMPLE_RATE = 16_000;

/** One utterance that is heard while it is being said. Whoever opens it closes it. */
export interface HearingStream {
  /**
   * Takes the next samples, mono in [-1, 1] at 16,000 Hz; keeps none of the array. Never waits: sound that the ears can't keep
   * up with is queued up to the longest utterance (120 s).
   *
   * @throws {ProviderError} `invalid_input` for more than 120 s or a sample that is no number; what went wrong before.
   */
  push(samples: Float32Array): void;
  /**
   * All that was heard so far, each time that it changes: later words may still change earlier ones. Never empty. Ends with the
   * stream, or before it where the rest is heard by ears that take whole utterances only; `finish` still hears all.
   */
  readonly partials: AsyncIterable<string>;
  /** Nothing more comes: hears the rest. @throws {ProviderError} as `transcribe`; `AbortedError` when `signal` aborts. */
  finish(signal: AbortSignal): Promise<Transcription>;
  /** Gives up what it holds; without `finish` nothing is heard. Idempotent. */
  close(): void;
}

/** Ears: sound to text, an utterance at a time. */
export interface SpeechToText extends Provider {
  readonly kind: 'stt';
  /** @throws {ProviderError} as mapped by the provider; `AbortedError` when `signal` aborts. */
  transcribe(utterance: Utterance, signal: AbortSignal): Promise<Transcription>;
  /**
   * Hears while it is being said. Absent where the model takes whole utterances only; null where those do that would be asked just
   * now, as in a chain: `transcribe` is then the way. The stream closes when `signal` aborts.
   */
  openStream?(language: string | null, signal: AbortSignal): HearingStream | null;
}
