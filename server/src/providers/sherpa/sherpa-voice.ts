import type { VoiceReference } from '../spec/tts.ts';
import { createHostVoice, type HostVoice, type HostVoiceOptions, type Speaker } from './host-voice.ts';
import type { VoiceManifest } from './speech-host-protocol.ts';

/** Models that this voice speaks with; Supertonic is a provider of its own. */
export type SherpaVoiceManifest = Exclude<VoiceManifest, { family: 'supertonic' }>;

export interface SherpaVoiceOptions extends Omit<HostVoiceOptions, 'model' | 'restore'> {
  /** Where there are several; `sherpa_tts`. */
  readonly id?: string;
  /** Null where none was pulled. */
  readonly model: SherpaVoiceManifest | null;
  /** Of the model, for people; its id when left out. */
  readonly name?: string;
  /** What it can be, where no model says so: `vits`. */
  readonly family?: Family;
  /** What brings the model's files, for people. */
  readonly restore?: string;
  /** What the model speaks, as BCP 47 primary languages. */
  readonly languages: readonly string[];
  /** The model's voices, its default first; one without a name when left out. */
  readonly speakers?: readonly [Speaker, ...Speaker[]];
  /** Steps of ZipVoice from noise to speech; 4, as its distilled model wants. */
  readonly steps?: number;
  /** Whom ZipVoice speaks like where a request brings no recording. */
  readonly reference?: VoiceReference;
}

const ID = 'sherpa_tts';

type Family = SherpaVoiceManifest['family'];

/** Where each family still speaks well. */
const SPEEDS: Readonly<Record<Family, { readonly least: number; readonly most: number }>> = {
  vits: { least: 0.25, most: 4 },
  matcha: { least: 0.25, most: 4 },
  kokoro: { least: 0.5, most: 2 },
  zipvoice: { least: 0.5, most: 2 },
};

/** In UTF-16 units: Kokoro takes up to 510 symbols in one go, and the rest keeps the first sound near. */
const LONGEST_PIECE = 200;
const ONE_SPEAKER = [{ id: 'default', name: 'Default', languages: [], speakerId: 0 }] as const;

/** A local voice of one of the families VITS, Kokoro, Matcha and ZipVoice, with whichever model was pulled. */
export function createSherpaVoice({
  id = ID,
  name,
  family: expected = 'vits',
  languages,
  speakers = ONE_SPEAKER,
  steps = 4,
  reference,
  restore = 'Run `malbeot models list` and pull a voice.',
  ...options
}: SherpaVoiceOptions): HostVoice {
  const family = options.model?.family ?? expected;
  const takesReference = family === 'zipvoice';
  return createHostVoice(
    {
      info: {
        id,
        name: name ?? options.model?.id ?? nameOf(family),
        cost: 'free',
        local: true,
        standIn: false,
        languages,
        needs: 'A model: VITS, Kokoro, Matcha or ZipVoice.',
        speed: 'by_hardware',
        triedWith: 'random_weights',
      },
      speakers,
      steps,
      normalSpeed: 1,
      speeds: SPEEDS[family],
      longestPiece: () => LONGEST_PIECE,
      takesReference,
      reference: takesReference ? reference : undefined,
    },
    { ...options, restore },
  );
}

function nameOf(family: Family): string {
  return family === 'zipvoice' ? 'Voice from a recording' : 'Local voice';
}
