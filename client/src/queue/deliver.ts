import type { KioskOrder, KioskSession, ServerResponse } from '@malbeot/protocol';

import { codeOf, errorOf, isRecord, readJson, type HttpReply } from '../http-reply.ts';
import { newIdempotencyKey } from '../idempotency-key.ts';
import { MalbeotError } from '../malbeot-error.ts';
import { readOrder } from '../orders.ts';
import { isServerResponse, isSessionGone, sessionPath, TURN_PATH } from '../server-answer.ts';
import { turnBody } from '../turn-body.ts';
import { retryAfterMs } from '../waiting.ts';
import { beforeOf, hasGapBefore, type Before, type Conversation, type Entry, type Ledger } from './ledger.ts';
import type { DoneRecord, SentRecord } from './records.ts';
import type { HoldReason, QueueLink, TurnContent } from './turn-queue.ts';

/** The server gives the first answer again for ten minutes; less, because its clock and ours are two. */
const ANSWER_KEPT_MS = 9 * 60_000;
/**
 * While a request may still run, or its answer is certainly kept, the server does nothing twice for one key. Later a server that
 * was killed between doing and noting would: then the session is asked.
 */
const KEY_SAFE_MS = 50_000;

/** What came of a try. */
export type Outcome =
  /** It is with the server. `answer` is null when an earlier try had been taken and its answer was lost. */
  | { readonly type: 'done'; readonly done: DoneRecord }
  /** Nothing usable answered: to be tried again later. */
  | { readonly type: 'away'; readonly error: MalbeotError }
  /** The server asks for patience, or can't do it just now. `answer` is for a caller who waits. */
  | {
      readonly type: 'later';
      readonly waitMs: number | null;
      readonly answer: ServerResponse | null;
      readonly error: MalbeotError;
      /** True when the server is well and yet can't do this turn. */
      readonly strike: boolean;
    }
  /** Nobody is recognised: the settings of this device are wrong. */
  | { readonly type: 'refused'; readonly error: MalbeotError }
  /** The session is over: the conversation has to be sent again from its beginning. `answer` is for a caller who waits. */
  | { readonly type: 'session-gone'; readonly answer: ServerResponse | null; readonly placed: string | null }
  | { readonly type: 'held'; readonly reason: HoldReason };

export interface DeliverOptions {
  readonly ledger: Pick<Ledger, 'noteSent' | 'wavOf'>;
  readonly link: QueueLink;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** How a turn is sent: `live` when somebody waits for the answer, `deferred` when it was kept for later. */
export interface Attempt {
  readonly live: boolean;
  readonly deferred: boolean;
}

/**
 * Brings a turn to the server once. What identifies the try is on the store before it begins. A turn that may have arrived in an
 * earlier try is sent again only when that is safe, or the server says that it did not.
 *
 * @throws the signal's reason; what the store throws.
 */
export async function deliver(
  conversation: Conversation,
  entry: Entry,
  attempt: Attempt,
  options: DeliverOptions,
): Promise<Outcome> {
  try {
    return await tryOnce(conversation, entry, attempt, options);
  } catch (error) {
    if (error instanceof MalbeotError && (error.code === 'NETWORK' || error.code === 'TIMEOUT'))
      return { type: 'away', error };
    throw error;
  }
}

async function tryOnce(
  conversation: Conversation,
  entry: Entry,
  attempt: Attempt,
  options: DeliverOptions,
): Promise<Outcome> {
  const { ledger } = options;
  const { turn } = entry;
  const before = beforeOf(conversation, entry);
  if (hasGapBefore(conversation, entry)) return { type: 'held', reason: 'incomplete' };
  const content = await contentOf(entry, ledger);
  if (content === null) return { type: 'held', reason: 'incomplete' };
  if (entry.sent?.generation === conversation.generation) {
    const found = await findOut(entry, entry.sent, before, options);
    if (found !== 'send') return found;
  } else {
    const { sessionId, sessionToken } = before;
    const turnsBefore = before.turns ?? (await askTurns(before, entry, options));
    const readBack = attempt.deferred && agreesTo(entry) ? before.readBack : null;
    await ledger.noteSent(entry, {
      turn: turn.key,
      generation: conversation.generation,
      key: conversation.generation === 0 ? turn.key : newIdempotencyKey(),
      sessionId,
      sessionToken,
      readBack,
      turnsBefore,
      firstTryAt: options.now(),
    });
  }
  return judge(await post(entry, content, attempt, options), entry, before, attempt, options);
}

async function contentOf(entry: Entry, ledger: Pick<Ledger, 'wavOf'>): Promise<TurnContent | null> {
  const { kind, text, action } = entry.turn;
  switch (kind) {
    case 'text':
      return text === null ? null : { kind, text };
    case 'action':
      return action === null ? null : { kind, action };
    case 'audio': {
      const wav = await ledger.wavOf(entry);
      return wav === null ? null : { kind, wav };
    }
  }
}

/** True for the tap that says yes to what was read back, in whatever form it was read back. */
function agreesTo({ turn: { action } }: Entry): boolean {
  return action?.type === 'confirm' && action.read_back === undefined;
}

function post(
  { turn, sent }: Entry,
  content: TurnContent,
  { live }: Attempt,
  { link, signal }: DeliverOptions,
): Promise<HttpReply> {
  const { key, sessionId, sessionToken, readBack } = sent!;
  const { language } = turn;
  const { kioskId } = link;
  const agreed: TurnContent =
    readBack === null ? content : { kind: 'action', action: { type: 'confirm', read_back: readBack } };
  return link.http.send({
    method: 'POST',
    url: TURN_PATH,
    language,
    headers: { 'idempotency-key': key },
    credentials: link.credentials(sessionToken),
    sessionId,
    signal,
    // In the background the queue itself waits between tries.
    ...(live ? {} : { maxTries: 1 }),
    ...turnBody(agreed, { sessionId, kioskId, language }),
  });
}

async function judge(
  reply: HttpReply,
  entry: Entry,
  before: Before,
  { live }: Attempt,
  options: DeliverOptions,
): Promise<Outcome> {
  const { status } = reply;
  const answer = readJson(reply);
  const error = errorOf(reply, entry.turn.language);
  const code = codeOf(answer);
  if (status === 401 || status === 403) {
    return code === 'TOKEN_EXPIRED'
      ? { type: 'session-gone', answer: null, placed: null }
      : { type: 'refused', error };
  }
  if (!isServerResponse(answer) || status >= 500) {
    // Something between here and the server may have answered: only a server that is well can refuse a turn.
    const strike = !live && (await isWell(options));
    if (!isServerResponse(answer) && !strike) return { type: 'away', error };
    return { type: 'later', waitMs: waitOf(reply), answer: asAnswer(answer), error, strike };
  }
  if (status === 409 || status === 429)
    return { type: 'later', waitMs: waitOf(reply), answer, error, strike: false };
  if (code === 'IDEMPOTENCY_KEY_REUSED') return { type: 'held', reason: 'outcome-unknown' };
  if (status >= 400 && isSessionGone(answer)) {
    const placed = answer.error_info?.details['order_id'];
    return { type: 'session-gone', answer, placed: typeof placed === 'string' ? placed : null };
  }
  return { type: 'done', done: doneBy(answer, status, entry, before, options.now()) };
}

function asAnswer(json: unknown): ServerResponse | null {
  return isServerResponse(json) ? json : null;
}

function waitOf({ headers }: HttpReply): number | null {
  return retryAfterMs(headers.get('retry-after'), Date.now());
}

function doneBy(
  answer: ServerResponse,
  status: number,
  { turn, sent }: Entry,
  before: Before,
  at: number,
): DoneRecord {
  const sessionId = answer.session_id === '' ? before.sessionId : answer.session_id;
  const sameSession = sessionId === before.sessionId;
  // What was not heard, and what was refused before anybody looked at it, is no turn of the session.
  const counted = status === 200 && answer.error_info?.error_code !== 'speech_recognition_error';
  const turnsBefore = sameSession ? sent!.turnsBefore : 0;
  return {
    turn: turn.key,
    generation: sent!.generation,
    at,
    told: false,
    left: null,
    sessionId,
    sessionToken: answer.meta.session_token ?? (sameSession ? before.sessionToken : null),
    turns: turnsBefore === null ? null : turnsBefore + (counted ? 1 : 0),
    status: answer.order_data === null ? before.status : answer.order_data.status,
    placed: answer.order_data?.order_id ?? before.placed,
    readBack: readBackIn(answer),
    answer,
    session: null,
    order: null,
  };
}

function readBackIn(answer: ServerResponse): string | null {
  for (const action of answer.ui_actions) {
    if (action.action_type === 'show_confirmation') return action.data.read_back ?? null;
  }
  return null;
}

/** Whether a turn that may have arrived has: `send` when it can be sent again as it is. */
async function findOut(
  entry: Entry,
  sent: SentRecord,
  before: Before,
  options: DeliverOptions,
): Promise<Outcome | 'send'> {
  // The first turn of a session reads nothing back and places no order: at worst it leaves a session that nobody uses.
  if (sent.sessionId === null) return 'send';
  const ageMs = options.now() - sent.firstTryAt;
  // A clock that was set back tells nothing.
  const isYoungerThan = (limitMs: number) => ageMs >= 0 && ageMs < limitMs;
  const reply = await readSession(sent, entry, options);
  const json = readJson(reply);
  const { turnsBefore } = sent;
  if (reply.status === 200 && isSession(json)) {
    if (turnsBefore === null)
      return isYoungerThan(ANSWER_KEPT_MS) ? 'send' : { type: 'held', reason: 'outcome-unknown' };
    if (json.turns <= turnsBefore || isYoungerThan(KEY_SAFE_MS)) return 'send';
    return { type: 'done', done: await takenBefore(entry, before, json, json.order_data.order_id, options) };
  }
  const code = codeOf(json);
  if (reply.status === 404 || code === 'TOKEN_EXPIRED') {
    const told = isRecord(json) && typeof json['turns'] === 'number' && turnsBefore !== null;
    if (!told)
      return before.status === 'confirming'
        ? { type: 'held', reason: 'outcome-unknown' }
        : { type: 'session-gone', answer: null, placed: null };
    const placed = typeof json['order_id'] === 'string' ? json['order_id'] : null;
    const taken = (json['turns'] as number) > turnsBefore;
    return taken && placed !== null && placed !== before.placed
      ? { type: 'done', done: await takenBefore(entry, before, null, placed, options) }
      : { type: 'session-gone', answer: null, placed };
  }
  const error = errorOf(reply, entry.turn.language);
  if (reply.status === 401 || reply.status === 403) return { type: 'refused', error };
  return { type: 'away', error };
}

/** A turn whose answer was lost: what came of it, as far as the server can still tell. */
async function takenBefore(
  { turn, sent }: Entry,
  before: Before,
  session: KioskSession | null,
  placed: string | null,
  { link, now, signal }: DeliverOptions,
): Promise<DoneRecord> {
  const { generation, sessionId, sessionToken } = sent!;
  let order: KioskOrder | null = null;
  if (placed !== null && placed !== before.placed) {
    const { language } = turn;
    const credentials = link.credentials(sessionToken);
    const caller = { language, credentials, sessionId, signal, maxTries: 1 };
    order = await readOrder(link.http, placed, caller).catch((error: unknown) => {
      if (error instanceof MalbeotError && !error.retryable) return null;
      throw error;
    });
  }
  return {
    turn: turn.key,
    generation,
    at: now(),
    told: false,
    left: null,
    sessionId,
    sessionToken,
    turns: session?.turns ?? null,
    status: session?.order_data.status ?? order?.order.status ?? before.status,
    placed: placed ?? before.placed,
    readBack: null,
    answer: null,
    session,
    order,
  };
}

function readSession(
  { sessionId, sessionToken }: Pick<SentRecord, 'sessionId' | 'sessionToken'>,
  { turn: { language } }: Entry,
  { link, signal }: DeliverOptions,
): Promise<HttpReply> {
  const credentials = link.credentials(sessionToken);
  const url = sessionPath(sessionId ?? '');
  return link.http.send({ method: 'GET', url, language, credentials, sessionId, signal, maxTries: 1 });
}

/** Turns that the session has counted, where the answers so far don't tell; null when the server doesn't either. */
async function askTurns(before: Before, entry: Entry, options: DeliverOptions): Promise<number | null> {
  const reply = await readSession(before, entry, options);
  const session = readJson(reply);
  return reply.status === 200 && isSession(session) ? session.turns : null;
}

function isSession(json: unknown): json is KioskSession {
  return isRecord(json) && typeof json['turns'] === 'number' && isRecord(json['order_data']);
}

async function isWell({ link, signal }: DeliverOptions): Promise<boolean> {
  const request = { method: 'GET', url: '/api/health', language: 'en', maxTries: 1, signal } as const;
  const health = readJson(await link.http.send(request));
  return (
    isRecord(health) &&
    isRecord(health['parts']) &&
    (health['status'] === 'ok' || health['status'] === 'degraded')
  );
}
