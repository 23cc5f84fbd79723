import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { listenersOn, providerErrorOf, quiet } from '../contract/provider.suite.ts';
import { collectSpeech } from '../contract/tts.suite.ts';
import type { ProviderErrorKind } from '../spec/provider.ts';
import type { TextToSpeech } from '../spec/tts.ts';
import { createAzureVoice } from './azure-voice.ts';
import { createEdgeVoice } from './edge-voice.ts';
import type { SpeechLimits } from './microsoft-voice.ts';
import {
  soundMessage,
  startSpeechServer,
  type Behaviour,
  type SpeechServer,
} from './testing/speech-server.ts';

const KEY = 'secret-key-4711';
const WORDS = '비밀스러운 주문 하나';
const SHORT: SpeechLimits = { openMs: 250, answerMs: 250, messageMs: 250 };

const makers = {
  edge_tts: (url: string, limits: SpeechLimits = {}): TextToSpeech =>
    createEdgeVoice({ enabled: true, voice: 'ko-KR-SunHiNeural', url, limits }),
  azure_tts: (url: string, limits: SpeechLimits = {}): TextToSpeech =>
    createAzureVoice({ key: KEY, region: 'koreacentral', voice: 'ko-KR-SunHiNeural', url, limits }),
};

const text = (path: string, body: string) => `X-RequestId:\r\nPath:${path}\r\n\r\n${body}`;
const again = (behaviour: Behaviour): readonly Behaviour[] => [behaviour];

const FAULTS: readonly (readonly [string, readonly Behaviour[], ProviderErrorKind, string])[] = [
  ['hangs at the upgrade', again({ do: 'hang-at-upgrade' }), 'timeout', '250 ms'],
  ['hangs after turn.start', again({ do: 'hang-after-start' }), 'timeout', '250 ms'],
  ['stalls in the middle of the sound', again({ do: 'stall-in-sound' }), 'timeout', '250 ms'],
  ['cuts in the middle of a frame', again({ do: 'cut-in-frame' }), 'unavailable', '1006'],
  ['refuses with 401', again({ do: 'refuse', status: 401 }), 'unauthorized', '401'],
  ['refuses with 403', again({ do: 'refuse', status: 403 }), 'unauthorized', '403'],
  ['refuses with 404', again({ do: 'refuse', status: 404 }), 'failed', '404'],
  ['refuses with 503', again({ do: 'refuse', status: 503 }), 'unavailable', '503'],
  [
    'sends somewhere else',
    again({ do: 'refuse', status: 302, headers: { location: 'ws://127.0.0.1:9/' } }),
    'failed',
    '302',
  ],
  ['closes for its policy', again({ do: 'close', code: 1008 }), 'unauthorized', '1008'],
  ['closes for trouble of its own', again({ do: 'close', code: 1011 }), 'unavailable', '1011'],
  ['closes as if all were well', again({ do: 'close', code: 1000 }), 'failed', '1000'],
  ['closes for the text', again({ do: 'close', code: 1007 }), 'failed', '1007'],
  ['sends text without headers', again({ do: 'send', message: WORDS }), 'failed', 'no end'],
  ['sends headers without a path', again({ do: 'send', message: 'A:b\r\n\r\n' }), 'failed', 'what it is'],
  ['sends one byte', again({ do: 'send', message: Buffer.of(7) }), 'failed', 'shorter'],
  ['sends headers that are cut', again({ do: 'send', message: Buffer.of(1, 0, 65) }), 'failed', 'shorter'],
  [
    'sends metadata that is no JSON',
    again({ do: 'send', message: text('audio.metadata', `{"${WORDS}`) }),
    'failed',
    'no JSON',
  ],
  [
    'sends metadata without a list',
    again({ do: 'send', message: text('audio.metadata', '{}') }),
    'failed',
    'Metadata',
  ],
  [
    'sends an error in JSON',
    again({
      do: 'send',
      message: text('response', JSON.stringify({ error: { code: 'BadVoice', message: WORDS } })),
    }),
    'failed',
    'BadVoice',
  ],
  [
    'ends without a sound',
    again({ do: 'send', message: text('turn.end', '{}') }),
    'failed',
    'without a sound',
  ],
  ['never ends', again({ do: 'endless' }), 'failed', 'more sound'],
  [
    'sends a frame that is too large',
    again({ do: 'send', message: Buffer.alloc(2 * 1024 ** 2) }),
    'failed',
    'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
  ],
];

for (const [id, make] of Object.entries(makers)) {
  describe(`${id} and a server that`, () => {
    let server: SpeechServer;
    let voice: TextToSpeech;
    beforeEach(async () => {
      server = await startSpeechServer(id === 'edge_tts' ? 'mp3' : 'pcm');
      voice = make(server.url);
    });
    afterEach(async () => {
      await voice.close?.();
      await server.close();
    });
    const request = { text: WORDS, language: 'ko' };
    const speak = (signal = quiet(), by = voice) => collectSpeech(by, request, signal);

    it.each(FAULTS)('%s', async (_, behaviours, kind, said) => {
      server.behave(...behaviours);
      const signal = quiet();
      const error = await providerErrorOf(
        speak(signal, kind === 'timeout' ? make(server.url, SHORT) : voice),
      );
      expect(error).toMatchObject({ kind, provider: id });
      expect(error.message).toContain(said);
      const shown = `${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
      for (const secret of [KEY, WORDS, '비밀']) expect(shown).not.toContain(secret);
      expect(listenersOn(signal)).toBe(0);
      // The next request is served as if nothing had been.
      server.behave();
      expect((await speak()).some(({ type }) => type === 'audio')).toBe(true);
    });

    it('tells when to come back', async () => {
      server.behave({ do: 'refuse', status: 429, headers: { 'retry-after': '7' } });
      expect(await providerErrorOf(speak())).toMatchObject({ kind: 'rate_limited', retryAfterMs: 7_000 });
      server.behave({ do: 'refuse', status: 429 });
      expect(await providerErrorOf(speak())).toMatchObject({ kind: 'rate_limited', retryAfterMs: undefined });
    });

    it('is not there', async () => {
      const away = make('ws://127.0.0.1:1/speech');
      const error = await providerErrorOf(speak(quiet(), away));
      expect(error.kind).toBe('unavailable');
    });

    it('speaks another protocol', async () => {
      const other = createServer((socket) => {
        socket.on('error', () => {});
        socket.resume();
        socket.end('SSH-2.0-OpenSSH\r\n');
      });
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      const lost = make(`ws://127.0.0.1:${(other.address() as AddressInfo).port}/`);
      const error = await providerErrorOf(speak(quiet(), lost));
      expect(error.kind).toBe('unavailable');
      await new Promise((resolve) => other.close(resolve));
    });

    it('does not take the voice that was named', async () => {
      server.behave({ do: 'close', code: 1007 });
      const named = { ...request, voice: 'ko-KR-NobodyNeural' };
      expect((await providerErrorOf(collectSpeech(voice, named))).kind).toBe('invalid_input');
    });

    it('leaves no connection behind when the listener goes', async () => {
      for await (const chunk of voice.synthesize(request, quiet())) {
        if (chunk.type === 'audio') break;
      }
      await expect.poll(() => server.open).toBe(0);
    });
  });
}

describe('edge_tts and a server that', () => {
  it.each([
    ['sends no MP3', 'mp3', Buffer.alloc(100_000, 'no sound '), "can't be read"],
    ['sends another format', 'pcm', Buffer.alloc(100), 'another format'],
  ] as const)('%s', async (_, format, bytes, said) => {
    const server = await startSpeechServer('mp3');
    server.behave({ do: 'send', message: soundMessage('', format, bytes) });
    const voice = makers.edge_tts(server.url);
    const error = await providerErrorOf(collectSpeech(voice, { text: WORDS, language: 'ko' }));
    expect(error).toMatchObject({ kind: 'failed', provider: 'edge_tts' });
    expect(error.message).toContain(said);
    await server.close();
  });
});
