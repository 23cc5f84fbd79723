import { readKeptTalk, type KeptTalk } from '../../conversation/kept-talk.ts';
import { readStored, writeStored } from '../../storage.ts';

const STORED_AS = 'malbeot.companion-session';

/** What is needed to go on with a conversation after the page was loaded anew. */
export interface KeptSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly token: string;
  /** What was said last, and how far the server's messages had come; null before the first. */
  readonly talk: KeptTalk | null;
}

/** Keeps it for as long as the tab lives. */
export function keepSession(session: KeptSession): void {
  writeStored(STORED_AS, JSON.stringify(session), 'session');
}

/** The conversation of this tab; null when there is none. */
export function readKeptSession(): KeptSession | null {
  try {
    const kept = JSON.parse(readStored(STORED_AS, 'session') ?? 'null') as Partial<KeptSession> | null;
    const { sessionId, userId, token, talk } = kept ?? {};
    const isWhole = typeof sessionId === 'string' && typeof userId === 'string' && typeof token === 'string';
    return isWhole ? { sessionId, userId, token, talk: readKeptTalk(talk) } : null;
  } catch {
    return null;
  }
}
