import type { PaymentFailure } from '@malbeot/protocol';
import { createHash } from 'node:crypto';
import { AppError } from '../../../errors/app-error.ts';
import type { Hub } from '../../../hub/hub.ts';
import { childOf, delay, isAbort, TimeoutError, type AbortNode } from '../../../lib/abort.ts';
import type { Clock } from '../../../lib/clock.ts';
import { newId, type RandomBytes } from '../../../lib/ids.ts';
import type { Database } from '../../../storage/database.ts';
import type { Logger } from '../../../telemetry/logger.ts';
import type { KioskStore, PlacedOrder } from '../store.ts';
import type { Payment } from './payment.ts';
import { createPaymentStore } from './payment-store.ts';
import { createReversals, type Recovered } from './reversals.ts';
import { COUNTER, type ChargeOutcome, type PaymentTerminal } from './terminal.ts';
import { within, type Sleep } from './within.ts';

/** How long a customer may take at the terminal. */
const CHARGE_LIMIT_MS = 120_000;
/** What a process may be slower than its own limits before another one takes its payment over. */
const LEASE_RESERVE_MS = 30_000;
/** A payment that came first may be declined before it is read: then it is looked again. */
const MOST_TRIES = 3;
/** Waits between tries to write down what came of a charge. */
const WRITE_AGAIN_MS = [200, 1_000, 5_000];

export interface PaymentsOptions {
  readonly database: Database;
  readonly orders: Pick<KioskStore, 'findOrder'>;
  readonly hub: Pick<Hub, 'publish'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: RandomBytes;
  readonly log: Logger;
  /** Where customers pay; null: at the desk only. */
  readonly terminal: PaymentTerminal | null;
  /** Terminals that were in use before: what was begun on them can still be taken back. */
  readonly formerTerminals?: readonly PaymentTerminal[];
  /** The system's clock when absent. */
  readonly sleep?: Sleep;
}

export interface PaymentRequest {
  readonly orderId: string;
  /** One of {@link Payments.methods}. */
  readonly method: string;
  /** The same key for the same order never begins a second payment; null without one. */
  readonly key: string | null;
}

/**
 * Payments of placed orders. At most one charge of an order can exist at a time, in all processes over one database; it is
 * begun only by {@link Payments.start}, and whatever is not certain about it is taken back.
 */
export interface Payments {
  /** Ways to pay here, in order of preference; `counter` is always the last. */
  readonly methods: readonly string[];
  /** True when no money moves. */
  readonly simulated: boolean;
  /**
   * Begins a payment of a placed order, and goes on with it in the background. Answers the payment that stands instead where the
   * key was used before, where one is under way, and where the order is paid.
   *
   * @throws {AppError} NOT_FOUND without such an order, INVALID_INPUT for a method that is not offered, SHUTTING_DOWN.
   */
  start(request: PaymentRequest): Promise<Payment>;
  /** The payment of an order that counts: the live one, else the last. */
  standing(orderId: string): Promise<Payment | null>;
  /** Calls a pending payment off and takes back what may have been charged; answers the payment that stands then. */
  cancel(orderId: string): Promise<Payment | null>;
  /** Takes over payments whose process is gone, and tries once to take back each charge that is due for it. */
  recover(signal: AbortSignal): Promise<Recovered>;
  /** Resolves when this process has nothing under way. */
  quiet(): Promise<void>;
  /** Stops waiting for terminals; what is under way is left to {@link Payments.recover}, here or elsewhere. */
  close(): Promise<void>;
}

export function createPayments(options: PaymentsOptions): Payments {
  const {
    database,
    orders,
    hub,
    clock,
    random,
    log,
    terminal,
    formerTerminals = [],
    sleep = delay,
  } = options;
  const methods = [...(terminal?.methods ?? []), COUNTER];
  const terminals = new Map(
    [...formerTerminals, ...(terminal === null ? [] : [terminal])].map((one) => [one.id, one]),
  );
  const store = createPaymentStore({ database, now: clock.now });
  const stopping = new AbortController();
  const charging = new Map<string, AbortNode>();
  const running = new Set<Promise<void>>();
  const reversals = createReversals({
    store,
    orders,
    hub,
    clock,
    log,
    terminals,
    sleep,
    stopping: stopping.signal,
  });

  /** Goes on with `work` while the answer goes out. Whatever it throws, the database still knows what to take back. */
  function inBackground(paymentId: string, work: () => Promise<void>): void {
    const done = work()
      .catch((error: unknown) => {
        if (!stopping.signal.aborted) log.error({ err: error, payment_id: paymentId }, 'payment was left');
      })
      .finally(() => running.delete(done));
    running.add(done);
  }

  /** Writes what came of a charge, again after a while where the database fails. */
  async function firmly<T>(write: () => Promise<T>): Promise<T> {
    for (const waitMs of WRITE_AGAIN_MS) {
      try {
        return await write();
      } catch (error) {
        log.warn({ err: error }, 'what came of a payment could not be written yet');
        await sleep(waitMs, stopping.signal);
      }
    }
    return write();
  }

  async function charge(at: PaymentTerminal, payment: Payment, order: PlacedOrder): Promise<void> {
    const { paymentId, orderId, amount, method } = payment;
    const node = childOf(stopping.signal);
    charging.set(paymentId, node);
    let outcome: ChargeOutcome;
    try {
      outcome = await within({ limitMs: CHARGE_LIMIT_MS, parent: node.signal, sleep }, (signal) =>
        at.charge({ paymentId, orderId, orderNumber: order.orderNumber, amount, method }, signal),
      );
    } catch (error) {
      if (stopping.signal.aborted) return await store.endLease(paymentId);
      if (!isAbort(error)) log.warn({ err: error, payment_id: paymentId }, 'no sure answer to a charge');
      const failure: PaymentFailure = error instanceof TimeoutError ? 'timeout' : 'answer_lost';
      await firmly(() => store.beginReversal(paymentId, failure));
      return await reversals.takeBack(paymentId);
    } finally {
      charging.delete(paymentId);
      node.unlink();
    }
    await settle(payment, order, outcome);
  }

  async function settle(payment: Payment, order: PlacedOrder, outcome: ChargeOutcome): Promise<void> {
    const { paymentId } = payment;
    if (outcome.type === 'declined') {
      await firmly(() => store.decline(paymentId, outcome.reason));
      log.info({ payment_id: paymentId, reason: outcome.reason }, 'payment declined');
      return;
    }
    const approvalCode = outcome.approvalCode.slice(0, 100);
    const approved = await firmly(() => store.approve(paymentId, approvalCode));
    // What was written may have been written by a try whose answer was lost.
    if (!approved && (await store.find(paymentId))?.status !== 'approved') {
      log.warn({ payment_id: paymentId }, 'an approval came too late and is taken back');
      return;
    }
    log.info({ payment_id: paymentId, order_id: order.orderId }, 'order paid');
    await hub.publish('staff', 'order_paid', {
      order_id: order.orderId,
      order_number: order.orderNumber,
      kiosk_id: order.kioskId,
      payment_id: paymentId,
      amount: payment.amount,
      method: payment.method,
      terminal: payment.terminal,
      simulated: terminals.get(payment.terminal)?.simulated === true,
      at: new Date(clock.now()).toISOString(),
    });
  }

  /** Where a payment for this request stands already. */
  async function known(orderId: string, requestKey: string | null): Promise<Payment | null> {
    const byKey = requestKey === null ? null : await store.byKey(requestKey);
    return byKey ?? store.live(orderId);
  }

  async function payAtCounter(order: PlacedOrder, requestKey: string | null): Promise<Payment | null> {
    const last = await store.standing(order.orderId);
    if (last?.status === 'at_counter') return last;
    return insert(order, COUNTER, COUNTER, 'at_counter', requestKey);
  }

  /** Null where another payment came first. */
  async function insert(
    order: PlacedOrder,
    method: string,
    terminalId: string,
    status: 'pending' | 'at_counter',
    requestKey: string | null,
  ): Promise<Payment | null> {
    const paymentId = newId('pay', random);
    const inserted = await store.insert({
      paymentId,
      orderId: order.orderId,
      method,
      terminal: terminalId,
      amount: order.order.total_amount,
      status,
      requestKey,
      leaseUntil: clock.now() + CHARGE_LIMIT_MS + LEASE_RESERVE_MS,
    });
    return inserted ? store.find(paymentId) : null;
  }

  return {
    methods,
    simulated: terminal?.simulated === true,
    standing: store.standing,
    async start({ orderId, method, key }) {
      if (stopping.signal.aborted) throw new AppError('SHUTTING_DOWN', { retryAfterSeconds: 5 });
      const order = await orders.findOrder(orderId);
      if (order === null) throw new AppError('NOT_FOUND', { detail: 'There is no order with this id.' });
      if (!methods.includes(method)) throw notOffered(method, methods);
      const requestKey = key === null ? null : keyOf(orderId, key);
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const before = await known(orderId, requestKey);
        if (before !== null) return before;
        if (terminal === null || method === COUNTER || order.order.total_amount === 0) {
          const noted = await payAtCounter(order, requestKey);
          if (noted !== null) return noted;
          continue;
        }
        const payment = await insert(order, method, terminal.id, 'pending', requestKey);
        if (payment === null) continue;
        inBackground(payment.paymentId, () => charge(terminal, payment, order));
        return payment;
      }
      throw new AppError('CONFLICT', {
        detail: 'Other payments of this order are begun and decided at this moment. Try again.',
        retryAfterSeconds: 1,
      });
    },
    async cancel(orderId) {
      const payment = await store.live(orderId);
      if (payment?.status === 'pending' && (await store.beginReversal(payment.paymentId, 'cancelled'))) {
        const { paymentId } = payment;
        charging.get(paymentId)?.abort(new Error('The customer called the payment off.'));
        inBackground(paymentId, () => reversals.takeBack(paymentId));
      }
      return store.standing(orderId);
    },
    recover: reversals.recover,
    async quiet() {
      while (running.size > 0) await Promise.allSettled(running);
    },
    async close() {
      stopping.abort(new Error('The server stops.'));
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}

function notOffered(method: string, methods: readonly string[]): AppError {
  const allowed = methods.join(', ');
  return new AppError('INVALID_INPUT', {
    detail: `Orders can not be paid for by "${method.slice(0, 40)}" here. Use one of: ${allowed}.`,
    issues: [{ path: 'body.method', message: `needs one of: ${allowed}` }],
  });
}

/** Any key becomes a short one that belongs to its order. */
function keyOf(orderId: string, key: string): string {
  return createHash('sha256').update(`${orderId}\n${key}`).digest('base64url');
}
