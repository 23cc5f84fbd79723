import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { AppError } from '../../errors/app-error.ts';
import { deferred } from '../../lib/deferred.ts';
import { createManualClock } from '../../providers/fake/manual-clock.ts';
import type { Database } from '../../storage/database.ts';
import { describeEachDialect } from '../../storage/testing.ts';
import { silentLogger } from '../../telemetry/logger.ts';
import { createMenuStore } from './menu-store.ts';
import type { MenuFile } from './menu.ts';
import { kioskMigrations } from './migrations.ts';
import type { KioskTables } from './store.ts';

const menuPath = fileURLToPath(new URL('../../../assets/kiosk-menu.json', import.meta.url));
let shipped: MenuFile;

beforeAll(async () => {
  shipped = JSON.parse(await readFile(menuPath, 'utf8')) as MenuFile;
});

function open(database: Database, clock = createManualClock()) {
  return { clock, menus: createMenuStore({ database, clock, log: silentLogger, menuPath }) };
}

/** The shipped menu with another price of its first item. */
function priced(price: number): MenuFile {
  const [first, ...rest] = shipped.items;
  return { ...shipped, items: [{ ...first!, price }, ...rest] };
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

describeEachDialect('the menu store', kioskMigrations, (test) => {
  it('serves the shipped menu as version 1 until another is put', async () => {
    const { menus } = open(test.database);
    const { menu, json, etag } = await menus.current();
    expect(menu.version).toBe(1);
    expect(menu.items).toHaveLength(shipped.items.length);
    expect(JSON.parse(json.toString())).toMatchObject({ version: 1, currency: 'KRW' });
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    // Without waiting, once it is there.
    expect(menus.current()).toMatchObject({ etag });
  });

  it('puts a menu in force, here at once and in other processes within two seconds', async () => {
    const { menus } = open(test.database);
    const other = open(test.database);
    const first = await menus.current();
    await other.menus.current();
    const second = await menus.replace(priced(9_000), null, 'usr_manager');
    expect(second.menu.version).toBe(2);
    expect(second.menu.items[0]!.price).toBe(9_000);
    expect(second.etag).not.toBe(first.etag);
    expect(menus.current()).toBe(second);

    expect(other.menus.current()).toMatchObject({ etag: first.etag });
    other.clock.advance(1_999);
    expect(other.menus.current()).toMatchObject({ etag: first.etag });
    other.clock.advance(1);
    // Looked up beside this answer.
    void other.menus.current();
    await expect.poll(() => other.menus.current()).toMatchObject({ etag: second.etag });
    // After a restart too.
    expect(await open(test.database).menus.current()).toMatchObject({ etag: second.etag });
  });

  it('keeps every version, with who put it', async () => {
    const { menus } = open(test.database);
    await menus.replace(priced(1_000), null, 'usr_1');
    await menus.replace(priced(2_000), null, 'usr_2');
    const rows = await test.database
      .tables<KioskTables>()
      .selectFrom('kiosk_menus')
      .select(['version', 'created_by'])
      .orderBy('version')
      .execute();
    expect(rows).toEqual([
      { version: 2, created_by: 'usr_1' },
      { version: 3, created_by: 'usr_2' },
    ]);
  });

  it('takes a change only if it was made from the menu in force', async () => {
    const { menus } = open(test.database);
    const { etag: first } = await menus.current();
    const { etag: second } = await menus.replace(priced(1_000), first, 'usr_1');
    expect(await codeOf(menus.replace(priced(2_000), first, 'usr_2'))).toBe('CONFLICT');
    expect(await codeOf(menus.replace(priced(2_000), '"other"', 'usr_2'))).toBe('CONFLICT');
    // Weak, because the menu came compressed; one of several; any.
    expect((await menus.replace(priced(3_000), `W/${second}`, 'usr_2')).menu.version).toBe(3);
    const { etag: third } = await menus.current();
    expect((await menus.replace(priced(4_000), `"x", ${third}`, 'usr_2')).menu.version).toBe(4);
    expect((await menus.replace(priced(5_000), '*', 'usr_2')).menu.version).toBe(5);
  });

  it('sees what another process put before it takes a change', async () => {
    const { menus } = open(test.database);
    const { etag } = await menus.current();
    await open(test.database).menus.replace(priced(1_000), null, 'usr_1');
    expect(await codeOf(menus.replace(priced(2_000), etag, 'usr_2'))).toBe('CONFLICT');
    expect(await menus.current()).toMatchObject({ menu: { version: 2 } });
  });

  it('takes one of two managers who put a menu at once', async () => {
    const handles = [test.database, await test.open(), test.database, await test.open()];
    const stores = handles.map((database) => open(database).menus);
    const before = await Promise.all(stores.map((menus) => menus.current()));
    for (const round of [1, 2, 3]) {
      const results = await Promise.all(
        stores.map((menus, at) => codeOf(menus.replace(priced(round * 1_000 + at), null, `usr_${at}`))),
      );
      const others = results.filter((result) => result !== 'no error');
      expect(others.length).toBeLessThan(stores.length);
      expect(new Set(others)).toEqual(others.length === 0 ? new Set() : new Set(['CONFLICT']));
    }
    const newest = await Promise.all(handles.map((database) => open(database).menus.current()));
    expect(new Set(newest.map(({ etag }) => etag)).size).toBe(1);
    expect(newest[0]!.menu.version).toBeGreaterThanOrEqual(before[0]!.menu.version + 3);
  });

  it('refuses a menu with faults, each named, and leaves the one in force', async () => {
    const { menus } = open(test.database);
    const { etag } = await menus.current();
    const faulty = { ...priced(1_000), categories: [{ id: 'x', name: '가', name_en: 'a' }] };
    const error = await menus.replace(faulty, null, 'usr_1').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'INVALID_INPUT' });
    expect((error as AppError).options.issues!.length).toBe(shipped.items.length);
    expect(menus.current()).toMatchObject({ etag });
  });

  // SQLite has one connection: nothing overtakes there.
  it.skipIf(test.dialect === 'sqlite')(
    'does not go back to an older menu that it had asked for before',
    async () => {
      const gate = deferred<void>();
      let hold: Promise<void> | null = null;
      const { clock, menus } = open({
        ...test.database,
        dialect: test.dialect,
        tables: <Tables>() =>
          test.database.tables<Tables>().withPlugin({
            transformQuery: ({ node }) => node,
            async transformResult({ result }) {
              const held = hold;
              hold = null;
              await held;
              return result;
            },
          }),
      });
      await menus.current();
      clock.advance(5_000);
      hold = gate.promise;
      // Looks for the newest menu, and hears of it only after the next one is in force.
      void menus.current();
      await expect.poll(() => hold === null).toBe(true);
      const second = await menus.replace(priced(1_000), null, 'usr_1');
      gate.resolve();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(menus.current()).toBe(second);
    },
  );
});
