import type { ChainStateStore } from '../providers/chain/state-store.ts';
import type { Database } from '../storage/database.ts';
import { insertIfAbsent } from '../storage/upsert.ts';
import { keyColumn } from './key-column.ts';

interface Tables {
  provider_states: {
    key: string;
    chain: string;
    provider: string;
    /** Null while calls may pass. */
    open_until: number | null;
    failures: number;
    cool_down_ms: number;
    limited_ms: number;
    changed_at: number;
  };
}

/** States of providers in the database, one row each. Its table is that of `providerStateMigrations`. */
export function createDatabaseProviderState({ database }: { readonly database: Database }): ChainStateStore {
  const tables = () => database.tables<Tables>();
  return {
    async load() {
      const rows = await tables().selectFrom('provider_states').selectAll().execute();
      return rows.map((row) => ({
        chain: row.chain,
        provider: row.provider,
        openUntil: row.open_until,
        failures: row.failures,
        coolDownMs: row.cool_down_ms,
        limitedMs: row.limited_ms,
        changedAt: row.changed_at,
      }));
    },

    async save({ chain, provider, openUntil, failures, coolDownMs, limitedMs, changedAt }) {
      const key = keyColumn(JSON.stringify([chain, provider]));
      const values = {
        chain,
        provider,
        open_until: openUntil === null ? null : Math.round(openUntil),
        failures,
        cool_down_ms: Math.round(coolDownMs),
        limited_ms: Math.round(limitedMs),
        changed_at: Math.round(changedAt),
      };
      const row = { key, ...values };
      const isFirst = await database.retried(() =>
        insertIfAbsent(database.dialect, tables(), 'provider_states', row, ['key']),
      );
      if (isFirst) return;
      await database.retried(() =>
        tables()
          .updateTable('provider_states')
          .set(values)
          .where('key', '=', key)
          .where('changed_at', '<', row.changed_at)
          .execute(),
      );
    },
  };
}
