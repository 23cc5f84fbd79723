import type { KioskMenuItem, KioskOptionGroup, OrderOptions } from '@malbeot/protocol';
import type { Menu } from './menu.ts';

/** The group's choice with this id; undefined when there is none. */
export function choiceOf(
  menu: Menu,
  groupId: string,
  choiceId: string,
): KioskOptionGroup['choices'][number] | undefined {
  return menu.option_groups[groupId]?.choices.find((choice) => choice.id === choiceId);
}

/** Choice ids that stand for a group, whatever its kind. */
export function chosenIn(options: OrderOptions, groupId: string): readonly string[] {
  const chosen = options[groupId];
  if (chosen === undefined) return [];
  return typeof chosen === 'string' ? [chosen] : chosen;
}

/**
 * What was chosen, with defaults filled in, groups that do not apply left out, choices in the menu's order, and a
 * required choice not made yet absent.
 */
export function fillOptions(menu: Menu, item: KioskMenuItem, chosen: OrderOptions): OrderOptions {
  const filled: Record<string, string | readonly string[]> = {};
  for (const groupId of item.options) {
    const group = menu.option_groups[groupId]!;
    if (!applies(group, filled)) continue;
    const known = chosenIn(chosen, groupId).filter((choice) => choiceOf(menu, groupId, choice) !== undefined);
    if (group.kind === 'many') {
      const inOrder = group.choices.map((choice) => choice.id).filter((choice) => known.includes(choice));
      if (inOrder.length > 0) filled[groupId] = inOrder;
    } else {
      const one = known[0] ?? group.default;
      if (one !== undefined) filled[groupId] = one;
    }
  }
  return filled;
}

/** Required groups that apply and hold no choice, in the order in which they are asked. */
export function missingGroups(menu: Menu, item: KioskMenuItem, filled: OrderOptions): readonly string[] {
  return item.options.filter((groupId) => {
    const group = menu.option_groups[groupId]!;
    return group.required === true && filled[groupId] === undefined && applies(group, filled);
  });
}

/** Price of one with its options, in won. */
export function priceOfOne(menu: Menu, item: KioskMenuItem, filled: OrderOptions): number {
  let price = item.price;
  for (const groupId of Object.keys(filled)) {
    for (const choice of chosenIn(filled, groupId)) price += choiceOf(menu, groupId, choice)?.price ?? 0;
  }
  return price;
}

/**
 * Choices laid over those that stood: a group of kind `one` is replaced, of kind `many` extended.
 */
export function mergeOptions(menu: Menu, standing: OrderOptions, said: OrderOptions): OrderOptions {
  const merged: Record<string, string | readonly string[]> = { ...standing };
  for (const groupId of Object.keys(said)) {
    const group = menu.option_groups[groupId];
    if (group === undefined) continue;
    if (group.kind === 'one') merged[groupId] = said[groupId]!;
    else merged[groupId] = [...new Set([...chosenIn(merged, groupId), ...chosenIn(said, groupId)])];
  }
  return merged;
}

/** Whether a group is asked for at all, by what is chosen in the groups that it depends on. */
export function applies(group: KioskOptionGroup, filled: OrderOptions): boolean {
  return Object.entries(group.when ?? {}).every(([other, wanted]) =>
    chosenIn(filled, other).some((choice) => wanted.includes(choice)),
  );
}
