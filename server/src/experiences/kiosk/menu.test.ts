import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../errors/app-error.ts';
import { parseMenu, toWireMenu } from './menu.ts';

const file = JSON.parse(
  readFileSync(new URL('../../../assets/kiosk-menu.json', import.meta.url), 'utf8'),
) as {
  items: Record<string, unknown>[];
  option_groups: Record<string, Record<string, unknown>>;
  categories: Record<string, unknown>[];
};
const changed = (change: (menu: typeof file) => void) => {
  const copy = structuredClone(file);
  change(copy);
  return copy;
};

function faultsOf(input: unknown) {
  try {
    parseMenu(input, 1);
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).code).toBe('INVALID_INPUT');
    return (error as AppError).options.issues!;
  }
  throw new Error('The menu was taken.');
}

describe('parseMenu', () => {
  it('takes the shipped menu and gives each item a picture', () => {
    const menu = toWireMenu(parseMenu(file, 3));
    expect(menu).toMatchObject({ version: 3, currency: 'KRW' });
    expect(menu.items).toHaveLength(25);
    expect(menu.items[0]).toMatchObject({
      item_id: 'bulgogi_burger',
      available: true,
      image_url: '/menu/bulgogi_burger.svg',
    });
    expect(menu.items.at(-1)).toMatchObject({ item_id: 'choco_sundae', available: false });
    expect(menu).not.toHaveProperty('itemsById');
  });

  it.each([
    ['items.1.item_id', (menu: typeof file) => void (menu.items[1]!['item_id'] = 'bulgogi_burger')],
    ['items.0.category', (menu: typeof file) => void (menu.items[0]!['category'] = 'pizza')],
    ['items.0.options.0', (menu: typeof file) => void (menu.items[0]!['options'] = ['flavour'])],
    ['items.0.options.0', (menu: typeof file) => void (menu.items[0]!['options'] = ['side', 'variant'])],
    ['items.0.price', (menu: typeof file) => void (menu.items[0]!['price'] = -1)],
    ['items.0.price', (menu: typeof file) => void (menu.items[0]!['price'] = 12.5)],
    [
      'option_groups.size.default',
      (menu: typeof file) => void (menu.option_groups['size']!['default'] = 'huge'),
    ],
    [
      'option_groups.side.when.variant',
      (menu: typeof file) => void (menu.option_groups['side']!['when'] = { variant: ['feast'] }),
    ],
    [
      'option_groups.temperature.required',
      (menu: typeof file) => void (menu.option_groups['temperature']!['default'] = 'hot'),
    ],
    ['categories.5.id', (menu: typeof file) => void menu.categories.push(menu.categories[0]!)],
  ])('names the fault at %s', (path, change) => {
    const faults = faultsOf(changed(change));
    expect(faults.map((fault) => fault.path)).toContain(path);
    expect(faults.every(({ message }) => message.length > 10)).toBe(true);
  });

  it('refuses what is no menu at all', () => {
    for (const wrong of [null, [], 'menu', {}, { ...file, items: [] }])
      expect(faultsOf(wrong).length).toBeGreaterThan(0);
  });
});
