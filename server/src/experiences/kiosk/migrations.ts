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
  {
    name: 'kiosk-0002-payments',
    async up(database, columns) {
      await database.schema
        .createTable('kiosk_payments')
        .addColumn('payment_id', columns.key, (column) => column.primaryKey().notNull())
        .addColumn('order_id', columns.key, (column) => column.notNull())
        .addColumn('method', columns.key, (column) => column.notNull())
        .addColumn('terminal', columns.key, (column) => column.notNull())
        .addColumn('amount', columns.integer, (column) => column.notNull())
        .addColumn('status', columns.key, (column) => column.notNull())
        .addColumn('failure', columns.key)
        .addColumn('approval_code', columns.key)
        .addColumn('request_key', columns.key)
        // The order while a charge may exist, else null: a second charge for it can't be written down.
        .addColumn('live_order_id', columns.key)
        .addColumn('lease_until', columns.integer, (column) => column.notNull())
        .addColumn('attempts', columns.integer, (column) => column.notNull())
        .addColumn('created_at', columns.integer, (column) => column.notNull())
        .addColumn('updated_at', columns.integer, (column) => column.notNull())
        .execute();
      for (const key of ['live_order_id', 'request_key']) {
        await database.schema
          .createIndex(`kiosk_payments_${key}`)
          .unique()
          .on('kiosk_payments')
          .column(key)
          .execute();
      }
      await database.schema
        .createIndex('kiosk_payments_order')
        .on('kiosk_payments')
        .columns(['order_id', 'created_at'])
        .execute();
      await database.schema
        .createIndex('kiosk_payments_due')
        .on('kiosk_payments')
        .columns(['status', 'lease_until'])
        .execute();
      await database.schema.alterTable('kiosk_orders').addColumn('paid_at', columns.integer).execute();
      await database.schema.alterTable('kiosk_orders').addColumn('payment_id', columns.key).execute();
    },
    async down(database) {
      await database.schema.dropTable('kiosk_payments').ifExists().execute();
      await database.schema.alterTable('kiosk_orders').dropColumn('paid_at').execute();
      await database.schema.alterTable('kiosk_orders').dropColumn('payment_id').execute();
    },
  },
];
