import type { Role } from '@malbeot/protocol';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import type { Access, Who } from './access.ts';
import { accessTable, authorize, authorizeOwned, type Owned, type Place } from './authorize.ts';

const person = (role: Role): Who => ({ kind: 'person', userId: 'usr_1', name: '민지', role });
const callers: Readonly<Record<string, Who>> = {
  nobody: { kind: 'nobody' },
  customer: person('customer'),
  cook: person('cook'),
  delivery: person('delivery'),
  manager: person('manager'),
  admin: person('admin'),
  apiKey: { kind: 'api-key', keyId: 'key_1', name: 'till' },
  device: { kind: 'device', keyId: 'dev_1', kioskId: 'kiosk-1' },
  session: { kind: 'session', sessionId: 'ses_1' },
};

const home: Place = { profile: 'local', loopback: true };
const elsewhere: readonly Place[] = [
  { profile: 'local', loopback: false },
  { profile: 'docker', loopback: true },
  { profile: 'docker', loopback: false },
  { profile: 'production', loopback: true },
  { profile: 'production', loopback: false },
];

/** Who gets in, written out: at home, and anywhere else. Everybody not named is refused. */
const expected: Readonly<
  Record<Access, { readonly atHome: readonly string[]; readonly elsewhere: readonly string[] }>
> = {
  open: { atHome: Object.keys(callers), elsewhere: Object.keys(callers) },
  kiosk: { atHome: Object.keys(callers), elsewhere: ['device', 'session'] },
  person: {
    atHome: ['customer', 'cook', 'delivery', 'manager', 'admin', 'apiKey'],
    elsewhere: ['customer', 'cook', 'delivery', 'manager', 'admin', 'apiKey'],
  },
  talk: {
    atHome: Object.keys(callers),
    elsewhere: ['customer', 'cook', 'delivery', 'manager', 'admin', 'apiKey'],
  },
  conversation: {
    atHome: Object.keys(callers),
    elsewhere: ['customer', 'cook', 'delivery', 'manager', 'admin', 'apiKey', 'device', 'session'],
  },
  staff: {
    atHome: ['cook', 'delivery', 'manager', 'admin'],
    elsewhere: ['cook', 'delivery', 'manager', 'admin'],
  },
  manager: { atHome: ['manager', 'admin'], elsewhere: ['manager', 'admin'] },
  admin: { atHome: ['admin'], elsewhere: ['admin'] },
};

const cases = (Object.keys(accessTable) as Access[]).flatMap((access) =>
  Object.keys(callers).flatMap((caller) =>
    [home, ...elsewhere].map((place) => ({ access, caller, place, ...place })),
  ),
);

/** The code with which `work` fails, or 'in'. */
function outcome(work: () => void): string {
  try {
    work();
    return 'in';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

describe('authorize', () => {
  it('has a row for every access', () => {
    expect(Object.keys(accessTable).sort()).toEqual(Object.keys(expected).sort());
    expect(cases).toHaveLength(8 * 9 * 6);
  });

  it.each(cases)('$access, $caller, $profile, loopback $loopback', ({ access, caller, place }) => {
    const allowed = expected[access][place === home ? 'atHome' : 'elsewhere'].includes(caller);
    const refusal = caller === 'nobody' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
    expect(outcome(() => authorize(access, callers[caller]!, place))).toBe(allowed ? 'in' : refusal);
  });

  it('says what it takes', () => {
    expect(() => authorize('manager', callers['cook']!, home)).toThrow('manager or an admin');
    expect(() => authorize('manager', callers['cook']!, home)).toThrow('the token of a cook');
    expect(() => authorize('kiosk', callers['nobody']!, elsewhere[0]!)).toThrow('X-Device-Key');
  });
});

describe('authorizeOwned', () => {
  const own: Owned = { kind: 'person', userId: 'usr_1' };
  const foreign: Owned = { kind: 'person', userId: 'usr_2' };
  const ownSession: Owned = { kind: 'session', sessionId: 'ses_1', kioskId: 'kiosk-1' };
  const loose: Owned = { kind: 'session', sessionId: 'ses_2', kioskId: null };
  const foreignSession: Owned = { kind: 'session', sessionId: 'ses_2', kioskId: 'kiosk-2' };
  const away = elsewhere[4]!;
  const ownTalk: Owned = { kind: 'conversation', userId: 'usr_1', sessionId: 'ses_1' };
  const foreignTalk: Owned = { kind: 'conversation', userId: 'usr_2', sessionId: 'ses_2' };
  const allOwnTalk: Owned = { kind: 'conversation', userId: 'usr_1', sessionId: null };

  it.each<[string, Owned, string, Place, string]>([
    ['their own', own, 'customer', away, 'in'],
    ["another's", foreign, 'customer', away, 'FORBIDDEN'],
    ["another's, at home", foreign, 'customer', home, 'FORBIDDEN'],
    ["a customer's, as admin", foreign, 'admin', away, 'FORBIDDEN'],
    ["anybody's, as API key", foreign, 'apiKey', away, 'in'],
    ["a person's, as device", own, 'device', away, 'FORBIDDEN'],
    ["a person's, as session", own, 'session', home, 'FORBIDDEN'],
    ["a person's, as nobody at home", own, 'nobody', home, 'UNAUTHENTICATED'],
    ['its session', ownSession, 'session', away, 'in'],
    ['another session', foreignSession, 'session', away, 'FORBIDDEN'],
    ['another session, at home', foreignSession, 'session', home, 'FORBIDDEN'],
    ['a session of its kiosk', ownSession, 'device', away, 'in'],
    ['a session of no kiosk', loose, 'device', away, 'in'],
    ['a session of another kiosk', foreignSession, 'device', away, 'FORBIDDEN'],
    ['a session, as nobody at home', foreignSession, 'nobody', home, 'in'],
    ['a session, as nobody elsewhere', foreignSession, 'nobody', away, 'UNAUTHENTICATED'],
    ['a session, as person elsewhere', ownSession, 'customer', away, 'FORBIDDEN'],
    ['a session, as API key elsewhere', ownSession, 'apiKey', away, 'FORBIDDEN'],
    ['its talk, as session', ownTalk, 'session', away, 'in'],
    ['another talk, as session', foreignTalk, 'session', away, 'FORBIDDEN'],
    ['another talk, as session at home', foreignTalk, 'session', home, 'FORBIDDEN'],
    ['all talks of its person, as session', allOwnTalk, 'session', home, 'FORBIDDEN'],
    ['their own talk', ownTalk, 'customer', away, 'in'],
    ['all their talks', allOwnTalk, 'customer', away, 'in'],
    ["another's talk", foreignTalk, 'customer', away, 'FORBIDDEN'],
    ["another's talk, at home", foreignTalk, 'customer', home, 'FORBIDDEN'],
    ["another's talk, as admin", foreignTalk, 'admin', away, 'FORBIDDEN'],
    ["anybody's talk, as API key", foreignTalk, 'apiKey', away, 'in'],
    ['a talk, as device', ownTalk, 'device', away, 'FORBIDDEN'],
    ['a talk, as device at home', ownTalk, 'device', home, 'FORBIDDEN'],
    ['a talk, as nobody at home', foreignTalk, 'nobody', home, 'in'],
    ['a talk, as nobody elsewhere', foreignTalk, 'nobody', away, 'UNAUTHENTICATED'],
  ])('%s', (_, owned, caller, place, result) => {
    expect(outcome(() => authorizeOwned(owned, callers[caller]!, place))).toBe(result);
  });
});
