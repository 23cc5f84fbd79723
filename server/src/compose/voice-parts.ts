import type { Config } from '../config/config.ts';
import type { ChildHost } from '../lib/child-host.ts';
import type { Clock } from '../lib/clock.ts';
import { createEspeakVoice } from '../providers/espeak/espeak-voice.ts';
import type { EspeakPart, EspeakRequest } from '../providers/espeak/espeak-protocol.ts';
import { createAzureVoice } from '../providers/microsoft/azure-voice.ts';
import { createEdgeVoice } from '../providers/microsoft/edge-voice.ts';
import { createOpenAiVoice } from '../providers/openai-audio/openai-voice.ts';
import { createSiliconFlowVoice } from '../providers/openai-audio/siliconflow-voice.ts';
import { createSherpaVoice, type SherpaVoiceManifest } from '../providers/sherpa/sherpa-voice.ts';
import type {
  SpeechHostPart,
  SpeechHostRequest,
  VoiceManifest,
} from '../providers/sherpa/speech-host-protocol.ts';
import { createSupertonicVoice } from '../providers/sherpa/supertonic-voice.ts';
import type { TextToSpeech } from '../providers/spec/tts.ts';
import type { PulledModel } from '../models/installed-model.ts';
import { inOrder } from './in-order.ts';
import { toVoiceManifest, type ChosenModels } from './models.ts';

export interface VoiceParts {
  /** Those that are set up, in order of preference. */
  readonly providers: readonly TextToSpeech[];
  /** All, in order of preference; those that are not set up say what they need. */
  readonly known: readonly TextToSpeech[];
}

export type VoiceSettings = Pick<Config, 'speech' | 'openaiCompatible' | 'models'>;

type SupertonicManifest = Extract<VoiceManifest, { family: 'supertonic' }>;

interface VoiceRooms {
  /** A child of its own: a model that kills it must not take the ears along. */
  readonly host: ChildHost<SpeechHostRequest, SpeechHostPart>;
  readonly espeakHost: ChildHost<EspeakRequest, EspeakPart>;
  readonly models: ChosenModels;
  readonly clock: Clock;
}

/** Builds every kind of voice. Starts and sends nothing. */
export function openVoices(
  { speech, openaiCompatible }: VoiceSettings,
  { host, espeakHost, models, clock }: VoiceRooms,
): VoiceParts {
  const { threads, modelIdleMs: idleMs, voiceModel, siliconflow, azure, edge, openaiVoice } = speech;
  const { tts } = openaiCompatible;
  const local = { host, idleMs };
  const nameOf = (model: PulledModel | null) => (model === null ? {} : { name: model.name });
  const manifestOf = (model: PulledModel | null) => (model === null ? null : toVoiceManifest(model, threads));
  const known: readonly (readonly [isSetUp: boolean, voice: TextToSpeech])[] = [
    [
      models.supertonic !== null,
      createSupertonicVoice({
        ...local,
        model: manifestOf(models.supertonic) as SupertonicManifest | null,
      }),
    ],
    [
      models.voice !== null || (voiceModel !== null && voiceModel !== models.supertonic?.id),
      createSherpaVoice({
        ...local,
        model: manifestOf(models.voice) as SherpaVoiceManifest | null,
        languages: models.voice?.languages ?? [],
        ...nameOf(models.voice),
        absence: models.problems.voice,
      }),
    ],
    [edge.enabled, createEdgeVoice({ ...edge, clock })],
    [siliconflow.key !== null, createSiliconFlowVoice({ ...siliconflow, clock })],
    [azure.key !== null, createAzureVoice({ ...azure, clock })],
    [tts.url !== null || tts.key !== null, createOpenAiVoice({ ...tts, ...openaiVoice, clock })],
    [true, createEspeakVoice({ host: espeakHost })],
    // Speaks like a recording and not without one, so it comes after whoever needs none.
    [
      models.cloning !== null,
      createSherpaVoice({
        ...local,
        id: 'zipvoice',
        family: 'zipvoice',
        restore: 'Run `malbeot models pull zipvoice-en-zh-int8`.',
        model: manifestOf(models.cloning) as SherpaVoiceManifest | null,
        languages: models.cloning?.languages ?? [],
        ...nameOf(models.cloning),
      }),
    ],
  ];
  return {
    providers: inOrder(
      known.flatMap(([isSetUp, voice]) => (isSetUp ? [voice] : [])),
      speech.voiceOrder,
    ),
    known: inOrder(
      known.map(([, voice]) => voice),
      speech.voiceOrder,
    ),
  };
}
