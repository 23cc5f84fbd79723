import type { Dining, Language, OrderOptions } from '@malbeot/protocol';
import { emptyOrder, type Order } from './order.ts';

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
  /** The read-back: shall the order be placed. */
  | { readonly type: 'order' }
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
  /** Line last added or changed. */
  readonly lastLineId: number | null;
  /** The customer wants to finish: the read-back comes as soon as nothing is open. */
  readonly finishing: boolean;
  /** Factors on the voice's rate and loudness. */
  readonly rate: number;
  readonly volume: number;
  /** What was said last, for repeating. */
  readonly lastMessage: string;
  readonly turns: number;
}

/** Questions kept in waiting; more would not be remembered by the customer either. */
export const MOST_WAITING = 8;

export function newState(language: Language, menuVersion: number, now: number): KioskState {
  return {
    language,
    order: emptyOrder(now),
    dine: null,
    menuVersion,
    asking: null,
    waiting: [],
    lastLineId: null,
    finishing: false,
    rate: 1,
    volume: 1,
    lastMessage: '',
    turns: 0,
  };
}
