import type { OrderItem, OrderOptions } from '@malbeot/protocol';
import type { Menu } from '../../src/experiences/kiosk/menu.ts';

/** What was ordered, comparable: items, choices and amounts, whatever language they are named in. */
export function signatureOf(items: readonly OrderItem[]): string {
  return items
    .map(({ item_id, quantity, options }) => `${quantity} ${item_id} ${optionsInOrder(options)}`)
    .sort()
    .join('; ');
}

function optionsInOrder(options: OrderOptions): string {
  return Object.keys(options)
    .sort()
    .map((group) => `${group}=${chosen(options, group).join('+')}`)
    .join(' ');
}

/** The sum in won as the menu has it, worked out apart from the server's code. Null where the menu has no such thing. */
export function totalBy(menu: Menu, items: readonly OrderItem[]): number | null {
  let sum = 0;
  for (const { item_id, quantity, options } of items) {
    const item = menu.items.find((one) => one.item_id === item_id);
    if (item === undefined) return null;
    let one = item.price;
    for (const group of Object.keys(options)) {
      for (const choice of chosen(options, group)) {
        const price = menu.option_groups[group]?.choices.find(({ id }) => id === choice)?.price;
        if (price === undefined) return null;
        one += price;
      }
    }
    sum += one * quantity;
  }
  return sum;
}

/** True when `message` names each item with its amount and its choices, and then the total, and asks for a yes. */
export function readsBack(message: string, menu: Menu, items: readonly OrderItem[], total: number): boolean {
  const won = total.toLocaleString('en-US');
  const korean = message.endsWith(`모두 ${won}원이에요. 이대로 주문할까요?`);
  const english = message.endsWith(`The total is ${won} won. Shall I place the order?`);
  if (!korean && !english) return false;
  const said = message.slice(message.lastIndexOf(korean ? '주문을 확인할게요.' : 'Let me read that back:'));
  return items.every(({ item_id, quantity, options }) => {
    const item = menu.items.find((one) => one.item_id === item_id);
    if (item === undefined) return false;
    const name = korean ? item.name : item.name_en;
    const counted = said
      .split(/, | and (?=\d)|: |\. /)
      .filter((part) => (korean ? part.endsWith(` ${quantity}개`) : part.startsWith(`${quantity} `)));
    if (!said.includes(name) || (counted.length === 0 && !said.includes(`${quantity}`))) return false;
    return Object.keys(options).every((groupId) => {
      const group = menu.option_groups[groupId]!;
      return chosen(options, groupId).every((choiceId) => {
        if (choiceId === group.default) return true;
        const choice = group.choices.find(({ id }) => id === choiceId)!;
        return said.includes((korean ? choice.name : choice.name_en).replace(/\s*\(.*\)$/, ''));
      });
    });
  });
}

function chosen(options: OrderOptions, group: string): readonly string[] {
  const value = options[group];
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}
