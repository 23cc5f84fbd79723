import type { Dining, Language, OrderOptions } from '@malbeot/protocol';
import type { ScreenAction } from '../../conversation/dialogue.ts';
import { emptyOrder, type Order } from './order.ts';
import type { PaymentEffect } from './payments/paying.ts';

/** A question that waits for an answer. */
export type Question =
  /** A required choice of a line. */
  | { readonly type: 'option'; readonly lineId: number; readonly groupId: string }
  /** Which item was meant: one candidate to say yes to, or several to choose from. */
  | {
      readonly type: 'which';
      readonly reason: 'did-you-mean' | 'alternatives' | 'category' | 'offer';
      readonly nearest: readonly string[];
      readonly wanted: Wanted;
    }
  /** How many of it. */
  | { readonly type: 'how-many'; readonly itemId: string; readonly options: OrderOptions }
  /** Whether so many were meant; `lineId` is set when an amount is to be changed, not added. */
  | {
      readonly type: 'quantity';
      readonly itemId: string;
      readonly lineId: number | null;
      readonly wanted: Wanted & { readonly quantity: number };
    }
  /** The read-back: shall the order be placed. `afterChange`: read back again because of a change, and not on demand. */
  | { readonly type: 'order'; readonly afterChange?: boolean }
  /** Shall everything be cancelled. */
  | { readonly type: 'cancel-all'; readonly then: 'cancel' | 'clear' | 'start-over' }
  /** Anything else. */
  | { readonly type: 'more' };

/** What was wanted of an item whose name or amount has to be asked for. */
export interface Wanted {
  readonly quantity: number | null;
  readonly vague: boolean;
  readonly options: OrderOptions;
}

/** Everything a session of the kiosk remembers. Plain data: it is kept as JSON. */
export interface KioskState {
  readonly language: Language;
  readonly order: Order;
  readonly dine: Dining;
  /** Menu that the order was last fitted to. */
  readonly menuVersion: number;
  /** The question just asked; null when none was. */
  readonly asking: Question | null;
  /** Questions that come after it, in order. Required choices are not among them: the order itself tells those. */
  readonly waiting: readonly Question[];
  /** Items that the screen was just given to choose from, in order; absent for none. */
  readonly shown?: readonly string[];
  /** When the positions of lines last changed, in milliseconds since the epoch; absent while they never did. */
  readonly linesMovedAt?: number;
  /** Line last added or changed. */
  readonly lastLineId: number | null;
  /** The read-back of this or an earlier order that came last; its number grows with each. Null before the first. */
  readonly readBack: { readonly number: number; readonly at: number } | null;
  /** How the customer said they will pay, for when the order is placed; null when nothing was said. */
  readonly payMethod: string | null;
  /** The customer wants to finish: the read-back comes as soon as nothing is open. */
  readonly finishing: boolean;
  /** Factors on the voice's rate and loudness. */
  readonly rate: number;
  readonly volume: number;
  /** What was said last, for repeating. */
  readonly lastMessage: string;
  readonly turns: number;
  /** The last turn, when it came with a key; absent or null when it did not. */
  readonly lastTurn?: LastTurn | null;
  /** Keys of turns before it, the newest first; absent for none. */
  readonly earlierKeys?: readonly string[];
}

/** What a turn came to: the same request again gets this for an answer, and nothing is done twice. */
export interface LastTurn {
  /** Made from the request's `Idempotency-Key`. */
  readonly key: string;
  readonly turnId: string;
  readonly transcript: string | null;
  readonly message: string;
  readonly actions: readonly ScreenAction[];
  readonly unspoken: boolean;
  /** What it wanted done about a payment, which may not have come to it. */
  readonly effect: PaymentEffect | null;
  /** True when it placed the order of the session. */
  readonly placed: boolean;
}

/** Questions kept in waiting; more would not be remembered by the customer either. */
export const MOST_WAITING = 8;

/** What a `confirm` names that agrees to the read-back that stands. */
export function readBackId({ readBack }: Pick<KioskState, 'readBack'>): string {
  return `rb_${readBack?.number ?? 0}`;
}

export function newState(language: Language, menuVersion: number, now: number): KioskState {
  return {
    language,
    order: emptyOrder(now),
    dine: null,
    menuVersion,
    asking: null,
    waiting: [],
    lastLineId: null,
    readBack: null,
    payMethod: null,
    finishing: false,
    rate: 1,
    volume: 1,
    lastMessage: '',
    turns: 0,
  };
}
