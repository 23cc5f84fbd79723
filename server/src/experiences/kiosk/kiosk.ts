import type { Who } from '../../accounts/access.ts';
import type { Hub } from '../../hub/hub.ts';
import { delay, isAbort } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import { newId, type RandomBytes } from '../../lib/ids.ts';
import type { LanguageModel } from '../../providers/spec/llm.ts';
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
import type { Paying } from './payments/paying.ts';
import { createPayments, type Payments } from './payments/payments.ts';
import { registerPaymentRoutes } from './payments/routes.ts';
import type { PaymentTerminal } from './payments/terminal.ts';
import type { Sleep } from './payments/within.ts';
import { registerKioskRoutes } from './routes.ts';
import { createKioskSessions } from './sessions.ts';
import { createKioskStore } from './store.ts';
import { createKioskTalks } from './talk.ts';
import { createKioskTurns, type DecodedSound } from './turns.ts';
import { createModelReader } from './understanding/model/model-reader.ts';

/** How long a charge that has to be taken back waits for its next try at most beyond its time. */
const LOOK_AFTER_EVERY_MS = 15_000;

export interface KioskOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Logger;
  readonly ears: SpeechToText;
  /** Asked about what the rules are unsure of; null, or absent: the rules alone. */
  readonly llm?: LanguageModel | null;
  readonly voiceFiles: Pick<VoiceFiles, 'start'>;
  readonly hub: Pick<Hub, 'publish'>;
  /** Makes an uploaded WAV ready for the ears. Throws AppError AUDIO_NOT_WAV or AUDIO_UNREADABLE. */
  readonly readUtterance: (bytes: Uint8Array, signal: AbortSignal) => Promise<DecodedSound>;
  readonly signSessionToken: (sessionId: string) => Promise<string>;
  /** Throws AppError FORBIDDEN when `who`, whom the route let in, may not use this session. */
  readonly authorizeSession: (
    session: { readonly sessionId: string; readonly kioskId: string | null },
    who: Who,
  ) => void;
  /** The menu of version 1. */
  readonly menuPath: string;
  /** Where customers pay; null, or absent: at the desk only. */
  readonly terminal?: PaymentTerminal | null;
  /** Terminals that were in use before: what was begun on them can still be taken back. */
  readonly formerTerminals?: readonly PaymentTerminal[];
  /** How payments wait; the system's clock when absent. */
  readonly sleep?: Sleep;
  /** Told of a session that was ended over HTTP: whoever talks in it live can be let go. */
  readonly onSessionEnded?: (sessionId: string) => void;
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
  /**
   * Settles payments that a process left and charges that could not be taken back yet: at once, and then as they come, until
   * `signal` aborts. Several processes may do so over one database.
   */
  lookAfterPayments(signal: AbortSignal): Promise<void>;
  /** Stops waiting for the terminal. */
  close(): Promise<void>;
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
  const { terminal = null } = options;
  const payments = createPayments({ ...options, terminal, orders: store });
  const newOrderId = () => newId('ord', random);
  const model = options.llm == null ? null : createModelReader({ llm: options.llm });
  const dialogueOver = (menu: Menu, paying: Paying, arrivedAt: number) =>
    createKioskDialogue({ menu: () => menu, clock, newOrderId, paying, arrivedAt, model });
  const process = createKioskTurns({ ...options, store, sessions, menus, dialogueOver, payments });
  return {
    experience: {
      id: 'kiosk',
      path: '/kiosk',
      migrations: kioskMigrations,
      talks: createKioskTalks({ sessions, process }),
      register(scope) {
        const authorizeOrder = authorizeSession;
        const { onSessionEnded } = options;
        const rooms = { process, sessions, store, menus, hub, clock, payments };
        registerKioskRoutes(scope, { ...rooms, authorizeOrder, onSessionEnded });
        registerPaymentRoutes(scope, { ...options, store, payments, authorizeOrder });
      },
    },
    sweep: async (signal) => ({ sessions: await store.sweep(clock.now() - settings.keepSessionsMs, signal) }),
    lookAfterPayments: (signal) => lookAfter(payments, options.sleep ?? delay, log, signal),
    close: payments.close,
  };
}

async function lookAfter(
  payments: Pick<Payments, 'recover'>,
  sleep: Sleep,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  try {
    while (!signal.aborted) {
      await payments
        .recover(signal)
        .catch((error: unknown) => log.error({ err: error }, 'payments could not be looked after'));
      await sleep(LOOK_AFTER_EVERY_MS, signal);
    }
  } catch (error) {
    if (!isAbort(error)) throw error;
  }
}

export { kioskMigrations };
