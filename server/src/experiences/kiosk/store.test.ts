import { describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../../providers/fake/manual-clock.ts';
import type { Database } from '../../storage/database.ts';
import { describeEachDialect } from '../../storage/testing.ts';
import { kioskMigrations } from './migrations.ts';
import { newState, type KioskState } from './state.ts';
import {
  createKioskStore,
  SessionChangedError,
  type KioskTables,
  type OrderContent,
  type OrderPlacing,
  type SavedSession,
} from './store.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** 08:59:59.999 UTC on the 21st is one millisecond before 18:00 in Seoul. */
const START = Date.UTC(2026, 10, 21, 8, 59, 59, 999);
const { signal } = new AbortController();

let made = 0;

function newSession(clock: ManualClock, kioskId: string | null = 'front'): SavedSession {
  const now = clock.now();
  return {
    sessionId: `ses_${++made}`,
    kioskId,
    state: newState('ko', 1, now),
    version: 0,
    createdAt: now,
    expiresAt: now + 10 * MINUTE_MS,
  };
}

const content: OrderContent = {
  order: {
    order_id: 'ord_x',
    items: [],
    total_amount: 10_900,
    status: 'confirmed',
    requires_confirmation: false,
    item_count: 3,
    created_at: '2026-11-21T08:59:59.999Z',
    updated_at: '2026-11-21T08:59:59.999Z',
  },
  lines: [{ line: 0, label: '불고기버거 🍔', missing: [] }],
  dine: 'in',
};

function placingOf(state: KioskState, orderId = `ord_${++made}`): OrderPlacing {
  return {
    orderId,
    content,
    withNumber: (orderNumber) => ({ ...state, order: { ...state.order, orderId, orderNumber } }),
  };
}

describeEachDialect('the kiosk store', kioskMigrations, (test) => {
  const open = (clock = createManualClock(START), database: Database = test.database) => ({
    clock,
    store: createKioskStore({ database, clock }),
  });
  const count = async (table: keyof KioskTables) => {
    const { rows } = await test.database
      .tables<KioskTables>()
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as('rows'))
      .executeTakeFirstOrThrow();
    return rows;
  };

  it('gives a session back as it was saved, to every handle', async () => {
    const { clock, store } = open();
    const session = newSession(clock);
    const state = { ...session.state, lastMessage: '불고기버거 2개를 담았어요. 🍔', dine: 'out' as const };
    const { session: saved, order } = await store.save({ ...session, state }, null);
    expect(order).toBeNull();
    expect(saved).toEqual({ ...session, state, version: 1 });
    expect(await open(clock, await test.open()).store.load(session.sessionId)).toEqual(saved);
    const later = await store.save({ ...saved, expiresAt: saved.expiresAt + 1 }, null);
    expect(await store.load(session.sessionId)).toEqual({
      ...saved,
      version: 2,
      expiresAt: saved.expiresAt + 1,
    });
    expect(later.session.version).toBe(2);
    expect(await store.load('ses_unknown')).toBeNull();
  });

  it('knows sessions of no kiosk', async () => {
    const { clock, store } = open();
    const { session } = await store.save(newSession(clock, null), null);
    expect((await store.load(session.sessionId))!.kioskId).toBeNull();
  });

  it('refuses to save over what another handle saved meanwhile', async () => {
    const { clock, store } = open();
    const other = open(clock, await test.open()).store;
    const { session } = await store.save(newSession(clock), null);
    const there = (await other.load(session.sessionId))!;
    await other.save({ ...there, state: { ...there.state, turns: 7 } }, null);
    await expect(store.save({ ...session, state: { ...session.state, turns: 1 } }, null)).rejects.toThrow(
      SessionChangedError,
    );
    expect((await store.load(session.sessionId))!.state.turns).toBe(7);
  });

  it('lets one of several who save at once win', async () => {
    const { clock, store } = open();
    const other = open(clock, await test.open()).store;
    const { session } = await store.save(newSession(clock), null);
    const attempts = [store, other, store, other, store].map((by) =>
      by.save({ ...session, state: { ...session.state, turns: 1 } }, placingOf(session.state)).then(
        () => 'saved',
        (error: unknown) => (error instanceof SessionChangedError ? 'changed' : error),
      ),
    );
    expect((await Promise.all(attempts)).sort()).toEqual([
      'changed',
      'changed',
      'changed',
      'changed',
      'saved',
    ]);
    expect(await count('kiosk_orders')).toBe(1);
    expect((await store.load(session.sessionId))!.state.order.orderNumber).toBe(1);
  });

  it('does not bring an ended session back', async () => {
    const { clock, store } = open();
    const { session } = await store.save(newSession(clock), null);
    await store.end(session.sessionId);
    await expect(store.save(session, null)).rejects.toThrow(SessionChangedError);
    expect((await store.load(session.sessionId))!.expiresAt).toBe(clock.now());
  });

  it('keeps an order with its session, and its number in both', async () => {
    const { clock, store } = open();
    const { session } = await store.save(newSession(clock), null);
    const place = placingOf(session.state);
    const kept = await store.save(session, place);
    const expected = {
      ...content,
      orderId: place.orderId,
      orderNumber: 1,
      businessDay: '2026-11-21',
      sessionId: session.sessionId,
      kioskId: 'front',
      paidAt: null,
    };
    expect(kept.order).toEqual(expected);
    expect(await store.findOrder(place.orderId)).toEqual(expected);
    expect(kept.session).toEqual(await store.load(session.sessionId));
    expect(kept.session.state.order).toMatchObject({ orderId: place.orderId, orderNumber: 1 });
    expect(await store.findOrder('ord_unknown')).toBeNull();
  });

  it('counts orders from 1 each day of the shop, which ends at midnight in Seoul', async () => {
    // 23:59:59.998 in Seoul.
    const clock = createManualClock(Date.UTC(2026, 10, 21, 14, 59, 59, 998));
    const { store } = open(clock);
    const place = async () => {
      const session = newSession(clock);
      const { order } = await store.save(session, placingOf(session.state));
      return `${order!.businessDay} ${order!.orderNumber}`;
    };
    expect(await place()).toBe('2026-11-21 1');
    expect(await place()).toBe('2026-11-21 2');
    clock.advance(1);
    expect(await place()).toBe('2026-11-21 3');
    clock.advance(1);
    expect(await place()).toBe('2026-11-22 1');
    // Midnight in UTC is nine in the morning: the same day.
    clock.advance(9 * 60 * MINUTE_MS);
    expect(await place()).toBe('2026-11-22 2');
    clock.advance(DAY_MS);
    expect(await place()).toBe('2026-11-23 1');
  });

  it('gives orders of two processes at once numbers without gap or double, and loses none', async () => {
    const { clock, store } = open();
    const other = open(clock, await test.open()).store;
    const all = await Promise.all(
      Array.from({ length: 40 }, async (_, at) => {
        const session = newSession(clock);
        return (at % 2 === 0 ? store : other).save(session, placingOf(session.state));
      }),
    );
    const numbers = all.map(({ order }) => order!.orderNumber).sort((one, next) => one - next);
    expect(numbers).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
    for (const { session, order } of all) {
      expect((await store.findOrder(order!.orderId))!.orderNumber).toBe(order!.orderNumber);
      expect((await other.load(session.sessionId))!.state.order.orderNumber).toBe(order!.orderNumber);
    }
  });

  describe('when it breaks off between the two', () => {
    it('keeps neither the order nor the session, and takes no number', async () => {
      const { clock, store } = open();
      const { session } = await store.save(newSession(clock), null);
      const breaksOff = () => {
        throw new Error('the power went');
      };
      const broken = { ...placingOf(session.state), withNumber: breaksOff };
      await expect(store.save(session, broken)).rejects.toThrow('the power went');
      expect([await count('kiosk_orders'), await count('kiosk_order_numbers')]).toEqual([0, 0]);
      expect(await store.load(session.sessionId)).toEqual(session);
      expect((await store.save(session, placingOf(session.state))).order!.orderNumber).toBe(1);
    });

    it('keeps no order of a session that changed meanwhile', async () => {
      const { clock, store } = open();
      const { session } = await store.save(newSession(clock), null);
      await store.save(session, null);
      const late = placingOf(session.state);
      await expect(store.save(session, late)).rejects.toThrow(SessionChangedError);
      expect(await store.findOrder(late.orderId)).toBeNull();
      expect(await count('kiosk_order_numbers')).toBe(0);
    });

    it('keeps no session without its order', async () => {
      const { clock, store } = open();
      const one = newSession(clock);
      const place = placingOf(one.state);
      await store.save(one, place);
      const two = newSession(clock);
      // The order's id is taken: its row can't be written.
      await expect(store.save(two, place)).rejects.toThrow();
      expect(await store.load(two.sessionId)).toBeNull();
      expect((await store.save(two, placingOf(two.state))).order!.orderNumber).toBe(2);
    });
  });

  it('sweeps sessions that ended long ago, and never an order', async () => {
    const { clock, store } = open();
    const old = newSession(clock);
    await store.save(old, placingOf(old.state));
    for (let number = 0; number < 3; number++) await store.save(newSession(clock), null);
    clock.advance(20 * MINUTE_MS);
    const young = newSession(clock);
    await store.save(young, null);
    expect(await store.sweep(old.expiresAt, signal)).toBe(0);
    expect(await store.sweep(old.expiresAt + 1, signal)).toBe(4);
    expect(await store.load(old.sessionId)).toBeNull();
    expect(await store.load(young.sessionId)).not.toBeNull();
    expect(await count('kiosk_orders')).toBe(1);
    const stopped = AbortSignal.abort();
    expect(await store.sweep(clock.now() + DAY_MS, stopped)).toBe(0);
  });
});
