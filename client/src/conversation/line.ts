import type { NumberedServerMessage } from '@malbeot/protocol';

import { isRecord } from '../http-reply.ts';
import { OPEN, type WebSocketConstructor, type WebSocketLike } from './web-socket.ts';

/** How one connection ended. */
export interface LineEnd {
  /** RFC 6455, or one of the server's own; 1006 for a line that broke or was never let in. */
  readonly code: number;
  /** True when the server had said something. */
  readonly wasOpen: boolean;
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

/** One connection. */
export interface Line {
  readonly isOpen: boolean;
  /** Bytes that have not left yet. */
  readonly waitingBytes: number;
  /** Does nothing on a line that is not open. */
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code: number): void;
  readonly ended: Promise<LineEnd>;
}

export interface LineOptions {
  readonly WebSocket: WebSocketConstructor;
  readonly url: string;
  readonly protocols: string[];
  /** The line is there: what is sent now is the first thing that the server reads. */
  readonly onOpen: (line: Line) => void;
  readonly onMessage: (message: NumberedServerMessage) => void;
  readonly onBytes: (bytes: Uint8Array) => void;
  /** How often the server is asked whether it is there, in milliseconds. */
  readonly pingMs: number;
}

/** Silences of so many pings end a line: the server would have answered. */
const MAX_SILENT_PINGS = 2;

export function openLine(options: LineOptions): Line {
  const { WebSocket, url, protocols, onOpen, onMessage, onBytes, pingMs } = options;
  const socket: WebSocketLike = new WebSocket(url, protocols);
  socket.binaryType = 'arraybuffer';
  let wasOpen = false;
  let sentBytes = 0;
  let receivedBytes = 0;
  let silentPings = 0;
  let pings: ReturnType<typeof setInterval> | undefined;
  let end!: (how: LineEnd) => void;
  let hasEnded = false;

  const finish = (code: number) => {
    if (hasEnded) return;
    hasEnded = true;
    clearInterval(pings);
    end({ code, wasOpen, sentBytes, receivedBytes });
  };
  const line: Line = {
    ended: new Promise((resolve) => (end = resolve)),
    get isOpen() {
      return !hasEnded && socket.readyState === OPEN;
    },
    get waitingBytes() {
      return socket.bufferedAmount;
    },
    send(data) {
      if (!line.isOpen) return;
      sentBytes += data.length;
      socket.send(data);
    },
    close(code) {
      socket.close(code);
      // The other side may be gone: nobody waits for its goodbye.
      finish(code);
    },
  };
  const ping = () => {
    if (silentPings >= MAX_SILENT_PINGS) {
      socket.close();
      return finish(1006);
    }
    silentPings++;
    line.send('{"type":"ping","data":{}}');
  };

  socket.addEventListener('open', () => {
    if (hasEnded) return;
    pings = setInterval(ping, pingMs);
    onOpen(line);
  });
  socket.addEventListener('message', ({ data }) => {
    if (hasEnded) return;
    wasOpen = true;
    silentPings = 0;
    if (typeof data === 'string') {
      receivedBytes += data.length;
      const message = readMessage(data);
      if (message !== null) onMessage(message);
    } else if (data instanceof ArrayBuffer) {
      receivedBytes += data.byteLength;
      onBytes(new Uint8Array(data));
    }
  });
  // What went wrong follows as a close.
  socket.addEventListener('error', () => undefined);
  socket.addEventListener('close', ({ code }) => finish(code));
  return line;
}

/** Null for what no Malbeot server sends; a newer one may send types that are not known here. */
function readMessage(text: string): NumberedServerMessage | null {
  try {
    const json = JSON.parse(text) as unknown;
    const isMessage =
      isRecord(json) &&
      typeof json['type'] === 'string' &&
      typeof json['seq'] === 'number' &&
      isRecord(json['data']);
    return isMessage ? (json as unknown as NumberedServerMessage) : null;
  } catch {
    return null;
  }
}
