import type { Provider, Skipped } from './provider.ts';

/** One utterance: mono samples in [-1, 1] at 16,000 Hz. */
export interface Utterance {
  readonly samples: Float32Array;
  readonly language: string;
}

export interface Transcription {
  /** What was heard, NFC, without leading or trailing space; empty when there was no speech. */
  readonly text: string;
  readonly language: string;
  /** 0..1; null where the provider has no notion of it. */
  readonly confidence: number | null;
  /** Id of the provider that heard it. */
  readonly provider: string;
  /** Filled in by a chain. */
  readonly skipped?: readonly Skipped[];
}

export const UTTERANCE_SAMPLE_RATE = 16_000;

/** Ears: sound to text, an utterance at a time. */
export interface SpeechToText extends Provider {
  readonly kind: 'stt';
  /** @throws {ProviderError} as mapped by the provider; `AbortedError` when `signal` aborts. */
  transcribe(utterance: Utterance, signal: AbortSignal): Promise<Transcription>;
}
