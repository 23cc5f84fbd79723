import type {
  KioskAction,
  KioskMenu,
  KioskSession,
  KioskTurnRequest,
  Language,
  ServerResponse,
} from '@malbeot/protocol';

import {
  createHttp,
  errorOf,
  isRecord,
  jsonOf,
  readJson,
  type ConnectionOptions,
  type Http,
} from './http.ts';
import { MalbeotError } from './malbeot-error.ts';
import { createTurnLine, type TurnLine } from './turn-line.ts';

const TURNS_WAITING_LIMIT = 16;

export interface VoiceClientOptions extends ConnectionOptions {
  /** For servers that know their counter devices: sent as `X-Device-Key`. */
  readonly deviceKey?: string | undefined;
  /** Of the customer. Default `ko`. */
  readonly language?: Language | undefined;
  /** Which counter this is. */
  readonly kioskId?: string | undefined;
}

export interface CallOptions {
  /** Ends the call; it then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * One customer at one counter: sends what is said, typed or tapped and gets the order and the answer back. Turns are sent
 * one after the other, in order. Every turn has an idempotency key that its retries keep, so that a retry is never a second
 * order.
 *
 * Every turn answers a {@link ServerResponse}; `success: false` is an answer, to be shown like any other. Thrown is a
 * {@link MalbeotError} where there is no such answer (nothing reached, unauthorised, not a Malbeot server), and the signal's
 * reason where the call was aborted.
 */
export class VoiceClient {
  readonly #http: Http;
  readonly #line: TurnLine;
  readonly #kioskId: string | undefined;
  #language: Language;
  #deviceKey: string | undefined;
  #sessionId: string | null = null;
  #sessionToken: string | null = null;
  /** Counts the sessions of this client, so that a late answer can't bring back one that was left. */
  #visit = 0;

  constructor(options: VoiceClientOptions = {}) {
    this.#http = createHttp(options);
    this.#language = options.language ?? 'ko';
    this.#deviceKey = options.deviceKey;
    this.#kioskId = options.kioskId;
    this.#line = createTurnLine(
      TURNS_WAITING_LIMIT,
      () => new MalbeotError('TOO_MANY_WAITING', { language: this.#language }),
    );
  }

  /** The session in hand; null before the first turn and after {@link reset}. */
  get sessionId(): string | null {
    return this.#sessionId;
  }

  /** The customer's language; follows a change that was asked for in a turn. */
  get language(): Language {
    return this.#language;
  }

  set language(language: Language) {
    this.#language = language;
  }

  get deviceKey(): string | undefined {
    return this.#deviceKey;
  }

  set deviceKey(deviceKey: string | undefined) {
    this.#deviceKey = deviceKey;
  }

  /** Sends words that were typed. */
  sendText(text: string, options: CallOptions = {}): Promise<ServerResponse> {
    return this.#turn(() => ({ json: { text, ...this.#context() } }), options);
  }

  /** Sends a tap. */
  sendAction(action: KioskAction, options: CallOptions = {}): Promise<ServerResponse> {
    return this.#turn(() => ({ json: { action, ...this.#context() } }), options);
  }

  /** Sends one utterance, a WAV of at most 10 MB. */
  sendAudio(wav: Blob | Uint8Array, options: CallOptions = {}): Promise<ServerResponse> {
    return this.#turn(() => {
      const form = new FormData();
      for (const [name, value] of Object.entries(this.#context())) form.set(name, value);
      const blob = wav instanceof Blob ? wav : new Blob([wav.slice()], { type: 'audio/wav' });
      // The file last: a server that reads as it streams then knows the session before the sound.
      form.set('audio_file', blob, 'utterance.wav');
      return { form };
    }, options);
  }

  /**
   * The sound for an answer, by its `tts_audio_url`.
   *
   * @throws {MalbeotError} `VOICE_NOT_READY` when it is still not made after all tries, `NOT_FOUND` when it is gone.
   */
  async fetchVoice(url: string, options: CallOptions = {}): Promise<ArrayBuffer> {
    const language = this.#language;
    const reply = await this.#http.send({
      method: 'GET',
      url,
      language,
      credentials: this.#credentials(),
      signal: options.signal,
    });
    if (reply.status !== 200) throw errorOf(reply, language);
    return reply.body;
  }

  /** The whole menu. */
  async menu(options: CallOptions = {}): Promise<KioskMenu> {
    return (await this.#get('/api/kiosk/menu', options)) as KioskMenu;
  }

  /** The session as the server keeps it; null when there is none. */
  async session(options: CallOptions = {}): Promise<KioskSession | null> {
    if (this.#sessionId === null) return null;
    return (await this.#get(sessionPath(this.#sessionId), options)) as KioskSession;
  }

  /**
   * Leaves the session: forgotten here at once and ended on the server. A server that can't be reached is no error, the
   * session ends there by itself.
   */
  async reset(options: CallOptions = {}): Promise<void> {
    const sessionId = this.#sessionId;
    const credentials = this.#credentials();
    this.#forget();
    if (sessionId === null) return;
    try {
      await this.#http.send({
        method: 'DELETE',
        url: sessionPath(sessionId),
        language: this.#language,
        credentials,
        signal: options.signal,
      });
    } catch (error) {
      if (!(error instanceof MalbeotError)) throw error;
    }
  }

  /** `body` is called when the turn's time has come: only then is its session known. */
  #turn(
    body: () => { readonly json: KioskTurnRequest } | { readonly form: FormData },
    options: CallOptions,
  ): Promise<ServerResponse> {
    const visit = this.#visit;
    const idempotencyKey = newIdempotencyKey();
    const send = async () => {
      const language = this.#language;
      const reply = await this.#http.send({
        method: 'POST',
        url: '/api/voice/process',
        language,
        headers: { 'idempotency-key': idempotencyKey },
        credentials: this.#credentials(),
        signal: options.signal,
        ...body(),
      });
      const answer = readJson(reply);
      if (reply.status === 401 || reply.status === 403 || !isServerResponse(answer))
        throw errorOf(reply, language);
      if (visit === this.#visit) this.#keep(answer);
      return answer;
    };
    return this.#line.run(send, options.signal);
  }

  #keep(answer: ServerResponse): void {
    // Over, or swept away since: what is said next begins a new one.
    const code = answer.error_info?.details['code'];
    if (code === 'SESSION_EXPIRED' || code === 'NOT_FOUND') return this.#forget();
    if (answer.session_id !== '' && answer.session_id !== this.#sessionId) {
      this.#sessionId = answer.session_id;
      this.#sessionToken = null;
    }
    if (answer.meta.session_token !== undefined) this.#sessionToken = answer.meta.session_token;
    for (const action of answer.ui_actions) {
      if (action.action_type === 'set_language') this.#language = action.data.language;
    }
  }

  #forget(): void {
    this.#visit += 1;
    this.#sessionId = null;
    this.#sessionToken = null;
  }

  #context(): { session_id?: string; kiosk_id?: string; language: Language } {
    return {
      ...(this.#sessionId === null ? {} : { session_id: this.#sessionId }),
      ...(this.#kioskId === undefined ? {} : { kiosk_id: this.#kioskId }),
      language: this.#language,
    };
  }

  #credentials(): Record<string, string> {
    return {
      ...(this.#sessionToken === null ? {} : { authorization: `Bearer ${this.#sessionToken}` }),
      ...(this.#deviceKey === undefined ? {} : { 'x-device-key': this.#deviceKey }),
    };
  }

  async #get(url: string, { signal }: CallOptions): Promise<unknown> {
    const language = this.#language;
    const credentials = this.#credentials();
    return jsonOf(await this.#http.send({ method: 'GET', url, language, credentials, signal }), language);
  }
}

function sessionPath(sessionId: string): string {
  return `/api/kiosk/sessions/${encodeURIComponent(sessionId)}`;
}

function isServerResponse(json: unknown): json is ServerResponse {
  return (
    isRecord(json) &&
    typeof json['success'] === 'boolean' &&
    typeof json['message'] === 'string' &&
    typeof json['session_id'] === 'string' &&
    Array.isArray(json['ui_actions']) &&
    isRecord(json['meta'])
  );
}

/** 128 random bits as text. Not `randomUUID`, which browsers keep from pages that came over plain HTTP. */
function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
