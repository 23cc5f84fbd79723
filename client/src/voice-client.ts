import type {
  KioskAction,
  KioskMenu,
  KioskOrder,
  KioskPayment,
  KioskSession,
  Language,
  NewKioskSession,
  ServerResponse,
} from '@malbeot/protocol';

import { createHttp, type ConnectionOptions, type Http } from './http.ts';
import { errorOf, jsonOf, readJson } from './http-reply.ts';
import { newIdempotencyKey } from './idempotency-key.ts';
import { MalbeotError } from './malbeot-error.ts';
import { guardedHook } from './metrics.ts';
import {
  beginPayment,
  readOrder,
  readPayment,
  untilDecided,
  type Caller,
  type PaymentWait,
} from './orders.ts';
import {
  isQueued,
  type ContentSource,
  type QueuedTurn,
  type TurnContent,
  type TurnQueue,
} from './queue/turn-queue.ts';
import { isServerResponse, isSessionGone, sessionPath, SESSIONS_PATH, TURN_PATH } from './server-answer.ts';
import { prepareUtterance } from './sound/prepare-utterance.ts';
import { turnBody } from './turn-body.ts';
import { createTurnLine, type TurnLine } from './turn-line.ts';
import type { Sleep } from './waiting.ts';

const TURNS_WAITING_LIMIT = 16;

export interface VoiceClientOptions extends ConnectionOptions {
  /** For servers that know their counter devices: sent as `X-Device-Key`. */
  readonly deviceKey?: string | undefined;
  /** Of the customer. Default `ko`. */
  readonly language?: Language | undefined;
  /** Which counter this is. */
  readonly kioskId?: string | undefined;
  /** Makes sound 16 kHz mono and takes the silence off its ends before it is sent. Default true. */
  readonly prepareAudio?: boolean | undefined;
}

export interface CallOptions {
  /** Ends the call; it then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What it takes to talk in a session live, over `/ws/kiosk/{sessionId}`. */
export interface SessionInHand {
  readonly sessionId: string;
  /** Null where the server gave none: the caller's own right counts. */
  readonly sessionToken: string | null;
}

/** What a turn gives: with a queue also a {@link QueuedTurn}, when the server can't be reached. */
export type TurnResult<Queue extends TurnQueue | undefined> = Queue extends TurnQueue
  ? ServerResponse | QueuedTurn
  : ServerResponse;

/**
 * One customer at one counter: sends what is said, typed or tapped and gets the order and the answer back. Turns are sent
 * one after the other, in order. Every turn has an idempotency key that its retries keep, so that a retry is never a second
 * order.
 *
 * Every turn answers a {@link ServerResponse}; `success: false` is an answer, to be shown like any other. Thrown is a
 * {@link MalbeotError} where there is no such answer (nothing reached, unauthorised, not a Malbeot server), and the signal's
 * reason where the call was aborted. With a `queue`, a turn that can't reach the server is kept and sent later, and answers a
 * {@link QueuedTurn}; a turn whose call is aborted after it was sent is delivered all the same.
 */
export class VoiceClient<Queue extends TurnQueue | undefined = undefined> {
  readonly #http: Http;
  readonly #line: TurnLine;
  readonly #kioskId: string | undefined;
  readonly #queue: TurnQueue | undefined;
  readonly #prepareAudio: boolean;
  readonly #sleep: Sleep | undefined;
  #language: Language;
  #deviceKey: string | undefined;
  #sessionId: string | null = null;
  #sessionToken: string | null = null;
  /** Counts the sessions of this client, so that a late answer can't bring back one that was left. */
  #visit = 0;

  /** @param options.queue Of this client alone: `createDiskQueue` in Node, `createBrowserQueue` in a page. */
  constructor(options: VoiceClientOptions & { readonly queue?: Queue } = {}) {
    this.#http = createHttp(options);
    this.#language = options.language ?? 'ko';
    this.#deviceKey = options.deviceKey;
    this.#kioskId = options.kioskId;
    this.#prepareAudio = options.prepareAudio ?? true;
    this.#sleep = options.sleep;
    this.#line = createTurnLine(
      TURNS_WAITING_LIMIT,
      () => new MalbeotError('TOO_MANY_WAITING', { language: this.#language }),
    );
    this.#queue = options.queue;
    this.#queue?.attach({
      http: this.#http,
      kioskId: this.#kioskId,
      credentials: (sessionToken) => this.#credentialsWith(sessionToken),
      tell: guardedHook(options.onMetric),
    });
  }

  /** The session in hand; null before the first turn and after {@link reset}. */
  get sessionId(): string | null {
    return this.#queue === undefined ? this.#sessionId : (this.#queue.session?.id ?? null);
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
  sendText(text: string, options: CallOptions = {}): Promise<TurnResult<Queue>> {
    return this.#turn(() => ({ kind: 'text', text }), options);
  }

  /** Sends a tap. */
  sendAction(action: KioskAction, options: CallOptions = {}): Promise<TurnResult<Queue>> {
    return this.#turn(() => ({ kind: 'action', action }), options);
  }

  /** Sends one utterance, a WAV of at most 10 MB. */
  sendAudio(wav: Blob | Uint8Array, options: CallOptions = {}): Promise<TurnResult<Queue>> {
    return this.#turn(() => this.#toSound(wav), options);
  }

  /**
   * The sound for an answer, by its `tts_audio_url`.
   *
   * @throws {MalbeotError} `VOICE_NOT_READY` when it is still not made after all tries, `NOT_FOUND` when it is gone.
   */
  async fetchVoice(url: string, options: CallOptions = {}): Promise<ArrayBuffer> {
    const caller = this.#caller(options);
    const reply = await this.#http.send({ ...caller, method: 'GET', url });
    if (reply.status !== 200) throw errorOf(reply, caller.language);
    return reply.body;
  }

  /** The whole menu. */
  async menu(options: CallOptions = {}): Promise<KioskMenu> {
    return (await this.#get('/api/kiosk/menu', options)) as KioskMenu;
  }

  /**
   * The session in hand, once the turns before this are answered; where there is none, one that waits for its first turn.
   *
   * @throws {MalbeotError} when none can be begun; {TypeError} with a queue, whose sessions begin with a turn.
   */
  beginSession({ signal }: CallOptions = {}): Promise<SessionInHand> {
    if (this.#queue !== undefined) throw new TypeError('A queue begins its sessions with a turn.');
    const visit = this.#visit;
    return this.#line.run(async () => {
      if (this.#sessionId !== null) return { sessionId: this.#sessionId, sessionToken: this.#sessionToken };
      const caller = this.#caller({ signal });
      const reply = await this.#http.send({
        ...caller,
        method: 'POST',
        url: SESSIONS_PATH,
        json: {
          ...(this.#kioskId === undefined ? {} : { kiosk_id: this.#kioskId }),
          language: this.#language,
        },
        // Each try would make another one.
        maxTries: 1,
      });
      const begun = jsonOf(reply, caller.language) as NewKioskSession;
      const { session_id: sessionId, session_token: sessionToken } = begun;
      if (visit === this.#visit) {
        this.#sessionId = sessionId;
        this.#sessionToken = sessionToken;
      }
      return { sessionId, sessionToken };
    }, signal);
  }

  /** The session as the server keeps it; null when there is none. */
  async session(options: CallOptions = {}): Promise<KioskSession | null> {
    const { sessionId } = this;
    return sessionId === null ? null : ((await this.#get(sessionPath(sessionId), options)) as KioskSession);
  }

  /** A placed order with its number. */
  order(orderId: string, options: CallOptions = {}): Promise<KioskOrder> {
    return readOrder(this.#http, orderId, this.#caller(options));
  }

  /**
   * Rings on the shop's page. Never queued: a bell that rings an hour later helps nobody.
   *
   * @throws {MalbeotError} when the staff were not told.
   */
  async callStaff(options: CallOptions = {}): Promise<void> {
    const caller = this.#caller(options);
    const { sessionId } = caller;
    const language = caller.language;
    const reply = await this.#http.send({
      ...caller,
      method: 'POST',
      headers: { 'idempotency-key': newIdempotencyKey() },
      ...(sessionId === null
        ? { url: TURN_PATH, ...turnBody({ kind: 'action', action: { type: 'call_staff' } }, this.#context()) }
        : { url: `${sessionPath(sessionId)}/call-staff` }),
    });
    if (reply.status >= 300) throw errorOf(reply, language);
  }

  /**
   * Starts the payment of a placed order on the shop's terminal; with the terminal's first method unless one is named. The
   * same `idempotencyKey` never charges twice; give one that is kept where the call may be repeated after a restart.
   */
  startPayment(
    orderId: string,
    method?: string,
    options: CallOptions & { readonly idempotencyKey?: string } = {},
  ): Promise<KioskPayment> {
    const { idempotencyKey = newIdempotencyKey() } = options;
    return beginPayment(this.#http, orderId, { method, idempotencyKey }, this.#caller(options));
  }

  /** The last payment of a placed order. @throws {MalbeotError} `NOT_FOUND` when none was started. */
  payment(orderId: string, options: CallOptions = {}): Promise<KioskPayment> {
    return readPayment(this.#http, orderId, this.#caller(options));
  }

  /**
   * The payment once it is decided: approved, declined, taken back, or to be paid at the desk.
   *
   * @throws {MalbeotError} `TIMEOUT` when it is not decided within `limitMs` (default 300,000).
   */
  waitForPayment(orderId: string, options: PaymentWait = {}): Promise<KioskPayment> {
    const ask = () => readPayment(this.#http, orderId, this.#caller(options));
    return untilDecided(ask, this.#language, { sleep: this.#sleep, ...options });
  }

  /**
   * Goes on with a session that another client of this screen had, a page that was loaded anew for example. `sessionToken`
   * came with its first answer (`meta.session_token`). A queue keeps its session itself and needs no such call.
   */
  resume(sessionId: string, sessionToken: string | null): void {
    this.#forget();
    this.#sessionId = sessionId;
    this.#sessionToken = sessionToken;
  }

  /** Forgets a session that is known to be over; what is said next begins another one. */
  forget(): void {
    this.#leave();
  }

  /**
   * Leaves the session: forgotten here at once and ended on the server. A server that can't be reached is no error, the
   * session ends there by itself. Queued turns of it are still delivered.
   */
  async reset(options: CallOptions = {}): Promise<void> {
    const { id, token } = this.#leave();
    if (id === null) return;
    try {
      await this.#http.send({
        method: 'DELETE',
        url: sessionPath(id),
        language: this.#language,
        credentials: this.#credentialsWith(token),
        sessionId: id,
        signal: options.signal,
      });
    } catch (error) {
      if (!(error instanceof MalbeotError)) throw error;
    }
  }

  #leave(): { readonly id: string | null; readonly token: string | null } {
    const session = { id: this.#sessionId, token: this.#sessionToken };
    this.#forget();
    return this.#queue === undefined ? session : (this.#queue.leave() ?? session);
  }

  async #toSound(wav: Blob | Uint8Array): Promise<TurnContent> {
    const bytes = wav instanceof Blob ? new Uint8Array(await wav.arrayBuffer()) : wav;
    return { kind: 'audio', wav: this.#prepareAudio ? prepareUtterance(bytes) : bytes.slice() };
  }

  /** `content` is asked for when the turns before it are on their way, so that reading a sound lets none overtake. */
  async #turn(content: ContentSource, { signal }: CallOptions): Promise<TurnResult<Queue>> {
    const visit = this.#visit;
    const result =
      this.#queue === undefined
        ? await this.#sendNow(content, signal)
        : await this.#queue.submit(content, this.#language, signal);
    if (!isQueued(result) && visit === this.#visit) this.#followLanguage(result);
    return result as TurnResult<Queue>;
  }

  #sendNow(content: ContentSource, signal: AbortSignal | undefined): Promise<ServerResponse> {
    const visit = this.#visit;
    const idempotencyKey = newIdempotencyKey();
    const send = async () => {
      const made = await content();
      // Asked for when the turn's time has come: only then is its session known.
      const caller = this.#caller({ signal });
      const reply = await this.#http.send({
        ...caller,
        method: 'POST',
        url: TURN_PATH,
        headers: { 'idempotency-key': idempotencyKey },
        ...turnBody(made, this.#context()),
      });
      const answer = readJson(reply);
      if (reply.status === 401 || reply.status === 403 || !isServerResponse(answer))
        throw errorOf(reply, caller.language);
      if (visit === this.#visit) this.#keep(answer);
      return answer;
    };
    return this.#line.run(send, signal);
  }

  #keep(answer: ServerResponse): void {
    // What is said next begins a new one. No new visit: this turn's own answer still counts.
    if (isSessionGone(answer)) return this.#dropSession();
    if (answer.session_id !== '' && answer.session_id !== this.#sessionId) {
      this.#sessionId = answer.session_id;
      this.#sessionToken = null;
    }
    if (answer.meta.session_token !== undefined) this.#sessionToken = answer.meta.session_token;
  }

  #followLanguage(answer: ServerResponse): void {
    for (const action of answer.ui_actions) {
      if (action.action_type === 'set_language') this.#language = action.data.language;
    }
  }

  #forget(): void {
    this.#visit += 1;
    this.#dropSession();
  }

  #dropSession(): void {
    this.#sessionId = null;
    this.#sessionToken = null;
  }

  #context(): {
    readonly sessionId: string | null;
    readonly kioskId: string | undefined;
    language: Language;
  } {
    return { sessionId: this.#sessionId, kioskId: this.#kioskId, language: this.#language };
  }

  #caller({ signal }: CallOptions): Caller {
    const token = this.#queue === undefined ? this.#sessionToken : (this.#queue.session?.token ?? null);
    const { sessionId } = this;
    return { language: this.#language, credentials: this.#credentialsWith(token), sessionId, signal };
  }

  #credentialsWith(sessionToken: string | null): Record<string, string> {
    return {
      ...(sessionToken === null ? {} : { authorization: `Bearer ${sessionToken}` }),
      ...(this.#deviceKey === undefined ? {} : { 'x-device-key': this.#deviceKey }),
    };
  }

  async #get(url: string, options: CallOptions): Promise<unknown> {
    const caller = this.#caller(options);
    return jsonOf(await this.#http.send({ ...caller, method: 'GET', url }), caller.language);
  }
}
