import type { OrderOptions } from '@malbeot/protocol';
import type { KioskTurn } from './kiosk-turn.ts';
import { chosenIn, mergeOptions } from './options.ts';
import {
  addItem,
  dealOut,
  hasOptions,
  lineForOptions,
  linesOf,
  namesOfChoices,
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
import type { ChoiceRef } from './understanding/lexicon/meanings.ts';

/** What the acts of one utterance have put into the order so far. */
export interface Added {
  /** Lines not told of yet. */
  readonly untold: { line: OrderLine; quantity: number }[];
  /** Items that this utterance added: what else it says of them is about those. */
  readonly itemIds: Set<string>;
  /** Ids of the lines that parts of an amount were dealt to: 하나는 …, 하나는 … */
  readonly dealt: Set<number>;
  /** Ids of the lines as they stood before. */
  readonly counted: readonly number[];
}

/** What an utterance starts with: nothing added, the lines as they stand. */
export function nothingAdded({ state }: KioskTurn): Added {
  return { untold: [], itemIds: new Set(), dealt: new Set(), counted: state.order.lines.map(({ id }) => id) };
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
    options: mergeOptions(turn.menu, { ...wantedOfRow(turn, item.itemId, added), ...wanted }, item.options),
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

/** 세트 두 개, and asked of what, 하나는 치즈버거 하나는 불고기버거: what was said of all of them. */
function wantedOfRow({ asked }: KioskTurn, itemId: string, { itemIds }: Added): OrderOptions {
  const isNext = asked?.type === 'which' && asked.reason === 'category' && itemIds.size > 0;
  return isNext && asked.nearest.includes(itemId) ? asked.wanted.options : {};
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
  const besides = besidesOf(turn, item, added);
  if (besides !== null) {
    const { plain, apart } = besides;
    if (linesOf(turn, item.itemId).length === 0) addSaid(turn, plain, added);
    else if (says(plain) || plain.quantity !== null) changeItem(turn, plain, added);
    for (const one of apart) addSaid(turn, one, added);
    return tellAdded(turn, added);
  }
  const isNew = item.continues === true && added.itemIds.has(item.itemId) && quantity !== null;
  const line = isNew || isPlaced(turn.state.order) ? undefined : lineMeant(turn, item, added);
  if (line === undefined) return changeMissing(turn, item, added);
  if (item.every === true && says(item)) return changeEvery(turn, item);
  turn.touch(line);
  if (item.vague) return turn.ask({ type: 'how-many', itemId: item.itemId, options: item.options });
  sayCannot(turn, item.itemId, item.cannot);
  const options = newOptions(turn, line, item);
  if (Object.keys(options).length === 0 && drops.length === 0) {
    if (quantity === null) return item.more ? setQuantity(turn, line, line.quantity + 1) : undefined;
    return setQuantity(turn, line, item.more ? line.quantity + quantity : quantity);
  }
  if (quantity !== null && quantity < line.quantity) {
    dealOut(turn, line, [{ quantity, options, drops }]);
    const dealt = turn.lastLine();
    if (dealt !== undefined) added.dealt.add(dealt.id);
    return;
  }
  setOptions(turn, line, options, drops);
  const after = turn.lastLine();
  if (part && after !== undefined) added.dealt.add(after.id);
  if (quantity !== null && !part && after !== undefined && after.quantity < quantity)
    setQuantity(turn, after, quantity);
}

/** What is to be changed does not stand: it is wanted, unless a set holds it, or nothing is said that it shall be. */
function changeMissing(turn: KioskTurn, item: SaidItem, added: Added): void {
  const { quantity, vague, more, options, itemId } = item;
  if (quantity !== null || vague || more || isPlaced(turn.state.order)) return addAndTell(turn, item, added);
  const holder = turn.state.order.lines.findLast((line) =>
    choicesOf(turn.menu, itemId).some(({ groupId, choiceId }) =>
      hasOptions(turn, line, { [groupId]: choiceId }),
    ),
  );
  if (holder === undefined && says(item)) return addAndTell(turn, item, added);
  if (holder !== undefined && says(item))
    return sayCannot(turn, holder.itemId, namesOfChoices(turn, options));
  turn.say('kiosk.which_item');
}

/** 치즈버거는 사이다, of a burger that is no set: the burger without, and the drink apart; null where it can have it. */
function besidesOf(turn: KioskTurn, item: SaidItem, added: Added) {
  const { besides = [], ...rest } = item;
  if (besides.length === 0) return null;
  const line = isPlaced(turn.state.order) ? undefined : lineMeant(turn, item, added);
  const groups = new Set(
    besides.flatMap(({ itemId }) => choicesOf(turn.menu, itemId).map(({ groupId }) => groupId)),
  );
  const [theirs, own] = [true, false].map((isTheirs) =>
    Object.fromEntries(Object.entries(item.options).filter(([groupId]) => groups.has(groupId) === isTheirs)),
  ) as [OrderOptions, OrderOptions];
  if (line !== undefined && takesOptions(turn, line, theirs, [])) return null;
  return { plain: { ...rest, options: own }, apart: besides };
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
function lineMeant(turn: KioskTurn, item: SaidItem, added: Added): OrderLine | undefined {
  const called = linesCalled(turn, item);
  const lines = item.continues === true ? freeOf(called, added) : called;
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
  if (act.of === undefined) replaceStanding(turn, act, added);
  else replaceLast(turn, act, added);
}

function replaceStanding(turn: KioskTurn, act: Act & { readonly type: 'replace' }, added: Added): void {
  const { item, fromItemId, fromReference } = act;
  const standing =
    fromItemId === null
      ? (lineOfKind(turn, act) ?? linesMeant(turn, fromReference, added.counted).at(-1))
      : lastOf(turn, freeOf(linesOf(turn, fromItemId), added));
  const line = isPlaced(turn.state.order) ? undefined : standing;
  const choice = line === undefined || fromItemId === null ? choiceInstead(turn, act, line) : null;
  if (choice !== null) return setOptions(turn, choice.line, choice.options, []);
  if (line === undefined) {
    return addAndTell(turn, item, added);
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

/** 아니 사이다: in the place of the line last touched where that is of the same kind, or the drink of the set that it is; else wanted besides. */
function replaceLast(turn: KioskTurn, act: Act & { readonly type: 'replace' }, added: Added): void {
  const { item } = act;
  const last = isPlaced(turn.state.order) ? undefined : turn.lastLine();
  const open = turn.asked?.type ?? 'more';
  const isAnswer = open !== 'more' && open !== 'order' && open !== 'option';
  const choices = choicesOf(turn.menu, item.itemId);
  if (last === undefined || isAnswer) return addAndTell(turn, item, added);
  const stands = item.quantity !== null && linesOf(turn, item.itemId).length > 0;
  if (last.itemId === item.itemId || stands) return changeItem(turn, item, added);
  if (act.of === 'same') return addAndTell(turn, item, added);
  const [choice] = choices.filter(({ groupId }) => takesOptions(turn, last, { [groupId]: item.itemId }, []));
  if (choice !== undefined && item.quantity === null)
    return setOptions(turn, last, { [choice.groupId]: choice.choiceId }, []);
  const groups = new Set(choices.map(({ groupId }) => groupId));
  const isOfKind =
    itemOf(turn.menu, last).category === turn.menu.itemsById.get(item.itemId)?.category ||
    choicesOf(turn.menu, last.itemId).some(({ groupId }) => groups.has(groupId));
  if (!isOfKind) return addAndTell(turn, item, added);
  replaceStanding(turn, act, added);
}

function addAndTell(turn: KioskTurn, item: SaidItem, added: Added): void {
  addSaid(turn, { ...item, mayBeChoice: [] }, added);
  tellAdded(turn, added);
}

/** The choices of sets that an item is. */
function choicesOf(menu: KioskTurn['menu'], itemId: string): readonly ChoiceRef[] {
  return Object.entries(menu.option_groups).flatMap(([groupId, { choices }]) =>
    choices.some(({ id }) => id === itemId) ? [{ groupId, choiceId: itemId }] : [],
  );
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
  // instead of coke a sprite, where no coke stands
  if (item.quantity !== null && (line !== undefined || item.quantity > 1)) return null;
  const choices =
    item.mayBeChoice.length > 0
      ? item.mayBeChoice
      : fromChoices.map(({ groupId }) => ({ groupId, choiceId: item.itemId }));
  const known = choices.filter(
    ({ groupId, choiceId }) =>
      turn.menu.option_groups[groupId]?.choices.some(({ id }) => id === choiceId) === true,
  );
  if (line === undefined) return choiceOfSet(turn, { mayBeChoice: known });
  const options = known
    .map(({ groupId, choiceId }) => ({ [groupId]: choiceId }))
    .find((one) => takesOptions(turn, line, one, []));
  return options === undefined ? null : { line, options };
}

/** 하나는 큰 걸로 하나는 사이다로: lines that no part was dealt to yet; all where each had one. */
function freeOf(lines: readonly OrderLine[], { dealt }: Added): readonly OrderLine[] {
  const free = lines.filter(({ id }) => !dealt.has(id));
  return free.length > 0 ? free : lines;
}

function lastOf(turn: KioskTurn, lines: readonly OrderLine[]): OrderLine | undefined {
  const last = turn.lastLine();
  return lines.find(({ id }) => id === last?.id) ?? lines.at(-1);
}
