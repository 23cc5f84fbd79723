import type { TextToSpeech } from '../spec/tts.ts';
import { textToSpeechSuite } from '../contract/tts.suite.ts';
import { createAzureVoice } from './azure-voice.ts';
import { createEdgeVoice } from './edge-voice.ts';
import { startSpeechServer, type SpeechServer } from './testing/speech-server.ts';

async function subject(format: 'mp3' | 'pcm', make: (server: SpeechServer) => TextToSpeech) {
  const server = await startSpeechServer(format);
  return { provider: make(server), end: () => server.close() };
}

textToSpeechSuite('edge_tts', {
  make: () =>
    subject('mp3', ({ url }) => createEdgeVoice({ enabled: true, voice: 'ko-KR-SunHiNeural', url })),
  language: 'ko',
  text: '불고기버거 두 개랑 콜라 하나 주세요',
  givesTimes: 'words',
});

textToSpeechSuite('azure_tts', {
  make: () =>
    subject('pcm', ({ url }) =>
      createAzureVoice({
        key: 'a-key-of-nobody',
        region: 'koreacentral',
        voice: 'ko-KR-SunHiNeural',
        url,
      }),
    ),
  language: 'en',
  text: 'One cheeseburger and a coke, please.',
  givesTimes: 'words',
});
