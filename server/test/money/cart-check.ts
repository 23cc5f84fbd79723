import type { ServerResponse } from '@malbeot/protocol';
import { either } from './meaning.ts';
import { menuOf } from './menus.ts';
import type { SessionRow } from './place.ts';
import { Violation, type Moment } from './moment.ts';

/**
 * A cart after a moment: no request was done twice, no repeat changed anything, and items went and came only as the customer's
 * words and taps let them, or as a told change of the menu did. `fresh`: how many of the requests had not been done before.
 *
 * @throws {Violation}
 */
export function checkCart(
  moment: Moment,
  after: SessionRow,
  { fresh, isNewOrder }: { readonly fresh: number; readonly isNewOrder: boolean },
): void {
  checkTurns(moment, after, fresh);
  const { before, asked, heard } = moment;
  const { fewer, more } = asked.map(({ meaning }) => meaning).reduce(either);
  const had = before === null || isNewOrder ? new Map<string, number>() : amounts(before);
  const has = amounts(after);
  for (const item of new Set([...had.keys(), ...has.keys()])) {
    const change = (has.get(item) ?? 0) - (had.get(item) ?? 0);
    const mayGo = fewer === 'any' || fewer.includes(item);
    if (change < 0 && !mayGo && !isTakenOffMenu(item, before!, after, heard))
      throw new Violation(`${-change} ${item} vanished from the order.`);
    if (more !== 'any' && change > 0 && change > (more[item] ?? 0))
      throw new Violation(`${change} ${item} came into the order, asked for: ${more[item] ?? 0}.`);
  }
}

function checkTurns({ before, interrupted, asked, tries }: Moment, after: SessionRow, fresh: number): void {
  const turnsBefore = before?.state.turns ?? 0;
  const done = after.state.turns - turnsBefore;
  // One that comes again after another one was done is told the last words again, and that is a turn.
  const most = asked.length === 1 ? 1 : Math.max(tries, fresh);
  if (done > most) throw new Violation(`${fresh} requests were done as ${done} turns.`);
  const isLeft = interrupted !== null && interrupted.state.turns > turnsBefore;
  if (isLeft && fresh === 1 && asked.length === 1 && linesOf(interrupted) !== linesOf(after))
    throw new Violation(`What a turn left when its process died is not what its repeat told.`);
  if (fresh === 0 && before !== null && isSameMenu(before, after) && linesOf(before) !== linesOf(after))
    throw new Violation(`A repeated request changed the order from ${linesOf(before)}`);
}

/** What is in the cart, comparable. */
export function linesOf({ state }: SessionRow): string {
  return JSON.stringify(state.order.lines.map(({ itemId, quantity, chosen }) => [itemId, quantity, chosen]));
}

function amounts({ state }: SessionRow): Map<string, number> {
  const all = new Map<string, number>();
  for (const { itemId, quantity } of state.order.lines) all.set(itemId, (all.get(itemId) ?? 0) + quantity);
  return all;
}

function isSameMenu(before: SessionRow, after: SessionRow): boolean {
  return before.state.menuVersion === after.state.menuVersion;
}

/** The new menu does not offer the item, and the customer hears so. */
function isTakenOffMenu(
  item: string,
  before: SessionRow,
  after: SessionRow,
  heard: readonly ServerResponse[],
): boolean {
  if (isSameMenu(before, after) || menuOf(after.state.menuVersion).itemsById.get(item)?.available === true)
    return false;
  const { name, name_en } = menuOf(before.state.menuVersion).itemsById.get(item)!;
  return heard.some(({ message }) => [name, name_en, item].some((called) => message.includes(called)));
}
