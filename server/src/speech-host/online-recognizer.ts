import { setImmediate } from 'node:timers/promises';

import sherpa from 'sherpa-onnx-node';

import type { EarManifest } from '../providers/sherpa/speech-host-protocol.ts';
import type { OpenUtterance, Recognizer } from './recognizer.ts';
import { toHeard } from './to-heard.ts';

/** Ears that hear while it is being said. */
export type OnlineManifest = Extract<EarManifest, { family: 'streaming-zipformer' }>;

/** The model sees half a second ahead; without as much behind it, the last word is never looked at. */
const TAIL_SECONDS = 0.8;

/** Loads a verified model. Holds the process while it does: the library has no other way. */
export function loadOnlineRecognizer(model: OnlineManifest): Recognizer {
  const { encoder, decoder, joiner, tokens } = model.files;
  const native = new sherpa.OnlineRecognizer({
    featConfig: { sampleRate: 16_000, featureDim: 80 },
    modelConfig: {
      transducer: { encoder: encoder.path, decoder: decoder.path, joiner: joiner.path },
      tokens: tokens.path,
      numThreads: model.threads,
      provider: 'cpu',
      debug: 0,
    },
    decodingMethod: 'greedy_search',
    enableEndpoint: 0,
  });

  function open(): OpenUtterance {
    const stream = native.createStream();
    let sampleRate = 16_000;
    // One step hears a third of a second and holds the process as long as that takes; between two, others have their turn.
    const hear = async (isCancelled: () => boolean) => {
      while (!isCancelled() && native.isReady(stream)) {
        native.decode(stream);
        await setImmediate();
      }
    };
    return {
      async push(samples, rate, isCancelled) {
        sampleRate = rate;
        stream.acceptWaveform({ samples, sampleRate });
        await hear(isCancelled);
        return toHeard(native.getResult(stream)).text;
      },
      async finish(isCancelled) {
        stream.acceptWaveform({ samples: new Float32Array(sampleRate * TAIL_SECONDS), sampleRate });
        stream.inputFinished();
        await hear(isCancelled);
        return toHeard(native.getResult(stream));
      },
    };
  }

  return {
    open,
    async transcribe(samples, sampleRate, _language, isCancelled) {
      const utterance = open();
      await utterance.push(samples, sampleRate, isCancelled);
      return utterance.finish(isCancelled);
    },
  };
}
