import type { Role } from '@malbeot/protocol';
import { AppError } from '../errors/app-error.ts';
import type { Access, Who } from './access.ts';
import { isAtLeast, isStaff } from './roles.ts';

/** Where a request comes from. */
export interface Place {
  readonly profile: 'local' | 'docker' | 'production';
  /** True when the client itself is on this machine, not merely a proxy. */
  readonly loopback: boolean;
}

/** What each kind of caller may: always, never, only at this machine in the local profile, or by role. */
type Rule = 'yes' | 'no' | 'at-home' | ((role: Role) => boolean);

type Row = Readonly<Record<Who['kind'], Rule>>;

/** Who gets in: the one table. */
export const accessTable: Readonly<Record<Access, Row>> = {
  open: { nobody: 'yes', person: 'yes', 'api-key': 'yes', device: 'yes', session: 'yes' },
  kiosk: { nobody: 'at-home', person: 'at-home', 'api-key': 'at-home', device: 'yes', session: 'yes' },
  person: { nobody: 'no', person: 'yes', 'api-key': 'yes', device: 'no', session: 'no' },
  talk: { nobody: 'at-home', person: 'yes', 'api-key': 'yes', device: 'at-home', session: 'at-home' },
  conversation: { nobody: 'at-home', person: 'yes', 'api-key': 'yes', device: 'yes', session: 'yes' },
  staff: { nobody: 'no', person: isStaff, 'api-key': 'no', device: 'no', session: 'no' },
  manager: {
    nobody: 'no',
    person: (role) => isAtLeast(role, 'manager'),
    'api-key': 'no',
    device: 'no',
    session: 'no',
  },
  admin: {
    nobody: 'no',
    person: (role) => isAtLeast(role, 'admin'),
    'api-key': 'no',
    device: 'no',
    session: 'no',
  },
};

/** What to send to get in, in the words of an error's detail. */
const wanted: Readonly<Record<Access, string>> = {
  open: 'nothing',
  kiosk: "a device key (X-Device-Key), or the session's own token (Authorization: Bearer)",
  person: "a person's token or an API key (Authorization: Bearer)",
  talk: "a person's token or an API key (Authorization: Bearer)",
  conversation:
    "the session's own token, a person's token or an API key (Authorization: Bearer), or a device key (X-Device-Key)",
  staff: 'the token of someone who works here: cook, delivery, manager or admin (Authorization: Bearer)',
  manager: 'the token of a manager or an admin (Authorization: Bearer)',
  admin: 'the token of an admin (Authorization: Bearer)',
};

/**
 * Lets `who` use a route with `access`, or throws.
 *
 * @throws {AppError} UNAUTHENTICATED when nobody is signed in, FORBIDDEN when it takes someone else.
 */
export function authorize(access: Access, who: Who, place: Place): void {
  if (mayUse(access, who, place)) return;
  if (who.kind === 'nobody')
    throw new AppError('UNAUTHENTICATED', { detail: `This needs ${wanted[access]}.` });
  throw new AppError('FORBIDDEN', {
    detail: `This needs ${wanted[access]}; it was asked for with ${describe(who)}.`,
  });
}

/** True when {@link authorize} lets `who` in. */
export function mayUse(access: Access, who: Who, place: Place): boolean {
  const rule = accessTable[access][who.kind];
  if (rule === 'at-home') return isAtHome(place);
  if (typeof rule === 'string') return rule === 'yes';
  return who.kind === 'person' && rule(who.role);
}

function isAtHome(place: Place): boolean {
  return place.profile === 'local' && place.loopback;
}

/** Something that belongs to someone. */
export type Owned =
  /** Belongs to a person: a chat, a memory, a profile, a run and its files. */
  | { readonly kind: 'person'; readonly userId: string }
  /** A kiosk session, held at a kiosk or at none. */
  | { readonly kind: 'session'; readonly sessionId: string; readonly kioskId: string | null }
  /** A talk of one person, or with `sessionId` null all that they ever talked: no session's token opens that. */
  | { readonly kind: 'conversation'; readonly userId: string; readonly sessionId: string | null };

/**
 * Lets `who`, already let in by {@link authorize}, use this one thing, or throws: a person only their own, a session token
 * only its own session, a device only sessions of its kiosk and no person's talk. An API key sees all; so does nobody at home,
 * because they got in only there.
 *
 * @throws {AppError} FORBIDDEN.
 */
export function authorizeOwned(owned: Owned, who: Who, place: Place): void {
  if (owns(owned, who, place)) return;
  throw new AppError(who.kind === 'nobody' ? 'UNAUTHENTICATED' : 'FORBIDDEN', {
    detail:
      owned.kind === 'person' ? 'This belongs to another person.' : 'This session belongs to another caller.',
  });
}

function owns(owned: Owned, who: Who, place: Place): boolean {
  if (owned.kind === 'person')
    return who.kind === 'api-key' || (who.kind === 'person' && who.userId === owned.userId);
  if (owned.kind === 'conversation') return ownsConversation(owned, who, place);
  switch (who.kind) {
    case 'session':
      return who.sessionId === owned.sessionId;
    case 'device':
      return owned.kioskId === null || owned.kioskId === who.kioskId;
    case 'nobody':
    case 'person':
    case 'api-key':
      return isAtHome(place);
  }
}

function ownsConversation(
  { userId, sessionId }: Extract<Owned, { kind: 'conversation' }>,
  who: Who,
  place: Place,
): boolean {
  switch (who.kind) {
    case 'session':
      return who.sessionId === sessionId;
    case 'person':
      return who.userId === userId;
    case 'api-key':
      return true;
    case 'nobody':
      return isAtHome(place);
    case 'device':
      return false;
  }
}

function describe(who: Exclude<Who, { kind: 'nobody' }>): string {
  switch (who.kind) {
    case 'person':
      return `the token of a ${who.role}`;
    case 'api-key':
      return 'an API key';
    case 'device':
      return 'a device key';
    case 'session':
      return "a session's token";
  }
}
