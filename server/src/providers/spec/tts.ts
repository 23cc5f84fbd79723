import type { Provider, Skipped } from './provider.ts';

export interface SpeechRequest {
  /** Plain text, 1 to 5,000 characters: one sentence where first sound matters. */
  readonly text: string;
  readonly language: string;
  /** The provider's own voice id; its default when absent. A chain drops it where another provider takes over. */
  readonly voice?: string;
  /** 1 is normal; 0.25 to 4. */
  readonly speed?: number;
  /** 1 is normal; 0.5 to 2. */
  readonly pitch?: number;
  /** For a chain: the provider to ask first, before its own order. */
  readonly provider?: string;
  /** Speak like this person. Only for providers with `takesReference`; a chain passes the others over while one of those can run. */
  readonly reference?: VoiceReference;
}

/** A recording of the person whose voice is wanted, who has consented. */
export interface VoiceReference {
  /** Names the recording: the same id stands for the same sound and words. */
  readonly id: string;
  /** Mono, in [-1, 1]; 3 to 30 seconds. */
  readonly samples: Float32Array;
  readonly sampleRate: number;
  /** The words that are said in it. */
  readonly text: string;
}

/** A voice that a provider offers. */
export interface VoiceInfo {
  /** The provider's own id, for {@link SpeechRequest.voice}. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** BCP 47 primary languages; empty for all that the provider speaks. */
  readonly languages: readonly string[];
}

/**
 * Shape of the mouth, in the one form that all providers' times are brought to: the five vowels, lips closed (ㅁ ㅂ ㅍ), and at
 * rest.
 */
export type Viseme = 'A' | 'I' | 'U' | 'E' | 'O' | 'closed' | 'rest';

/** Parts of a spoken answer, in order. Times are milliseconds from the first sample of this request. */
export type SpeechChunk =
  /**
   * First, from a chain only: who speaks. Sent again when another provider takes over between two clauses; the sample rate may
   * change with it, and only then.
   */
  | {
      readonly type: 'source';
      readonly provider: string;
      readonly revision: string;
      readonly skipped: readonly Skipped[];
    }
  | { readonly type: 'audio'; readonly samples: Int16Array; readonly sampleRate: number }
  | { readonly type: 'word'; readonly text: string; readonly startMs: number; readonly textOffset: number }
  /** IPA; an empty symbol is a pause. */
  | { readonly type: 'phoneme'; readonly symbol: string; readonly startMs: number }
  /** From providers that give mouth shapes and no phonemes; `language/visemes.ts` makes them of phonemes otherwise. */
  | { readonly type: 'viseme'; readonly viseme: Viseme; readonly startMs: number };

/** Mouth: text to sound. */
export interface TextToSpeech extends Provider {
  readonly kind: 'tts';
  /** Changes whenever the same request would sound different; part of the cache's address. */
  readonly revision: string;
  /** What it can sound like, its default first. Known without asking the network; never empty but for a chain of none. */
  voices(): readonly VoiceInfo[];
  /** True when it can speak like a person of whom there is a recording. */
  readonly takesReference?: boolean;
  /**
   * Sound as it is made, mono PCM16 at one rate between two sources. Ending the iteration early stops the work.
   *
   * @throws {ProviderError} as mapped by the provider; `AbortedError` when `signal` aborts.
   */
  synthesize(request: SpeechRequest, signal: AbortSignal): AsyncIterable<SpeechChunk>;
}
