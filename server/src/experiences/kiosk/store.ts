import type { Dining, OrderData, OrderLineView } from '@malbeot/protocol';
import type { Transaction } from 'kysely';
import type { Clock } from '../../lib/clock.ts';
import type { Database } from '../../storage/database.ts';
import { deleteInBatches } from '../../storage/delete-in-batches.ts';
import { insertIfAbsent } from '../../storage/upsert.ts';
import type { KioskState } from './state.ts';

interface SessionRow {
  session_id: string;
  kiosk_id: string | null;
  state: string;
  version: number;
  created_at: number;
  expires_at: number;
}

interface OrderRow {
  order_id: string;
  session_id: string;
  kiosk_id: string | null;
  business_day: string;
  order_number: number;
  content: string;
  total_amount: number;
  item_count: number;
  created_at: number;
  paid_at: number | null;
  payment_id: string | null;
}

interface PaymentRow {
  payment_id: string;
  order_id: string;
  method: string;
  terminal: string;
  amount: number;
  status: string;
  failure: string | null;
  approval_code: string | null;
  request_key: string | null;
  live_order_id: string | null;
  lease_until: number;
  attempts: number;
  created_at: number;
  updated_at: number;
}

/** The kiosk's own tables. */
export interface KioskTables {
  kiosk_sessions: SessionRow;
  kiosk_orders: OrderRow;
  kiosk_payments: PaymentRow;
  kiosk_order_numbers: { business_day: string; last_number: number };
  kiosk_menus: { version: number; content: string; created_at: number; created_by: string };
}

/** A session as it was last saved. Times are milliseconds since the epoch. */
export interface SavedSession {
  readonly sessionId: string;
  readonly kioskId: string | null;
  readonly state: KioskState;
  /** Counts saves; 0 for a session that was never saved. */
  readonly version: number;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** What a placed order holds besides its number. */
export interface OrderContent {
  readonly order: OrderData;
  readonly lines: readonly OrderLineView[];
  readonly dine: Dining;
}

export interface PlacedOrder extends OrderContent {
  readonly orderId: string;
  readonly orderNumber: number;
  /** `2026-11-21`, in the shop's time zone. */
  readonly businessDay: string;
  readonly sessionId: string;
  readonly kioskId: string | null;
  /** Milliseconds since the epoch; null until it is. `order.status` says the same. */
  readonly paidAt: number | null;
}

/** Thrown by `save` when another process saved the session meanwhile: load it and do the turn again. */
export class SessionChangedError extends Error {
  override readonly name = 'SessionChangedError';
}

export interface KioskStore {
  load(sessionId: string): Promise<SavedSession | null>;
  /**
   * Keeps a session after a turn and, with `place`, its order: both or neither. The order gets the next number of its day.
   *
   * @throws {SessionChangedError} when `session.version` is no longer what is stored.
   */
  save(session: SavedSession, place: OrderPlacing | null): Promise<Kept>;
  findOrder(orderId: string): Promise<PlacedOrder | null>;
  /** Ends a session now; its row stays until it is swept. */
  end(sessionId: string): Promise<void>;
  /** Deletes sessions that ended before `before`, in batches; answers how many. */
  sweep(before: number, signal: AbortSignal): Promise<number>;
}

/** What was kept of a turn. */
export interface Kept {
  /** The session with its new version and, when an order was placed, the number in its state. */
  readonly session: SavedSession;
  readonly order: PlacedOrder | null;
}

/** An order that is to be placed. */
export interface OrderPlacing {
  readonly orderId: string;
  readonly content: OrderContent;
  /** The session's state once the order has its number. */
  readonly withNumber: (orderNumber: number) => KioskState;
}

const SHOP_TIME_ZONE = 'Asia/Seoul';
const dayFormat = new Intl.DateTimeFormat('sv-SE', { timeZone: SHOP_TIME_ZONE });

export function createKioskStore({
  database,
  clock,
}: {
  readonly database: Database;
  readonly clock: Clock;
}): KioskStore {
  const tables = database.tables<KioskTables>();

  /** Counts up first: that takes the row, so that two who count at once wait for each other and do not deadlock. */
  async function nextNumber(work: Transaction<KioskTables>, businessDay: string): Promise<number> {
    if (!(await countUp(work, businessDay))) {
      const first = { business_day: businessDay, last_number: 1 };
      const isFirst = await insertIfAbsent(database.dialect, work, 'kiosk_order_numbers', first, [
        'business_day',
      ]);
      if (isFirst) return 1;
      await countUp(work, businessDay);
    }
    const { last_number } = await work
      .selectFrom('kiosk_order_numbers')
      .select('last_number')
      .where('business_day', '=', businessDay)
      .executeTakeFirstOrThrow();
    return last_number;
  }

  async function countUp(work: Transaction<KioskTables>, businessDay: string): Promise<boolean> {
    const { numUpdatedRows } = await work
      .updateTable('kiosk_order_numbers')
      .set((column) => ({ last_number: column('last_number', '+', 1) }))
      .where('business_day', '=', businessDay)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  async function placeOrder(
    work: Transaction<KioskTables>,
    { sessionId, kioskId }: SavedSession,
    { orderId, content }: OrderPlacing,
  ): Promise<PlacedOrder> {
    const now = clock.now();
    const businessDay = dayFormat.format(now);
    const orderNumber = await nextNumber(work, businessDay);
    await work
      .insertInto('kiosk_orders')
      .values({
        order_id: orderId,
        session_id: sessionId,
        kiosk_id: kioskId,
        business_day: businessDay,
        order_number: orderNumber,
        content: JSON.stringify(content),
        total_amount: content.order.total_amount,
        item_count: content.order.item_count,
        created_at: now,
        paid_at: null,
        payment_id: null,
      })
      .execute();
    return { ...content, orderId, orderNumber, businessDay, sessionId, kioskId, paidAt: null };
  }

  async function saveSession(work: Transaction<KioskTables>, session: SavedSession): Promise<SavedSession> {
    const saved = { ...session, version: session.version + 1 };
    const row = { state: JSON.stringify(saved.state), version: saved.version, expires_at: saved.expiresAt };
    if (session.version === 0) {
      const { sessionId: session_id, kioskId: kiosk_id, createdAt: created_at } = saved;
      await work
        .insertInto('kiosk_sessions')
        .values({ session_id, kiosk_id, created_at, ...row })
        .execute();
      return saved;
    }
    const { numUpdatedRows } = await work
      .updateTable('kiosk_sessions')
      .set(row)
      .where('session_id', '=', session.sessionId)
      .where('version', '=', session.version)
      .executeTakeFirst();
    if (numUpdatedRows === 1n) return saved;
    throw new SessionChangedError(`Session ${session.sessionId} was saved by another process.`);
  }

  return {
    async load(sessionId) {
      const row = await tables
        .selectFrom('kiosk_sessions')
        .selectAll()
        .where('session_id', '=', sessionId)
        .executeTakeFirst();
      if (row === undefined) return null;
      return {
        sessionId: row.session_id,
        kioskId: row.kiosk_id,
        state: JSON.parse(row.state) as KioskState,
        version: row.version,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
      };
    },
    save: (session, place) =>
      database.transaction<KioskTables, Kept>(async (work) => {
        if (place === null) return { session: await saveSession(work, session), order: null };
        const order = await placeOrder(work, session, place);
        const state = place.withNumber(order.orderNumber);
        return { session: await saveSession(work, { ...session, state }), order };
      }),
    async findOrder(orderId) {
      const row = await tables
        .selectFrom('kiosk_orders')
        .selectAll()
        .where('order_id', '=', orderId)
        .executeTakeFirst();
      if (row === undefined) return null;
      const content = JSON.parse(row.content) as OrderContent;
      return {
        ...(row.paid_at === null ? content : asPaid(content)),
        orderId: row.order_id,
        orderNumber: row.order_number,
        businessDay: row.business_day,
        sessionId: row.session_id,
        kioskId: row.kiosk_id,
        paidAt: row.paid_at,
      };
    },
    async end(sessionId) {
      await tables
        .updateTable('kiosk_sessions')
        .set((column) => ({ expires_at: clock.now(), version: column('version', '+', 1) }))
        .where('session_id', '=', sessionId)
        .execute();
    },
    sweep: (before, signal) =>
      deleteInBatches({
        signal,
        async find(limit) {
          const rows = await tables
            .selectFrom('kiosk_sessions')
            .select('session_id')
            .where('expires_at', '<', before)
            .limit(limit)
            .execute();
          return rows.map(({ session_id }) => session_id);
        },
        remove: (keys) =>
          tables
            .deleteFrom('kiosk_sessions')
            .where('session_id', 'in', keys)
            .where('expires_at', '<', before)
            .execute(),
      }),
  };
}

/** What was placed, told as paid. */
export function asPaid<Content extends OrderContent>(content: Content): Content {
  return { ...content, order: { ...content.order, status: 'paid' } };
}
