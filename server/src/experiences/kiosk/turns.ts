import type { KioskAction, ServerResponse } from '@malbeot/protocol';
import type { Dialogue, ScreenAction } from '../../conversation/dialogue.ts';
import type { Heard } from '../../conversation/heard.ts';
import { runTurn, type TurnSource } from '../../conversation/turn.ts';
import type { Hub } from '../../hub/hub.ts';
import { isAbort } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import { newId, type RandomBytes } from '../../lib/ids.ts';
import { OTHER_LANGUAGE, ProviderError, type Skipped } from '../../providers/spec/provider.ts';
import type { SpeechToText } from '../../providers/spec/stt.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { TurnRecord } from '../../telemetry/record-turn.ts';
import { createTurnSpan, type TurnSpan } from '../../telemetry/turn-span.ts';
import type { VoiceFiles } from '../../voice-files/voice-files.ts';
import type { Answer } from '../experience.ts';
import type { KioskDialogueState } from './dialogue.ts';
import { toKioskError } from './error-answer.ts';
import { remember, whenDone } from './last-turn.ts';
import type { Menu } from './menu.ts';
import type { MenuStore } from './menu-store.ts';
import { doPayment } from './payments/do-payment.ts';
import { hasTerminal, type Paying, type PaymentEffect } from './payments/paying.ts';
import type { Payments } from './payments/payments.ts';
import { isPlaced } from './order.ts';
import { isPlacedBetween, placing } from './placing.ts';
import { toUIActions, withOrderNumber, type PlacedReply } from './screen.ts';
import type { KioskSessions, OpenedSession } from './sessions.ts';
import type { KioskState } from './state.ts';
import { SessionChangedError, type KioskStore, type PlacedOrder, type SavedSession } from './store.ts';
import { createTurnAnswers, type NotHeard, type Told } from './turn-answers.ts';
import {
  beginCourse,
  partOfTalk,
  toRecord,
  type Course,
  type KioskTurnInput,
  type Outcome,
} from './turn-course.ts';

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
  /**
   * The dialogue over a menu and a payment: one turn knows one of each, whatever happens meanwhile. `arrivedAt`: when it was
   * said or tapped.
   */
  readonly dialogueOver: (menu: Menu, paying: Paying, arrivedAt: number) => Dialogue<Heard | KioskAction>;
  readonly payments: Payments;
  readonly ears: SpeechToText;
  readonly voiceFiles: Pick<VoiceFiles, 'start'>;
  readonly hub: Pick<Hub, 'publish'>;
  /** @throws {AppError} AUDIO_NOT_WAV or AUDIO_UNREADABLE. */
  readonly readUtterance: (bytes: Uint8Array, signal: AbortSignal) => Promise<DecodedSound>;
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
/** What comes of a request that was done before other turns came: its own answer no longer holds. */
const LAST_WORDS_AGAIN: TurnSource<KioskAction> = { type: 'tap', tap: { type: 'repeat' } };

export function createKioskTurns(options: KioskTurnsOptions): ProcessTurn {
  const { store, sessions, menus, payments, ears, hub, clock, random, log } = options;
  const answers = createTurnAnswers(options);

  async function process(course: Course, signal: AbortSignal): Promise<ServerResponse> {
    const opened = await sessions.open(course.turn);
    course.session = opened;
    const decoding = decode(course, signal);
    // It takes its place in line at once, and what can't be used is told at once too, not when its turn has come.
    const turn = sessions.inOrder(opened.saved.sessionId, signal, async () =>
      inTurn(course, opened, await decoding, signal),
    );
    turn.catch(() => {});
    await decoding;
    return turn;
  }

  /** Null where no sound came. */
  async function decode(
    { turn: { input }, span }: Course,
    signal: AbortSignal,
  ): Promise<DecodedSound | null> {
    if (input.type === 'unusable') throw input.error;
    if (input.type !== 'audio') return null;
    const startedMs = clock.monotonicMs();
    const sound = await options.readUtterance(input.bytes, signal);
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
      const done = whenDone(session.saved.state, course.turn.idempotencyKey);
      const source = done === 'earlier' ? LAST_WORDS_AGAIN : sourceOf(course, session, sound);
      try {
        if (done === 'last') return await tellAgain(course, session);
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
    const paying = await payingFor(saved.state);
    const menu = await menuFor(saved.state, paying);
    const dialogue = options.dialogueOver(menu, paying, course.arrivedAt);
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
    course.providers['mind'] = after.opinion.mind;
    course.skipped = joinedSkips(course.skipped, after.opinion.skipped);
    course.confidence = Math.min(course.confidence ?? 1, after.confidence);
    const reply = { state: after.state, message: said.join(' '), actions: shown };
    return keep(course, session, menu, reply, after);
  }

  async function payingFor({ order }: KioskState): Promise<Paying> {
    const { methods, simulated } = payments;
    const isPaidHere = hasTerminal(payments) && isPlaced(order) && order.orderId !== null;
    return { methods, simulated, payment: isPaidHere ? await payments.standing(order.orderId) : null };
  }

  /**
   * An order that waits to be paid for is told by the menu it was placed from, and none by an older menu than before, which this
   * process may still know.
   */
  async function menuFor({ order, menuVersion }: KioskState, paying: Paying): Promise<Menu> {
    const { menu } = await menus.current();
    const isToBePaid = order.status === 'confirmed' && hasTerminal(paying);
    if (menu.version === menuVersion || (menu.version > menuVersion && !isToBePaid)) return menu;
    return (await menus.find(menuVersion)) ?? menu;
  }

  /**
   * The answer of the session's last turn, for a request that comes again: what it wanted done and a process that died may have
   * left undone is done now, and nothing else.
   */
  async function tellAgain(course: Course, session: OpenedSession): Promise<ServerResponse> {
    const { state } = session.saved;
    const { turnId, transcript, message, actions, effect, unspoken, placed } = state.lastTurn!;
    course.transcript = transcript;
    const order = placed ? await store.findOrder(state.order.orderId!) : null;
    tellStaff(session.saved, actions, order);
    const menu = (await menus.find(state.menuVersion)) ?? (await menus.current()).menu;
    const reply = await withPayment(course, effect, turnId, { state, message, actions });
    return answers.reply(course, session, menu, toTold(reply, unspoken));
  }

  /** Saves what the turn came to; only then is it told. */
  async function keep(
    course: Course,
    { saved, token }: OpenedSession,
    menu: Menu,
    reply: PlacedReply,
    { effect, unspoken }: Pick<KioskDialogueState, 'effect' | 'unspoken'>,
  ): Promise<ServerResponse> {
    const { turnId, transcript, turn } = course;
    const { message, actions, state } = reply;
    const remembered = remember(saved.state, {
      turnId,
      transcript,
      message,
      actions,
      effect,
      unspoken,
      placed: isPlacedBetween(saved.state, state),
      idempotencyKey: turn.idempotencyKey,
    });
    const kept = { ...reply, state: { ...state, ...remembered } };
    const { session, order } = await course.span.measure('store', () =>
      store.save(extended({ ...saved, state: kept.state }), placing(menu, saved.state, kept)),
    );
    const numbered = order === null ? kept : withOrderNumber(kept, order.orderNumber);
    course.session = { saved: session, token };
    tellStaff(session, numbered.actions, order);
    const paid = await withPayment(course, effect, turnId, numbered);
    return answers.reply(course, course.session, menu, toTold(paid, unspoken));
  }

  /** The reply once what the turn `turnId` wants done about a payment is done. */
  async function withPayment(
    { span }: Course,
    effect: PaymentEffect | null,
    turnId: string,
    reply: PlacedReply,
  ): Promise<PlacedReply> {
    if (effect === null) return reply;
    return span.measure('payment', () => doPayment({ payments, log }, effect, `turn ${turnId}`, reply));
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
    const [turnId, span, arrivedAt] = [newId('trn', random), createTurnSpan(clock), clock.now() - turn.ageMs];
    const course = beginCourse({ turn, turnId, span, arrivedAt });
    const record = (outcome: Outcome) => {
      const told = toRecord(course, outcome);
      // A talk counts its turns itself, with the times that only it knows.
      if (turn.speak === undefined) options.recordTurn(told, span);
      else log.info(partOfTalk(told, span), 'turn at the counter');
    };
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

function toTold({ message, actions }: PlacedReply, unspoken: boolean): Told {
  return { message, uiActions: toUIActions(actions), unspoken };
}

/** True when nobody failed and nobody was away: none of the ears speaks the session's language, and asking again is no use. */
function noEarsKnowTheLanguage(error: unknown): error is ProviderError {
  return (
    error instanceof ProviderError &&
    error.skipped.length > 0 &&
    error.skipped.every(({ reason }) => reason === OTHER_LANGUAGE)
  );
}

/** A turn that is done again passes the same over again; that is told once. */
function joinedSkips(before: readonly Skipped[], more: readonly Skipped[]): readonly Skipped[] {
  const isTold = (skip: Skipped) =>
    before.some(({ provider, reason }) => provider === skip.provider && reason === skip.reason);
  return [...before, ...more.filter((skip) => !isTold(skip))];
}

function outcomeOf({ message, error_info }: ServerResponse): Outcome {
  const charactersOut = message.length;
  if (error_info === null) return { outcome: 'ok', charactersOut };
  const { error_code: errorCode } = error_info;
  const outcome = errorCode === 'speech_recognition_error' ? 'not_heard' : 'refused';
  return { outcome, errorCode, charactersOut };
}
