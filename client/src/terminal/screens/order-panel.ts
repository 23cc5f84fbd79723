import type { Dining, OrderData, OrderLineView } from '@malbeot/protocol';

import { nameOf } from '../choices.ts';
import type { KioskState } from '../kiosk-state.ts';
import { boxOf, lineOf, span, spreadLine, wrapLine, type Line, type Look } from '../styled-line.ts';
import { widthOf } from '../text-width.ts';
import { wordsOf } from '../words-of.ts';
import type { Words } from '../words.ts';

/** Room for prices below 100,000 won, so that the counts before them stand in a column. */
const PRICE_COLUMNS = 8;

/** The order as it stands: lines, what is missing, the total. The total stays in sight however low the panel is. */
export function orderPanel(
  state: KioskState,
  area: { readonly width: number; readonly height: number },
): readonly Line[] {
  const words = wordsOf(state.language);
  const inner = area.width - 4;
  const room = Math.max(0, area.height - 2);
  const heading = { title: words.order, note: noteOf(state, words) };
  const lines = orderLines(state, inner);
  if (state.order === null || state.order.items.length === 0) {
    const empty = [...wrapLine([], words.orderEmpty, inner), ...wrapLine([], words.orderHow, inner, 'faint')];
    return boxOf(heading, empty, area);
  }
  if (room === 1) return boxOf(heading, [tightLine(state, state.order, inner, words)], area);
  const total = totalLine(state.order, inner, words);
  const isOpen = state.order.status === 'draft' && state.question === null && missingOf(state) === 0;
  const hint = isOpen ? wrapLine([], words.orderDone, inner, 'good') : [];
  const foot =
    lines.length + 2 + hint.length <= room
      ? [lineOf(span('─'.repeat(inner), 'frame')), total, ...hint]
      : [total];
  const height = room - foot.length;
  const blank = Math.max(0, height - lines.length);
  const shown = lastLines(lines, height);
  const spacer = Array.from({ length: blank }, () => lineOf());
  return boxOf(heading, [...shown, ...spacer, ...foot], area);
}

/** How many rows the whole order takes in a frame of `width`. */
export function orderPanelHeight(state: KioskState, width: number): number {
  const words = wordsOf(state.language);
  if (state.order === null || state.order.items.length === 0) {
    return (
      2 + wrapLine([], words.orderEmpty, width - 4).length + wrapLine([], words.orderHow, width - 4).length
    );
  }
  return 2 + orderLines(state, width - 4).length + 3;
}

/** Every line of the order with its number of pieces and its price. */
export function orderLines(state: KioskState, width: number): readonly Line[] {
  const { order, lines, changedLines } = state;
  return (order?.items ?? []).flatMap((item, index) => {
    const view = lines.find(({ line }) => line === index);
    const look: Look = changedLines.includes(index) ? 'fresh' : 'plain';
    return [
      ...priceLine(view?.label ?? item.name, item, { width, look, words: wordsOf(state.language) }),
      ...missingLines(state, view, width),
    ];
  });
}

/** A name with its count and price at the right end, below the name where both do not fit beside each other. */
export function priceLine(
  label: string,
  item: OrderData['items'][number],
  { width, look, words }: { readonly width: number; readonly look: Look; readonly words: Words },
): readonly Line[] {
  const price = words.won(item.line_total);
  const numbers = `${words.times(item.quantity)}${' '.repeat(Math.max(1, PRICE_COLUMNS + 1 - widthOf(price)))}${price}`;
  if (widthOf(label) + 1 + widthOf(numbers) <= width)
    return [spreadLine(lineOf(span(label, look)), lineOf(numbers), width)];
  return [...wrapLine([], label, width, look), spreadLine(lineOf(), lineOf(numbers), width)];
}

function missingLines(state: KioskState, view: OrderLineView | undefined, width: number): readonly Line[] {
  const missing = view?.missing ?? [];
  if (missing.length === 0) return [];
  const groups = missing.map((id) => {
    const group = state.menu?.option_groups[id];
    return group === undefined ? id : nameOf(group, state.language);
  });
  return wrapLine(
    lineOf(span('! ', 'problem')),
    wordsOf(state.language).toChoose(groups.join(', ')),
    width,
    'problem',
  );
}

/** How many choices are still to be made. */
function missingOf({ lines }: KioskState): number {
  return lines.reduce((sum, { missing }) => sum + missing.length, 0);
}

function totalLine(order: OrderData, width: number, words: Words): Line {
  return spreadLine(
    lineOf(span(words.total, 'strong'), `  ${words.items(order.item_count)}`),
    lineOf(span(words.won(order.total_amount), 'strong')),
    width,
  );
}

/** Where there is but one row: what came last, and the total. */
function tightLine(
  { lines, changedLines }: KioskState,
  { items, total_amount: total }: OrderData,
  width: number,
  words: Words,
): Line {
  const index = changedLines.at(-1) ?? items.length - 1;
  const newest = items[index];
  if (newest === undefined) return [];
  const label = lines.find(({ line }) => line === index)?.label ?? newest.name;
  return spreadLine(
    lineOf(span(`${words.times(newest.quantity)} ${label}`, changedLines.length > 0 ? 'fresh' : 'plain')),
    lineOf(span(words.total, 'strong'), ` ${words.won(total)}`),
    width,
  );
}

/** Where the food is eaten, in a word; empty until it was said. */
export function diningOf(dine: Dining, words: Words): string {
  if (dine === null) return '';
  return dine === 'in' ? words.eatIn : words.takeOut;
}

function noteOf({ order, dine }: KioskState, words: Words): string {
  const status = order?.status === 'paid' ? words.paid : order?.status === 'confirmed' ? words.placed : '';
  return [diningOf(dine, words), status].filter((part) => part !== '').join(' · ');
}

/** The newest lines; the first says how many are above. */
function lastLines(lines: readonly Line[], room: number): readonly Line[] {
  if (lines.length <= room) return lines;
  if (room <= 0) return [];
  return [lineOf(span(`⋮ +${lines.length - room + 1}`, 'faint')), ...lines.slice(lines.length - room + 1)];
}
