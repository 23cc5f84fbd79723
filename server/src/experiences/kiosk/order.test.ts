import { describe, expect, it } from 'vitest';
import {
  emptyOrder,
  fitToMenu,
  reduceOrder,
  toOrderData,
  totalAmount,
  type Order,
  type OrderChange,
} from './order.ts';
import { shippedMenu } from './testing.ts';

const menu = shippedMenu();
const after = (...changes: OrderChange[]): Order =>
  changes.reduce((order, change, at) => reduceOrder(menu, order, change, at + 1), emptyOrder(0));
const add = (itemId: string, quantity = 1, options = {}): OrderChange => ({
  type: 'add',
  itemId,
  quantity,
  options,
});

describe('reduceOrder', () => {
  it('adds, merges what is the same and keeps apart what is not', () => {
    const order = after(add('cola'), add('cola', 2, { size: 'regular' }), add('cola', 1, { size: 'large' }));
    expect(order.lines.map(({ quantity }) => quantity)).toEqual([3, 1]);
    expect(totalAmount(menu, order)).toBe(3 * 1_900 + 2_400);
  });

  it('fills in defaults, leaves groups out that do not apply, and prices what is chosen', () => {
    const order = after(
      add('cheese_burger', 2, {
        variant: 'set',
        side: 'onion_rings',
        remove: ['pickle', 'onion'],
        add: ['cheese'],
      }),
    );
    expect(toOrderData(menu, order).items).toEqual([
      {
        item_id: 'cheese_burger',
        name: '치즈버거',
        category: 'burger',
        price: 4_200,
        quantity: 2,
        options: {
          variant: 'set',
          side: 'onion_rings',
          drink: 'cola',
          remove: ['onion', 'pickle'],
          add: ['cheese'],
        },
        line_total: 2 * (4_200 + 2_500 + 700 + 500),
      },
    ]);
    const single = reduceOrder(
      menu,
      order,
      { type: 'set-options', lineId: 1, options: { variant: 'single' } },
      9,
    );
    expect(toOrderData(menu, single).items[0]!.options).toEqual({
      variant: 'single',
      remove: ['onion', 'pickle'],
      add: ['cheese'],
    });
  });

  it('places only what was read back, complete and unchanged', () => {
    const confirm: OrderChange = { type: 'confirm', orderId: 'ord_1' };
    expect(() => after(confirm)).toThrow(RangeError);
    expect(() => after({ type: 'read-back' })).toThrow(RangeError);
    expect(() => after(add('americano'), { type: 'read-back' })).toThrow(RangeError);
    expect(() => after(add('cola'), confirm)).toThrow(RangeError);
    expect(() => after(add('cola'), { type: 'read-back' }, add('cola'), confirm)).toThrow(RangeError);
    const placed = after(add('cola'), { type: 'read-back' }, confirm);
    expect(placed).toMatchObject({ status: 'confirmed', orderId: 'ord_1' });
    expect(() => reduceOrder(menu, placed, add('cola'), 9)).toThrow(RangeError);
  });

  it('takes off pieces and whole lines, and never below nothing', () => {
    const order = after(add('cola', 3), { type: 'remove', lineId: 1, quantity: 2 });
    expect(order.lines[0]!.quantity).toBe(1);
    expect(reduceOrder(menu, order, { type: 'remove', lineId: 1, quantity: 5 }, 9).lines).toEqual([]);
    expect(() => reduceOrder(menu, order, { type: 'remove', lineId: 7, quantity: 1 }, 9)).toThrow(RangeError);
  });

  it('leaves the order it was given as it was', () => {
    const order = Object.freeze(after(add('cola')));
    const copy = structuredClone(order);
    reduceOrder(menu, order, { type: 'set-quantity', lineId: 1, quantity: 9 }, 9);
    expect(order).toEqual(copy);
  });
});

describe('fitToMenu', () => {
  it('drops lines that the menu no longer offers and takes the order back to draft', () => {
    const order = after(add('cola'), add('cider'), { type: 'read-back' });
    const smaller = { ...menu, itemsById: new Map([...menu.itemsById].filter(([id]) => id !== 'cider')) };
    expect(fitToMenu(smaller, order, 9)).toMatchObject({
      order: { status: 'draft', lines: [{ itemId: 'cola' }] },
      lost: ['cider'],
    });
  });
});
