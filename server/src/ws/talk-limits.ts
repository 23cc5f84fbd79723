/** How much the socket of realtime talk gives to whom. */
export interface TalkLimits {
  /** How long a lost connection may stay away before its conversation is let go, in milliseconds. */
  readonly resumeMs: number;
  /** Conversations at once, those included that wait for a lost connection. */
  readonly maxConversations: number;
  /** Of these, by one address. */
  readonly maxPerAddress: number;
  /** Of these, by one person. */
  readonly maxPerPerson: number;
}

export const defaultTalkLimits: TalkLimits = {
  resumeMs: 30_000,
  maxConversations: 1_000,
  maxPerAddress: 64,
  maxPerPerson: 8,
};

/** Largest message of a client, in bytes: 200 ms of sound at the highest rate are 19,200. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

/** Bytes on their way to a client at which a reply stops being made until some are gone. */
export const ROOMY_BYTES = 256 * 1024;

/** Bytes on their way to a client at which the connection is given up. */
export const MAX_WAITING_BYTES = 2 * 1024 * 1024;

/** Messages and frames kept for a client who is away, at which a reply stops being made until it is back. */
export const ROOMY_ENTRIES = 256;

/** What is kept for a connection that comes back. */
export const MAX_KEPT_ENTRIES = 512;
export const MAX_KEPT_BYTES = 1024 * 1024;

/** How often it is asked whether the other side is there; after two unanswered times it is not. */
export const HEARTBEAT_MS = 15_000;
export const MAX_MISSED_HEARTBEATS = 2;

/** How long a client that comes back may take to say where it was. */
export const RESUME_SAID_WITHIN_MS = 1_000;

/** How long the other side may take to agree to the end of a connection. */
export const CLOSE_WITHIN_MS = 2_000;

/** Bad messages within ten seconds after which a connection is closed. */
export const MAX_BAD_MESSAGES = 20;
export const BAD_MESSAGES_WITHIN_MS = 10_000;

/** Why a connection was closed, beside the codes of RFC 6455. */
export const CLOSE_CODES = {
  /** Not a fault: the client is done. */
  done: 1000,
  shuttingDown: 1001,
  policy: 1008,
  sessionEnded: 4000,
  replaced: 4001,
} as const;
