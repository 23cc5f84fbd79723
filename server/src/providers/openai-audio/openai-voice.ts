import { OPENAI_URL } from '../spec/openai-server.ts';
import type { TextToSpeech, VoiceInfo } from '../spec/tts.ts';
import { SpeechVoice, type SpeechVoiceOptions } from './speech-voice.ts';

export interface OpenAiVoiceOptions extends SpeechVoiceOptions {
  /** Address that `/audio/speech` is below; null for OpenAI's own. */
  readonly url: string | null;
  /** `tts-1` when null. */
  readonly model: string | null;
  /** The voice where a request names none. */
  readonly voice: string;
  /** Whether the server makes a voice from a recording. OpenAI's own does not, whatever is said here. */
  readonly takesReference: boolean;
}

/** Of every model of OpenAI's. */
const OPENAI_VOICES = ['alloy', 'echo', 'fable', 'onyx', 'nova', 'shimmer'];
/** Of those after `tts-1` and `tts-1-hd`. */
const NEWER_VOICES = ['ash', 'ballad', 'coral', 'sage', 'verse', 'marin', 'cedar'];
/** OpenAI's own limit. Other servers mostly keep it; those with more lose nothing by a cut between sentences. */
const MOST_CHARACTERS = 4_096;

/**
 * A voice behind OpenAI's speech API: OpenAI's own, or any other server's. Sends nothing by itself.
 *
 * @throws {RangeError} for a base URL that is none.
 */
export function createOpenAiVoice({
  url,
  model: wanted,
  voice,
  takesReference,
  ...options
}: OpenAiVoiceOptions): TextToSpeech {
  const isOpenAi = url === null;
  const model = wanted ?? 'tts-1';
  return new SpeechVoice(
    {
      id: 'openai_tts',
      name: isOpenAi ? 'OpenAI' : new URL(url).host,
      cost: isOpenAi ? 'paid' : 'free',
      setting: isOpenAi ? 'OPENAI_API_KEY' : 'OPENAI_TTS_URL',
      baseUrl: url ?? OPENAI_URL,
      wantsKey: isOpenAi,
      model,
      voices: isOpenAi ? openAiVoices(model, voice) : [toVoice(voice)],
      hasNoOther: isOpenAi,
      mostCharacters: MOST_CHARACTERS,
      fields: {},
      takesReference: takesReference && !isOpenAi,
    },
    options,
  );
}

function openAiVoices(model: string, first: string): readonly VoiceInfo[] {
  const newer = model.startsWith('tts-1') ? [] : NEWER_VOICES;
  return [...new Set([first, ...OPENAI_VOICES, ...newer])].map(toVoice);
}

function toVoice(id: string): VoiceInfo {
  return { id, name: id, languages: [] };
}
