import { lineViews } from './describe.ts';
import type { Menu } from './menu.ts';
import { toOrderData } from './order.ts';
import { withOrderNumber, type PlacedReply } from './screen.ts';
import type { KioskState } from './state.ts';
import type { OrderPlacing } from './store.ts';

/** What has to be kept of the order that this turn placed; null when it placed none. */
export function placing(menu: Menu, before: KioskState, reply: PlacedReply): OrderPlacing | null {
  const { order, language, dine } = reply.state;
  if (order.status !== 'confirmed' || order.orderId === null || order.orderId === before.order.orderId) return null;
  const content = { order: toOrderData(menu, order, language), lines: lineViews(menu, order, language), dine };
  return {
    orderId: order.orderId,
    withNumber: (orderNumber) => ({ state: withOrderNumber(reply, orderNumber).state, content }),
  };
}
