import type { Expression, Insertable, Kysely, Transaction, UpdateObject, Updateable } from 'kysely';
import { isUniqueViolation } from './database-error.ts';
import type { Dialect } from './database.ts';

/**
 * Inserts `row` unless one with the same value in `key` (a primary or unique key) is there; for tables
 * without another unique key. True when it was inserted. Safe
 * inside a transaction on every dialect.
 */
export async function insertIfAbsent<Tables, Name extends keyof Tables & string>(
  dialect: Dialect,
  tables: Kysely<Tables> | Transaction<Tables>,
  table: Name,
  row: Insertable<Tables[Name]>,
  key: readonly (keyof Tables[Name] & string)[],
): Promise<boolean> {
  const insert = loose(tables).insertInto<string>(table).values(row);
  if (dialect !== 'mariadb') {
    const { numInsertedOrUpdatedRows } = await insert
      .onConflict((conflict) => conflict.columns([...key]).doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }
  try {
    await insert.execute();
    return true;
  } catch (error) {
    // On MariaDB a statement that fails leaves its transaction standing.
    if (isUniqueViolation(error)) return false;
    throw error;
  }
}

/** Inserts `row`, or sets `changes` on the row with the same value in `key` (a primary or unique key). */
export async function upsert<Tables, Name extends keyof Tables & string>(
  dialect: Dialect,
  tables: Kysely<Tables> | Transaction<Tables>,
  table: Name,
  row: Insertable<Tables[Name]>,
  key: readonly (keyof Tables[Name] & string)[],
  changes: Changes<Tables[Name]>,
): Promise<void> {
  const insert = loose(tables).insertInto<string>(table).values(row);
  const set = changes as UpdateObject<Record<string, LooseRow>, string, string>;
  await (
    dialect === 'mariadb'
      ? insert.onDuplicateKeyUpdate(set)
      : insert.onConflict((conflict) => conflict.columns([...key]).doUpdateSet(set))
  ).execute();
}

/** New values of columns; an SQL expression may use the old ones, by `sql.ref('table.column')`. */
type Changes<Table> = {
  readonly [Column in keyof Updateable<Table>]?: Updateable<Table>[Column] | Expression<unknown>;
};

type LooseRow = Record<string, unknown>;

/** Kysely can't follow a table name that is a type parameter. */
function loose<Tables>(tables: Kysely<Tables>): Kysely<Record<string, LooseRow>> {
  return tables as unknown as Kysely<Record<string, LooseRow>>;
}
