import type { Kysely, Transaction } from 'kysely';

export type Dialect = 'sqlite' | 'postgres' | 'mariadb';

/**
 * The database as rooms see it. Each room describes its own tables and asks for them:
 * `database.tables<KioskTables>()`. Columns hold what all three dialects share: text, integers (milliseconds since the
 * epoch for times, 0 and 1 for booleans) and JSON as text.
 */
export interface Database {
  readonly dialect: Dialect;
  tables<Tables>(): Kysely<Tables>;
  /**
   * Runs `work`, one statement outside of a transaction, again up to three times when the database reports a deadlock, a
   * serialization failure or a locked file: on MariaDB two inserts of one key are enough for that.
   */
  retried<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Runs `work` in one transaction, tried again as `retried` does. On SQLite transactions take the write lock at their start and run one after the other.
   */
  transaction<Tables, T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T>;
  /** Cheap round trip; throws when the database can't be reached. */
  ping(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
