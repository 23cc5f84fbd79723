import { readFileSync } from 'node:fs';
import { AppError } from '../../src/errors/app-error.ts';
import { parseMenu, type Menu, type MenuFile } from '../../src/experiences/kiosk/menu.ts';
import type { MenuStore, ServedMenu } from '../../src/experiences/kiosk/menu-store.ts';
import type { Clock } from '../../src/lib/clock.ts';

const shipped = JSON.parse(
  readFileSync(new URL('../../assets/kiosk-menu.json', import.meta.url), 'utf8'),
) as MenuFile;

/** How often a process looks whether another one put a menu in force. */
const LOOK_EVERY_MS = 2_000;
const VERSIONS = 12;

/** What a manager does to the menu, one after the other. */
const changes: readonly ((item: MenuFile['items'][number]) => MenuFile['items'][number] | null)[] = [
  (item) => item,
  (item) => ({ ...item, price: item.price + 300 }),
  (item) => (item.item_id === 'apple_pie' ? null : item),
  (item) => (item.item_id === 'bulgogi_burger' ? { ...item, available: false } : item),
];

/** Menus of all versions, ready before the first dialogue: to read one takes longer than a whole dialogue. */
export const menus: readonly Menu[] = Array.from({ length: VERSIONS }, (_, at) => {
  const items = shipped.items.flatMap((item) => changes[at % changes.length]!(item) ?? []);
  return parseMenu({ ...shipped, items }, at + 1);
});

export function menuOf(version: number): Menu {
  return menus[version - 1]!;
}

/** The menu in force, as the shop's database has it. */
export interface MenuInForce {
  version: number;
}

/**
 * The menus of one process, with the times of the real store: it looks for a newer one beside an answer, at most every two
 * seconds, so that two processes know two menus for a while.
 */
export function createProcessMenus(inForce: MenuInForce, clock: Pick<Clock, 'now'>): MenuStore {
  let known = inForce.version;
  let lookedAt = clock.now();
  return {
    current() {
      const menu = menuOf(known);
      if (clock.now() - lookedAt >= LOOK_EVERY_MS) {
        lookedAt = clock.now();
        known = inForce.version;
      }
      return served(menu);
    },
    find: (version) => Promise.resolve(menus[version - 1] ?? null),
    replace: () =>
      Promise.reject(new AppError('NOT_FOUND', { detail: 'The shop itself puts menus in force here.' })),
  };
}

function served(menu: Menu): ServedMenu {
  return { menu, json: Buffer.alloc(0), etag: `"${menu.version}"` };
}
