import type { Language } from '@malbeot/protocol';
import type { Who } from '../../accounts/access.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Clock } from '../../lib/clock.ts';
import { isId, newId, type RandomBytes } from '../../lib/ids.ts';
import type { CompanionSession, CompanionUser } from './records.ts';
import type { CompanionStore } from './store.ts';

/** More open sessions of one person than this are a program that never ends any. */
const MOST_OPEN_SESSIONS = 1_000;

/** What a caller says about the session that begins. */
export interface SessionWish {
  /** `usr_…`; null for a new person. */
  readonly userId: string | null;
  readonly externalId: string | null;
  /** Null: the person's own, else `fallbackLanguage`. */
  readonly language: Language | null;
  readonly fallbackLanguage: Language;
  readonly character: string | null;
}

export interface BegunSession {
  readonly session: CompanionSession;
  readonly token: string;
}

/** Whose it is: a session, or with null all sessions of the person. */
export interface ConversationOwner {
  readonly userId: string;
  readonly sessionId: string | null;
}

/** Begins and finds sessions and the people in them. */
export interface CompanionSessions {
  /**
   * @throws {AppError} NOT_FOUND for a `userId` that is not known; FORBIDDEN for another person's, or an `externalId` where a
   * person speaks for themself; CONFLICT where `userId` and `externalId` are two people, or too many sessions are open.
   */
  begin(wish: SessionWish, who: Who): Promise<BegunSession>;
  /** A session, over or not. @throws {AppError} NOT_FOUND, or FORBIDDEN for somebody else's. */
  find(sessionId: string, who: Who): Promise<CompanionSession>;
  /** @throws {AppError} NOT_FOUND, or FORBIDDEN for somebody else. */
  findPerson(userId: string, who: Who): Promise<CompanionUser>;
  /** @throws {AppError} SESSION_EXPIRED when it was ended, or nobody talked for too long. */
  expectOpen(session: CompanionSession): void;
  /** When a session that was last used at `now` is over. */
  expiryFrom(now: number): number;
}

export interface CompanionSessionsOptions {
  readonly store: CompanionStore;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** A session without a turn for this long is over. */
  readonly idleMs: number;
  readonly issueSessionToken: (sessionId: string) => Promise<string>;
  /** @throws {AppError} FORBIDDEN when `who`, whom the route let in, may not use this. */
  readonly authorizeConversation: (owner: ConversationOwner, who: Who) => void;
}

export function createCompanionSessions(options: CompanionSessionsOptions): CompanionSessions {
  const { store, clock, random, idleMs, issueSessionToken, authorizeConversation } = options;

  async function personOf(wish: SessionWish, who: Who): Promise<CompanionUser> {
    if (who.kind === 'person') return personThemself(wish, who.userId);
    const { userId, externalId } = wish;
    if (userId !== null) return namedPerson(userId, externalId);
    const found = externalId === null ? null : await store.findUserByName(externalId);
    return found ?? (await store.addUser(newUser(newId('usr', random), externalId, wish)));
  }

  /** Their account is who they are; it is known here from their first session on. */
  async function personThemself(wish: SessionWish, userId: string): Promise<CompanionUser> {
    if (wish.externalId !== null) {
      throw new AppError('FORBIDDEN', {
        detail: 'external_id is for programs with an API key; a person is known by their own token.',
      });
    }
    if (wish.userId !== null && wish.userId !== userId) {
      throw new AppError('FORBIDDEN', { detail: 'user_id is another person. Leave it out.' });
    }
    return (await store.findUser(userId)) ?? store.addUser(newUser(userId, null, wish));
  }

  async function namedPerson(userId: string, externalId: string | null): Promise<CompanionUser> {
    const found = await store.findUser(userId);
    if (found === null) throw noSuchPerson('Leave user_id out for a new person.');
    if (externalId === null || externalId === found.externalId) return found;
    if (await store.nameUser(userId, externalId)) return { ...found, externalId };
    throw new AppError('CONFLICT', { detail: 'user_id and external_id are two people. Send one of them.' });
  }

  function newUser(userId: string, externalId: string | null, wish: SessionWish): CompanionUser {
    const now = clock.now();
    const language = wish.language ?? wish.fallbackLanguage;
    return { userId, externalId, language, createdAt: now, lastSeenAt: now };
  }

  return {
    async begin(wish, who) {
      const person = await personOf(wish, who);
      const now = clock.now();
      if ((await store.countOpen(person.userId, now)) >= MOST_OPEN_SESSIONS) {
        throw new AppError('CONFLICT', {
          detail: `This person has ${MOST_OPEN_SESSIONS} open sessions. End some: POST /api/sessions/{id}/end.`,
        });
      }
      const session: CompanionSession = {
        sessionId: newId('ses', random),
        userId: person.userId,
        language: wish.language ?? person.language,
        character: wish.character,
        state: null,
        summary: null,
        turns: 0,
        voiceTurns: 0,
        interruptions: 0,
        talkMs: 0,
        speechMs: 0,
        createdAt: now,
        lastTurnAt: null,
        endedAt: null,
        expiresAt: now + idleMs,
      };
      await store.addSession(session);
      return { session, token: await issueSessionToken(session.sessionId) };
    },
    async find(sessionId, who) {
      const session = isId('ses', sessionId) ? await store.findSession(sessionId) : null;
      if (session === null) {
        throw new AppError('NOT_FOUND', {
          detail: 'There is no session with this id. POST /api/sessions/new begins one.',
        });
      }
      authorizeConversation({ userId: session.userId, sessionId }, who);
      return session;
    },
    async findPerson(userId, who) {
      // Somebody else learns nothing about who is known here.
      authorizeConversation({ userId, sessionId: null }, who);
      const found = await store.findUser(userId);
      if (found === null) throw noSuchPerson('Check the id.');
      return found;
    },
    expectOpen({ endedAt, expiresAt, turns }) {
      if (endedAt === null && expiresAt > clock.now()) return;
      const why =
        endedAt === null ? `nobody talked for ${Math.round(idleMs / 60_000)} minutes` : 'it was ended';
      throw new AppError('SESSION_EXPIRED', {
        detail: `The session is over: ${why}. POST /api/sessions/new begins another.`,
        fields: { turns },
      });
    },
    expiryFrom: (now) => now + idleMs,
  };
}

function noSuchPerson(whatToDo: string): AppError {
  return new AppError('NOT_FOUND', { detail: `There is no person with this user_id. ${whatToDo}` });
}
