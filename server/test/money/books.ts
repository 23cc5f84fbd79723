import type { OrderData, ServerResponse } from '@malbeot/protocol';
import { formatMessage } from '@malbeot/protocol/messages';
import type { Charge } from '../../src/experiences/kiosk/payments/terminal.ts';
import type { TestBank } from '../../src/experiences/kiosk/payments/testing.ts';
import type { KioskState } from '../../src/experiences/kiosk/state.ts';
import { checkCart, linesOf } from './cart-check.ts';
import { menus } from './menus.ts';
import { Violation, type Asked, type Moment } from './moment.ts';
import { checkMoney, checkMovement, checkSettled } from './money-check.ts';
import { contentOf, type OrderRow, type Rows, type SessionRow } from './place.ts';
import { readsBack, signatureOf, totalBy } from './read-back.ts';

/** Before this long a tap is the second half of a double tap, and no answer to what was read back meanwhile. */
const DOUBLE_TAP_MS = 1_000;
const CALLED_OFF = (['ko', 'en'] as const).map((language) =>
  formatMessage(language, 'kiosk.payment.cancelling'),
);

/** A read-back that a customer has heard, of an order that has not changed since. */
interface HeardReadBack {
  readonly signature: string;
  readonly total: number;
  readonly id: string | null;
  readonly at: number;
  readonly lines: string;
}

/** A customer's wish to pay. */
interface Wish {
  readonly method: string;
  /** Of just this order; null for the one that stands. */
  readonly orderId: string | null;
  /** A charge came of it. */
  isUsed: boolean;
}

interface Ledger {
  /** Those of the moment at which one was heard last: which of them came first, nobody can tell. */
  readBacks: readonly HeardReadBack[];
  /** The last answers heard wait for a yes to the order. */
  isAsked: boolean;
  readonly wishes: Wish[];
}

/**
 * Keeps its own account of what was said, answered, placed and charged, and holds the server to it: it throws a
 * {@link Violation}. It never asks the server's code what is right.
 */
export interface Books {
  /** A request goes out. `orderId`: a payment of just this order is asked for. */
  ask(asked: Asked, orderId?: string): void;
  /** The terminal is asked for a charge. */
  charge(charge: Charge): void;
  /** Money of an order moved. */
  money(orderId: string): void;
  /** All requests of a moment are answered. */
  close(moment: Moment): void;
  /** At any time when nothing runs. */
  check(): void;
  /** When nothing is under way any more. */
  checkAtEnd(): void;
  readonly placed: number;
  readonly charged: number;
  /** Payments that a customer was told are called off. */
  readonly calledOff: number;
}

export function createBooks({ rows, bank }: { readonly rows: Rows; readonly bank: () => TestBank }): Books {
  const ledgers = new Map<string, Ledger>();
  const placed = new Map<string, OrderRow>();
  const calledOff = new Set<string>();
  const keysDone = new Set<string>();
  let charged = 0;

  function ledgerOf(sessionId: string): Ledger {
    const known = ledgers.get(sessionId) ?? { readBacks: [], isAsked: false, wishes: [] };
    ledgers.set(sessionId, known);
    return known;
  }

  function wish({ meaning, isAgain }: Asked, sessionId: string, orderId: string | null): void {
    if (isAgain || meaning.pays === null) return;
    ledgerOf(sessionId).wishes.push({ method: meaning.pays, isUsed: false, orderId });
  }

  const isFresh = ({ isAgain, key }: Asked) => !isAgain && !keysDone.has(key);
  const keysOf = (asked: readonly Asked[]) => new Set(asked.map(({ key }) => key)).size;
  const placedNow = (sessionId: string) =>
    rows.orders().filter(({ order_id, session_id }) => session_id === sessionId && !placed.has(order_id));

  function closeCart(moment: Moment, after: SessionRow): void {
    const [before, orderId] = [moment.before?.state.order.orderId ?? null, after.state.order.orderId];
    const isPlacedMeanwhile = placedNow(after.sessionId).some(({ order_id }) => order_id !== orderId);
    checkCart(moment, after, {
      fresh: keysOf(moment.asked.filter(isFresh)),
      isNewOrder: isPlacedMeanwhile || (before !== null && orderId !== before),
    });
  }

  function closeOrders(moment: Moment): void {
    const orders = rows.orders();
    for (const [orderId, known] of placed) {
      const order = orders.find(({ order_id }) => order_id === orderId);
      if (order === undefined) throw new Violation(`Order ${known.order_number} is gone.`);
      if (order.content !== known.content || order.order_number !== known.order_number)
        throw new Violation(`Order ${known.order_number} changed after it was placed.`);
    }
    const numbers = new Set(orders.map((order) => `${order.business_day} ${order.order_number}`));
    if (numbers.size < orders.length) throw new Violation('Two orders of a day have the same number.');
    const mine = placedNow(moment.sessionId);
    const yeses = moment.asked.filter((asked) => isFresh(asked) && asked.meaning.agrees);
    if (mine.length > keysOf(yeses))
      throw new Violation(`${mine.length} orders were placed by ${keysOf(yeses)} confirmations.`);
    for (const order of mine) closeOrder(order, yeses);
  }

  /** An order was placed: it is just what was read back last, and one of the `yeses` was to that. */
  function closeOrder(order: OrderRow, yeses: readonly Asked[]): void {
    const { readBacks, isAsked } = ledgerOf(order.session_id);
    const { items, total_amount } = contentOf(order).order;
    const name = `Order ${order.order_number} (${signatureOf(items)}, ${total_amount} won)`;
    const [last] = readBacks;
    if (last === undefined) throw new Violation(`${name} was placed and had not been read back as it is.`);
    if (!isAsked) throw new Violation(`${name} was placed while the customer was not asked to confirm it.`);
    const same = readBacks.filter(
      ({ signature, total }) => signature === signatureOf(items) && total === total_amount,
    );
    if (same.length === 0)
      throw new Violation(`${name} was placed; read back was ${last.signature}, ${last.total} won.`);
    if (order.total_amount !== total_amount)
      throw new Violation(`${name} is kept with ${order.total_amount} won.`);
    if (!yeses.some((yes) => same.some((readBack) => agrees(yes, readBack))))
      throw new Violation(`${name} was placed without a yes to its read-back.`);
    placed.set(order.order_id, order);
  }

  function closeAnswers(moment: Moment, after: SessionRow): void {
    for (const answer of moment.heard) {
      checkAnswer(answer);
      const isAlone = moment.asked.length === 1;
      if (isAlone && answer.order_data?.order_id === after.state.order.orderId) checkTold(answer, after);
      if (isAlone) noteCalledOff(answer);
    }
    const ledger = ledgerOf(moment.sessionId);
    ledger.isAsked = moment.heard.some(({ order_data }) => order_data?.requires_confirmation === true);
    const heard = moment.heard.flatMap((answer) => readBackIn(answer, moment, after) ?? []);
    // One that is told again was heard when it was told first.
    const known = (one: HeardReadBack) =>
      ledger.readBacks.find(({ id, total }) => id === one.id && total === one.total) ?? one;
    const inForce = heard.length > 0 ? heard.map(known) : ledger.readBacks;
    ledger.readBacks = inForce.filter(({ lines }) => lines === linesOf(after));
  }

  /** An order that is told of is kept, and paid when it is told so. */
  function checkAnswer({ order_data: order }: ServerResponse): void {
    if (order === null || order.order_id === null) return;
    const kept = rows.order(order.order_id);
    if (kept === null) throw new Violation('The customer was told of an order that is not kept.');
    if (order.status === 'paid' && kept.paid_at === null)
      throw new Violation('The customer was told that an order is paid that is not.');
  }

  /** What is told of a cart is what is kept. */
  function checkTold({ order_data: order }: ServerResponse, { state }: SessionRow): void {
    if (order === null || state.order.orderId !== null) return;
    const [told, kept] = [itemsTold(order), itemsKept(state)];
    if (told !== kept) throw new Violation(`The customer was told ${told}; kept is ${kept}.`);
  }

  /** What the customer was told is called off can never become a payment. */
  function noteCalledOff({ message, order_data }: ServerResponse): void {
    if (!CALLED_OFF.some((words) => message.includes(words))) return;
    const ofOrder = rows.payments().filter(({ order_id }) => order_id === order_data?.order_id);
    const last = ofOrder.at(-1);
    if (last !== undefined) calledOff.add(last.payment_id);
  }

  function checkCalledOff(): void {
    const made = rows.payments().find((one) => one.status === 'approved' && calledOff.has(one.payment_id));
    if (made !== undefined)
      throw new Violation('The customer was told that a payment is called off that was made.');
  }

  /** A read-back that was heard in full. What only asks for the yes again is none: the one before it stays in force. */
  function readBackIn(
    { order_data: order, message, ui_actions }: ServerResponse,
    { before, asked }: Moment,
    after: SessionRow,
  ): HeardReadBack | null {
    // Another request of the same moment may have changed the order since.
    if (order?.requires_confirmation !== true || itemsTold(order) !== itemsKept(after.state)) return null;
    const { items, total_amount: total } = order;
    const newest = after.state.menuVersion;
    const oldest = before?.state.menuVersion ?? newest;
    // The menu may have changed between two requests at the same moment.
    const inForce = menus.filter(({ version }) => version >= oldest && version <= newest);
    const menu = inForce.find((one) => totalBy(one, items) === total);
    if (menu === undefined) throw new Violation(`The total told, ${total} won, is not that of the menu.`);
    const shown = ui_actions.find(({ action_type }) => action_type === 'show_confirmation');
    const id = shown?.action_type === 'show_confirmation' ? shown.data.read_back : null;
    if (!readsBack(message, menu, items, total)) return null;
    return { signature: signatureOf(items), total, id, at: asked[0]!.at, lines: linesOf(after) };
  }

  function check(): void {
    checkMoney(rows, bank());
    checkCalledOff();
  }

  return {
    get placed() {
      return placed.size;
    },
    get charged() {
      return charged;
    },
    get calledOff() {
      return calledOff.size;
    },
    ask(asked, orderId) {
      if (asked.sessionId !== null) wish(asked, asked.sessionId, orderId ?? null);
    },
    charge({ orderId, amount, method }) {
      charged++;
      const order = rows.order(orderId);
      if (order === null) throw new Violation('A charge was asked for an order that is not placed.');
      if (order.total_amount !== amount)
        throw new Violation(`A charge of ${amount} won was asked for an order of ${order.total_amount}.`);
      const { wishes } = ledgerOf(order.session_id);
      const wish = wishes.findLast(
        (one) => !one.isUsed && one.method === method && (one.orderId === null || one.orderId === orderId),
      );
      if (wish === undefined)
        throw new Violation(`A charge by ${method} was asked for that the customer had not asked for.`);
      wish.isUsed = true;
    },
    money: (orderId) => checkMovement(rows.order(orderId), bank()),
    close(moment) {
      const after = rows.session(moment.sessionId);
      if (after === null) throw new Violation(`Session ${moment.sessionId} is gone.`);
      closeCart(moment, after);
      closeOrders(moment);
      closeAnswers(moment, after);
      // A placed order is charged by the very turn that asks for it, or never.
      if (after.state.order.orderId !== null) ledgerOf(moment.sessionId).wishes.length = 0;
      for (const asked of moment.asked) {
        keysDone.add(asked.key);
        if (asked.sessionId === null) wish(asked, moment.sessionId, null);
      }
    },
    check,
    checkAtEnd() {
      check();
      checkSettled(rows, bank());
      for (const { order_id, order_number } of rows.orders()) {
        if (!placed.has(order_id)) throw new Violation(`Order ${order_number} was placed by nobody.`);
      }
    },
  };
}

/** By words, by the read-back's id, or by a tap that is not the second half of a double tap. */
function agrees({ meaning, at }: Asked, readBack: HeardReadBack): boolean {
  if (meaning.readBack !== null) return meaning.readBack === readBack.id;
  return !meaning.tapped || at - readBack.at >= DOUBLE_TAP_MS;
}

function itemsTold({ items }: OrderData): string {
  return items.map(({ quantity, item_id }) => `${quantity} ${item_id}`).join(', ');
}

function itemsKept({ order }: KioskState): string {
  return order.lines.map(({ quantity, itemId }) => `${quantity} ${itemId}`).join(', ');
}
