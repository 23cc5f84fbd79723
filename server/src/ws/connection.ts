import type { RawData, WebSocket } from 'ws';
import type { Timers } from '../lib/timers.ts';
import { CLOSE_WITHIN_MS, HEARTBEAT_MS, MAX_MISSED_HEARTBEATS } from './talk-limits.ts';

/** One WebSocket, as the rest of this folder sees it. */
export interface Connection {
  send(data: string | Uint8Array): void;
  /** Bytes that were sent and have not left this process. */
  readonly waitingBytes: number;
  /** Says goodbye; the connection is over soon, whatever the other side does. */
  close(code: number, reason: string): void;
  /** Ends it at once. */
  terminate(): void;
  /** Settles when the connection is over. */
  readonly closed: Promise<void>;
}

export interface ConnectionListener {
  onText(text: string): void;
  onBytes(bytes: Uint8Array): void;
  /** Some of what waited has left. */
  onDrain(): void;
  /** Once. `code` is that of RFC 6455: 1000 when the client is done, 1006 when the line broke. */
  onClose(code: number): void;
}

export interface ByteCounts {
  bytesIn: number;
  bytesOut: number;
}

/** Listens to `webSocket` and asks every 15 s whether the other side is still there. */
export function openConnection(
  webSocket: WebSocket,
  { timers, counts, listener }: { timers: Timers; counts: ByteCounts; listener: ConnectionListener },
): Connection {
  let missed = 0;
  let callOffBeat = () => {};
  let callOffEnd: (() => void) | undefined;
  let onClosed!: () => void;
  const closed = new Promise<void>((resolve) => (onClosed = resolve));

  const beat = () => {
    if (missed >= MAX_MISSED_HEARTBEATS) return webSocket.terminate();
    missed++;
    webSocket.ping();
    callOffBeat = timers.after(HEARTBEAT_MS, beat);
  };
  callOffBeat = timers.after(HEARTBEAT_MS, beat);

  const onSent = (error?: Error | null) => {
    if (error === undefined || error === null) listener.onDrain();
  };
  webSocket.on('pong', () => (missed = 0));
  webSocket.on('message', (data, isBinary) => {
    missed = 0;
    const bytes = bytesOf(data);
    counts.bytesIn += bytes.byteLength;
    if (isBinary) listener.onBytes(bytes);
    else listener.onText(bytes.toString());
  });
  // What breaks the protocol or is too large: `ws` closes with the right code by itself.
  webSocket.on('error', () => {});
  webSocket.once('close', (code) => {
    callOffBeat();
    callOffEnd?.();
    listener.onClose(code);
    onClosed();
  });

  return {
    closed,
    get waitingBytes() {
      return webSocket.bufferedAmount;
    },
    send(data) {
      if (webSocket.readyState !== webSocket.OPEN) return;
      counts.bytesOut += data.length;
      webSocket.send(data, onSent);
    },
    close(code, reason) {
      webSocket.close(code, reason);
      callOffEnd ??= timers.after(CLOSE_WITHIN_MS, () => webSocket.terminate());
    },
    terminate: () => webSocket.terminate(),
  };
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
