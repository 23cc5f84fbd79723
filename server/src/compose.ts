import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { accountMigrations } from './accounts/migrations.ts';
import { createAccounts, type Accounts } from './accounts/accounts.ts';
import { buildApp, type App } from './app.ts';
import { experienceList, openCompanion, openKiosk } from './compose/experiences.ts';
import { healthParts } from './compose/health-parts.ts';
import { openMinds, type Minds } from './compose/minds.ts';
import { openPictures, type Pictures } from './compose/pictures.ts';
import { sweeps } from './compose/sweeps.ts';
import { openSpeechDoors } from './compose/speech-doors.ts';
import { openSpeech, type ChainWatch, type Speech } from './compose/speech.ts';
import { openTalk } from './compose/talk.ts';
import { openTurnEnd } from './compose/turn-end-parts.ts';
import { openVad } from './compose/vad-parts.ts';
import type { Config } from './config/config.ts';
import type { Experience } from './experiences/experience.ts';
import { companionMigrations } from './experiences/companion/migrations.ts';
import { kioskMigrations } from './experiences/kiosk/kiosk.ts';
import type { TlsFiles } from './http/node-server.ts';
import { createHub } from './hub/memory-hub.ts';
import { createDatabaseJobs } from './jobs/database-jobs.ts';
import { jobMigrations } from './jobs/migrations.ts';
import { systemClock } from './lib/clock.ts';
import { systemRandom } from './lib/ids.ts';
import { createDatabaseIdempotency } from './limits/database-idempotency.ts';
import { createDatabaseProviderState } from './limits/database-provider-state.ts';
import { createMemoryRateLimits } from './limits/memory-rate-limits.ts';
import { limitMigrations } from './limits/migrations.ts';
import { providerStateMigrations } from './limits/provider-state-migrations.ts';
import { createHealth } from './operations/health.ts';
import { createRetention } from './operations/retention.ts';
import type { ChainStatus } from './providers/chain/member-status.ts';
import { createSharedState, type SharedState } from './providers/chain/shared-state.ts';
import { customVoiceMigrations } from './speech/custom-voice-tables.ts';
import type { Database } from './storage/database.ts';
import type { Migration } from './storage/migration.ts';
import { parseLocation } from './storage/location.ts';
import { createMigrator, type MigrationState, type Migrator } from './storage/migrator.ts';
import { openDatabase } from './storage/open-database.ts';
import { silentLogger, type Logger } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { recordTurn } from './telemetry/record-turn.ts';
import { voiceFileMigrations } from './voice-files/tables.ts';

const clock = systemClock;
const random = systemRandom;

/** Where the repository's own files lie, seen from `src` and from `dist` alike. */
const fromServer = (file: string) => fileURLToPath(new URL(`../${file}`, import.meta.url));

/** All rooms' tables, in the order in which rooms build on each other. */
export const migrations: readonly Migration[] = [
  ...accountMigrations,
  ...limitMigrations,
  ...jobMigrations,
  ...voiceFileMigrations,
  ...providerStateMigrations,
  ...customVoiceMigrations,
  ...kioskMigrations,
  ...companionMigrations,
];

export interface OpenStore {
  readonly database: Database;
  readonly migrator: Migrator;
}

/** Opens the configured database, with its migrations ready to run. */
export async function openStore(config: Config, log: Logger, metrics?: Metrics): Promise<OpenStore> {
  const database = await openDatabase(config.database.location, {
    clock,
    random,
    log,
    ...(metrics === undefined ? {} : { onQuery: metrics.query, onWriteWait: metrics.writeWait }),
  });
  return { database, migrator: createMigrator({ database, migrations, clock, log }) };
}

/**
 * The state of every migration, for those who only look: a SQLite file that is not there yet is not made, and all of it is
 * pending.
 */
export async function migrationStates(config: Config): Promise<readonly MigrationState[]> {
  const at = parseLocation(config.database.location);
  const isAbsent = at.dialect === 'sqlite' && !existsSync(at.path);
  const location = isAbsent ? 'sqlite::memory:' : config.database.location;
  const { database, migrator } = await openStore(
    { ...config, database: { ...config.database, location } },
    silentLogger,
  );
  try {
    return await migrator.status();
  } finally {
    await database.close();
  }
}

/** The accounts over an open database. */
export function openAccounts(config: Config, database: Database, log: Logger): Accounts {
  const { signing: secret, apiKeys: configuredApiKeys } = config.secrets;
  return createAccounts({ database, clock, random, secret, configuredApiKeys, log });
}

/** What is measured of the chain of `kind`. */
function watchChain(kind: 'stt' | 'tts' | 'llm', metrics: Metrics | undefined): ChainWatch {
  return {
    onAttempt: ({ provider, outcome, durationMs }) =>
      metrics?.providerCall({
        kind,
        provider,
        outcome: outcome === 'succeeded' ? 'ok' : outcome,
        durationMs,
      }),
    onSkip: ({ provider, reason }) => metrics?.providerSkipped(kind, provider, reason),
    onTakeover: ({ from, to }) => metrics?.providerTakenOver(kind, from, to),
  };
}

interface ChainSurroundings {
  readonly log: Logger;
  readonly metrics?: Metrics;
  readonly shared?: SharedState;
}

/** Ears and voice, each call counted. */
export function openCountedSpeech(settings: Config, { log, metrics, shared }: ChainSurroundings): Speech {
  return openSpeech({
    settings,
    log,
    clock,
    watch: (kind) => watchChain(kind, metrics),
    ...(shared === undefined ? {} : { shared }),
  });
}

/** Minds, each call counted. */
export function openCountedMinds(
  { parts, minds }: Config,
  { log, metrics, shared }: ChainSurroundings,
): Minds {
  return openMinds({
    parts,
    minds,
    log,
    clock,
    watch: watchChain('llm', metrics),
    ...(shared === undefined ? {} : { shared }),
  });
}

/** What draws here, set up by `config`. */
export function openConfiguredPictures(config: Config): Pictures {
  return openPictures(config, clock);
}

/** A server, ready to listen. */
export interface House {
  readonly app: App;
  readonly accounts: Accounts;
  /** Runs jobs and schedules until `signal` aborts. */
  work(signal: AbortSignal): Promise<void>;
  /** Finishes requests within `graceMs`, then ends children and connections. */
  close(graceMs: number): Promise<void>;
}

export interface ComposeOptions {
  readonly config: Config;
  readonly version: string;
  readonly log: Logger;
  readonly tls: TlsFiles | null;
  /** Folder of daily log files to sweep, or null where the log goes to standard output. */
  readonly logFolder: string | null;
}

/**
 * Puts the server together: the one place that picks database, children, providers and experiences.
 *
 * @throws {DatabaseUnreachableError} and {@link MigrationError} with what to do.
 */
export async function composeHouse({ config, version, log, tls, logFolder }: ComposeOptions): Promise<House> {
  const metrics = createMetrics();
  const { database, migrator } = await openStore(config, log, metrics);
  await migrator.forward();
  const stopping = new AbortController();
  const accounts = openAccounts(config, database, log);
  const shared = createSharedState({
    store: createDatabaseProviderState({ database }),
    clock,
    logger: log,
  });
  await shared.refresh(stopping.signal);
  const speech = openCountedSpeech(config, { log, metrics, shared });
  const minds = openCountedMinds(config, { log, metrics, shared });
  const pictures = openConfiguredPictures(config);
  metrics.providerStandings(() => [
    ...standings('stt', speech.earChain),
    ...standings('tts', speech.voiceChain),
    ...standings('llm', minds.chain),
  ]);
  const hub = createHub({ clock, random });
  const jobs = createDatabaseJobs({ database, clock, random, log });
  const idempotency = createDatabaseIdempotency({ database, clock });
  const doors = openSpeechDoors({
    config,
    database,
    speech,
    clock,
    random,
    log,
    recordTurn: (record, span) => recordTurn(log, metrics, record, span),
  });
  const { voiceFiles } = doors;
  const onSessionEnded = (sessionId: string) => void app.endTalk(sessionId);
  const kiosk = openKiosk(config, {
    database,
    clock,
    random,
    accounts,
    speech,
    minds,
    voiceFiles,
    hub,
    log,
    metrics,
    onSessionEnded,
  });
  const companion = openCompanion(config, {
    database,
    clock,
    random,
    accounts,
    speech,
    minds,
    doors,
    log,
    metrics,
    onSessionEnded,
  });
  const vad = openVad({ log, clock });
  const turnEnd = openTurnEnd({ config, log, clock });
  const experiences: readonly Experience[] = [kiosk.experience, companion.experience];
  const health = createHealth({
    version,
    clock,
    parts: healthParts({ config, database, jobs, speech, minds, pictures, turnEnd }),
    signal: stopping.signal,
  });
  const hubStats = () => hub.stats();
  metrics.gauge('malbeot_hub_connections', 'Readers of realtime events.', () => hubStats().connections);
  metrics.total('malbeot_hub_events_total', 'Realtime events published.', () => hubStats().published);
  metrics.total(
    'malbeot_hub_dropped_total',
    'Readers dropped because they were too slow.',
    () => hubStats().dropped,
  );

  const app: App = await buildApp({
    settings: {
      version,
      profile: config.profile,
      trustProxy: config.server.trustProxy,
      corsOrigins: config.server.corsOrigins,
      assetOrigin: config.server.assetBaseUrl === null ? null : new URL(config.server.assetBaseUrl).origin,
      rateLimits: config.limits.enabled ? config.limits : null,
      tls,
      webFolder: fromServer('../web/dist'),
      pagePaths: ['/voices', '/staff', '/sign-in'],
    },
    log,
    metrics,
    access: { authenticate: accounts.authenticate, authorize: accounts.authorize },
    auth: accounts,
    platform: {
      health,
      ready: async () => (await health('en')).status !== 'down',
      experiences: () => experienceList(experiences),
    },
    hub,
    rateLimitStore: createMemoryRateLimits(),
    idempotency,
    routes: doors.routes,
    experiences,
    talk: {
      ...openTalk({ speech, vad: vad.detector, turnEnds: turnEnd.detector, clock, random, log, metrics }),
      limits: config.talk,
    },
    clock,
  });

  // Off the way of the start: until it is found, the rules are on their own.
  void minds.find(stopping.signal);
  if (config.speech.preload) {
    void speech.preload(stopping.signal);
    void vad.preload(stopping.signal);
    void turnEnd.preload(stopping.signal);
  }

  const retention = createRetention(
    sweeps({ config, clock, accounts, idempotency, jobs, kiosk, companion, doors, logFolder }),
  );

  return {
    app,
    accounts,
    async work(signal) {
      await Promise.all([
        jobs.work(retention.handlers, retention.schedules, signal),
        kiosk.lookAfterPayments(signal),
      ]);
    },
    async close(graceMs) {
      await app.close(graceMs);
      stopping.abort(new Error('The server stops.'));
      await kiosk.close();
      await doors.close();
      await Promise.all([speech.close(), minds.close(), pictures.close(), vad.close(), turnEnd.close()]);
      await shared.close();
      await database.close();
      metrics.close();
    },
  };
}

/** How a chain's members stand, for the metrics. */
function standings(kind: 'stt' | 'tts' | 'llm', chain: { status(): ChainStatus } | null) {
  return (chain?.status().providers ?? []).map((member) => ({ ...member, kind, provider: member.id }));
}
