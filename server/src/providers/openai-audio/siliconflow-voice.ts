import type { TextToSpeech } from '../spec/tts.ts';
import { SpeechVoice, type SpeechVoiceOptions } from './speech-voice.ts';

export interface SiliconFlowVoiceOptions extends SpeechVoiceOptions {
  /** Its usual address when null. */
  readonly url: string | null;
  readonly model: string;
  /** The voice where a request names none, with the name of its model in front. */
  readonly voice: string;
  /** Loudness in decibels, -10 to 10; 0. */
  readonly gain?: number;
}

const NAMES = ['anna', 'bella', 'claire', 'diana', 'alex', 'benjamin', 'charles', 'david'];
/** Of the samples that are asked for: CosyVoice's own. */
const SAMPLE_RATE = 24_000;
/** It takes 128,000; nobody asks for more than this in one request. */
const MOST_CHARACTERS = 5_000;

/**
 * The voice of SiliconFlow: OpenAI's speech API with a rate, a loudness and voices from recordings. Sends nothing by itself.
 *
 * @throws {RangeError} for a base URL that is none.
 */
export function createSiliconFlowVoice({
  url,
  model,
  voice,
  gain = 0,
  ...options
}: SiliconFlowVoiceOptions): TextToSpeech {
  const ids = [...new Set([voice, ...NAMES.map((name) => `${model}:${name}`)])];
  return new SpeechVoice(
    {
      id: 'siliconflow_tts',
      name: 'SiliconFlow',
      cost: 'free_tier',
      setting: 'SILICONFLOW_API_KEY',
      baseUrl: url ?? 'https://api.siliconflow.cn/v1',
      wantsKey: true,
      model,
      voices: ids.map((id) => ({ id, name: id.split(':').at(-1)!, languages: [] })),
      hasNoOther: false,
      mostCharacters: MOST_CHARACTERS,
      fields: { sample_rate: SAMPLE_RATE, ...(gain === 0 ? {} : { gain }) },
      takesReference: true,
    },
    options,
  );
}
