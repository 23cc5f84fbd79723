import type { ServerResponse } from '@malbeot/protocol';

import { isRecord } from './http-reply.ts';

/** Tells an answer to a turn from everything else that a server, or something before it, may send. */
export function isServerResponse(json: unknown): json is ServerResponse {
  return (
    isRecord(json) &&
    typeof json['success'] === 'boolean' &&
    typeof json['message'] === 'string' &&
    typeof json['session_id'] === 'string' &&
    Array.isArray(json['ui_actions']) &&
    isRecord(json['meta'])
  );
}

/** True when the session of the turn is over, or swept away since: what is said next begins a new one. */
export function isSessionGone(answer: ServerResponse): boolean {
  const code = answer.error_info?.details['code'];
  return code === 'SESSION_EXPIRED' || code === 'NOT_FOUND';
}

/** Path of all sessions, for beginning one. */
export const SESSIONS_PATH = '/api/kiosk/sessions';

/** Path of a session, for reading and ending it. */
export function sessionPath(sessionId: string): string {
  return `${SESSIONS_PATH}/${encodeURIComponent(sessionId)}`;
}

/** Path of every turn. */
export const TURN_PATH = '/api/voice/process';
