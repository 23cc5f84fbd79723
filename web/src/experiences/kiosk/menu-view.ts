import type {
  KioskMenu,
  KioskMenuItem,
  KioskOptionGroup,
  Language,
  MenuOption,
  OrderOptions,
} from '@malbeot/protocol';

/** One thing to press on the menu board. */
export interface Tile {
  readonly id: string;
  readonly name: string;
  /** Won; null for a category. */
  readonly price: number | null;
  readonly image: string;
  readonly category: string;
  readonly available: boolean;
  readonly popular: boolean;
  readonly spicy: boolean;
}

/** The items of one category as tiles. */
export function tilesOf(menu: KioskMenu, category: string, language: Language): readonly Tile[] {
  return menu.items.filter((item) => item.category === category).map((item) => tileOf(item, language));
}

function tileOf(item: KioskMenuItem, language: Language): Tile {
  return {
    id: item.item_id,
    name: nameOf(item, language),
    price: item.price,
    image: imageOf(item.item_id, {}, item.image_url),
    category: item.category,
    available: item.available,
    popular: item.popular === true,
    spicy: item.spicy === true,
  };
}

/** What the server offers, as tiles; marks are looked up in the menu where it knows the item. */
export function tilesOfShelf(
  menu: KioskMenu,
  options: readonly MenuOption[],
  kind: 'categories' | 'items',
): readonly Tile[] {
  return options.map((option) => {
    const item = menu.items.find(({ item_id: id }) => id === option.option_id);
    const first = menu.items.find(({ category }) => category === option.option_id);
    return {
      id: option.option_id,
      name: option.display_text,
      price: kind === 'categories' ? null : option.price,
      image:
        option.image_url ??
        imageOf(kind === 'categories' ? (first?.item_id ?? '') : option.option_id, {}, null),
      category: kind === 'categories' ? option.option_id : (item?.category ?? option.category),
      available: option.available,
      popular: item?.popular === true,
      spicy: item?.spicy === true,
    };
  });
}

/** The name in the customer's language. */
export function nameOf(
  named: { readonly name: string; readonly name_en: string },
  language: Language,
): string {
  return language === 'en' && named.name_en !== '' ? named.name_en : named.name;
}

/** The picture of an item; hot and iced drinks have their own. */
export function imageOf(itemId: string, options: OrderOptions, given: string | null): string {
  if (given !== null) return given;
  const temperature = options['temperature'];
  const variant = temperature === 'hot' || temperature === 'iced' ? `-${temperature}` : '';
  return `/menu/${encodeURIComponent(itemId)}${variant}.svg`;
}

/** The picture of a choice: of the dish it is, else its own. */
export function choiceImageOf(
  menu: KioskMenu | null,
  choiceId: string,
  itemId: string,
  given: string | null = null,
): string {
  if (given !== null) return given;
  if ((choiceId === 'hot' || choiceId === 'iced') && itemId !== '')
    return imageOf(itemId, { temperature: choiceId }, null);
  if (menu?.items.some(({ item_id: id }) => id === choiceId) === true) return imageOf(choiceId, {}, null);
  return `/menu/choice-${encodeURIComponent(choiceId)}.svg`;
}

/** The option groups that apply to an item as its options stand, in the order in which they are asked. */
export function groupsOf(
  menu: KioskMenu,
  itemId: string,
  options: OrderOptions,
): readonly { readonly id: string; readonly group: KioskOptionGroup }[] {
  const item = menu.items.find(({ item_id: id }) => id === itemId);
  return (item?.options ?? []).flatMap((id) => {
    const group = menu.option_groups[id];
    if (group === undefined) return [];
    const applies = Object.entries(group.when ?? {}).every(([other, choices]) => {
      const standing = options[other] ?? menu.option_groups[other]?.default;
      return typeof standing === 'string'
        ? choices.includes(standing)
        : (standing ?? []).some((id) => choices.includes(id));
    });
    return applies ? [{ id, group }] : [];
  });
}

/** What is chosen in a group as the options stand. */
export function chosenIn(
  group: KioskOptionGroup,
  standing: string | readonly string[] | undefined,
): readonly string[] {
  if (standing === undefined)
    return group.kind === 'one' && group.default !== undefined ? [group.default] : [];
  return typeof standing === 'string' ? [standing] : standing;
}

/** One page of a list, and how many pages there are (at least one). */
export function pageOf<T>(
  all: readonly T[],
  page: number,
  size: number,
): { readonly shown: readonly T[]; readonly page: number; readonly pages: number } {
  const pages = Math.max(1, Math.ceil(all.length / size));
  const current = Math.min(Math.max(0, page), pages - 1);
  return { shown: all.slice(current * size, (current + 1) * size), page: current, pages };
}
