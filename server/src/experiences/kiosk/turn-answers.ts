import type { ErrorInfo, ServerResponse, UIAction } from '@malbeot/protocol';
import { formatMessage } from '@malbeot/protocol/messages';
import { toSpokenText } from '../../language/spoken-text.ts';
import type { Clock } from '../../lib/clock.ts';
import { ProviderError } from '../../providers/spec/provider.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { StartedVoice, VoiceFiles } from '../../voice-files/voice-files.ts';
import type { Answer } from '../experience.ts';
import { errorAnswer, secondsOf, showError, toKioskError } from './error-answer.ts';
import type { Menu } from './menu.ts';
import type { MenuStore } from './menu-store.ts';
import { standingOrder } from './placing.ts';
import type { OpenedSession } from './sessions.ts';
import type { KioskStore } from './store.ts';
import type { Course } from './turn-course.ts';

export interface TurnAnswersOptions {
  readonly store: Pick<KioskStore, 'findOrder'>;
  readonly menus: Pick<MenuStore, 'current'>;
  readonly voiceFiles: Pick<VoiceFiles, 'start'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Why a sound gave no words. */
export type NotHeard = 'no-words' | 'language';

const notHeardTellings = {
  'no-words': {
    message: 'kiosk.not_heard',
    recovery: ['kiosk.recovery.say_again', 'kiosk.recovery.closer', 'kiosk.recovery.touch'],
    details: {},
  },
  language: {
    message: 'kiosk.not_heard.language',
    recovery: ['kiosk.recovery.touch', 'kiosk.recovery.type', 'kiosk.recovery.staff'],
    details: { reason: 'language_not_heard' },
  },
} as const;

/** What a turn says and shows. */
export interface Told {
  readonly message: string;
  readonly uiActions: readonly UIAction[];
  /** True when `message` is only to be shown. */
  readonly unspoken: boolean;
}

/** Puts what a turn came to into the one form of answer, with its voice. */
export interface TurnAnswers {
  /** Says what a turn came to; an error among its `uiActions` makes it no success. The session is as `menu` left it. */
  reply(course: Course, session: OpenedSession, menu: Menu, told: Told): Promise<ServerResponse>;
  /** Tells what to do instead: there were no words in the sound, or no ears know the language of the session. */
  notHeard(course: Course, session: OpenedSession, why: NotHeard): Promise<ServerResponse>;
  /** The answer for whatever was thrown, in the words of the session where there is one, with its order as it stands. */
  failure(course: Course, thrown: unknown): Promise<Answer>;
}

export function createTurnAnswers({ store, menus, voiceFiles, clock, log }: TurnAnswersOptions): TurnAnswers {
  const timestamp = () => new Date(clock.now()).toISOString();

  /** Null where none can run, and where it is said elsewhere; a voice is never worth failing for what has been done. */
  async function startVoice(
    course: Course,
    message: string,
    language: 'ko' | 'en',
  ): Promise<StartedVoice | null> {
    const text = language === 'ko' ? toSpokenText(message) : message;
    if (course.turn.speak !== undefined) {
      course.turn.speak(text);
      return null;
    }
    try {
      return await course.span.measure('voice', () => voiceFiles.start({ text, language }));
    } catch (error) {
      log.warn({ err: error, turn_id: course.turnId }, 'the voice of an answer could not be started');
      return null;
    }
  }

  async function respond(
    course: Course,
    { saved, token }: OpenedSession,
    menu: Menu,
    { message, uiActions, unspoken, error }: Saying,
  ): Promise<ServerResponse> {
    const { state, sessionId } = saved;
    const { span, turn, providers, skipped, confidence, transcript, turnId } = course;
    const [voice, { order }] = await Promise.all([
      unspoken ? null : startVoice(course, message, state.language),
      standingOrder(store, menu, state),
    ]);
    if (voice !== null) providers['voice'] = voice.provider;
    const stagesMs = span.stagesMs();
    return {
      success: error === null,
      message,
      transcript,
      tts_audio_url: voice === null ? null : `/api/voice/tts/${voice.fileId}`,
      order_data: order,
      ui_actions: uiActions,
      error_info: error,
      processing_time: secondsOf(stagesMs),
      session_id: sessionId,
      timestamp: timestamp(),
      meta: {
        providers,
        skipped,
        confidence,
        stages_ms: stagesMs,
        turn_id: turnId,
        request_id: turn.requestId,
        ...(token === null ? {} : { session_token: token }),
      },
    };
  }

  /** A tap or words that were understood and can't be done. */
  function refusalIn(actions: readonly UIAction[]): ErrorInfo | null {
    const shown = actions.find((action) => action.action_type === 'show_error');
    return shown === undefined ? null : { ...shown.data, details: {}, timestamp: timestamp() };
  }

  return {
    reply: (course, session, menu, told) =>
      respond(course, session, menu, { ...told, error: refusalIn(told.uiActions) }),

    async notHeard(course, session, why) {
      const { language } = session.saved.state;
      const { menu } = await menus.current();
      const { message: key, recovery, details } = notHeardTellings[why];
      const message = formatMessage(language, key);
      const error: ErrorInfo = {
        error_code: 'speech_recognition_error',
        error_message: message,
        recovery_actions: recovery.map((action) => formatMessage(language, action)),
        details,
        timestamp: timestamp(),
      };
      const uiActions = [showError(error)];
      return respond(course, session, menu, { message, uiActions, unspoken: false, error });
    },

    async failure(course, thrown) {
      const { turn, span, turnId, providers, skipped } = course;
      const error = toKioskError(thrown);
      if (error.code === 'INTERNAL') log.error({ err: thrown, turn_id: turnId }, 'turn failed');
      // A session that was never kept can't be gone on with: its id stays untold.
      const kept = course.session !== null && course.session.saved.version > 0 ? course.session.saved : null;
      const { language } = course.session?.saved.state ?? { language: turn.language ?? turn.errorLanguage };
      return errorAnswer(error, {
        requestId: turn.requestId,
        turnId,
        sessionId: kept?.sessionId ?? turn.sessionId ?? '',
        language,
        orderData:
          kept === null ? null : (await standingOrder(store, (await menus.current()).menu, kept.state)).order,
        providers,
        skipped: thrown instanceof ProviderError ? thrown.skipped : skipped,
        stagesMs: span.stagesMs(),
        now: clock.now(),
      });
    },
  };
}

interface Saying extends Told {
  readonly error: ErrorInfo | null;
}
