import { ORDER_NUMBER_SLOT, type KioskTurn } from '../kiosk-turn.ts';
import { totalAmount } from '../order.ts';
import type { PaymentSaying } from './payment-message.ts';

/** What is said of the placed order's payment is said with this. */
export function sayingOf(turn: KioskTurn): PaymentSaying {
  const { language, menu, state, paying } = turn;
  const { methods, simulated } = paying;
  return {
    language,
    orderNumber: numberOf(turn),
    total: totalAmount(menu, state.order),
    methods,
    simulated,
  };
}

/** The order's number, or what stands for it until it has one. */
export function numberOf({ state }: KioskTurn): number | string {
  return state.order.orderNumber ?? ORDER_NUMBER_SLOT;
}
