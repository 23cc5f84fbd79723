import type { HubEvents, HubEventType } from '@malbeot/protocol';
import { AbortedError } from '../../../lib/abort.ts';
import { newId, systemRandom } from '../../../lib/ids.ts';
import { createManualClock, type ManualClock } from '../../../providers/fake/manual-clock.ts';
import type { Database } from '../../../storage/database.ts';
import { silentLogger } from '../../../telemetry/logger.ts';
import { newState } from '../state.ts';
import { createKioskStore, type KioskStore, type PlacedOrder } from '../store.ts';
import { createPayments, type Payments } from './payments.ts';
import type { Charge, ChargeOutcome, PaymentTerminal } from './terminal.ts';
import type { Sleep } from './within.ts';

/** Money that moved: what was charged is positive, what was given back negative. */
export interface Movement {
  readonly paymentId: string;
  readonly orderId: string;
  /** Won. */
  readonly amount: number;
}

/** The books behind a terminal. They survive whatever becomes of the server, the terminal and the line between them. */
export interface TestBank {
  readonly movements: readonly Movement[];
  /** Won that the customer of this order has paid and not got back. */
  heldFor(orderId: string): number;
  /** Payments of this order that stand charged now. */
  chargesOf(orderId: string): readonly string[];
  /** Books a charge once, whatever comes again; what was reversed is refused for ever. */
  authorise(charge: Charge): ChargeOutcome;
  /** Declines a charge for ever. */
  decline(charge: Charge): ChargeOutcome;
  /** Gives back what stands under this id, and refuses whatever comes under it later. */
  reverse(paymentId: string): void;
}

export function createTestBank(): TestBank {
  const movements: Movement[] = [];
  const books = new Map<string, { readonly charge: Charge | null; readonly outcome: ChargeOutcome }>();
  const standing = () => [...books.entries()].filter(([, { outcome }]) => outcome.type === 'approved');

  function book(charge: Charge, outcome: ChargeOutcome): ChargeOutcome {
    const { paymentId, orderId, amount } = charge;
    const known = books.get(paymentId);
    if (known !== undefined) {
      if (known.charge !== null && !isSame(known.charge, charge))
        throw new RangeError(`The id ${paymentId} stands for another charge.`);
      return known.outcome;
    }
    books.set(paymentId, { charge, outcome });
    if (outcome.type === 'approved') movements.push({ paymentId, orderId, amount });
    return outcome;
  }

  return {
    movements,
    heldFor: (orderId) =>
      movements.reduce((sum, moved) => sum + (moved.orderId === orderId ? moved.amount : 0), 0),
    chargesOf: (orderId) =>
      standing().flatMap(([paymentId, { charge }]) => (charge?.orderId === orderId ? [paymentId] : [])),
    authorise: (charge) =>
      book(charge, { type: 'approved', approvalCode: `A-${charge.paymentId.slice(-6)}` }),
    decline: (charge) => book(charge, { type: 'declined', reason: 'declined' }),
    reverse(paymentId) {
      const known = books.get(paymentId);
      const charge = known?.charge ?? null;
      if (known?.outcome.type === 'approved' && charge !== null)
        movements.push({ paymentId, orderId: charge.orderId, amount: -charge.amount });
      books.set(paymentId, { charge, outcome: { type: 'declined', reason: 'cancelled' } });
    },
  };
}

/**
 * What goes wrong with one charge. `lost`: the bank has charged, the answer never came; `hang`: the bank has charged and the
 * terminal stays silent until it is called off; `never-sent`: the line broke before the bank heard of it; `late`: the line broke
 * and the charge reaches the bank when {@link FaultyTerminal.deliverLate} says so; `slow`: after 5 seconds; `unavailable`: the
 * terminal was surely never reached.
 */
export type ChargeFault =
  | 'none'
  | 'decline'
  | 'unavailable'
  | 'lost'
  | 'hang'
  | 'never-sent'
  | 'late'
  | 'slow';

/** What goes wrong with one reversal. `refused`: nothing was done; `lost`: it was done, the answer never came. */
export type ReverseFault = 'none' | 'refused' | 'lost' | 'hang';

export interface FaultyTerminalOptions {
  readonly bank: TestBank;
  /** The fault of each charge, asked anew every time; none when absent. */
  readonly onCharge?: (charge: Charge) => ChargeFault;
  /** The fault of each reversal. */
  readonly onReverse?: (paymentId: string) => ReverseFault;
  /** For `slow`. */
  readonly sleep: Sleep;
}

/** A terminal that keeps to the contract whatever goes wrong, as a vendor's has to. */
export interface FaultyTerminal extends PaymentTerminal {
  /** Charges that were asked for, in order. */
  readonly asked: readonly Charge[];
  /** Charges that wait at the terminal now. */
  readonly waiting: number;
  /** Lets late charges reach the bank; answers what came of each. */
  deliverLate(): readonly ChargeOutcome[];
}

const SLOW_MS = 5_000;

export function createFaultyTerminal(options: FaultyTerminalOptions): FaultyTerminal {
  const { bank, onCharge = () => 'none', onReverse = () => 'none', sleep } = options;
  const asked: Charge[] = [];
  let late: Charge[] = [];
  let waiting = 0;

  async function charged(charge: Charge, fault: ChargeFault, signal: AbortSignal): Promise<ChargeOutcome> {
    switch (fault) {
      case 'none':
        return bank.authorise(charge);
      case 'decline':
        return bank.decline(charge);
      case 'unavailable':
        return { type: 'declined', reason: 'terminal_unavailable' };
      case 'lost':
        bank.authorise(charge);
        throw new Error('The line broke after the charge.');
      case 'hang':
        // What the bank refuses it refuses at once.
        return bank.authorise(charge).type === 'declined' ? bank.authorise(charge) : aborted(signal);
      case 'never-sent':
        throw new Error('The line broke before the charge.');
      case 'late':
        late.push(charge);
        throw new Error('The line broke, and the charge is somewhere on it.');
      case 'slow':
        await sleep(SLOW_MS, signal);
        return bank.authorise(charge);
    }
  }

  return {
    id: 'faulty',
    name: 'Faulty terminal',
    methods: ['card', 'mobile_pay'],
    simulated: false,
    asked,
    get waiting() {
      return waiting;
    },
    async charge(charge, signal) {
      if (signal.aborted) throw new AbortedError(signal.reason);
      asked.push(charge);
      waiting++;
      try {
        return await charged(charge, onCharge(charge), signal);
      } finally {
        waiting--;
      }
    },
    async reverse(paymentId, signal) {
      if (signal.aborted) throw new AbortedError(signal.reason);
      switch (onReverse(paymentId)) {
        case 'none':
          return bank.reverse(paymentId);
        case 'refused':
          throw new Error('The terminal does not answer.');
        case 'lost':
          bank.reverse(paymentId);
          throw new Error('The line broke after the reversal.');
        case 'hang':
          return aborted(signal);
      }
    },
    deliverLate() {
      const arriving = late;
      late = [];
      return arriving.map((charge) => bank.authorise(charge));
    },
  };
}

/** The payments of one server process. Several over one database are as many processes. */
export interface PaymentProcess {
  readonly payments: Payments;
  readonly store: KioskStore;
  /** What the staff were told, in order. */
  readonly told: readonly { readonly type: HubEventType; readonly data: HubEvents[HubEventType] }[];
  /** Places an order of `total` won in a session of its own. */
  placeOrder(total?: number): Promise<PlacedOrder>;
}

/**
 * Opens one on `database`. A process dies when nobody lets its clock run any more: what it began stays begun, and it never says
 * another word.
 */
export function openPaymentProcess(options: {
  readonly database: Database;
  readonly clock: ManualClock;
  readonly terminal: PaymentTerminal | null;
  readonly formerTerminals?: readonly PaymentTerminal[];
}): PaymentProcess {
  const { database, clock } = options;
  const store = createKioskStore({ database, clock });
  const told: { type: HubEventType; data: HubEvents[HubEventType] }[] = [];
  const payments = createPayments({
    ...options,
    orders: store,
    hub: {
      publish(_recipient, type, data) {
        told.push({ type, data });
        return Promise.resolve({ seq: told.length, epoch: 'test', type, data, at: '' });
      },
    },
    random: systemRandom,
    log: silentLogger,
    sleep: clock.sleep,
  });
  return {
    payments,
    store,
    told,
    async placeOrder(total = 10_900) {
      const now = clock.now();
      const [orderId, sessionId] = [newId('ord'), newId('ses')];
      const state = newState('ko', 1, now);
      const at = new Date(now).toISOString();
      const order = {
        order_id: orderId,
        items: [],
        total_amount: total,
        status: 'confirmed',
        requires_confirmation: false,
        item_count: 1,
        created_at: at,
        updated_at: at,
      } as const;
      const session = { sessionId, kioskId: 'front', state, version: 0, createdAt: now, expiresAt: now + 1 };
      const { order: placed } = await store.save(session, {
        orderId,
        content: { order, lines: [], dine: null },
        withNumber: () => state,
      });
      return placed!;
    },
  };
}

export interface FaultyProcessOptions extends Partial<Pick<FaultyTerminalOptions, 'onCharge' | 'onReverse'>> {
  /** One of its own when absent. */
  readonly bank?: TestBank;
  /** One of its own, that begins at {@link TEST_START}, when absent. */
  readonly clock?: ManualClock;
}

/** A process with a faulty terminal of its own. */
export interface FaultyProcess extends PaymentProcess {
  readonly bank: TestBank;
  readonly clock: ManualClock;
  readonly terminal: FaultyTerminal;
  /** Waits until somebody waits for the clock, then lets `ms` pass. */
  pass(ms: number): Promise<void>;
}

/** 2026-11-21, 18:00 in Seoul. */
export const TEST_START = Date.UTC(2026, 10, 21, 9);

/** As {@link openPaymentProcess}, with a faulty terminal. */
export function openFaultyProcess(
  database: Database,
  {
    bank = createTestBank(),
    clock = createManualClock(TEST_START),
    onCharge,
    onReverse,
  }: FaultyProcessOptions = {},
): FaultyProcess {
  const terminal = createFaultyTerminal({
    bank,
    sleep: clock.sleep,
    ...(onCharge === undefined ? {} : { onCharge }),
    ...(onReverse === undefined ? {} : { onReverse }),
  });
  return {
    ...openPaymentProcess({ database, clock, terminal }),
    bank,
    clock,
    terminal,
    async pass(ms) {
      while (clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
      clock.advance(ms);
    },
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new AbortedError(signal.reason)), { once: true });
  });
}

function isSame(one: Charge, other: Charge): boolean {
  return one.orderId === other.orderId && one.amount === other.amount && one.method === other.method;
}
