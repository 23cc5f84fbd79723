import { sql } from 'kysely';
import { systemClock, type Clock } from '../lib/clock.ts';
import type { Database } from '../storage/database.ts';
import { deleteInBatches } from '../storage/delete-in-batches.ts';
import { upsert } from '../storage/upsert.ts';
import { keyColumn } from './key-column.ts';
import type { RateLimitStore } from './stores.ts';

interface Tables {
  rate_limits: { bucket: string; hits: number; reset_at: number };
}

export interface DatabaseRateLimits extends RateLimitStore {
  /** Deletes windows that are over, in batches; answers how many. */
  sweep(signal: AbortSignal): Promise<number>;
}

/** Counts in the database, for several processes without Redis. Its table is that of `limitMigrations`. */
export function createDatabaseRateLimits({
  database,
  clock = systemClock,
}: {
  readonly database: Database;
  readonly clock?: Clock;
}): DatabaseRateLimits {
  const { dialect } = database;
  return {
    hit(key, windowMs, now) {
      const resetAt = (Math.floor(now / windowMs) + 1) * windowMs;
      const bucket = keyColumn(`${windowMs}:${resetAt}:${key}`);
      return database.transaction<Tables, { count: number; resetAt: number }>(async (transaction) => {
        const row = { bucket, hits: 1, reset_at: resetAt };
        await upsert(dialect, transaction, 'rate_limits', row, ['bucket'], {
          hits: sql<number>`${sql.ref('rate_limits.hits')} + 1`,
        });
        // The row stays locked until the end, so this is the count with this one hit.
        const { hits } = await transaction
          .selectFrom('rate_limits')
          .select('hits')
          .where('bucket', '=', bucket)
          .executeTakeFirstOrThrow();
        return { count: hits, resetAt };
      });
    },

    sweep(signal) {
      const tables = database.tables<Tables>();
      const now = clock.now();
      return deleteInBatches({
        signal,
        find: async (limit) => {
          const rows = await tables
            .selectFrom('rate_limits')
            .select('bucket')
            .where('reset_at', '<=', now)
            .limit(limit)
            .execute();
          return rows.map(({ bucket }) => bucket);
        },
        remove: (buckets) => tables.deleteFrom('rate_limits').where('bucket', 'in', buckets).execute(),
      });
    },
  };
}
