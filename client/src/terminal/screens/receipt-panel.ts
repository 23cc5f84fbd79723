import type { ShowReceiptData } from '@malbeot/protocol';

import type { KioskState } from '../kiosk-state.ts';
import { boxOf, lineOf, span, spreadLine, wrapLine, type Line } from '../styled-line.ts';
import { wordsOf } from '../words-of.ts';
import { diningOf, priceLine } from './order-panel.ts';

/** Digits to be read from across the counter, three columns wide and five rows high. */
const bigDigits: Readonly<Record<string, readonly string[]>> = {
  '0': ['███', '█ █', '█ █', '█ █', '███'],
  '1': [' █ ', '██ ', ' █ ', ' █ ', '███'],
  '2': ['███', '  █', '███', '█  ', '███'],
  '3': ['███', '  █', '███', '  █', '███'],
  '4': ['█ █', '█ █', '███', '  █', '  █'],
  '5': ['███', '█  ', '███', '  █', '███'],
  '6': ['███', '█  ', '███', '█ █', '███'],
  '7': ['███', '  █', '  █', '  █', '  █'],
  '8': ['███', '█ █', '███', '█ █', '███'],
  '9': ['███', '█ █', '███', '  █', '███'],
};
const BIG_ROWS = 5;

/**
 * The order is placed: its number large where there is room, what was ordered, and how it is paid. At most as
 * high as `area`.
 */
export function receiptPanel(
  { language }: KioskState,
  receipt: ShowReceiptData,
  area: { readonly width: number; readonly height: number },
): readonly Line[] {
  const words = wordsOf(language);
  const inner = area.width - 4;
  const lines = receipt.order.items.flatMap((item, index) =>
    priceLine(receipt.lines[index]?.label ?? item.name, item, { width: inner, look: 'plain', words }),
  );
  const total = spreadLine(
    lineOf(span(words.total, 'strong'), `  ${words.items(receipt.order.item_count)}`),
    lineOf(span(words.won(receipt.order.total_amount), 'strong')),
    inner,
  );
  const how = wrapLine([], receipt.paid ? words.receiptPaid : words.receiptCounter, inner, 'good');
  const next = wrapLine([], words.newOrder, inner, 'faint');
  const rest = [lineOf(), ...lines, total, lineOf(), ...how, ...next];
  const plain = lineOf(`${words.orderNumber} `, span(String(receipt.order_number), 'number'));
  const hasRoom = rest.length + BIG_ROWS + 1 <= area.height - 2;
  const number = hasRoom ? [lineOf(words.orderNumber), ...bigNumber(receipt.order_number)] : [plain];
  const room = area.height - 2 - number.length;
  // What to do next matters more than the list, which the order panel may show as well.
  const fitting = rest.length <= room ? rest : [total, ...how, ...next].slice(0, Math.max(0, room));
  const content = [...number, ...fitting];
  const height = Math.min(area.height, content.length + 2);
  return boxOf({ title: words.receipt, note: diningOf(receipt.dine, words) }, content, {
    width: area.width,
    height,
  });
}

function bigNumber(number: number): readonly Line[] {
  return Array.from({ length: BIG_ROWS }, (_, row) => {
    const digits = [...String(number)].map((digit) => bigDigits[digit]?.[row] ?? '');
    return lineOf(span(`  ${digits.join('  ')}`, 'number'));
  });
}
