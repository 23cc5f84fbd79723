import type {
  KioskMenuItem,
  Language,
  OrderData,
  OrderItem,
  OrderOptions,
  OrderStatus,
} from '@malbeot/protocol';
import type { Menu } from './menu.ts';
import { fillOptions, missingGroups, priceOfOne } from './options.ts';

/** One line of an order. Options hold only what was said or tapped; defaults are filled in when it is shown. */
export interface OrderLine {
  /** Stays while the line stands, whatever its position. */
  readonly id: number;
  readonly itemId: string;
  readonly quantity: number;
  readonly chosen: OrderOptions;
}

/** An order as a session keeps it. Never changed in place. */
export interface Order {
  readonly lines: readonly OrderLine[];
  readonly status: OrderStatus;
  readonly nextLineId: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Given when it is confirmed. */
  readonly orderId: string | null;
  readonly orderNumber: number | null;
}

export type OrderChange =
  | {
      readonly type: 'add';
      readonly itemId: string;
      readonly quantity: number;
      readonly options: OrderOptions;
    }
  | { readonly type: 'set-quantity'; readonly lineId: number; readonly quantity: number }
  /** Options as they are to be, whole groups at a time; groups not named stay. */
  | { readonly type: 'set-options'; readonly lineId: number; readonly options: OrderOptions }
  /** `quantity` pieces of the line; all when null or when fewer stand. */
  | { readonly type: 'remove'; readonly lineId: number; readonly quantity: number | null }
  | {
      readonly type: 'replace-item';
      readonly lineId: number;
      readonly itemId: string;
      readonly options: OrderOptions;
    }
  | { readonly type: 'clear' }
  /** The order and its total were read back and wait for a yes. */
  | { readonly type: 'read-back' }
  | { readonly type: 'back-to-draft' }
  | { readonly type: 'cancel' }
  | { readonly type: 'confirm'; readonly orderId: string };

/** An empty draft. */
export function emptyOrder(now: number): Order {
  return {
    lines: [],
    status: 'draft',
    nextLineId: 1,
    createdAt: now,
    updatedAt: now,
    orderId: null,
    orderNumber: null,
  };
}

/**
 * The order after `change`. Any change to the lines takes a read-back order back to draft; `confirm` is only possible
 * from a read-back order with something in it and nothing missing. Lines that become equal are one line.
 *
 * @throws {RangeError} for a change that the order does not allow: callers check first.
 */
export function reduceOrder(menu: Menu, order: Order, change: OrderChange, now: number): Order {
  if (isPlaced(order)) {
    throw new RangeError(`An order that is ${order.status} can not be changed (${change.type}).`);
  }
  switch (change.type) {
    case 'add': {
      const line = {
        id: order.nextLineId,
        itemId: change.itemId,
        quantity: change.quantity,
        chosen: change.options,
      };
      return withLines(menu, { ...order, nextLineId: order.nextLineId + 1 }, [...order.lines, line], now);
    }
    case 'set-quantity':
      return editLine(menu, order, change.lineId, now, (line) => ({ ...line, quantity: change.quantity }));
    case 'set-options':
      return editLine(menu, order, change.lineId, now, (line) => ({
        ...line,
        chosen: { ...line.chosen, ...change.options },
      }));
    case 'remove':
      return editLine(menu, order, change.lineId, now, (line) => ({
        ...line,
        quantity: change.quantity === null ? 0 : Math.max(0, line.quantity - change.quantity),
      }));
    case 'replace-item':
      return editLine(menu, order, change.lineId, now, (line) => ({
        ...line,
        itemId: change.itemId,
        // What was chosen for one item was not chosen for another.
        chosen: keepFitting(menu, change.itemId, change.options),
      }));
    case 'clear':
      return { ...order, lines: [], status: 'draft', updatedAt: now };
    case 'cancel':
      return { ...order, lines: [], status: 'cancelled', updatedAt: now };
    case 'back-to-draft':
      return order.status === 'confirming' ? { ...order, status: 'draft', updatedAt: now } : order;
    case 'read-back':
      if (!isComplete(menu, order))
        throw new RangeError('An order that is empty or unfinished can not be read back.');
      return { ...order, status: 'confirming', updatedAt: now };
    case 'confirm':
      if (order.status !== 'confirming' || !isComplete(menu, order)) {
        throw new RangeError('Only an order that was read back can be confirmed.');
      }
      return { ...order, status: 'confirmed', orderId: change.orderId, updatedAt: now };
  }
}

/** True once the customer agreed to it: nothing in it changes any more. */
export function isPlaced({ status }: Pick<Order, 'status'>): boolean {
  return status === 'confirmed' || status === 'paid';
}

/** True when something is ordered and no required choice is missing. */
export function isComplete(menu: Menu, order: Order): boolean {
  return order.lines.length > 0 && order.lines.every((line) => missingOf(menu, line).length === 0);
}

/** The item of a line. Lines always name items of the menu in force; see {@link fitToMenu}. */
export function itemOf(menu: Menu, line: Pick<OrderLine, 'itemId'>): KioskMenuItem {
  const item = menu.itemsById.get(line.itemId);
  if (item === undefined) throw new RangeError(`The menu has no item "${line.itemId}".`);
  return item;
}

/** Options of a line with defaults filled in. */
export function optionsOf(menu: Menu, line: OrderLine): OrderOptions {
  return fillOptions(menu, itemOf(menu, line), line.chosen);
}

/** Required groups of a line that hold no choice yet. */
export function missingOf(menu: Menu, line: OrderLine): readonly string[] {
  return missingGroups(menu, itemOf(menu, line), optionsOf(menu, line));
}

/** Lines whose item the menu has: between a change of the menu and the next turn there may be others. */
export function knownLines(menu: Menu, order: Order): readonly OrderLine[] {
  return order.lines.filter((line) => menu.itemsById.has(line.itemId));
}

export function itemCount(order: Order): number {
  return order.lines.reduce((sum, line) => sum + line.quantity, 0);
}

/** Sum over all lines, in won. */
export function totalAmount(menu: Menu, order: Order): number {
  return knownLines(menu, order).reduce((sum, line) => sum + lineTotal(menu, line), 0);
}

/** The order as the wire shows it, names in `language`. */
export function toOrderData(menu: Menu, order: Order, language: Language = 'ko'): OrderData {
  return {
    order_id: order.orderId,
    items: knownLines(menu, order).map((line) => toOrderItem(menu, line, language)),
    total_amount: totalAmount(menu, order),
    status: order.status,
    requires_confirmation: order.status === 'confirming',
    item_count: itemCount(order),
    created_at: new Date(order.createdAt).toISOString(),
    updated_at: new Date(order.updatedAt).toISOString(),
  };
}

/**
 * The order without lines and choices that the menu no longer offers, back in draft when that changed anything, and the
 * ids of items that were lost.
 */
export function fitToMenu(
  menu: Menu,
  order: Order,
  now: number,
): { readonly order: Order; readonly lost: readonly string[] } {
  const fits = (line: OrderLine) => menu.itemsById.get(line.itemId)?.available === true;
  const lost = order.lines.filter((line) => !fits(line)).map((line) => line.itemId);
  const kept = order.lines
    .filter(fits)
    .map((line) => ({ ...line, chosen: keepFitting(menu, line.itemId, line.chosen) }));
  return { order: withLines(menu, order, kept, now), lost };
}

function toOrderItem(menu: Menu, line: OrderLine, language: Language): OrderItem {
  const item = itemOf(menu, line);
  return {
    item_id: item.item_id,
    name: language === 'ko' ? item.name : item.name_en,
    category: item.category,
    price: item.price,
    quantity: line.quantity,
    options: optionsOf(menu, line),
    line_total: lineTotal(menu, line),
  };
}

function lineTotal(menu: Menu, line: OrderLine): number {
  return priceOfOne(menu, itemOf(menu, line), optionsOf(menu, line)) * line.quantity;
}

function keepFitting(menu: Menu, itemId: string, chosen: OrderOptions): OrderOptions {
  const item = menu.itemsById.get(itemId);
  if (item === undefined) return {};
  return Object.fromEntries(
    Object.entries(chosen).filter(
      ([groupId]) => item.options.includes(groupId) && menu.option_groups[groupId] !== undefined,
    ),
  );
}

function editLine(
  menu: Menu,
  order: Order,
  lineId: number,
  now: number,
  edit: (line: OrderLine) => OrderLine,
): Order {
  if (!order.lines.some((line) => line.id === lineId))
    throw new RangeError(`The order has no line ${lineId}.`);
  return withLines(
    menu,
    order,
    order.lines.map((line) => (line.id === lineId ? edit(line) : line)),
    now,
  );
}

function withLines(menu: Menu, order: Order, lines: readonly OrderLine[], now: number): Order {
  const merged = new Map<string, OrderLine>();
  for (const line of lines) {
    if (line.quantity <= 0) continue;
    const key = `${line.itemId} ${JSON.stringify(optionsOf(menu, line))}`;
    const same = merged.get(key);
    merged.set(key, same === undefined ? line : { ...same, quantity: same.quantity + line.quantity });
  }
  return { ...order, lines: [...merged.values()], status: 'draft', updatedAt: now };
}
