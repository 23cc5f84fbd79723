import { createSession, MalbeotError } from '@malbeot/client';
import type { Language } from '@malbeot/protocol';
import { keepSession, readKeptSession, type KeptSession } from './kept-session.ts';

/** A conversation, and whether the tab had it before. */
export interface OpenedSession {
  readonly session: KeptSession;
  readonly isKept: boolean;
}

/** What a tab may go on with, or a new conversation of the same person in `language`. @throws {MalbeotError} */
export async function openSession(
  isNew: boolean,
  language: Language,
  signal: AbortSignal,
): Promise<OpenedSession> {
  const kept = readKeptSession();
  if (kept !== null && !isNew) return { session: kept, isKept: true };
  const session = await begin(kept?.userId ?? null, language, signal);
  keepSession(session);
  return { session, isKept: false };
}

async function begin(userId: string | null, language: Language, signal: AbortSignal): Promise<KeptSession> {
  try {
    const made = await createSession(userId === null ? { language } : { language, user_id: userId }, {
      language,
      signal,
    });
    return { sessionId: made.session_id, userId: made.user_id, token: made.token, talk: null };
  } catch (error) {
    // The server may have forgotten who it was, or may not tell.
    const isUnknown = error instanceof MalbeotError && [403, 404, 422].includes(error.status ?? 0);
    if (userId !== null && isUnknown) return begin(null, language, signal);
    throw error;
  }
}
