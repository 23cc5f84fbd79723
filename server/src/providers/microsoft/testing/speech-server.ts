import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

import { createAudioEncoder } from '../../../audio/encode.ts';
import { toPcm16 } from '../../../audio/pcm.ts';
import { decodeSpeechText } from '../speech-messages.ts';
import { unescapeXml } from '../ssml.ts';

/** What the server does with the next connection or turn. */
export type Behaviour =
  | { readonly do: 'speak' }
  | { readonly do: 'refuse'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly do: 'hang-at-upgrade' }
  | { readonly do: 'hang-after-start' }
  | { readonly do: 'stall-in-sound' }
  | { readonly do: 'cut-in-frame' }
  | { readonly do: 'close'; readonly code: number }
  | { readonly do: 'send'; readonly message: string | Uint8Array }
  | { readonly do: 'endless' };

/** What a client sent for one turn. */
export interface Turn {
  readonly paths: readonly string[];
  readonly requestId: string;
  readonly ssml: string;
  /** JSON of every message but the SSML. */
  readonly settings: readonly unknown[];
}

/** A double of Microsoft's speech service on this machine, which says every text as a tone. */
export interface SpeechServer {
  readonly url: string;
  readonly upgrades: readonly { readonly url: string; readonly headers: IncomingHttpHeaders }[];
  readonly turns: readonly Turn[];
  /** Connections that are open now. */
  readonly open: number;
  /** Does this for the coming turns, one after the other, instead of what was said before; then it speaks. */
  behave(...behaviours: readonly Behaviour[]): void;
  /** Cuts the connections that are open. */
  cut(): void;
  close(): Promise<void>;
}

export const MS_A_WORD = 250;
const RATE = 24_000;
const SOUND_MESSAGE_BYTES = 2_880;
const encoder = createAudioEncoder();

/** @param format Of the sound, as the service would send it. */
export async function startSpeechServer(format: 'mp3' | 'pcm'): Promise<SpeechServer> {
  const upgrades: SpeechServer['upgrades'][number][] = [];
  const turns: Turn[] = [];
  const script: Behaviour[] = [];
  const raw = new Set<Duplex>();
  const sockets = new Set<WebSocket>();
  const http = createServer((_, response) => response.writeHead(404).end());
  const upgrader = new WebSocketServer({ noServer: true });

  const atUpgrade = () => {
    const next = script[0]?.do;
    return next === 'refuse' || next === 'hang-at-upgrade' ? script.shift() : undefined;
  };

  http.on('upgrade', (request, stream: Duplex, head) => {
    raw.add(stream);
    stream.on('error', () => {});
    stream.on('close', () => raw.delete(stream));
    upgrades.push({ url: request.url ?? '', headers: request.headers });
    const behaviour = atUpgrade();
    if (behaviour?.do === 'hang-at-upgrade') return;
    if (behaviour?.do === 'refuse') {
      const headers = Object.entries(behaviour.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
      stream.end(`HTTP/1.1 ${behaviour.status} No\r\n${headers.join('')}Content-Length: 0\r\n\r\n`);
      return;
    }
    upgrader.handleUpgrade(request, stream, head, (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => {});
      serve(socket, stream);
    });
  });

  const serve = (socket: WebSocket, stream: Duplex) => {
    let paths: string[] = [];
    let settings: unknown[] = [];
    socket.on('message', (data: Buffer) => {
      const { path, requestId, text } = decodeSpeechText(data.toString());
      paths.push(path);
      if (path !== 'ssml') {
        settings.push(JSON.parse(text ?? ''));
        return;
      }
      const turn = { paths, requestId, ssml: text ?? '', settings };
      turns.push(turn);
      paths = [];
      settings = [];
      void answer(turn, socket, stream, script.shift() ?? { do: 'speak' });
    });
  };

  const answer = async (turn: Turn, socket: WebSocket, stream: Duplex, behaviour: Behaviour) => {
    const send = (path: string, body: unknown) => {
      const type = 'Content-Type:application/json; charset=utf-8';
      socket.send(`X-RequestId:${turn.requestId}\r\n${type}\r\nPath:${path}\r\n\r\n${JSON.stringify(body)}`);
    };
    const sendSound = (bytes: Uint8Array) => socket.send(soundMessage(turn.requestId, format, bytes));
    if (behaviour.do === 'close') return socket.close(behaviour.code);
    send('turn.start', { context: { serviceTag: 'replay' } });
    if (behaviour.do === 'hang-after-start') return;
    send('response', { context: { serviceTag: 'replay' }, audio: { type: 'inline', streamId: '1' } });
    if (behaviour.do === 'send') return socket.send(behaviour.message);
    const { words, msAWord } = readSsml(turn.ssml);
    const sound = await toneOf(format, (words.length * msAWord) / 1_000);
    if (behaviour.do === 'endless') {
      const timer = setInterval(() => sendSound(sound.subarray(0, 48_000)), 1);
      socket.on('close', () => clearInterval(timer));
      return;
    }
    send('audio.metadata', { Metadata: words.flatMap((word, at) => metadata(word, at * msAWord)) });
    for (let at = 0; at < sound.length; at += SOUND_MESSAGE_BYTES) {
      sendSound(sound.subarray(at, at + SOUND_MESSAGE_BYTES));
      if (at === 0) continue;
      if (behaviour.do === 'stall-in-sound') return;
      if (behaviour.do === 'cut-in-frame') {
        // The start of a binary frame of 1,000 bytes, and no more.
        stream.write(Buffer.from([0x82, 126, 0x03, 0xe8, 0, 10]), () => stream.destroy());
        return;
      }
    }
    socket.send(soundMessage(turn.requestId, null, new Uint8Array(0)));
    send('audio.metadata', { Metadata: [{ Type: 'SessionEnd', Data: { Offset: 0 } }] });
    send('turn.end', {});
  };

  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/speech`,
    upgrades,
    turns,
    get open() {
      return sockets.size;
    },
    behave: (...behaviours) => void script.splice(0, script.length, ...behaviours),
    cut() {
      for (const stream of raw) stream.destroy();
    },
    async close() {
      for (const stream of raw) stream.destroy();
      upgrader.close();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** A binary message with sound; without a format it is the last one of a turn. */
export function soundMessage(requestId: string, format: 'mp3' | 'pcm' | null, bytes: Uint8Array): Buffer {
  const type = { mp3: 'audio/mpeg', pcm: 'audio/x-wav' }[format ?? 'pcm'];
  const typeLine = format === null ? '' : `Content-Type:${type}\r\n`;
  const headers = Buffer.from(`X-RequestId:${requestId}\r\n${typeLine}X-StreamId:1\r\nPath:audio\r\n`);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(headers.length);
  return Buffer.concat([length, headers, bytes]);
}

function readSsml(ssml: string): { readonly words: readonly string[]; readonly msAWord: number } {
  const rate = Number(/rate="([+-]\d+)%"/.exec(ssml)?.[1]);
  const text = />([^<>]*)<\/prosody>/.exec(ssml)?.[1] ?? '';
  return { words: text.split(/\s+/).filter(Boolean), msAWord: MS_A_WORD / (1 + rate / 100) };
}

/** A word, and the mouth: a consonant, an open vowel, a closed lip. */
function metadata(word: string, startMs: number): readonly unknown[] {
  const plain = unescapeXml(word).replaceAll(/[^\p{L}\p{N}&]/gu, '');
  const boundary = {
    Text: plain.replaceAll('&', '&amp;'),
    Length: plain.length,
    BoundaryType: 'WordBoundary',
  };
  const shape = (id: number, afterMs: number) => ({
    Type: 'Viseme',
    Data: { Offset: (startMs + afterMs) * 10_000, VisemeId: id, IsLastAnimation: true },
  });
  return [
    {
      Type: 'WordBoundary',
      Data: { Offset: startMs * 10_000, Duration: MS_A_WORD * 10_000, text: boundary },
    },
    shape(19, 0),
    shape(2, 40),
    shape(21, 100),
  ];
}

const tones = new Map<string, Promise<Buffer>>();

/** A tone of 300 Hz as the service would send it. */
function toneOf(format: 'mp3' | 'pcm', seconds: number): Promise<Buffer> {
  const key = `${format} ${seconds}`;
  const known = tones.get(key);
  if (known !== undefined) return known;
  const samples = new Float32Array(Math.round(seconds * RATE)).map(
    (_, at) => 0.4 * Math.sin((2 * Math.PI * 300 * at) / RATE),
  );
  const pcm = toPcm16(samples);
  const made =
    format === 'mp3'
      ? encoder.encode('mp3', samples, RATE, new AbortController().signal)
      : Promise.resolve(Buffer.from(pcm.buffer));
  tones.set(key, made);
  return made;
}
