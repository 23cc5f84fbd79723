import type { KioskAction } from '@malbeot/protocol';

import { queuedText } from '../friendly-text.ts';
import { beforeOf, isPending, type Conversation, type Entry } from './ledger.ts';
import type { DoneRecord } from './records.ts';
import type { HeldConversation, QueuedTurn, TurnDelivery } from './turn-queue.ts';

/** Of a turn that whoever waited for it knows. */
export const nothingToTell = { answer: null, session: null, order: null } as const;

/** Taps that need somebody at the counter the moment they take effect. */
export function isFleeting({ type }: KioskAction): boolean {
  return type === 'pay' || type === 'call_staff';
}

/** What is told of a delivered turn. */
export function deliveryOf({ turn }: Entry, { at, answer, session, order }: DoneRecord): TurnDelivery {
  const { number, conversation, key, kind } = turn;
  return {
    number,
    conversation,
    key,
    kind,
    answer,
    session,
    order,
    queued_at: new Date(turn.at).toISOString(),
    delivered_at: new Date(at).toISOString(),
  };
}

/** What is told of a conversation that waits for a person. */
export function heldConversation(conversation: Conversation): HeldConversation {
  const { reason, at } = conversation.held!;
  return {
    conversation: conversation.id,
    reason,
    held_at: new Date(at).toISOString(),
    turns: conversation.entries
      .filter((entry) => isPending(conversation, entry))
      .map(({ turn: { number, kind, text, action, at: queuedAt } }) => ({
        number,
        kind,
        text,
        action,
        queued_at: new Date(queuedAt).toISOString(),
      })),
  };
}

/** What the caller of a turn that is kept for later gets. */
export function queuedTurn({ turn: { number, conversation, key, language, at } }: Entry): QueuedTurn {
  const queued_at = new Date(at).toISOString();
  return { queued: true, number, conversation, key, message: queuedText(language), queued_at };
}

/** The end of a turn that is no part of its conversation any more. */
export function leftOut(
  conversation: Conversation,
  entry: Entry,
  left: 'withdrawn' | 'uncertain',
  at: number,
): DoneRecord {
  const { sessionId, sessionToken, status, placed, readBack, turns } = beforeOf(conversation, entry);
  return {
    sessionId,
    sessionToken,
    status,
    placed,
    readBack,
    turns: left === 'uncertain' ? null : turns,
    turn: entry.turn.key,
    generation: conversation.generation,
    at,
    told: true,
    left,
    ...nothingToTell,
  };
}

/** True when nothing of a conversation has to be sent or told any more. */
export function isOver(conversation: Conversation): boolean {
  return conversation.entries.every((entry) => !isPending(conversation, entry) && entry.done?.told === true);
}
