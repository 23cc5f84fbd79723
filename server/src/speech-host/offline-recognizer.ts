import sherpa, { type OfflineRecognizer } from 'sherpa-onnx-node';

import { HostError } from '../lib/child-host-channel.ts';
import type { HeardToken, ModelManifest } from '../providers/sherpa/speech-host-protocol.ts';

/** A loaded model that turns a whole utterance into text. */
export interface Recognizer {
  transcribe(
    samples: Float32Array,
    sampleRate: number,
  ): Promise<{ text: string; tokens: readonly HeardToken[] }>;
}

/**
 * Loads a verified model. Loading it in the background turns most of what is wrong with it into an error; the rest, a
 * wrong token table for one, ends the process.
 *
 * @throws {HostError} `unavailable` when the model can't be loaded, `invalid_input` for a family that is not known.
 */
export async function loadRecognizer(model: ModelManifest): Promise<Recognizer> {
  const { recognizer, timestampScale } = await createNative(model).catch((error: unknown) => {
    if (error instanceof HostError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new HostError('unavailable', `Model ${model.id} can not be loaded: ${reason}`);
  });
  return {
    async transcribe(samples, sampleRate) {
      const stream = recognizer.createStream();
      stream.acceptWaveform({ samples, sampleRate });
      let heard;
      try {
        heard = await recognizer.decodeAsync(stream);
      } catch (error) {
        throw new HostError(
          'failed',
          `Model ${model.id}: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
      const tokens = heard.tokens.map((text, index) => ({
        text,
        startMs: Math.round((heard.timestamps[index] ?? 0) * 1000 * timestampScale),
      }));
      return { text: heard.text, tokens };
    },
  };
}

async function createNative(
  model: ModelManifest,
): Promise<{ readonly recognizer: OfflineRecognizer; readonly timestampScale: number }> {
  switch (model.family) {
    case 'zipformer-ctc':
      return {
        recognizer: await sherpa.OfflineRecognizer.createAsync({
          featConfig: { sampleRate: 16_000, featureDim: 80 },
          modelConfig: {
            zipformerCtc: { model: model.files.model.path },
            tokens: model.files.tokens.path,
            numThreads: model.threads,
            provider: 'cpu',
            debug: 0,
          },
          decodingMethod: 'greedy_search',
        }),
        // The loader takes 40 ms a frame for granted; these models give one every 20 ms.
        timestampScale: 0.5,
      };
    default:
      throw new HostError(
        'invalid_input',
        `Model ${model.id}: the family "${String(model.family)}" is not known here.`,
      );
  }
}
