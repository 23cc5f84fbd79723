import { MalbeotError } from '../malbeot-error.ts';
import { backOffMs, reasonOf, type Sleep } from '../waiting.ts';
import type { Callers } from './callers.ts';
import { deliver, type Outcome } from './deliver.ts';
import { beforeOf, isPending, type Conversation, type Entry, type Ledger } from './ledger.ts';
import type { DoneRecord } from './records.ts';
import { deliveryOf, heldConversation, isOver, leftOut, nothingToTell, queuedTurn } from './results.ts';
import type { HeldConversation, HoldReason, QueueLink, TurnQueueHooks } from './turn-queue.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** A server that asks for no more than this is not away: those who wait may go on waiting. */
const SHORT_WAIT_MS = 2_000;
/** Before a delivery is told again to who could not take it. */
const TELL_AGAIN_MS = 30_000;
/** How often a server that is well may fail on a turn: half an hour with the waits between. */
const STRIKES = 30;
/** Delivered turns that an open conversation keeps, to be sent again if its session ends. */
const KEPT_FOR_AGAIN = 100;
const HELD_LIMIT = 50;

export interface SenderOptions {
  readonly ledger: Ledger;
  readonly callers: Callers;
  readonly link: () => QueueLink;
  readonly now: () => number;
  readonly sleep: Sleep;
  readonly random: () => number;
  readonly onDelivered: TurnQueueHooks['onDelivered'];
  /** Never throws. */
  readonly onHeld: (held: HeldConversation) => void;
  /** No more turns may come to a conversation; what is there is still sent. */
  readonly onClosed: (conversation: Conversation) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Brings what the ledger holds to the server, one turn after the other, and tells what came of it. */
export interface Sender {
  /** True while the server can't be reached. */
  readonly isAway: boolean;
  /** The turn that is on its way. */
  readonly underWay: Entry | null;
  /** Looks whether there is something to do. */
  pump(): void;
  /** Tries now instead of at the end of the wait under way. */
  wake(): void;
  /** Lets a caller go: the turn is kept. */
  defer(entry: Entry): void;
  /** Gives a conversation up. */
  drop(conversation: Conversation, reason: string): Promise<void>;
  /** Turns that have to reach the server, those held not counted. */
  pending(): readonly Entry[];
  tellDepth(): void;
  /** Resolves when nothing is left to do. */
  settled(signal: AbortSignal | undefined): Promise<void>;
  /** Resolves when it has ended. */
  ended(): Promise<void>;
}

export function createSender(options: SenderOptions): Sender {
  const { ledger, callers, link, now, sleep, random, onDelivered, onHeld, onClosed, signal } = options;
  const strikes = new Map<Entry, number>();
  const idleWaiters: (() => void)[] = [];
  let running: Promise<void> | null = null;
  let alarm: AbortController | null = null;
  let under: Entry | null = null;
  let wanted = false;
  let away = false;
  let failures = 0;

  function defer(entry: Entry): void {
    if (!callers.has(entry) || entry.turn.fleeting) return;
    callers.resolve(entry, queuedTurn(entry));
    link().tell({ type: 'turn-queued', number: entry.turn.number, bytes: ledger.bytes });
  }

  const isRunning = () => running !== null;

  function pump(): void {
    if (signal.aborted) return;
    // Asked for at the very end of a run, it would be missed.
    wanted = running !== null;
    if (wanted) return;
    running = run().finally(() => {
      running = null;
      if (wanted) pump();
      for (const resolve of idleWaiters.splice(0)) resolve();
    });
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        const allTold = await tellDelivered();
        await tidy();
        const next = ledger.next();
        if (next !== null) await sendOne(next.conversation, next.entry);
        else if (allTold) return void (away = false);
        else await pause(TELL_AGAIN_MS);
      } catch (error) {
        if (signal.aborted) return;
        // The store fails: what is kept stays kept, and is tried again.
        link().tell({
          type: 'queue-error',
          code: error instanceof MalbeotError ? error.code : String(error),
        });
        await isAway(null);
      }
    }
  }

  async function sendOne(conversation: Conversation, entry: Entry): Promise<void> {
    const live = callers.has(entry);
    under = entry;
    let outcome: Outcome;
    try {
      outcome = await deliver(
        conversation,
        entry,
        { live, deferred: !live },
        { ledger, link: link(), now, signal },
      );
    } finally {
      under = null;
    }
    switch (outcome.type) {
      case 'done':
        return keepDone(entry, outcome.done);
      case 'away':
        if (entry.turn.fleeting) return giveBack(conversation, entry, 'uncertain', outcome.error);
        return isAway(null);
      case 'later':
        return isLater(conversation, entry, outcome);
      case 'refused':
        if (callers.has(entry)) return giveBack(conversation, entry, 'uncertain', outcome.error);
        return isAway(LONGEST_WAIT_MS);
      case 'session-gone':
        return sessionGone(conversation, entry, outcome);
      case 'held':
        return hold(conversation, outcome.reason);
    }
  }

  async function keepDone(entry: Entry, done: DoneRecord): Promise<void> {
    away = false;
    failures = 0;
    strikes.delete(entry);
    const { answer } = done;
    const { number, at } = entry.turn;
    const told = callers.has(entry) && answer !== null;
    // Sent again, it was told before.
    const known = told || entry.done?.told === true;
    await ledger.noteDone(entry, known ? { ...done, ...nothingToTell, told: true } : done);
    // Whoever gave up waiting meanwhile is told like everybody who did not wait.
    if (told && callers.has(entry)) callers.resolve(entry, answer);
    else if (told) await ledger.noteDone(entry, done);
    link().tell({ type: 'turn-delivered', number, waitedMs: now() - at });
    tellDepth();
  }

  /** Its caller gets an error or a passing answer; the turn is not sent again. */
  async function giveBack(
    conversation: Conversation,
    entry: Entry,
    left: 'withdrawn' | 'uncertain',
    result: Error | NonNullable<DoneRecord['answer']>,
  ): Promise<void> {
    await ledger.noteDone(entry, leftOut(conversation, entry, left, now()));
    if (result instanceof Error) callers.reject(entry, result);
    else callers.resolve(entry, result);
    tellDepth();
  }

  async function isAway(atLeastMs: number | null): Promise<void> {
    away = true;
    failures += 1;
    for (const entry of callers.waiting()) {
      const conversation = ledger.conversations.get(entry.turn.conversation);
      if (!entry.turn.fleeting || conversation === undefined) defer(entry);
      else await giveBack(conversation, entry, 'withdrawn', awayError(entry));
    }
    const waitMs = backOffMs(failures, FIRST_WAIT_MS, LONGEST_WAIT_MS, random);
    await pause(Math.max(atLeastMs ?? 0, waitMs));
  }

  const awayError = ({ turn: { language } }: Entry) => new MalbeotError('NETWORK', { language });

  async function isLater(
    conversation: Conversation,
    entry: Entry,
    { waitMs, answer, error, strike }: Outcome & { readonly type: 'later' },
  ): Promise<void> {
    if (callers.has(entry) && (answer !== null || entry.turn.fleeting))
      return giveBack(conversation, entry, 'uncertain', answer ?? error);
    if (strike) {
      const count = (strikes.get(entry) ?? 0) + 1;
      strikes.set(entry, count);
      if (count >= STRIKES) return hold(conversation, 'refused');
    }
    const isUp = error.status === 409 || error.status === 429;
    if (isUp && waitMs !== null && waitMs <= SHORT_WAIT_MS) await pause(waitMs);
    else await isAway(waitMs);
  }

  async function sessionGone(
    conversation: Conversation,
    entry: Entry,
    { answer, placed }: Outcome & { readonly type: 'session-gone' },
  ): Promise<void> {
    if (callers.has(entry)) {
      // The customer is here and hears that it has to begin anew; what is said next begins a new session.
      const error = new MalbeotError('TOKEN_EXPIRED', { status: 401, language: entry.turn.language });
      onClosed(conversation);
      return giveBack(conversation, entry, 'withdrawn', answer ?? error);
    }
    if (placed !== null || beforeOf(conversation, entry).placed !== null)
      return hold(conversation, 'placed-before');
    if (conversation.entries[0]!.turn.index > 0 && !conversation.gapsAllowed)
      return hold(conversation, 'incomplete');
    const { generation, lastGeneration: last, gapsAllowed } = conversation;
    if (generation >= last) return hold(conversation, 'repeatedly-over');
    await ledger.noteAgain(conversation, {
      conversation: conversation.id,
      generation: generation + 1,
      last,
      gapsAllowed,
    });
  }

  async function hold(conversation: Conversation, reason: HoldReason): Promise<void> {
    await ledger.noteHeld(conversation, { conversation: conversation.id, reason, at: now() });
    onClosed(conversation);
    const pending = conversation.entries.filter((entry) => isPending(conversation, entry));
    for (const entry of pending) {
      defer(entry);
      callers.reject(entry, new MalbeotError('QUEUE_BROKEN', { language: entry.turn.language }));
      strikes.delete(entry);
      link().tell({ type: 'turn-held', number: entry.turn.number, reason });
    }
    onHeld(heldConversation(conversation));
    const held = [...ledger.conversations.values()].filter((one) => one.held !== null);
    const oldest = held.sort((one, other) => one.held!.at - other.held!.at)[0];
    if (held.length > HELD_LIMIT && oldest !== undefined) await drop(oldest, 'too-many-held');
    tellDepth();
  }

  async function drop(conversation: Conversation, reason: string): Promise<void> {
    for (const entry of conversation.entries) {
      if (isPending(conversation, entry))
        link().tell({ type: 'turn-dropped', number: entry.turn.number, reason });
    }
    await ledger.forget(conversation);
  }

  /** Tells what was delivered, in order; false when somebody could not take it. */
  async function tellDelivered(): Promise<boolean> {
    const untold = [...ledger.conversations.values()]
      .flatMap(({ entries }) => entries)
      .filter(({ done }) => done?.told === false)
      .sort((one, other) => one.turn.number - other.turn.number);
    for (const entry of untold) {
      const done = entry.done!;
      try {
        await unlessAborted(onDelivered?.(deliveryOf(entry, done)), signal);
      } catch {
        return false;
      }
      await ledger.noteDone(entry, { ...done, ...nothingToTell, told: true });
    }
    return true;
  }

  async function tidy(): Promise<void> {
    for (const conversation of ledger.conversations.values()) {
      const { entries, held, open } = conversation;
      if (held !== null || !isOver(conversation)) continue;
      if (!open) await ledger.forget(conversation);
      else if (entries.length > KEPT_FOR_AGAIN) await ledger.dropFirst(conversation);
    }
  }

  function pendingTurns(): Entry[] {
    return [...ledger.conversations.values()]
      .filter(({ held }) => held === null)
      .flatMap((conversation) => conversation.entries.filter((entry) => isPending(conversation, entry)));
  }

  function tellDepth(): void {
    link().tell({ type: 'queue-depth', turns: pendingTurns().length, bytes: ledger.bytes });
  }

  async function pause(ms: number): Promise<void> {
    const clock = new AbortController();
    const onClose = () => clock.abort();
    signal.addEventListener('abort', onClose, { once: true });
    alarm = clock;
    try {
      if (!signal.aborted) await sleep(ms, clock.signal);
    } catch {
      // Woken.
    } finally {
      alarm = null;
      signal.removeEventListener('abort', onClose);
    }
  }

  function wake(): void {
    alarm?.abort();
    pump();
  }

  async function settled(given: AbortSignal | undefined): Promise<void> {
    // The queue's own timers let a process end; who waits here wants it to go on.
    const hold = setInterval(() => undefined, LONGEST_WAIT_MS);
    let onAbort = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(reasonOf(given!));
      given?.addEventListener('abort', onAbort, { once: true });
    });
    try {
      given?.throwIfAborted();
      while (isRunning()) {
        await Promise.race([new Promise<void>((resolve) => idleWaiters.push(resolve)), aborted]);
      }
    } finally {
      clearInterval(hold);
      given?.removeEventListener('abort', onAbort);
    }
  }

  return {
    get isAway() {
      return away;
    },
    get underWay() {
      return under;
    },
    pump,
    wake,
    defer,
    drop,
    pending: pendingTurns,
    tellDepth,
    settled,
    async ended() {
      await running;
    },
  };
}

/** @throws the signal's reason when it aborts before `work` is done. */
async function unlessAborted(work: Promise<void> | void, signal: AbortSignal): Promise<void> {
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(reasonOf(signal));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
