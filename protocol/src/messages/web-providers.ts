import type { Messages } from './message-table.ts';

/**
 * What the pages say of the server's providers: names of those whose own name is not a brand, and what to set or run where one
 * is not set up. What stands between backticks is typed as it is.
 */
export const webProviderMessages = {
  'web.voices.name.sherpa_tts': { ko: '이 서버의 목소리 모델', en: 'Voice model on this server' },
  'web.voices.name.zipvoice': {
    ko: '녹음을 닮은 목소리 (ZipVoice)',
    en: 'Voice from a recording (ZipVoice)',
  },
  'web.voices.name.sherpa': { ko: '이 서버의 듣기 모델', en: 'Hearing model on this server' },
  'web.voices.name.command': { ko: '직접 고른 프로그램', en: 'A program of your own' },
  'web.voices.name.browser': { ko: '브라우저의 귀', en: 'The browser’s own ears' },
  'web.voices.name.demo_ear': { ko: '시연용 귀', en: 'Demo ear' },
  'web.voices.setup.supertonic': {
    ko: '`malbeot models pull supertonic-3-int8`로 모델을 받고 서버를 다시 시작해 주세요.',
    en: 'Get its model with `malbeot models pull supertonic-3-int8` and start the server again.',
  },
  'web.voices.setup.sherpa_tts': {
    ko: '`malbeot models list`에서 목소리를 골라 `malbeot models pull`로 받고 서버를 다시 시작해 주세요.',
    en: 'Choose a voice from `malbeot models list`, get it with `malbeot models pull`, and start the server again.',
  },
  'web.voices.setup.edge_tts': {
    ko: '말할 글이 계약 없이 Microsoft로 가도 괜찮으면 `EDGE_TTS=on`으로 설정해 주세요.',
    en: 'Set `EDGE_TTS=on` if every text to be spoken may go to Microsoft, without a contract.',
  },
  'web.voices.setup.siliconflow_tts': {
    ko: '`SILICONFLOW_API_KEY`에 키를 설정해 주세요.',
    en: 'Set `SILICONFLOW_API_KEY`.',
  },
  'web.voices.setup.azure_tts': {
    ko: '`AZURE_SPEECH_KEY`와 `AZURE_SPEECH_REGION`을 설정해 주세요. 둘 다 Azure 포털에 있어요.',
    en: 'Set `AZURE_SPEECH_KEY` and `AZURE_SPEECH_REGION`, as the portal shows them.',
  },
  'web.voices.setup.openai_tts': {
    ko: '`OPENAI_API_KEY`를 설정해 주세요. 같은 방식의 다른 서버라면 `OPENAI_TTS_URL`이에요.',
    en: 'Set `OPENAI_API_KEY`, or `OPENAI_TTS_URL` for another server that speaks the same protocol.',
  },
  'web.voices.setup.espeak': {
    ko: '목소리가 꺼져 있어요. `TTS_ENABLED=on`으로 설정해 주세요.',
    en: 'Voices are switched off. Set `TTS_ENABLED=on`.',
  },
  'web.voices.setup.zipvoice': {
    ko: '`malbeot models pull zipvoice-en-zh-int8`로 모델을 받고 서버를 다시 시작해 주세요. 영어와 중국어를 말해요.',
    en: 'Get its model with `malbeot models pull zipvoice-en-zh-int8` and start the server again. It speaks English and Chinese.',
  },
  'web.voices.setup.sherpa': {
    ko: '`malbeot models pull sense-voice-int8`로 모델을 받고 서버를 다시 시작해 주세요. 다른 모델은 `malbeot models list`에 있어요.',
    en: 'Get a model with `malbeot models pull sense-voice-int8` and start the server again. `malbeot models list` shows the others.',
  },
  'web.voices.setup.openai': {
    ko: '`OPENAI_API_KEY`를 설정해 주세요. 같은 방식의 다른 서버라면 `OPENAI_STT_URL`이에요.',
    en: 'Set `OPENAI_API_KEY`, or `OPENAI_STT_URL` for another server that speaks the same protocol.',
  },
  'web.voices.setup.command': {
    ko: '들은 말을 글로 내놓는 프로그램을 `COMMAND_STT`에 적어 주세요. 예: `whisper-cli -nt -l {language} -f {wav}`',
    en: 'Name a program that prints what it hears in `COMMAND_STT`, such as `whisper-cli -nt -l {language} -f {wav}`.',
  },
  'web.voices.setup.browser': {
    ko: '말소리가 브라우저를 만든 회사로 가도 괜찮으면 `BROWSER_EARS=on`으로 설정해 주세요.',
    en: 'Set `BROWSER_EARS=on` if what people say may go to the browser’s maker.',
  },
  'web.voices.setup.demo_ear': {
    ko: '귀가 꺼져 있어요. `STT_ENABLED=on`으로 설정해 주세요.',
    en: 'Ears are switched off. Set `STT_ENABLED=on`.',
  },
} as const satisfies Messages;
