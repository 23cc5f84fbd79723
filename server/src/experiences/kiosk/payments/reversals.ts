import type { Hub } from '../../../hub/hub.ts';
import { AbortedError } from '../../../lib/abort.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { Logger } from '../../../telemetry/logger.ts';
import type { KioskStore } from '../store.ts';
import { CALL_STAFF_EVERY, type Payment } from './payment.ts';
import type { PaymentStore } from './payment-store.ts';
import type { PaymentTerminal } from './terminal.ts';
import { within, type Sleep } from './within.ts';

/** How long a terminal may take to say that a charge is taken back. */
const REVERSE_LIMIT_MS = 15_000;
/** What a try may be slower than its limit before another process makes the next one. */
const CLAIM_RESERVE_MS = 5_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** Timers may end a moment before the clock says so. */
const TIMER_SLACK_MS = 10;
/** Tries of the process that has it; the sweeps make the others. */
const TRIES_AT_ONCE = 5;
/** Payments looked at in one sweep, and tries made side by side. */
const SWEEP_LIMIT = 100;
const SIDE_BY_SIDE = 4;

export interface ReversalsOptions {
  readonly store: PaymentStore;
  readonly orders: Pick<KioskStore, 'findOrder'>;
  readonly hub: Pick<Hub, 'publish'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
  /** By id. */
  readonly terminals: ReadonlyMap<string, PaymentTerminal>;
  readonly sleep: Sleep;
  readonly stopping: AbortSignal;
}

/** What a sweep came to. */
export interface Recovered {
  /** Payments whose process was gone. */
  readonly taken_over: number;
  /** Charges that surely are taken back now. */
  readonly reversed: number;
}

/** Takes charges back, again and again until it is certain. */
export interface Reversals {
  /** Tries at once and, with growing waits, a few times more. What is not certain then, {@link Reversals.recover} goes on with. */
  takeBack(paymentId: string): Promise<void>;
  /** Takes over what was left pending, and makes the tries that are due. Looks at `signal` between them. */
  recover(signal: AbortSignal): Promise<Recovered>;
}

type Tried =
  | { readonly type: 'reversed' | 'not-ours' }
  | { readonly type: 'again'; readonly afterMs: number };

export function createReversals(options: ReversalsOptions): Reversals {
  const { store, orders, hub, clock, log, terminals, sleep, stopping } = options;

  async function attempt(paymentId: string, signal: AbortSignal): Promise<Tried> {
    const until = clock.now() + REVERSE_LIMIT_MS + CLAIM_RESERVE_MS;
    if (!(await store.claimReversal(paymentId, until))) return { type: 'not-ours' };
    const payment = (await store.find(paymentId))!;
    try {
      await within({ limitMs: REVERSE_LIMIT_MS, parent: signal, sleep }, (inner) => reverse(payment, inner));
    } catch (error) {
      return await again(payment, error, signal);
    }
    await store.endReversal(paymentId);
    log.info({ payment_id: paymentId, attempts: payment.attempts }, 'payment taken back');
    return { type: 'reversed' };
  }

  async function reverse({ paymentId, terminal: id }: Payment, signal: AbortSignal): Promise<void> {
    const terminal = terminals.get(id);
    if (terminal === undefined)
      throw new Error(
        `No terminal "${id}" is configured. Set KIOSK_TERMINAL back until its payments are settled.`,
      );
    await terminal.reverse(paymentId, signal);
  }

  async function again(payment: Payment, error: unknown, signal: AbortSignal): Promise<Tried> {
    const { paymentId, attempts } = payment;
    const afterMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts - 1, 10));
    // A server that stops hands it on at once.
    await store.postpone(paymentId, clock.now() + (signal.aborted ? 0 : afterMs));
    if (signal.aborted) throw new AbortedError(signal.reason);
    log.warn({ err: error, payment_id: paymentId, attempts }, 'payment could not be taken back yet');
    if (attempts % CALL_STAFF_EVERY === 0) await callStaff(payment);
    return { type: 'again', afterMs };
  }

  async function callStaff({
    paymentId,
    orderId,
    amount,
    method,
    terminal,
    attempts,
  }: Payment): Promise<void> {
    const order = await orders.findOrder(orderId);
    if (order === null) return;
    await hub.publish('staff', 'payment_attention', {
      order_id: orderId,
      order_number: order.orderNumber,
      kiosk_id: order.kioskId,
      payment_id: paymentId,
      amount,
      method,
      terminal,
      attempts,
      at: new Date(clock.now()).toISOString(),
    });
  }

  return {
    async takeBack(paymentId) {
      for (let tries = 1; ; tries++) {
        const tried = await attempt(paymentId, stopping);
        if (tried.type !== 'again' || tries === TRIES_AT_ONCE) return;
        await sleep(tried.afterMs + TIMER_SLACK_MS, stopping);
      }
    },
    async recover(signal) {
      let takenOver = 0;
      for (const { paymentId } of await store.due('pending', SWEEP_LIMIT)) {
        if (!(await store.beginReversal(paymentId, 'answer_lost'))) continue;
        takenOver++;
        log.warn({ payment_id: paymentId }, 'payment of a process that is gone');
      }
      let reversed = 0;
      const due = [...(await store.due('reversing', SWEEP_LIMIT))];
      const tryThem = async () => {
        for (let next = due.shift(); next !== undefined && !signal.aborted; next = due.shift()) {
          try {
            if ((await attempt(next.paymentId, signal)).type === 'reversed') reversed++;
          } catch (error) {
            if (signal.aborted) return;
            log.error({ err: error, payment_id: next.paymentId }, 'a payment could not be looked after');
          }
        }
      };
      await Promise.all(Array.from({ length: SIDE_BY_SIDE }, tryThem));
      return { taken_over: takenOver, reversed };
    },
  };
}
