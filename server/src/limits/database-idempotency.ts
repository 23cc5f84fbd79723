import { systemClock, type Clock } from '../lib/clock.ts';
import type { Database } from '../storage/database.ts';
import { deleteInBatches } from '../storage/delete-in-batches.ts';
import { insertIfAbsent } from '../storage/upsert.ts';
import { keyColumn } from './key-column.ts';
import type { IdempotencyStore } from './stores.ts';

interface Row {
  key: string;
  fingerprint: string;
  expires_at: number;
  /** Null, as headers and body, while the first request runs. */
  status: number | null;
  headers: string | null;
  body: string | null;
}

interface Tables {
  idempotency_keys: Row;
}

/** First answers in the database: they survive the process. Its table is that of `limitMigrations`. */
export function createDatabaseIdempotency({
  database,
  clock = systemClock,
}: {
  readonly database: Database;
  readonly clock?: Clock;
}): IdempotencyStore {
  const tables = () => database.tables<Tables>();

  return {
    async claim(given, givenFingerprint, claimMs) {
      const key = keyColumn(given);
      const fingerprint = keyColumn(givenFingerprint);
      for (;;) {
        const now = clock.now();
        const row: Row = {
          key,
          fingerprint,
          expires_at: now + claimMs,
          status: null,
          headers: null,
          body: null,
        };
        const isFirst = await database.retried(() =>
          insertIfAbsent(database.dialect, tables(), 'idempotency_keys', row, ['key']),
        );
        if (isFirst) return { state: 'claimed' };
        const known = await tables()
          .selectFrom('idempotency_keys')
          .selectAll()
          .where('key', '=', key)
          .executeTakeFirst();
        if (known === undefined) continue;
        if (known.expires_at <= now) {
          const { numUpdatedRows } = await tables()
            .updateTable('idempotency_keys')
            .set(row)
            .where('key', '=', key)
            .where('expires_at', '=', known.expires_at)
            .executeTakeFirst();
          if (numUpdatedRows === 1n) return { state: 'claimed' };
          continue;
        }
        if (known.fingerprint !== fingerprint) return { state: 'mismatch' };
        if (known.status === null) return { state: 'running' };
        const headers = JSON.parse(known.headers ?? '{}') as Record<string, string>;
        return { state: 'answered', answer: { status: known.status, headers, body: known.body ?? '' } };
      }
    },

    async answer(key, { status, headers, body }, ttlMs) {
      await tables()
        .updateTable('idempotency_keys')
        .set({ status, headers: JSON.stringify(headers), body, expires_at: clock.now() + ttlMs })
        .where('key', '=', keyColumn(key))
        .where('status', 'is', null)
        .execute();
    },

    async release(key) {
      await tables()
        .deleteFrom('idempotency_keys')
        .where('key', '=', keyColumn(key))
        .where('status', 'is', null)
        .execute();
    },

    sweep(signal) {
      const now = clock.now();
      return deleteInBatches({
        signal,
        find: async (limit) => {
          const rows = await tables()
            .selectFrom('idempotency_keys')
            .select('key')
            .where('expires_at', '<=', now)
            .limit(limit)
            .execute();
          return rows.map(({ key }) => key);
        },
        remove: (keys) =>
          tables()
            .deleteFrom('idempotency_keys')
            .where('key', 'in', keys)
            .where('expires_at', '<=', now)
            .execute(),
      });
    },
  };
}
