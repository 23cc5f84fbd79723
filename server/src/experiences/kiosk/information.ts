import type { KioskMenuItem, OrderOptions, ShowMenuData } from '@malbeot/protocol';
import { formatMessage } from '@malbeot/protocol/messages';
import { inWords, itemLabel, itemOption, nameOf, orderInWords } from './describe.ts';
import type { KioskTurn } from './kiosk-turn.ts';
import { fillOptions, mergeOptions, priceOfOne } from './options.ts';
import { lineForOptions } from './order-acts.ts';
import { totalAmount } from './order.ts';
import { MOST_CHOICES } from './questions.ts';
import type { Act, Question } from './understanding/acts.ts';

type Ask = Act & { readonly type: 'ask' };

/** How many names are said; the screen shows more. */
const SAID_NAMES = 4;
const POPULAR = 3;

/** Answers a question about the menu or the order. Changes nothing. */
export function inform(turn: KioskTurn, { about, itemId, categoryId, options }: Ask): void {
  // 세트로도 돼요? is about what stands.
  const standing =
    itemId === null && Object.keys(options).length > 0 ? lineForOptions(turn, options, []) : undefined;
  const item = turn.menu.itemsById.get(itemId ?? standing?.itemId ?? '');
  const chosen = mergeOptions(turn.menu, standing?.chosen ?? {}, options);
  const answers: Readonly<Record<Question, () => void>> = {
    price: () => (item === undefined ? tellTotal(turn) : tellPrice(turn, item, 'kiosk.price', chosen)),
    have: () =>
      item === undefined ? showMenu(turn, categoryId) : tellPrice(turn, item, 'kiosk.have', chosen),
    contents: () => (item === undefined ? turn.say('kiosk.which_for_allergy') : tellAllergens(turn, item)),
    allergy: () => (item === undefined ? turn.say('kiosk.which_for_allergy') : tellAllergens(turn, item)),
    spicy: () => (item === undefined ? tellSpicy(turn) : tellWhetherSpicy(turn, item)),
    menu: () =>
      item === undefined ? showMenu(turn, categoryId) : tellPrice(turn, item, 'kiosk.have', chosen),
    popular: () => showPopular(turn),
  };
  answers[about]();
}

/** Says the order so far, or that there is none. */
export function tellTotal(turn: KioskTurn): void {
  const { order } = turn.state;
  if (order.lines.length === 0) return showMenu(turn, null);
  const items = orderInWords(turn.menu, order, turn.language);
  turn.say('kiosk.order_total', { items, total: totalAmount(turn.menu, order) });
}

export function showPopular(turn: KioskTurn): void {
  const popular = popularItems(turn);
  turn.say('kiosk.popular', { items: names(turn, popular) });
  showItems(turn, popular, 'popular', null, formatMessage(turn.language, 'kiosk.popular_title'));
}

/** Asks again and suggests what can be said. */
export function suggest(turn: KioskTurn): void {
  const popular = popularItems(turn);
  const [example] = popular;
  if (example === undefined) return turn.say('kiosk.not_heard');
  turn.say('kiosk.ask_again', { example: nameOf(example, turn.language) });
  showItems(turn, popular, 'suggestion', null, formatMessage(turn.language, 'kiosk.popular_title'));
}

/** The categories, or the items of one. */
export function showMenu(turn: KioskTurn, categoryId: string | null): void {
  const { menu, language } = turn;
  const category = menu.categories.find(({ id }) => id === categoryId);
  if (category === undefined) {
    turn.say('kiosk.menu_categories', {
      categories: inWords(
        menu.categories.map((one) => nameOf(one, language)),
        language,
      ),
    });
    return turn.show('show_menu', {
      title: formatMessage(language, 'kiosk.menu_title'),
      kind: 'categories',
      reason: 'asked',
      category: null,
      options: menu.categories.slice(0, MOST_CHOICES).map((one) => ({
        option_id: one.id,
        display_text: nameOf(one, language),
        category: one.id,
        price: 0,
        description: '',
        available: menu.items.some((item) => item.category === one.id && item.available),
        image_url: null,
      })),
      total: menu.categories.length,
    });
  }
  const items = menu.items.filter((item) => item.category === category.id);
  turn.say('kiosk.menu_category', {
    category: nameOf(category, language),
    items: names(
      turn,
      items.filter((item) => item.available),
    ),
  });
  showItems(turn, items, 'asked', category.id, nameOf(category, language));
}

function popularItems(turn: KioskTurn): readonly KioskMenuItem[] {
  const available = turn.menu.items.filter((item) => item.available);
  const popular = available.filter((item) => item.popular === true);
  return (popular.length > 0 ? popular : available).slice(0, POPULAR);
}

function tellPrice(
  turn: KioskTurn,
  item: KioskMenuItem,
  key: 'kiosk.price' | 'kiosk.have',
  options: OrderOptions,
): void {
  const { menu, language } = turn;
  const filled = fillOptions(menu, item, options);
  if (!item.available) return turn.say('kiosk.sold_out', { item: nameOf(item, language) });
  turn.say(key, { item: itemLabel(menu, item, filled, language), price: priceOfOne(menu, item, filled) });
  const wanted = { quantity: 1, vague: false, options };
  if (canOffer(turn)) turn.ask({ type: 'which', reason: 'offer', nearest: [item.item_id], wanted });
}

/** An offer must not push aside a question that waits for its answer. */
function canOffer(turn: KioskTurn): boolean {
  return (
    turn.asked === null ||
    turn.asked.type === 'more' ||
    (turn.asked.type === 'which' && turn.asked.reason === 'offer')
  );
}

function tellAllergens(turn: KioskTurn, item: KioskMenuItem): void {
  const name = nameOf(item, turn.language);
  if (item.allergens.length === 0) turn.say('kiosk.no_allergens', { item: name });
  else turn.say('kiosk.allergens', { item: name, allergens: item.allergens.join(', ') });
}

function tellWhetherSpicy(turn: KioskTurn, item: KioskMenuItem): void {
  turn.say(item.spicy === true ? 'kiosk.spicy' : 'kiosk.not_spicy', { item: nameOf(item, turn.language) });
}

function tellSpicy(turn: KioskTurn): void {
  const spicy = turn.menu.items.filter((item) => item.spicy === true && item.available);
  if (spicy.length === 0) return turn.say('kiosk.no_spicy_items');
  turn.say('kiosk.spicy_items', { items: names(turn, spicy) });
  showItems(turn, spicy, 'asked', null, formatMessage(turn.language, 'kiosk.menu_title'));
}

function names(turn: KioskTurn, items: readonly KioskMenuItem[]): string {
  return inWords(
    items.slice(0, SAID_NAMES).map((item) => nameOf(item, turn.language)),
    turn.language,
  );
}

function showItems(
  turn: KioskTurn,
  items: readonly KioskMenuItem[],
  reason: ShowMenuData['reason'],
  category: string | null,
  title: string,
): void {
  const options = items.slice(0, MOST_CHOICES).map((item) => itemOption(item, turn.language));
  turn.show('show_menu', { title, kind: 'items', reason, category, options, total: items.length });
}
