import type { Provider, Skipped } from './provider.ts';

export interface SpeechRequest {
  /** Plain text, 1 to 5,000 characters: one sentence where first sound matters. */
  readonly text: string;
  readonly language: string;
  /** The provider's own voice id; its default when absent. */
  readonly voice?: string;
  /** 1 is normal; 0.25 to 4. */
  readonly speed?: number;
  /** 1 is normal; 0.5 to 2. */
  readonly pitch?: number;
}

/** Parts of a spoken answer, in order. Times are milliseconds from the first sample of this request. */
export type SpeechChunk =
  /** First, from a chain only: who speaks. Sent again when another provider takes over between two clauses. */
  | {
      readonly type: 'source';
      readonly provider: string;
      readonly revision: string;
      readonly skipped: readonly Skipped[];
    }
  | { readonly type: 'audio'; readonly samples: Int16Array; readonly sampleRate: number }
  | { readonly type: 'word'; readonly text: string; readonly startMs: number; readonly textOffset: number }
  /** IPA; an empty symbol is a pause. */
  | { readonly type: 'phoneme'; readonly symbol: string; readonly startMs: number };

/** Mouth: text to sound. */
export interface TextToSpeech extends Provider {
  readonly kind: 'tts';
  /** Changes whenever the same request would sound different; part of the cache's address. */
  readonly revision: string;
  /**
   * Sound as it is made, mono PCM16 at one rate for the whole request. Ending the iteration early stops the work.
   *
   * @throws {ProviderError} as mapped by the provider; `AbortedError` when `signal` aborts.
   */
  synthesize(request: SpeechRequest, signal: AbortSignal): AsyncIterable<SpeechChunk>;
}
