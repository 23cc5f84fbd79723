import type { Who } from '../../accounts/access.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Clock } from '../../lib/clock.ts';
import { newId, type RandomBytes } from '../../lib/ids.ts';
import type { SpeechToText } from '../../providers/spec/stt.ts';
import type { Database } from '../../storage/database.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { TurnRecord } from '../../telemetry/record-turn.ts';
import type { TurnSpan } from '../../telemetry/turn-span.ts';
import type { VoiceFiles } from '../../voice-files/voice-files.ts';
import type { Experience } from '../experience.ts';
import { createKioskDialogue } from './dialogue.ts';
import type { Menu } from './menu.ts';
import { createMenuStore } from './menu-store.ts';
import { kioskMigrations } from './migrations.ts';
import { registerKioskRoutes } from './routes.ts';
import { createKioskSessions } from './sessions.ts';
import { createKioskStore } from './store.ts';
import { createKioskTurns, type DecodedSound } from './turns.ts';

export interface KioskOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Logger;
  readonly ears: SpeechToText;
  readonly voiceFiles: Pick<VoiceFiles, 'start'>;
  readonly hub: Pick<Hub, 'publish'>;
  /** Makes an uploaded WAV ready for the ears. Throws AppError AUDIO_NOT_WAV or AUDIO_UNREADABLE. */
  readonly decodeUtterance: (bytes: Uint8Array) => DecodedSound;
  readonly signSessionToken: (sessionId: string) => Promise<string>;
  /** Throws AppError FORBIDDEN when `who`, whom the route let in, may not use this session. */
  readonly authorizeSession: (
    session: { readonly sessionId: string; readonly kioskId: string | null },
    who: Who,
  ) => void;
  /** The menu of version 1. */
  readonly menuPath: string;
  readonly settings: {
    /** A session without a turn for this long is over. */
    readonly sessionIdleMs: number;
    /** How long ended sessions are kept. */
    readonly keepSessionsMs: number;
  };
  readonly recordTurn: (record: TurnRecord, span: TurnSpan) => void;
}

/** The kiosk as the composition root takes it. */
export interface Kiosk {
  readonly experience: Experience;
  /** Deletes sessions that ended long ago; answers how many. */
  sweep(signal: AbortSignal): Promise<Readonly<Record<string, number>>>;
}

/** Puts the kiosk together: menu, sessions, dialogue, turns and routes. */
export function createKiosk(options: KioskOptions): Kiosk {
  const { database, clock, random, log, menuPath, settings, hub, authorizeSession } = options;
  const store = createKioskStore({ database, clock });
  const menus = createMenuStore({ database, clock, log, menuPath });
  const sessions = createKioskSessions({
    store,
    menus,
    clock,
    random,
    idleMs: settings.sessionIdleMs,
    signSessionToken: options.signSessionToken,
    authorizeSession,
  });
  const newOrderId = () => newId('ord', random);
  const dialogueOver = (menu: Menu) => createKioskDialogue({ menu: () => menu, clock, newOrderId });
  const process = createKioskTurns({ ...options, store, sessions, menus, dialogueOver });
  return {
    experience: {
      id: 'kiosk',
      path: '/kiosk',
      migrations: kioskMigrations,
      register: (scope) =>
        registerKioskRoutes(scope, {
          process,
          sessions,
          store,
          menus,
          hub,
          clock,
          authorizeOrder: authorizeSession,
        }),
    },
    sweep: async (signal) => ({ sessions: await store.sweep(clock.now() - settings.keepSessionsMs, signal) }),
  };
}

export { kioskMigrations };
