import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AppError } from '../../errors/app-error.ts';
import type { Clock } from '../../lib/clock.ts';
import { isUniqueViolation } from '../../storage/database-error.ts';
import type { Database } from '../../storage/database.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { parseMenu, toWireMenu, type Menu } from './menu.ts';
import type { KioskTables } from './store.ts';

/** The menu in force, ready to be sent. */
export interface ServedMenu {
  readonly menu: Menu;
  readonly json: Buffer;
  /** Strong and quoted. */
  readonly etag: string;
}

export interface MenuStore {
  /**
   * The menu in force. Loaded once; whether another process put a newer one in force is looked up beside the answer, at
   * most every two seconds.
   */
  current(): ServedMenu | Promise<ServedMenu>;
  /** A menu that is or was in force; null for a version there never was. */
  find(version: number): Promise<Menu | null>;
  /**
   * Puts a menu in force as the next version. `ifMatch` is the header of that name: the ETag that the change was made from,
   * or null.
   *
   * @throws {AppError} INVALID_INPUT with every fault; CONFLICT when another menu came in force meanwhile.
   */
  replace(input: unknown, ifMatch: string | null, by: string): Promise<ServedMenu>;
}

export interface MenuStoreOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** The menu of version 1, used until one is put. */
  readonly menuPath: string;
}

const LOOK_EVERY_MS = 2_000;
const DEFAULT_VERSION = 1;

export function createMenuStore({ database, clock, log, menuPath }: MenuStoreOptions): MenuStore {
  const tables = database.tables<KioskTables>();
  let served: ServedMenu | undefined;
  let loading: Promise<ServedMenu> | undefined;
  let lookedAtMs = Number.NEGATIVE_INFINITY;

  async function load(): Promise<ServedMenu> {
    const newest = await tables
      .selectFrom('kiosk_menus')
      .select(['version', 'content'])
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (served !== undefined && (newest?.version ?? DEFAULT_VERSION) === served.menu.version) return served;
    const { version, content } = newest ?? {
      version: DEFAULT_VERSION,
      content: await readFile(menuPath, 'utf8'),
    };
    return serve(parseMenu(JSON.parse(content), version));
  }

  /** Puts `fresh` in force unless a newer one is: what was asked for earlier may arrive later. */
  function adopt(fresh: ServedMenu): ServedMenu {
    if (served === undefined || fresh.menu.version > served.menu.version) served = fresh;
    return served;
  }

  function look(): Promise<ServedMenu> {
    loading ??= load()
      .then(adopt)
      .finally(() => {
        loading = undefined;
        lookedAtMs = clock.monotonicMs();
      });
    return loading;
  }

  return {
    current() {
      if (served === undefined) return look();
      if (clock.monotonicMs() - lookedAtMs >= LOOK_EVERY_MS) {
        lookedAtMs = clock.monotonicMs();
        look().catch((error: unknown) => log.warn({ err: error }, 'kiosk menu can not be looked up'));
      }
      return served;
    },
    async find(version) {
      if (served?.menu.version === version) return served.menu;
      const row = await tables
        .selectFrom('kiosk_menus')
        .select('content')
        .where('version', '=', version)
        .executeTakeFirst();
      if (row !== undefined) return parseMenu(JSON.parse(row.content), version);
      if (version !== DEFAULT_VERSION) return null;
      return parseMenu(JSON.parse(await readFile(menuPath, 'utf8')), version);
    },
    async replace(input, ifMatch, by) {
      const before = adopt(await load());
      if (ifMatch !== null && !matches(ifMatch, before.etag)) throw changedMeanwhile(before);
      const menu = parseMenu(input, before.menu.version + 1);
      try {
        await tables
          .insertInto('kiosk_menus')
          .values({
            version: menu.version,
            content: JSON.stringify(input),
            created_at: clock.now(),
            created_by: by,
          })
          .execute();
      } catch (error) {
        // The version is the key: whoever came first has it.
        throw isUniqueViolation(error) ? changedMeanwhile(adopt(await load())) : error;
      }
      return adopt(serve(menu));
    },
  };
}

function serve(menu: Menu): ServedMenu {
  const json = Buffer.from(JSON.stringify(toWireMenu(menu)));
  return { menu, json, etag: `"${createHash('sha256').update(json).digest('base64url').slice(0, 22)}"` };
}

/** Weak tags count: the menu that was read may have come compressed, which makes its tag weak. */
function matches(ifMatch: string, etag: string): boolean {
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

function changedMeanwhile({ menu, etag }: ServedMenu): AppError {
  return new AppError('CONFLICT', {
    detail: `The menu in force is version ${menu.version} (ETag ${etag}), not the one this change was made from. Read it, apply the change and send it again.`,
  });
}
