import { createHash } from 'node:crypto';
import type { KioskState, LastTurn } from './state.ts';

/** Keys of turns before the last one that a session knows again. */
const MOST_KEYS = 16;
/** Actions longer than this are not kept: a repeat of such a turn has the words and the order, and nothing more to show. */
const MOST_ACTIONS_CHARACTERS = 32_768;

/** What a turn came to, and the key of its request. */
export type DoneTurn = Omit<LastTurn, 'key'> & {
  /** As it came in `Idempotency-Key`; null without one. */
  readonly idempotencyKey: string | null;
};

/** What `before` remembers once `done` is done: its answer when it came with a key, and the keys of turns before it. */
export function remember(
  { lastTurn, earlierKeys = [] }: KioskState,
  { idempotencyKey, ...done }: DoneTurn,
): Pick<KioskState, 'lastTurn' | 'earlierKeys'> {
  const earlier = lastTurn == null ? earlierKeys : [lastTurn.key, ...earlierKeys].slice(0, MOST_KEYS);
  if (idempotencyKey === null) return { lastTurn: null, earlierKeys: earlier };
  const isShort = JSON.stringify(done.actions).length <= MOST_ACTIONS_CHARACTERS;
  return {
    lastTurn: { ...done, key: shortKey(idempotencyKey), actions: isShort ? done.actions : [] },
    earlierKeys: earlier,
  };
}

/** Whether the turn with this key was the last one, came before the last one, or has not been done. */
export function whenDone(
  { lastTurn, earlierKeys = [] }: KioskState,
  idempotencyKey: string | null,
): 'last' | 'earlier' | 'never' {
  if (idempotencyKey === null) return 'never';
  const key = shortKey(idempotencyKey);
  if (lastTurn?.key === key) return 'last';
  return earlierKeys.includes(key) ? 'earlier' : 'never';
}

/** Any key becomes a short one. */
function shortKey(idempotencyKey: string): string {
  return createHash('sha256').update(idempotencyKey).digest('base64url').slice(0, 22);
}
