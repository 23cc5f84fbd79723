import { AbortedError, delay, isAbort } from '../../../lib/abort.ts';
import type { Charge, ChargeOutcome, PaymentTerminal } from './terminal.ts';

/** An order of just this total is declined, so that a refusal can be seen. */
export const SIMULATED_DECLINE_WON = 44_400;
/** An order of just this total is never answered, so that a time limit and what follows can be seen. */
export const SIMULATED_SILENCE_WON = 55_500;

/** How long a customer with a card in the hand takes. */
const MOMENT_MS = 1_500;
/** Charges that are remembered: many more than can be asked for again. */
const MOST_REMEMBERED = 10_000;

export interface SimulatorOptions {
  /** Resolves after `ms`; throws AbortedError when the signal aborts first. The system's clock when absent. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds until a charge is decided; 1,500 when absent. */
  readonly momentMs?: number;
}

interface Entry {
  /** Null for an id that was reversed before its charge came. */
  readonly charge: Charge | null;
  readonly outcome: Promise<ChargeOutcome>;
  /** Calls the customer's part off. */
  readonly stop: AbortController;
}

const cancelled: ChargeOutcome = { type: 'declined', reason: 'cancelled' };

/**
 * A terminal that only acts as if: it approves after a moment, and no money moves. It declines an order of exactly 44,400 won
 * and leaves one of exactly 55,500 won without an answer. Its ledger is in memory and ends with the process, as there is
 * nothing in it to be lost.
 */
export function createSimulator({
  sleep = delay,
  momentMs = MOMENT_MS,
}: SimulatorOptions = {}): PaymentTerminal {
  const ledger = new Map<string, Entry>();

  function remember(paymentId: string, entry: Entry): void {
    ledger.set(paymentId, entry);
    for (const oldest of ledger.keys()) {
      if (ledger.size <= MOST_REMEMBERED) return;
      ledger.delete(oldest);
    }
  }

  async function decide({ amount, paymentId }: Charge, signal: AbortSignal): Promise<ChargeOutcome> {
    if (amount === SIMULATED_SILENCE_WON) await aborted(signal);
    await sleep(momentMs, signal);
    if (amount === SIMULATED_DECLINE_WON) return { type: 'declined', reason: 'declined' };
    return { type: 'approved', approvalCode: `SIM-${paymentId.slice(-8).toUpperCase()}` };
  }

  function begin(charge: Charge): Entry {
    const stop = new AbortController();
    // Called off before anything was decided: in a ledger in memory that is certain.
    const outcome = decide(charge, stop.signal).catch((error: unknown) => {
      if (isAbort(error)) return cancelled;
      throw error;
    });
    const entry = { charge, outcome, stop };
    remember(charge.paymentId, entry);
    return entry;
  }

  return {
    id: 'simulator',
    name: 'Payment simulator',
    methods: ['card', 'mobile_pay'],
    simulated: true,
    async charge(charge, signal) {
      if (signal.aborted) throw new AbortedError(signal.reason);
      const known = ledger.get(charge.paymentId);
      if (known !== undefined && known.charge !== null && !isSame(known.charge, charge)) {
        throw new RangeError(`The id ${charge.paymentId} stands for another charge.`);
      }
      const { outcome, stop } = known ?? begin(charge);
      const callOff = () => stop.abort(signal.reason);
      signal.addEventListener('abort', callOff, { once: true });
      return outcome.finally(() => signal.removeEventListener('abort', callOff));
    },
    reverse(paymentId) {
      const known = ledger.get(paymentId);
      known?.stop.abort(new Error('The charge is reversed.'));
      const charge = known?.charge ?? null;
      remember(paymentId, { charge, outcome: Promise.resolve(cancelled), stop: new AbortController() });
      return Promise.resolve();
    },
  };
}

/** Throws once the signal aborts. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new AbortedError(signal.reason)), { once: true });
  });
}

function isSame(one: Charge, other: Charge): boolean {
  return one.orderId === other.orderId && one.amount === other.amount && one.method === other.method;
}
