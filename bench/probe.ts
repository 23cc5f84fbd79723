// A process of its own for one measurement, so that nothing else is in its event loop or its memory. Started by `runProbe`.
import { chain } from './probes/chain.ts';
import { decoding } from './probes/decoding.ts';
import { ear } from './probes/ear.ts';
import { earInOwnProcess } from './probes/ear-in-own-process.ts';
import { longSound } from './probes/long-sound.ts';
import { openMicrophones } from './probes/open-microphones.ts';
import { simulatedTalks } from './probes/simulated-talks.ts';
import { soundWork } from './probes/sound-work.ts';
import { streams } from './probes/streams.ts';
import { talk } from './probes/talk.ts';
import { voice } from './probes/voice.ts';

const probes = {
  chain,
  decoding,
  ear,
  earInOwnProcess,
  longSound,
  openMicrophones,
  simulatedTalks,
  soundWork,
  streams,
  talk,
  voice,
} as const;

/** Every measurement by its name. */
export type Probes = typeof probes;

process.once('message', ({ name, task }: { readonly name: keyof Probes; readonly task: never }) => {
  const measure: (task: never) => Promise<unknown> = probes[name];
  measure(task).then(
    (result) => process.send!({ result }),
    (error: unknown) => process.send!({ failure: error instanceof Error ? error.stack : String(error) }),
  );
});
