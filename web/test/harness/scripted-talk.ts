import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  AUDIO_FRAME_HEADER_BYTES,
  encodeAudioFrame,
  type ClientMessage,
  type ServerMessage,
  type ServerMessages,
} from '@malbeot/protocol';
import { expect } from 'vitest';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';

import { buildPages } from './malbeot.ts';

const pages = fileURLToPath(new URL('../../dist', import.meta.url));
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const SAMPLE_RATE = 24_000;
const FRAME_MS = 20;

/** The server's side of a talk, played by a test: it says what the test says, and notes what the page does. */
export interface ScriptedTalk {
  readonly url: string;
  /** What the server says of itself, from the next connection on. */
  describe(change: Partial<ServerMessages['ready']['providers']>): void;
  /** JSON messages of the page since it was opened, oldest first. */
  readonly received: readonly ClientMessage[];
  /** Bytes of sound that the page sent since `clear`. */
  readonly soundBytes: number;
  /** How many conversations were begun. */
  readonly sessions: number;
  clear(): void;
  /** Waits until the page is connected. */
  connected(): Promise<void>;
  say(...messages: ServerMessage[]): void;
  /** Sends a hum of this length as one sound, all at once. */
  sound(turnId: string, audioId: number, text: string, ms: number): void;
  /** Breaks the connection as a network does. */
  cut(): void;
  /** Ends the connection with a code of the server's own. */
  end(code: number): void;
  /** False: nobody answers any more. */
  reachable: boolean;
  close(): Promise<void>;
}

/** Serves the built pages, `POST /api/sessions/new` and the socket of a talk. */
export async function startScriptedTalk(language: 'ko' | 'en' = 'ko'): Promise<ScriptedTalk> {
  await buildPages();
  const received: ClientMessage[] = [];
  const providers = { ears: 'demo_ear', mind: 'rules', voice: 'espeak', vad: 'silero' };
  let described: ServerMessages['ready']['providers'] = providers;
  let socket: WebSocket | undefined;
  let seq = 0;
  let soundBytes = 0;
  let sessions = 0;
  let reachable = true;
  const known = new Set<string>();
  /** For a page that comes back. */
  const said: { readonly seq: number; readonly text: string }[] = [];

  const http = createServer((request, reply) => {
    if (!reachable) return void request.socket.destroy();
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path === '/api/sessions/new') {
      sessions += 1;
      const body = {
        session_id: `ses_${sessions}`,
        user_id: 'usr_1',
        token: 'let-me-in',
        created_at: '2026-01-01T00:00:00Z',
      };
      return void reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }
    const file = extname(path) === '' ? '/index.html' : path;
    readFile(join(pages, file)).then(
      (bytes) =>
        reply
          .writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
          .end(bytes),
      () => reply.writeHead(404).end(),
    );
  });
  const sockets = new WebSocketServer({
    server: http,
    handleProtocols: (offered) => (offered.has('malbeot.token.let-me-in') ? 'malbeot' : false),
    verifyClient: () => reachable,
  });
  sockets.on('connection', (opened: WebSocket, request: IncomingMessage) => {
    socket = opened;
    const [, , userId = '', sessionId = ''] = (request.url ?? '').split('/');
    opened.on('message', (data: RawData, isBinary: boolean) => {
      const bytes = data as Buffer;
      if (isBinary) {
        soundBytes += bytes.length - AUDIO_FRAME_HEADER_BYTES;
        return;
      }
      const message = JSON.parse(bytes.toString()) as ClientMessage;
      received.push(message);
      if (message.type === 'resume') {
        const { last_seq } = message.data;
        const data = { from_seq: last_seq + 1 };
        opened.send(JSON.stringify({ type: 'resumed', seq: last_seq, data }));
        for (const missed of said) if (missed.seq > last_seq) opened.send(missed.text);
      }
      if (message.type === 'ping') say({ type: 'pong', data: { at: null } });
    });
    const greet = () =>
      say({
        type: 'ready',
        data: {
          session_id: sessionId,
          user_id: userId,
          experience: 'companion',
          language,
          providers: described,
          resume_ms: 60_000,
        },
      });
    // A session that was talked in waits to hear where it was left.
    const waiting = setTimeout(greet, known.has(sessionId) ? 300 : 0);
    known.add(sessionId);
    opened.on('message', (data: RawData) => {
      if ((data as Buffer).toString().includes('"resume"')) clearTimeout(waiting);
    });
    opened.on('close', () => clearTimeout(waiting));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');

  function say(...messages: ServerMessage[]): void {
    for (const message of messages) {
      seq += 1;
      const text = JSON.stringify({ ...message, seq });
      if (message.type !== 'ready' && message.type !== 'pong') said.push({ seq, text });
      socket?.send(text);
    }
  }

  return {
    url: `http://localhost:${(http.address() as AddressInfo).port}`,
    describe: (change) => void (described = { ...providers, ...change }),
    received,
    get soundBytes() {
      return soundBytes;
    },
    get sessions() {
      return sessions;
    },
    clear() {
      received.length = 0;
      soundBytes = 0;
    },
    connected: () => expect.poll(() => socket?.readyState, { timeout: 15_000 }).toBe(1),
    say,
    sound(turnId, audioId, text, ms) {
      say({
        type: 'audio_start',
        data: { turn_id: turnId, audio_id: audioId, sample_rate: SAMPLE_RATE, text },
      });
      const frames = Math.ceil(ms / FRAME_MS);
      for (let sequence = 0; sequence < frames; sequence++) {
        socket?.send(encodeAudioFrame({ audioId, sequence, payload: hum(sequence) }));
      }
      say({ type: 'audio_end', data: { audio_id: audioId, duration_ms: frames * FRAME_MS } });
    },
    cut: () => socket?.terminate(),
    end: (code) => socket?.close(code),
    get reachable() {
      return reachable;
    },
    set reachable(next) {
      reachable = next;
    },
    async close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}

/** One frame of a tone of 220 Hz that goes on from frame to frame. */
function hum(sequence: number): Uint8Array {
  const count = (SAMPLE_RATE * FRAME_MS) / 1000;
  const bytes = new Uint8Array(count * 2);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < count; index++) {
    const at = (sequence * count + index) / SAMPLE_RATE;
    view.setInt16(index * 2, Math.round(8000 * Math.sin(2 * Math.PI * 220 * at)), true);
  }
  return bytes;
}
