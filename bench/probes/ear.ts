import { createDemoEar } from '../../server/src/providers/sherpa/demo-ear.ts';
import { createSherpaEars } from '../../server/src/providers/sherpa/sherpa-ears.ts';
import type { EarManifest } from '../../server/src/providers/sherpa/speech-host-protocol.ts';
import { builtSpeechHost } from '../lib/built-speech-host.ts';
import { memoryOf, memoryWhenIdle } from '../lib/child-memory.ts';
import { demoSounds } from '../lib/demo-sounds.ts';
import { timed, type PartMeasure } from '../lib/part-measure.ts';
import { watchLoop } from '../lib/watch-loop.ts';

export interface EarTask {
  /** Null for the demo ear. */
  readonly model: EarManifest | null;
  readonly languages: readonly string[];
  readonly count: number;
}

const RATE = 16_000;
/** Time without use after which a model is unloaded here. */
const IDLE_MS = 700;

/** Hears one order after the other. The first one only warms up. */
export async function ear({ model, languages, count }: EarTask): Promise<PartMeasure> {
  const host = builtSpeechHost();
  const common = { host, idleMs: IDLE_MS, loadLimitMs: 60_000 };
  const part =
    model === null
      ? createDemoEar(common)
      : createSherpaEars({ ...common, model, name: model.id, languages });
  const { signal } = new AbortController();
  const sounds = demoSounds();
  const hear = (samples: Float32Array) =>
    part.transcribe({ samples, language: languages[0] ?? null }, signal);
  try {
    const startMs = await timed(() => host.start(signal));
    const before = await memoryOf(host);
    const loadMs = await timed(() => part.preload!(signal));
    await hear(sounds[0]!);
    const { result, loop } = await watchLoop(async () => {
      const answers: { readonly ms: number; readonly soundMs: number }[] = [];
      for (let turn = 1; turn <= count; turn++) {
        const samples = sounds[turn % sounds.length]!;
        answers.push({ ms: await timed(() => hear(samples)), soundMs: (samples.length * 1000) / RATE });
      }
      return answers;
    });
    return {
      startMs,
      loadMs,
      answersMs: result.map(({ ms }) => ms),
      realTimeFactors: result.map(({ ms, soundMs }) => ms / soundMs),
      loop,
      memory: { before, used: await memoryOf(host), idle: await memoryWhenIdle(host) },
    };
  } finally {
    await part.close?.();
    await host.close();
  }
}
