import type { DeleteResult } from 'kysely';

export interface DeleteInBatchesOptions {
  /** Keys of up to `limit` rows to delete. */
  readonly find: (limit: number) => Promise<readonly string[]>;
  /** Deletes the rows with these keys that still answer the condition of `find`. */
  readonly remove: (keys: string[]) => Promise<readonly DeleteResult[]>;
  readonly signal: AbortSignal;
  /** Rows in one statement; 500 when absent. */
  readonly batchSize?: number;
}

/** Deletes row by row group, so that no statement holds the database for long; answers how many. Stops when `signal` aborts. */
export async function deleteInBatches({
  find,
  remove,
  signal,
  batchSize = 500,
}: DeleteInBatchesOptions): Promise<number> {
  let deleted = 0;
  while (!signal.aborted) {
    const keys = await find(batchSize);
    if (keys.length === 0) break;
    for (const { numDeletedRows } of await remove([...keys])) deleted += Number(numDeletedRows);
    if (keys.length < batchSize) break;
  }
  return deleted;
}
