import sherpa, { type OfflineRecognizerConfig } from 'sherpa-onnx-node';

import { HostError } from '../lib/child-host-channel.ts';
import { createOneAtATime } from '../providers/sherpa/one-at-a-time.ts';
import type { EarManifest } from '../providers/sherpa/speech-host-protocol.ts';
import type { Recognizer } from './recognizer.ts';
import { toHeard } from './to-heard.ts';

/** Ears that take whole utterances. */
export type OfflineManifest = Exclude<EarManifest, { family: 'streaming-zipformer' }>;

/**
 * Loads a verified model. Loading it in the background turns most of what is wrong with it into an error; the rest, a
 * wrong token table for one, ends the process.
 */
export async function loadOfflineRecognizer(model: OfflineManifest): Promise<Recognizer> {
  let language: string | null = null;
  const native = await sherpa.OfflineRecognizer.createAsync(configOf(model, language));
  const transcribe: Recognizer['transcribe'] = async (samples, sampleRate) => {
    const stream = native.createStream();
    stream.acceptWaveform({ samples, sampleRate });
    try {
      return toHeard(await native.decodeAsync(stream), timestampScale(model));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new HostError('failed', `Model ${model.id}: ${reason}`);
    }
  };
  if (model.family !== 'whisper') return { transcribe };
  // Whisper is told the language for all that it decodes, so two utterances never overlap. SenseVoice could be told in the
  // same way, but then loses how its sound has to be scaled (1.13.8): it hears what it was loaded for.
  const oneAtATime = createOneAtATime();
  return {
    transcribe: (samples, sampleRate, asked, isCancelled) =>
      oneAtATime(() => {
        if (asked !== language) {
          native.setConfig(configOf(model, asked));
          language = asked;
        }
        return transcribe(samples, sampleRate, asked, isCancelled);
      }),
  };
}

/** The loader takes 40 ms a frame for granted; CTC models give one every 20 ms. */
function timestampScale({ family }: OfflineManifest): number {
  return family === 'zipformer-ctc' ? 0.5 : 1;
}

function configOf(model: OfflineManifest, language: string | null): OfflineRecognizerConfig {
  return {
    featConfig: { sampleRate: 16_000, featureDim: 80 },
    modelConfig: {
      ...filesOf(model, language),
      tokens: model.files.tokens.path,
      numThreads: model.threads,
      provider: 'cpu',
      debug: 0,
    },
    decodingMethod: 'greedy_search',
  };
}

/** @throws {HostError} `invalid_input` for a family that is not known. */
function filesOf(
  model: OfflineManifest,
  language: string | null,
): Omit<OfflineRecognizerConfig['modelConfig'], 'tokens' | 'numThreads' | 'provider' | 'debug'> {
  switch (model.family) {
    case 'zipformer-ctc':
      return { zipformerCtc: { model: model.files.model.path } };
    case 'zipformer-transducer': {
      const { encoder, decoder, joiner } = model.files;
      return { transducer: { encoder: encoder.path, decoder: decoder.path, joiner: joiner.path } };
    }
    case 'sense-voice':
      return {
        senseVoice: {
          model: model.files.model.path,
          language: model.language ?? 'auto',
          useInverseTextNormalization: 1,
        },
      };
    case 'whisper': {
      const { encoder, decoder } = model.files;
      return {
        whisper: {
          encoder: encoder.path,
          decoder: decoder.path,
          language: language ?? '',
          task: 'transcribe',
        },
      };
    }
    default:
      throw new HostError(
        'invalid_input',
        `The family "${String((model as { family: unknown }).family)}" is not known here.`,
      );
  }
}
