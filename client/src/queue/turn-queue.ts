import type { KioskAction, KioskOrder, KioskSession, Language, ServerResponse } from '@malbeot/protocol';

import type { Http } from '../http.ts';
import type { ClientMetric } from '../metrics.ts';

/** What a customer did in one turn. */
export type TurnContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly action: KioskAction }
  /** A WAV, as it is sent. */
  | { readonly kind: 'audio'; readonly wav: Uint8Array };

/** Makes the content when it is its turn to be kept: turns stay in the order in which they were given. */
export type ContentSource = () => TurnContent | Promise<TurnContent>;

/** In place of an answer: the turn is kept and will be sent, in order, when the server can be reached. */
export interface QueuedTurn {
  readonly queued: true;
  /** The place in which it was taken; rises with every turn. */
  readonly number: number;
  /** The customer's conversation that the turn belongs to. */
  readonly conversation: string;
  /** Its idempotency key: the same in {@link TurnDelivery}. */
  readonly key: string;
  /** What to tell the customer, in the language of the turn. */
  readonly message: string;
  /** ISO 8601. */
  readonly queued_at: string;
}

/** True for a turn that waits in the queue, false for an answer of the server. */
export function isQueued(result: ServerResponse | QueuedTurn): result is QueuedTurn {
  return 'queued' in result;
}

/** A queued turn that is with the server now. */
export interface TurnDelivery {
  readonly number: number;
  readonly conversation: string;
  readonly key: string;
  readonly kind: TurnContent['kind'];
  /** ISO 8601: when it was said, and when it was delivered. */
  readonly queued_at: string;
  readonly delivered_at: string;
  /**
   * The server's answer; `success: false` is one too. Null when the server had taken the turn in an earlier try whose answer
   * was lost: `order` and `session` then tell what came of it.
   */
  readonly answer: ServerResponse | null;
  /** The session after a turn whose answer was lost; null otherwise, and where the session is over. */
  readonly session: KioskSession | null;
  /** The order that a turn whose answer was lost has placed; null otherwise. */
  readonly order: KioskOrder | null;
}

/**
 * Why a turn waits for a person. `outcome-unknown`: it may have placed an order, and the server no longer tells; `placed-before`:
 * its session is over and had placed an order already; `refused`: the server answers, but never this turn; `incomplete`: an
 * earlier turn of the conversation is no longer there; `repeatedly-over`: its session ended again and again.
 */
export type HoldReason = 'outcome-unknown' | 'placed-before' | 'refused' | 'incomplete' | 'repeatedly-over';

/** A conversation that needs a person's decision: {@link TurnQueue.release} or {@link TurnQueue.discard}. */
export interface HeldConversation {
  readonly conversation: string;
  readonly reason: HoldReason;
  /** ISO 8601. */
  readonly held_at: string;
  /** Its turns that are not delivered, the one that could not be sent first. */
  readonly turns: readonly {
    readonly number: number;
    readonly kind: TurnContent['kind'];
    /** Of a text. */
    readonly text: string | null;
    readonly action: KioskAction | null;
    readonly queued_at: string;
  }[];
}

export interface QueueStatus {
  /** `idle`: nothing waits; `sending`: a turn is under way; `away`: the server can't be reached, tries follow. */
  readonly state: 'idle' | 'sending' | 'away';
  /** Turns that are to be delivered, those held not counted. */
  readonly waiting: number;
  readonly held: readonly HeldConversation[];
  /** All that is kept, with turns already delivered that their conversation may still need. */
  readonly bytes: number;
}

/** What the queue needs of the client that it works for. */
export interface QueueLink {
  readonly http: Http;
  /** Headers that say who asks. */
  readonly credentials: (sessionToken: string | null) => Readonly<Record<string, string>>;
  readonly kioskId: string | undefined;
  /** Takes metrics; never throws. */
  readonly tell: (metric: ClientMetric) => void;
}

/** A session of the server. */
export interface SessionInHand {
  readonly id: string;
  readonly token: string | null;
}

/**
 * Keeps turns until the server has them. Given to one `VoiceClient`, which sends all its turns through it: each is stored
 * before its first try, in order, with an idempotency key of its own.
 */
export interface TurnQueue {
  /** Called by the client that it is given to. @throws {Error} when it has one already. */
  attach(link: QueueLink): void;
  /**
   * The server's answer, or a {@link QueuedTurn} when the server can't be reached or others wait before it. Taps of `pay` and
   * `call_staff` are never kept for later: they need somebody at the counter.
   *
   * @throws {MalbeotError} `QUEUE_FULL`; `QUEUE_BROKEN` when it can't be stored; `QUEUE_IN_USE`; what the server refuses;
   * `NETWORK` for what is never kept.
   */
  submit(
    content: ContentSource,
    language: Language,
    signal?: AbortSignal,
  ): Promise<ServerResponse | QueuedTurn>;
  /** The session of the conversation in hand; null before its first answer. */
  readonly session: SessionInHand | null;
  /** Ends the conversation in hand. Gives its session when nothing of it is left to send, else null. */
  leave(): SessionInHand | null;
  /** Tries now instead of at the end of the wait under way. */
  wake(): void;
  status(): Promise<QueueStatus>;
  /** Resolves when nothing waits (what is held does not count). @throws the signal's reason when it aborts. */
  settled(signal?: AbortSignal): Promise<void>;
  /** A person found that what is held was not taken: its conversation is sent again from its beginning. */
  release(conversation: string): Promise<void>;
  /** A person gives up what is held of a conversation. */
  discard(conversation: string): Promise<void>;
  /** Stops sending; what is not delivered stays stored. */
  close(): Promise<void>;
}

export interface TurnQueueHooks {
  /**
   * Called once for every queued turn, in order, and again after a power cut that came between it and the note that it was
   * called: `key` tells. The turn is deleted only after it resolved; if it rejects, it is called again later.
   */
  readonly onDelivered?: ((delivery: TurnDelivery) => Promise<void> | void) | undefined;
  /** A conversation needs a person. */
  readonly onHeld?: ((held: HeldConversation) => void) | undefined;
}
