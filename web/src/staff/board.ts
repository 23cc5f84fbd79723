import type { EventsState } from '@malbeot/client';
import type { HubEvent, HubEvents, HubEventType } from '@malbeot/protocol';

/** More than a shop handles at once; older ones leave the board. */
const CARDS_LIMIT = 60;

/** One thing that needs a person. */
export type BoardCard =
  | {
      readonly id: string;
      readonly kind: 'call';
      readonly at: string;
      readonly done: boolean;
      readonly data: HubEvents['staff_called'];
    }
  | {
      readonly id: string;
      readonly kind: 'order';
      readonly at: string;
      readonly done: boolean;
      readonly data: HubEvents['order_created'];
      /** Its payment on the terminal; absent before that, and for one that is paid at the desk. */
      readonly paid?: HubEvents['order_paid'];
    }
  | {
      readonly id: string;
      /** A payment whose order has left the board. */
      readonly kind: 'paid';
      readonly at: string;
      readonly done: boolean;
      readonly data: HubEvents['order_paid'];
    }
  | {
      readonly id: string;
      readonly kind: 'attention';
      readonly at: string;
      readonly done: boolean;
      readonly data: HubEvents['payment_attention'];
    };

export interface Board {
  readonly connection: EventsState;
  /** Newest first. */
  readonly cards: readonly BoardCard[];
  /** Id of the last event seen; goes on from there after a reload. */
  readonly cursor: string | null;
  /** True after the server said that some events were lost. */
  readonly missed: boolean;
  /** Grows with everything that should ring. */
  readonly rings: number;
  /** How many of the rings were for what can't wait: a customer who calls, money that is not where it belongs. */
  readonly urgentRings: number;
}

export type BoardEvent =
  | { readonly type: 'connection'; readonly connection: EventsState }
  | { readonly type: 'event'; readonly event: HubEvent; readonly id: string }
  | { readonly type: 'done'; readonly id: string; readonly done: boolean }
  | { readonly type: 'missed-seen' };

export const emptyBoard: Board = {
  connection: { state: 'connecting' },
  cards: [],
  cursor: null,
  missed: false,
  rings: 0,
  urgentRings: 0,
};

/** The board after something happened. The same event twice leaves one card. */
export function boardReducer(board: Board, event: BoardEvent): Board {
  switch (event.type) {
    case 'connection':
      return { ...board, connection: event.connection };
    case 'done':
      return {
        ...board,
        cards: board.cards.map((card) => (card.id === event.id ? { ...card, done: event.done } : card)),
      };
    case 'missed-seen':
      return { ...board, missed: false };
    case 'event':
      return withEvent({ ...board, cursor: event.id }, event.event, event.id);
  }
}

function withEvent(board: Board, event: HubEvent, id: string): Board {
  if (isOf(event, 'resync')) return { ...board, missed: true };
  if (board.cards.some((card) => card.id === id)) return board;
  if (isOf(event, 'order_paid')) {
    const cards = withPaid(board.cards, event.data);
    if (cards !== null) return { ...board, cards };
  }
  const card = toCard(event, id);
  if (card === null) return board;
  const others = board.cards.filter((other) => !isSameTrouble(other, card));
  return {
    ...board,
    cards: [card, ...others].slice(0, CARDS_LIMIT),
    rings: board.rings + 1,
    urgentRings: board.urgentRings + (card.kind === 'call' || card.kind === 'attention' ? 1 : 0),
  };
}

/** The cards with the payment on its order's one; null when that has left the board. */
function withPaid(cards: readonly BoardCard[], paid: HubEvents['order_paid']): readonly BoardCard[] | null {
  const place = cards.findIndex((card) => card.kind === 'order' && card.data.order_id === paid.order_id);
  const card = cards[place];
  return card?.kind === 'order' ? cards.with(place, { ...card, paid }) : null;
}

/** Told again while it lasts: one card for each payment, the newest. */
function isSameTrouble(one: BoardCard, other: BoardCard): boolean {
  return (
    one.kind === 'attention' && other.kind === 'attention' && one.data.payment_id === other.data.payment_id
  );
}

/** Null for an event of a type that this page does not know yet. */
function toCard(event: HubEvent, id: string): BoardCard | null {
  const { at } = event;
  const done = false;
  if (isOf(event, 'staff_called')) return { id, kind: 'call', at, done, data: event.data };
  if (isOf(event, 'order_created')) return { id, kind: 'order', at, done, data: event.data };
  if (isOf(event, 'order_paid')) return { id, kind: 'paid', at, done, data: event.data };
  if (isOf(event, 'payment_attention')) return { id, kind: 'attention', at, done, data: event.data };
  return null;
}

function isOf<T extends HubEventType>(event: HubEvent, type: T): event is HubEvent<T> {
  return event.type === type;
}
