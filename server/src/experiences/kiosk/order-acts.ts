import type { KioskMenuItem, OrderOptions } from '@malbeot/protocol';
import { countedLabel, inWords, nameOf } from './describe.ts';
import type { KioskTurn } from './kiosk-turn.ts';
import type { Menu } from './menu.ts';
import { applies, chosenIn, fillOptions, mergeOptions } from './options.ts';
import { itemOf, optionsOf, type OrderLine } from './order.ts';
import { labelOf } from './questions.ts';
import type { Wanted } from './state.ts';
import type { SaidItem, SaidPart } from './understanding/acts.ts';
import type { ChoiceRef } from './understanding/lexicon/meanings.ts';

/** More than this of one thing is asked about before it is taken. */
export const MOST_UNASKED = 20;
/** Nobody is served more than this at a counter; such a number was misheard. */
const MOST_OF_ONE = 999;
const ALTERNATIVES = 3;

/** Puts an item into the order, or asks what has to be asked first: sold out, no clear amount, too many. */
export function addItem(turn: KioskTurn, itemId: string, wanted: Wanted): OrderLine | null {
  const item = turn.menu.itemsById.get(itemId);
  if (item === undefined) return null;
  const { asked } = turn;
  const answersWhich = asked?.type === 'which' && asked.nearest.includes(itemId) && !turn.settled;
  const options = answersWhich
    ? mergeOptions(turn.menu, asked.wanted.options, wanted.options)
    : wanted.options;
  const vague = wanted.vague || (answersWhich && wanted.quantity === null && asked.wanted.vague);
  const quantity = wanted.quantity ?? (answersWhich ? asked.wanted.quantity : null) ?? 1;
  if (answersWhich) turn.settle();
  if (!item.available) {
    refuseSoldOut(turn, item, { quantity, vague, options: {} });
    return null;
  }
  if (vague || quantity < 1 || quantity > MOST_OF_ONE || !Number.isSafeInteger(quantity)) {
    turn.ask({ type: 'how-many', itemId, options });
    return null;
  }
  if (quantity > MOST_UNASKED || standing(turn, itemId) + quantity > MOST_UNASKED) {
    turn.ask({ type: 'quantity', itemId, lineId: null, wanted: { quantity, vague: false, options } });
    return null;
  }
  return turn.add(itemId, quantity, options);
}

/** As {@link addItem}, for an amount that the customer has already agreed to. */
export function addAgreed(turn: KioskTurn, itemId: string, quantity: number, options: OrderOptions): void {
  if (turn.menu.itemsById.get(itemId)?.available === true) turn.add(itemId, quantity, options);
}

/** Says what was added in this turn, and the choices said that the items do not have. */
export function sayAdded(
  turn: KioskTurn,
  added: readonly { readonly line: OrderLine; readonly quantity: number }[],
): void {
  const still = added.filter(({ line }) => turn.line(line.id) !== undefined);
  if (still.length === 0) return;
  const items = still.map(({ line, quantity }) =>
    countedLabel(labelOf(turn, line.id), quantity, turn.language),
  );
  turn.say('kiosk.added', { items: inWords(items, turn.language) });
}

export function sayCannot(turn: KioskTurn, itemId: string, cannot: readonly string[]): void {
  const item = turn.menu.itemsById.get(itemId);
  if (item === undefined || cannot.length === 0) return;
  turn.say('kiosk.cannot', {
    item: nameOf(item, turn.language),
    what: cannot.map((word) => inLanguage(turn, word)).join(', '),
  });
}

/** The names of choices, in the language of the session. */
export function namesOfChoices({ menu, language }: KioskTurn, options: OrderOptions): string[] {
  return Object.entries(options).flatMap(([groupId, chosen]) =>
    (typeof chosen === 'string' ? [chosen] : chosen).flatMap((id) => {
      const choice = menu.option_groups[groupId]?.choices.find((one) => one.id === id);
      return choice === undefined ? [] : language === 'ko' ? choice.name : choice.name_en;
    }),
  );
}

/** The name of a choice in the language of the session; any other words as they were said. */
function inLanguage({ menu, language }: KioskTurn, word: string): string {
  const choice = Object.values(menu.option_groups)
    .flatMap(({ choices }) => choices)
    .find(({ name }) => name === word);
  return choice === undefined ? word : nameOf(choice, language);
}

/** Takes an item off: all of it, or as many as said, from the line last added. */
export function removeItem(turn: KioskTurn, { itemId, quantity, options }: SaidItem): void {
  const item = turn.menu.itemsById.get(itemId)!;
  const lines = linesOf(turn, itemId).filter((line) => hasOptions(turn, line, options));
  if (lines.length === 0) return turn.say('kiosk.not_in_order', { item: nameOf(item, turn.language) });
  const labels: string[] = [];
  let left = quantity;
  const last = turn.lastLine();
  for (const line of [...lines]
    .reverse()
    .sort((one, other) => Number(other.id === last?.id) - Number(one.id === last?.id))) {
    if (left !== null && left <= 0) break;
    const taken = left === null ? line.quantity : Math.min(left, line.quantity);
    labels.push(countedLabel(labelOf(turn, line.id), taken, turn.language));
    turn.change({ type: 'remove', lineId: line.id, quantity: taken });
    if (left !== null) left -= taken;
  }
  turn.say('kiosk.removed', { items: inWords(labels, turn.language) });
}

/** Takes everything off but these items. */
export function keepOnly(turn: KioskTurn, itemIds: readonly string[]): void {
  const gone = turn.state.order.lines.filter(({ itemId }) => !itemIds.includes(itemId));
  if (gone.length === 0) return turn.say('kiosk.kept');
  const labels = gone.map((line) => countedLabel(labelOf(turn, line.id), line.quantity, turn.language));
  for (const line of gone) turn.change({ type: 'remove', lineId: line.id, quantity: null });
  turn.say('kiosk.removed', { items: inWords(labels, turn.language) });
}

export function removeFromLine(turn: KioskTurn, line: OrderLine, quantity: number | null): void {
  const taken = quantity === null ? line.quantity : Math.min(quantity, line.quantity);
  const label = countedLabel(labelOf(turn, line.id), taken, turn.language);
  turn.change({ type: 'remove', lineId: line.id, quantity });
  turn.say('kiosk.removed', { items: label });
}

/** Sets the amount of a line, asking when it is a large one. */
export function setQuantity(turn: KioskTurn, line: OrderLine, quantity: number): void {
  const item = itemOf(turn.menu, line);
  if (quantity < 1) return removeFromLine(turn, line, null);
  if (quantity > MOST_OF_ONE || !Number.isSafeInteger(quantity)) {
    return turn.ask({ type: 'how-many', itemId: item.item_id, options: line.chosen });
  }
  if (quantity > MOST_UNASKED) {
    const wanted = { quantity, vague: false, options: line.chosen };
    return turn.ask({ type: 'quantity', itemId: item.item_id, lineId: line.id, wanted });
  }
  setAgreedQuantity(turn, line, quantity);
}

export function setAgreedQuantity(turn: KioskTurn, line: OrderLine, quantity: number): void {
  const item = labelOf(turn, line.id);
  turn.change({ type: 'set-quantity', lineId: line.id, quantity });
  turn.touch(turn.line(line.id) ?? line);
  turn.say('kiosk.quantity_set', { item, quantity });
}

/** Chooses and drops options of a line, and says how it stands now. `silently`: it answered a question. */
export function setOptions(
  turn: KioskTurn,
  line: OrderLine,
  options: OrderOptions,
  drops: readonly ChoiceRef[],
): void {
  const { menu } = turn;
  const chosen = without(menu, mergeOptions(menu, line.chosen, options), drops);
  const before = turn.state.order.lines;
  turn.change({
    type: 'set-options',
    lineId: line.id,
    options: { ...cleared(line.chosen, chosen), ...chosen },
  });
  // The line may have become the same as another and be a part of it now.
  const after =
    turn.line(line.id) ??
    turn.state.order.lines.find(
      (other) => before.find(({ id }) => id === other.id)?.quantity !== other.quantity,
    );
  if (after === undefined) return;
  turn.touch(after);
  turn.say('kiosk.options_set', { item: labelOf(turn, after.id) });
}

/** Options without those choices; of a group of kind `one`, the default stands again. */
function without(menu: Menu, options: OrderOptions, drops: readonly ChoiceRef[]): OrderOptions {
  const chosen: Record<string, string | readonly string[]> = { ...options };
  for (const { groupId, choiceId } of drops) {
    const left = chosenIn(chosen, groupId).filter((id) => id !== choiceId);
    if (menu.option_groups[groupId]?.kind === 'many') chosen[groupId] = left;
    else if (left.length === 0) delete chosen[groupId];
  }
  return chosen;
}

/** Deals a line out in parts with options of their own; what no part takes stays as it was. */
export function dealOut(turn: KioskTurn, line: OrderLine, parts: readonly SaidPart[]): void {
  let left = line.quantity;
  const taken = parts.flatMap((part) => {
    const quantity = Math.min(part.quantity, left);
    left -= quantity;
    return quantity > 0 ? [{ ...part, quantity }] : [];
  });
  turn.change({ type: 'remove', lineId: line.id, quantity: line.quantity - left });
  const labels = taken.map(({ quantity, options, drops }) => {
    const chosen = without(turn.menu, mergeOptions(turn.menu, line.chosen, options), drops);
    const part = turn.add(line.itemId, quantity, chosen);
    return countedLabel(labelOf(turn, part.id), quantity, turn.language);
  });
  turn.say('kiosk.options_set', { item: inWords(labels, turn.language) });
}

/** The last line, from the end, that has every group of `options` and `drops` and where they apply. */
export function lineForOptions(
  turn: KioskTurn,
  options: OrderOptions,
  drops: readonly ChoiceRef[],
): OrderLine | undefined {
  const last = turn.lastLine();
  if (last !== undefined && takesOptions(turn, last, options, drops)) return last;
  return turn.state.order.lines.findLast((line) => takesOptions(turn, line, options, drops));
}

/** True when a line has every group of `options` and `drops`, and where they apply. */
export function takesOptions(
  { menu }: KioskTurn,
  line: OrderLine,
  options: OrderOptions,
  drops: readonly ChoiceRef[],
): boolean {
  const item = itemOf(menu, line);
  const filled = fillOptions(menu, item, mergeOptions(menu, line.chosen, options));
  return [...Object.keys(options), ...drops.map(({ groupId }) => groupId)].every(
    (groupId) => item.options.includes(groupId) && applies(menu.option_groups[groupId]!, filled),
  );
}

export function linesOf(turn: KioskTurn, itemId: string): readonly OrderLine[] {
  return turn.state.order.lines.filter((line) => line.itemId === itemId);
}

/** Says that an item is sold out, and asks for one of the nearest others. */
export function refuseSoldOut(turn: KioskTurn, item: KioskMenuItem, wanted: Wanted): void {
  turn.say('kiosk.sold_out', { item: nameOf(item, turn.language) });
  const nearest = turn.menu.items
    .filter((other) => other.available && other.category === item.category && other.item_id !== item.item_id)
    .sort((one, other) => Math.abs(one.price - item.price) - Math.abs(other.price - item.price))
    .slice(0, ALTERNATIVES);
  if (nearest.length === 0) return;
  turn.ask({ type: 'which', reason: 'alternatives', nearest: nearest.map((other) => other.item_id), wanted });
}

function standing(turn: KioskTurn, itemId: string): number {
  const { status } = turn.state.order;
  if (status !== 'draft' && status !== 'confirming') return 0;
  return linesOf(turn, itemId).reduce((sum, line) => sum + line.quantity, 0);
}

/** True when a line stands with all of these choices. */
export function hasOptions(turn: KioskTurn, line: OrderLine, options: OrderOptions): boolean {
  const filled = optionsOf(turn.menu, line);
  return Object.keys(options).every((groupId) =>
    chosenIn(options, groupId).every((choice) => chosenIn(filled, groupId).includes(choice)),
  );
}

/** Groups that stood and are gone, as empty choices: the order lays options over those that stand. */
function cleared(before: OrderOptions, after: OrderOptions): OrderOptions {
  return Object.fromEntries(
    Object.keys(before)
      .filter((groupId) => after[groupId] === undefined)
      .map((groupId) => [groupId, []]),
  );
}
