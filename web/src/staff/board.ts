import type { EventsState } from '@malbeot/client';
import type { HubEvent, HubEvents } from '@malbeot/protocol';

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
    };

export interface Board {
  readonly connection: EventsState;
  /** Newest first. */
  readonly cards: readonly BoardCard[];
  /** Id of the last event seen; goes on from there after a reload. */
  readonly cursor: string | null;
  /** True after the server said that some events were lost. */
  readonly missed: boolean;
  /** Grows with every card that should ring. */
  readonly rings: number;
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
  if (event.type === 'resync') return { ...board, missed: true };
  if (board.cards.some((card) => card.id === id)) return board;
  const card = toCard(event, id);
  if (card === null) return board;
  return { ...board, cards: [card, ...board.cards].slice(0, CARDS_LIMIT), rings: board.rings + 1 };
}

/** Null for an event of a type that this page does not know yet. */
function toCard(event: HubEvent, id: string): BoardCard | null {
  const { at } = event;
  if (event.type === 'staff_called') {
    return { id, kind: 'call', at, done: false, data: event.data as HubEvents['staff_called'] };
  }
  if (event.type === 'order_created') {
    return { id, kind: 'order', at, done: false, data: event.data as HubEvents['order_created'] };
  }
  return null;
}
