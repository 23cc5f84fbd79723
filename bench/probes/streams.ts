import { setTimeout as sleep } from 'node:timers/promises';
import { createSherpaEars } from '../../server/src/providers/sherpa/sherpa-ears.ts';
import type { EarManifest } from '../../server/src/providers/sherpa/speech-host-protocol.ts';
import { builtSpeechHost } from '../lib/built-speech-host.ts';
import { demoSounds } from '../lib/demo-sounds.ts';
import { watchLoop, type LoopDelay } from '../lib/watch-loop.ts';

export interface StreamsTask {
  readonly model: Extract<EarManifest, { family: 'streaming-zipformer' }>;
  readonly languages: readonly string[];
  /** People who talk at the same time. */
  readonly count: number;
}

export interface StreamsMeasure {
  /** From the last sound of each to its text. */
  readonly finalMs: readonly number[];
  readonly loop: LoopDelay;
}

const PIECE_MS = 100;
const PIECE_SAMPLES = 1_600;

/** Several people talk at once, each as fast as people talk. They begin within a tenth of a second. */
export async function streams({ model, languages, count }: StreamsTask): Promise<StreamsMeasure> {
  const host = builtSpeechHost();
  const ears = createSherpaEars({ host, model, name: model.id, languages });
  const { signal } = new AbortController();
  const sounds = demoSounds();
  const talk = async (person: number): Promise<number> => {
    await sleep((PIECE_MS * person) / count);
    const samples = sounds[person % sounds.length]!;
    const stream = ears.openStream!(languages[0] ?? null, signal);
    const startedAt = performance.now();
    try {
      for (let at = 0, piece = 1; at < samples.length; at += PIECE_SAMPLES, piece++) {
        await sleep(Math.max(0, startedAt + piece * PIECE_MS - performance.now()));
        stream.push(samples.subarray(at, at + PIECE_SAMPLES));
      }
      const lastAt = performance.now();
      await stream.finish(signal);
      return performance.now() - lastAt;
    } finally {
      stream.close();
    }
  };
  try {
    await ears.preload!(signal);
    await talk(0);
    const { result, loop } = await watchLoop(() =>
      Promise.all(Array.from({ length: count }, (_, n) => talk(n))),
    );
    return { finalMs: result, loop };
  } finally {
    await ears.close?.();
    await host.close();
  }
}
