import type { Migration } from '../storage/migration.ts';

/** The table of `createDatabaseProviderState`. */
export const providerStateMigrations: readonly Migration[] = [
  {
    name: 'provider-states-0001-circuits',
    async up(database, columns) {
      await database.schema
        .createTable('provider_states')
        .addColumn('key', columns.key, (column) => column.primaryKey().notNull())
        .addColumn('chain', columns.key, (column) => column.notNull())
        .addColumn('provider', columns.key, (column) => column.notNull())
        .addColumn('open_until', columns.integer)
        .addColumn('failures', columns.integer, (column) => column.notNull())
        .addColumn('cool_down_ms', columns.integer, (column) => column.notNull())
        .addColumn('limited_ms', columns.integer, (column) => column.notNull())
        .addColumn('changed_at', columns.integer, (column) => column.notNull())
        .execute();
    },
    async down(database) {
      await database.schema.dropTable('provider_states').ifExists().execute();
    },
  },
];
