import {
  ProviderError,
  SWITCHED_OFF,
  type Availability,
  type ProviderInfo,
} from '../providers/spec/provider.ts';
import type { SpeechToText } from '../providers/spec/stt.ts';
import type { TextToSpeech } from '../providers/spec/tts.ts';

const about = (name: string): ProviderInfo => ({
  id: 'off',
  name,
  cost: 'free',
  local: true,
  standIn: false,
  languages: [],
  needs: '',
});

const off = (setting: string): Availability => ({
  available: false,
  reason: `Switched off by ${setting}.`,
  action: `Set ${setting}=true to use it.`,
});

/** Ears of a server whose operator wants none: taps and text go on working. */
export const switchedOffEars: SpeechToText = {
  kind: 'stt',
  info: about('Ears'),
  availability: () => off('STT_ENABLED'),
  transcribe: () =>
    Promise.reject(
      new ProviderError('unavailable', 'off', 'Ears are switched off by STT_ENABLED.', {
        skipped: [{ provider: 'off', reason: SWITCHED_OFF }],
      }),
    ),
};

/** Voice of a server whose operator wants none: everything is shown and nothing said. */
export const switchedOffVoice: TextToSpeech = {
  kind: 'tts',
  revision: 'off',
  info: about('Voice'),
  voices: () => [],
  availability: () => off('TTS_ENABLED'),
  synthesize: () => ({
    [Symbol.asyncIterator]: () => ({
      next: () =>
        Promise.reject(new ProviderError('unavailable', 'off', 'The voice is switched off by TTS_ENABLED.')),
    }),
  }),
};
