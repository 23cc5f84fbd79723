import { SignJWT } from 'jose';
import { createHash } from 'node:crypto';
import { beforeEach, expect, it, describe } from 'vitest';
import type { Clock } from '../lib/clock.ts';
import { newId, systemRandom } from '../lib/ids.ts';
import type { Database } from '../storage/database.ts';
import { describeEachDialect } from '../storage/testing.ts';
import type { LogFields, Logger } from '../telemetry/logger.ts';
import { createAccounts, type Accounts, type AccountsOptions } from './accounts.ts';
import { accountMigrations } from './migrations.ts';
import type { AccountTables } from './tables.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const secret = 'a secret of this test';

interface TestClock extends Clock {
  pass(ms: number): void;
}

function createTestClock(): TestClock {
  let now = Date.parse('2026-03-02T09:00:00Z');
  return { now: () => now, monotonicMs: () => now, pass: (ms) => void (now += ms) };
}

interface RecordingLog extends Logger {
  readonly lines: readonly LogFields[];
  /** The security events among them. */
  events(): readonly unknown[];
}

function createRecordingLog(): RecordingLog {
  const lines: LogFields[] = [];
  const record = (fields: LogFields) => void lines.push(fields);
  const log: RecordingLog = {
    lines,
    events: () => lines.filter((line) => line['security'] === true).map((line) => line['event']),
    debug: record,
    info: record,
    warn: record,
    error: record,
    child: () => log,
  };
  return log;
}

describeEachDialect('accounts', accountMigrations, (test) => {
  let clock: TestClock;
  let log: RecordingLog;
  let accounts: Accounts;
  const create = (options: Partial<AccountsOptions> = {}) =>
    createAccounts({ database: test.database, clock, random: systemRandom, secret, log, ...options });
  const bearer = (token: string) => accounts.authenticate({ authorization: `Bearer ${token}` });

  beforeEach(() => {
    clock = createTestClock();
    log = createRecordingLog();
    accounts = create();
  });

  it('knows nobody without credentials', async () => {
    expect(await accounts.authenticate({})).toEqual({ kind: 'nobody' });
    expect(await accounts.authenticate({ authorization: '', 'x-device-key': '' })).toEqual({
      kind: 'nobody',
    });
  });

  it('signs a guest in', async () => {
    const signedIn = await accounts.signInAsGuest(' 민지 ');
    expect(signedIn).toMatchObject({ name: '민지', role: 'customer', expires_in: 900 });
    expect(await bearer(signedIn.access_token)).toEqual({
      kind: 'person',
      userId: signedIn.user_id,
      name: '민지',
      role: 'customer',
    });
    expect(await accounts.find(signedIn.user_id)).toMatchObject({ name: '민지', createdAt: clock.now() });
    expect(await accounts.find(newId('usr'))).toBeNull();
    await expect(accounts.signInAsGuest('a\nb')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('lets an access token end after 15 minutes', async () => {
    const { access_token: token } = await accounts.signInAsGuest(null);
    clock.pass(15 * MINUTE_MS - 1000);
    expect(await bearer(token)).toMatchObject({ kind: 'person' });
    clock.pass(1000);
    await expect(bearer(token)).rejects.toMatchObject({ code: 'TOKEN_EXPIRED', status: 401 });
  });

  it('changes a refresh token for a new pair, once', async () => {
    const first = await accounts.signInAsGuest('민지');
    const second = await accounts.refresh(first.refresh_token);
    expect(second).toMatchObject({ user_id: first.user_id, name: '민지' });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const third = await accounts.refresh(second.refresh_token);

    await expect(accounts.refresh(first.refresh_token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(log.events()).toEqual(['refresh-token-reused']);
    // The thief and the owner are both out.
    await expect(accounts.refresh(third.refresh_token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('leaves other sign-ins alone when a family ends', async () => {
    const one = await accounts.signInAsGuest(null);
    const other = await accounts.signInAsGuest(null);
    await accounts.refresh(one.refresh_token);
    await expect(accounts.refresh(one.refresh_token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(accounts.refresh(other.refresh_token)).resolves.toMatchObject({ user_id: other.user_id });
  });

  it('lets one of many simultaneous refreshes win at most, and ends the family', async () => {
    const { refresh_token: token } = await accounts.signInAsGuest(null);
    const answers = await Promise.allSettled(Array.from({ length: 4 }, () => accounts.refresh(token)));
    const won = answers.filter((answer) => answer.status === 'fulfilled');
    expect(won).toHaveLength(1);
    await expect(accounts.refresh(won[0]!.value.refresh_token)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('lets a refresh token end after 30 days', async () => {
    const { refresh_token: token } = await accounts.signInAsGuest(null);
    clock.pass(30 * DAY_MS);
    await expect(accounts.refresh(token)).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' });
    await expect(accounts.refresh('mbr_unknown')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('signs out everywhere', async () => {
    const { refresh_token: token, user_id: userId } = await accounts.signInAsGuest(null);
    const other = await accounts.signInAsGuest(null);
    await accounts.signOut({ userId });
    await accounts.signOut({ userId });
    await expect(accounts.refresh(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(accounts.refresh(other.refresh_token)).resolves.toMatchObject({ user_id: other.user_id });
  });

  it('keeps hashes, never a secret', async () => {
    const signedIn = await accounts.signInAsGuest(null);
    const link = await accounts.openAdminLink();
    const key = await accounts.keys.create({ kind: 'api', name: 'till' });
    const kept = JSON.stringify(await everything(test.database));
    for (const text of [signedIn.refresh_token, link!.code, key.key]) {
      expect(kept).not.toContain(text);
      expect(kept).toContain(createHash('sha256').update(text).digest('hex'));
    }
    expect(JSON.stringify(log.lines)).not.toContain(key.key);
  });

  it('makes the first admin from a link, once', async () => {
    const link = await accounts.openAdminLink();
    const other = await accounts.openAdminLink();
    expect(link).toMatchObject({ expiresAt: clock.now() + DAY_MS });
    const admin = await accounts.signInWithLink(link!.code, '점장');
    expect(await bearer(admin.access_token)).toMatchObject({ kind: 'person', name: '점장', role: 'admin' });
    await expect(accounts.signInWithLink(link!.code)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(accounts.signInWithLink(other!.code)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await accounts.openAdminLink()).toBeNull();
    expect(log.events()).toEqual(['admin-made', 'admin-link-refused', 'admin-link-refused']);
  });

  it('makes one admin, however many links are used at the same moment', async () => {
    const links = [
      await accounts.openAdminLink(),
      await accounts.openAdminLink(),
      await accounts.openAdminLink(),
    ];
    const answers = await Promise.allSettled(links.map((link) => accounts.signInWithLink(link!.code)));
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
  });

  it('does not use up an admin link for a name that is no name, and forgets it after 24 hours', async () => {
    const link = await accounts.openAdminLink();
    await expect(accounts.signInWithLink(link!.code, ' ')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    clock.pass(DAY_MS);
    await expect(accounts.signInWithLink(link!.code)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('makes, lists, knows and revokes API keys and device keys', async () => {
    const api = await accounts.keys.create({ kind: 'api', name: 'till' });
    clock.pass(1);
    const device = await accounts.keys.create({ kind: 'device', name: '1층', kioskId: 'kiosk-1' });
    expect(api.key).toMatch(/^mbk_[\w-]{43}$/);
    expect(device.key).toMatch(/^mbd_[\w-]{43}$/);
    expect(api.key.startsWith(api.prefix)).toBe(true);

    expect(await bearer(api.key)).toEqual({ kind: 'api-key', keyId: api.id, name: 'till' });
    expect(await accounts.authenticate({ 'x-device-key': device.key })).toEqual({
      kind: 'device',
      keyId: device.id,
      kioskId: 'kiosk-1',
    });
    const listed = await accounts.keys.list();
    expect(listed.map(({ id, lastUsedAt, revokedAt }) => ({ id, lastUsedAt, revokedAt }))).toEqual([
      { id: device.id, lastUsedAt: clock.now(), revokedAt: null },
      { id: api.id, lastUsedAt: clock.now(), revokedAt: null },
    ]);
    expect(JSON.stringify(listed)).not.toContain(api.key);

    expect(await accounts.keys.revoke(api.id)).toBe(true);
    expect(await accounts.keys.revoke(api.id)).toBe(false);
    await expect(bearer(api.key)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(log.events()).toEqual(['key-made', 'key-made', 'key-revoked', 'sign-in-failed']);
  });

  it('keeps each kind of key in its own header', async () => {
    const api = await accounts.keys.create({ kind: 'api', name: 'till' });
    const device = await accounts.keys.create({ kind: 'device', name: '1층', kioskId: 'kiosk-1' });
    await expect(accounts.authenticate({ 'x-device-key': api.key })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    await expect(bearer(device.key)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it.each([
    [{ kind: 'api', name: '' }],
    [{ kind: 'api', name: 'a\u0007b' }],
    [{ kind: 'api', name: 'x'.repeat(61) }],
    [{ kind: 'device', name: 'a', kioskId: '../1' }],
    [{ kind: 'device', name: 'a', kioskId: '' }],
  ] as const)('refuses to make %j', async (key) => {
    await expect(accounts.keys.create(key)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('takes keys of the configuration, and shows only their start', async () => {
    accounts = create({
      configuredApiKeys: [{ name: 'local', key: 'mbk_0123456789abcdef0123456789abcdef' }],
    });
    expect(await bearer('mbk_0123456789abcdef0123456789abcdef')).toEqual({
      kind: 'api-key',
      keyId: 'config',
      name: 'local',
    });
    expect(await accounts.keys.list()).toMatchObject([{ id: 'config', name: 'local', prefix: 'mbk_01234' }]);
  });

  it('names a kiosk session by its token', async () => {
    const sessionId = newId('ses');
    const token = await accounts.issueSessionToken(sessionId);
    expect(await bearer(token)).toEqual({ kind: 'session', sessionId });
    clock.pass(DAY_MS);
    await expect(bearer(token)).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' });
  });

  it('takes the device where a session token comes with it, and the person otherwise', async () => {
    const device = await accounts.keys.create({ kind: 'device', name: '1층', kioskId: 'kiosk-1' });
    const session = await accounts.issueSessionToken(newId('ses'));
    const { access_token: person } = await accounts.signInAsGuest(null);
    const both = (token: string) =>
      accounts.authenticate({ authorization: `Bearer ${token}`, 'x-device-key': device.key });
    expect(await both(session)).toMatchObject({ kind: 'device' });
    expect(await both(person)).toMatchObject({ kind: 'person' });
    await expect(both('wrong')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('sweeps what has ended', async () => {
    await accounts.signInAsGuest(null);
    await accounts.openAdminLink();
    clock.pass(29 * DAY_MS);
    const kept = await accounts.signInAsGuest(null);
    clock.pass(2 * DAY_MS);
    expect(await accounts.sweep(new AbortController().signal)).toBe(2);
    expect(await accounts.sweep(new AbortController().signal)).toBe(0);
    await expect(accounts.refresh(kept.refresh_token)).resolves.toMatchObject({ user_id: kept.user_id });
  });
});

describe('tokens that this server did not give', () => {
  const key = createHash('sha256').update(`malbeot tokens\n${secret}`).digest();
  const clock = createTestClock();
  const seconds = Math.floor(clock.now() / 1000);
  const userId = newId('usr');
  const accounts = () =>
    createAccounts({
      // Tokens are read without the database.
      database: { tables: () => ({}) } as unknown as Database,
      clock,
      random: systemRandom,
      secret,
      log: createRecordingLog(),
    });

  const forge = (
    change: { claims?: Record<string, unknown>; typ?: string; signingKey?: Uint8Array; alg?: string } = {},
  ) =>
    new SignJWT({
      iss: 'malbeot',
      aud: 'malbeot:person',
      sub: userId,
      name: '민지',
      role: 'admin',
      iat: seconds,
      exp: seconds + 60,
      ...change.claims,
    })
      .setProtectedHeader({ alg: change.alg ?? 'HS256', typ: change.typ ?? 'at+jwt' })
      .sign(change.signingKey ?? key);

  const read = async (token: string) => accounts().authenticate({ authorization: `Bearer ${token}` });

  it('reads the one that is right, so that the others fail for their own reason', async () => {
    expect(await read(await forge())).toMatchObject({ kind: 'person', role: 'admin' });
  });

  it.each([
    ['another key', { signingKey: createHash('sha256').update('other').digest() }],
    ['another issuer', { claims: { iss: 'other' } }],
    ['another audience', { claims: { aud: 'malbeot:session' } }],
    ['another type', { typ: 'JWT' }],
    ["a session's type", { typ: 'malbeot-session+jwt' }],
    [
      "a session's type and audience with a person's id",
      { typ: 'malbeot-session+jwt', claims: { aud: 'malbeot:session' } },
    ],
    ['another algorithm', { alg: 'HS512', signingKey: createHash('sha512').update('x').digest() }],
    ['no end', { claims: { exp: undefined } }],
    ['a role that does not exist', { claims: { role: 'owner' } }],
    ['no id', { claims: { sub: undefined } }],
    ['an id of another kind', { claims: { sub: newId('ses') } }],
  ])('refuses %s', async (_, change) => {
    await expect(read(await forge(change))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('refuses one without a signature, and one that was changed', async () => {
    const [header, payload, signature] = (await forge()).split('.') as [string, string, string];
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    const other = Buffer.from(JSON.stringify({ sub: userId, role: 'admin' })).toString('base64url');
    for (const token of [
      `${none}.${payload}.`,
      `${none}.${payload}.x`,
      `${header}.${other}.${signature}`,
      'eyJ.eyJ.x',
    ]) {
      await expect(read(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
  });

  it.each(['Basic abc', 'Bearer', 'Bearer a b', `Bearer ${'x'.repeat(5000)}`])(
    'refuses the header %s',
    async (header) => {
      await expect(accounts().authenticate({ authorization: header })).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
      });
    },
  );
});

async function everything(database: Database): Promise<unknown> {
  const tables = database.tables<AccountTables>();
  const names = ['users', 'token_families', 'refresh_tokens', 'access_keys', 'admin_links'] as const;
  return Promise.all(names.map((name) => tables.selectFrom(name).selectAll().execute()));
}
