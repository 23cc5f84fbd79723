/** Wire contract of ears and voices on their own: what a server can hear and speak with, and the two doors to it. */

export type ProviderCost = 'free' | 'free_tier' | 'low_cost' | 'paid';

export interface ProviderVoice {
  /** For `voice` in {@link SynthesizeRequest}. */
  readonly id: string;
  readonly name: string;
  /** BCP 47 primary languages; empty for all that the provider speaks. */
  readonly languages: readonly string[];
}

/** One provider of hearing or speaking, whether it can be used here or not. */
export interface SpeechProvider {
  readonly id: string;
  readonly name: string;
  readonly cost: ProviderCost;
  /** Null where nobody knows. */
  readonly speed: 'very_fast' | 'fast' | 'medium' | 'by_hardware' | null;
  readonly recommended: boolean;
  /** True when nothing leaves the server's machine. */
  readonly local: boolean;
  /** True for one that only stands in for a better one. */
  readonly stand_in: boolean;
  /** BCP 47 primary languages; empty for all. */
  readonly languages: readonly string[];
  /** A key, a model, a program; empty when nothing. */
  readonly needs: string;
  /** What this code has been tried with: the real thing, or something that stands for it. */
  readonly tried_with: 'real' | 'replay' | 'random_weights' | 'nothing';
  readonly available: boolean;
  /** Why it is not available; null when it is. */
  readonly reason: string | null;
  /** What to do about it; null when there is nothing to do. */
  readonly action: string | null;
  /** `open` while it is left alone after failures; null for one that is not set up. */
  readonly circuit: 'closed' | 'open' | 'half-open' | null;
  /** True for a voice that can speak like a person in a recording. */
  readonly takes_reference: boolean;
  /** Empty for ears. */
  readonly voices: readonly ProviderVoice[];
}

/** `GET /api/tts/providers` and `GET /api/stt/providers`, in order of preference. */
export interface SpeechProviders {
  /** Who the next request goes to; null when nobody can take it. */
  readonly current: string | null;
  readonly providers: readonly SpeechProvider[];
  /** Ears only: whether pages may listen with the browser's own recogniser. */
  readonly browser_ears?: boolean;
}

export type SpokenEmotion = 'neutral' | 'joy' | 'sadness' | 'anger' | 'fear' | 'surprise' | 'love';

/** `POST /api/tts/synthesize`. */
export interface SynthesizeRequest {
  /** 1 to 5,000 characters. */
  readonly text: string;
  /** A voice of the provider, or the id of a custom voice (`voi_…`). */
  readonly voice?: string;
  /** Who to ask first. */
  readonly provider?: string;
  /** BCP 47; `ko` when absent. */
  readonly language?: string;
  /** 1 is normal; 0.25 to 4. */
  readonly speed?: number;
  /** 1 is normal; 0.5 to 2. */
  readonly pitch?: number;
  readonly emotion?: SpokenEmotion;
  /** `wav` when absent; `pcm` is 16 bits, mono, little-endian, at the rate in `X-Malbeot-Sample-Rate`. */
  readonly format?: 'wav' | 'mp3' | 'ogg' | 'pcm';
  /** Whether sound is sent while it is made; true when absent. */
  readonly stream?: boolean;
}

/** Answer of `POST /api/voice/stt`. */
export interface Transcript {
  /** Empty when there was no speech. */
  readonly transcript: string;
  readonly language: string;
  /** 0..1; null where the ears have no notion of it. */
  readonly confidence: number | null;
  /** Length of the sound in seconds. */
  readonly duration: number;
}

/** A voice made from a person's recording, with their consent. */
export interface CustomVoice {
  /** `voi_…`. */
  readonly id: string;
  readonly name: string;
  readonly language: string;
  /** The words said in the recording. */
  readonly text: string;
  /** Who consented. */
  readonly consent_by: string;
  /** ISO 8601. */
  readonly created_at: string;
  /** Length of the recording in milliseconds. */
  readonly duration_ms: number;
}
