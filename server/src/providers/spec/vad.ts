import type { Provider } from './provider.ts';

/** Tells speech from everything else, frame by frame; one per open microphone. */
export interface VoiceActivitySession {
  /** Probability of speech, 0..1, of the next frame of `frameSamples` samples. */
  accept(frame: Float32Array, signal: AbortSignal): Promise<number>;
  close(): void;
}

export interface VoiceActivityDetector extends Provider {
  readonly kind: 'vad';
  /** Samples a frame at 16,000 Hz. */
  readonly frameSamples: number;
  open(): VoiceActivitySession;
}
