import { lineViews } from './describe.ts';
import type { Menu } from './menu.ts';
import { toOrderData } from './order.ts';
import { withOrderNumber, type PlacedReply } from './screen.ts';
import type { KioskState } from './state.ts';
import type { KioskStore, OrderContent, OrderPlacing } from './store.ts';

/** What has to be kept of the order that this turn placed; null when it placed none. */
export function placing(menu: Menu, before: KioskState, reply: PlacedReply): OrderPlacing | null {
  const { status, orderId } = reply.state.order;
  if (status !== 'confirmed' || orderId === null || orderId === before.order.orderId) return null;
  return {
    orderId,
    content: contentOf(menu, reply.state),
    withNumber: (orderNumber) => withOrderNumber(reply, orderNumber).state,
  };
}

/**
 * The order of a session as it stands, for the wire. A placed one is told as it was placed, whatever the menu has come to
 * since.
 */
export async function standingOrder(
  store: Pick<KioskStore, 'findOrder'>,
  menu: Menu,
  state: KioskState,
): Promise<OrderContent> {
  const { orderId } = state.order;
  if (orderId !== null && state.menuVersion !== menu.version) {
    const placed = await store.findOrder(orderId);
    if (placed !== null) return placed;
  }
  return contentOf(menu, state);
}

function contentOf(menu: Menu, { order, language, dine }: KioskState): OrderContent {
  return { order: toOrderData(menu, order, language), lines: lineViews(menu, order, language), dine };
}
