import type { Migration } from '../../storage/migration.ts';

/** Tables of the companion. */
export const companionMigrations: readonly Migration[] = [
  {
    name: 'companion-0001-people-sessions-turns',
    async up(database, columns) {
      await database.schema
        .createTable('companion_users')
        .addColumn('user_id', columns.key, (column) => column.primaryKey().notNull())
        .addColumn('external_id', columns.key)
        .addColumn('language', columns.key, (column) => column.notNull())
        .addColumn('created_at', columns.integer, (column) => column.notNull())
        .addColumn('last_seen_at', columns.integer, (column) => column.notNull())
        .execute();
      await database.schema
        .createIndex('companion_users_external')
        .unique()
        .on('companion_users')
        .column('external_id')
        .execute();
      await database.schema
        .createTable('companion_sessions')
        .addColumn('session_id', columns.key, (column) => column.primaryKey().notNull())
        .addColumn('user_id', columns.key, (column) => column.notNull())
        .addColumn('language', columns.key, (column) => column.notNull())
        .addColumn('character_id', columns.key)
        .addColumn('state', columns.text)
        .addColumn('summary', columns.text)
        .addColumn('turns', columns.integer, (column) => column.notNull())
        .addColumn('voice_turns', columns.integer, (column) => column.notNull())
        .addColumn('interruptions', columns.integer, (column) => column.notNull())
        .addColumn('talk_ms', columns.integer, (column) => column.notNull())
        .addColumn('speech_ms', columns.integer, (column) => column.notNull())
        .addColumn('created_at', columns.integer, (column) => column.notNull())
        .addColumn('last_turn_at', columns.integer)
        .addColumn('ended_at', columns.integer)
        .addColumn('expires_at', columns.integer, (column) => column.notNull())
        .execute();
      await database.schema
        .createIndex('companion_sessions_user')
        .on('companion_sessions')
        .columns(['user_id', 'created_at'])
        .execute();
      await database.schema
        .createIndex('companion_sessions_expiry')
        .on('companion_sessions')
        .column('expires_at')
        .execute();
      await database.schema
        .createTable('companion_turns')
        .addColumn('turn_id', columns.key, (column) => column.primaryKey().notNull())
        .addColumn('session_id', columns.key, (column) => column.notNull())
        .addColumn('user_id', columns.key, (column) => column.notNull())
        .addColumn('number', columns.integer, (column) => column.notNull())
        .addColumn('at', columns.integer, (column) => column.notNull())
        .addColumn('way', columns.key, (column) => column.notNull())
        .addColumn('heard', columns.text, (column) => column.notNull())
        .addColumn('reply', columns.text, (column) => column.notNull())
        .addColumn('reply_heard', columns.text, (column) => column.notNull())
        .addColumn('interrupted', columns.integer, (column) => column.notNull())
        .addColumn('outcome', columns.key, (column) => column.notNull())
        .addColumn('timings', columns.text, (column) => column.notNull())
        .addColumn('providers', columns.text, (column) => column.notNull())
        .execute();
      await database.schema
        .createIndex('companion_turns_session')
        .unique()
        .on('companion_turns')
        .columns(['session_id', 'number'])
        .execute();
      await database.schema
        .createIndex('companion_turns_user')
        .on('companion_turns')
        .columns(['user_id', 'at'])
        .execute();
    },
    async down(database) {
      for (const table of ['companion_turns', 'companion_sessions', 'companion_users']) {
        await database.schema.dropTable(table).ifExists().execute();
      }
    },
  },
];
