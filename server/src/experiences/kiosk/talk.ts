import type { Language, ServerResponse } from '@malbeot/protocol';
import type { Dialogue } from '../../conversation/dialogue.ts';
import type { Talk } from '../../conversation/ports.ts';
import type { Who } from '../../accounts/access.ts';
import type { Answer, TalkSource } from '../experience.ts';
import type { KioskSessions } from './sessions.ts';
import type { KioskTurnInput } from './turn-course.ts';
import type { ProcessTurn } from './turns.ts';

/** First segment of `/ws/{user_id}/{session_id}` for a session of the kiosk: its customers have no names. */
export const KIOSK_TALK = 'kiosk';

export interface KioskTalksOptions {
  readonly sessions: Pick<KioskSessions, 'open'>;
  readonly process: ProcessTurn;
  /** How long a turn may take, the terminal included; 60,000 ms when absent. */
  readonly turnLimitMs?: number;
}

/** Lets customers talk with the kiosk hands-free: the same turns as by `POST /api/voice/process`, over the socket. */
export function createKioskTalks({ sessions, process, turnLimitMs = 60_000 }: KioskTalksOptions): TalkSource {
  return {
    owns: (userId) => userId === KIOSK_TALK,
    async open(_userId, sessionId) {
      // Whoever opens the socket proves to be the owner; from then on it speaks for its one session.
      const who: Who = { kind: 'session', sessionId };
      const { saved } = await sessions.open({ sessionId, kioskId: null, language: null, who });
      return {
        talk: createKioskTalk({ sessionId, language: saved.state.language, process, turnLimitMs }),
        userId: KIOSK_TALK,
        sessionId,
        language: saved.state.language,
        state: null,
        history: [],
        owner: { kind: 'session', sessionId, kioskId: saved.kioskId },
      };
    },
  };
}

interface KioskTalkOptions {
  readonly sessionId: string;
  readonly language: Language;
  readonly process: ProcessTurn;
  readonly turnLimitMs: number;
}

function createKioskTalk({ sessionId, language, process, turnLimitMs }: KioskTalkOptions): Talk {
  let spoken: Language = language;
  const dialogue: Dialogue = {
    mind: 'kiosk',
    async *respond(heard, { turnId }) {
      let words: string | null = null;
      const turn: KioskTurnInput = {
        input: { type: 'text', text: heard.text },
        sessionId,
        kioskId: null,
        language: null,
        errorLanguage: spoken,
        idempotencyKey: turnId,
        ageMs: 0,
        requestId: turnId,
        who: { kind: 'session', sessionId },
        speak: (text) => (words = text),
      };
      // A turn at the counter has effects: who speaks on does not undo it half-way.
      const response = responseOf(await process(turn, AbortSignal.timeout(turnLimitMs)));
      for (const action of response.ui_actions)
        if (action.action_type === 'set_language') spoken = action.data.language;
      yield { type: 'action', action: { type: 'kiosk_turn', data: { ...response } } };
      // What failed is said too: who has no hands free may have no eyes on the screen.
      const said = words ?? (response.success ? null : response.message);
      if (said !== null) yield { type: 'text-delta', text: said };
    },
  };
  return {
    experience: 'kiosk',
    dialogue,
    mayBeginEarly: false,
    language: () => spoken,
    // Every turn is kept where it is done.
    keep: () => Promise.resolve(),
  };
}

function responseOf({ body }: Answer): ServerResponse {
  if (body.type !== 'json') throw new TypeError('A turn of the kiosk is answered in JSON.');
  return body.value as ServerResponse;
}
