import type {
  KioskAction,
  KioskOrder,
  KioskSession,
  Language,
  OrderStatus,
  ServerResponse,
} from '@malbeot/protocol';

import type { HoldReason, TurnContent } from './turn-queue.ts';

/** A turn as it was taken. Never changed; a sound follows it in the same record. Times are milliseconds since the epoch. */
export interface TurnRecord {
  readonly number: number;
  readonly conversation: string;
  /** Place in its conversation, from 0. */
  readonly index: number;
  /** Its idempotency key, unless its conversation is sent again. */
  readonly key: string;
  readonly language: Language;
  readonly at: number;
  readonly kind: TurnContent['kind'];
  readonly text: string | null;
  readonly action: KioskAction | null;
  /** True for what is never kept for later: it is sent while its caller waits, or not at all. */
  readonly fleeting: boolean;
}

/** Written before the first try: everything that a repeat must have in common with it. */
export interface SentRecord {
  /** Key of the turn that it belongs to. */
  readonly turn: string;
  readonly generation: number;
  /** Sent as `Idempotency-Key`. */
  readonly key: string;
  readonly sessionId: string | null;
  readonly sessionToken: string | null;
  /** Goes with a `confirm` that agrees to what the turn before it read back. */
  readonly readBack: string | null;
  /** Turns that the session counted before this one; null when that is not known. */
  readonly turnsBefore: number | null;
  /** When the first try was about to begin. */
  readonly firstTryAt: number;
}

/** What came of a turn. */
export interface DoneRecord {
  readonly turn: string;
  readonly generation: number;
  readonly at: number;
  /** True once whoever waited for it knows. What is only for telling is then null. */
  readonly told: boolean;
  /**
   * Not part of the conversation when it is sent again: `withdrawn` before it reached the server, `uncertain` when its caller
   * got an error and the server may or may not have taken it.
   */
  readonly left: 'withdrawn' | 'uncertain' | null;
  readonly sessionId: string | null;
  readonly sessionToken: string | null;
  /** Turns that the session has counted now; null when that is not known. */
  readonly turns: number | null;
  readonly status: OrderStatus | null;
  /** The last order that the conversation has placed. */
  readonly placed: string | null;
  readonly readBack: string | null;
  readonly answer: ServerResponse | null;
  readonly session: KioskSession | null;
  readonly order: KioskOrder | null;
}

/** A conversation that waits for a person. */
export interface HeldRecord {
  readonly conversation: string;
  readonly reason: HoldReason;
  readonly at: number;
}

/** A conversation that is sent again from its beginning. */
export interface AgainRecord {
  readonly conversation: string;
  /** 0 the first time. */
  readonly generation: number;
  /** The generation after which it is held. */
  readonly last: number;
  /** True when a person decided that what is left of it is to be sent, though turns are missing. */
  readonly gapsAllowed: boolean;
}

const DIGITS = 12;

/** Names of the records. */
export const recordNames = {
  turn: (number: number) => `turn-${String(number).padStart(DIGITS, '0')}`,
  sent: (number: number) => `sent-${String(number).padStart(DIGITS, '0')}`,
  done: (number: number) => `done-${String(number).padStart(DIGITS, '0')}`,
  held: (conversation: string) => `held-${conversation}`,
  again: (conversation: string) => `again-${conversation}`,
} as const;

export type RecordKind = keyof typeof recordNames;

/** Kind and rest of a record's name; null for a name that is none. */
export function readRecordName(name: string): { readonly kind: RecordKind; readonly rest: string } | null {
  const [, kind, rest] = /^(turn|sent|done|held|again)-([0-9a-z]+)$/.exec(name) ?? [];
  return kind === undefined || rest === undefined ? null : { kind: kind as RecordKind, rest };
}

const NEW_LINE = 10;

/** One line of JSON, then the sound. */
export function encodeTurn(record: TurnRecord, wav: Uint8Array | null): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(`${JSON.stringify(record)}\n`);
  const bytes = new Uint8Array(head.length + (wav?.length ?? 0));
  bytes.set(head);
  if (wav !== null) bytes.set(wav, head.length);
  return bytes;
}

export function decodeTurn(bytes: Uint8Array<ArrayBuffer>): {
  readonly record: TurnRecord;
  readonly wav: Uint8Array;
} {
  const end = bytes.indexOf(NEW_LINE);
  const record = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))) as TurnRecord;
  return { record, wav: bytes.subarray(end + 1) };
}

export function encodeRecord(record: SentRecord | DoneRecord | HeldRecord | AgainRecord): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(record));
}

export function decodeRecord(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}
