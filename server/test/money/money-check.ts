import type { TestBank } from '../../src/experiences/kiosk/payments/testing.ts';
import { Violation } from './moment.ts';
import type { OrderRow, Rows } from './place.ts';

const LIVE = ['pending', 'reversing', 'approved'];

/**
 * What holds whenever nothing runs: the bank, the payments and the orders say the same.
 *
 * @throws {Violation}
 */
export function checkMoney(rows: Rows, bank: TestBank): void {
  const payments = rows.payments();
  for (const order of rows.orders()) {
    const ofOrder = payments.filter(({ order_id }) => order_id === order.order_id);
    const approved = ofOrder.filter(({ status }) => status === 'approved').length;
    const live = ofOrder.filter(({ status }) => LIVE.includes(status)).length;
    const held = bank.heldFor(order.order_id);
    const name = `Order ${order.order_number}`;
    if (approved > 1) throw new Violation(`${name} has ${approved} approved payments.`);
    if (live > 1) throw new Violation(`${name} has ${live} payments under way.`);
    if ((order.paid_at !== null) !== (approved === 1))
      throw new Violation(`${name} and its payments disagree on whether it is paid.`);
    if (order.paid_at !== null && held !== order.total_amount)
      throw new Violation(`${name} counts as paid, ${held} of ${order.total_amount} won are.`);
  }
}

/**
 * What holds after every movement of money.
 *
 * @throws {Violation}
 */
export function checkMovement(order: OrderRow | null, bank: TestBank): void {
  if (order === null) throw new Violation('Money moved for an order that is not placed.');
  const { order_id, order_number, total_amount } = order;
  const held = bank.heldFor(order_id);
  if (bank.chargesOf(order_id).length > 1) throw new Violation(`Order ${order_number} is charged twice.`);
  if (held !== 0 && held !== total_amount)
    throw new Violation(`${held} won are charged for order ${order_number}, ${total_amount} is right.`);
}

/**
 * What holds when nothing is under way any more: what is charged is paid for an order, and everything else was taken back.
 *
 * @throws {Violation}
 */
export function checkSettled(rows: Rows, bank: TestBank): void {
  checkMoney(rows, bank);
  if (rows.hasOpenPayments()) throw new Violation('A payment is never settled.');
  for (const { order_id, order_number, paid_at, total_amount } of rows.orders()) {
    const held = bank.heldFor(order_id);
    if (held !== (paid_at === null ? 0 : total_amount))
      throw new Violation(
        `Order ${order_number} is ${paid_at === null ? 'not ' : ''}paid, and ${held} won are charged.`,
      );
  }
}
