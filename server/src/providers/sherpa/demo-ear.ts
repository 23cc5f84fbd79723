import type { ChildHost } from '../../lib/child-host.ts';
import { demoEarModel } from './demo-ear-model.ts';
import { createHostEar, type HostEar } from './host-ear.ts';
import { atTrainedLevel } from './level.ts';
import type { EarManifest, SpeechHostPart, SpeechHostRequest } from './speech-host-protocol.ts';
import { tidyJamo } from './tidy.ts';

export interface DemoEarOptions {
  /** Where native models run. Shared with other ears; whoever made it closes it. */
  readonly host: ChildHost<SpeechHostRequest, SpeechHostPart>;
  /** The shipped model when left out. */
  readonly model?: EarManifest;
  /** Time for loading the model, 10 s. */
  readonly loadLimitMs?: number;
  /** Time for an utterance beside half of its own length, 3 s. A host that takes longer is ended. */
  readonly transcribeLimitMs?: number;
  /** Time without use after which the model is unloaded; never when left out. */
  readonly idleMs?: number | null;
}

/** The built-in ear: real speech recognition with a tiny model that knows the built-in voice and hardly any other. */
export function createDemoEar({
  host,
  model = demoEarModel(),
  loadLimitMs = 10_000,
  transcribeLimitMs = 3_000,
  idleMs = null,
}: DemoEarOptions): HostEar {
  return createHostEar({
    info: {
      id: 'demo_ear',
      name: 'Demo ear',
      cost: 'free',
      local: true,
      standIn: true,
      languages: ['ko'],
      needs: '',
    },
    host,
    model,
    restore: 'Restore the folder server/models/demo-ear from the release.',
    loadLimitMs,
    idleMs,
    limitMs: transcribeLimitMs,
    limitPerSecondMs: 500,
    prepare: atTrainedLevel,
    cut: (samples) => [samples],
    tidy: tidyJamo,
    ask: () => null,
  });
}
