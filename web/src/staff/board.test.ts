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
    expect(board).toMatchObject({ rings: 2, cursor: 'e:2' });
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

  it('is bounded', () => {
    expect(after(Array.from({ length: 200 }, (_, seq) => call(seq))).cards).toHaveLength(60);
  });

  it('marks one card as done and back', () => {
    const board = boardReducer(after([call(1), call(2)]), { type: 'done', id: 'e:1', done: true });
    expect(board.cards.map(({ done }) => done)).toEqual([false, true]);
  });
});
