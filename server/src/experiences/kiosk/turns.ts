import type { KioskAction, ServerResponse } from '@malbeot/protocol';
import type { Dialogue, ScreenAction } from '../../conversation/dialogue.ts';
import type { Heard } from '../../conversation/heard.ts';
import { runTurn, type TurnSource } from '../../conversation/turn.ts';
import type { Hub } from '../../hub/hub.ts';
import { isAbort } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import { newId, type RandomBytes } from '../../lib/ids.ts';
import { OTHER_LANGUAGE, ProviderError } from '../../providers/spec/provider.ts';
import type { SpeechToText } from '../../providers/spec/stt.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { TurnRecord } from '../../telemetry/record-turn.ts';
import { createTurnSpan, type TurnSpan } from '../../telemetry/turn-span.ts';
import type { VoiceFiles } from '../../voice-files/voice-files.ts';
import type { Answer } from '../experience.ts';
import type { KioskDialogueState } from './dialogue.ts';
import { toKioskError } from './error-answer.ts';
import type { Menu } from './menu.ts';
import type { MenuStore } from './menu-store.ts';
import { placing } from './placing.ts';
import { toUIActions, withOrderNumber, type PlacedReply } from './screen.ts';
import type { KioskSessions, OpenedSession } from './sessions.ts';
import { SessionChangedError, type KioskStore, type PlacedOrder, type SavedSession } from './store.ts';
import { createTurnAnswers, type NotHeard } from './turn-answers.ts';
import { beginCourse, toRecord, type Course, type KioskTurnInput, type Outcome } from './turn-course.ts';

/** An uploaded sound, ready for the ears. */
export interface DecodedSound {
  /** Mono, 16 kHz. */
  readonly samples: Float32Array;
  readonly durationMs: number;
  /** True when it can hold no speech. */
  readonly silent: boolean;
}

export interface KioskTurnsOptions {
  readonly store: KioskStore;
  readonly sessions: KioskSessions;
  readonly menus: MenuStore;
  /** The dialogue over a menu: one turn knows one menu, whatever comes in force meanwhile. */
  readonly dialogueOver: (menu: Menu) => Dialogue<Heard | KioskAction>;
  readonly ears: SpeechToText;
  readonly voiceFiles: Pick<VoiceFiles, 'start'>;
  readonly hub: Pick<Hub, 'publish'>;
  /** @throws {AppError} AUDIO_NOT_WAV or AUDIO_UNREADABLE. */
  readonly decodeUtterance: (bytes: Uint8Array) => DecodedSound;
  readonly recordTurn: (record: TurnRecord, span: TurnSpan) => void;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Logger;
}

/**
 * One turn at the kiosk, from what came in to the answer. Every error becomes an answer and leaves the order as it stood;
 * only an abort is thrown.
 */
export type ProcessTurn = (turn: KioskTurnInput, signal: AbortSignal) => Promise<Answer>;

/** How often a turn is done when another process keeps saving the session meanwhile. */
const TRIES = 3;

export function createKioskTurns(options: KioskTurnsOptions): ProcessTurn {
  const { store, sessions, menus, ears, hub, clock, random, log } = options;
  const answers = createTurnAnswers(options);

  async function process(course: Course, signal: AbortSignal): Promise<ServerResponse> {
    const opened = await sessions.open(course.turn);
    course.session = opened;
    // Before the turn waits for others: what can't be used is told at once.
    const sound = decode(course);
    return sessions.inOrder(opened.saved.sessionId, signal, () => inTurn(course, opened, sound, signal));
  }

  /** Null where no sound came. */
  function decode({ turn: { input }, span }: Course): DecodedSound | null {
    if (input.type === 'unusable') throw input.error;
    if (input.type !== 'audio') return null;
    const startedMs = clock.monotonicMs();
    const sound = options.decodeUtterance(input.bytes);
    span.add('decode', clock.monotonicMs() - startedMs);
    return sound;
  }

  async function inTurn(
    course: Course,
    opened: OpenedSession,
    sound: DecodedSound | null,
    signal: AbortSignal,
  ): Promise<ServerResponse> {
    course.soundMs = sound?.durationMs;
    for (let tries = 1; ; tries++) {
      const session = await sessions.reopen(opened, course.turn.who);
      course.session = session;
      const source = sourceOf(course, session, sound);
      try {
        return await (source === null
          ? notHeard(course, session, 'no-words')
          : converse(course, session, source, signal));
      } catch (error) {
        if (noEarsKnowTheLanguage(error)) {
          course.skipped = error.skipped;
          return notHeard(course, session, 'language');
        }
        if (!(error instanceof SessionChangedError) || tries === TRIES) throw error;
        log.info(
          { session_id: session.saved.sessionId, tries },
          'session changed elsewhere, turn done again',
        );
      }
    }
  }

  /** Null for silence, which no ears need to hear. What was heard before stays heard. */
  function sourceOf(
    { turn: { input }, transcript, confidence }: Course,
    { saved }: OpenedSession,
    sound: DecodedSound | null,
  ): TurnSource<KioskAction> | null {
    const { language } = saved.state;
    if (input.type === 'tap') return input;
    if (input.type === 'text') return { type: 'text', text: input.text, language, confidence: null };
    if (transcript !== null) return { type: 'text', text: transcript, language, confidence };
    return sound === null || sound.silent
      ? null
      : { type: 'audio', utterance: { samples: sound.samples, language } };
  }

  async function converse(
    course: Course,
    session: OpenedSession,
    source: TurnSource<KioskAction>,
    signal: AbortSignal,
  ): Promise<ServerResponse> {
    const { saved } = session;
    const { menu } = await menus.current();
    const dialogue = options.dialogueOver(menu);
    const said: string[] = [];
    const shown: ScreenAction[] = [];
    let after: KioskDialogueState | null = null;
    const context = {
      sessionId: saved.sessionId,
      turnId: course.turnId,
      language: saved.state.language,
      state: saved.state,
    };
    for await (const event of runTurn(source, { ears, dialogue, span: course.span }, context, signal)) {
      switch (event.type) {
        case 'no-speech':
          course.providers['ears'] = event.provider;
          course.skipped = event.skipped;
          return notHeard(course, session, 'no-words');
        case 'transcript':
          course.transcript = event.heard.text;
          course.confidence = event.heard.confidence;
          if (event.provider === null) break;
          course.providers['ears'] = event.provider;
          course.skipped = event.skipped;
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
    course.providers['mind'] = dialogue.mind;
    course.confidence = Math.min(course.confidence ?? 1, after.confidence);
    return keep(course, session, menu, { state: after.state, message: said.join(' '), actions: shown });
  }

  /** Saves what the turn came to; only then is it told. */
  async function keep(
    course: Course,
    { saved, token }: OpenedSession,
    menu: Menu,
    reply: PlacedReply,
  ): Promise<ServerResponse> {
    const { session, order } = await course.span.measure('store', () =>
      store.save(extended({ ...saved, state: reply.state }), placing(menu, saved.state, reply)),
    );
    const { message, actions } = order === null ? reply : withOrderNumber(reply, order.orderNumber);
    course.session = { saved: session, token };
    tellStaff(session, actions, order);
    return answers.reply(course, course.session, menu, message, toUIActions(actions));
  }

  /** Saved too, so that a new session is there for the next try and one that exists lives on. */
  async function notHeard(
    course: Course,
    { saved, token }: OpenedSession,
    why: NotHeard,
  ): Promise<ServerResponse> {
    const { session } = await course.span.measure('store', () => store.save(extended(saved), null));
    course.session = { saved: session, token };
    return answers.notHeard(course, course.session, why);
  }

  function extended(saved: SavedSession): SavedSession {
    return { ...saved, expiresAt: sessions.expiryFrom(clock.now()) };
  }

  function tellStaff(
    { sessionId, kioskId }: SavedSession,
    actions: readonly ScreenAction[],
    order: PlacedOrder | null,
  ): void {
    const at = new Date(clock.now()).toISOString();
    const told: Promise<unknown>[] = [];
    if (actions.some(({ type }) => type === 'call_staff')) {
      told.push(hub.publish('staff', 'staff_called', { kiosk_id: kioskId, session_id: sessionId, at }));
    }
    if (order !== null) {
      const { total_amount, item_count } = order.order;
      const { orderId: order_id, orderNumber: order_number } = order;
      const created = { order_id, order_number, kiosk_id: kioskId, total_amount, item_count, at };
      told.push(hub.publish('staff', 'order_created', created));
    }
    // The customer's answer stands whether or not anybody listens.
    Promise.all(told).catch((error: unknown) =>
      log.error({ err: error, session_id: sessionId }, 'staff could not be told'),
    );
  }

  return async (turn, signal) => {
    const course = beginCourse(turn, newId('trn', random), createTurnSpan(clock));
    const record = (outcome: Outcome) => options.recordTurn(toRecord(course, outcome), course.span);
    try {
      const response = await process(course, signal);
      record(outcomeOf(response));
      return { status: 200, body: { type: 'json', value: response } };
    } catch (error) {
      if (isAbort(error) || signal.aborted) {
        record({ outcome: 'aborted', charactersOut: 0 });
        throw error;
      }
      record({ outcome: 'error', errorCode: toKioskError(error).code, charactersOut: 0 });
      return answers.failure(course, error);
    }
  };
}

/** True when nobody failed and nobody was away: none of the ears speaks the session's language, and asking again is no use. */
function noEarsKnowTheLanguage(error: unknown): error is ProviderError {
  return (
    error instanceof ProviderError &&
    error.skipped.length > 0 &&
    error.skipped.every(({ reason }) => reason === OTHER_LANGUAGE)
  );
}

function outcomeOf({ message, error_info }: ServerResponse): Outcome {
  const charactersOut = message.length;
  if (error_info === null) return { outcome: 'ok', charactersOut };
  const { error_code: errorCode } = error_info;
  const outcome = errorCode === 'speech_recognition_error' ? 'not_heard' : 'refused';
  return { outcome, errorCode, charactersOut };
}
