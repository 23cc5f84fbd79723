import type { Payment } from './payment.ts';
import { COUNTER } from './terminal.ts';

/** How orders can be paid for here, and where the payment of the session's placed order stands. */
export interface Paying {
  /** In order of preference; `counter` is always there. */
  readonly methods: readonly string[];
  /** True when no money moves. */
  readonly simulated: boolean;
  /** Of the order that was placed before this turn; null when it has none. */
  readonly payment: Payment | null;
}

/** Everything is paid for at the desk. */
export const AT_THE_DESK: Paying = { methods: [COUNTER], simulated: false, payment: null };

/** True where customers can pay otherwise than at the desk. */
export function hasTerminal({ methods }: Pick<Paying, 'methods'>): boolean {
  return methods.some((method) => method !== COUNTER);
}

/**
 * What a turn wants done about a payment once its state is kept. Only the customer's own words, read by rules, and taps come to
 * this.
 */
export type PaymentEffect =
  | { readonly type: 'charge'; readonly orderId: string; readonly method: string }
  | { readonly type: 'cancel-payment'; readonly orderId: string };
