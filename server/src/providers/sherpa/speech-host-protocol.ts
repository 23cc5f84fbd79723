/** One file of a model. It is loaded only when its size and hash are what they should be. */
export interface ModelFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Lowercase hex. */
  readonly sha256: string;
}

/** A folder that the native library reads by itself. What is not in `files` is not looked at before it does. */
export interface ModelFolder {
  readonly path: string;
  /** Each with its whole path. */
  readonly files: readonly ModelFile[];
}

interface TransducerFiles {
  readonly encoder: ModelFile;
  readonly decoder: ModelFile;
  readonly joiner: ModelFile;
  readonly tokens: ModelFile;
  readonly bpe?: ModelFile;
}

/** What each family of ears needs, by role. */
export interface EarFiles {
  readonly 'zipformer-ctc': { readonly model: ModelFile; readonly tokens: ModelFile };
  readonly 'zipformer-transducer': TransducerFiles;
  /** Hears while it is being said. */
  readonly 'streaming-zipformer': TransducerFiles;
  readonly 'sense-voice': { readonly model: ModelFile; readonly tokens: ModelFile };
  readonly whisper: { readonly encoder: ModelFile; readonly decoder: ModelFile; readonly tokens: ModelFile };
}

/** What each family of voices needs, by role. */
export interface VoiceFiles {
  readonly supertonic: {
    readonly durationPredictor: ModelFile;
    readonly textEncoder: ModelFile;
    readonly vectorEstimator: ModelFile;
    readonly vocoder: ModelFile;
    readonly ttsJson: ModelFile;
    readonly unicodeIndexer: ModelFile;
    readonly voiceStyle: ModelFile;
  };
  readonly vits: {
    readonly model: ModelFile;
    readonly tokens: ModelFile;
    readonly lexicon?: ModelFile;
    readonly dataDir?: ModelFolder;
  };
  readonly kokoro: {
    readonly model: ModelFile;
    readonly voices: ModelFile;
    readonly tokens: ModelFile;
    readonly lexicon?: ModelFile;
    readonly dataDir?: ModelFolder;
  };
  readonly matcha: {
    readonly acousticModel: ModelFile;
    readonly vocoder: ModelFile;
    readonly tokens: ModelFile;
    readonly lexicon?: ModelFile;
    readonly dataDir?: ModelFolder;
  };
  readonly zipvoice: {
    readonly encoder: ModelFile;
    readonly decoder: ModelFile;
    readonly vocoder: ModelFile;
    readonly tokens: ModelFile;
    readonly lexicon?: ModelFile;
    readonly dataDir?: ModelFolder;
  };
}

export type EarFamily = keyof EarFiles;
export type VoiceFamily = keyof VoiceFiles;

interface ModelOf<Family, Files> {
  /** Decides how the native library is configured. */
  readonly family: Family;
  /** Names the model within the host: the same id stands for the same files. */
  readonly id: string;
  /** Threads that one utterance or sentence may use. */
  readonly threads: number;
  readonly files: Files;
}

export type EarManifest = {
  [Family in EarFamily]: ModelOf<Family, EarFiles[Family]> & {
    /**
     * Primary subtag of what it will hear, for SenseVoice, which is told when it is loaded; it finds out by itself when left
     * out. The other families take no notice.
     */
    readonly language?: string;
  };
}[EarFamily];
export type VoiceManifest = { [Family in VoiceFamily]: ModelOf<Family, VoiceFiles[Family]> }[VoiceFamily];

/** A model that the speech host can load. */
export type ModelManifest = EarManifest | VoiceManifest;

/** Every file of `model`, those of its folders included. */
export function modelFiles(model: ModelManifest): readonly ModelFile[] {
  const entries = Object.values(model.files) as readonly (ModelFile | ModelFolder | undefined)[];
  return entries.flatMap((entry) => (entry === undefined ? [] : 'files' in entry ? entry.files : [entry]));
}

/**
 * What the speech host does. Each operation that names a model loads it first where that has not happened. A stream belongs
 * to the process that opened it: `unavailable` when that one is gone.
 */
export type SpeechHostRequest =
  | { readonly operation: 'load'; readonly model: ModelManifest }
  /** Gives up a model once nobody uses it any more. One that is not loaded is none. */
  | { readonly operation: 'unload'; readonly modelId: string }
  | {
      readonly operation: 'transcribe';
      readonly model: EarManifest;
      /** Mono, in [-1, 1]. */
      readonly samples: Float32Array;
      readonly sampleRate: number;
      /** Primary subtag, one that the model knows; null for it to find out. Only Whisper takes notice. */
      readonly language: string | null;
    }
  /** `streamId` is made by whoever asks, and never used twice. */
  | { readonly operation: 'stream-open'; readonly model: EarManifest; readonly streamId: string }
  | {
      readonly operation: 'stream-push';
      readonly streamId: string;
      readonly samples: Float32Array;
      readonly sampleRate: number;
    }
  /** Hears the rest and closes the stream. */
  | { readonly operation: 'stream-finish'; readonly streamId: string }
  | { readonly operation: 'stream-close'; readonly streamId: string }
  | SynthesizeRequest;

export interface SynthesizeRequest {
  readonly operation: 'synthesize';
  readonly model: VoiceManifest;
  /** One sentence. */
  readonly text: string;
  /** Primary subtag. */
  readonly language: string;
  /** Which voice of the model, from 0. */
  readonly speakerId: number;
  /** 1 is normal. */
  readonly speed: number;
  /** Of models that make sound step by step: more is better and slower. */
  readonly steps: number;
  /** For models that speak like a recording. */
  readonly reference?: {
    readonly samples: Float32Array;
    readonly sampleRate: number;
    /** The words that are said in it. */
    readonly text: string;
  };
}

export interface HeardToken {
  readonly text: string;
  readonly startMs: number;
}

/** `text` is as the model spells it. */
export interface Heard {
  readonly text: string;
  readonly tokens: readonly HeardToken[];
  /** Primary subtag of what was spoken, where the model tells. */
  readonly language?: string;
}

/** The answers: `load`, `unload` and the streams' first three with one part, `transcribe` and `stream-finish` with `transcription`. */
export type SpeechHostPart =
  /** `residentBytes` of the whole process. */
  | { readonly type: 'loaded'; readonly residentBytes: number }
  /** How many models the process still holds. */
  | { readonly type: 'unloaded'; readonly modelsLeft: number }
  | ({ readonly type: 'transcription' } & Heard)
  | { readonly type: 'stream-opened' }
  /** All that was heard so far. */
  | { readonly type: 'partial'; readonly text: string }
  | { readonly type: 'stream-closed' }
  | { readonly type: 'sound'; readonly samples: Int16Array; readonly sampleRate: number };
