import { randomBytes, randomUUID } from 'node:crypto';

import { systemClock, type Clock } from '../../lib/clock.ts';
import type { TextToSpeech } from '../spec/tts.ts';
import { edgeToken, TRUSTED_CLIENT_TOKEN } from './edge-token.ts';
import { UpgradeRefused } from './failures.ts';
import { offeredLanguages, offeredVoices } from './known-voices.ts';
import { createMicrosoftVoice, type SpeechLimits } from './microsoft-voice.ts';
import { createMp3Decoder } from './sound-decoders.ts';
import { encodeSpeechMessage } from './speech-messages.ts';
import { openSpeechSocket, type SpeechSocket } from './speech-socket.ts';

export interface EdgeVoiceOptions {
  /** The explicit yes of who runs the server. Without it nothing is ever sent. */
  readonly enabled: boolean;
  /** Voice where a request names none. */
  readonly voice: string;
  /** Another address than Microsoft's, for tests. */
  readonly url?: string;
  readonly clock?: Pick<Clock, 'now'>;
  readonly limits?: SpeechLimits;
}

const ID = 'edge_tts';
const URL_OF_SERVICE = 'wss://speech.platform.bing.com/consumer/speech/synthesize/readaloud/edge/v1';
/** The version that the service is told; it refuses ones that are too old. */
const BROWSER_VERSION = '143.0.3650.75';
const BROWSER_MAJOR = BROWSER_VERSION.split('.', 1)[0]!;
const OUTPUT_FORMAT = 'audio-24khz-48kbitrate-mono-mp3';
const SOUND_BYTES_PER_SECOND = 6_000;
const HEADERS = {
  Pragma: 'no-cache',
  'Cache-Control': 'no-cache',
  'Accept-Language': 'en-US,en;q=0.9',
  Origin: 'chrome-extension://jdiccldimpdaibmpdkjnbmckianbfold',
  'User-Agent':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) ' +
    `Chrome/${BROWSER_MAJOR}.0.0.0 Safari/537.36 Edg/${BROWSER_MAJOR}.0.0.0`,
};
/** The same as in the browser, which sends the switches as text. */
const CONFIG = JSON.stringify({
  context: {
    synthesis: {
      audio: {
        metadataoptions: { sentenceBoundaryEnabled: 'false', wordBoundaryEnabled: 'true' },
        outputFormat: OUTPUT_FORMAT,
      },
    },
  },
});

/**
 * Voices of Microsoft's browser, with word times. Free and without a contract: the service was made for the read-aloud of the
 * browser and may change at any time. Its protocol is not documented; this follows github.com/rany2/edge-tts. Connections are
 * not used twice, as the browser does not either.
 */
export function createEdgeVoice({
  enabled,
  voice,
  url = URL_OF_SERVICE,
  clock = systemClock,
  limits = {},
}: EdgeVoiceOptions): TextToSpeech {
  /** How far the server's clock is ahead of ours, in milliseconds. */
  let skewMs = 0;

  const open = (signal: AbortSignal): Promise<SpeechSocket> => {
    const query = new URLSearchParams({
      TrustedClientToken: TRUSTED_CLIENT_TOKEN,
      'Sec-MS-GEC': edgeToken(clock.now() + skewMs),
      'Sec-MS-GEC-Version': `1-${BROWSER_VERSION}`,
      ConnectionId: randomUUID().replaceAll('-', ''),
    });
    const headers = { ...HEADERS, Cookie: `muid=${randomBytes(16).toString('hex').toUpperCase()};` };
    return openSpeechSocket(
      {
        url: `${url}?${query.toString()}`,
        headers,
        openLimitMs: limits.openMs ?? 5_000,
        now: () => clock.now(),
      },
      signal,
    );
  };

  return createMicrosoftVoice(
    {
      info: {
        id: ID,
        name: 'Microsoft Edge',
        cost: 'free',
        local: false,
        standIn: false,
        languages: offeredLanguages(voice),
        needs: 'EDGE_TTS=on, which lets every text to be spoken go to Microsoft, without a contract.',
        speed: 'fast',
        triedWith: 'replay',
      },
      version: 1,
      voices: offeredVoices(voice),
      keyHint: 'Microsoft may ask more of its browser now, or not serve this network.',
      contentType: 'audio/mpeg',
      soundBytesPerSecond: SOUND_BYTES_PER_SECOND,
      availability: () =>
        enabled
          ? { available: true }
          : {
              available: false,
              reason: "The voices of Microsoft's browser are switched off.",
              action:
                'Set EDGE_TTS=on if every text to be spoken may go to Microsoft, over an interface without a contract.',
            },
      openDecoder: createMp3Decoder,
      async connect(signal) {
        try {
          return { socket: await open(signal), isUsed: false };
        } catch (error) {
          if (!(error instanceof UpgradeRefused) || error.status !== 403 || error.serverTime === null) {
            throw error;
          }
          // The token is made of the time: with the server's time it is the right one.
          skewMs = error.serverTime - clock.now();
          return { socket: await open(signal), isUsed: false };
        }
      },
      messages(ssml, requestId) {
        const now = clock.now();
        const json = { requestId, contentType: 'application/json; charset=utf-8' };
        return [
          encodeSpeechMessage({ ...json, path: 'speech.config' }, CONFIG, now),
          encodeSpeechMessage({ requestId, path: 'ssml', contentType: 'application/ssml+xml' }, ssml, now),
        ];
      },
      release: (socket) => socket.end(),
      close: () => {},
    },
    limits,
  );
}
