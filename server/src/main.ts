import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runCli, type CliActions, type Flags } from './cli.ts';
import {
  composeHouse,
  migrationStates,
  openAccounts,
  openConfiguredPictures,
  openCountedMinds,
  openCountedSpeech,
  openStore,
  type House,
} from './compose.ts';
import type { Config } from './config/config.ts';
import { createLocalSecrets } from './config/local-secrets.ts';
import { loadConfig, type LoadedConfig } from './config/load.ts';
import { readSurroundings } from './config/surroundings.ts';
import { systemClock } from './lib/clock.ts';
import { systemRandom } from './lib/ids.ts';
import type { TlsFiles } from './http/node-server.ts';
import type { ModelsTerminal } from './models/models-terminal.ts';
import { findPortHolder } from './operations/port-holder.ts';
import { createLogger, type RootLogger } from './telemetry/pino-logger.ts';
import { silentLogger } from './telemetry/logger.ts';
import { formatMessage } from '@malbeot/protocol/messages';

const GRACE_MS = 20_000;
const surroundings = readSurroundings();
const { language } = surroundings;
const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Lines for the person at the terminal; the log is for machines. */
const say = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`${line}\n`);

function load(flags: Flags, { write }: { readonly write: boolean }): LoadedConfig {
  return loadConfig({
    ...surroundings,
    flags,
    localSecrets: createLocalSecrets({ random: systemRandom, write }),
  });
}

async function readVersion(): Promise<string> {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** On a terminal of the local profile the log goes to a file a day, so that people can read what is said to them. */
function logFolderOf(config: Config): string | null {
  return config.profile === 'local' && process.stdout.isTTY ? join(config.data.folder, 'logs') : null;
}

function openLog(config: Config, folder: string | null): RootLogger {
  const day = new Date().toISOString().slice(0, 10);
  const level = config.log.level === 'fatal' ? 'error' : config.log.level;
  return createLogger({
    level,
    ...(folder === null ? {} : { destination: join(folder, `malbeot-${day}.log`) }),
  });
}

/** Certificate files where they are there; where they were named and are not, the settings were refused before. */
function tlsOf({ tls: { certFile, keyFile, required } }: Config): TlsFiles | null {
  return required || (existsSync(certFile) && existsSync(keyFile)) ? { certFile, keyFile } : null;
}

/** Resolves with the first signal that asks the process to end. */
function toldToStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

async function serve(flags: Flags): Promise<number> {
  const { config, warnings } = load(flags, { write: true });
  for (const warning of warnings) complain(`! ${warning.told(language)}`);
  const logFolder = logFolderOf(config);
  const log = openLog(config, logFolder);
  const stop = toldToStop();
  const house = await composeHouse({
    config,
    version: await readVersion(),
    log,
    tls: tlsOf(config),
    logFolder,
  });
  try {
    const { url } = await listen(house, config);
    await greet(house, url, logFolder);
    const working = new AbortController();
    const work = house
      .work(working.signal)
      .catch((error: unknown) => log.error({ err: error }, 'jobs stopped'));
    log.info({ signal: await stop }, 'stopping');
    working.abort(new Error('The server stops.'));
    await house.close(GRACE_MS);
    await work;
    return 0;
  } catch (error) {
    await house.close(0);
    if (!(error instanceof PortTakenError)) throw error;
    complain(error.message);
    return 1;
  } finally {
    log.flush();
  }
}

/** Said to the person, not logged. */
class PortTakenError extends Error {}

async function listen({ app }: House, { server: { port, host } }: Config): Promise<{ url: string }> {
  try {
    return await app.listen({ port, host });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const holder = await findPortHolder(port);
    const values = {
      port: String(port),
      holder: holder === null ? '?' : `${holder.command} (${holder.pid})`,
    };
    throw new PortTakenError(formatMessage(language, 'serve.port_taken', values), { cause: error });
  }
}

async function greet({ accounts }: House, url: string, logFolder: string | null): Promise<void> {
  const shown = url.replace(/\/\/(127\.0\.0\.1|0\.0\.0\.0|\[::1?\])/, '//localhost');
  say(formatMessage(language, 'serve.ready', { url: shown }));
  const link = await accounts.openAdminLink();
  if (link !== null) {
    say(formatMessage(language, 'serve.admin_link', { url: `${shown}/sign-in?code=${link.code}` }));
  }
  if (logFolder !== null) say(formatMessage(language, 'serve.log', { folder: logFolder }));
}

/** Jobs alone, for machines that should do nothing else. */
async function worker(flags: Flags): Promise<number> {
  const { config } = load(flags, { write: true });
  const log = openLog(config, null);
  const stop = toldToStop();
  const house = await composeHouse({ config, version: await readVersion(), log, tls: null, logFolder: null });
  const working = new AbortController();
  const work = house.work(working.signal);
  say(formatMessage(language, 'worker.ready'));
  await Promise.race([stop, work]);
  working.abort(new Error('The worker stops.'));
  await work;
  await house.close(GRACE_MS);
  log.flush();
  return 0;
}

/** Runs `work` with the database open, and closes it. */
async function withStore<T>(
  flags: Flags,
  work: (store: Awaited<ReturnType<typeof openStore>>, config: Config) => Promise<T>,
): Promise<T> {
  const { config } = load(flags, { write: true });
  const store = await openStore(config, silentLogger);
  try {
    return await work(store, config);
  } finally {
    await store.database.close();
  }
}

async function withAccounts<T>(
  flags: Flags,
  work: (accounts: ReturnType<typeof openAccounts>) => Promise<T>,
): Promise<T> {
  return withStore(flags, async ({ database, migrator }, config) => {
    await migrator.forward();
    return work(openAccounts(config, database, silentLogger));
  });
}

async function doctor(flags: Flags) {
  const [{ runDoctor }, { doctorChecks }, { openVad }, { openTurnEnd }, { describeLocation }] =
    await Promise.all([
      import('./operations/doctor.ts'),
      import('./compose/doctor-checks.ts'),
      import('./compose/vad-parts.ts'),
      import('./compose/turn-end-parts.ts'),
      import('./storage/location.ts'),
    ]);
  const loaded = load(flags, { write: false });
  const speech = openCountedSpeech(loaded.config, { log: silentLogger });
  const minds = openCountedMinds(loaded.config, { log: silentLogger });
  const pictures = openConfiguredPictures(loaded.config);
  const vad = openVad({ log: silentLogger, clock: systemClock });
  const turnEnd = openTurnEnd({ config: loaded.config, log: silentLogger, clock: systemClock });
  const { signal } = new AbortController();
  try {
    await minds.find(signal);
    const checks = doctorChecks({
      loaded,
      databaseShown: describeLocation(loaded.config.database.location),
      migrations: () => migrationStates(loaded.config),
      speech,
      minds,
      pictures,
      vad,
      turnEnd,
    });
    return await runDoctor(checks, { signal });
  } finally {
    await Promise.all([speech.close(), minds.close(), pictures.close(), vad.close(), turnEnd.close()]);
  }
}

/** What a command about models works with: its settings, a signal that Ctrl+C ends, and the terminal. */
async function withModels<T>(flags: Flags, work: (tools: ModelTools) => Promise<T>): Promise<T> {
  const [{ createModelsTerminal }, { freeDiskBytes }] = await Promise.all([
    import('./operations/models-terminal.ts'),
    import('./operations/disk.ts'),
  ]);
  const { config } = load(flags, { write: false });
  const stopping = new AbortController();
  const stop = () => stopping.abort(new Error('Stopped at the terminal.'));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    const terminal = createModelsTerminal({
      language,
      stdin: process.stdin,
      stdout: process.stdout,
      complain,
      stop,
    });
    return await work({ config, signal: stopping.signal, terminal, freeBytes: freeDiskBytes });
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

interface ModelTools {
  readonly config: Config;
  readonly signal: AbortSignal;
  readonly terminal: ModelsTerminal;
  readonly freeBytes: (folder: string) => Promise<number>;
}

function pullModels(flags: Flags, ids: readonly string[], isAgreed: boolean) {
  return withModels(flags, async ({ config: { models }, ...tools }) => {
    const [{ pullCommand }, { readCatalogue }] = await Promise.all([
      import('./models/pull-command.ts'),
      import('./models/catalogue.ts'),
    ]);
    return pullCommand({ ...models, ...tools, ids, isAgreed, catalogue: readCatalogue(), now: Date.now });
  });
}

function removeModels(flags: Flags, ids: readonly string[], isAgreed: boolean) {
  return withModels(flags, async ({ config, signal, terminal }) => {
    const [{ removeCommand }, { builtInModels }] = await Promise.all([
      import('./models/remove-command.ts'),
      import('./compose/models.ts'),
    ]);
    const builtIn = builtInModels().map(({ id }) => id);
    return removeCommand({ ids, isAgreed, builtIn, folder: config.models.folder, terminal, signal });
  });
}

const actions: CliActions = {
  serve,
  worker,
  config: (flags) => Promise.resolve(load(flags, { write: false })),
  async writeDocs() {
    const { writeGeneratedFiles } = await import('./operations/generated-files.ts');
    return writeGeneratedFiles(repository);
  },
  doctor,
  migrationStatus: (flags) => migrationStates(load(flags, { write: false }).config),
  migrateForward: (flags) => withStore(flags, ({ migrator }) => migrator.forward()),
  migrateBack: (flags, steps) => withStore(flags, ({ migrator }) => migrator.back(steps)),
  async listModels(flags) {
    const { listAllModels } = await import('./compose/models.ts');
    return listAllModels(load(flags, { write: false }).config);
  },
  async modelsHere(flags) {
    const { modelsHere } = await import('./compose/models.ts');
    return modelsHere(load(flags, { write: false }).config);
  },
  pullModels,
  removeModels,
  async verifyModels(_flags, models) {
    const { verifyModel } = await import('./models/verify-model.ts');
    const { signal } = new AbortController();
    const verified = [];
    for (const model of models) verified.push(await verifyModel(model, signal));
    return verified;
  },
  createKey: (flags, key) => withAccounts(flags, ({ keys }) => keys.create(key)),
  listKeys: (flags) => withAccounts(flags, ({ keys }) => keys.list()),
  revokeKey: (flags, id) => withAccounts(flags, ({ keys }) => keys.revoke(id)),
};

/** Runs the command in `argv`, without node and script, and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const version = await readVersion();
  try {
    process.exitCode = await runCli(argv, actions, { language, version, print: say, complain });
  } catch (error) {
    complain(explain(error));
    process.exitCode = 1;
  }
}

/** What is meant for people is told in a line; the rest is a bug and needs its stack. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return ['DatabaseUnreachableError', 'MigrationError'].includes(error.name)
    ? error.message
    : (error.stack ?? error.message);
}

const script = process.argv[1];
if (script !== undefined && import.meta.url === pathToFileURL(script).href) await main(process.argv.slice(2));
