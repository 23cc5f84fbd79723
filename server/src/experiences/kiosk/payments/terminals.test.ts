import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../providers/fake/manual-clock.ts';
import { createSimulator, SIMULATED_DECLINE_WON, SIMULATED_SILENCE_WON } from './simulator.ts';
import { describeTerminal } from './terminal.suite.ts';
import type { Charge } from './terminal.ts';
import { createFaultyTerminal, createTestBank, type ChargeFault, type ReverseFault } from './testing.ts';

const chargeOf = (paymentId: string, amount: number): Charge => ({
  paymentId,
  orderId: `order of ${paymentId}`,
  orderNumber: 7,
  amount,
  method: 'card',
});
/** Lets everything that is due run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describeTerminal('the simulator', () => {
  const clock = createManualClock();
  return {
    terminal: createSimulator({ sleep: clock.sleep }),
    approved: chargeOf('pay_good', 10_900),
    declined: chargeOf('pay_bad', SIMULATED_DECLINE_WON),
    waiting: chargeOf('pay_silent', SIMULATED_SILENCE_WON),
    async pass() {
      await settled();
      clock.advance(1_500);
      await settled();
    },
  };
});

describeTerminal('the faulty terminal', () => {
  const bank = createTestBank();
  const clock = createManualClock();
  const faults: Record<string, ChargeFault> = { pay_bad: 'decline', pay_silent: 'hang' };
  return {
    terminal: createFaultyTerminal({
      bank,
      sleep: clock.sleep,
      onCharge: ({ paymentId }) => faults[paymentId] ?? 'none',
    }),
    approved: chargeOf('pay_good', 10_900),
    declined: chargeOf('pay_bad', 10_900),
    waiting: chargeOf('pay_silent', 10_900),
    pass: async () => void (await settled()),
    heldUnder: (paymentId) => bank.heldFor(`order of ${paymentId}`),
  };
});

describe('the simulator', () => {
  it('takes its time, and says that it only acts as if', async () => {
    const clock = createManualClock();
    const simulator = createSimulator({ sleep: clock.sleep });
    expect(simulator.simulated).toBe(true);
    let decided = false;
    const outcome = simulator
      .charge(chargeOf('pay_12345678', 5_000), new AbortController().signal)
      .finally(() => (decided = true));
    clock.advance(1_499);
    await settled();
    expect(decided).toBe(false);
    clock.advance(1);
    expect(await outcome).toEqual({ type: 'approved', approvalCode: 'SIM-12345678' });
    expect(clock.sleepers).toBe(0);
  });

  it('leaves no timer when it is called off', async () => {
    const clock = createManualClock();
    const stop = new AbortController();
    const outcome = createSimulator({ sleep: clock.sleep }).charge(chargeOf('pay_a', 5_000), stop.signal);
    stop.abort();
    expect(await outcome).toEqual({ type: 'declined', reason: 'cancelled' });
    expect(clock.sleepers).toBe(0);
  });
});

describe('the faulty terminal', () => {
  const { signal } = new AbortController();
  const open = (fault: ChargeFault, reverseFault: ReverseFault = 'none') => {
    const bank = createTestBank();
    const clock = createManualClock();
    const terminal = createFaultyTerminal({
      bank,
      sleep: clock.sleep,
      onCharge: () => fault,
      onReverse: () => reverseFault,
    });
    return { bank, clock, terminal, charge: chargeOf('pay_x', 5_000), orderId: 'order of pay_x' };
  };

  it.each([
    ['lost', 5_000],
    ['never-sent', 0],
    ['late', 0],
  ] as const)('%s: throws, with %i won charged', async (fault, held) => {
    const { bank, terminal, charge, orderId } = open(fault);
    await expect(terminal.charge(charge, signal)).rejects.toThrow('line broke');
    expect(bank.heldFor(orderId)).toBe(held);
    expect(bank.chargesOf(orderId)).toHaveLength(held > 0 ? 1 : 0);
  });

  it('delivers late what was under way, which a reversal refuses', async () => {
    const { bank, terminal, charge, orderId } = open('late');
    await expect(terminal.charge(charge, signal)).rejects.toThrow();
    bank.reverse(charge.paymentId);
    expect(terminal.deliverLate()).toEqual([{ type: 'declined', reason: 'cancelled' }]);
    expect(bank.heldFor(orderId)).toBe(0);
  });

  it.each([
    ['refused', 5_000],
    ['lost', 0],
  ] as const)('a reversal that is %s throws and leaves %i won', async (fault, held) => {
    const { bank, terminal, charge, orderId } = open('none', fault);
    await terminal.charge(charge, signal);
    await expect(terminal.reverse(charge.paymentId, signal)).rejects.toThrow();
    expect(bank.heldFor(orderId)).toBe(held);
  });

  it('is slow, and approves', async () => {
    const { clock, terminal, charge } = open('slow');
    const outcome = terminal.charge(charge, signal);
    await settled();
    clock.advance(5_000);
    expect(await outcome).toMatchObject({ type: 'approved' });
  });
});
