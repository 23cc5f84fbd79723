import { expect, it } from 'vitest';
import { createManualClock } from '../../../providers/fake/manual-clock.ts';
import { describeEachDialect } from '../../../storage/testing.ts';
import { kioskMigrations } from '../migrations.ts';
import type { Payments } from './payments.ts';
import {
  openFaultyProcess,
  openPaymentProcess,
  TEST_START as START,
  type FaultyProcessOptions,
} from './testing.ts';

const { signal } = new AbortController();
const card = (orderId: string) => ({ orderId, method: 'card', key: null });

describeEachDialect('charges that are not certain', kioskMigrations, (test) => {
  const open = (options?: FaultyProcessOptions) => openFaultyProcess(test.database, options);
  /** Waits until the next try to take back is set for `at`. */
  const due = (payments: Payments, orderId: string, at: number) =>
    expect.poll(async () => (await payments.standing(orderId))!.leaseUntil, { interval: 2 }).toBe(at);

  it.each(['lost', 'never-sent'] as const)(
    'takes back a charge whose answer is %s, and charges anew',
    async (fault) => {
      let broken = true;
      const { payments, placeOrder, bank, store } = open({ onCharge: () => (broken ? fault : 'none') });
      const { orderId } = await placeOrder();
      await payments.start(card(orderId));
      await payments.quiet();
      expect(await payments.standing(orderId)).toMatchObject({ status: 'reversed', failure: 'answer_lost' });
      expect(bank.heldFor(orderId)).toBe(0);
      expect((await store.findOrder(orderId))!.paidAt).toBeNull();
      broken = false;
      await payments.start(card(orderId));
      await payments.quiet();
      expect(await payments.standing(orderId)).toMatchObject({ status: 'approved' });
      expect(bank.heldFor(orderId)).toBe(10_900);
    },
  );

  it('takes back what arrives at the bank after it was given up', async () => {
    const { payments, placeOrder, bank, terminal } = open({ onCharge: () => 'late' });
    const { orderId } = await placeOrder();
    await payments.start(card(orderId));
    await payments.quiet();
    expect(terminal.deliverLate()).toEqual([{ type: 'declined', reason: 'cancelled' }]);
    expect(bank.heldFor(orderId)).toBe(0);
  });

  it('stops waiting after two minutes', async () => {
    const { payments, placeOrder, bank, pass, clock, terminal } = open({ onCharge: () => 'hang' });
    const { orderId } = await placeOrder();
    await payments.start(card(orderId));
    await pass(119_999);
    expect(await payments.standing(orderId)).toMatchObject({ status: 'pending' });
    expect(bank.heldFor(orderId)).toBe(10_900);
    clock.advance(1);
    await payments.quiet();
    expect(await payments.standing(orderId)).toMatchObject({ status: 'reversed', failure: 'timeout' });
    expect(bank.heldFor(orderId)).toBe(0);
    expect([clock.sleepers, terminal.waiting]).toEqual([0, 0]);
  });

  it('tries again with growing waits, and calls the staff when it keeps failing', async () => {
    let refusals = 7;
    const { payments, placeOrder, bank, told, clock, pass } = open({
      onCharge: () => 'lost',
      onReverse: () => (refusals-- > 0 ? 'refused' : 'none'),
    });
    const { orderId } = await placeOrder();
    await payments.start(card(orderId));
    for (const [attempts, waitMs] of [
      [1, 1_000],
      [2, 2_000],
      [3, 4_000],
      [4, 8_000],
    ] as const) {
      await due(payments, orderId, clock.now() + waitMs);
      expect((await payments.standing(orderId))!.attempts).toBe(attempts);
      // While it is not certain nobody charges, however it is asked.
      expect(await payments.start(card(orderId))).toMatchObject({ status: 'reversing' });
      expect(await payments.cancel(orderId)).toMatchObject({ status: 'reversing' });
      await pass(waitMs + 10);
    }
    await payments.quiet();
    expect(told.map(({ type }) => type)).toEqual(['payment_attention']);
    expect(told[0]!.data).toMatchObject({
      order_id: orderId,
      attempts: 5,
      amount: 10_900,
      terminal: 'faulty',
    });
    // From here on the sweeps go on with it, when it is due.
    expect(await payments.recover(signal)).toEqual({ taken_over: 0, reversed: 0 });
    clock.advance(16_000);
    expect(await payments.recover(signal)).toEqual({ taken_over: 0, reversed: 0 });
    expect((await payments.standing(orderId))!.attempts).toBe(6);
    clock.advance(60_000);
    await payments.recover(signal);
    expect((await payments.standing(orderId))!.attempts).toBe(7);
    clock.advance(60_000);
    expect(await payments.recover(signal)).toEqual({ taken_over: 0, reversed: 1 });
    expect(await payments.standing(orderId)).toMatchObject({ status: 'reversed', attempts: 8 });
    expect(bank.heldFor(orderId)).toBe(0);
  });

  it('tries again when the answer to a reversal is lost or never comes', async () => {
    const faults = ['lost', 'hang', 'none'] as const;
    let tries = 0;
    const { payments, placeOrder, bank, pass, clock } = open({
      onCharge: () => 'lost',
      onReverse: () => faults[tries++] ?? 'none',
    });
    const { orderId } = await placeOrder();
    await payments.start(card(orderId));
    await expect.poll(() => tries, { interval: 2 }).toBe(1);
    await due(payments, orderId, clock.now() + 1_000);
    await pass(1_010);
    await expect.poll(() => tries, { interval: 2 }).toBe(2);
    await pass(15_000);
    await due(payments, orderId, clock.now() + 2_000);
    await pass(2_010);
    await payments.quiet();
    expect(await payments.standing(orderId)).toMatchObject({ status: 'reversed', attempts: 3 });
    expect(bank.heldFor(orderId)).toBe(0);
    expect(bank.movements.map(({ amount }) => amount)).toEqual([10_900, -10_900]);
  });

  it('settles what a process that died left behind', async () => {
    const dead = open({ onCharge: () => 'hang' });
    const { orderId } = await dead.placeOrder();
    await dead.payments.start(card(orderId));
    await expect.poll(() => dead.terminal.waiting, { interval: 2 }).toBe(1);
    // Its clock stands still from here on: it is dead. The next one knows only the database and the bank.
    const clock = createManualClock(START);
    const next = openFaultyProcess(await test.open(), { bank: dead.bank, clock });
    expect(await next.payments.recover(signal)).toEqual({ taken_over: 0, reversed: 0 });
    expect(await next.payments.start(card(orderId))).toMatchObject({ status: 'pending' });
    clock.advance(150_000);
    expect(await next.payments.recover(signal)).toEqual({ taken_over: 1, reversed: 1 });
    expect(await next.payments.standing(orderId)).toMatchObject({
      status: 'reversed',
      failure: 'answer_lost',
    });
    expect(next.bank.heldFor(orderId)).toBe(0);
    await next.payments.start(card(orderId));
    await next.payments.quiet();
    expect(next.bank.heldFor(orderId)).toBe(10_900);
    expect(next.bank.chargesOf(orderId)).toHaveLength(1);
    await dead.payments.close();
  });

  it('settles a reversal in which a process died', async () => {
    const dead = open({ onCharge: () => 'lost', onReverse: () => 'hang' });
    const { orderId } = await dead.placeOrder();
    await dead.payments.start(card(orderId));
    await expect.poll(async () => (await dead.payments.standing(orderId))!.attempts, { interval: 2 }).toBe(1);
    const clock = createManualClock(START);
    const next = openFaultyProcess(await test.open(), { bank: dead.bank, clock });
    clock.advance(19_999);
    expect(await next.payments.recover(signal)).toEqual({ taken_over: 0, reversed: 0 });
    clock.advance(1);
    expect(await next.payments.recover(signal)).toEqual({ taken_over: 0, reversed: 1 });
    expect(next.bank.heldFor(orderId)).toBe(0);
    await dead.payments.close();
  });

  it('hands over at once when it stops in good order', async () => {
    const stopped = open({ onCharge: () => 'hang' });
    const { orderId } = await stopped.placeOrder();
    await stopped.payments.start(card(orderId));
    await expect.poll(() => stopped.terminal.waiting, { interval: 2 }).toBe(1);
    await stopped.payments.close();
    expect([stopped.clock.sleepers, stopped.terminal.waiting]).toEqual([0, 0]);
    await expect(stopped.payments.start(card(orderId))).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    const next = openFaultyProcess(await test.open(), stopped);
    expect(await next.payments.recover(signal)).toEqual({ taken_over: 1, reversed: 1 });
    expect(next.bank.heldFor(orderId)).toBe(0);
  });

  it('is recovered once by two processes', async () => {
    const stopped = open({ onCharge: () => 'hang' });
    const orders = await Promise.all([1, 2, 3, 4, 5].map(() => stopped.placeOrder()));
    for (const { orderId } of orders) await stopped.payments.start(card(orderId));
    await expect.poll(() => stopped.terminal.waiting, { interval: 2 }).toBe(5);
    await stopped.payments.close();
    const [one, other] = [
      openFaultyProcess(await test.open(), stopped),
      openFaultyProcess(await test.open(), stopped),
    ];
    const both = await Promise.all([one.payments.recover(signal), other.payments.recover(signal)]);
    const sum = (of: 'taken_over' | 'reversed') => both.reduce((all, found) => all + found[of], 0);
    expect(sum('taken_over')).toBe(5);
    await one.payments.recover(signal);
    for (const { orderId } of orders) {
      expect(await one.payments.standing(orderId)).toMatchObject({ status: 'reversed', attempts: 1 });
      expect(stopped.bank.heldFor(orderId)).toBe(0);
    }
  });

  it('can take back only what is on a terminal it knows', async () => {
    const begun = open({ onCharge: () => 'hang' });
    const { orderId } = await begun.placeOrder();
    await begun.payments.start(card(orderId));
    await expect.poll(() => begun.terminal.waiting, { interval: 2 }).toBe(1);
    await begun.payments.close();
    const { clock, terminal } = begun;
    const desk = openPaymentProcess({ database: test.database, clock, terminal: null });
    expect(await desk.payments.recover(signal)).toEqual({ taken_over: 1, reversed: 0 });
    expect(await desk.payments.standing(orderId)).toMatchObject({ status: 'reversing', attempts: 1 });
    clock.advance(1_000);
    const formerTerminals = [terminal];
    const knowing = openPaymentProcess({ database: test.database, clock, terminal: null, formerTerminals });
    expect(await knowing.payments.recover(signal)).toEqual({ taken_over: 0, reversed: 1 });
    expect(begun.bank.heldFor(orderId)).toBe(0);
  });
});
