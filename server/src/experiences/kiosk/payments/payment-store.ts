import type { PaymentFailure, PaymentStatus } from '@malbeot/protocol';
import type { Selectable, Transaction } from 'kysely';
import { isUniqueViolation } from '../../../storage/database-error.ts';
import type { Database } from '../../../storage/database.ts';
import type { KioskTables } from '../store.ts';
import type { Payment } from './payment.ts';

/** A payment that is to be written down. */
export interface NewPayment {
  readonly paymentId: string;
  readonly orderId: string;
  readonly method: string;
  readonly terminal: string;
  readonly amount: number;
  readonly status: 'pending' | 'at_counter';
  readonly requestKey: string | null;
  readonly leaseUntil: number;
}

/**
 * Payments in their table. Every change of status is conditional on the status before it, and says whether it was made: two
 * processes that decide at once never both do. A row holds its order's id in `live_order_id`, which is unique, from the moment
 * before its charge begins until it is certain that there is none.
 */
export interface PaymentStore {
  byKey(requestKey: string): Promise<Payment | null>;
  /** The one that is pending, reversing or approved. */
  live(orderId: string): Promise<Payment | null>;
  /** The live one, else the newest. */
  standing(orderId: string): Promise<Payment | null>;
  /** False when the key, or a live payment of the order, is there already. */
  insert(payment: NewPayment): Promise<boolean>;
  /** Pending → approved, and the order is paid: both or neither. */
  approve(paymentId: string, approvalCode: string): Promise<boolean>;
  /** Pending → declined. */
  decline(paymentId: string, failure: PaymentFailure): Promise<boolean>;
  /** Pending → reversing, due at once. */
  beginReversal(paymentId: string, failure: PaymentFailure): Promise<boolean>;
  /** Gives up a pending one at once, for whoever looks next. */
  endLease(paymentId: string): Promise<void>;
  /** Takes a reversing one that is due for a try, which nobody else makes before `until`. */
  claimReversal(paymentId: string, until: number): Promise<boolean>;
  /** Sets when a reversing one is due again. */
  postpone(paymentId: string, until: number): Promise<void>;
  /** Reversing → reversed. */
  endReversal(paymentId: string): Promise<boolean>;
  find(paymentId: string): Promise<Payment | null>;
  /** Pending ones whose process is gone, or reversing ones that are due; the oldest `limit`. */
  due(status: 'pending' | 'reversing', limit: number): Promise<readonly Payment[]>;
}

type Row = Selectable<KioskTables['kiosk_payments']>;

export function createPaymentStore({
  database,
  now,
}: {
  readonly database: Database;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}): PaymentStore {
  const tables = database.tables<KioskTables>();
  const all = () => tables.selectFrom('kiosk_payments').selectAll();

  /** In a transaction, which is tried again where two writers block each other. */
  const change = (paymentId: string, from: PaymentStatus, to: Partial<Row>): Promise<boolean> =>
    database.transaction<KioskTables, boolean>((work) => changeIn(work, paymentId, from, to));

  async function changeIn(
    work: Transaction<KioskTables>,
    paymentId: string,
    from: PaymentStatus,
    to: Partial<Row>,
  ): Promise<boolean> {
    const { numUpdatedRows } = await work
      .updateTable('kiosk_payments')
      .set({ ...to, updated_at: now() })
      .where('payment_id', '=', paymentId)
      .where('status', '=', from)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async function newest(orderId: string): Promise<Row | undefined> {
    return all()
      .where('order_id', '=', orderId)
      .orderBy('created_at', 'desc')
      .orderBy('payment_id', 'desc')
      .limit(1)
      .executeTakeFirst();
  }

  const live = async (orderId: string) =>
    toPayment(await all().where('live_order_id', '=', orderId).executeTakeFirst());

  return {
    live,
    byKey: async (requestKey) =>
      toPayment(await all().where('request_key', '=', requestKey).executeTakeFirst()),
    find: async (paymentId) => toPayment(await all().where('payment_id', '=', paymentId).executeTakeFirst()),
    standing: async (orderId) => (await live(orderId)) ?? toPayment(await newest(orderId)),
    async insert({ paymentId, orderId, method, terminal, amount, status, requestKey, leaseUntil }) {
      const before = await newest(orderId);
      // Later than the one before it, whatever the clock does: the newest has to be known.
      const createdAt = Math.max(now(), (before?.created_at ?? 0) + 1);
      const row: Row = {
        payment_id: paymentId,
        order_id: orderId,
        method,
        terminal,
        amount,
        status,
        failure: null,
        approval_code: null,
        request_key: requestKey,
        live_order_id: status === 'pending' ? orderId : null,
        lease_until: leaseUntil,
        attempts: 0,
        created_at: createdAt,
        updated_at: createdAt,
      };
      try {
        await database.transaction<KioskTables, unknown>((work) =>
          work.insertInto('kiosk_payments').values(row).execute(),
        );
        return true;
      } catch (error) {
        if (isUniqueViolation(error)) return false;
        throw error;
      }
    },
    approve: (paymentId, approvalCode) =>
      database.transaction<KioskTables, boolean>(async (work) => {
        const approved = { status: 'approved', approval_code: approvalCode };
        if (!(await changeIn(work, paymentId, 'pending', approved))) return false;
        await work
          .updateTable('kiosk_orders')
          .set({ paid_at: now(), payment_id: paymentId })
          .where('order_id', '=', (part) =>
            part.selectFrom('kiosk_payments').select('order_id').where('payment_id', '=', paymentId),
          )
          .execute();
        return true;
      }),
    decline: (paymentId, failure) =>
      change(paymentId, 'pending', { status: 'declined', failure, live_order_id: null }),
    beginReversal: (paymentId, failure) =>
      change(paymentId, 'pending', { status: 'reversing', failure, lease_until: now() }),
    endLease: async (paymentId) => void (await change(paymentId, 'pending', { lease_until: now() })),
    claimReversal: (paymentId, until) =>
      database.transaction<KioskTables, boolean>(async (work) => {
        const { numUpdatedRows } = await work
          .updateTable('kiosk_payments')
          .set((column) => ({
            lease_until: until,
            attempts: column('attempts', '+', 1),
            updated_at: now(),
          }))
          .where('payment_id', '=', paymentId)
          .where('status', '=', 'reversing')
          .where('lease_until', '<=', now())
          .executeTakeFirst();
        return numUpdatedRows === 1n;
      }),
    postpone: async (paymentId, until) => void (await change(paymentId, 'reversing', { lease_until: until })),
    endReversal: (paymentId) => change(paymentId, 'reversing', { status: 'reversed', live_order_id: null }),
    async due(status, limit) {
      const rows = await all()
        .where('status', '=', status)
        .where('lease_until', '<=', now())
        .orderBy('lease_until')
        .limit(limit)
        .execute();
      return rows.map((row) => toPayment(row));
    },
  };
}

function toPayment(row: Row): Payment;
function toPayment(row: Row | undefined): Payment | null;
function toPayment(row: Row | undefined): Payment | null {
  if (row === undefined) return null;
  return {
    paymentId: row.payment_id,
    orderId: row.order_id,
    method: row.method,
    terminal: row.terminal,
    amount: row.amount,
    status: row.status as PaymentStatus,
    failure: row.failure as PaymentFailure | null,
    approvalCode: row.approval_code,
    leaseUntil: row.lease_until,
    attempts: row.attempts,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
