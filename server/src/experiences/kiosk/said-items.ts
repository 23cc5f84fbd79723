import type { OrderOptions } from '@malbeot/protocol';
import type { KioskTurn } from './kiosk-turn.ts';
import { chosenIn, mergeOptions } from './options.ts';
import {
  addItem,
  dealOut,
  hasOptions,
  lineForOptions,
  linesOf,
  refuseSoldOut,
  sayAdded,
  sayCannot,
  setOptions,
  setQuantity,
  takesOptions,
} from './order-acts.ts';
import { isPlaced, itemOf, missingOf, optionsOf, type OrderLine } from './order.ts';
import { labelOf } from './questions.ts';
import { linesMeant } from './references.ts';
import type { Act, SaidItem } from './understanding/acts.ts';

/** What the acts of one utterance have put into the order so far. */
export interface Added {
  /** Lines not told of yet. */
  readonly untold: { line: OrderLine; quantity: number }[];
  /** Items that this utterance added: what else it says of them is about those. */
  readonly itemIds: Set<string>;
  /** Ids of the lines as they stood before. */
  readonly counted: readonly number[];
}

/** What an utterance starts with: nothing added, the lines as they stand. */
export function nothingAdded({ state }: KioskTurn): Added {
  return { untold: [], itemIds: new Set(), counted: state.order.lines.map(({ id }) => id) };
}

/** Says what was added since it was last said. */
export function tellAdded(turn: KioskTurn, added: Added): void {
  sayAdded(turn, added.untold.splice(0));
}

/** An item that is wanted; or, where a question or a set that stands says so, a choice of what stands. */
export function addSaid(turn: KioskTurn, item: SaidItem, added: Added): void {
  const { mayBeChoice, quantity } = item;
  if (item.rest === true && linesOf(turn, item.itemId).some(({ id }) => added.counted.includes(id))) return;
  if (item.every === true && countOf(linesOf(turn, item.itemId)) === quantity && says(item))
    return changeEvery(turn, item);
  const answersWhich = turn.asked?.type === 'which' && turn.asked.nearest.includes(item.itemId);
  const choice =
    quantity === null && mayBeChoice.length > 0 && !answersWhich ? choiceOfSet(turn, item) : null;
  if (choice !== null) return setOptions(turn, choice.line, choice.options, []);
  const waiting = answersWhich || added.itemIds.has(item.itemId) ? undefined : lineWaitingFor(turn, item);
  if (waiting !== undefined) return setOptions(turn, waiting, item.options, item.drops);
  const about = amountAsked(turn, item.itemId);
  const wanted = about !== null && (quantity !== null || item.vague) ? about.options : {};
  if (about !== null && quantity !== null) turn.settle();
  const line = addItem(turn, item.itemId, {
    ...item,
    options: mergeOptions(turn.menu, wanted, item.options),
  });
  added.itemIds.add(item.itemId);
  if (line !== null) added.untold.push({ line, quantity: quantity ?? wantedBefore(turn, item.itemId) ?? 1 });
  sayCannot(turn, item.itemId, item.cannot);
}

/** 라떼 아이스, while it is asked how the lattes shall be: the line that misses just that. */
function lineWaitingFor(turn: KioskTurn, item: SaidItem): OrderLine | undefined {
  if (turn.asked?.type !== 'option' || item.quantity !== null || item.more || item.vague) return undefined;
  return linesOf(turn, item.itemId).find((line) =>
    missingOf(turn.menu, line).some((groupId) => item.options[groupId] !== undefined),
  );
}

/** The amount question that waits for this item's amount; null when there is none. */
function amountAsked(
  { asked, settled }: KioskTurn,
  itemId: string,
): { readonly options: OrderOptions } | null {
  if (settled) return null;
  if (asked?.type === 'how-many' && asked.itemId === itemId) return asked;
  return asked?.type === 'quantity' && asked.itemId === itemId && asked.lineId === null ? asked.wanted : null;
}

/** How many were wanted when it was asked which item was meant. */
function wantedBefore({ asked }: KioskTurn, itemId: string): number | null {
  return asked?.type === 'which' && asked.nearest.includes(itemId) ? asked.wanted.quantity : null;
}

/** 사이다로 주세요 after a set: its drink, not another one. */
export function choiceOfSet(turn: KioskTurn, { mayBeChoice }: Pick<SaidItem, 'mayBeChoice'>) {
  if (isPlaced(turn.state.order)) return null;
  for (const { groupId, choiceId } of mayBeChoice) {
    const options = { [groupId]: choiceId };
    const line = lineForOptions(turn, options, []);
    if (line !== undefined && turn.menu.option_groups[groupId]?.when !== undefined) return { line, options };
  }
  return null;
}

/** What is said of an item that stands: other options, another amount; of one that does not stand, it is wanted. */
export function changeItem(turn: KioskTurn, item: SaidItem, added: Added): void {
  const { quantity, drops, part } = item;
  const isNew = item.continues === true && added.itemIds.has(item.itemId) && quantity !== null;
  const line = isNew || isPlaced(turn.state.order) ? undefined : lineMeant(turn, item);
  if (line === undefined) {
    addSaid(turn, { ...item, mayBeChoice: [] }, added);
    return tellAdded(turn, added);
  }
  if (item.every === true && says(item)) return changeEvery(turn, item);
  turn.touch(line);
  if (item.vague) return turn.ask({ type: 'how-many', itemId: item.itemId, options: item.options });
  sayCannot(turn, item.itemId, item.cannot);
  const options = newOptions(turn, line, item);
  if (Object.keys(options).length === 0 && drops.length === 0) {
    if (quantity === null) return item.more ? setQuantity(turn, line, line.quantity + 1) : undefined;
    return setQuantity(turn, line, item.more ? line.quantity + quantity : quantity);
  }
  if (quantity !== null && quantity < line.quantity)
    return dealOut(turn, line, [{ quantity, options, drops }]);
  setOptions(turn, line, options, drops);
  const after = turn.lastLine();
  if (quantity !== null && !part && after !== undefined && after.quantity < quantity)
    setQuantity(turn, after, quantity);
}

/** 라떼는 둘 다 아이스로: every line of the item. */
function changeEvery(turn: KioskTurn, item: SaidItem): void {
  for (const line of linesOf(turn, item.itemId)) {
    turn.touch(line);
    setOptions(turn, line, item.options, item.drops);
  }
  sayCannot(turn, item.itemId, item.cannot);
}

function says({ options, drops }: SaidItem): boolean {
  return Object.keys(options).length > 0 || drops.length > 0;
}

function countOf(lines: readonly OrderLine[]): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** Which line of the item: one that has what was said with the name, the one last touched before others. */
function lineMeant(turn: KioskTurn, item: SaidItem): OrderLine | undefined {
  const lines = linesCalled(turn, item);
  const fitting = lines.filter((line) => hasOptions(turn, line, item.before));
  const among = fitting.length > 0 ? fitting : lines;
  const last = turn.lastLine();
  return among.find(({ id }) => id === last?.id) ?? among.at(-1);
}

/** 콜라는 라지로: lines of the item; where there are none, of what is called so for short, as a zero cola is. */
function linesCalled(turn: KioskTurn, { itemId, quantity, options, drops }: SaidItem): readonly OrderLine[] {
  const own = linesOf(turn, itemId);
  const name = turn.menu.itemsById.get(itemId)?.name;
  if (own.length > 0 || name === undefined || quantity !== null) return own;
  return turn.state.order.lines.filter(
    (line) => itemOf(turn.menu, line).name.endsWith(name) && takesOptions(turn, line, options, drops),
  );
}

/** What was said that does not stand yet: 라지 콜라를 … is about a large one, and changes nothing. */
function newOptions(turn: KioskTurn, line: OrderLine, { options, before }: SaidItem): OrderOptions {
  const filled = optionsOf(turn.menu, line);
  return Object.fromEntries(
    Object.entries(options).filter(([groupId]) => {
      if (before[groupId] === undefined) return true;
      const said = chosenIn(options, groupId);
      return said.some((choice) => !chosenIn(filled, groupId).includes(choice));
    }),
  );
}

/** One item instead of another; where the other does not stand but a set holds it, a choice of the set. */
export function replaceItem(turn: KioskTurn, act: Act & { readonly type: 'replace' }, added: Added): void {
  const { item, fromItemId, fromReference } = act;
  const standing =
    fromItemId === null
      ? (lineOfKind(turn, act) ?? linesMeant(turn, fromReference, added.counted).at(-1))
      : lastOf(turn, linesOf(turn, fromItemId));
  const line = isPlaced(turn.state.order) ? undefined : standing;
  const choice = line === undefined || fromItemId === null ? choiceInstead(turn, act, line) : null;
  if (choice !== null) return setOptions(turn, choice.line, choice.options, []);
  if (line === undefined) {
    addSaid(turn, { ...item, mayBeChoice: [] }, added);
    return tellAdded(turn, added);
  }
  const wanted = turn.menu.itemsById.get(item.itemId);
  if (wanted === undefined) return;
  const replaced = Math.min(act.fromQuantity ?? line.quantity, line.quantity);
  const quantity = item.quantity ?? replaced;
  if (!wanted.available) return refuseSoldOut(turn, wanted, { quantity, vague: false, options: {} });
  if (item.vague) return turn.ask({ type: 'how-many', itemId: item.itemId, options: item.options });
  added.itemIds.add(item.itemId);
  if (replaced < line.quantity) {
    turn.change({ type: 'remove', lineId: line.id, quantity: replaced });
    const other = addItem(turn, item.itemId, { quantity, vague: false, options: item.options });
    if (other !== null) added.untold.push({ line: other, quantity });
    return tellAdded(turn, added);
  }
  const from = labelOf(turn, line.id);
  turn.change({ type: 'replace-item', lineId: line.id, itemId: item.itemId, options: item.options });
  const after = turn.line(line.id) ?? turn.state.order.lines.find(({ itemId }) => itemId === item.itemId)!;
  turn.touch(after);
  turn.say('kiosk.replaced', { from, items: labelOf(turn, after.id) });
  sayCannot(turn, item.itemId, item.cannot);
  if (item.quantity !== null && item.quantity !== after.quantity) setQuantity(turn, after, item.quantity);
}

/** 사이다로 바꿔 주세요: where nothing was pointed at, of several lines the last of the same kind; none where the last one touched is it. */
function lineOfKind(
  turn: KioskTurn,
  { item, fromReference }: Act & { readonly type: 'replace' },
): OrderLine | undefined {
  const category = turn.menu.itemsById.get(item.itemId)?.category;
  const isOfKind = (line: OrderLine) => itemOf(turn.menu, line).category === category;
  const last = turn.lastLine();
  if (fromReference !== null || last === undefined || isOfKind(last)) return undefined;
  return turn.state.order.lines.findLast(isOfKind);
}

/** 사이다로 바꿔 주세요, of a set: its drink. */
function choiceInstead(
  turn: KioskTurn,
  { item, fromChoices }: Act & { readonly type: 'replace' },
  line: OrderLine | undefined,
) {
  if (item.quantity !== null) return null;
  const choices =
    item.mayBeChoice.length > 0
      ? item.mayBeChoice
      : fromChoices.map(({ groupId }) => ({ groupId, choiceId: item.itemId }));
  const known = choices.filter(
    ({ groupId, choiceId }) =>
      turn.menu.option_groups[groupId]?.choices.some(({ id }) => id === choiceId) === true,
  );
  const choice = choiceOfSet(turn, { mayBeChoice: known });
  return choice !== null && (line === undefined || choice.line.id === line.id) ? choice : null;
}

function lastOf(turn: KioskTurn, lines: readonly OrderLine[]): OrderLine | undefined {
  const last = turn.lastLine();
  return lines.find(({ id }) => id === last?.id) ?? lines.at(-1);
}
