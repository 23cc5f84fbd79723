import type {
  Dining,
  KioskMenuItem,
  Language,
  MenuOption,
  OrderLineView,
  OrderOptions,
} from '@malbeot/protocol';
import { formatMessage } from '@malbeot/protocol/messages';
import type { Menu } from './menu.ts';
import { chosenIn } from './options.ts';
import { itemOf, knownLines, missingOf, optionsOf, type Order, type OrderLine } from './order.ts';

type Named = { readonly name: string; readonly name_en: string };

/** Name of anything on the menu, in the language of the session. */
export function nameOf(thing: Named, language: Language): string {
  return language === 'ko' ? thing.name : thing.name_en;
}

/**
 * A line in words: `아이스 아메리카노 (라지)`, `불고기버거 세트 (사이다, 양파 빼고)`. Choices that are the default are not
 * said; required ones stand before the name, those that other groups depend on after it, all others in brackets.
 */
export function lineLabel(menu: Menu, line: OrderLine, language: Language): string {
  return itemLabel(menu, itemOf(menu, line), optionsOf(menu, line), language);
}

/** As {@link lineLabel}, for an item with filled options. */
export function itemLabel(menu: Menu, item: KioskMenuItem, filled: OrderOptions, language: Language): string {
  const before: string[] = [];
  const after: string[] = [];
  const inBrackets: string[] = [];
  for (const groupId of item.options) {
    const group = menu.option_groups[groupId]!;
    for (const choiceId of chosenIn(filled, groupId)) {
      const choice = group.choices.find(({ id }) => id === choiceId);
      if (choice === undefined || choiceId === group.default) continue;
      // A name may explain itself in brackets of its own.
      const name = nameOf(choice, language).replace(/\s*\(.*\)$/, '');
      if (group.kind === 'many') {
        const key = /^(?:remove|without|exclude)/.test(groupId) ? 'kiosk.option.remove' : 'kiosk.option.add';
        inBrackets.push(formatMessage(language, key, { choice: name }));
      } else if (group.required === true) before.push(name);
      else if (isBase(menu, groupId)) after.push(name);
      else inBrackets.push(name);
    }
  }
  const words = [...before, nameOf(item, language), ...after].join(' ');
  return inBrackets.length === 0 ? words : `${words} (${inBrackets.join(', ')})`;
}

/** `불고기버거 2개`, `2 Bulgogi Burger`. */
export function countedLabel(label: string, quantity: number, language: Language): string {
  return language === 'ko' ? `${label} ${quantity}개` : `${quantity} ${label}`;
}

/** The lines of an order in words, one after the other. */
export function orderInWords(menu: Menu, order: Order, language: Language): string {
  return inWords(
    order.lines.map((line) => countedLabel(lineLabel(menu, line, language), line.quantity, language)),
    language,
  );
}

/** Several things in one sentence. */
export function inWords(parts: readonly string[], language: Language): string {
  if (language === 'ko' || parts.length < 2) return parts.join(', ');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)!}`;
}

/** What the screen shows of each line beyond its numbers. */
export function lineViews(menu: Menu, order: Order, language: Language): readonly OrderLineView[] {
  return knownLines(menu, order).map((line, at) => ({
    line: at,
    label: lineLabel(menu, line, language),
    missing: missingOf(menu, line),
  }));
}

/** An item as a choice on the screen. */
export function itemOption(item: KioskMenuItem, language: Language): MenuOption {
  return {
    option_id: item.item_id,
    display_text: nameOf(item, language),
    category: item.category,
    price: item.price,
    description: language === 'ko' ? item.allergens.join(', ') : '',
    available: item.available,
    image_url: item.image_url,
  };
}

export function dineMessage(dine: Exclude<Dining, null>): 'kiosk.dine_in' | 'kiosk.dine_out' {
  return dine === 'in' ? 'kiosk.dine_in' : 'kiosk.dine_out';
}

/** True when other groups depend on this one: what it says is a part of the name (세트). */
function isBase(menu: Menu, groupId: string): boolean {
  return Object.values(menu.option_groups).some((group) => group.when?.[groupId] !== undefined);
}
