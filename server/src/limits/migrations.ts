import type { Migration } from '../storage/migration.ts';

/** Tables of the database stores for rate limits and idempotency keys. */
export const limitMigrations: readonly Migration[] = [
  {
    name: 'limits-0001-rate-limits-and-idempotency',
    async up(database, columns) {
      await database.schema
        .createTable('rate_limits')
        .addColumn('bucket', columns.key, (column) => column.primaryKey().notNull())
        .addColumn('hits', columns.integer, (column) => column.notNull())
        .addColumn('reset_at', columns.integer, (column) => column.notNull())
        .execute();
      await database.schema
        .createIndex('rate_limits_reset_at')
        .on('rate_limits')
        .column('reset_at')
        .execute();
      await database.schema
        .createTable('idempotency_keys')
        .addColumn('key', columns.key, (column) => column.primaryKey().notNull())
        .addColumn('fingerprint', columns.key, (column) => column.notNull())
        .addColumn('expires_at', columns.integer, (column) => column.notNull())
        .addColumn('status', columns.integer)
        .addColumn('headers', columns.text)
        .addColumn('body', columns.text)
        .execute();
      await database.schema
        .createIndex('idempotency_keys_expires_at')
        .on('idempotency_keys')
        .column('expires_at')
        .execute();
    },
    async down(database) {
      await database.schema.dropTable('idempotency_keys').ifExists().execute();
      await database.schema.dropTable('rate_limits').ifExists().execute();
    },
  },
];
