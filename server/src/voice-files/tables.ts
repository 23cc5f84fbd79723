import type { Migration } from '../storage/migration.ts';

/** One id that was given out, with all that any process needs to make its sound. Personal: it holds what is said. */
export interface VoiceFileRow {
  readonly file_id: string;
  /** Address of the sound; see `soundKey`. */
  readonly sound_key: string;
  /** Who speaks, or is expected to. */
  readonly provider: string;
  /** A `VoiceRequest` as JSON. */
  readonly request: string;
  readonly created_at: number;
  readonly expires_at: number;
}

export interface VoiceFileTables {
  readonly voice_files: VoiceFileRow;
}

export const voiceFileMigrations: readonly Migration[] = [
  {
    name: 'voice-files-0001-ids',
    async up(database, columns) {
      await database.schema
        .createTable('voice_files')
        .addColumn('file_id', columns.key, (column) => column.primaryKey())
        .addColumn('sound_key', columns.key, (column) => column.notNull())
        .addColumn('provider', columns.key, (column) => column.notNull())
        .addColumn('request', columns.text, (column) => column.notNull())
        .addColumn('created_at', columns.integer, (column) => column.notNull())
        .addColumn('expires_at', columns.integer, (column) => column.notNull())
        .execute();
      await database.schema
        .createIndex('voice_files_expires_at')
        .on('voice_files')
        .column('expires_at')
        .execute();
      await database.schema
        .createIndex('voice_files_sound_key')
        .on('voice_files')
        .column('sound_key')
        .execute();
    },
    async down(database) {
      await database.schema.dropTable('voice_files').execute();
    },
  },
];
