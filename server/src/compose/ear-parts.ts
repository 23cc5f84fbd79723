import type { Config } from '../config/config.ts';
import type { ChildHost } from '../lib/child-host.ts';
import type { Clock } from '../lib/clock.ts';
import { createCommandEars } from '../providers/command/command-ears.ts';
import { createOpenAiEars } from '../providers/openai-audio/openai-ears.ts';
import { createDemoEar } from '../providers/sherpa/demo-ear.ts';
import { createSherpaEars } from '../providers/sherpa/sherpa-ears.ts';
import type { SpeechHostPart, SpeechHostRequest } from '../providers/sherpa/speech-host-protocol.ts';
import type { Availability, ProviderInfo } from '../providers/spec/provider.ts';
import type { SpeechToText } from '../providers/spec/stt.ts';
import { inOrder } from './in-order.ts';
import { toEarManifest, type ChosenModels } from './models.ts';

/** Ears that this server knows, set up or not. */
export interface KnownEar {
  readonly info: ProviderInfo;
  availability(): Availability;
}

export interface EarParts {
  /** Those that are set up, in order of preference. */
  readonly providers: readonly SpeechToText[];
  /** All, in order of preference; those that are not set up say what they need. */
  readonly known: readonly KnownEar[];
}

export type EarSettings = Pick<Config, 'speech' | 'openaiCompatible' | 'models'>;

interface EarRooms {
  readonly host: ChildHost<SpeechHostRequest, SpeechHostPart>;
  readonly models: ChosenModels;
  readonly clock: Clock;
}

/** Builds every kind of ears. Starts and sends nothing. */
export function openEars(
  { speech, openaiCompatible }: EarSettings,
  { host, models, clock }: EarRooms,
): EarParts {
  const { earModel, threads, modelIdleMs: idleMs, command } = speech;
  const pulled = models.ears;
  const sherpa = createSherpaEars({
    host,
    model: pulled === null ? null : toEarManifest(pulled, threads),
    name: pulled?.name ?? 'Local ears',
    languages: pulled?.languages ?? [],
    idleMs,
    absence: models.problems.ears,
  });
  const openai = createOpenAiEars({ ...openaiCompatible.stt, clock });
  const demo = createDemoEar({ host, idleMs });
  const isOpenAiSetUp = openaiCompatible.stt.url !== null || openaiCompatible.stt.key !== null;
  const program = command === null ? null : createCommandEars({ ...command, clock });
  const isSherpaSetUp = pulled !== null || earModel !== null;
  const providers = [
    ...(isSherpaSetUp ? [sherpa] : []),
    ...(isOpenAiSetUp ? [openai] : []),
    ...(program === null ? [] : [program]),
    demo,
  ];
  return {
    providers: inOrder(providers, speech.earOrder),
    known: inOrder(
      [sherpa, openai, program ?? noProgram, browserEars(speech.browserEars), demo],
      speech.earOrder,
    ),
  };
}

const elsewhere = {
  cost: 'free',
  standIn: false,
  languages: [],
} as const satisfies Partial<ProviderInfo>;

const noProgram: KnownEar = {
  info: {
    ...elsewhere,
    id: 'command',
    name: 'A program of your own',
    local: true,
    needs: 'COMMAND_STT',
    speed: 'by_hardware',
  },
  availability: () => ({
    available: false,
    reason: 'No program is set.',
    action: 'Set COMMAND_STT, for example to `whisper-cli -nt -l {language} -f {wav}`.',
  }),
};

/** Ears that live in the page: the server only says whether it may use them. */
function browserEars(isAllowed: boolean): KnownEar {
  return {
    info: {
      ...elsewhere,
      id: 'browser',
      name: "The browser's own recogniser",
      local: false,
      needs: 'BROWSER_EARS',
      triedWith: 'replay',
    },
    availability: () =>
      isAllowed
        ? { available: true }
        : {
            available: false,
            reason: 'Pages may not use it: most browsers send the sound to their maker.',
            action: 'Set BROWSER_EARS=on to let them.',
          },
  };
}
