import { describe, expect, it } from 'vitest';
import type { Charge, ChargeOutcome, PaymentTerminal } from './terminal.ts';

/** A terminal for one test, and what stands charged on it. */
export interface TerminalUnderTest {
  readonly terminal: PaymentTerminal;
  /** A charge that it approves. */
  readonly approved: Charge;
  /** A charge that it declines. */
  readonly declined: Charge;
  /** A charge that waits for the customer until it is called off. */
  readonly waiting: Charge;
  /** Lets the time pass that a decision takes. */
  pass(): Promise<void>;
  /** Won that stand charged under this id; null where no money moves and nobody keeps books. */
  heldUnder?(paymentId: string): number;
}

const cancelled: ChargeOutcome = { type: 'declined', reason: 'cancelled' };

/** What every {@link PaymentTerminal} has to promise; each adapter runs this against its vendor's test system. */
export function describeTerminal(name: string, open: () => TerminalUnderTest): void {
  const { signal } = new AbortController();

  async function charge(on: TerminalUnderTest, what: Charge): Promise<ChargeOutcome> {
    const outcome = on.terminal.charge(what, signal);
    await on.pass();
    return outcome;
  }
  const held = (on: TerminalUnderTest, { paymentId }: Charge, won: number) =>
    expect(on.heldUnder?.(paymentId) ?? won).toBe(won);

  describe(`${name} as a payment terminal`, () => {
    it('tells what it is', () => {
      const { id, name: shown, methods, simulated } = open().terminal;
      expect(id).toMatch(/^[a-z][a-z0-9_-]{1,40}$/);
      expect(shown).not.toBe('');
      expect(methods.length).toBeGreaterThan(0);
      expect(new Set(methods).size).toBe(methods.length);
      expect(methods).not.toContain('counter');
      expect(typeof simulated).toBe('boolean');
    });

    it('charges once, however often it is asked', async () => {
      const on = open();
      const first = await charge(on, on.approved);
      expect(first).toMatchObject({ type: 'approved' });
      expect(await charge(on, on.approved)).toEqual(first);
      const both = Promise.all([
        on.terminal.charge(on.approved, signal),
        on.terminal.charge({ ...on.approved }, signal),
      ]);
      await on.pass();
      expect(await both).toEqual([first, first]);
      held(on, on.approved, on.approved.amount);
    });

    it('charges once when two ask at the same time', async () => {
      const on = open();
      const both = Promise.all([
        on.terminal.charge(on.approved, signal),
        on.terminal.charge(on.approved, signal),
      ]);
      await on.pass();
      const [one, other] = await both;
      expect(one).toMatchObject({ type: 'approved' });
      expect(other).toEqual(one);
      held(on, on.approved, on.approved.amount);
    });

    it('charges nothing more under an id that stands for another charge', async () => {
      const on = open();
      await charge(on, on.approved);
      const other = { ...on.approved, amount: on.approved.amount + 100 };
      await expect(on.terminal.charge(other, signal)).rejects.toThrow(on.approved.paymentId);
      held(on, on.approved, on.approved.amount);
    });

    it('declines, and stays with it', async () => {
      const on = open();
      const first = await charge(on, on.declined);
      expect(first).toMatchObject({ type: 'declined' });
      expect(await charge(on, on.declined)).toEqual(first);
      held(on, on.declined, 0);
    });

    it('gives back what it charged, once, and charges no more under that id', async () => {
      const on = open();
      await charge(on, on.approved);
      await on.terminal.reverse(on.approved.paymentId, signal);
      await on.terminal.reverse(on.approved.paymentId, signal);
      held(on, on.approved, 0);
      expect(await charge(on, on.approved)).toEqual(cancelled);
      held(on, on.approved, 0);
    });

    it('refuses a charge that arrives after its reversal', async () => {
      const on = open();
      await on.terminal.reverse(on.approved.paymentId, signal);
      expect(await charge(on, on.approved)).toEqual(cancelled);
      held(on, on.approved, 0);
    });

    it('takes a reversal of what was declined', async () => {
      const on = open();
      await charge(on, on.declined);
      await on.terminal.reverse(on.declined.paymentId, signal);
      expect(await charge(on, on.declined)).toMatchObject({ type: 'declined' });
      held(on, on.declined, 0);
    });

    it('ends a charge that waits when it is called off, and can reverse it then', async () => {
      const on = open();
      const stop = new AbortController();
      const ended = on.terminal.charge(on.waiting, stop.signal).catch((error: unknown) => error);
      await on.pass();
      stop.abort();
      await ended;
      await on.terminal.reverse(on.waiting.paymentId, signal);
      expect(await charge(on, on.waiting)).toEqual(cancelled);
      held(on, on.waiting, 0);
    });

    it('takes a reversal while the charge still waits', async () => {
      const on = open();
      const stop = new AbortController();
      const ended = on.terminal.charge(on.waiting, stop.signal).catch((error: unknown) => error);
      await on.pass();
      await on.terminal.reverse(on.waiting.paymentId, signal);
      stop.abort();
      await ended;
      expect(await charge(on, on.waiting)).toEqual(cancelled);
      held(on, on.waiting, 0);
    });

    it('begins nothing that was called off before', async () => {
      const on = open();
      const stopped = AbortSignal.abort();
      await expect(on.terminal.charge(on.approved, stopped)).rejects.toThrow();
      held(on, on.approved, 0);
    });
  });
}
