import type { Language } from '@malbeot/protocol';
import { formatMessage, type MessageKey } from '@malbeot/protocol/messages';
import { finish } from './answers.ts';
import { dineMessage } from './describe.ts';
import { ORDER_NUMBER_SLOT, type KioskTurn } from './kiosk-turn.ts';
import { lineViews } from './describe.ts';
import { toOrderData, totalAmount } from './order.ts';

const STEP = 0.2;
const SLOWEST = 0.6;
const FASTEST = 1.6;
const QUIETEST = 0.4;
const LOUDEST = 2;

/** How an order can be paid for here. */
export const PAYMENT_METHODS = ['counter'] as const;

/** Works in every state and changes nothing else. */
export function callStaff(turn: KioskTurn): void {
  turn.say('kiosk.staff_called');
  turn.show('call_staff', { message: formatMessage(turn.language, 'kiosk.staff_called') });
}

export function repeatLast(turn: KioskTurn): void {
  const { lastMessage } = turn.state;
  if (lastMessage === '') turn.say('kiosk.welcome');
  else turn.sayText(lastMessage);
  turn.saySilently();
}

export function setDining(turn: KioskTurn, where: 'in' | 'out'): void {
  turn.set({ dine: where });
  turn.say(dineMessage(where));
}

export function setLanguage(turn: KioskTurn, language: Language): void {
  turn.set({ language });
  turn.say('kiosk.language_set');
  turn.show('set_language', { language });
}

export function setSpeech(turn: KioskTurn, what: 'slower' | 'faster' | 'louder' | 'quieter'): void {
  const { rate, volume } = turn.state;
  if (what === 'slower') turn.set({ rate: within(rate - STEP, SLOWEST, FASTEST) });
  if (what === 'faster') turn.set({ rate: within(rate + STEP, SLOWEST, FASTEST) });
  if (what === 'louder') turn.set({ volume: within(volume + STEP * 2, QUIETEST, LOUDEST) });
  if (what === 'quieter') turn.set({ volume: within(volume - STEP, QUIETEST, LOUDEST) });
  turn.say(`kiosk.${what}`);
  turn.show('set_speech', { rate: turn.state.rate, volume: turn.state.volume });
}

/** What to say about a way to pay. Orders are paid for at the counter; another way is refused, naming what is possible. */
export function payBy(turn: KioskTurn, method: string, tapped: boolean): void {
  const { order } = turn.state;
  const possible = (PAYMENT_METHODS as readonly string[]).includes(method);
  if (tapped && !possible) {
    turn.say('kiosk.pay_method_refused', { method: methodName(turn, method) });
    return turn.show('show_error', {
      error_code: 'payment_error',
      error_message: turn.said.at(-1)!,
      recovery_actions: [formatMessage(turn.language, 'kiosk.recovery.counter')],
    });
  }
  if (order.status === 'confirmed') {
    // Placed in this very turn: the answer to that says how to pay.
    if (turn.orderChanged) return;
    turn.say('kiosk.pay_at_counter', { number: order.orderNumber ?? ORDER_NUMBER_SLOT });
    return showReceipt(turn);
  }
  if (tapped) turn.say('kiosk.pay_first_order');
  else if (order.lines.length > 0) turn.say('kiosk.pay_counter_only');
  finish(turn);
}

/** Says that the order is placed, with its number, and what to do now. */
export function tellPlaced(turn: KioskTurn): void {
  const { order } = turn.state;
  turn.say('kiosk.confirmed', {
    number: order.orderNumber ?? ORDER_NUMBER_SLOT,
    total: totalAmount(turn.menu, order),
  });
  showReceipt(turn);
}

export function tellAlreadyPlaced(turn: KioskTurn): void {
  turn.say('kiosk.already_placed', { number: turn.state.order.orderNumber ?? ORDER_NUMBER_SLOT });
  showReceipt(turn);
}

function showReceipt(turn: KioskTurn): void {
  const { menu, language, state } = turn;
  turn.show('show_receipt', {
    order_id: state.order.orderId!,
    order_number: state.order.orderNumber ?? 0,
    order: toOrderData(menu, state.order, language),
    lines: lineViews(menu, state.order, language),
    dine: state.dine,
    payment_method: 'counter',
    paid: state.order.status === 'paid',
  });
}

function methodName(turn: KioskTurn, method: string): string {
  const key = `kiosk.method.${method}`;
  const known: readonly string[] = ['card', 'cash', 'mobile_pay', 'counter'];
  return formatMessage(turn.language, (known.includes(method) ? key : 'kiosk.method.other') as MessageKey);
}

function within(value: number, least: number, most: number): number {
  return Math.round(Math.min(most, Math.max(least, value)) * 100) / 100;
}
