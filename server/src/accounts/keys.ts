import { AppError } from '../errors/app-error.ts';
import type { Clock } from '../lib/clock.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import type { Database } from '../storage/database.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Who } from './access.ts';
import { security } from './people.ts';
import { hashSecret, isSameHash, newSecret } from './secret-text.ts';
import type { AccessKeyRow, AccountTables } from './tables.ts';

const SHOWN_CHARACTERS = 10;

/** `last_used_at` is written at most this often, so that a busy key does not write on every request. */
const TOUCH_AFTER_MS = 10 * 60_000;

/** A key as lists show it. */
export interface KeySummary {
  /** `key_…` or `dev_…`; `config` for keys of `MALBEOT_API_KEYS`. */
  readonly id: string;
  readonly kind: 'api' | 'device';
  readonly name: string;
  /** Its first characters. */
  readonly prefix: string;
  /** The kiosk that a device key stands for; null for API keys. */
  readonly kioskId: string | null;
  /** Milliseconds since the epoch; null for keys of the configuration. */
  readonly createdAt: number | null;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}

export interface CreatedKey extends KeySummary {
  /** The key itself. Shown once: only its hash is kept. */
  readonly key: string;
}

export type NewKey =
  | { readonly kind: 'api'; readonly name: string }
  | { readonly kind: 'device'; readonly name: string; readonly kioskId: string };

/** API keys of programs and device keys of kiosks. */
export interface Keys {
  /** @throws {AppError} INVALID_INPUT. */
  create(key: NewKey): Promise<CreatedKey>;
  /** Newest first, revoked ones included. */
  list(): Promise<readonly KeySummary[]>;
  /** False when there is no such key, or it was revoked before. */
  revoke(id: string): Promise<boolean>;
  /** A key of the configuration, without asking the database. */
  findConfiguredKey(key: string): Extract<Who, { kind: 'api-key' }> | null;
  /** Null when the key is unknown or revoked. */
  findApiKey(key: string): Promise<Extract<Who, { kind: 'api-key' }> | null>;
  /** Null when the key is unknown or revoked. */
  findDeviceKey(key: string): Promise<Extract<Who, { kind: 'device' }> | null>;
}

export interface KeysOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Logger;
  /** Keys of `MALBEOT_API_KEYS`. */
  readonly configured: readonly { readonly name: string; readonly key: string }[];
}

export function createKeys({ database, clock, random, log, configured }: KeysOptions): Keys {
  const tables = database.tables<AccountTables>();
  const configuredHashes = configured.map(({ name, key }) => ({ name, hash: hashSecret(key) }));

  async function find(kind: AccessKeyRow['kind'], key: string): Promise<AccessKeyRow | null> {
    const hash = hashSecret(key);
    const row = await tables
      .selectFrom('access_keys')
      .selectAll()
      .where('key_hash', '=', hash)
      .executeTakeFirst();
    if (row === undefined || !isSameHash(row.key_hash, hash) || row.kind !== kind || row.revoked_at !== null)
      return null;
    await touch(row);
    return row;
  }

  async function touch(row: AccessKeyRow): Promise<void> {
    const now = clock.now();
    if (row.last_used_at !== null && now - row.last_used_at < TOUCH_AFTER_MS) return;
    await tables.updateTable('access_keys').set({ last_used_at: now }).where('id', '=', row.id).execute();
  }

  function findConfiguredKey(key: string): Extract<Who, { kind: 'api-key' }> | null {
    const hash = hashSecret(key);
    // Every configured key is compared, so that the time does not tell which one was close.
    const [matching] = configuredHashes.filter((candidate) => isSameHash(candidate.hash, hash));
    return matching === undefined ? null : { kind: 'api-key', keyId: 'config', name: matching.name };
  }

  return {
    async create(wanted) {
      check('name', wanted.name, /^\P{Cc}{1,60}$/u, '1 to 60 characters on one line');
      if (wanted.kind === 'device') {
        check('kiosk_id', wanted.kioskId, /^[\w.-]{1,60}$/, '1 to 60 letters, digits, _, . or -');
      }
      const key = newSecret(wanted.kind === 'api' ? 'mbk' : 'mbd', random);
      const row: AccessKeyRow = {
        id: newId(wanted.kind === 'api' ? 'key' : 'dev', random),
        kind: wanted.kind,
        name: wanted.name,
        key_hash: hashSecret(key),
        shown_prefix: key.slice(0, SHOWN_CHARACTERS),
        kiosk_id: wanted.kind === 'device' ? wanted.kioskId : null,
        created_at: clock.now(),
        last_used_at: null,
        revoked_at: null,
      };
      await tables.insertInto('access_keys').values(row).execute();
      security(log, 'key-made', { key_id: row.id, kind: row.kind });
      return { ...toSummary(row), key };
    },

    async list() {
      const rows = await tables
        .selectFrom('access_keys')
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute();
      return [...rows.map(toSummary), ...configured.map(configuredSummary)];
    },

    async revoke(id) {
      const changed = await tables
        .updateTable('access_keys')
        .set({ revoked_at: clock.now() })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      if (changed.numUpdatedRows !== 1n) return false;
      security(log, 'key-revoked', { key_id: id });
      return true;
    },

    findConfiguredKey,

    async findApiKey(key) {
      const ours = findConfiguredKey(key);
      if (ours !== null) return ours;
      const row = await find('api', key);
      return row === null ? null : { kind: 'api-key', keyId: row.id, name: row.name };
    },

    async findDeviceKey(key) {
      const row = await find('device', key);
      return row?.kiosk_id == null ? null : { kind: 'device', keyId: row.id, kioskId: row.kiosk_id };
    },
  };
}

function check(field: string, value: string, pattern: RegExp, allowed: string): void {
  if (pattern.test(value) && value.trim() !== '') return;
  throw new AppError('INVALID_INPUT', {
    detail: `${field} is ${JSON.stringify(value)}; allowed: ${allowed}.`,
    issues: [{ path: `body.${field}`, message: `must be ${allowed}` }],
  });
}

function toSummary(row: AccessKeyRow): KeySummary {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    prefix: row.shown_prefix,
    kioskId: row.kiosk_id,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  };
}

function configuredSummary({ name, key }: { readonly name: string; readonly key: string }): KeySummary {
  const prefix = key.slice(0, Math.min(SHOWN_CHARACTERS, Math.floor(key.length / 4)));
  return {
    id: 'config',
    kind: 'api',
    name,
    prefix,
    kioskId: null,
    createdAt: null,
    lastUsedAt: null,
    revokedAt: null,
  };
}
