import { encodeAudioFrame, type ServerMessage, type ServerMessages } from '@malbeot/protocol';
import { formatWebMessage } from '@malbeot/protocol/messages';
import type { Owned } from '../accounts/authorize.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { ConversationOutput } from '../conversation/ports.ts';
import type { OpenTalk } from '../experiences/experience.ts';
import { AbortedError } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import type { Timers } from '../lib/timers.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Connection } from './connection.ts';
import { createOutbox, type Sent } from './outbox.ts';
import type { TalkCounts } from './talk-counts.ts';
import {
  CLOSE_CODES,
  MAX_KEPT_BYTES,
  MAX_KEPT_ENTRIES,
  MAX_WAITING_BYTES,
  RESUME_SAID_WITHIN_MS,
  ROOMY_BYTES,
  ROOMY_ENTRIES,
} from './talk-limits.ts';

/** Makes a conversation whose words and sound go to `output`. */
export type OpenConversation = (open: OpenTalk, output: ConversationOutput) => Conversation;

/** Why a conversation is over. */
export type TalkEnd = 'done' | 'lost' | 'session-ended' | 'shutting-down';

/** A conversation, with the connection it has at the moment, if any. */
export interface LiveTalk {
  readonly sessionId: string;
  readonly userId: string;
  readonly owner: Owned;
  readonly conversation: Conversation;
  /** The address that it was last talked from. */
  readonly address: string;
  /** Since when it has no connection, in milliseconds of the clock; null while it has one. */
  readonly lostAtMs: number | null;
  /** Takes `connection` in place of the one before it, which is told so. */
  attach(connection: Connection, address: string): void;
  /** A connection is over. It may come back for a while, unless its client said that it is done. */
  detach(connection: Connection, code: number): void;
  /** Where the client of `connection` was; null: it begins anew. Only the first call of a connection counts. */
  goOn(connection: Connection, lastSeq: number | null): void;
  /** Some of what waited for the connection has left. */
  drained(): void;
  /** Tells the client something about this one connection. */
  tell(connection: Connection, message: ServerMessage): void;
  end(why: TalkEnd): Promise<void>;
}

export interface LiveTalkOptions {
  readonly open: OpenTalk;
  readonly openConversation: OpenConversation;
  readonly ready: ServerMessages['ready'];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly counts: TalkCounts;
  readonly log: Logger;
  /** Called at once when it ends, before its conversation is closed. */
  readonly onEnd: (talk: LiveTalk, closed: Promise<void>) => void;
}

/** Begins a conversation that waits for its first connection. */
export function createLiveTalk({
  open,
  openConversation,
  ready,
  clock,
  timers,
  counts,
  log,
  onEnd,
}: LiveTalkOptions): LiveTalk {
  const outbox = createOutbox({
    // Later conversations of a session begin with higher numbers, so that none takes over where another was.
    firstSeq: clock.now(),
    maxEntries: MAX_KEPT_ENTRIES,
    maxBytes: MAX_KEPT_BYTES,
  });
  let connection: Connection | null = null;
  let address = '';
  let lostAtMs: number | null = clock.monotonicMs();
  /** True from when a connection comes back until it is known where it was. */
  let isHeld = false;
  let isFirst = true;
  /** What was kept for a client who is not there to take it. */
  let unsent = { bytes: 0, entries: 0 };
  let callOffWait: () => void = () => {};
  let ended: Promise<void> | undefined;
  const waiters = new Set<() => void>();

  const isLive = () => connection !== null && !isHeld;
  const hasRoom = () =>
    isLive()
      ? connection!.waitingBytes <= ROOMY_BYTES
      : unsent.bytes <= ROOMY_BYTES && unsent.entries <= ROOMY_ENTRIES;
  const wakeWaiters = () => {
    if (waiters.size === 0 || (ended === undefined && !hasRoom())) return;
    for (const wake of waiters) wake();
  };

  const put = (sent: Sent) => {
    if (isLive()) transmit(connection!, sent.data);
    else unsent = { bytes: unsent.bytes + sent.bytes, entries: unsent.entries + 1 };
  };

  const transmit = (to: Connection, data: string | Uint8Array) => {
    to.send(data);
    if (to.waitingBytes <= MAX_WAITING_BYTES) return;
    counts.tooSlow++;
    to.terminate();
  };

  const output: ConversationOutput = {
    send(message) {
      if (ended === undefined) put(outbox.message(message));
    },
    audio(audioId, sequence, samples) {
      if (ended !== undefined) return;
      // The wire is little-endian, as is every machine that Node runs on but one.
      const payload = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
      put(outbox.frame(encodeAudioFrame({ audioId, sequence, payload })));
    },
    room(signal) {
      if (signal.aborted) return Promise.reject(new AbortedError(signal.reason));
      if (ended !== undefined || hasRoom()) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const settle = (end: () => void) => {
          waiters.delete(wake);
          signal.removeEventListener('abort', onAbort);
          end();
        };
        const wake = () => settle(resolve);
        const onAbort = () => settle(() => reject(new AbortedError(signal.reason)));
        waiters.add(wake);
        signal.addEventListener('abort', onAbort, { once: true });
      });
    },
  };
  const conversation = openConversation(open, output);
  const leave = open.onLive?.((turnId, { type, data }) =>
    output.send({ type: 'action', data: { turn_id: turnId, type, data } }),
  );

  const talk: LiveTalk = {
    sessionId: open.sessionId,
    userId: open.userId,
    owner: open.owner,
    conversation,
    get address() {
      return address;
    },
    get lostAtMs() {
      return lostAtMs;
    },
    attach(next, from) {
      // It ended while this connection was on its way in: the next one begins anew.
      if (ended !== undefined) return next.close(CLOSE_CODES.shuttingDown, 'ended');
      const before = connection;
      callOffWait();
      connection = next;
      address = from;
      lostAtMs = null;
      if (before !== null) {
        talk.tell(before, fatal('REPLACED'));
        before.close(CLOSE_CODES.replaced, 'replaced');
      }
      isHeld = !isFirst;
      isFirst = false;
      if (isHeld) callOffWait = timers.after(RESUME_SAID_WITHIN_MS, () => talk.goOn(next, null));
      else talk.tell(next, { type: 'ready', data: ready });
    },
    detach(gone, code) {
      if (gone !== connection) return;
      callOffWait();
      connection = null;
      isHeld = false;
      if (code === CLOSE_CODES.done) return void talk.end('done');
      lostAtMs = clock.monotonicMs();
      counts.lost++;
      callOffWait = timers.after(ready.resume_ms, () => void talk.end('lost'));
      wakeWaiters();
    },
    goOn(at, lastSeq) {
      if (at !== connection || ended !== undefined) return;
      if (!isHeld) {
        if (lastSeq !== null) resync(at);
        return;
      }
      callOffWait();
      isHeld = false;
      unsent = { bytes: 0, entries: 0 };
      const missed = lastSeq === null ? null : outbox.since(lastSeq);
      if (lastSeq === null) talk.tell(at, { type: 'ready', data: ready });
      else if (missed === null) resync(at);
      else resume(at, lastSeq, missed);
      wakeWaiters();
    },
    drained: wakeWaiters,
    tell(to, message) {
      transmit(to, outbox.passing(message));
    },
    end(why) {
      ended ??= endNow(why);
      return ended;
    },
  };

  /** Why the connection ends, for the person and in the language they talk in. */
  function fatal(code: 'REPLACED' | 'SESSION_ENDED' | 'SHUTTING_DOWN'): ServerMessage {
    const language = (open.talk.language?.() ?? open.language).startsWith('en') ? 'en' : 'ko';
    const message = formatWebMessage(language, `web.talk.error.${code}`);
    return { type: 'error', data: { code, message, fatal: true } };
  }

  function resume(at: Connection, lastSeq: number, missed: readonly Sent[]): void {
    counts.resumes++;
    // With the number that the client has: what follows it was numbered before.
    const data: ServerMessages['resumed'] = { from_seq: lastSeq + 1 };
    transmit(at, JSON.stringify({ type: 'resumed', seq: lastSeq, data }));
    for (const { data } of missed) transmit(at, data);
  }

  function resync(at: Connection): void {
    counts.resyncs++;
    outbox.clear();
    const own = conversation.history();
    talk.tell(at, { type: 'resync', data: { history: open.said?.(own) ?? own } });
  }

  async function endNow(why: TalkEnd): Promise<void> {
    callOffWait();
    const last = connection;
    connection = null;
    if (last !== null && why === 'session-ended') {
      talk.tell(last, fatal('SESSION_ENDED'));
      last.close(CLOSE_CODES.sessionEnded, 'session ended');
    } else if (last !== null) {
      talk.tell(last, fatal('SHUTTING_DOWN'));
      last.close(CLOSE_CODES.shuttingDown, 'shutting down');
    }
    const kept = conversation
      .close()
      .catch((error: unknown) => log.warn({ err: error }, 'a conversation did not close as it should'));
    const closing = Promise.all([kept, last?.closed]).then(() => leave?.());
    onEnd(talk, closing);
    // After this turn, `ended` is set: those who wait for room are let go.
    await Promise.resolve();
    wakeWaiters();
    await closing;
  }

  // Its first connection may be gone before it is there.
  callOffWait = timers.after(ready.resume_ms, () => void talk.end('lost'));
  return talk;
}
