import { AppError } from '../../errors/app-error.ts';
import type { Dialogue, Said } from '../../conversation/dialogue.ts';
import type { Talk } from '../../conversation/ports.ts';
import type { Clock } from '../../lib/clock.ts';
import type { OpenTalk, TalkSource } from '../experience.ts';
import { readState } from './dialogue/state.ts';
import type { CompanionSession, KeptTurn } from './records.ts';
import type { CompanionSessions } from './sessions.ts';
import { createSharedSessions, type SessionWay } from './shared-sessions.ts';
import type { CompanionStore } from './store.ts';

/** Turns that a dialogue is told of. */
const REMEMBERED_TURNS = 20;
/** A reply may still be on its way when its session is ended. */
const LATE_TURN_MS = 60_000;

export interface CompanionTalksOptions {
  readonly store: CompanionStore;
  readonly sessions: CompanionSessions;
  readonly dialogue: Dialogue;
  readonly clock: Clock;
}

/** Sessions as a conversation takes them. */
export interface CompanionTalks extends TalkSource {
  /** A session that was found already, with what was said in it. */
  openFound(session: CompanionSession): Promise<OpenTalk>;
}

export function createCompanionTalks(options: CompanionTalksOptions): CompanionTalks {
  const { store, sessions, dialogue, clock } = options;
  const shared = createSharedSessions();

  function talkOf(sessionId: string, way: SessionWay): Talk {
    return {
      experience: 'companion',
      dialogue: inWay(dialogue, way),
      mayBeginEarly: true,
      async keep(turn) {
        const { report } = turn;
        // The dialogue knows who found the words; the conversation only whom it asked.
        const mind = readState(turn.state)?.mind ?? report.providers.mind;
        const told = { ...turn, report: { ...report, providers: { ...report.providers, mind } } };
        const now = clock.now();
        const limits = { expiresAt: sessions.expiryFrom(now), acceptFrom: now - LATE_TURN_MS };
        const stateOver = (stored: unknown) => way.stateOver(turn.state, stored);
        if (await store.keepTurn(sessionId, told, limits, stateOver)) return way.noteKept(turn);
        throw new AppError('SESSION_EXPIRED', { detail: 'The session is over; this turn is not kept.' });
      },
    };
  }

  async function openFound(session: CompanionSession): Promise<OpenTalk> {
    sessions.expectOpen(session);
    const { sessionId, userId, language, state } = session;
    const history = toHistory(await store.turns({ sessionId }, REMEMBERED_TURNS));
    const owner = { kind: 'conversation', userId, sessionId } as const;
    const way = shared.open(sessionId);
    const talk = talkOf(sessionId, way);
    const live = { onLive: () => way.join(), said: way.said.bind(way) };
    return { talk, userId, sessionId, language, state, history, owner, ...live };
  }

  return {
    owns: (userId) => userId.startsWith('usr_'),
    async open(userId, sessionId) {
      const session = await store.findSession(sessionId);
      if (session === null || session.userId !== userId) {
        throw new AppError('NOT_FOUND', {
          detail: 'This person has no such session. POST /api/sessions/new begins one.',
        });
      }
      return openFound(session);
    },
    openFound,
  };
}

/** The dialogue, told of what other ways into the session bring. */
function inWay(dialogue: Dialogue, way: SessionWay): Dialogue {
  return {
    get mind() {
      return dialogue.mind;
    },
    async *respond(heard, context, signal) {
      const known = way.contextOf(context);
      for await (const event of dialogue.respond(heard, known, signal)) {
        if (event.type === 'state') way.noteState(event.state, known);
        yield event;
      }
    },
  };
}

/** What both sides said, oldest first; of replies, what was heard. */
export function toHistory(turns: readonly KeptTurn[]): Said[] {
  return turns.flatMap(({ heard, replyHeard }): Said[] => [
    { role: 'user', text: heard },
    ...(replyHeard === '' ? [] : [{ role: 'assistant', text: replyHeard } as const]),
  ]);
}
