import type { Who } from '../../accounts/access.ts';
import type { Clock } from '../../lib/clock.ts';
import type { RandomBytes } from '../../lib/ids.ts';
import type { Timers } from '../../lib/timers.ts';
import type { LanguageModel } from '../../providers/spec/llm.ts';
import type { Hearing } from '../../speech/hearing.ts';
import type { Database } from '../../storage/database.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { TurnRecord } from '../../telemetry/record-turn.ts';
import type { TurnSpan } from '../../telemetry/turn-span.ts';
import type { VoiceFiles } from '../../voice-files/voice-files.ts';
import type { SpeechToText } from '../../providers/spec/stt.ts';
import type { Experience, TalkSource } from '../experience.ts';
import { createCompanionDialogue } from './dialogue/dialogue.ts';
import { createModelTalk } from './dialogue/model.ts';
import { createCompanionEnding } from './ending.ts';
import { companionMigrations } from './migrations.ts';
import { registerSessionRoutes } from './session-routes.ts';
import { createCompanionSessions, type ConversationOwner } from './sessions.ts';
import { createCompanionStats } from './stats.ts';
import { createCompanionStore } from './store.ts';
import { createCompanionTalks } from './talks.ts';
import { createTurnOrder } from './turn-order.ts';
import { registerVoiceChat } from './voice-chat-route.ts';
import { createVoiceChat } from './voice-chat.ts';

export interface CompanionOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly log: Logger;
  readonly ears: SpeechToText;
  /** Hears sound files of every kind. */
  readonly hearing: Pick<Hearing, 'hear'>;
  readonly voiceFiles: Pick<VoiceFiles, 'start'>;
  /** Asked about what the rules do not know; null, or absent: the rules alone. */
  readonly llm?: LanguageModel | null;
  readonly issueSessionToken: (sessionId: string) => Promise<string>;
  /** Throws AppError FORBIDDEN when `who`, whom the route let in, may not use this talk. */
  readonly authorizeConversation: (owner: ConversationOwner, who: Who) => void;
  /** Told of a session that has just been ended over HTTP: whoever talks in it live can be let go. */
  readonly onSessionEnded?: (sessionId: string) => void;
  readonly settings: {
    /** A session without a turn for this long is over. */
    readonly sessionIdleMs: number;
    /** How long sessions that are over are kept. */
    readonly keepSessionsMs: number;
    /** IANA name; `Asia/Seoul` when absent. */
    readonly timeZone?: string;
  };
  readonly recordTurn: (record: TurnRecord, span: TurnSpan) => void;
}

/** The companion as the composition root takes it. */
export interface Companion {
  readonly experience: Experience & { readonly talks: TalkSource };
  /** Deletes sessions that were over long ago, and people nobody could find again; answers how many. */
  sweep(signal: AbortSignal): Promise<Readonly<Record<string, number>>>;
}

/** Puts the companion together: people, sessions, dialogue, talk and routes. */
export function createCompanion(options: CompanionOptions): Companion {
  const { database, clock, timers, random, log, llm = null, settings, onSessionEnded = () => {} } = options;
  const store = createCompanionStore({ database });
  const sessions = createCompanionSessions({ ...options, store, idleMs: settings.sessionIdleMs });
  const dialogue = createCompanionDialogue({
    clock,
    random,
    model: llm === null ? null : createModelTalk({ llm, timers, log }),
    ...(settings.timeZone === undefined ? {} : { timeZone: settings.timeZone }),
  });
  const talks = createCompanionTalks({ store, sessions, dialogue, clock });
  const order = createTurnOrder();
  const stats = createCompanionStats({ store });
  const ending = createCompanionEnding({ store, sessions, order, clock, onEnded: onSessionEnded });
  const chat = createVoiceChat({ ...options, sessions, talks, order });
  return {
    experience: {
      id: 'companion',
      path: '/companion',
      migrations: companionMigrations,
      register(scope) {
        registerSessionRoutes(scope, { sessions, stats, ending });
        registerVoiceChat(scope, { chat });
      },
      talks,
    },
    sweep: (signal) => store.sweep(clock.now() - settings.keepSessionsMs, signal),
  };
}

export { companionMigrations };
