/** The slice of sherpa-onnx-node 1.13 that the speech host uses; the package brings no types. */
declare module 'sherpa-onnx-node' {
  interface Wave {
    readonly samples: Float32Array;
    readonly sampleRate: number;
  }
  interface FeatureConfig {
    readonly sampleRate: number;
    readonly featureDim: number;
  }
  interface TransducerConfig {
    readonly encoder: string;
    readonly decoder: string;
    readonly joiner: string;
  }
  interface CommonModelConfig {
    readonly tokens: string;
    readonly numThreads: number;
    readonly provider: 'cpu';
    readonly debug: 0 | 1;
  }

  interface OfflineStream {
    acceptWaveform(wave: Wave): void;
  }
  interface OfflineModelConfig extends CommonModelConfig {
    readonly zipformerCtc?: { readonly model: string };
    readonly transducer?: TransducerConfig;
    readonly senseVoice?: {
      readonly model: string;
      /** `auto`, `zh`, `en`, `ja`, `ko` or `yue`. */
      readonly language: string;
      readonly useInverseTextNormalization: 0 | 1;
    };
    readonly whisper?: {
      readonly encoder: string;
      readonly decoder: string;
      /** Empty for the model to find out. One that it does not know ends the process. */
      readonly language: string;
      readonly task: 'transcribe';
    };
  }
  interface OfflineRecognizerConfig {
    readonly featConfig: FeatureConfig;
    readonly modelConfig: OfflineModelConfig;
    readonly decodingMethod: 'greedy_search';
  }
  interface RecognizerResult {
    readonly text: string;
    readonly tokens: readonly string[];
    /** Seconds; empty where the model tells no times. */
    readonly timestamps: readonly number[];
    /** `ko` of Whisper, `<|ko|>` of SenseVoice, else empty or absent. */
    readonly lang?: string;
  }
  class OfflineRecognizer {
    static createAsync(config: OfflineRecognizerConfig): Promise<OfflineRecognizer>;
    createStream(): OfflineStream;
    decodeAsync(stream: OfflineStream): Promise<RecognizerResult>;
    setConfig(config: OfflineRecognizerConfig): void;
  }

  interface OnlineStream {
    acceptWaveform(wave: Wave): void;
    inputFinished(): void;
  }
  interface OnlineRecognizerConfig {
    readonly featConfig: FeatureConfig;
    readonly modelConfig: CommonModelConfig & { readonly transducer: TransducerConfig };
    readonly decodingMethod: 'greedy_search';
    readonly enableEndpoint: 0 | 1;
  }
  class OnlineRecognizer {
    constructor(config: OnlineRecognizerConfig);
    createStream(): OnlineStream;
    isReady(stream: OnlineStream): boolean;
    decode(stream: OnlineStream): void;
    getResult(stream: OnlineStream): RecognizerResult;
  }

  /** What turns letters into a voice's symbols. */
  interface PronunciationConfig {
    readonly tokens: string;
    readonly lexicon?: string;
    readonly dataDir?: string;
  }
  interface OfflineTtsConfig {
    readonly model: {
      readonly supertonic?: {
        readonly durationPredictor: string;
        readonly textEncoder: string;
        readonly vectorEstimator: string;
        readonly vocoder: string;
        readonly ttsJson: string;
        readonly unicodeIndexer: string;
        readonly voiceStyle: string;
      };
      readonly vits?: PronunciationConfig & { readonly model: string };
      readonly kokoro?: PronunciationConfig & {
        readonly model: string;
        readonly voices: string;
        readonly lang?: string;
      };
      readonly matcha?: PronunciationConfig & { readonly acousticModel: string; readonly vocoder: string };
      readonly zipvoice?: PronunciationConfig & {
        readonly encoder: string;
        readonly decoder: string;
        readonly vocoder: string;
      };
      readonly numThreads: number;
      readonly provider: 'cpu';
      readonly debug: 0 | 1;
    };
    readonly maxNumSentences: number;
  }
  interface OfflineTtsRequest {
    readonly text: string;
    /** False where the sound is copied out of the library's memory. */
    readonly enableExternalBuffer: boolean;
    readonly generationConfig: {
      readonly sid: number;
      readonly speed: number;
      readonly numSteps: number;
      readonly extra?: Readonly<Record<string, string | number>>;
      readonly referenceAudio?: Float32Array;
      readonly referenceSampleRate?: number;
      readonly referenceText?: string;
    };
    /** Called with each stretch of sound; 0 asks the model to stop. */
    readonly onProgress?: (made: { readonly samples: Float32Array; readonly progress: number }) => 0 | 1;
  }
  class OfflineTts {
    static createAsync(config: OfflineTtsConfig): Promise<OfflineTts>;
    readonly sampleRate: number;
    readonly numSpeakers: number;
    generateAsync(
      request: OfflineTtsRequest,
    ): Promise<{ readonly samples: Float32Array; readonly sampleRate: number }>;
  }

  const sherpa: {
    readonly OfflineTts: typeof OfflineTts;
    readonly OfflineRecognizer: typeof OfflineRecognizer;
    readonly OnlineRecognizer: typeof OnlineRecognizer;
  };
  export type {
    OfflineRecognizer,
    OfflineRecognizerConfig,
    OfflineTts,
    OfflineTtsConfig,
    OfflineTtsRequest,
    OnlineRecognizer,
    RecognizerResult,
  };
  export default sherpa;
}
