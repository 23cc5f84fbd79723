import type { Migration } from '../storage/migration.ts';

/** Tables of the database runner. */
export const jobMigrations: readonly Migration[] = [
  {
    name: 'jobs-0001-jobs',
    async up(database, columns) {
      await database.schema
        .createTable('jobs')
        .addColumn('id', columns.key, (column) => column.primaryKey().notNull())
        .addColumn('kind', columns.key, (column) => column.notNull())
        .addColumn('payload', columns.text, (column) => column.notNull())
        .addColumn('status', columns.key, (column) => column.notNull())
        .addColumn('due_at', columns.integer)
        .addColumn('attempts', columns.integer, (column) => column.notNull())
        .addColumn('max_attempts', columns.integer, (column) => column.notNull())
        .addColumn('active_key', columns.key)
        .addColumn('worker', columns.key)
        .addColumn('error', columns.text)
        .addColumn('created_at', columns.integer, (column) => column.notNull())
        .addColumn('updated_at', columns.integer, (column) => column.notNull())
        .execute();
      await database.schema.createIndex('jobs_due').on('jobs').columns(['due_at', 'kind']).execute();
      await database.schema.createIndex('jobs_status').on('jobs').columns(['status', 'updated_at']).execute();
      await database.schema.createIndex('jobs_active_key').unique().on('jobs').column('active_key').execute();
      await database.schema
        .createTable('job_schedules')
        .addColumn('name', columns.key, (column) => column.primaryKey().notNull())
        .addColumn('next_at', columns.integer, (column) => column.notNull())
        .execute();
    },
    async down(database) {
      await database.schema.dropTable('job_schedules').ifExists().execute();
      await database.schema.dropTable('jobs').ifExists().execute();
    },
  },
];
