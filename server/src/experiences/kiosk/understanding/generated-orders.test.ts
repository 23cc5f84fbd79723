import { describe, expect, it } from 'vitest';
import type { OrderOptions } from '@malbeot/protocol';
import { fillOptions } from '../options.ts';
import { shippedMenu } from '../testing.ts';
import { generateEnglish, generateKorean, seeded, type GeneratedOrder } from './testing/generated-orders.ts';
import { understand } from './understand.ts';

const menu = shippedMenu();
const ORDERS = 3_000;

function line(itemId: string, quantity: number, options: OrderOptions): string {
  const filled = fillOptions(menu, menu.itemsById.get(itemId)!, options);
  return `${itemId} ${JSON.stringify(filled)} x${quantity}`;
}

/** What an utterance puts on an empty order, and anything else that it is taken for. */
function understood(said: string): readonly string[] {
  return understand(said, menu, { groupId: null })
    .acts.flatMap((act) => {
      if (act.type === 'yes' || act.type === 'greeting') return [];
      if (act.type === 'add' || act.type === 'change')
        return line(act.item.itemId, act.item.quantity ?? 1, act.item.options);
      return act.type === 'replace'
        ? line(act.item.itemId, act.item.quantity ?? 1, act.item.options)
        : act.type;
    })
    .sort();
}

describe('orders put together from every word order, numeral, option and ending', () => {
  it.each([
    ['Korean', generateKorean],
    ['English', generateEnglish],
  ])('%s', (_, generate) => {
    const random = seeded(7);
    const wrong: { said: string; wanted: readonly string[]; got: readonly string[] }[] = [];
    for (let at = 0; at < ORDERS; at++) {
      const { said, wanted }: GeneratedOrder = generate(menu, random);
      const lines = wanted.map(({ itemId, quantity, options }) => line(itemId, quantity, options)).sort();
      const got = understood(said);
      if (JSON.stringify(got) !== JSON.stringify(lines)) wrong.push({ said, wanted: lines, got });
    }
    expect(wrong.slice(0, 20), `${wrong.length} of ${ORDERS} are wrong`).toEqual([]);
  });
});
