import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kioskMigrations } from '../../src/experiences/kiosk/migrations.ts';
import type { KioskState } from '../../src/experiences/kiosk/state.ts';
import type { KioskTables, OrderContent } from '../../src/experiences/kiosk/store.ts';
import type { Database } from '../../src/storage/database.ts';
import { createMigrator } from '../../src/storage/migrator.ts';
import { openDatabase } from '../../src/storage/open-database.ts';

export type OrderRow = KioskTables['kiosk_orders'];
export type PaymentRow = KioskTables['kiosk_payments'];

export interface SessionRow {
  readonly sessionId: string;
  readonly version: number;
  readonly expiresAt: number;
  readonly state: KioskState;
}

/** What is committed, read past the server by a connection of its own. */
export interface Rows {
  session(sessionId: string): SessionRow | null;
  orders(): readonly OrderRow[];
  order(orderId: string): OrderRow | null;
  payments(): readonly PaymentRow[];
  /** True while a payment waits for its terminal, or to be taken back. */
  hasOpenPayments(): boolean;
}

/** A database that many dialogues use, one after the other. */
export interface Place {
  readonly database: Database;
  readonly rows: Rows;
  /** Empties it for the next dialogue. */
  empty(): void;
  close(): Promise<void>;
}

export async function openPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'malbeot-money-'));
  const path = join(folder, 'money.db');
  const database = await openDatabase(`sqlite:${path}`);
  await createMigrator({ database, migrations: kioskMigrations }).forward();
  // Processes die here, the machine does not.
  await sql`pragma synchronous = off`.execute(database.tables());
  const raw = new Sqlite(path);
  return {
    database,
    rows: readRows(raw),
    empty() {
      raw.exec('begin immediate');
      for (const table of ['sessions', 'orders', 'payments', 'order_numbers'])
        raw.exec(`delete from kiosk_${table}`);
      raw.exec('commit');
    },
    async close() {
      raw.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function readRows(raw: Sqlite.Database): Rows {
  type Stored = { version: number; expires_at: number };
  const session = raw.prepare<[string], Stored>(
    'select version, expires_at from kiosk_sessions where session_id = ?',
  );
  const stateOf = raw
    .prepare<[string], string>('select state from kiosk_sessions where session_id = ?')
    .pluck();
  const states = new Map<string, { readonly version: number; readonly state: KioskState }>();
  const orders = raw.prepare<[], OrderRow>('select * from kiosk_orders order by created_at, order_number');
  const order = raw.prepare<[string], OrderRow>('select * from kiosk_orders where order_id = ?');
  const payments = raw.prepare<[], PaymentRow>(
    'select * from kiosk_payments order by created_at, payment_id',
  );
  const open = raw.prepare<[]>(
    "select 1 from kiosk_payments where status in ('pending', 'reversing') limit 1",
  );
  return {
    session(sessionId) {
      const row = session.get(sessionId);
      if (row === undefined) return null;
      const known = states.get(sessionId);
      const state =
        known?.version === row.version ? known.state : (JSON.parse(stateOf.get(sessionId)!) as KioskState);
      states.clear();
      states.set(sessionId, { version: row.version, state });
      return { sessionId, version: row.version, expiresAt: row.expires_at, state };
    },
    orders: () => orders.all(),
    order: (orderId) => order.get(orderId) ?? null,
    payments: () => payments.all(),
    hasOpenPayments: () => open.get() !== undefined,
  };
}

/** What an order holds besides its number. */
export function contentOf({ content }: OrderRow): OrderContent {
  return JSON.parse(content) as OrderContent;
}
