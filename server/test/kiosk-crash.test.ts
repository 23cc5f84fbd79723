import Database from 'better-sqlite3';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMalbeotProcess, type MalbeotProcess } from './malbeot-process.ts';

/** Times that a server is killed; `npm run soak` asks for more. */
const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 4);
const LIMIT_MS = 60_000 + ROUNDS * 20_000;
const TOTAL_WON = 10_900;
/** The simulator decides after a second and a half: before, about then, and after. */
const AT_WORK_MS = [0, 300, 1_480, 1_600];

interface OrderRow {
  readonly order_id: string;
  readonly order_number: number;
  readonly total_amount: number;
  readonly paid_at: number | null;
}

interface PaymentRow {
  readonly payment_id: string;
  readonly status: string;
  readonly failure: string | null;
  readonly amount: number;
}

/** Looks into the tables past the server, which may be dead. */
function rows<Row>({ data }: MalbeotProcess, query: string, id: string): Row[] {
  const database = new Database(join(data, 'malbeot.db'), { readonly: true });
  try {
    return database.prepare<[string], Row>(query).all(id);
  } finally {
    database.close();
  }
}

const ordersOf = (malbeot: MalbeotProcess, sessionId: string) =>
  rows<OrderRow>(malbeot, 'select * from kiosk_orders where session_id = ?', sessionId);
const paymentsOf = (malbeot: MalbeotProcess, orderId: string) =>
  rows<PaymentRow>(malbeot, 'select * from kiosk_payments where order_id = ? order by created_at', orderId);

/** Changes a table of a server that is dead, as time would. */
function change({ data }: MalbeotProcess, statement: string): void {
  const database = new Database(join(data, 'malbeot.db'));
  try {
    database.exec(statement);
  } finally {
    database.close();
  }
}

/** The keys of requests that died are let go after a minute. */
const letKeysGo = (malbeot: MalbeotProcess) =>
  change(malbeot, 'update idempotency_keys set expires_at = 0 where status is null');
/** A payment of a process that died is taken over after two and a half minutes. */
const letPaymentsGo = (malbeot: MalbeotProcess) =>
  change(malbeot, "update kiosk_payments set lease_until = 0 where status in ('pending', 'reversing')");
/** As if the server had died before it could keep its answers for a repeat. */
const forgetAnswers = (malbeot: MalbeotProcess) => change(malbeot, 'delete from idempotency_keys');

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until the order is in its table, without a pause: the answer is on its way by then. */
async function untilPlaced(malbeot: MalbeotProcess, sessionId: string): Promise<void> {
  const endsAt = Date.now() + 5_000;
  while (ordersOf(malbeot, sessionId).length === 0 && Date.now() < endsAt) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A session whose order waits for a yes. */
async function readBack(malbeot: MalbeotProcess): Promise<string> {
  const { session_id } = (await malbeot.turn({ text: '불고기버거 두 개랑 콜라 하나 주세요' })).body;
  const { body } = await malbeot.turn({ text: '그게 다예요', session_id });
  expect(body.order_data).toMatchObject({ status: 'confirming', total_amount: TOTAL_WON });
  return session_id;
}

describe('killed between the confirmation and its answer', () => {
  let malbeot: MalbeotProcess;
  beforeAll(async () => void (malbeot = await startMalbeotProcess({ RATE_LIMIT: 'off' })));
  afterAll(() => malbeot.close());

  it(
    `the order is there once, and the retry hears its number (${ROUNDS} times)`,
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const session_id = await readBack(malbeot);
        const headers = { 'idempotency-key': `crash-${round}` };
        const confirm = malbeot.turn({ text: '네', session_id }, headers).catch(() => null);
        // Every other time as soon as the order is kept; else a moment after it was asked for.
        if (round % 2 === 0) await untilPlaced(malbeot, session_id);
        else await wait((round * 1.7) % 9);
        await malbeot.end('SIGKILL');
        const answered = await confirm;
        const kept = ordersOf(malbeot, session_id);
        expect(kept.length).toBeLessThanOrEqual(1);
        if (answered !== null || round % 2 === 0) expect(kept).toHaveLength(1);

        await malbeot.start();
        letKeysGo(malbeot);
        const retry = await malbeot.turn({ text: '네', session_id }, headers);
        expect(retry.status).toBe(200);
        expect(retry.body.order_data).toMatchObject({ status: 'confirmed', total_amount: TOTAL_WON });
        const [order, ...others] = ordersOf(malbeot, session_id);
        expect(others).toEqual([]);
        expect(order).toMatchObject({
          order_id: retry.body.order_data!.order_id,
          total_amount: TOTAL_WON,
        });
        if (kept.length === 1) expect(order).toEqual(kept[0]);
        expect(retry.body.message).toContain(String(order!.order_number));
      }
    },
    LIMIT_MS,
  );

  it('a turn whose answer was lost is not done twice', async () => {
    const { session_id } = (await malbeot.turn({ text: '사이다 하나 주세요' })).body;
    const headers = { 'idempotency-key': 'lost-answer' };
    const first = await malbeot.turn({ text: '콜라 두 개 주세요', session_id }, headers);
    await malbeot.end('SIGKILL');
    forgetAnswers(malbeot);
    await malbeot.start();
    const again = await malbeot.turn({ text: '콜라 두 개 주세요', session_id }, headers);
    expect(again.body.order_data).toEqual(first.body.order_data);
    expect(again.body.message).toBe(first.body.message);
    expect(again.body.order_data!.items.map(({ item_id, quantity }) => `${quantity} ${item_id}`)).toEqual([
      '1 cider',
      '2 cola',
    ]);
  });
});

describe('killed while the terminal is at work', () => {
  let malbeot: MalbeotProcess;
  beforeAll(
    async () =>
      void (malbeot = await startMalbeotProcess({ RATE_LIMIT: 'off', KIOSK_TERMINAL: 'simulator' })),
  );
  afterAll(() => malbeot.close());

  /** The payments of an order once none of them is under way. */
  const settled = async (orderId: string): Promise<PaymentRow[]> => {
    const isOpen = ({ status }: PaymentRow) => status === 'pending' || status === 'reversing';
    await expect.poll(() => paymentsOf(malbeot, orderId).filter(isOpen), { timeout: 10_000 }).toEqual([]);
    return paymentsOf(malbeot, orderId);
  };

  it(
    `the order is paid once, or its charge is taken back (${ROUNDS} times)`,
    async () => {
      const ends = new Set<string>();
      for (let round = 0; round < ROUNDS; round++) {
        const session_id = await readBack(malbeot);
        const headers = { 'idempotency-key': `pay-${round}` };
        const pay = { text: '네 카드로 결제할게요', session_id };
        const paying = malbeot.turn(pay, headers).catch(() => null);
        await untilPlaced(malbeot, session_id);
        await wait(AT_WORK_MS[round % AT_WORK_MS.length]!);
        await malbeot.end('SIGKILL');
        await paying;
        const [order] = ordersOf(malbeot, session_id);
        const orderId = order!.order_id;
        expect(paymentsOf(malbeot, orderId).length).toBeLessThanOrEqual(1);

        letPaymentsGo(malbeot);
        letKeysGo(malbeot);
        await malbeot.start();
        expect((await malbeot.turn(pay, headers)).status).toBe(200);
        const [first, ...more] = await settled(orderId);
        expect(more).toEqual([]);
        expect(first).toMatchObject({ amount: TOTAL_WON });
        ends.add(first!.status);
        expect(['approved', 'reversed']).toContain(first!.status);
        expect(ordersOf(malbeot, session_id)[0]!.paid_at !== null).toBe(first!.status === 'approved');

        // Whoever is asked to pay again pays once; whoever has paid does not.
        await malbeot.turn({ action: { type: 'pay', method: 'card' }, session_id });
        const payments = await settled(orderId);
        expect(payments.filter(({ status }) => status === 'approved')).toHaveLength(1);
        expect(payments).toHaveLength(first!.status === 'approved' ? 1 : 2);
        expect(ordersOf(malbeot, session_id)).toMatchObject([{ order_id: orderId, total_amount: TOTAL_WON }]);
      }
      if (ROUNDS >= AT_WORK_MS.length) expect(ends).toEqual(new Set(['approved', 'reversed']));
    },
    LIMIT_MS,
  );
});
