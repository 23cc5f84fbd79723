import { lineViews } from './describe.ts';
import type { Menu } from './menu.ts';
import { toOrderData } from './order.ts';
import { withOrderNumber, type PlacedReply } from './screen.ts';
import type { KioskState } from './state.ts';
import { asPaid, type KioskStore, type OrderContent, type OrderPlacing } from './store.ts';

/** True when the turn between the two placed the order. */
export function isPlacedBetween(before: KioskState, after: KioskState): boolean {
  const { status, orderId } = after.order;
  return status === 'confirmed' && orderId !== null && orderId !== before.order.orderId;
}

/** What has to be kept of the order that this turn placed; null when it placed none. */
export function placing(menu: Menu, before: KioskState, reply: PlacedReply): OrderPlacing | null {
  if (!isPlacedBetween(before, reply.state)) return null;
  return {
    orderId: reply.state.order.orderId!,
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
  const { orderId, status } = state.order;
  const isOfThisMenu = state.menuVersion === menu.version;
  if (orderId === null || (status === 'paid' && isOfThisMenu)) return contentOf(menu, state);
  const placed = await store.findOrder(orderId);
  if (placed !== null && !isOfThisMenu) return placed;
  // The session hears of a payment with its next turn; the order knows at once.
  return placed?.paidAt == null ? contentOf(menu, state) : asPaid(contentOf(menu, state));
}

function contentOf(menu: Menu, { order, language, dine }: KioskState): OrderContent {
  return { order: toOrderData(menu, order, language), lines: lineViews(menu, order, language), dine };
}
