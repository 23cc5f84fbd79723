import type { ErrorInfo, KioskAction, Language, ResponseMeta, ServerResponse, UIAction } from '@malbeot/protocol';
import { formatMessage } from '@malbeot/protocol/messages';
import type { Who } from '../../accounts/access.ts';
import type { Dialogue, ScreenAction } from '../../conversation/dialogue.ts';
import type { Heard } from '../../conversation/heard.ts';
import { runTurn, type TurnSource } from '../../conversation/turn.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Hub } from '../../hub/hub.ts';
import { toSpokenText } from '../../language/spoken-text.ts';
import { isAbort } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import { newId, type RandomBytes } from '../../lib/ids.ts';
import { ProviderError, type Skipped } from '../../providers/spec/provider.ts';
import type { SpeechToText } from '../../providers/spec/stt.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { TurnRecord } from '../../telemetry/record-turn.ts';
import { createTurnSpan, type TurnSpan } from '../../telemetry/turn-span.ts';
import type { VoiceFiles } from '../../voice-files/voice-files.ts';
import type { Answer } from '../experience.ts';
import type { KioskDialogueState } from './dialogue.ts';
import { errorAnswer, showError } from './error-answer.ts';
import type { MenuStore } from './menu-store.ts';
import { toOrderData } from './order.ts';
import { placing } from './placing.ts';
import { toUIActions, withOrderNumber, type PlacedReply } from './screen.ts';
import type { KioskSessions, OpenedSession } from './sessions.ts';
import { SessionChangedError, type KioskStore, type PlacedOrder } from './store.ts';

/** What came in for a turn: sound as it was uploaded, words, or a tap. */
export type KioskInput =
  | { readonly type: 'audio'; readonly bytes: Uint8Array }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tap'; readonly tap: KioskAction };

export interface KioskTurnInput {
  readonly input: KioskInput;
  readonly sessionId: string | null;
  readonly kioskId: string | null;
  /** Language of a new session; of a session that exists, its own counts. */
  readonly language: Language | null;
  readonly requestId: string;
  readonly who: Who;
}

export interface DecodedSound {
  /** Mono, 16 kHz. */
  readonly samples: Float32Array;
  readonly durationMs: number;
  readonly silent: boolean;
}

export interface KioskTurnsOptions {
  readonly store: KioskStore;
  readonly sessions: KioskSessions;
  readonly menus: MenuStore;
  readonly dialogue: Dialogue<Heard | KioskAction>;
  readonly ears: SpeechToText;
  readonly voiceFiles: Pick<VoiceFiles, 'start'>;
  readonly hub: Pick<Hub, 'publish'>;
  readonly decodeUtterance: (bytes: Uint8Array) => DecodedSound;
  readonly recordTurn: (record: TurnRecord, span: TurnSpan) => void;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Logger;
}

/** How often a turn is done again because another process saved the session meanwhile. */
const TRIES = 3;

/** Everything that is known of a turn while it runs. */
interface Course {
  readonly turnId: string;
  readonly span: TurnSpan;
  readonly turn: KioskTurnInput;
  session: OpenedSession | null;
  transcript: string | null;
  confidence: number | null;
  soundMs: number | undefined;
  readonly providers: Record<string, string>;
  readonly skipped: Skipped[];
}

/** One turn at the kiosk, from what came in to the answer. Every error becomes an answer, and leaves the order as it stood. */
export type ProcessTurn = (turn: KioskTurnInput, signal: AbortSignal) => Promise<Answer>;

export function createKioskTurns(options: KioskTurnsOptions): ProcessTurn {
  const { store, sessions, menus, dialogue, ears, hub, clock, random, log } = options;

  async function process(course: Course, signal: AbortSignal): Promise<ServerResponse> {
    const { turn } = course;
    const opened = await sessions.open(turn);
    course.session = opened;
    const source = decode(course, opened.saved.state.language);
    if (source === null) return notHeard(course);
    return sessions.inOrder(opened.saved.sessionId, signal, () => converse(course, source, signal));
  }

  /** Null for silence, which no ears need to hear. */
  function decode(course: Course, language: Language): TurnSource<KioskAction> | null {
    const { input } = course.turn;
    if (input.type === 'tap') return input;
    if (input.type === 'text') return { type: 'text', text: input.text, language, confidence: null };
    const startedMs = clock.monotonicMs();
    const { samples, durationMs, silent } = options.decodeUtterance(input.bytes);
    course.span.add('decode', clock.monotonicMs() - startedMs);
    course.soundMs = durationMs;
    return silent ? null : { type: 'audio', utterance: { samples, language } };
  }

  async function converse(course: Course, first: TurnSource<KioskAction>, signal: AbortSignal): Promise<ServerResponse> {
    let source = first;
    for (let tries = 1; ; tries++) {
      const { saved } = course.session!;
      // Read again: the turn before this one has changed it.
      if (saved.version > 0) course.session = await sessions.open({ ...course.turn, sessionId: saved.sessionId }, course.session!);
      try {
        return await converseOnce(course, source, signal);
      } catch (error) {
        if (!(error instanceof SessionChangedError) || tries === TRIES) throw error;
        log.info({ session_id: saved.sessionId, tries }, 'session changed elsewhere, turn done again');
        // What was heard stays heard.
        if (course.transcript !== null) {
          const { language } = saved.state;
          source = { type: 'text', text: course.transcript, language, confidence: course.confidence };
        }
      }
    }
  }

  async function converseOnce(course: Course, source: TurnSource<KioskAction>, signal: AbortSignal): Promise<ServerResponse> {
    const { saved } = course.session!;
    await menus.current();
    const said: string[] = [];
    const shown: ScreenAction[] = [];
    let after: KioskDialogueState | null = null;
    const context = {
      sessionId: saved.sessionId,
      turnId: course.turnId,
      language: saved.state.language,
      state: saved.version === 0 ? null : saved.state,
    };
    course.providers['mind'] = dialogue.mind;
    for await (const event of runTurn(source, { ears, dialogue, span: course.span }, context, signal)) {
      switch (event.type) {
        case 'no-speech':
          delete course.providers['mind'];
          course.providers['ears'] = event.provider;
          course.skipped.push(...event.skipped);
          return notHeard(course);
        case 'transcript':
          course.transcript = event.heard.text;
          if (event.provider !== null) course.providers['ears'] = event.provider;
          course.skipped.push(...event.skipped);
          course.confidence = event.heard.confidence;
          break;
        case 'text-delta':
          said.push(event.text);
          break;
        case 'action':
          shown.push(event.action);
          break;
        case 'state':
          after = event.state as KioskDialogueState;
          break;
        case 'emotion':
        case 'gesture':
          break;
      }
    }
    if (after === null) throw new Error('The dialogue ended without a state.');
    course.confidence = Math.min(course.confidence ?? 1, after.confidence);
    return keep(course, { state: after.state, message: said.join(' '), actions: shown });
  }

  /** Saves what the turn came to; only then is it told. */
  async function keep(course: Course, reply: PlacedReply): Promise<ServerResponse> {
    const { saved, token } = course.session!;
    const { menu } = await menus.current();
    const extended = { ...saved, state: reply.state, expiresAt: sessions.expiryFrom(clock.now()) };
    const place = placing(menu, saved.state, reply);
    const kept = await course.span.measure('store', () => store.save(extended, place));
    const { message, actions } = kept.order === null ? reply : withOrderNumber(reply, kept.order.orderNumber);
    course.session = { token, saved: { ...extended, state: kept.state, version: saved.version + 1 } };
    tellStaff(course, actions, kept.order);
    const uiActions = toUIActions(actions);
    return respond(course, message, uiActions, refusalIn(uiActions));
  }

  function tellStaff(course: Course, actions: readonly ScreenAction[], order: PlacedOrder | null): void {
    const { sessionId, kioskId } = course.session!.saved;
    const at = new Date(clock.now()).toISOString();
    const told: Promise<unknown>[] = [];
    if (actions.some(({ type }) => type === 'call_staff')) {
      told.push(hub.publish('staff', 'staff_called', { kiosk_id: kioskId, session_id: sessionId, at }));
    }
    if (order !== null) {
      const { total_amount, item_count } = order.order;
      const { orderId: order_id, orderNumber: order_number } = order;
      told.push(hub.publish('staff', 'order_created', { order_id, order_number, kiosk_id: kioskId, total_amount, item_count, at }));
    }
    // The customer's answer stands whether or not anybody listens.
    Promise.all(told).catch((error: unknown) => log.error({ err: error, session_id: sessionId }, 'staff could not be told'));
  }

  /** A tap or words that were understood and can't be done. */
  function refusalIn(actions: readonly UIAction[]): ErrorInfo | null {
    for (const action of actions) {
      if (action.action_type !== 'show_error') continue;
      return { ...action.data, details: {}, timestamp: new Date(clock.now()).toISOString() };
    }
    return null;
  }

  async function notHeard(course: Course): Promise<ServerResponse> {
    const { language } = course.session!.saved.state;
    const message = formatMessage(language, 'kiosk.not_heard');
    const error: ErrorInfo = {
      error_code: 'speech_recognition_error',
      error_message: message,
      recovery_actions: (['kiosk.recovery.say_again', 'kiosk.recovery.closer', 'kiosk.recovery.touch'] as const).map((key) =>
        formatMessage(language, key),
      ),
      details: {},
      timestamp: new Date(clock.now()).toISOString(),
    };
    const { saved } = course.session!;
    // A new session has to be there for the next try; one that exists lives on from now.
    const extended = { ...saved, expiresAt: sessions.expiryFrom(clock.now()) };
    if (saved.version === 0) {
      await store.save(extended, null);
      course.session = { ...course.session!, saved: { ...extended, version: 1 } };
    }
    return respond(course, message, [showError(error)], error);
  }

  async function respond(course: Course, message: string, uiActions: readonly UIAction[], error: ErrorInfo | null): Promise<ServerResponse> {
    const { session, span, turn } = course;
    const { saved, token } = session!;
    const { menu } = await menus.current();
    const { language } = saved.state;
    const text = language === 'ko' ? toSpokenText(message) : message;
    const voice = message === '' ? null : await span.measure('voice', () => options.voiceFiles.start({ text, language }));
    if (voice !== null) course.providers['voice'] = voice.provider;
    const stagesMs = span.stagesMs();
    const meta: ResponseMeta = {
      providers: course.providers,
      skipped: course.skipped,
      confidence: course.confidence,
      stages_ms: stagesMs,
      turn_id: course.turnId,
      request_id: turn.requestId,
      ...(token === null ? {} : { session_token: token }),
    };
    return {
      success: error === null,
      message,
      transcript: course.transcript,
      tts_audio_url: voice === null ? null : `/api/voice/tts/${voice.fileId}`,
      order_data: toOrderData(menu, saved.state.order, language),
      ui_actions: uiActions,
      error_info: error,
      processing_time: (stagesMs['total'] ?? 0) / 1000,
      session_id: saved.sessionId,
      timestamp: new Date(clock.now()).toISOString(),
      meta,
    };
  }

  async function toAnswer(course: Course, thrown: unknown): Promise<Answer> {
    const error = toAppError(thrown);
    if (error.code === 'INTERNAL') log.error({ err: thrown, turn_id: course.turnId }, 'turn failed');
    const saved = course.session?.saved ?? null;
    const language = saved?.state.language ?? course.turn.language ?? 'ko';
    const { menu } = await menus.current();
    return errorAnswer(error, {
      requestId: course.turn.requestId,
      turnId: course.turnId,
      sessionId: saved?.sessionId ?? course.turn.sessionId ?? '',
      language,
      orderData: saved === null || saved.version === 0 ? null : toOrderData(menu, saved.state.order, language),
      providers: course.providers,
      stagesMs: course.span.stagesMs(),
      now: clock.now(),
    });
  }

  function record(course: Course, outcome: string, errorCode: string | undefined, charactersOut: number): void {
    const { turn, session, transcript, soundMs } = course;
    const { input } = turn;
    options.recordTurn(
      {
        turnId: course.turnId,
        requestId: turn.requestId,
        sessionId: session?.saved.sessionId ?? '',
        experience: 'kiosk',
        kioskId: session?.saved.kioskId ?? turn.kioskId,
        way: input.type === 'tap' ? 'action' : input.type,
        outcome,
        ...(errorCode === undefined ? {} : { errorCode }),
        language: session?.saved.state.language ?? turn.language ?? 'ko',
        providers: course.providers,
        skipped: course.skipped,
        confidence: course.confidence,
        ...(soundMs === undefined ? {} : { soundMs }),
        charactersIn: transcript?.length ?? 0,
        charactersOut,
      },
      course.span,
    );
  }

  return async (turn, signal) => {
    const course: Course = {
      turnId: newId('trn', random),
      span: createTurnSpan(clock),
      turn,
      session: null,
      transcript: null,
      confidence: null,
      soundMs: undefined,
      providers: {},
      skipped: [],
    };
    try {
      const response = await process(course, signal);
      const errorCode = response.error_info?.error_code;
      const outcome = errorCode === undefined ? 'ok' : errorCode === 'speech_recognition_error' ? 'not_heard' : 'refused';
      record(course, outcome, errorCode, response.message.length);
      return { status: 200, body: { type: 'json', value: response } };
    } catch (error) {
      if (isAbort(error) || signal.aborted) {
        record(course, 'aborted', undefined, 0);
        throw error;
      }
      record(course, 'error', toAppError(error).code, 0);
      return toAnswer(course, error);
    }
  };
}

function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof SessionChangedError) return new AppError('CONFLICT', { detail: error.message, cause: error });
  if (!(error instanceof ProviderError)) return new AppError('INTERNAL', { cause: error });
  const code = error.kind === 'timeout' ? 'TIMEOUT' : 'PROVIDER_UNAVAILABLE';
  const retryAfterSeconds = Math.max(1, Math.ceil((error.retryAfterMs ?? 1_000) / 1000));
  return new AppError(code, { detail: error.message, cause: error, retryAfterSeconds });
}

