import { randomUUID } from 'node:crypto';

import { systemClock, type Clock } from '../../lib/clock.ts';
import type { Availability } from '../spec/provider.ts';
import type { TextToSpeech } from '../spec/tts.ts';
import { createIdleSockets } from './idle-sockets.ts';
import { offeredLanguages, offeredVoices } from './known-voices.ts';
import { createMicrosoftVoice, type SpeechLimits } from './microsoft-voice.ts';
import { createPcmDecoder, SPEECH_SAMPLE_RATE } from './sound-decoders.ts';
import { encodeSpeechMessage } from './speech-messages.ts';
import { openSpeechSocket } from './speech-socket.ts';

export interface AzureVoiceOptions {
  /** Key of a Speech resource; null where none is configured. */
  readonly key: string | null;
  /** Region of that resource, such as `koreacentral`; null where none is configured. */
  readonly region: string | null;
  /** Voice where a request names none. */
  readonly voice: string;
  /** Another address than the region's, for tests. */
  readonly url?: string;
  readonly clock?: Pick<Clock, 'now'>;
  readonly limits?: SpeechLimits;
}

const ID = 'azure_tts';
const REGION = /^[a-z0-9]{2,60}$/i;
const MOST_IDLE = 2;
const IDLE_MS = 30_000;
const CONFIG = JSON.stringify({ context: { system: { name: 'Malbeot', version: '1', build: 'Node.js' } } });
const CONTEXT = JSON.stringify({
  synthesis: {
    audio: {
      metadataOptions: {
        bookmarkEnabled: false,
        punctuationBoundaryEnabled: false,
        sentenceBoundaryEnabled: false,
        sessionEndEnabled: false,
        visemeEnabled: true,
        wordBoundaryEnabled: true,
      },
      outputFormat: 'raw-24khz-16bit-mono-pcm',
    },
    language: { autoDetection: false },
  },
});

/**
 * Voices of Azure AI Speech, with the times of words and shapes of the mouth. The protocol is that of Microsoft's Speech SDK for
 * JavaScript; a connection serves one turn after the other, two are kept for half a minute.
 */
export function createAzureVoice({
  key,
  region,
  voice,
  url = addressOf(region),
  clock = systemClock,
  limits = {},
}: AzureVoiceOptions): TextToSpeech {
  const idle = createIdleSockets(MOST_IDLE, IDLE_MS);
  return createMicrosoftVoice(
    {
      info: {
        id: ID,
        name: 'Azure AI Speech',
        cost: 'paid',
        local: false,
        standIn: false,
        languages: offeredLanguages(voice),
        needs: 'AZURE_SPEECH_KEY and AZURE_SPEECH_REGION; every text to be spoken goes to Microsoft.',
        speed: 'fast',
        triedWith: 'replay',
      },
      version: 1,
      voices: offeredVoices(voice),
      keyHint: 'Check AZURE_SPEECH_KEY, and that AZURE_SPEECH_REGION is the region it was made for.',
      contentType: null,
      soundBytesPerSecond: SPEECH_SAMPLE_RATE * 2,
      availability: () => availabilityOf(key, region),
      openDecoder: createPcmDecoder,
      async connect(signal) {
        const kept = idle.take();
        if (kept !== undefined) return { socket: kept, isUsed: true };
        const socket = await openSpeechSocket(
          {
            url,
            headers: {
              'Ocp-Apim-Subscription-Key': key ?? '',
              'X-ConnectionId': randomUUID().replaceAll('-', ''),
            },
            openLimitMs: limits.openMs ?? 5_000,
            now: () => clock.now(),
          },
          signal,
        );
        return { socket, isUsed: false };
      },
      messages(ssml, requestId, isUsed) {
        const now = clock.now();
        const json = { requestId, contentType: 'application/json' };
        return [
          ...(isUsed ? [] : [encodeSpeechMessage({ ...json, path: 'speech.config' }, CONFIG, now)]),
          encodeSpeechMessage({ ...json, path: 'synthesis.context' }, CONTEXT, now),
          encodeSpeechMessage({ requestId, path: 'ssml', contentType: 'application/ssml+xml' }, ssml, now),
        ];
      },
      release: (socket) => idle.keep(socket),
      close: () => idle.close(),
    },
    limits,
  );
}

/** Where the Speech service of a region listens; China has a cloud of its own. */
function addressOf(region: string | null): string {
  const name = region !== null && REGION.test(region) ? region.toLowerCase() : 'none';
  const domain = name.startsWith('china') ? 'azure.cn' : 'microsoft.com';
  return `wss://${name}.tts.speech.${domain}/cognitiveservices/websocket/v1`;
}

function availabilityOf(key: string | null, region: string | null): Availability {
  if (key === null || region === null) {
    const missing = [...(key === null ? ['no key'] : []), ...(region === null ? ['no region'] : [])];
    return {
      available: false,
      reason: `Azure AI Speech has ${missing.join(' and ')}.`,
      action: 'Set AZURE_SPEECH_KEY and AZURE_SPEECH_REGION, as the portal shows them for the resource.',
    };
  }
  if (!REGION.test(region)) {
    return {
      available: false,
      reason: 'The region of Azure AI Speech is no region.',
      action: 'Set AZURE_SPEECH_REGION to a name such as koreacentral, without an address around it.',
    };
  }
  return { available: true };
}
