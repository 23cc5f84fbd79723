import {
  decodeAudioFrame,
  encodeAudioFrame,
  type ClientMessages,
  type ClientMessageType,
  type Language,
  type NumberedServerMessage,
  type ServerMessages,
  type ServerMessageType,
} from '@malbeot/protocol';

import { resolveBaseUrl, type ConnectionOptions } from '../http.ts';
import { errorOf } from '../http-reply.ts';
import { MalbeotError } from '../malbeot-error.ts';
import { guardedHook } from '../metrics.ts';
import type { TrafficEntry } from '../traffic.ts';
import { backOffMs, systemSleep } from '../waiting.ts';
import { createFrameSieve } from './frame-sieve.ts';
import { openLine, type Line, type LineEnd } from './line.ts';
import { createPlayedReports } from './played-reports.ts';
import { createWaitingFrames } from './waiting-frames.ts';
import { platformWebSocket, type WebSocketConstructor } from './web-socket.ts';

/** Where a talk stands. */
export type ConversationState =
  /** Not connected yet. */
  | { readonly state: 'idle' }
  | { readonly state: 'connecting' }
  /** Words and sound go both ways. */
  | { readonly state: 'open' }
  /** The connection is lost; the next try follows after `retryInMs`. */
  | { readonly state: 'waiting'; readonly retryInMs: number; readonly error: MalbeotError }
  /** Over: closed here (no error), or refused, replaced or ended by the server. */
  | { readonly state: 'closed'; readonly error: MalbeotError | null };

/** One piece of the server's voice. */
export interface HeardAudio {
  /** The sound that an `audio_start` announced, with its rate. */
  readonly audioId: number;
  readonly sequence: number;
  readonly samples: Int16Array<ArrayBuffer>;
}

/** What listeners are told, by name: every message of the server, its sound, and where the talk stands. */
export type ConversationEvents = ServerMessages & {
  readonly audio: HeardAudio;
  readonly state: ConversationState;
};

export interface ConversationClientOptions extends Pick<
  ConnectionOptions,
  'baseUrl' | 'fetch' | 'random' | 'sleep' | 'traffic'
> {
  readonly userId: string;
  readonly sessionId: string;
  /**
   * The session's token, or how to get it: asked at every connection; `rejected` is true when the last one was refused. Null on
   * the server's own machine in its local profile.
   */
  readonly token: string | null | ((last: { readonly rejected: boolean }) => Promise<string> | string);
  /** Where the platform has none (Node 20): that of the package `ws`. */
  readonly WebSocket?: WebSocketConstructor | undefined;
  /** Language of errors. Default `ko`. */
  readonly language?: Language | undefined;
  /** Tries for the first connection. Later ones are tried until `close`. Default 3. */
  readonly maxTries?: number | undefined;
  /**
   * Where the talk was left: `lastSeq` of a client before this one, kept over a page that was loaded anew. What came since is told;
   * where it can't be, `resync` tells the whole talk. Null, the default: it begins, or goes on from now.
   */
  readonly resumeFrom?: number | null | undefined;
  /** How often the server is asked whether it is still there. Default 10,000. */
  readonly pingMs?: number | undefined;
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;
const PLAYED_EVERY_MS = 100;
/** The server takes so much at once after a lost connection. */
const KEPT_SOUND_MS = 4_500;
const MAX_KEPT_MESSAGES = 32;
/** Sound is left out while so many bytes wait to leave. */
const MAX_WAITING_BYTES = 256 * 1024;
const LONGEST_FRAME_MS = 100;
/** What one Opus packet usually holds. */
const OPUS_FRAME_MS = 20;

/** Ends that no new connection helps against: bad messages, a session that is over, another connection in its place. */
const FINAL_CLOSES: Readonly<Record<number, string>> = {
  1008: 'BAD_MESSAGE',
  4000: 'SESSION_ENDED',
  4001: 'REPLACED',
};

/**
 * A live talk. A lost connection comes back by itself and goes on where it was: every message and every piece of sound is
 * told once, in order. Nothing but {@link ConversationClient.connect} throws.
 */
export class ConversationClient {
  readonly #options: ConversationClientOptions;
  readonly #listeners = new Map<keyof ConversationEvents, Set<(data: never) => void>>();
  readonly #sieve = createFrameSieve();
  readonly #waitingFrames = createWaitingFrames(KEPT_SOUND_MS);
  readonly #played = createPlayedReports({
    everyMs: PLAYED_EVERY_MS,
    send: (audioId, ms) => this.#line?.send(textOf('played', { audio_id: audioId, ms })),
  });
  #waitingMessages: string[] = [];
  #line: Line | null = null;
  #state: ConversationState = { state: 'idle' };
  #start: ClientMessages['start'] | null = null;
  #lastSeq: number | null;
  #sequence = 0;
  #isOver = false;
  readonly #over = new AbortController();
  #connected: Promise<void> | null = null;

  constructor(options: ConversationClientOptions) {
    this.#options = options;
    this.#lastSeq = options.resumeFrom ?? null;
  }

  /**
   * Number of the last message; a listener that is being told one finds that one's. Null before the first. Given as `resumeFrom`,
   * another client goes on after it.
   */
  get lastSeq(): number | null {
    return this.#lastSeq;
  }

  get state(): ConversationState {
    return this.#state;
  }

  /**
   * Resolves when the talk is open. From then on it stays so, over as many connections as it takes, until `close`.
   *
   * @throws {MalbeotError} when nobody lets it in: `UNAUTHENTICATED`, `FORBIDDEN`, `NOT_FOUND`, `NETWORK`, …
   */
  connect(): Promise<void> {
    this.#connected ??= new Promise((resolve, reject) => {
      const off = this.on('state', (now) => {
        if (now.state !== 'open' && now.state !== 'closed') return;
        off();
        if (now.state === 'open') resolve();
        else reject(now.error ?? new MalbeotError('NETWORK', this.#errorOptions()));
      });
      void this.#run();
    });
    return this.#connected;
  }

  /** Opens the microphone, or changes how it is used. Said again after every lost connection. */
  start(options: ClientMessages['start']): void {
    this.#start = options;
    this.#line?.send(textOf('start', options));
  }

  /**
   * Sound of the microphone: samples at the rate of `start`, or one Opus packet. While the connection is lost the last seconds
   * are kept. False when it was left out: before `start`, after `close`, or because the network takes no more.
   */
  sendAudio(sound: Int16Array | Uint8Array): boolean {
    if (this.#start === null || this.#isOver) return false;
    if (sound instanceof Uint8Array) return this.#sendFrame(sound, OPUS_FRAME_MS);
    const rate = this.#start.sample_rate;
    const longest = (rate * LONGEST_FRAME_MS) / 1000;
    let wasTaken = true;
    for (let from = 0; from < sound.length; from += longest) {
      const piece = sound.subarray(from, from + longest);
      const bytes = new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
      wasTaken = this.#sendFrame(bytes, (piece.length / rate) * 1000) && wasTaken;
    }
    return wasTaken;
  }

  /** Typed words, 1 to 1,000 characters. False when they were not taken: too many wait already, or the talk is over. */
  say(message: string): boolean {
    return this.#send('text', { message });
  }

  /** How far the loudspeaker got in one sound: call it as often as you like, and with `isFinal` when it ended or was stopped. */
  played(audioId: number, ms: number, isFinal = false): void {
    if (!this.#isOver) this.#played.report(audioId, ms, isFinal);
  }

  /** Stops what is being said. */
  interrupt(): boolean {
    return this.#send('interrupt', {});
  }

  /** Push-to-talk: the button is let go. */
  end(): boolean {
    return this.#send('end', {});
  }

  /** Ends the talk: the server lets go of the conversation at once. The session can be talked in again. Idempotent. */
  close(): void {
    this.#finish(null);
    this.#line?.close(1000);
  }

  /** Calls `listener` for every message of this type; calling what it returns ends that. */
  on<Type extends keyof ConversationEvents>(
    type: Type,
    listener: (data: ConversationEvents[Type]) => void,
  ): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  #send<Type extends 'text' | 'interrupt' | 'end'>(type: Type, data: ClientMessages[Type]): boolean {
    if (this.#isOver) return false;
    if (this.#line?.isOpen === true) this.#line.send(textOf(type, data));
    else if (this.#waitingMessages.length < MAX_KEPT_MESSAGES) this.#waitingMessages.push(textOf(type, data));
    else return false;
    return true;
  }

  #sendFrame(payload: Uint8Array, ms: number): boolean {
    const frame = encodeAudioFrame({ audioId: 0, sequence: this.#sequence++ >>> 0, payload });
    if (this.#line?.isOpen !== true) this.#waitingFrames.add(frame, ms);
    else if (this.#line.waitingBytes > MAX_WAITING_BYTES) return false;
    else this.#line.send(frame);
    return true;
  }

  async #run(): Promise<void> {
    const { random = Math.random, sleep = systemSleep, maxTries = 3 } = this.#options;
    let failures = 0;
    let wasEverOpen = false;
    let rejected = false;
    while (!this.#isOver) {
      this.#tell('state', (this.#state = { state: 'connecting' }));
      let error: MalbeotError;
      try {
        const token = await this.#token(rejected);
        if (this.#isOver) return;
        const end = await this.#follow(token, failures + 1);
        if (this.#isOver) return;
        const finalCode = FINAL_CLOSES[end.code];
        if (finalCode !== undefined) return this.#finish(new MalbeotError(finalCode, this.#errorOptions()));
        wasEverOpen ||= end.wasOpen;
        failures = end.wasOpen ? 0 : failures;
        error = end.wasOpen ? new MalbeotError('NETWORK', this.#errorOptions()) : await this.#reason(token);
      } catch (cause) {
        error =
          cause instanceof MalbeotError
            ? cause
            : new MalbeotError('NETWORK', { ...this.#errorOptions(), cause });
      }
      failures += 1;
      const isRefused = error.status === 403 || error.status === 404 || (error.status === 401 && rejected);
      if (this.#isOver) return;
      if (isRefused || (!wasEverOpen && failures >= maxTries)) return this.#finish(error);
      rejected = error.status === 401;
      const retryInMs = backOffMs(failures, FIRST_WAIT_MS, LONGEST_WAIT_MS, random);
      this.#tell('state', (this.#state = { state: 'waiting', retryInMs, error }));
      await sleep(retryInMs, this.#over.signal).catch(() => undefined);
    }
  }

  /** One connection, until it ends. */
  async #follow(token: string | null, attempt: number): Promise<LineEnd> {
    const at = new Date().toISOString();
    const startedMs = performance.now();
    const line = openLine({
      WebSocket: this.#options.WebSocket ?? platformWebSocket(),
      url: this.#url('ws'),
      protocols: token === null ? ['malbeot'] : ['malbeot', `malbeot.token.${token}`],
      pingMs: this.#options.pingMs ?? 10_000,
      onOpen: (opened) => this.#begin(opened),
      onMessage: (message) => this.#take(message),
      onBytes: (bytes) => this.#hear(bytes),
    });
    this.#line = line;
    const end = await line.ended;
    this.#line = null;
    this.#log({
      at,
      route: 'WS /ws/:id/:id',
      status: end.wasOpen ? 101 : null,
      code: end.code === 1000 ? null : `CLOSED_${end.code}`,
      ms: Math.round(performance.now() - startedMs),
      sent: end.sentBytes,
      received: end.receivedBytes,
      attempt,
      request_id: null,
      session_id: this.#options.sessionId,
    });
    return end;
  }

  /** The first words on a new connection: where we were, how the microphone is used, and what waited. */
  #begin(line: Line): void {
    if (this.#isOver) return line.close(1000);
    // A server that holds a conversation for us waits to hear where we were, and greets us otherwise.
    if (this.#lastSeq === null) line.send(textOf('ping', {}));
    else line.send(textOf('resume', { last_seq: this.#lastSeq }));
    if (this.#start !== null) line.send(textOf('start', this.#start));
    for (const message of this.#waitingMessages) line.send(message);
    this.#waitingMessages = [];
    for (const frame of this.#waitingFrames.take()) line.send(frame);
    this.#played.flush();
  }

  #take(message: NumberedServerMessage): void {
    this.#lastSeq = message.seq;
    if (message.type === 'ready') this.#sieve.clear();
    this.#tell(message.type, message.data);
    if (this.#state.state !== 'open' && !this.#isOver) this.#tell('state', (this.#state = { state: 'open' }));
  }

  #hear(bytes: Uint8Array): void {
    const frame = decodeAudioFrame(bytes);
    if (frame === null || !this.#sieve.isNew(frame.audioId, frame.sequence)) return;
    const { audioId, sequence, payload } = frame;
    // Copied, because samples have to begin at an even place.
    const samples = new Int16Array(payload.slice(0, payload.length & ~1).buffer);
    this.#tell('audio', { audioId, sequence, samples });
  }

  /** Why nobody let the connection in, which a browser does not tell of a WebSocket: the same path says it over HTTP. */
  async #reason(token: string | null): Promise<MalbeotError> {
    const { fetch = (input, init) => globalThis.fetch(input, init) } = this.#options;
    const { language } = this.#errorOptions();
    const response = await fetch(this.#url('http'), {
      headers: {
        'accept-language': language,
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      cache: 'no-store',
      signal: this.#over.signal,
    });
    const { status, headers } = response;
    const body = await response.arrayBuffer();
    // 426: over HTTP everything is well.
    return status === 426
      ? new MalbeotError('NETWORK', { language })
      : errorOf({ status, headers, body }, language);
  }

  #url(scheme: 'http' | 'ws'): string {
    const { baseUrl, userId, sessionId } = this.#options;
    const url = new URL(
      `/ws/${encodeURIComponent(userId)}/${encodeURIComponent(sessionId)}`,
      resolveBaseUrl(baseUrl),
    );
    if (scheme === 'ws') url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return url.href;
  }

  #token(rejected: boolean): Promise<string> | string | null {
    const { token } = this.#options;
    return typeof token === 'function' ? token({ rejected }) : token;
  }

  #errorOptions(): { readonly language: Language } {
    return { language: this.#options.language ?? 'ko' };
  }

  #log(entry: TrafficEntry): void {
    const { traffic } = this.#options;
    guardedHook(traffic === undefined ? undefined : (told: TrafficEntry) => traffic.write(told))(entry);
  }

  #finish(error: MalbeotError | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#played.clear();
    this.#waitingMessages = [];
    this.#waitingFrames.take();
    this.#over.abort();
    this.#tell('state', (this.#state = { state: 'closed', error }));
  }

  #tell<Type extends ServerMessageType | 'audio' | 'state'>(
    type: Type,
    data: ConversationEvents[Type],
  ): void {
    for (const listener of this.#listeners.get(type) ?? []) {
      try {
        (listener as (data: ConversationEvents[Type]) => void)(data);
      } catch (error) {
        // A listener's own error is not one of the talk: it surfaces as any uncaught error does.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

function textOf<Type extends ClientMessageType>(type: Type, data: ClientMessages[Type]): string {
  return JSON.stringify({ type, data });
}
