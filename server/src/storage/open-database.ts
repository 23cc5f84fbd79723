import { Kysely, sql, type Dialect as KyselyDialect, type LogEvent, type Transaction } from 'kysely';
import { setMaxListeners } from 'node:events';
import { delay, withTimeout } from '../lib/abort.ts';
import { systemClock, type Clock } from '../lib/clock.ts';
import { systemRandom, type RandomBytes } from '../lib/ids.ts';
import { silentLogger, type Logger } from '../telemetry/logger.ts';
import { DatabaseUnreachableError, isRetryable, UnsupportedServerError } from './database-error.ts';
import type { Database } from './database.ts';
import { parseLocation, type DatabaseLocation } from './location.ts';
import { createSqliteDialect } from './sqlite-dialect.ts';

/** One finished query, for metrics. Holds no value from the query. */
export interface QueryReport {
  readonly operation: 'select' | 'insert' | 'update' | 'delete' | 'other';
  readonly durationMs: number;
  readonly failed: boolean;
}

export interface OpenDatabaseOptions {
  readonly clock?: Clock;
  readonly random?: RandomBytes;
  readonly log?: Logger;
  /** Called after every query. */
  readonly onQuery?: (report: QueryReport) => void;
  /** SQLite: called with the milliseconds that a writer waited for its turn. */
  readonly onWriteWait?: (waitedMs: number) => void;
  /** Connections to a database server at most; 10 when absent. */
  readonly poolSize?: number;
  /** How long connecting may take; 5,000 ms when absent. */
  readonly connectLimitMs?: number;
  /** How long one statement may run on a database server; 30,000 ms when absent. */
  readonly statementLimitMs?: number;
  /** How long a transaction may last (SQLite) or stand still (servers) before it is rolled back; 30,000 ms when absent. */
  readonly transactionLimitMs?: number;
  /** SQLite: how long another process may hold the file, and how long a writer waits for its turn; 10,000 ms when absent. */
  readonly writeWaitLimitMs?: number;
  /** SQLite: writers that may wait at once; 1,000 when absent. */
  readonly maxWaitingWriters?: number;
}

const RETRIES = 3;

/**
 * Opens the database at `location` (`sqlite:PATH`, `postgres://…`, `mariadb://…`) and makes sure that it answers.
 *
 * @throws {DatabaseUnreachableError} with the place and what to do; {@link Error} when `location` can't be read.
 */
export async function openDatabase(location: string, options: OpenDatabaseOptions = {}): Promise<Database> {
  const parsed = parseLocation(location);
  const { connectLimitMs = 5000 } = options;
  const closing = new AbortController();
  // As many wait on it as there are queries to try again.
  setMaxListeners(0, closing.signal);
  const kysely = new Kysely<unknown>({
    dialect: await createDialect(parsed, options, closing.signal),
    ...(options.onQuery === undefined ? {} : { log: reportQueries(options.onQuery) }),
  });
  const database = new KyselyDatabase(parsed, kysely, closing, options);
  try {
    await withTimeout(connectLimitMs + 500, closing.signal, (signal) => database.ping(signal));
    if (parsed.dialect === 'mariadb') await assertMariadb(kysely);
    return database;
  } catch (error) {
    // A pool that never got a connection has nothing to wait for.
    database.close().catch(() => {});
    throw new DatabaseUnreachableError(parsed, error);
  }
}

class KyselyDatabase implements Database {
  readonly dialect;
  readonly #kysely: Kysely<unknown>;
  readonly #closing: AbortController;
  readonly #random: RandomBytes;
  #closed: Promise<void> | undefined;

  constructor(
    location: DatabaseLocation,
    kysely: Kysely<unknown>,
    closing: AbortController,
    options: OpenDatabaseOptions,
  ) {
    this.dialect = location.dialect;
    this.#kysely = kysely;
    this.#closing = closing;
    this.#random = options.random ?? systemRandom;
  }

  tables<Tables>(): Kysely<Tables> {
    return this.#kysely as Kysely<Tables>;
  }

  transaction<Tables, T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.retried(() => this.tables<Tables>().transaction().execute(work));
  }

  async retried<T>(work: () => Promise<T>): Promise<T> {
    for (let retry = 0; ; retry++) {
      try {
        return await work();
      } catch (error) {
        if (retry >= RETRIES || !isRetryable(error)) throw error;
        const jitter = 0.5 + this.#random(1)[0]! / 255;
        await delay(10 * 4 ** retry * jitter, this.#closing.signal);
      }
    }
  }

  async ping(signal: AbortSignal): Promise<void> {
    await withTimeout(5000, signal, () => sql`select 1`.execute(this.#kysely));
  }

  close(): Promise<void> {
    this.#closing.abort(new Error('The database is closed.'));
    this.#closed ??= this.#kysely.destroy();
    return this.#closed;
  }
}

/** Rows are claimed with `skip locked`, and text is compared with a collation that only MariaDB has. */
async function assertMariadb(kysely: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ version: string }>`select version() as version`.execute(kysely);
  const version = rows[0]?.version ?? '';
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)\.\d+-MariaDB/i.exec(version) ?? [];
  if (Number(major) < 10 || (major === '10' && Number(minor) < 6)) {
    throw new UnsupportedServerError(`it is version ${version}, and MariaDB 10.6 or newer is needed.`);
  }
}

async function createDialect(
  location: DatabaseLocation,
  options: OpenDatabaseOptions,
  signal: AbortSignal,
): Promise<KyselyDialect> {
  const {
    clock = systemClock,
    log = silentLogger,
    writeWaitLimitMs = 10_000,
    transactionLimitMs = 30_000,
  } = options;
  if (location.dialect === 'sqlite') {
    return createSqliteDialect({
      path: location.path,
      clock,
      signal,
      transactionLimitMs,
      busyLimitMs: writeWaitLimitMs,
      waitLimitMs: writeWaitLimitMs,
      maxWaiting: options.maxWaitingWriters ?? 1000,
      onWriteWait: options.onWriteWait,
    });
  }
  const server = {
    location,
    log,
    transactionLimitMs,
    poolSize: options.poolSize ?? 10,
    connectLimitMs: options.connectLimitMs ?? 5000,
    statementLimitMs: options.statementLimitMs ?? 30_000,
  };
  // A driver is a tenth of a second and 15 MB that only its own users should pay.
  if (location.dialect === 'postgres')
    return (await import('./postgres-dialect.ts')).createPostgresDialect(server);
  return (await import('./mariadb-dialect.ts')).createMariadbDialect(server);
}

const OPERATIONS: Readonly<Record<string, QueryReport['operation']>> = {
  SelectQueryNode: 'select',
  InsertQueryNode: 'insert',
  UpdateQueryNode: 'update',
  DeleteQueryNode: 'delete',
};

function reportQueries(onQuery: (report: QueryReport) => void): (event: LogEvent) => void {
  return ({ level, query, queryDurationMillis }) =>
    onQuery({
      operation: OPERATIONS[query.query.kind] ?? 'other',
      durationMs: queryDurationMillis,
      failed: level === 'error',
    });
}
