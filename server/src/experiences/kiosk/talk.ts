import type { Language, ServerResponse } from '@malbeot/protocol';
import type { Dialogue, Said, ScreenAction } from '../../conversation/dialogue.ts';
import type { Talk } from '../../conversation/ports.ts';
import type { Who } from '../../accounts/access.ts';
import type { Answer, ShowLate, TalkSource } from '../experience.ts';
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
        ...createKioskTalk({ sessionId, language: saved.state.language, process, turnLimitMs }),
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

/** The last answer, and what was said of it. */
interface Answered {
  readonly response: ServerResponse;
  readonly words: string | null;
}

function createKioskTalk({ sessionId, language, process, turnLimitMs }: KioskTalkOptions): {
  readonly talk: Talk;
  readonly onLive: (show: ShowLate) => () => void;
} {
  let spoken: Language = language;
  let last: Answered | null = null;
  let showLate: ShowLate = () => {};

  /** A turn at the counter has effects: who speaks on does not undo it half-way. */
  async function take(text: string, turnId: string, unheard: Answered | null): Promise<Answered> {
    let words: string | null = null;
    const turn: KioskTurnInput = {
      input: { type: 'text', text },
      sessionId,
      kioskId: null,
      language: null,
      errorLanguage: spoken,
      idempotencyKey: turnId,
      // Who did not hear a read-back agreed to nothing of it: their words count as older than it.
      ageMs: unheard === null ? 0 : Infinity,
      requestId: turnId,
      who: { kind: 'session', sessionId },
      speak: (said) => (words = said),
    };
    const response = responseOf(await process(turn, AbortSignal.timeout(turnLimitMs)));
    for (const action of response.ui_actions)
      if (action.action_type === 'set_language') spoken = action.data.language;
    // What failed is said too: who has no hands free may have no eyes on the screen. Nothing else is left unsaid but a read-back
    // that sounds already, and that was cut off.
    return { response, words: words ?? (response.success ? (unheard?.words ?? null) : response.message) };
  }

  const dialogue: Dialogue = {
    mind: 'kiosk',
    async *respond(heard, { turnId, history = [] }, signal) {
      const answered = await take(heard.text, turnId, isUnheardReadBack(last, history) ? last : null);
      const { response, words } = answered;
      last = answered;
      const action = toAction(response);
      let isShown = false;
      try {
        if (signal.aborted) return;
        yield { type: 'action', action };
        isShown = true;
        if (words !== null) yield { type: 'text-delta', text: words };
      } finally {
        // It is done, whoever spoke over it; the screen shows what stands now, not what stood.
        if (!isShown) showLate(turnId, action);
      }
    },
  };
  return {
    talk: {
      experience: 'kiosk',
      dialogue,
      mayBeginEarly: false,
      language: () => spoken,
      // Every turn is kept where it is done.
      keep: () => Promise.resolve(),
    },
    onLive(show) {
      showLate = show;
      return () => (showLate = () => {});
    },
  };
}

const toAction = (response: ServerResponse): ScreenAction => ({
  type: 'kiosk_turn',
  data: { ...response },
});

/** True when an order was read back, for a yes to place it, and the customer cut that off. */
function isUnheardReadBack(last: Answered | null, history: readonly Said[]): boolean {
  return last?.response.order_data?.requires_confirmation === true && !wasHeard(last, history);
}

/** True when all but the end of the last sentence was heard: the question after the order may be answered before it is asked. */
function wasHeard({ words }: Answered, history: readonly Said[]): boolean {
  if (words === null) return true;
  const since = history.slice(history.findLastIndex(({ role }) => role === 'user') + 1);
  // A reply that went on after a cough is kept in pieces.
  const heard = plain(since.map(({ text }) => text).join(' '));
  const all = plain(words);
  return all.startsWith(heard) && !/[.!?]\s+\S/.test(all.slice(heard.length));
}

const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

function responseOf({ body }: Answer): ServerResponse {
  if (body.type !== 'json') throw new TypeError('A turn of the kiosk is answered in JSON.');
  return body.value as ServerResponse;
}
