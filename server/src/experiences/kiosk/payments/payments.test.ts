import { describe, expect, it } from 'vitest';
import { AppError } from '../../../errors/app-error.ts';
import { createManualClock } from '../../../providers/fake/manual-clock.ts';
import type { Database } from '../../../storage/database.ts';
import { createMigrator } from '../../../storage/migrator.ts';
import { openDatabase } from '../../../storage/open-database.ts';
import { createPlace, describeEachDialect } from '../../../storage/testing.ts';
import { kioskMigrations } from '../migrations.ts';
import type { KioskTables } from '../store.ts';
import type { PaymentTerminal } from './terminal.ts';
import {
  createFaultyTerminal,
  createTestBank,
  openFaultyProcess,
  openPaymentProcess,
  TEST_START as START,
  type FaultyProcessOptions,
} from './testing.ts';

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

describeEachDialect('payments', kioskMigrations, (test) => {
  const open = (options?: FaultyProcessOptions) => openFaultyProcess(test.database, options);
  const rows = () =>
    test.database
      .tables<KioskTables>()
      .selectFrom('kiosk_payments')
      .selectAll()
      .orderBy('created_at')
      .execute();
  const card = (orderId: string, key: string | null = null) => ({ orderId, method: 'card', key });

  it('have tables that go forward, back and forward again, and keep the orders', async () => {
    const place = await createPlace(test.dialect);
    const database = await openDatabase(place.location, { poolSize: 2 });
    try {
      const migrator = createMigrator({ database, migrations: kioskMigrations });
      await migrator.forward();
      const { payments, placeOrder, store } = openFaultyProcess(database);
      const { orderId } = await placeOrder();
      await payments.start(card(orderId));
      await payments.quiet();
      expect(await migrator.back(1)).toEqual(['kiosk-0002-payments']);
      expect(await migrator.forward()).toEqual(['kiosk-0002-payments']);
      expect(await store.findOrder(orderId)).toMatchObject({ paidAt: null, order: { total_amount: 10_900 } });
      expect(await payments.standing(orderId)).toBeNull();
    } finally {
      await database.close();
      await place.remove();
    }
  });

  it('charges, marks the order paid and tells the staff', async () => {
    const { payments, placeOrder, store, bank, told, terminal } = open();
    const { orderId, orderNumber } = await placeOrder();
    expect(await payments.standing(orderId)).toBeNull();
    const begun = await payments.start(card(orderId));
    expect(begun).toMatchObject({
      orderId,
      status: 'pending',
      amount: 10_900,
      method: 'card',
      failure: null,
    });
    await payments.quiet();
    expect(await payments.standing(orderId)).toMatchObject({
      paymentId: begun.paymentId,
      status: 'approved',
      approvalCode: `A-${begun.paymentId.slice(-6)}`,
    });
    expect(await store.findOrder(orderId)).toMatchObject({ paidAt: START, order: { status: 'paid' } });
    expect(bank.heldFor(orderId)).toBe(10_900);
    expect(terminal.asked).toEqual([
      { paymentId: begun.paymentId, orderId, orderNumber, amount: 10_900, method: 'card' },
    ]);
    expect(told).toEqual([
      {
        type: 'order_paid',
        data: {
          order_id: orderId,
          order_number: orderNumber,
          kiosk_id: 'front',
          payment_id: begun.paymentId,
          amount: 10_900,
          method: 'card',
          terminal: 'faulty',
          simulated: false,
          at: new Date(START).toISOString(),
        },
      },
    ]);
  });

  it('charges once, whatever is asked again', async () => {
    const { payments, placeOrder, bank } = open();
    const { orderId } = await placeOrder();
    const first = await payments.start(card(orderId, 'a'));
    const again = await Promise.all([
      payments.start(card(orderId, 'a')),
      payments.start(card(orderId, 'b')),
      payments.start({ ...card(orderId), method: 'mobile_pay' }),
      payments.start({ ...card(orderId), method: 'counter' }),
    ]);
    await payments.quiet();
    const later = await Promise.all([payments.start(card(orderId, 'a')), payments.start(card(orderId))]);
    expect(new Set([...again, ...later].map(({ paymentId }) => paymentId))).toEqual(
      new Set([first.paymentId]),
    );
    expect(later.map(({ status }) => status)).toEqual(['approved', 'approved']);
    expect(bank.movements).toHaveLength(1);
  });

  it('charges once when two processes begin at the same time', async () => {
    const one = open();
    const other = openFaultyProcess(await test.open(), one);
    for (let round = 0; round < 8; round++) {
      const { orderId } = await one.placeOrder();
      const begun = await Promise.all(
        [one, other, one, other].map(({ payments }, at) => payments.start(card(orderId, `k${at}`))),
      );
      await Promise.all([one.payments.quiet(), other.payments.quiet()]);
      expect(new Set(begun.map(({ paymentId }) => paymentId)).size).toBe(1);
      expect(one.bank.heldFor(orderId)).toBe(10_900);
      expect(one.bank.chargesOf(orderId)).toHaveLength(1);
    }
    expect(one.bank.movements).toHaveLength(8);
    expect(one.told.length + other.told.length).toBe(8);
  });

  it('can not write a second live payment of an order down', async () => {
    const { payments, placeOrder } = open();
    const { orderId } = await placeOrder();
    await payments.start(card(orderId));
    await payments.quiet();
    const [row] = await rows();
    const second = { ...row!, payment_id: 'pay_other', request_key: 'other' };
    await expect(
      test.database.tables<KioskTables>().insertInto('kiosk_payments').values(second).execute(),
    ).rejects.toThrow();
  });

  it('is declined, and may be tried again with another key', async () => {
    let first = true;
    const { payments, placeOrder, bank, store } = open({
      onCharge: () => (first ? 'decline' : 'none'),
    });
    const { orderId } = await placeOrder();
    await payments.start(card(orderId, 'a'));
    await payments.quiet();
    first = false;
    expect(await payments.start(card(orderId, 'a'))).toMatchObject({
      status: 'declined',
      failure: 'declined',
    });
    expect((await store.findOrder(orderId))!.order.status).toBe('confirmed');
    await payments.start({ ...card(orderId, 'b'), method: 'mobile_pay' });
    await payments.quiet();
    expect(await payments.standing(orderId)).toMatchObject({ status: 'approved', method: 'mobile_pay' });
    expect(bank.heldFor(orderId)).toBe(10_900);
    expect((await rows()).map(({ status }) => status)).toEqual(['declined', 'approved']);
  });

  it('says when the terminal was never reached', async () => {
    const { payments, placeOrder, bank } = open({ onCharge: () => 'unavailable' });
    const { orderId } = await placeOrder();
    await payments.start(card(orderId));
    await payments.quiet();
    expect(await payments.standing(orderId)).toMatchObject({
      status: 'declined',
      failure: 'terminal_unavailable',
    });
    expect(bank.movements).toEqual([]);
  });

  it('lets a slow customer pay', async () => {
    const { payments, placeOrder, pass } = open({ onCharge: () => 'slow' });
    const { orderId } = await placeOrder();
    await payments.start(card(orderId));
    await pass(5_000);
    await payments.quiet();
    expect(await payments.standing(orderId)).toMatchObject({ status: 'approved' });
  });

  it('calls a pending payment off and takes it back', async () => {
    const { payments, placeOrder, bank, terminal, clock } = open({ onCharge: () => 'hang' });
    const { orderId } = await placeOrder();
    expect(await payments.cancel(orderId)).toBeNull();
    await payments.start(card(orderId));
    await expect.poll(() => terminal.waiting, { interval: 2 }).toBe(1);
    expect(await payments.cancel(orderId)).toMatchObject({ failure: 'cancelled' });
    await payments.quiet();
    expect(await payments.standing(orderId)).toMatchObject({ status: 'reversed', failure: 'cancelled' });
    expect(bank.heldFor(orderId)).toBe(0);
    expect(clock.sleepers).toBe(0);
  });

  it('calls off what another process began', async () => {
    const one = open({ onCharge: () => 'hang' });
    const other = openFaultyProcess(await test.open(), one);
    const { orderId } = await one.placeOrder();
    await one.payments.start(card(orderId));
    await expect.poll(() => one.terminal.waiting, { interval: 2 }).toBe(1);
    await other.payments.cancel(orderId);
    await other.payments.quiet();
    expect(await other.payments.standing(orderId)).toMatchObject({ status: 'reversed' });
    await one.payments.close();
    expect(await one.payments.standing(orderId)).toMatchObject({ status: 'reversed', failure: 'cancelled' });
    expect(one.bank.heldFor(orderId)).toBe(0);
  });

  /** A terminal that has charged and tells it only when `tell` is called, whatever is called off meanwhile. */
  function deafTerminal() {
    const [bank, clock] = [createTestBank(), createManualClock(START)];
    let tell: () => void = () => {};
    const terminal: PaymentTerminal = {
      ...createFaultyTerminal({ bank, sleep: clock.sleep }),
      charge(charge) {
        const outcome = bank.authorise(charge);
        return new Promise((resolve) => (tell = () => resolve(outcome)));
      },
    };
    return { bank, clock, terminal, tell: () => tell() };
  }

  it('never takes an approval for one that was taken back meanwhile', async () => {
    const { bank, clock, terminal, tell } = deafTerminal();
    const one = openPaymentProcess({ database: test.database, clock, terminal });
    const other = openPaymentProcess({ database: await test.open(), clock, terminal });
    const { orderId } = await one.placeOrder();
    await one.payments.start(card(orderId));
    await other.payments.cancel(orderId);
    await other.payments.quiet();
    tell();
    await one.payments.quiet();
    expect(await one.payments.standing(orderId)).toMatchObject({ status: 'reversed' });
    expect((await one.store.findOrder(orderId))!.paidAt).toBeNull();
    expect(bank.movements.map(({ amount }) => amount)).toEqual([10_900, -10_900]);
    expect([...one.told, ...other.told]).toEqual([]);
  });

  it('is paid and charged, or neither, when approval and cancelling meet', async () => {
    for (let round = 0; round < 6; round++) {
      const { bank, clock, terminal, tell } = deafTerminal();
      const { payments, placeOrder, store, told } = openPaymentProcess({
        database: test.database,
        clock,
        terminal,
      });
      const { orderId } = await placeOrder();
      await payments.start(card(orderId));
      if (round % 2 === 0) tell();
      const cancelling = payments.cancel(orderId);
      tell();
      await cancelling;
      await payments.quiet();
      const { status } = (await payments.standing(orderId))!;
      const isPaid = status === 'approved';
      if (!isPaid) expect(status).toBe('reversed');
      expect((await store.findOrder(orderId))!.paidAt !== null).toBe(isPaid);
      expect(bank.heldFor(orderId)).toBe(isPaid ? 10_900 : 0);
      expect(told).toHaveLength(isPaid ? 1 : 0);
    }
  });

  it('leaves a paid order alone when it is called off', async () => {
    const { payments, placeOrder, bank } = open();
    const { orderId } = await placeOrder();
    await payments.start(card(orderId));
    await payments.quiet();
    expect(await payments.cancel(orderId)).toMatchObject({ status: 'approved' });
    await payments.quiet();
    expect(bank.heldFor(orderId)).toBe(10_900);
  });

  it('notes that an order is paid for at the desk, and that it is not after all', async () => {
    const { payments, placeOrder, bank, store } = open();
    const { orderId } = await placeOrder();
    const counter = { orderId, method: 'counter', key: null };
    const noted = await payments.start(counter);
    expect(noted).toMatchObject({ status: 'at_counter', terminal: 'counter', method: 'counter' });
    expect((await payments.start(counter)).paymentId).toBe(noted.paymentId);
    expect((await store.findOrder(orderId))!.order.status).toBe('confirmed');
    await payments.start(card(orderId));
    await payments.quiet();
    expect(await payments.standing(orderId)).toMatchObject({ status: 'approved', method: 'card' });
    expect(bank.heldFor(orderId)).toBe(10_900);
  });

  it('charges nothing for an order of nothing', async () => {
    const { payments, placeOrder, terminal } = open();
    const { orderId } = await placeOrder(0);
    expect(await payments.start(card(orderId))).toMatchObject({ status: 'at_counter' });
    expect(terminal.asked).toEqual([]);
  });

  it('refuses orders and methods that there are not, naming those there are', async () => {
    const { payments, placeOrder, terminal } = open();
    const { orderId } = await placeOrder();
    expect(payments.methods).toEqual(['card', 'mobile_pay', 'counter']);
    expect(await codeOf(payments.start(card('ord_unknown')))).toBe('NOT_FOUND');
    const shells = payments.start({ orderId, method: 'shells', key: null });
    await expect(shells).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      options: { detail: expect.stringContaining('card, mobile_pay, counter') as unknown },
    });
    expect([terminal.asked, await rows()]).toEqual([[], []]);
  });

  it('keeps keys of different orders apart', async () => {
    const { payments, placeOrder, bank } = open();
    const [one, other] = [await placeOrder(), await placeOrder(2_000)];
    await payments.start(card(one.orderId, 'same'));
    await payments.start(card(other.orderId, 'same'));
    await payments.quiet();
    expect([bank.heldFor(one.orderId), bank.heldFor(other.orderId)]).toEqual([10_900, 2_000]);
  });

  describe('when the database fails', () => {
    it('writes what came of a charge as soon as it can', async () => {
      let fails = 2;
      const failing: Database = {
        ...test.database,
        dialect: test.database.dialect,
        tables: () => test.database.tables(),
        retried: (work) => test.database.retried(work),
        transaction: (work) =>
          charged && fails-- > 0
            ? Promise.reject(new Error('the disk is full'))
            : test.database.transaction(work),
      };
      let charged = false;
      const { payments, placeOrder, pass, bank } = openFaultyProcess(failing, {
        onCharge() {
          charged = true;
          return 'none';
        },
      });
      const { orderId } = await placeOrder();
      await payments.start(card(orderId));
      await expect.poll(() => fails, { interval: 2 }).toBe(1);
      await pass(200);
      await expect.poll(() => fails, { interval: 2 }).toBe(0);
      await pass(1_000);
      await payments.quiet();
      expect(await payments.standing(orderId)).toMatchObject({ status: 'approved' });
      expect(bank.heldFor(orderId)).toBe(10_900);
    });
  });
});
