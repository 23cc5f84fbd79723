import type { Language } from '@malbeot/protocol';
import type { Who } from '../../accounts/access.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Clock } from '../../lib/clock.ts';
import { isId, newId, type RandomBytes } from '../../lib/ids.ts';
import type { MenuStore } from './menu-store.ts';
import { newState } from './state.ts';
import type { KioskStore, SavedSession } from './store.ts';
import { createTurnLocks } from './turn-locks.ts';

export interface OpenedSession {
  readonly saved: SavedSession;
  /** Given to the screen with a new session; null for one that exists. */
  readonly token: string | null;
}

export interface SessionRequest {
  readonly sessionId: string | null;
  readonly kioskId: string | null;
  readonly language: Language | null;
  readonly who: Who;
}

/** Finds, begins and orders sessions. */
export interface KioskSessions {
  /**
   * The session asked for, or a new one, which is kept with its first turn.
   *
   * @throws {AppError} NOT_FOUND, SESSION_EXPIRED, or FORBIDDEN for a session of somebody else.
   */
  open(request: SessionRequest): Promise<OpenedSession>;
  /**
   * `opened` as it stands now: a turn before this one may have changed it.
   *
   * @throws {AppError} as {@link open}.
   */
  reopen(opened: OpenedSession, who: Who): Promise<OpenedSession>;
  /** Runs `work` when earlier turns of the session are over. */
  inOrder<T>(sessionId: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** When a session that was last used at `now` is over. */
  expiryFrom(now: number): number;
}

export interface KioskSessionsOptions {
  readonly store: KioskStore;
  readonly menus: MenuStore;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly idleMs: number;
  readonly signSessionToken: (sessionId: string) => Promise<string>;
  /** @throws {AppError} FORBIDDEN when `who` may not use this session. */
  readonly authorizeSession: (
    session: { readonly sessionId: string; readonly kioskId: string | null },
    who: Who,
  ) => void;
}

export function createKioskSessions(options: KioskSessionsOptions): KioskSessions {
  const { store, menus, clock, random, idleMs, signSessionToken, authorizeSession } = options;
  const locks = createTurnLocks();

  async function begin({ kioskId, language, who }: SessionRequest): Promise<OpenedSession> {
    const now = clock.now();
    const { menu } = await menus.current();
    const sessionId = newId('ses', random);
    const saved: SavedSession = {
      sessionId,
      kioskId: who.kind === 'device' ? who.kioskId : kioskId,
      state: newState(language ?? 'ko', menu.version, now),
      version: 0,
      createdAt: now,
      expiresAt: now + idleMs,
    };
    return { saved, token: await signSessionToken(sessionId) };
  }

  async function find(sessionId: string, who: Who): Promise<SavedSession> {
    const saved = isId('ses', sessionId) ? await store.load(sessionId) : null;
    if (saved === null) {
      throw new AppError('NOT_FOUND', {
        detail: 'There is no session with this session_id. Leave it out to begin a new one.',
      });
    }
    authorizeSession(saved, who);
    if (saved.expiresAt <= clock.now()) {
      throw new AppError('SESSION_EXPIRED', {
        detail: `The session is over: it was ended, or no turn came for ${Math.round(idleMs / 60_000)} minutes. Leave session_id out to begin a new one.`,
        // A device whose last answer was lost has no other way to learn whether its turn was taken.
        fields: { turns: saved.state.turns, order_id: saved.state.order.orderId },
      });
    }
    return saved;
  }

  return {
    async open(request) {
      const { who } = request;
      // A token stands for its one session and begins no other.
      const sessionId = request.sessionId ?? (who.kind === 'session' ? who.sessionId : null);
      return sessionId === null ? begin(request) : { saved: await find(sessionId, who), token: null };
    },
    async reopen(opened, who) {
      const { saved, token } = opened;
      return saved.version === 0 ? opened : { saved: await find(saved.sessionId, who), token };
    },
    inOrder: (sessionId, signal, work) => locks.run(sessionId, signal, work),
    expiryFrom: (now) => now + idleMs,
  };
}
