import type { Role, SignedIn } from '@malbeot/protocol';
import type { Transaction } from 'kysely';
import { AppError } from '../errors/app-error.ts';
import type { Clock } from '../lib/clock.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import type { Database } from '../storage/database.ts';
import type { Logger } from '../telemetry/logger.ts';
import { hashSecret, newSecret } from './secret-text.ts';
import type { AccountTables, UserRow } from './tables.ts';
import { ACCESS_TOKEN_SECONDS, type Tokens } from './tokens.ts';

const DAY_MS = 24 * 60 * 60_000;
const REFRESH_TOKEN_MS = 30 * DAY_MS;
const ADMIN_LINK_MS = DAY_MS;
const SWEEP_BATCH = 500;

/** Someone with an account. */
export interface Person {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** A link that makes the first admin. */
export interface AdminLink {
  /** Goes into the link; never kept in this form. */
  readonly code: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** People, their sign-ins and the first admin. */
export interface People {
  /**
   * Makes a customer.
   *
   * @throws {AppError} INVALID_INPUT for a name that is no name.
   */
  signInAsGuest(name: string | null): Promise<SignedIn>;
  /**
   * New tokens for a refresh token, which is used up. A second use of one ends its whole family.
   *
   * @throws {AppError} UNAUTHENTICATED or TOKEN_EXPIRED.
   */
  refresh(refreshToken: string): Promise<SignedIn>;
  /** Ends every sign-in of this person; access tokens already given end by themselves within 15 minutes. */
  signOut(who: { readonly userId: string }): Promise<void>;
  /** A new link to make the first admin with, good once within 24 hours; null when there is an admin. */
  openAdminLink(): Promise<AdminLink | null>;
  /**
   * Makes the first admin and signs them in.
   *
   * @throws {AppError} UNAUTHENTICATED when the code is wrong, used or too old.
   */
  signInWithLink(code: string, name?: string): Promise<SignedIn>;
  find(userId: string): Promise<Person | null>;
  /** Deletes sign-ins and links whose time is over, in batches; answers how many. */
  sweep(signal: AbortSignal): Promise<number>;
}

export interface PeopleOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly tokens: Tokens;
  readonly log: Logger;
}

type Work = Transaction<AccountTables>;

export function createPeople({ database, clock, random, tokens, log }: PeopleOptions): People {
  const tables = database.tables<AccountTables>();

  async function createPerson(work: Work, name: string, role: Role): Promise<UserRow> {
    const row: UserRow = { id: newId('usr', random), name: checkName(name), role, created_at: clock.now() };
    await work.insertInto('users').values(row).execute();
    return row;
  }

  async function addRefreshToken(work: Work, familyId: string): Promise<string> {
    const token = newSecret('mbr', random);
    const row = {
      token_hash: hashSecret(token),
      family_id: familyId,
      expires_at: clock.now() + REFRESH_TOKEN_MS,
      used_at: null,
    };
    await work.insertInto('refresh_tokens').values(row).execute();
    return token;
  }

  async function startFamily(work: Work, userId: string): Promise<string> {
    const id = newId('fam', random);
    const now = clock.now();
    const row = { id, user_id: userId, created_at: now, expires_at: now + REFRESH_TOKEN_MS, ended_at: null };
    await work.insertInto('token_families').values(row).execute();
    return addRefreshToken(work, id);
  }

  async function toSignedIn(user: UserRow, refreshToken: string): Promise<SignedIn> {
    const { id, name, role } = user;
    return {
      user_id: id,
      name,
      role,
      access_token: await tokens.signPerson({ userId: id, name, role }),
      expires_in: ACCESS_TOKEN_SECONDS,
      refresh_token: refreshToken,
    };
  }

  async function endFamily(work: Work, familyId: string): Promise<void> {
    await work
      .updateTable('token_families')
      .set({ ended_at: clock.now() })
      .where('id', '=', familyId)
      .where('ended_at', 'is', null)
      .execute();
  }

  /** Uses up a refresh token. Answers instead of throwing, because ending a family has to be committed. */
  async function useRefreshToken(work: Work, tokenHash: string) {
    const found = await work
      .selectFrom('refresh_tokens as token')
      .innerJoin('token_families as family', 'family.id', 'token.family_id')
      .innerJoin('users as user', 'user.id', 'family.user_id')
      .select([
        'token.family_id',
        'token.expires_at',
        'family.ended_at',
        'user.id',
        'user.name',
        'user.role',
        'user.created_at',
      ])
      .where('token.token_hash', '=', tokenHash)
      .executeTakeFirst();
    if (found === undefined) return { outcome: 'unknown' } as const;
    const familyId = found.family_id;
    if (found.ended_at !== null) return { outcome: 'ended', familyId } as const;
    if (found.expires_at <= clock.now()) return { outcome: 'expired', familyId } as const;
    const taken = await work
      .updateTable('refresh_tokens')
      .set({ used_at: clock.now() })
      .where('token_hash', '=', tokenHash)
      .where('used_at', 'is', null)
      .executeTakeFirst();
    if (taken.numUpdatedRows !== 1n) {
      await endFamily(work, familyId);
      return { outcome: 'reused', familyId, userId: found.id } as const;
    }
    await work
      .updateTable('token_families')
      .set({ expires_at: clock.now() + REFRESH_TOKEN_MS })
      .where('id', '=', familyId)
      .execute();
    return { outcome: 'fresh', user: found, refreshToken: await addRefreshToken(work, familyId) } as const;
  }

  return {
    async signInAsGuest(name) {
      const { user, refreshToken } = await database.transaction<
        AccountTables,
        { user: UserRow; refreshToken: string }
      >(async (work) => {
        const user = await createPerson(work, name ?? '손님', 'customer');
        return { user, refreshToken: await startFamily(work, user.id) };
      });
      return toSignedIn(user, refreshToken);
    },

    async refresh(refreshToken) {
      const tokenHash = hashSecret(refreshToken);
      const result = await database.transaction<AccountTables, Awaited<ReturnType<typeof useRefreshToken>>>(
        (work) => useRefreshToken(work, tokenHash),
      );
      switch (result.outcome) {
        case 'fresh':
          return toSignedIn(result.user, result.refreshToken);
        case 'expired':
          throw new AppError('TOKEN_EXPIRED', { detail: 'The refresh token has expired: sign in again.' });
        case 'reused':
          security(log, 'refresh-token-reused', { user_id: result.userId, family_id: result.familyId });
          break;
        case 'ended':
          security(log, 'ended-refresh-token-used', { family_id: result.familyId });
          break;
        case 'unknown':
          security(log, 'unknown-refresh-token', {});
          break;
      }
      throw new AppError('UNAUTHENTICATED', {
        detail: 'The refresh token is not good any more: sign in again.',
      });
    },

    async signOut({ userId }) {
      await tables
        .updateTable('token_families')
        .set({ ended_at: clock.now() })
        .where('user_id', '=', userId)
        .where('ended_at', 'is', null)
        .execute();
    },

    async openAdminLink() {
      const admin = await tables
        .selectFrom('users')
        .select('id')
        .where('role', '=', 'admin')
        .limit(1)
        .executeTakeFirst();
      if (admin !== undefined) return null;
      const code = newSecret('mba', random);
      const now = clock.now();
      const expiresAt = now + ADMIN_LINK_MS;
      await tables
        .insertInto('admin_links')
        .values({
          id: newId('lnk', random),
          code_hash: hashSecret(code),
          created_at: now,
          expires_at: expiresAt,
        })
        .execute();
      return { code, expiresAt };
    },

    async signInWithLink(code, name = '관리자') {
      checkName(name);
      const made = await database.transaction<AccountTables, { user: UserRow; refreshToken: string } | null>(
        async (work) => {
          const used = await work
            .deleteFrom('admin_links')
            .where('code_hash', '=', hashSecret(code))
            .where('expires_at', '>', clock.now())
            .executeTakeFirst();
          if (used.numDeletedRows !== 1n) return null;
          // Two links at the same moment wait here for each other's row: one of them becomes the admin's.
          await work.deleteFrom('admin_links').execute();
          const user = await createPerson(work, name, 'admin');
          return { user, refreshToken: await startFamily(work, user.id) };
        },
      );
      if (made === null) {
        security(log, 'admin-link-refused', {});
        throw new AppError('UNAUTHENTICATED', {
          detail:
            'The link is wrong, used or older than 24 hours. While there is no admin, each start of the server prints a new one.',
        });
      }
      security(log, 'admin-made', { user_id: made.user.id });
      return toSignedIn(made.user, made.refreshToken);
    },

    async find(userId) {
      const row = await tables.selectFrom('users').selectAll().where('id', '=', userId).executeTakeFirst();
      return row === undefined
        ? null
        : { userId: row.id, name: row.name, role: row.role, createdAt: row.created_at };
    },

    async sweep(signal) {
      const now = clock.now();
      const links = await tables.deleteFrom('admin_links').where('expires_at', '<=', now).executeTakeFirst();
      let deleted = Number(links.numDeletedRows);
      while (!signal.aborted) {
        const families = await tables
          .selectFrom('token_families')
          .select('id')
          .where('expires_at', '<=', now)
          .limit(SWEEP_BATCH)
          .execute();
        if (families.length === 0) break;
        const ids = families.map((family) => family.id);
        await tables.deleteFrom('refresh_tokens').where('family_id', 'in', ids).execute();
        await tables.deleteFrom('token_families').where('id', 'in', ids).execute();
        deleted += ids.length;
      }
      return deleted;
    },
  };
}

/** Writes a security event: constant words, ids only. */
export function security(log: Logger, event: string, fields: Readonly<Record<string, unknown>>): void {
  log.warn({ security: true, event, ...fields }, 'security event');
}

function checkName(given: string): string {
  const name = given.normalize('NFC').trim();
  if (name.length >= 1 && name.length <= 60 && !/\p{Cc}/u.test(name)) return name;
  throw new AppError('INVALID_INPUT', {
    detail: 'The name is not valid.',
    issues: [{ path: 'body.name', message: 'must be 1 to 60 characters on one line' }],
  });
}
