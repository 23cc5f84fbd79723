import type { KioskAction } from '@malbeot/protocol';
import { formatMessage } from '@malbeot/protocol/messages';
import { finish } from '../answers.ts';
import { lineViews } from '../describe.ts';
import type { KioskTurn } from '../kiosk-turn.ts';
import { isPlaced, toOrderData, totalAmount } from '../order.ts';
import { repeatLast } from '../services.ts';
import type { Act } from '../understanding/acts.ts';
import { isSettled, taxIn, type Payment } from './payment.ts';
import { methodName, methodNames, sayHow, sayStanding, sayStart } from './payment-message.ts';
import { hasTerminal } from './paying.ts';
import { numberOf, sayingOf } from './saying-of.ts';
import { COUNTER } from './terminal.ts';

/**
 * A tap that agrees within this time of the read-back is the second half of the tap that asked for it: double taps end within
 * half a second, and nobody reads or hears an order in one.
 */
const DOUBLE_TAP_MS = 1_000;

/** True for a tap without the read-back's id that comes too soon to be an answer to it. */
export function isDoubleTap({ asked, state, arrivedAt }: KioskTurn): boolean {
  return (
    asked?.type === 'order' &&
    state.order.status === 'confirming' &&
    state.readBack !== null &&
    arrivedAt - state.readBack.at < DOUBLE_TAP_MS
  );
}

/** Leaves everything as it stands and says nothing anew. */
export function ignoreDoubleTap(turn: KioskTurn): void {
  repeatLast(turn);
  turn.leaveUnspoken();
}

/** True while a placed order waits to be paid for here: nothing else is done until it is, or until it is paid at the desk. */
export function waitsForPayment({ paying, placedBefore, state }: KioskTurn): boolean {
  return placedBefore && isPlaced(state.order) && hasTerminal(paying) && !isSettled(paying.payment);
}

/** Says that the order is placed, with its number, and what to do now. */
export function tellPlaced(turn: KioskTurn): void {
  const { payMethod } = turn.state;
  const saying = sayingOf(turn);
  const { orderNumber: number, total } = saying;
  if (!hasTerminal(turn.paying) || payMethod === COUNTER || total === 0) {
    if (hasTerminal(turn.paying)) turn.charge(COUNTER);
    turn.say('kiosk.confirmed', { number, total });
    return showReceipt(turn);
  }
  turn.say('kiosk.payment.placed', { number });
  if (payMethod !== null && turn.paying.methods.includes(payMethod)) return begin(turn, payMethod);
  turn.sayText(sayHow(saying));
  showPayment(turn);
}

/** Says that the order was placed before, and where its payment stands. */
export function tellAlreadyPlaced(turn: KioskTurn): void {
  if (hasTerminal(turn.paying)) return tellPayment(turn);
  turn.say('kiosk.already_placed', { number: numberOf(turn) });
  showReceipt(turn);
}

/**
 * What to do about a way to pay. Said words count only as the rules read them from the customer's own ones
 * ({@link KioskTurn.wish}); `method` is what was tapped, or null.
 */
export function payBy(turn: KioskTurn, method: string | null): void {
  const wanted = method ?? (turn.wish?.type === 'pay' ? turn.wish.method : null);
  const tapped = method !== null;
  if (isPlaced(turn.state.order) && !turn.placedBefore) {
    // Placed in this very turn: the answer to that says how to pay, or begins.
    const offered = wanted === null ? null : asOffered(turn, wanted);
    return turn.set({ payMethod: offered });
  }
  if (!hasTerminal(turn.paying)) return payAtDesk(turn, wanted, tapped);
  if (isPlaced(turn.state.order)) return payPlaced(turn, wanted, tapped);
  if (wanted === null) {
    const methods = methodNames(turn.language, turn.paying.methods);
    return turn.say('kiosk.payment.methods', { methods });
  }
  const offered = asOffered(turn, wanted);
  if (offered === null) refuseMethod(turn, wanted, tapped);
  if (tapped && isDoubleTap(turn)) return ignoreDoubleTap(turn);
  turn.set({ payMethod: offered });
  if (tapped && turn.asked?.type !== 'order') turn.say('kiosk.pay_first_order');
  finish(turn);
}

/** Where nothing but the desk takes payments. */
function payAtDesk(turn: KioskTurn, wanted: string | null, tapped: boolean): void {
  const { order } = turn.state;
  if (tapped && wanted !== COUNTER) {
    turn.say('kiosk.pay_method_refused', { method: methodName(turn.language, wanted ?? '') });
    return turn.show('show_error', {
      error_code: 'payment_error',
      error_message: turn.said.at(-1)!,
      recovery_actions: [formatMessage(turn.language, 'kiosk.recovery.counter')],
    });
  }
  if (isPlaced(order)) {
    turn.say('kiosk.pay_at_counter', { number: numberOf(turn) });
    return showReceipt(turn);
  }
  if (tapped && isDoubleTap(turn)) return ignoreDoubleTap(turn);
  if (tapped) turn.say('kiosk.pay_first_order');
  else if (order.lines.length > 0) turn.say('kiosk.pay_counter_only');
  if (wanted !== null) finish(turn);
}

function payPlaced(turn: KioskTurn, wanted: string | null, tapped: boolean): void {
  const status = turn.paying.payment?.status;
  if (status === 'approved' || status === 'reversing' || wanted === null) return tellPayment(turn);
  const offered = asOffered(turn, wanted);
  if (offered === null) {
    refuseMethod(turn, wanted, tapped);
    return tellPayment(turn);
  }
  if (status === 'pending') return offered === COUNTER ? stopPaying(turn) : tellPayment(turn);
  if (offered !== COUNTER) return begin(turn, offered);
  turn.charge(COUNTER);
  turn.say('kiosk.pay_at_counter', { number: numberOf(turn) });
  showReceipt(turn);
}

/** Calls a pending payment off; a placed order itself is not cancelled here. */
function stopPaying(turn: KioskTurn): void {
  const { payment } = turn.paying;
  if (payment?.status === 'pending') {
    turn.cancelPayment();
    turn.say('kiosk.payment.cancelling');
    return showPayment(turn, { ...payment, status: 'reversing' });
  }
  if (payment?.status !== 'reversing') turn.say('kiosk.placed_can_not_change', { number: numberOf(turn) });
  tellPayment(turn);
}

/** Said where it stands already, in this turn or before. */
function tellPayment(turn: KioskTurn): void {
  const { payment } = turn.paying;
  turn.sayText(sayStanding(sayingOf(turn), payment));
  if (isSettled(payment)) showReceipt(turn);
  else showPayment(turn, payment);
}

function begin(turn: KioskTurn, method: string): void {
  turn.charge(method);
  turn.sayText(sayStart(sayingOf(turn), method));
  showPayment(turn);
}

const STILL_DONE: readonly Act['type'][] = [
  'staff',
  'start-over',
  'language',
  'speech',
  'help',
  'thanks',
  'greeting',
];
const WANTS_FOOD: readonly Act['type'][] = ['add', 'change', 'replace', 'unsure', 'unknown-item', 'category'];

/** Words while the order waits to be paid for. Everything that is not about that gets the way things stand for an answer. */
export function wordsWhilePaying(turn: KioskTurn, acts: readonly Act[], perform: (act: Act) => void): void {
  const done = acts.filter(({ type }) => STILL_DONE.includes(type));
  for (const act of done) perform(act);
  // A new order was begun: nothing waits any more.
  if (!isPlaced(turn.state.order)) return;
  const isSaid = done.length < acts.length || done.some(({ type }) => type === 'language');
  if (!isSaid) turn.saySilently();
  if (isSaid && acts.some(({ type }) => type === 'cancel-all')) return stopPaying(turn);
  if (isSaid && turn.wish?.type === 'cancel') return stopPaying(turn);
  if (isSaid && turn.wish?.type === 'pay') return payBy(turn, null);
  if (acts.some(({ type }) => WANTS_FOOD.includes(type)))
    turn.say('kiosk.payment.finish_first', { number: numberOf(turn) });
  tellPayment(turn);
}

/** As {@link wordsWhilePaying}, for a tap. False when the tap does what it always does. */
export function tapWhilePaying(turn: KioskTurn, action: KioskAction): boolean {
  switch (action.type) {
    case 'start_over':
    case 'pay':
      return false;
    case 'call_staff':
    case 'language':
    case 'dine':
      showPayment(turn, turn.paying.payment);
      return false;
    case 'cancel':
    case 'clear':
      stopPaying(turn);
      return true;
    case 'confirm':
    case 'repeat':
      // What was said last of the payment may no longer be so.
      tellPayment(turn);
      return true;
    case 'add':
    case 'set_quantity':
    case 'set_options':
    case 'remove':
      turn.say('kiosk.payment.finish_first', { number: numberOf(turn) });
      tellPayment(turn);
      return true;
  }
}

function showReceipt(turn: KioskTurn): void {
  const { menu, language, state, paying } = turn;
  const { order, dine } = state;
  turn.show('show_receipt', {
    order_id: order.orderId!,
    order_number: order.orderNumber ?? 0,
    order: toOrderData(menu, order, language),
    lines: lineViews(menu, order, language),
    dine,
    payment_method: order.status === 'paid' ? (paying.payment?.method ?? COUNTER) : COUNTER,
    paid: order.status === 'paid',
  });
}

/** How to pay, or with `payment` that one is under way. Who begins one puts it in: it has no id before. */
function showPayment(turn: KioskTurn, payment: Payment | null = null): void {
  const { menu, language, state, paying } = turn;
  const total = totalAmount(menu, state.order);
  const open = payment?.status === 'pending' || payment?.status === 'reversing' ? payment : null;
  turn.show('show_payment', {
    order_id: state.order.orderId!,
    order_number: state.order.orderNumber ?? 0,
    total_amount: total,
    payment_methods: paying.methods,
    order_summary: toOrderData(menu, state.order, language).items,
    tax_amount: taxIn(total),
    service_charge: 0,
    discount_amount: 0,
    simulated: paying.simulated,
    payment: open === null ? null : { payment_id: open.paymentId, status: open.status, method: open.method },
  });
}

/** A way to pay as it is offered here; cash is always taken at the desk. Null when it is not. */
function asOffered({ paying }: KioskTurn, method: string): string | null {
  if (paying.methods.includes(method)) return method;
  return method === 'cash' ? COUNTER : null;
}

function refuseMethod(turn: KioskTurn, method: string, tapped: boolean): void {
  turn.say('kiosk.payment.method_refused', { method: methodName(turn.language, method) });
  if (!tapped) return;
  turn.show('show_error', {
    error_code: 'payment_error',
    error_message: turn.said.at(-1)!,
    recovery_actions: [sayHow(sayingOf(turn))],
  });
}
