/** The slice of sherpa-onnx-node 1.13 that the speech host uses; the package brings no types. */
declare module 'sherpa-onnx-node' {
  interface OfflineStream {
    acceptWaveform(wave: { readonly samples: Float32Array; readonly sampleRate: number }): void;
  }
  interface OfflineRecognizerConfig {
    readonly featConfig: { readonly sampleRate: number; readonly featureDim: number };
    readonly modelConfig: {
      readonly zipformerCtc: { readonly model: string };
      readonly tokens: string;
      readonly numThreads: number;
      readonly provider: 'cpu';
      readonly debug: 0 | 1;
    };
    readonly decodingMethod: 'greedy_search';
  }
  class OfflineRecognizer {
    static createAsync(config: OfflineRecognizerConfig): Promise<OfflineRecognizer>;
    createStream(): OfflineStream;
    decodeAsync(stream: OfflineStream): Promise<{
      readonly text: string;
      readonly tokens: readonly string[];
      readonly timestamps: readonly number[];
    }>;
  }
  const sherpa: { readonly OfflineRecognizer: typeof OfflineRecognizer };
  export type { OfflineRecognizer };
  export default sherpa;
}
