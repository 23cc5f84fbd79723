import type { ServerResponse } from '@malbeot/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { forgetSession, keepSession, readKeptSession } from './kept-session.ts';

const answer = (sessionId: string, token?: string, code?: string) =>
  ({
    session_id: sessionId,
    meta: token === undefined ? {} : { session_token: token },
    error_info: code === undefined ? null : { details: { code } },
  }) as unknown as ServerResponse;

describe('the session that a tab keeps', () => {
  afterEach(forgetSession);

  it('has its token from its first answer on, and no other’s', () => {
    expect(readKeptSession()).toBeNull();
    keepSession(answer('ses_1', 'tok_1'));
    keepSession(answer('ses_1'));
    expect(readKeptSession()).toEqual({ sessionId: 'ses_1', sessionToken: 'tok_1' });
    keepSession(answer('ses_2'));
    expect(readKeptSession()).toEqual({ sessionId: 'ses_2', sessionToken: null });
  });

  it('is forgotten when it is over', () => {
    keepSession(answer('ses_1', 'tok_1'));
    keepSession(answer('ses_1', undefined, 'SESSION_EXPIRED'));
    expect(readKeptSession()).toBeNull();
  });

  it('is none where something else was kept', () => {
    sessionStorage.setItem('malbeot.kiosk-session', '{"sessionId":7');
    expect(readKeptSession()).toBeNull();
  });
});
