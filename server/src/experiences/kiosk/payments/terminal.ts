/** What is to be charged. */
export interface Charge {
  /** Names this charge for ever: the same id is never charged twice. */
  readonly paymentId: string;
  readonly orderId: string;
  /** What the counter calls out, for the terminal's display and slip. */
  readonly orderNumber: number;
  /** Won, more than 0. */
  readonly amount: number;
  /** One of the terminal's {@link PaymentTerminal.methods}. */
  readonly method: string;
}

/** Why a charge came to nothing. */
export type DeclineReason = 'declined' | 'cancelled' | 'timeout' | 'terminal_unavailable';

/** What surely came of a charge. A `declined` one has moved no money and never will. */
export type ChargeOutcome =
  | { readonly type: 'approved'; readonly approvalCode: string }
  | { readonly type: 'declined'; readonly reason: DeclineReason };

/**
 * A device that takes payments, behind an adapter for its vendor. The server counts on every sentence here; an adapter runs
 * `describeTerminal` of `terminal.suite.ts` in its tests.
 *
 * The money is safe if, and only if:
 *
 * 1. `charge` answers what is certain and throws everything else. An answer that was lost, a connection that broke, a state
 *    that the adapter does not know: all of them are thrown, and the server then takes the charge back. `declined` may only
 *    be answered where no money moved and none can move later under this id; a terminal that was surely never reached
 *    is `declined` with `terminal_unavailable`.
 * 2. `charge` is idempotent by `paymentId`, across restarts of server and terminal. The same charge again answers what came of
 *    the first, and joins one that still runs. The same id with another amount, method or order throws and charges nothing.
 * 3. An aborted `signal` calls the customer's part off where the vendor allows that, and makes `charge` end soon, usually by
 *    throwing. It may also end as an approval that came at the same moment; the server no longer counts on it then.
 * 4. `reverse` resolves when it is certain that the customer keeps the money: a charge that was approved is voided or given
 *    back in full, one that runs is called off, one that was declined stays so, and one that the terminal has never heard of
 *    is refused if it arrives later. After that `charge` with this id answers `declined` with `cancelled`, for ever.
 * 5. `reverse` is idempotent, may run while `charge` runs, and throws when any of that is not certain; the server then tries
 *    again, until it is.
 */
export interface PaymentTerminal {
  /** Kept with every payment: `simulator`, or the vendor's name. Never changes. */
  readonly id: string;
  /** For people who run the shop. */
  readonly name: string;
  /** What it takes, in order of preference: `card`, `mobile_pay`, `cash`, or a vendor's own. Never `counter`. */
  readonly methods: readonly string[];
  /** True when no money moves. */
  readonly simulated: boolean;
  /** Asks the customer for the amount and waits for what comes of it. */
  charge(charge: Charge, signal: AbortSignal): Promise<ChargeOutcome>;
  /** Makes sure that the customer is not charged under this id, now or later. */
  reverse(paymentId: string, signal: AbortSignal): Promise<void>;
}

/** Paying at the desk, with the order number: no terminal has a part in it. */
export const COUNTER = 'counter';
