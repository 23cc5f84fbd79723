import { createHostVoice, type HostVoice, type HostVoiceOptions, type Speaker } from './host-voice.ts';
import type { VoiceManifest } from './speech-host-protocol.ts';

export interface SupertonicVoiceOptions extends Omit<HostVoiceOptions, 'model' | 'restore'> {
  /** Null where none was pulled. */
  readonly model: Extract<VoiceManifest, { family: 'supertonic' }> | null;
  /** What brings the model's files, for people. */
  readonly restore?: string;
  /** Steps from noise to speech: 5 to 12, more is better and slower; 8. */
  readonly steps?: number;
}

const ID = 'supertonic';

/** Those that sherpa-onnx 1.13 lists for Supertonic 3. */
const LANGUAGES =
  'ko en ja ar bg cs da de el es et fi fr hi hr hu id it lt lv nl pl pt ro ru sk sl sv tr uk vi'.split(' ');

/** `voice.bin` holds the styles in the order of their file names, F1 to F5 before M1 to M5. */
const SPEAKERS: readonly Speaker[] = [
  ...[1, 2, 3, 4, 5].map((number) => speaker(`M${number}`, 'Male', number + 4)),
  ...[1, 2, 3, 4, 5].map((number) => speaker(`F${number}`, 'Female', number - 1)),
];

/** The longest text that Supertone's own program gives the model in one go. */
const LONGEST = { ko: 120, other: 300 };

/** Supertonic 3: the local voice of choice, where its model was pulled. */
export function createSupertonicVoice({
  steps = 8,
  restore = 'Run `malbeot models pull supertonic-3-int8`.',
  ...options
}: SupertonicVoiceOptions): HostVoice {
  return createHostVoice(
    {
      info: {
        id: ID,
        name: 'Supertonic 3',
        cost: 'free',
        local: true,
        standIn: false,
        languages: LANGUAGES,
        needs: 'The model supertonic-3-int8.',
        speed: 'by_hardware',
        recommended: true,
        triedWith: 'random_weights',
      },
      speakers: SPEAKERS,
      steps,
      normalSpeed: 1.05,
      speeds: { least: 0.7, most: 2 },
      longestPiece: (language) => (language === 'ko' ? LONGEST.ko : LONGEST.other),
      takesReference: false,
    },
    { ...options, restore },
  );
}

function speaker(id: string, gender: 'Male' | 'Female', speakerId: number): Speaker {
  return { id, name: `${gender} ${id.slice(1)}`, languages: [], speakerId };
}
