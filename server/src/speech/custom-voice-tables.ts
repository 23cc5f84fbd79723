import type { Migration } from '../storage/migration.ts';

/** A voice made from a person's recording. Personal: the recording lies beside the database, under the same id. */
export interface CustomVoiceRow {
  /** `voi_…` */
  readonly id: string;
  /** Who it belongs to: `usr_…`, `key_…`, or `home` for who was let in because they sit at the machine. */
  readonly owner: string;
  /** 0 and up, each once an owner: what bounds how many one may have. */
  readonly slot: number;
  readonly name: string;
  readonly language: string;
  /** The words said in the recording. */
  readonly text: string;
  /** Who agreed, in the words of who asked. */
  readonly consent_by: string;
  /** When that was said to the server, and by whom: as `owner`. */
  readonly consent_at: number;
  readonly asked_by: string;
  readonly duration_ms: number;
  readonly created_at: number;
}

export interface CustomVoiceTables {
  readonly custom_voices: CustomVoiceRow;
}

export const customVoiceMigrations: readonly Migration[] = [
  {
    name: 'speech-0001-custom-voices',
    async up(database, columns) {
      await database.schema
        .createTable('custom_voices')
        .addColumn('id', columns.key, (column) => column.primaryKey().notNull())
        .addColumn('owner', columns.key, (column) => column.notNull())
        .addColumn('slot', columns.integer, (column) => column.notNull())
        .addColumn('name', columns.text, (column) => column.notNull())
        .addColumn('language', columns.key, (column) => column.notNull())
        .addColumn('text', columns.text, (column) => column.notNull())
        .addColumn('consent_by', columns.text, (column) => column.notNull())
        .addColumn('consent_at', columns.integer, (column) => column.notNull())
        .addColumn('asked_by', columns.key, (column) => column.notNull())
        .addColumn('duration_ms', columns.integer, (column) => column.notNull())
        .addColumn('created_at', columns.integer, (column) => column.notNull())
        .execute();
      await database.schema
        .createIndex('custom_voices_owner_slot')
        .unique()
        .on('custom_voices')
        .columns(['owner', 'slot'])
        .execute();
    },
    async down(database) {
      await database.schema.dropTable('custom_voices').ifExists().execute();
    },
  },
];
