import type { Language, NewSession, NewSessionRequest } from '@malbeot/protocol';

import { createHttp, type ConnectionOptions } from '../http.ts';
import { errorOf, isRecord, jsonOf } from '../http-reply.ts';
import type { CallOptions } from '../voice-client.ts';

export interface CreateSessionOptions extends ConnectionOptions, CallOptions {
  /** A person's token or an API key; not needed on the server's own machine in its local profile. */
  readonly accessToken?: string | undefined;
  /** Language of errors. Default `ko`. */
  readonly language?: Language | undefined;
}

/**
 * Begins a session. One try, because each makes another session.
 *
 * @throws {MalbeotError} without a usable answer.
 */
export async function createSession(
  session: NewSessionRequest = {},
  options: CreateSessionOptions = {},
): Promise<NewSession> {
  const { accessToken, language = 'ko', signal } = options;
  const reply = await createHttp(options).send({
    method: 'POST',
    url: '/api/sessions/new',
    language,
    json: session,
    ...(accessToken === undefined ? {} : { credentials: { authorization: `Bearer ${accessToken}` } }),
    maxTries: 1,
    signal,
  });
  const json = jsonOf(reply, language);
  if (isRecord(json) && typeof json['session_id'] === 'string' && typeof json['user_id'] === 'string') {
    return json as unknown as NewSession;
  }
  throw errorOf(reply, language);
}
