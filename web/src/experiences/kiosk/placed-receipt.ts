import type { KioskOrder, ShowReceiptData } from '@malbeot/protocol';

/** The receipt of a placed order that no payment was begun for: it is paid at the desk. */
export function receiptOf({ order_id, order_number, order, lines, dine }: KioskOrder): ShowReceiptData {
  return { order_id, order_number, order, lines, dine, payment_method: 'counter', paid: false };
}
