import { existsSync, readFileSync } from 'node:fs';
import type { KioskMenu } from '@malbeot/protocol';
import { describe, expect, it } from 'vitest';
import { choiceImageOf, chosenIn, groupsOf, imageOf, pageOf, tilesOf, tilesOfShelf } from './menu-view.ts';

const root = `${process.cwd()}/`;
const raw = JSON.parse(readFileSync(`${root}server/assets/kiosk-menu.json`, 'utf8')) as KioskMenu;
const menu: KioskMenu = {
  ...raw,
  version: 1,
  items: raw.items.map((item) => ({ ...item, available: item.available ?? true, image_url: null })),
};
const groupOf = (id: string) => {
  const group = menu.option_groups[id];
  if (group === undefined) throw new Error(`the menu has no option group ${id}`);
  return group;
};
const isDrawn = (url: string) => existsSync(`${root}web/public${url}`);

describe('pictures', () => {
  it('exist for every dish, each its own', () => {
    const drawn = menu.items.map((item) =>
      readFileSync(`${root}web/public${imageOf(item.item_id, {}, null)}`, 'utf8'),
    );
    expect(new Set(drawn).size).toBe(menu.items.length);
  });

  it('exist for every choice of every option group', () => {
    const missing = Object.values(menu.option_groups)
      .flatMap(({ choices }) => choices.map(({ id }) => choiceImageOf(menu, id, 'americano')))
      .filter((url) => !isDrawn(url));
    expect(missing).toEqual([]);
  });

  it('of hot and iced coffees differ', () => {
    for (const { item_id: id } of menu.items.filter(({ category }) => category === 'coffee')) {
      const hot = imageOf(id, { temperature: 'hot' }, null);
      const iced = imageOf(id, { temperature: 'iced' }, null);
      expect(hot).not.toBe(iced);
      expect([isDrawn(hot), isDrawn(iced)]).toEqual([true, true]);
    }
  });

  it('of the menu win over our own', () => {
    expect(imageOf('cola', {}, '/files/cola.webp')).toBe('/files/cola.webp');
  });
});

describe('option groups', () => {
  it('ask for the drink of a set only when it is a set', () => {
    const ids = (variant: string) => groupsOf(menu, 'bulgogi_burger', { variant }).map(({ id }) => id);
    expect(ids('single')).toEqual(['variant', 'remove', 'add']);
    expect(ids('set')).toEqual(['variant', 'side', 'drink', 'remove', 'add']);
    expect(groupsOf(menu, 'bulgogi_burger', {}).map(({ id }) => id)).toEqual(ids('single'));
  });

  it('fill in defaults but never a required choice', () => {
    expect(chosenIn(groupOf('size'), undefined)).toEqual(['regular']);
    expect(chosenIn(groupOf('temperature'), undefined)).toEqual([]);
    expect(chosenIn(groupOf('remove'), ['onion'])).toEqual(['onion']);
  });
});

describe('tiles', () => {
  it('are named in the language of the customer', () => {
    expect(tilesOf(menu, 'burger', 'en')[0]).toMatchObject({
      id: 'bulgogi_burger',
      name: 'Bulgogi Burger',
      price: 4500,
    });
  });

  it('of a shelf of categories have no price and the picture of their first dish', () => {
    const option = {
      option_id: 'drink',
      display_text: '음료',
      category: '',
      price: 0,
      description: '',
      available: true,
      image_url: null,
    };
    expect(tilesOfShelf(menu, [option], 'categories')[0]).toMatchObject({
      price: null,
      image: '/menu/cola.svg',
    });
  });
});

describe('pageOf', () => {
  it('shows every entry once, on pages of the given size', () => {
    const all = Array.from({ length: 23 }, (_, index) => index);
    const { pages } = pageOf(all, 0, 9);
    expect(Array.from({ length: pages }, (_, page) => pageOf(all, page, 9).shown).flat()).toEqual(all);
  });

  it('stays within the list when it became shorter', () => {
    expect(pageOf([1, 2, 3], 7, 5)).toEqual({ shown: [1, 2, 3], page: 0, pages: 1 });
    expect(pageOf([], 0, 9)).toEqual({ shown: [], page: 0, pages: 1 });
  });
});
