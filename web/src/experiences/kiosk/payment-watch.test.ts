import { MalbeotError } from '@malbeot/client';
import type { KioskPayment } from '@malbeot/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPaymentWatch } from './payment-watch.ts';

const payment = (status: KioskPayment['status'], paymentId = 'pay_1') =>
  ({ payment_id: paymentId, order_id: 'ord_1', status, message: '' }) as KioskPayment;
const open = { orderId: 'ord_1', paymentId: 'pay_1' };

describe('watching a payment', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** The watch before a server that answers these, the last one for ever. */
  function watching(answers: readonly (KioskPayment | Error)[]) {
    const told: string[] = [];
    let asked = 0;
    const watch = createPaymentWatch({
      client: {
        payment: () => {
          const answer = answers[Math.min(asked, answers.length - 1)]!;
          asked += 1;
          return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
        },
      },
      onNews: ({ status }) => told.push(status),
      onTrouble: (trouble) => told.push(trouble),
    });
    return { watch, told, asked: () => asked };
  }

  it('asks once a second until it is decided', async () => {
    const { watch, told, asked } = watching([payment('pending'), payment('reversing'), payment('reversed')]);
    watch.follow(open);
    watch.follow(open);
    await vi.advanceTimersByTimeAsync(900);
    expect(told).toEqual(['pending']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told).toEqual(['pending', 'reversing', 'reversed']);
    expect(asked()).toBe(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('asks on while the server is out of reach', async () => {
    const { watch, told } = watching([new MalbeotError('NETWORK'), payment('approved')]);
    watch.follow(open);
    await vi.advanceTimersByTimeAsync(2000);
    expect(told).toEqual(['unreachable', 'approved']);
  });

  it('does not take a server that is only asked too often for one that is away', async () => {
    const busy = new MalbeotError('RATE_LIMITED', { status: 429 });
    const { watch, told } = watching([busy, payment('approved')]);
    watch.follow(open);
    await vi.advanceTimersByTimeAsync(2000);
    expect(told).toEqual(['approved']);
  });

  it('says that nothing is known once it was refused, superseded, or asked for long enough', async () => {
    const refused = watching([new MalbeotError('NOT_FOUND', { status: 404 })]);
    refused.watch.follow(open);
    const superseded = watching([payment('pending', 'pay_2')]);
    superseded.watch.follow(open);
    const endless = watching([payment('pending')]);
    endless.watch.follow(open);
    await vi.advanceTimersByTimeAsync(2000);
    expect(refused.told).toEqual(['unknown']);
    expect(superseded.told).toEqual(['unknown']);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(endless.told.at(-1)).toBe('unknown');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves nothing behind when it is let go of', async () => {
    const { watch, told } = watching([payment('pending')]);
    watch.follow(open);
    await vi.advanceTimersByTimeAsync(1500);
    watch.follow(null);
    await vi.advanceTimersByTimeAsync(5000);
    expect(told).toEqual(['pending', 'pending']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
