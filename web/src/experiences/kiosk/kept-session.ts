import type { ServerResponse } from '@malbeot/protocol';
import { readStored, writeStored } from '../../storage.ts';

const STORED_AS = 'malbeot.kiosk-session';

/** What is needed to go on with a session after the page was loaded anew. */
export interface KeptSession {
  readonly sessionId: string;
  /** Null where a device key is used. */
  readonly sessionToken: string | null;
}

/** Keeps the session of an answer for as long as the tab lives; one that is over is forgotten. */
export function keepSession(response: ServerResponse): void {
  const code = response.error_info?.details['code'];
  if (response.session_id === '' || code === 'SESSION_EXPIRED' || code === 'NOT_FOUND')
    return forgetSession();
  const before = readKeptSession();
  const token = before?.sessionId === response.session_id ? before.sessionToken : null;
  keepBegunSession({
    sessionId: response.session_id,
    sessionToken: response.meta.session_token ?? token,
  });
}

/** Keeps a session that has no turn yet. */
export function keepBegunSession(kept: KeptSession): void {
  writeStored(STORED_AS, JSON.stringify(kept), 'session');
}

export function forgetSession(): void {
  writeStored(STORED_AS, null, 'session');
}

/** The session of this tab; null when there is none. */
export function readKeptSession(): KeptSession | null {
  try {
    const kept = JSON.parse(readStored(STORED_AS, 'session') ?? 'null') as Partial<KeptSession> | null;
    if (typeof kept?.sessionId !== 'string') return null;
    return { sessionId: kept.sessionId, sessionToken: kept.sessionToken ?? null };
  } catch {
    return null;
  }
}
