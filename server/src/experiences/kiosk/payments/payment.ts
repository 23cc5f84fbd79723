import type { PaymentFailure, PaymentStatus } from '@malbeot/protocol';

/** One try to pay for a placed order, as it is kept. Times are milliseconds since the epoch. */
export interface Payment {
  readonly paymentId: string;
  readonly orderId: string;
  readonly method: string;
  /** Id of the terminal, or `counter`. */
  readonly terminal: string;
  /** Won. */
  readonly amount: number;
  readonly status: PaymentStatus;
  readonly failure: PaymentFailure | null;
  readonly approvalCode: string | null;
  /** Of a pending one: until when its process may go on. Of a reversing one: when it is tried next. */
  readonly leaseUntil: number;
  /** How often it was tried to take it back. */
  readonly attempts: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Tries to take a charge back after which the staff are called, and again after as many more. */
export const CALL_STAFF_EVERY = 5;

/** True while nothing else may be charged for the order because the last word on this payment is not spoken. */
export function isOpenPayment(payment: Pick<Payment, 'status'> | null): boolean {
  return payment?.status === 'pending' || payment?.status === 'reversing';
}

/** True once nothing will be asked of the terminal for this order again. */
export function isSettled(payment: Pick<Payment, 'status'> | null): boolean {
  return payment?.status === 'approved' || payment?.status === 'at_counter';
}

/** The value-added tax of 10% that a total in won holds. */
export function taxIn(total: number): number {
  return total - Math.round(total / 1.1);
}
