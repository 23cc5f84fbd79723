import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { SessionChangedError } from '../src/experiences/kiosk/store.ts';
import { isAbort } from '../src/lib/abort.ts';
import { openPlace, type Place } from './money/place.ts';
import { play } from './money/play.ts';
import type { Broken } from './money/process.ts';
import { writeScript } from './money/script.ts';

/** What is broken, and how the books tell. */
interface Fault {
  readonly broken: Broken;
  readonly seen: RegExp;
  /** Dialogues within which it has to be seen; a hundred when absent. */
  readonly within?: number;
}

const faults: Readonly<Record<string, Fault>> = {
  'a yes places what was not read back': {
    broken: {
      before(state) {
        if (state.order.status !== 'draft' || state.order.lines.length === 0) return state;
        const readBack = { number: 1, at: 0 };
        return {
          ...state,
          readBack,
          asking: { type: 'order' },
          order: { ...state.order, status: 'confirming' },
        };
      },
    },
    seen: /had not been read back/,
  },
  'what changed after its read-back is placed': {
    broken: {
      after(done, before) {
        const { state } = done;
        const isChanged = before.order.status === 'confirming' && state.order.status === 'draft';
        if (!isChanged || state.order.lines.length === 0) return done;
        const order = { ...state.order, status: 'confirming' } as const;
        return { ...done, state: { ...state, order, asking: { type: 'order' } } };
      },
    },
    seen: /had not been read back/,
  },
  'a double tap agrees': {
    broken: {
      before: (state) =>
        state.readBack === null
          ? state
          : { ...state, readBack: { ...state.readBack, at: state.readBack.at - 2_000 } },
    },
    seen: /without a yes|had not been read back/,
    within: 500,
  },
  'a placed order is charged without being asked': {
    broken: {
      after(done) {
        const { orderId, status } = done.state.order;
        if (orderId === null || status !== 'confirmed' || done.effect !== null) return done;
        return { ...done, effect: { type: 'charge', orderId, method: 'card' } };
      },
    },
    seen: /had not asked for/,
  },
  'an order is kept with another total than the one told': {
    broken: {
      store: (store) => ({
        ...store,
        save(session, place) {
          if (place === null) return store.save(session, null);
          const { order } = place.content;
          const dearer = { ...order, total_amount: order.total_amount + 100 };
          return store.save(session, { ...place, content: { ...place.content, order: dearer } });
        },
      }),
    },
    seen: /read back was/,
  },
  'a turn that comes again is done again': {
    broken: {
      store: (store) => ({
        ...store,
        async load(sessionId) {
          const saved = await store.load(sessionId);
          return saved && { ...saved, state: { ...saved.state, lastTurn: null, earlierKeys: [] } };
        },
      }),
    },
    seen: /were done as|changed the order/,
  },
  'a cart is written down a moment after its answer': {
    broken: {
      store: (store) => ({
        ...store,
        save(session, place) {
          if (place !== null) return store.save(session, place);
          void aMoment()
            .then(() => store.save(session, null))
            .catch(() => {});
          return Promise.resolve({ session: { ...session, version: session.version + 1 }, order: null });
        },
      }),
    },
    seen: /kept is|is gone|was not found|vanished|read back was|not that of the menu/,
    within: 500,
  },
  'processes write over the carts of others': {
    broken: {
      store: (store) => ({
        ...store,
        async save(session, place) {
          try {
            return await store.save(session, place);
          } catch (error) {
            if (!(error instanceof SessionChangedError)) throw error;
            const { version } = (await store.load(session.sessionId))!;
            return store.save({ ...session, version }, place);
          }
        },
      }),
    },
    seen: /placed by|vanished|kept is|changed the order|had not been read back/,
    within: 500,
  },
  'a lost answer is asked for again under another id': {
    broken: {
      terminal: (terminal) => ({
        ...terminal,
        async charge(charge, signal) {
          try {
            return await terminal.charge(charge, signal);
          } catch (error) {
            if (isAbort(error)) throw error;
            return terminal.charge({ ...charge, paymentId: `${charge.paymentId}x` }, signal);
          }
        },
      }),
    },
    seen: /had not asked for|charged twice/,
  },
  'a lost answer is taken for a refusal': {
    broken: {
      terminal: (terminal) => ({
        ...terminal,
        charge: (charge, signal) =>
          terminal.charge(charge, signal).catch(() => ({ type: 'declined', reason: 'declined' })),
      }),
    },
    seen: /not paid, and|charged twice/,
  },
  'nothing is taken back': {
    broken: { terminal: (terminal) => ({ ...terminal, reverse: () => Promise.resolve() }) },
    seen: /not paid, and|charged twice/,
  },
  'a payment that is called off goes on': {
    broken: { payments: (payments) => ({ ...payments, cancel: payments.standing }) },
    seen: /called off that was made/,
    within: 500,
  },
};

/** Longer than an answer takes to get out, shorter than anybody waits for. */
async function aMoment(): Promise<void> {
  for (let left = 500; left > 0; left--) await Promise.resolve();
}

let place: Place;
afterEach(() => place.close());

/** The first violation in `most` dialogues. */
async function firstViolation(broken: Broken, most: number): Promise<string> {
  for (let seed = 1; seed <= most; seed++) {
    const { violation } = await play(place, writeScript(seed), broken);
    if (violation !== null) return violation;
  }
  return 'no violation';
}

describe('the books of the money test notice when', () => {
  it.each(Object.entries(faults))(
    '%s',
    async (_, { broken, seen, within = 100 }) => {
      place = await openPlace();
      expect(await firstViolation(broken, within)).toMatch(seen);
    },
    120_000,
  );

  it('two payments of an order can be under way', async () => {
    place = await openPlace();
    await sql`drop index kiosk_payments_live_order_id`.execute(place.database.tables());
    expect(await firstViolation({}, 1_000)).toMatch(/under way|charged twice/);
  });
});
