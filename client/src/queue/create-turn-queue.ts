import type { Language } from '@malbeot/protocol';

import { newIdempotencyKey } from '../idempotency-key.ts';
import { MalbeotError } from '../malbeot-error.ts';
import { guardedHook } from '../metrics.ts';
import { backgroundSleep, type Sleep } from '../waiting.ts';
import { createCallers } from './callers.ts';
import { AGAIN_LIMIT, createLedger, isPending, type Conversation, type Entry } from './ledger.ts';
import type { QueueStore } from './queue-store.ts';
import { heldConversation, isFleeting, isOver, leftOut, queuedTurn } from './results.ts';
import { createSender } from './sender.ts';
import type { QueueLink, SessionInHand, TurnContent, TurnQueue, TurnQueueHooks } from './turn-queue.ts';

/** A second tap of "confirm" within this is the second half of a double tap, not a yes to what the first one brings. */
const DOUBLE_TAP_MS = 1_000;

export interface TurnQueueOptions extends TurnQueueHooks {
  readonly store: QueueStore;
  /** Turns that it may hold. Default 1000. */
  readonly maxTurns?: number | undefined;
  /** Bytes that it may hold. Default 256 MiB. */
  readonly maxBytes?: number | undefined;
  /** How long a caller waits for an answer before the turn counts as queued. Default 15,000. */
  readonly answerWithinMs?: number | undefined;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** How waits are made. Default: timers that don't keep a process running. */
  readonly sleep?: Sleep | undefined;
  /** 0 to 1, for the jitter of waits. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** The turns between one `leave` and the next. */
interface Visit {
  conversation: Conversation | null;
  /** Turns that were given and are not on the store yet. */
  arriving: number;
  over: boolean;
}

const newVisit = (): Visit => ({ conversation: null, arriving: 0, over: false });

/** The offline queue over any store. */
export function createTurnQueue(options: TurnQueueOptions): TurnQueue {
  const {
    store,
    onDelivered,
    maxTurns = 1000,
    maxBytes = 256 * 1024 * 1024,
    answerWithinMs = 15_000,
    now = Date.now,
    sleep = backgroundSleep,
    random = Math.random,
  } = options;
  const onHeld = guardedHook(options.onHeld);
  const ledger = createLedger(store);
  const callers = createCallers(sleep);
  const closing = new AbortController();
  let link: QueueLink | null = null;
  let visit = newVisit();
  let opening: Promise<void> | null = null;
  let arrivals: Promise<unknown> = Promise.resolve();
  const sender = createSender({
    ledger,
    callers,
    now,
    sleep,
    random,
    onDelivered,
    onHeld,
    link: () => link!,
    onClosed: close,
    signal: closing.signal,
  });

  function open(): Promise<void> {
    if (closing.signal.aborted || link === null) throw new MalbeotError('QUEUE_BROKEN');
    opening ??= load().catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  }

  async function load(): Promise<void> {
    for (const number of await ledger.load()) link!.tell({ type: 'turn-dropped', number, reason: 'damaged' });
    for (const conversation of ledger.conversations.values()) {
      for (const entry of conversation.entries) {
        if (!entry.turn.fleeting || !isPending(conversation, entry)) continue;
        const left = entry.sent === null ? 'withdrawn' : 'uncertain';
        await ledger.noteDone(entry, leftOut(conversation, entry, left, now()));
      }
    }
    sender.pump();
  }

  async function take(
    mine: Visit,
    content: TurnContent,
    language: Language,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly result: ReturnType<TurnQueue['submit']> }> {
    signal?.throwIfAborted();
    if (mine.conversation === null || mine.conversation.held !== null)
      mine.conversation = ledger.begin(newIdempotencyKey());
    const conversation = mine.conversation;
    const at = now();
    const twin = firstHalfOfDoubleTap(conversation, content, at);
    if (twin !== null) return { result: twin };
    const fleeting = content.kind === 'action' && isFleeting(content.action);
    if (fleeting && hasDeferred()) {
      sender.wake();
      throw new MalbeotError('NETWORK', { language });
    }
    const wav = content.kind === 'audio' ? content.wav : null;
    await makeRoom(wav?.length ?? 0, language);
    const entry = await ledger.append(
      conversation,
      {
        number: ledger.nextNumber,
        conversation: conversation.id,
        index: (conversation.entries.at(-1)?.turn.index ?? -1) + 1,
        key: newIdempotencyKey(),
        language,
        at,
        kind: content.kind,
        text: content.kind === 'text' ? content.text : null,
        action: content.kind === 'action' ? content.action : null,
        fleeting,
      },
      wav,
    );
    sender.tellDepth();
    const patience = fleeting ? null : { afterMs: answerWithinMs, run: () => sender.defer(entry) };
    const result = callers.wait(entry, patience, signal, () => withdraw(conversation, entry));
    if (sender.isAway) sender.defer(entry);
    sender.wake();
    return { result };
  }

  function firstHalfOfDoubleTap(
    conversation: Conversation,
    content: TurnContent,
    at: number,
  ): ReturnType<TurnQueue['submit']> | null {
    const last = conversation.entries.at(-1);
    if (content.kind !== 'action' || content.action.type !== 'confirm') return null;
    if (last?.turn.action?.type !== 'confirm' || !isPending(conversation, last)) return null;
    if (at - last.turn.at >= DOUBLE_TAP_MS) return null;
    return callers.share(last) ?? Promise.resolve(queuedTurn(last));
  }

  /** @throws {MalbeotError} `QUEUE_FULL` */
  async function makeRoom(bytes: number, language: Language): Promise<void> {
    const isFull = () => ledger.turns >= maxTurns || ledger.bytes + bytes > maxBytes;
    while (isFull()) {
      const spare = [...ledger.conversations.values()].find(
        (one) => one.entries.length > 1 && one.held === null && isOver(one),
      );
      if (spare === undefined) {
        link!.tell({ type: 'turn-dropped', number: null, reason: 'full' });
        throw new MalbeotError('QUEUE_FULL', { language });
      }
      await ledger.dropFirst(spare);
    }
  }

  /** The caller gave up. What is on its way already is delivered all the same. */
  function withdraw(conversation: Conversation, entry: Entry): void {
    if (sender.underWay === entry || entry.sent !== null) return;
    const done = leftOut(conversation, entry, 'withdrawn', now());
    entry.done = done;
    ledger.noteDone(entry, done).catch(() => undefined);
  }

  /** No more turns come; what is there is still sent. */
  function close(conversation: Conversation): void {
    conversation.open = false;
    if (visit.conversation === conversation) visit.conversation = null;
  }

  /** True when turns wait that nobody waits for. */
  function hasDeferred(): boolean {
    return sender.isAway || sender.pending().some((entry) => !callers.has(entry));
  }

  function endOf({ conversation }: Pick<Visit, 'conversation'>): void {
    if (conversation === null) return;
    conversation.open = false;
    sender.pump();
  }

  function sessionInHand(): SessionInHand | null {
    const { conversation } = visit;
    const last = conversation?.entries.findLast(
      ({ done }) => done?.generation === conversation.generation && done.left !== 'withdrawn',
    );
    const { sessionId, sessionToken } = last?.done ?? { sessionId: null, sessionToken: null };
    return sessionId === null ? null : { id: sessionId, token: sessionToken };
  }

  return {
    attach(given) {
      if (link !== null) throw new Error('This queue belongs to a client already. Make one for each client.');
      link = given;
      // What an earlier process left is sent at once. Whoever uses the queue is told when it can't be opened.
      open().catch(() => undefined);
    },
    async submit(source, language, signal) {
      const mine = visit;
      mine.arriving += 1;
      const before = arrivals;
      const arrival = (async () => {
        await before;
        try {
          await open();
          return await take(mine, await source(), language, signal);
        } finally {
          mine.arriving -= 1;
          if (mine.over && mine.arriving === 0) endOf(mine);
        }
      })();
      arrivals = arrival.catch(() => undefined);
      return (await arrival).result;
    },
    get session() {
      return sessionInHand();
    },
    leave() {
      const session = sessionInHand();
      const { conversation, arriving } = visit;
      visit.over = true;
      visit = newVisit();
      if (conversation === null || arriving > 0) return null;
      endOf({ conversation });
      return conversation.entries.some((entry) => isPending(conversation, entry)) ? null : session;
    },
    wake: () => sender.wake(),
    async status() {
      await open();
      const waiting = sender.pending().length;
      const held = [...ledger.conversations.values()]
        .filter((one) => one.held !== null)
        .map(heldConversation);
      const state = sender.isAway ? 'away' : waiting > 0 ? 'sending' : 'idle';
      return { state, waiting, held, bytes: ledger.bytes };
    },
    async settled(signal) {
      await open();
      await arrivals;
      await sender.settled(signal);
    },
    async release(id) {
      await open();
      const conversation = ledger.conversations.get(id);
      if (conversation?.held == null) return;
      const { entries, generation } = conversation;
      const last = entries.findLast(({ done }) => done !== null)?.done?.placed ?? null;
      const placedAt = last === null ? -1 : entries.findIndex(({ done }) => done?.placed === last);
      // What led to an order that was placed is not sent again.
      for (const entry of entries.slice(0, placedAt + 1)) {
        if (entry.done !== null) await ledger.noteDone(entry, { ...entry.done, left: 'withdrawn' });
      }
      await ledger.noteAgain(conversation, {
        conversation: id,
        generation: generation + 1,
        last: generation + 1 + AGAIN_LIMIT,
        gapsAllowed: true,
      });
      sender.wake();
    },
    async discard(id) {
      await open();
      const conversation = ledger.conversations.get(id);
      if (conversation?.held != null) await sender.drop(conversation, 'discarded');
    },
    async close() {
      closing.abort();
      for (const entry of callers.waiting()) {
        sender.defer(entry);
        callers.reject(entry, new MalbeotError('NETWORK', { language: entry.turn.language }));
      }
      await arrivals;
      await sender.ended();
      await store.close();
    },
  };
}
