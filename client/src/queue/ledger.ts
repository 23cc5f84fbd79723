import type { QueueStore } from './queue-store.ts';
import {
  decodeRecord,
  decodeTurn,
  encodeRecord,
  encodeTurn,
  readRecordName,
  recordNames,
  type AgainRecord,
  type DoneRecord,
  type HeldRecord,
  type RecordKind,
  type SentRecord,
  type TurnRecord,
} from './records.ts';

/** A turn with all that is known of it. */
export interface Entry {
  readonly turn: TurnRecord;
  sent: SentRecord | null;
  done: DoneRecord | null;
}

/** Turns of one customer, in order. */
export interface Conversation {
  readonly id: string;
  readonly entries: Entry[];
  /** Rises each time the conversation is sent again from its beginning. */
  generation: number;
  /** The generation after which it is held. */
  lastGeneration: number;
  /** Turns that are missing don't matter: a person decided so. */
  gapsAllowed: boolean;
  held: HeldRecord | null;
  /** More turns may come. */
  open: boolean;
}

/** What a turn goes on from. */
export type Before = Pick<
  DoneRecord,
  'sessionId' | 'sessionToken' | 'turns' | 'status' | 'placed' | 'readBack'
>;

const nothingBefore: Before = {
  sessionId: null,
  sessionToken: null,
  turns: 0,
  status: null,
  placed: null,
  readBack: null,
};

/** How often a conversation is sent again by itself. */
export const AGAIN_LIMIT = 3;

/** True for a turn that still has to reach the server. */
export function isPending(conversation: Conversation, { done }: Entry): boolean {
  return done === null || (done.left === null && done.generation < conversation.generation);
}

/** What the turn before `entry` left. */
export function beforeOf(conversation: Conversation, entry: Entry): Before {
  const before = conversation.entries.findLast(
    ({ turn, done }) =>
      turn.number < entry.turn.number &&
      done !== null &&
      done.left !== 'withdrawn' &&
      done.generation === conversation.generation,
  );
  return before?.done ?? nothingBefore;
}

/** True when turns before `entry` are no longer there. */
export function hasGapBefore(conversation: Conversation, entry: Entry): boolean {
  if (conversation.gapsAllowed) return false;
  const at = conversation.entries.indexOf(entry);
  return entry.turn.index !== (conversation.entries[at - 1]?.turn.index ?? -1) + 1;
}

/** All that the queue knows, in memory, and on the store before it is known in memory. */
export interface Ledger {
  readonly conversations: ReadonlyMap<string, Conversation>;
  /** Of all records. */
  readonly bytes: number;
  /** All turns, whatever became of them. */
  readonly turns: number;
  readonly nextNumber: number;
  /** The first turn that has to reach the server, of what is not held. */
  next(): { readonly conversation: Conversation; readonly entry: Entry } | null;
  /** Reads everything. Gives the numbers of turns that were damaged. */
  load(): Promise<readonly number[]>;
  begin(id: string): Conversation;
  append(conversation: Conversation, turn: TurnRecord, wav: Uint8Array | null): Promise<Entry>;
  /** The sound of a turn; null when it is damaged. */
  wavOf(entry: Entry): Promise<Uint8Array | null>;
  noteSent(entry: Entry, sent: SentRecord): Promise<void>;
  noteDone(entry: Entry, done: DoneRecord): Promise<void>;
  noteHeld(conversation: Conversation, held: HeldRecord): Promise<void>;
  noteAgain(conversation: Conversation, again: AgainRecord): Promise<void>;
  /** Deletes a conversation's first turn. */
  dropFirst(conversation: Conversation): Promise<void>;
  /** Deletes a conversation. */
  forget(conversation: Conversation): Promise<void>;
}

export function createLedger(store: QueueStore): Ledger {
  const conversations = new Map<string, Conversation>();
  const sizes = new Map<string, number>();
  let nextNumber = 1;

  async function write(name: string, bytes: Uint8Array): Promise<void> {
    await store.write(name, bytes);
    sizes.set(name, bytes.length);
  }

  async function remove(name: string): Promise<void> {
    if (!sizes.has(name)) return;
    await store.remove(name);
    sizes.delete(name);
  }

  function begin(id: string): Conversation {
    const conversation: Conversation = {
      id,
      entries: [],
      generation: 0,
      lastGeneration: AGAIN_LIMIT,
      gapsAllowed: false,
      held: null,
      open: true,
    };
    conversations.set(id, conversation);
    return conversation;
  }

  async function load(): Promise<readonly number[]> {
    const damaged: number[] = [];
    const lostSent = new Set<number>();
    const notes = new Map<string, unknown>();
    const turns: TurnRecord[] = [];
    for (const name of await store.open()) {
      const named = readRecordName(name);
      if (named === null) continue;
      const bytes = await store.read(name);
      const record = bytes === null ? null : decodeNamed(named.kind, bytes);
      if (bytes === null || record === null) {
        if (named.kind === 'turn') damaged.push(Number(named.rest));
        if (named.kind === 'sent') lostSent.add(Number(named.rest));
        continue;
      }
      sizes.set(name, bytes.length);
      if (named.kind === 'turn') turns.push(record as TurnRecord);
      else notes.set(name, record);
    }
    for (const turn of turns.sort((one, other) => one.number - other.number)) {
      const { number, conversation: id, key } = turn;
      const conversation = conversations.get(id) ?? begin(id);
      conversation.open = false;
      const sent = notes.get(recordNames.sent(number)) as SentRecord | undefined;
      const done = notes.get(recordNames.done(number)) as DoneRecord | undefined;
      conversation.entries.push({
        turn,
        sent: sent?.turn === key ? sent : null,
        done: done?.turn === key ? done : null,
      });
      nextNumber = number + 1;
      // Nobody knows any more what was sent and when: it must not be sent again blindly.
      if (lostSent.has(number) && isPending(conversation, conversation.entries.at(-1)!))
        conversation.held = { conversation: id, reason: 'outcome-unknown', at: turn.at };
    }
    for (const conversation of conversations.values()) {
      const again = notes.get(recordNames.again(conversation.id)) as AgainRecord | undefined;
      if (again !== undefined) {
        conversation.generation = again.generation;
        conversation.lastGeneration = again.last;
        conversation.gapsAllowed = again.gapsAllowed;
      }
      conversation.held ??= (notes.get(recordNames.held(conversation.id)) as HeldRecord | undefined) ?? null;
    }
    await sweep();
    return damaged;
  }

  /** Notes whose turn was deleted before a power cut came. */
  async function sweep(): Promise<void> {
    for (const name of sizes.keys()) {
      const { kind, rest } = readRecordName(name)!;
      const known =
        kind === 'turn' ||
        (kind === 'held' || kind === 'again'
          ? conversations.has(rest)
          : sizes.has(recordNames.turn(Number(rest))));
      if (!known) await remove(name);
    }
  }

  /** The turn before its notes: a note without a turn says nothing, a turn without notes would be sent. */
  async function removeEntry({ turn: { number } }: Entry): Promise<void> {
    await remove(recordNames.turn(number));
    await remove(recordNames.sent(number));
    await remove(recordNames.done(number));
  }

  return {
    conversations,
    get bytes() {
      return [...sizes.values()].reduce((sum, size) => sum + size, 0);
    },
    get turns() {
      return [...conversations.values()].reduce((sum, { entries }) => sum + entries.length, 0);
    },
    get nextNumber() {
      return nextNumber;
    },
    next() {
      let first: { readonly conversation: Conversation; readonly entry: Entry } | null = null;
      for (const conversation of conversations.values()) {
        if (conversation.held !== null) continue;
        const entry = conversation.entries.find((one) => isPending(conversation, one));
        if (entry === undefined) continue;
        if (first === null || entry.turn.number < first.entry.turn.number) first = { conversation, entry };
      }
      return first;
    },
    load,
    begin,
    async append(conversation, turn, wav) {
      await write(recordNames.turn(turn.number), encodeTurn(turn, wav));
      nextNumber = turn.number + 1;
      const entry: Entry = { turn, sent: null, done: null };
      conversation.entries.push(entry);
      return entry;
    },
    async wavOf({ turn: { number } }) {
      const bytes = await store.read(recordNames.turn(number));
      return bytes === null ? null : decodeTurn(bytes).wav;
    },
    async noteSent(entry, sent) {
      await write(recordNames.sent(entry.turn.number), encodeRecord(sent));
      entry.sent = sent;
    },
    async noteDone(entry, done) {
      await write(recordNames.done(entry.turn.number), encodeRecord(done));
      entry.done = done;
    },
    async noteHeld(conversation, held) {
      await write(recordNames.held(conversation.id), encodeRecord(held));
      conversation.held = held;
    },
    async noteAgain(conversation, again) {
      await write(recordNames.again(conversation.id), encodeRecord(again));
      await remove(recordNames.held(conversation.id));
      conversation.generation = again.generation;
      conversation.lastGeneration = again.last;
      conversation.gapsAllowed = again.gapsAllowed;
      conversation.held = null;
    },
    async dropFirst(conversation) {
      const [entry] = conversation.entries;
      if (entry === undefined) return;
      await removeEntry(entry);
      conversation.entries.shift();
    },
    async forget(conversation) {
      while (conversation.entries.length > 0) {
        const entry = conversation.entries[0]!;
        await removeEntry(entry);
        conversation.entries.shift();
      }
      await remove(recordNames.again(conversation.id));
      await remove(recordNames.held(conversation.id));
      conversations.delete(conversation.id);
    },
  };
}

/** Null for what can't be read. */
function decodeNamed(kind: RecordKind, bytes: Uint8Array<ArrayBuffer>): unknown {
  try {
    return kind === 'turn' ? decodeTurn(bytes).record : decodeRecord(bytes);
  } catch {
    return null;
  }
}
