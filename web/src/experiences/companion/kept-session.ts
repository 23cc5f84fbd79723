import type { Said } from '../../conversation/talk-state.ts';
import { readStored, writeStored } from '../../storage.ts';

const STORED_AS = 'malbeot.companion-session';
const MOST_KEPT = 40;

/** What is needed to go on with a conversation after the page was loaded anew. */
export interface KeptSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly token: string;
  /** What was said last, to show it again. */
  readonly said: readonly Said[];
}

/** Keeps it for as long as the tab lives. */
export function keepSession(session: KeptSession): void {
  writeStored(STORED_AS, JSON.stringify({ ...session, said: session.said.slice(-MOST_KEPT) }), 'session');
}

/** The conversation of this tab; null when there is none. */
export function readKeptSession(): KeptSession | null {
  try {
    const kept = JSON.parse(readStored(STORED_AS, 'session') ?? 'null') as Partial<KeptSession> | null;
    const { sessionId, userId, token, said } = kept ?? {};
    const isWhole = typeof sessionId === 'string' && typeof userId === 'string' && typeof token === 'string';
    return isWhole ? { sessionId, userId, token, said: Array.isArray(said) ? said : [] } : null;
  } catch {
    return null;
  }
}
