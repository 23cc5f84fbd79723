import { createRequire } from 'node:module';
import path from 'node:path';
import { setImmediate as nextTurnOfTheLoop } from 'node:timers/promises';
import { demoEarModel } from '../../server/src/providers/sherpa/demo-ear-model.ts';
import { demoSounds } from '../lib/demo-sounds.ts';
import { root } from '../lib/processes.ts';
import { watchLoop, type LoopDelay } from '../lib/watch-loop.ts';

/** The calls of the library that wait for the answer, which the server never makes. */
interface Waiting {
  readonly OfflineRecognizer: new (config: object) => {
    createStream(): { acceptWaveform(wave: { samples: Float32Array; sampleRate: number }): void };
    decode(stream: object): void;
  };
}

const LIBRARY = 'sherpa-onnx-node';

/** The baseline: the demo ear's model called in the process that also serves, as the library's examples show it. */
export async function earInOwnProcess({ count }: { readonly count: number }): Promise<LoopDelay> {
  // The library belongs to the server.
  const fromServer = createRequire(path.join(root, 'server/package.json'));
  const sherpa = fromServer(LIBRARY) as Waiting;
  const { files } = demoEarModel();
  const recognizer = new sherpa.OfflineRecognizer({
    featConfig: { sampleRate: 16_000, featureDim: 80 },
    modelConfig: {
      zipformerCtc: { model: files.model.path },
      tokens: files.tokens.path,
      numThreads: 1,
      provider: 'cpu',
      debug: 0,
    },
  });
  const sounds = demoSounds();
  const hear = (samples: Float32Array) => {
    const stream = recognizer.createStream();
    stream.acceptWaveform({ samples, sampleRate: 16_000 });
    recognizer.decode(stream);
  };
  hear(sounds[0]!);
  const { loop } = await watchLoop(async () => {
    for (let turn = 1; turn <= count; turn++) {
      hear(sounds[turn % sounds.length]!);
      await nextTurnOfTheLoop();
    }
  });
  return loop;
}
