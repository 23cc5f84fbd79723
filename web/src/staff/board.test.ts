import type { HubEvent } from '@malbeot/protocol';
import { describe, expect, it } from 'vitest';
import { boardReducer, emptyBoard, type Board, type BoardEvent } from './board.ts';

const at = '2026-11-21T03:00:00.000Z';
const call = (seq: number): BoardEvent => ({
  type: 'event',
  id: `e:${seq}`,
  event: { seq, epoch: 'e', type: 'staff_called', data: { kiosk_id: 'front', session_id: 'ses_1', at }, at },
});
const after = (events: readonly BoardEvent[]): Board => events.reduce(boardReducer, emptyBoard);

describe('boardReducer', () => {
  it('puts the newest on top and rings once for each', () => {
    const board = after([call(1), call(2)]);
    expect(board.cards.map(({ id }) => id)).toEqual(['e:2', 'e:1']);
    expect(board).toMatchObject({ rings: 2, urgentRings: 2, cursor: 'e:2' });
  });

  it('keeps one card for an event that comes twice', () => {
    expect(after([call(1), call(1)])).toMatchObject({ rings: 1, cards: { length: 1 } });
  });

  it('says that events were lost, and goes on from there', () => {
    const resync: HubEvent = { seq: 9, epoch: 'f', type: 'resync', data: { reason: 'gap' }, at };
    const board = after([call(1), { type: 'event', id: 'f:9', event: resync }]);
    expect(board).toMatchObject({ missed: true, cursor: 'f:9', cards: { length: 1 } });
    expect(boardReducer(board, { type: 'missed-seen' }).missed).toBe(false);
  });

  it('passes over types it does not know', () => {
    const unknown = { seq: 1, epoch: 'e', type: 'order_cooked', data: {}, at } as unknown as HubEvent;
    expect(after([{ type: 'event', id: 'e:1', event: unknown }])).toMatchObject({ cards: [], rings: 0 });
  });

  const created = (seq: number): BoardEvent => ({
    type: 'event',
    id: `e:${seq}`,
    event: {
      seq,
      epoch: 'e',
      type: 'order_created',
      data: {
        order_id: 'ord_1',
        order_number: 12,
        kiosk_id: 'front',
        total_amount: 9000,
        item_count: 2,
        at,
      },
      at,
    },
  });
  const money = {
    order_id: 'ord_1',
    order_number: 12,
    kiosk_id: 'front',
    payment_id: 'pay_1',
    amount: 9000,
    method: 'card',
    terminal: 'simulator',
    at,
  };
  const paid = (seq: number): BoardEvent => ({
    type: 'event',
    id: `e:${seq}`,
    event: { seq, epoch: 'e', type: 'order_paid', data: { ...money, simulated: true }, at },
  });
  const attention = (seq: number, attempts: number): BoardEvent => ({
    type: 'event',
    id: `e:${seq}`,
    event: { seq, epoch: 'e', type: 'payment_attention', data: { ...money, attempts }, at },
  });

  it('puts a payment on the card of its order without a ring, or on one of its own', () => {
    const board = after([created(1), paid(2)]);
    expect(board.cards).toMatchObject([{ kind: 'order', paid: { method: 'card', simulated: true } }]);
    expect(board).toMatchObject({ rings: 1, urgentRings: 0, cursor: 'e:2' });
    expect(after([paid(1)])).toMatchObject({ rings: 1, cards: [{ kind: 'paid' }] });
  });

  it('rings for a payment in trouble each time it is told, on one card that opens again', () => {
    const seen = boardReducer(after([attention(1, 5), created(2)]), { type: 'done', id: 'e:1', done: true });
    const board = boardReducer(seen, attention(3, 10));
    expect(board).toMatchObject({ rings: 3, urgentRings: 2 });
    expect(board.cards.map(({ id, kind, done }) => [id, kind, done])).toEqual([
      ['e:3', 'attention', false],
      ['e:2', 'order', false],
    ]);
  });

  it('is bounded', () => {
    expect(after(Array.from({ length: 200 }, (_, seq) => call(seq))).cards).toHaveLength(60);
  });

  it('marks one card as done and back', () => {
    const board = boardReducer(after([call(1), call(2)]), { type: 'done', id: 'e:1', done: true });
    expect(board.cards.map(({ done }) => done)).toEqual([false, true]);
  });
});
