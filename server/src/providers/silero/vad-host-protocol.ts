/** Samples of one frame, at 16,000 Hz. */
export const FRAME_SAMPLES = 512;

/** A file that has to be exactly this. */
export interface SileroModel {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** Frames of all microphones that came since the last batch. */
export interface JudgeRequest {
  readonly operation: 'judge';
  /** Whose frame it is, frame by frame; the frames of one microphone in their order. One that is new begins from silence. */
  readonly microphones: Uint32Array;
  /** The frames one after the other, {@link FRAME_SAMPLES} each. */
  readonly samples: Float32Array;
  /** Microphones that were closed, to be forgotten first. */
  readonly closed: Uint32Array;
}

export type VadHostRequest = { readonly operation: 'load'; readonly model: SileroModel } | JudgeRequest;

export type VadHostPart =
  | { readonly type: 'loaded' }
  /** Probability of speech, frame by frame as they were sent. */
  | { readonly type: 'judged'; readonly probabilities: Float32Array };
