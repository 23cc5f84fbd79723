import { describe, expect, it } from 'vitest';
import { AbortedError } from './abort.ts';
import { QueueFullError } from './bounded-queue.ts';
import { createTurnstile } from './turnstile.ts';

const never = new AbortController().signal;

describe('createTurnstile', () => {
  it('lets so many in, keeps so many waiting in order, and refuses the rest', async () => {
    const turnstile = createTurnstile({ places: () => 1, maxWaiting: 2 });
    const order: string[] = [];
    const leave = await turnstile.enter(never);
    const waiting = ['first', 'second'].map(async (name) => {
      const leaveAgain = await turnstile.enter(never);
      order.push(name);
      leaveAgain();
    });
    await expect(turnstile.enter(never)).rejects.toThrow(QueueFullError);
    expect([turnstile.inside, turnstile.waiting]).toEqual([1, 2]);
    leave();
    leave();
    await Promise.all(waiting);
    expect(order).toEqual(['first', 'second']);
    expect([turnstile.inside, turnstile.waiting]).toEqual([0, 0]);
  });

  it('lets the urgent in first, and the others not wait for ever', async () => {
    const turnstile = createTurnstile({ places: () => 1, maxWaiting: 20 });
    const order: string[] = [];
    const leave = await turnstile.enter(never);
    const enter = async (urgent: boolean) => {
      const leaveAgain = await turnstile.enter(never, { urgent });
      order.push(urgent ? 'urgent' : 'ordinary');
      leaveAgain();
    };
    const all = [enter(false), ...Array.from({ length: 5 }, () => enter(true))];
    leave();
    await Promise.all(all);
    expect(order).toEqual(['urgent', 'urgent', 'urgent', 'ordinary', 'urgent', 'urgent']);
  });

  it('forgets who stopped waiting', async () => {
    const turnstile = createTurnstile({ places: () => 1, maxWaiting: 1 });
    const leave = await turnstile.enter(never);
    const gone = new AbortController();
    const waiting = turnstile.enter(gone.signal);
    gone.abort();
    await expect(waiting).rejects.toThrow(AbortedError);
    await expect(turnstile.enter(gone.signal)).rejects.toThrow(AbortedError);
    leave();
    (await turnstile.enter(never))();
    expect(turnstile.inside).toBe(0);
  });

  it('gives the place on when its turn comes in the moment of the abort', async () => {
    const turnstile = createTurnstile({ places: () => 1, maxWaiting: 1 });
    const leave = await turnstile.enter(never);
    const gone = new AbortController();
    const waiting = turnstile.enter(gone.signal);
    leave();
    gone.abort();
    await expect(waiting).rejects.toThrow(AbortedError);
    expect([turnstile.inside, turnstile.waiting]).toEqual([0, 0]);
  });

  it('lets one in where there are no places at all, and more as soon as there are', async () => {
    let places = 0;
    const turnstile = createTurnstile({ places: () => places, maxWaiting: 2 });
    const leave = await turnstile.enter(never);
    const others = [turnstile.enter(never), turnstile.enter(never)];
    expect(turnstile.inside).toBe(1);
    places = 2;
    leave();
    for (const other of await Promise.all(others)) other();
    expect(turnstile.inside).toBe(0);
  });
});
