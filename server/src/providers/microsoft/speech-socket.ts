import { WebSocket } from 'ws';

import { withTimeout } from '../../lib/abort.ts';
import { deferred, type Deferred } from '../../lib/deferred.ts';
import { SocketClosed, UpgradeRefused } from './failures.ts';
import {
  decodeSpeechBytes,
  decodeSpeechText,
  SpeechMessageError,
  type SpeechMessage,
} from './speech-messages.ts';

/** A connection to a speech server. Whoever opens it ends it. */
export interface SpeechSocket {
  /** False once it has failed, was closed or ended. */
  readonly isOpen: boolean;
  send(message: string): void;
  /**
   * The next message, in order. One caller at a time.
   *
   * @throws {SocketClosed} when the server closed it; {@link SpeechMessageError} for garbage; what the network says.
   */
  next(): Promise<SpeechMessage>;
  /** Cuts the connection. Idempotent. */
  end(): void;
}

export interface SpeechSocketOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Time until the connection stands, in milliseconds. */
  readonly openLimitMs: number;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

/** The service sends some kilobytes a message; more than this is no answer to us. */
const MOST_MESSAGE_BYTES = 1024 ** 2;
/** With so many messages unread the server has to wait. */
const MOST_UNREAD = 64;

/**
 * Connects.
 *
 * @throws {UpgradeRefused} for an answer that is no upgrade; `TimeoutError` after the limit; `AbortedError` when `signal`
 *   aborts; what the network says.
 */
export function openSpeechSocket(
  { url, headers, openLimitMs, now }: SpeechSocketOptions,
  signal: AbortSignal,
): Promise<SpeechSocket> {
  return withTimeout(
    openLimitMs,
    signal,
    (inner) =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(url, {
          headers,
          maxPayload: MOST_MESSAGE_BYTES,
          perMessageDeflate: false,
          followRedirects: false,
        });
        const giveUp = () => socket.terminate();
        inner.addEventListener('abort', giveUp, { once: true });
        // Listens for as long as the socket lives: an error without a listener would end the process.
        socket.on('error', reject);
        socket.on('unexpected-response', (request, response) => {
          reject(new UpgradeRefused(response.statusCode ?? 0, response.headers, now()));
          response.destroy();
          request.destroy();
        });
        socket.once('open', () => {
          inner.removeEventListener('abort', giveUp);
          resolve(new OpenSocket(socket));
        });
      }),
  );
}

class OpenSocket implements SpeechSocket {
  readonly #socket: WebSocket;
  readonly #unread: SpeechMessage[] = [];
  #waiting: Deferred<SpeechMessage> | undefined;
  #failure: unknown;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer, isBinary) => this.#take(data, isBinary));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', (code) => this.#fail(new SocketClosed(code)));
  }

  get isOpen(): boolean {
    return this.#failure === undefined && this.#socket.readyState === WebSocket.OPEN;
  }

  send(message: string): void {
    // What goes wrong here comes out of `next`.
    this.#socket.send(message, () => {});
  }

  next(): Promise<SpeechMessage> {
    const message = this.#unread.shift();
    if (message !== undefined) {
      if (this.#unread.length === 0) this.#socket.resume();
      return Promise.resolve(message);
    }
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.#waiting = deferred();
    return this.#waiting.promise;
  }

  end(): void {
    this.#unread.length = 0;
    this.#fail(new SocketClosed(1006));
    this.#socket.terminate();
  }

  #take(data: Buffer, isBinary: boolean): void {
    if (this.#failure !== undefined) return;
    let message: SpeechMessage;
    try {
      message = isBinary ? decodeSpeechBytes(data) : decodeSpeechText(data.toString('utf8'));
    } catch (error) {
      this.#fail(error instanceof SpeechMessageError ? error : new SpeechMessageError('It is no text.'));
      this.#socket.terminate();
      return;
    }
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) return waiting.resolve(message);
    this.#unread.push(message);
    if (this.#unread.length >= MOST_UNREAD) this.#socket.pause();
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(this.#failure);
  }
}
