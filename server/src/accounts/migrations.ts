import type { Migration } from '../storage/migration.ts';

/** Tables of this room, forward and back. */
export const accountMigrations: readonly Migration[] = [
  {
    name: 'accounts-0001-people-and-keys',
    async up(database, columns) {
      await database.schema
        .createTable('users')
        .addColumn('id', columns.key, (column) => column.primaryKey().notNull())
        .addColumn('name', columns.text, (column) => column.notNull())
        .addColumn('role', columns.key, (column) => column.notNull())
        .addColumn('created_at', columns.integer, (column) => column.notNull())
        .execute();
      await database.schema.createIndex('users_role').on('users').column('role').execute();
      await database.schema
        .createTable('token_families')
        .addColumn('id', columns.key, (column) => column.primaryKey().notNull())
        .addColumn('user_id', columns.key, (column) => column.notNull())
        .addColumn('created_at', columns.integer, (column) => column.notNull())
        .addColumn('expires_at', columns.integer, (column) => column.notNull())
        .addColumn('ended_at', columns.integer)
        .addForeignKeyConstraint('token_families_user', ['user_id'], 'users', ['id'], (key) =>
          key.onDelete('cascade'),
        )
        .execute();
      await database.schema
        .createIndex('token_families_user_id')
        .on('token_families')
        .column('user_id')
        .execute();
      await database.schema
        .createIndex('token_families_expires')
        .on('token_families')
        .column('expires_at')
        .execute();
      await database.schema
        .createTable('refresh_tokens')
        .addColumn('token_hash', columns.key, (column) => column.primaryKey().notNull())
        .addColumn('family_id', columns.key, (column) => column.notNull())
        .addColumn('expires_at', columns.integer, (column) => column.notNull())
        .addColumn('used_at', columns.integer)
        .addForeignKeyConstraint('refresh_tokens_family', ['family_id'], 'token_families', ['id'], (key) =>
          key.onDelete('cascade'),
        )
        .execute();
      await database.schema
        .createIndex('refresh_tokens_family_id')
        .on('refresh_tokens')
        .column('family_id')
        .execute();
      await database.schema
        .createTable('access_keys')
        .addColumn('id', columns.key, (column) => column.primaryKey().notNull())
        .addColumn('kind', columns.key, (column) => column.notNull())
        .addColumn('name', columns.text, (column) => column.notNull())
        .addColumn('key_hash', columns.key, (column) => column.notNull().unique())
        .addColumn('shown_prefix', columns.key, (column) => column.notNull())
        .addColumn('kiosk_id', columns.key)
        .addColumn('created_at', columns.integer, (column) => column.notNull())
        .addColumn('last_used_at', columns.integer)
        .addColumn('revoked_at', columns.integer)
        .execute();
      await database.schema
        .createTable('admin_links')
        .addColumn('id', columns.key, (column) => column.primaryKey().notNull())
        .addColumn('code_hash', columns.key, (column) => column.notNull().unique())
        .addColumn('created_at', columns.integer, (column) => column.notNull())
        .addColumn('expires_at', columns.integer, (column) => column.notNull())
        .execute();
    },
    async down(database) {
      for (const table of ['admin_links', 'access_keys', 'refresh_tokens', 'token_families', 'users']) {
        await database.schema.dropTable(table).execute();
      }
    },
  },
];
