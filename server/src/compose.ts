import type { ExperienceId, ExperienceList } from '@malbeot/protocol';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accountMigrations } from './accounts/migrations.ts';
import { createAccounts, type Accounts } from './accounts/accounts.ts';
import { authorizeOwned } from './accounts/authorize.ts';
import { buildApp, type App } from './app.ts';
import { decodeUtterance } from './audio/utterance.ts';
import { healthParts } from './compose/health-parts.ts';
import { openMinds, type Minds } from './compose/minds.ts';
import { openSpeech, type Speech } from './compose/speech.ts';
import type { Config } from './config/config.ts';
import type { Experience } from './experiences/experience.ts';
import { createKiosk, kioskMigrations } from './experiences/kiosk/kiosk.ts';
import { createSimulator } from './experiences/kiosk/payments/simulator.ts';
import type { TlsFiles } from './http/node-server.ts';
import { voiceFileRoutes } from './http/voice-file-routes.ts';
import { createHub } from './hub/memory-hub.ts';
import type { Hub } from './hub/hub.ts';
import { createDatabaseJobs } from './jobs/database-jobs.ts';
import { jobMigrations } from './jobs/migrations.ts';
import { systemClock } from './lib/clock.ts';
import { systemRandom } from './lib/ids.ts';
import { createDatabaseIdempotency } from './limits/database-idempotency.ts';
import { createMemoryRateLimits } from './limits/memory-rate-limits.ts';
import { limitMigrations } from './limits/migrations.ts';
import { createHealth } from './operations/health.ts';
import { createRetention } from './operations/retention.ts';
import type { Database } from './storage/database.ts';
import { createFileStore } from './storage/file-store.ts';
import type { Migration } from './storage/migration.ts';
import { parseLocation } from './storage/location.ts';
import { createMigrator, type MigrationState, type Migrator } from './storage/migrator.ts';
import { openDatabase } from './storage/open-database.ts';
import { silentLogger, type Logger } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { recordTurn } from './telemetry/record-turn.ts';
import { createVoiceFiles } from './voice-files/create-voice-files.ts';
import { voiceFileMigrations } from './voice-files/tables.ts';
import type { VoiceFiles } from './voice-files/voice-files.ts';

const clock = systemClock;
const random = systemRandom;
const MINUTE_MS = 60_000;

/** Where the repository's own files lie, seen from `src` and from `dist` alike. */
const fromServer = (file: string) => fileURLToPath(new URL(`../${file}`, import.meta.url));

/** All rooms' tables, in the order in which rooms build on each other. */
export const migrations: readonly Migration[] = [
  ...accountMigrations,
  ...limitMigrations,
  ...jobMigrations,
  ...voiceFileMigrations,
  ...kioskMigrations,
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

/** Ears and voice, each call counted. */
export function openCountedSpeech(config: Config, log: Logger, metrics?: Metrics): Speech {
  return openSpeech({
    parts: config.parts,
    log,
    clock,
    onAttempt: (kind, { provider, outcome, durationMs }) =>
      metrics?.providerCall({
        kind,
        provider,
        outcome: outcome === 'succeeded' ? 'ok' : outcome,
        durationMs,
      }),
  });
}

/** Minds, each call counted. */
export function openCountedMinds({ parts, minds }: Config, log: Logger, metrics?: Metrics): Minds {
  return openMinds({
    parts,
    minds,
    log,
    clock,
    onAttempt: ({ provider, outcome, durationMs }) =>
      metrics?.providerCall({
        kind: 'llm',
        provider,
        outcome: outcome === 'succeeded' ? 'ok' : outcome,
        durationMs,
      }),
  });
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
  const speech = openCountedSpeech(config, log, metrics);
  const minds = openCountedMinds(config, log, metrics);
  const hub = createHub({ clock, random });
  const jobs = createDatabaseJobs({ database, clock, random, log });
  const idempotency = createDatabaseIdempotency({ database, clock });
  const voiceFiles = openVoiceFiles(config, { database, speech, log, metrics });
  const kiosk = openKiosk(config, {
    database,
    accounts,
    speech,
    minds,
    voiceFiles,
    hub,
    log,
    metrics,
  });
  const experiences: readonly Experience[] = [kiosk.experience];
  const health = createHealth({
    version,
    clock,
    parts: healthParts({ config, database, jobs, speech, minds }),
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

  const app = await buildApp({
    settings: {
      version,
      profile: config.profile,
      trustProxy: config.server.trustProxy,
      corsOrigins: config.server.corsOrigins,
      assetOrigin: config.server.assetBaseUrl === null ? null : new URL(config.server.assetBaseUrl).origin,
      rateLimits: config.limits.enabled ? config.limits : null,
      tls,
      webFolder: fromServer('../web/dist'),
      pagePaths: ['/staff', '/sign-in'],
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
    routes: voiceFileRoutes({ voiceFiles }),
    experiences,
    clock,
  });

  // Off the way of the start: until it is found, the rules are on their own.
  void minds.find(stopping.signal);

  const retention = createRetention([
    {
      name: 'voices',
      keeps: '1 hour',
      everyMs: 5 * MINUTE_MS,
      run: async (signal) => ({ ...(await voiceFiles.sweep(signal)) }),
    },
    {
      name: 'kiosk-sessions',
      keeps: days(config.retention.sessionsMs),
      everyMs: 10 * MINUTE_MS,
      run: kiosk.sweep,
    },
    {
      name: 'idempotency-keys',
      keeps: '10 minutes',
      everyMs: 5 * MINUTE_MS,
      run: async (signal) => ({ keys: await idempotency.sweep(signal) }),
    },
    {
      name: 'sign-ins',
      keeps: '30 days',
      everyMs: 60 * MINUTE_MS,
      run: async (signal) => ({ rows: await accounts.sweep(signal) }),
    },
    {
      name: 'jobs',
      keeps: days(config.retention.jobsMs),
      everyMs: 60 * MINUTE_MS,
      run: async (signal) => ({ jobs: await jobs.sweep(clock.now() - config.retention.jobsMs, signal) }),
    },
    ...(logFolder === null ? [] : [logSweep(logFolder, config.retention.logsMs)]),
  ]);

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
      await voiceFiles.close();
      await Promise.all([speech.close(), minds.close()]);
      await database.close();
      metrics.close();
    },
  };
}

interface Rooms {
  readonly database: Database;
  readonly speech: Speech;
  readonly log: Logger;
  readonly metrics: Metrics;
}

function openVoiceFiles(config: Config, { database, speech, log }: Rooms): VoiceFiles {
  return createVoiceFiles({
    database,
    files: createFileStore(join(config.data.folder, 'voices'), { durable: false }),
    voice: speech.voice,
    expectedSource: () => {
      const current = speech.voiceProviders.find(
        (provider) => provider.info.id === speech.voiceChain?.status().current,
      );
      return current === undefined ? null : { provider: current.info.id, revision: current.revision };
    },
    clock,
    random,
    log,
    maxCacheBytes: config.voice.cacheBytes,
  });
}

function openKiosk(
  config: Config,
  rooms: Rooms & {
    readonly accounts: Accounts;
    readonly minds: Minds;
    readonly voiceFiles: VoiceFiles;
    readonly hub: Hub;
  },
) {
  const { database, accounts, speech, minds, voiceFiles, hub, log, metrics } = rooms;
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
    decodeUtterance,
    signSessionToken: accounts.issueSessionToken,
    // The route let this caller in; who carries no credentials of a kiosk got in only at home.
    authorizeSession: (session, who) =>
      authorizeOwned({ kind: 'session', ...session }, who, { profile: 'local', loopback: true }),
    menuPath: fromServer('assets/kiosk-menu.json'),
    terminal: config.kiosk.terminal === 'simulator' ? simulator : null,
    formerTerminals: [simulator],
    settings: { sessionIdleMs: config.kiosk.sessionIdleMs, keepSessionsMs: config.retention.sessionsMs },
    recordTurn: (record, span) => recordTurn(log, metrics, record, span),
  });
}

/** The five, with their true state here. */
function experienceList(experiences: readonly Experience[]): ExperienceList {
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

function logSweep(folder: string, keepMs: number) {
  const files = createFileStore(folder, { durable: false });
  return {
    name: 'logs',
    keeps: days(keepMs),
    everyMs: 6 * 60 * MINUTE_MS,
    async run(signal: AbortSignal) {
      let deleted = 0;
      for await (const { name, modifiedAt } of files.list()) {
        if (signal.aborted) break;
        if (clock.now() - modifiedAt > keepMs && (await files.delete(name))) deleted++;
      }
      return { files: deleted };
    },
  };
}

function days(ms: number): string {
  return `${Math.round(ms / 86_400_000)} days`;
}
