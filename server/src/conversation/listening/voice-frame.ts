/** One frame of an open microphone, judged: 512 samples at 16,000 Hz, 32 ms. */
export interface VoiceFrame {
  /** Where the frame ends in the sound of this microphone, in milliseconds from its first sample. */
  readonly endMs: number;
  /** RMS in dB below full scale, -100 for digital silence. */
  readonly levelDb: number;
  /** Probability of speech, 0..1; 0 for a frame that is too quiet to be asked about. */
  readonly probability: number;
  /** Speech, with hysteresis: from a probability of 0.5 until it falls under 0.35. */
  readonly isSpeech: boolean;
  /** The samples of the frame, mono in [-1, 1]. The receiver may keep them. */
  readonly samples: Float32Array;
}

export const FRAME_SAMPLES = 512;
export const FRAME_MS = 32;
export const MICROPHONE_RATE = 16_000;
