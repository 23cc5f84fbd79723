import type { Migration } from '../../storage/migration.ts';

/** Tables of the kiosk. */
export const kioskMigrations: readonly Migration[] = [
  {
    name: 'kiosk-0001-sessions-orders-menus',
    async up(database, columns) {
      await database.schema
        .createTable('kiosk_sessions')
        .addColumn('session_id', columns.key, (column) => column.primaryKey().notNull())
        .addColumn('kiosk_id', columns.key)
        .addColumn('state', columns.text, (column) => column.notNull())
        .addColumn('version', columns.integer, (column) => column.notNull())
        .addColumn('created_at', columns.integer, (column) => column.notNull())
        .addColumn('expires_at', columns.integer, (column) => column.notNull())
        .execute();
      await database.schema
        .createIndex('kiosk_sessions_expiry')
        .on('kiosk_sessions')
        .column('expires_at')
        .execute();
      await database.schema
        .createTable('kiosk_orders')
        .addColumn('order_id', columns.key, (column) => column.primaryKey().notNull())
        .addColumn('session_id', columns.key, (column) => column.notNull())
        .addColumn('kiosk_id', columns.key)
        .addColumn('business_day', columns.key, (column) => column.notNull())
        .addColumn('order_number', columns.integer, (column) => column.notNull())
        .addColumn('content', columns.text, (column) => column.notNull())
        .addColumn('total_amount', columns.integer, (column) => column.notNull())
        .addColumn('item_count', columns.integer, (column) => column.notNull())
        .addColumn('created_at', columns.integer, (column) => column.notNull())
        .execute();
      await database.schema
        .createIndex('kiosk_orders_number')
        .unique()
        .on('kiosk_orders')
        .columns(['business_day', 'order_number'])
        .execute();
      await database.schema
        .createTable('kiosk_order_numbers')
        .addColumn('business_day', columns.key, (column) => column.primaryKey().notNull())
        .addColumn('last_number', columns.integer, (column) => column.notNull())
        .execute();
      await database.schema
        .createTable('kiosk_menus')
        .addColumn('version', columns.integer, (column) => column.primaryKey().notNull())
        .addColumn('content', columns.text, (column) => column.notNull())
        .addColumn('created_at', columns.integer, (column) => column.notNull())
        .addColumn('created_by', columns.key, (column) => column.notNull())
        .execute();
    },
    async down(database) {
      for (const table of ['kiosk_menus', 'kiosk_order_numbers', 'kiosk_orders', 'kiosk_sessions']) {
        await database.schema.dropTable(table).ifExists().execute();
      }
    },
  },
];
