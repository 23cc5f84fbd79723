import type { ExperienceId, ExperienceList } from '@malbeot/protocol';
import { fileURLToPath } from 'node:url';
import type { Accounts } from '../accounts/accounts.ts';
import { authorizeOwned } from '../accounts/authorize.ts';
import { readUtterance } from '../audio/utterance.ts';
import type { Config } from '../config/config.ts';
import { createCompanion, type Companion } from '../experiences/companion/companion.ts';
import type { Experience } from '../experiences/experience.ts';
import { createKiosk, type Kiosk } from '../experiences/kiosk/kiosk.ts';
import { createSimulator } from '../experiences/kiosk/payments/simulator.ts';
import type { Hub } from '../hub/hub.ts';
import type { Clock } from '../lib/clock.ts';
import type { RandomBytes } from '../lib/ids.ts';
import { systemTimers } from '../lib/timers.ts';
import type { Database } from '../storage/database.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { recordTurn } from '../telemetry/record-turn.ts';
import type { VoiceFiles } from '../voice-files/voice-files.ts';
import type { Minds } from './minds.ts';
import type { SpeechDoors } from './speech-doors.ts';
import type { Speech } from './speech.ts';

/** The menu of version 1, seen from `src` and from `dist` alike. */
const MENU_PATH = fileURLToPath(new URL('../../assets/kiosk-menu.json', import.meta.url));

/** What every experience is built on. */
interface Rooms {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly speech: Speech;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** The kiosk, set up by `config`. */
export function openKiosk(
  config: Config,
  rooms: Rooms & {
    readonly accounts: Accounts;
    readonly minds: Minds;
    readonly voiceFiles: VoiceFiles;
    readonly hub: Hub;
    readonly onSessionEnded: (sessionId: string) => void;
  },
): Kiosk {
  const { database, clock, random, accounts, speech, minds, voiceFiles, hub, log, metrics, onSessionEnded } =
    rooms;
  const simulator = createSimulator();
  return createKiosk({
    database,
    clock,
    random,
    log,
    ears: speech.ears,
    llm: minds.chain,
    voiceFiles,
    hub,
    readUtterance,
    signSessionToken: accounts.issueSessionToken,
    // The route let this caller in; who carries no credentials of a kiosk got in only at home.
    authorizeSession: (session, who) =>
      authorizeOwned({ kind: 'session', ...session }, who, { profile: 'local', loopback: true }),
    onSessionEnded,
    menuPath: MENU_PATH,
    terminal: config.kiosk.terminal === 'simulator' ? simulator : null,
    formerTerminals: [simulator],
    settings: { sessionIdleMs: config.kiosk.sessionIdleMs, keepSessionsMs: config.retention.sessionsMs },
    recordTurn: (record, span) => recordTurn(log, metrics, record, span),
  });
}

/** The companion, set up by `config`. */
export function openCompanion(
  config: Config,
  rooms: Rooms & {
    readonly accounts: Accounts;
    readonly minds: Minds;
    readonly doors: SpeechDoors;
    readonly onSessionEnded: (sessionId: string) => void;
  },
): Companion {
  const { database, clock, random, accounts, speech, minds, doors, log, metrics, onSessionEnded } = rooms;
  return createCompanion({
    database,
    clock,
    timers: systemTimers,
    random,
    log,
    ears: speech.ears,
    hearing: doors.hearing,
    voiceFiles: doors.voiceFiles,
    llm: minds.chain,
    issueSessionToken: accounts.issueSessionToken,
    // The route let this caller in; who carries no credentials got in only at home.
    authorizeConversation: (owner, who) =>
      authorizeOwned({ kind: 'conversation', ...owner }, who, { profile: 'local', loopback: true }),
    onSessionEnded,
    settings: { sessionIdleMs: config.talk.companionIdleMs, keepSessionsMs: config.retention.sessionsMs },
    recordTurn: (record, span) => recordTurn(log, metrics, record, span),
  });
}

/** The five, with their true state here. */
export function experienceList(experiences: readonly Experience[]): ExperienceList {
  const all: readonly ExperienceId[] = ['kiosk', 'desk', 'storybook', 'fortune', 'companion'];
  return {
    experiences: all.map((id) => {
      const found = experiences.find((experience) => experience.id === id);
      return found === undefined
        ? { id, state: 'planned', path: null }
        : { id, state: 'ready', path: found.path };
    }),
  };
}
