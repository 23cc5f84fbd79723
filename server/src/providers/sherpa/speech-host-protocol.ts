/** One file of a model. It is loaded only when its size and hash are what they should be. */
export interface ModelFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Lowercase hex. */
  readonly sha256: string;
}

/**
 * A model that the speech host can load. `family` decides how the native library is configured; each has the files that
 * it needs, by role.
 */
export type ModelManifest = {
  /** Names the model within the host: the same id stands for the same files. */
  readonly id: string;
  /** Threads that one utterance may use. */
  readonly threads: number;
} & {
  readonly family: 'zipformer-ctc';
  readonly files: { readonly model: ModelFile; readonly tokens: ModelFile };
};

/** What the speech host does. Each operation loads its model first where that has not happened. */
export type SpeechHostRequest =
  | { readonly operation: 'load'; readonly model: ModelManifest }
  | {
      readonly operation: 'transcribe';
      readonly model: ModelManifest;
      /** Mono, in [-1, 1]. */
      readonly samples: Float32Array;
      readonly sampleRate: number;
    };

export interface HeardToken {
  readonly text: string;
  readonly startMs: number;
}

export type SpeechHostPart =
  | { readonly type: 'loaded'; readonly residentBytes: number }
  /** `text` as the model spells it. */
  | { readonly type: 'transcription'; readonly text: string; readonly tokens: readonly HeardToken[] };
