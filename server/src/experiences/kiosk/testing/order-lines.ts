import type { OrderData, OrderOptions } from '@malbeot/protocol';
import type { Menu } from '../menu.ts';
import { chosenIn, fillOptions } from '../options.ts';

/** A line of the benchmark: `2 cafe_latte temperature=iced size=large`. */
export interface WrittenLine {
  readonly quantity: number;
  readonly itemId: string;
  /** As written: defaults may be missing. */
  readonly options: OrderOptions;
}

/**
 * Reads a line of the benchmark.
 *
 * @throws {Error} that names the line and what is wrong with it: an amount, item, group or choice that there is not.
 */
export function parseLine(line: string, menu: Menu): WrittenLine {
  const [amount, itemId = '', ...choices] = line.trim().split(/\s+/);
  const quantity = Number(amount);
  const fail = (what: string) => new Error(`"${line}": ${what}.`);
  if (!Number.isSafeInteger(quantity) || quantity < 1) throw fail('a line begins with a whole number from 1');
  const item = menu.itemsById.get(itemId);
  if (item === undefined) throw fail(`the menu has no item "${itemId}"`);
  const options: Record<string, string | readonly string[]> = {};
  for (const choice of choices) {
    const [groupId = '', ids = ''] = choice.split('=');
    const group = menu.option_groups[groupId];
    if (group === undefined || !item.options.includes(groupId))
      throw fail(`${itemId} has no option group "${groupId}"`);
    const chosen = ids.split(',');
    const stranger = chosen.find((id) => !group.choices.some((known) => known.id === id));
    if (stranger !== undefined) throw fail(`"${groupId}" has no choice "${stranger}"`);
    options[groupId] = group.kind === 'many' ? chosen : chosen[0]!;
  }
  return { quantity, itemId, options };
}

/** Lines as the benchmark writes them, sorted, without defaults, equal ones as one. */
export function writeLines(lines: readonly WrittenLine[], menu: Menu): readonly string[] {
  const amounts = new Map<string, number>();
  for (const { quantity, itemId, options } of lines) {
    const item = menu.itemsById.get(itemId);
    const filled = item === undefined ? options : fillOptions(menu, item, options);
    const choices = Object.keys(filled).flatMap((groupId) => {
      const ids = chosenIn(filled, groupId);
      return ids.length === 0 || ids[0] === menu.option_groups[groupId]?.default
        ? []
        : `${groupId}=${ids.join(',')}`;
    });
    const key = [itemId, ...choices].join(' ');
    amounts.set(key, (amounts.get(key) ?? 0) + quantity);
  }
  return [...amounts].map(([key, quantity]) => `${quantity} ${key}`).sort();
}

/** What stands on an order, as the benchmark writes it. */
export function linesOfOrder(order: OrderData, menu: Menu): readonly string[] {
  return writeLines(
    order.items.map(({ item_id, quantity, options }) => ({ itemId: item_id, quantity, options })),
    menu,
  );
}
