import Sqlite from 'better-sqlite3';
import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  type SelectModifierNode,
} from 'kysely';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../lib/clock.ts';
import { delay } from '../lib/abort.ts';
import { isBusy } from './database-error.ts';
import { assertSafeIntegers } from './safe-integer.ts';
import { createWriteLock, type WriteLock } from './write-lock.ts';

export interface SqliteOptions {
  readonly path: string;
  readonly clock: Clock;
  /** How long another process may hold the file before a write fails. */
  readonly busyLimitMs: number;
  /** How long one transaction may last; after that it is rolled back, so that it can't stop all others. */
  readonly transactionLimitMs: number;
  readonly maxWaiting: number;
  readonly waitLimitMs: number;
  /** Ends waits for a busy file when the database is closed. */
  readonly signal: AbortSignal;
  /** Milliseconds that a writer waited for its turn. */
  readonly onWriteWait?: ((waitedMs: number) => void) | undefined;
}

/** The event loop stands still while SQLite itself waits, so it waits shortly and the rest happens in `retryWhileBusy`. */
const BLOCKING_WAIT_MS = 20;
const CACHED_STATEMENTS = 300;
const SETTINGS = [
  'journal_mode = WAL',
  'synchronous = NORMAL',
  'foreign_keys = ON',
  'temp_store = MEMORY',
  'journal_size_limit = 67108864',
];

/**
 * Kysely's dialect for better-sqlite3 with two connections: one writes, statement by statement or transaction by
 * transaction in order; the other reads what is committed and waits for nobody.
 */
export function createSqliteDialect(options: SqliteOptions): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SqliteDriver(options),
    createIntrospector: (database: Kysely<unknown>) => new SqliteIntrospector(database),
    createQueryCompiler: () => new LocklessQueryCompiler(),
  };
}

/** A transaction holds the only write lock, so `for update skip locked` of the other dialects has nothing to add. */
class LocklessQueryCompiler extends SqliteQueryCompiler {
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier === 'Distinct' || node.rawModifier !== undefined) super.visitSelectModifier(node);
  }
}

class SqliteDriver implements Driver {
  readonly #options: SqliteOptions;
  readonly #lock: WriteLock;
  #writer: CachingConnection | undefined;
  #reader: CachingConnection | undefined;

  constructor(options: SqliteOptions) {
    this.#options = options;
    this.#lock = createWriteLock(options);
  }

  async init(): Promise<void> {
    const { path } = this.#options;
    const inMemory = path === ':memory:';
    if (!inMemory) mkdirSync(dirname(path), { recursive: true });
    // Another process that starts at the same time may hold the file for a moment.
    this.#writer = await retryWhileBusy(this.#options, () => new CachingConnection(path));
    if (!inMemory) this.#reader = await retryWhileBusy(this.#options, () => new CachingConnection(path));
  }

  acquireConnection(): Promise<SqliteConnection> {
    return Promise.resolve(new SqliteConnection(this.#writer!, this.#reader, this.#lock, this.#options));
  }

  beginTransaction(connection: SqliteConnection): Promise<void> {
    return connection.begin();
  }

  commitTransaction(connection: SqliteConnection): Promise<void> {
    return connection.commit();
  }

  rollbackTransaction(connection: SqliteConnection): Promise<void> {
    return connection.rollback();
  }

  releaseConnection(): Promise<void> {
    return Promise.resolve();
  }

  destroy(): Promise<void> {
    this.#lock.close();
    this.#reader?.close();
    this.#writer?.close();
    return Promise.resolve();
  }
}

/** What Kysely holds for one query, or for one transaction. */
class SqliteConnection implements DatabaseConnection {
  readonly #writer: CachingConnection;
  readonly #reader: CachingConnection | undefined;
  readonly #lock: WriteLock;
  readonly #options: SqliteOptions;
  #state: 'free' | 'open' | 'expired' = 'free';
  #release: (() => void) | undefined;
  #limit: NodeJS.Timeout | undefined;

  constructor(
    writer: CachingConnection,
    reader: CachingConnection | undefined,
    lock: WriteLock,
    options: SqliteOptions,
  ) {
    this.#writer = writer;
    this.#reader = reader;
    this.#lock = lock;
    this.#options = options;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#state === 'open') return this.#writer.run(sql, parameters);
    if (this.#state === 'expired') throw this.#expired();
    if (this.#reader?.canRead(sql) === true) return this.#reader.run(sql, parameters);
    const release = await this.#takeTurn();
    try {
      return await retryWhileBusy(this.#options, () => this.#writer.run<R>(sql, parameters));
    } finally {
      release();
    }
  }

  streamQuery(): AsyncIterableIterator<never> {
    throw new Error('Streams are not supported on SQLite: read in pages, by key.');
  }

  async begin(): Promise<void> {
    const release = await this.#takeTurn();
    try {
      await retryWhileBusy(this.#options, () => this.#writer.run('begin immediate', []));
    } catch (error) {
      release();
      throw error;
    }
    this.#release = release;
    this.#state = 'open';
    this.#limit = setTimeout(() => {
      this.#end('rollback', 'expired');
    }, this.#options.transactionLimitMs);
    this.#limit.unref();
  }

  async commit(): Promise<void> {
    if (this.#state === 'expired') throw this.#expired();
    this.#writer.run('commit', []);
    this.#end(undefined, 'free');
  }

  async rollback(): Promise<void> {
    if (this.#state === 'open') this.#end('rollback', 'free');
  }

  #end(command: 'rollback' | undefined, state: 'free' | 'expired'): void {
    clearTimeout(this.#limit);
    this.#state = state;
    try {
      // Some errors end the transaction by themselves.
      if (command !== undefined && this.#writer.inTransaction) this.#writer.run(command, []);
    } finally {
      this.#release?.();
      this.#release = undefined;
    }
  }

  #expired(): Error {
    return new Error(
      `The transaction lasted longer than ${this.#options.transactionLimitMs} ms and was rolled back.`,
    );
  }

  async #takeTurn(): Promise<() => void> {
    const { onWriteWait, clock } = this.#options;
    if (onWriteWait === undefined) return await this.#lock.acquire();
    const from = clock.monotonicMs();
    const release = await this.#lock.acquire();
    onWriteWait(clock.monotonicMs() - from);
    return release;
  }
}

/** Runs `work` again while another process holds the file, at most `busyLimitMs` long; the event loop runs meanwhile. */
async function retryWhileBusy<T>({ clock, busyLimitMs, signal }: SqliteOptions, work: () => T): Promise<T> {
  const from = clock.monotonicMs();
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || clock.monotonicMs() - from >= busyLimitMs) throw error;
      await delay(5, signal);
    }
  }
}

interface CachedStatement {
  readonly statement: Sqlite.Statement;
  readonly reads: boolean;
}

/** One better-sqlite3 connection that keeps the statements it has prepared. */
class CachingConnection {
  readonly #database: Sqlite.Database;
  readonly #statements = new Map<string, CachedStatement>();

  constructor(path: string) {
    this.#database = new Sqlite(path, { timeout: BLOCKING_WAIT_MS });
    try {
      for (const setting of SETTINGS) this.#database.pragma(setting);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  /** True for a query that only reads, and so needs no turn. Pragmas and transaction commands are none. */
  canRead(sql: string): boolean {
    return /^\s*(select|with|values)\b/i.test(sql) && this.#prepare(sql).reads;
  }

  run<R>(sql: string, parameters: readonly unknown[]): QueryResult<R> {
    const { statement } = this.#prepare(sql);
    if (statement.reader) {
      const rows = statement.all(parameters);
      assertSafeIntegers(rows);
      return { rows: rows as R[] };
    }
    const { changes, lastInsertRowid } = statement.run(parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): CachedStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    const entry = { statement, reads: statement.readonly && statement.reader };
    if (this.#statements.size >= CACHED_STATEMENTS) {
      const [oldest] = this.#statements.keys();
      this.#statements.delete(oldest!);
    }
    this.#statements.set(sql, entry);
    return entry;
  }
}
