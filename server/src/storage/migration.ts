import type { Kysely } from 'kysely';
import type { Dialect } from './database.ts';

/**
 * One step of a room's tables, forward and back, the same definition for every dialect. `columns` gives the types that
 * differ between them.
 */
export interface Migration {
  /** `room-0001-what`: sorts within its room; never renamed once released. */
  readonly name: string;
  up(database: Kysely<unknown>, columns: ColumnTypes): Promise<void>;
  down(database: Kysely<unknown>): Promise<void>;
}

/** Column types by meaning, as `schema.addColumn` takes them. */
export interface ColumnTypes {
  readonly dialect: Dialect;
  /** An id or another short key, up to 191 characters, compared byte by byte. */
  readonly key: 'varchar(191)';
  /** Text of any length, UTF-8 with all of Unicode; the migrator makes it `longtext` on MariaDB, where `text` ends at 64 KiB. */
  readonly text: 'text';
  /** Milliseconds since the epoch, counts, won. */
  readonly integer: 'bigint' | 'integer';
}
