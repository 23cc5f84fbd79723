import { describe, expect, it } from 'vitest';
import { idempotencySuite, manualClock } from './idempotency.suite.ts';
import { createMemoryIdempotency } from './memory-idempotency.ts';
import { createMemoryRateLimits } from './memory-rate-limits.ts';
import { rateLimitSuite } from './rate-limits.suite.ts';

const answer = (body: string) => ({ status: 200, headers: {}, body });

describe('memory rate limits', () => {
  rateLimitSuite(() => createMemoryRateLimits());

  it('keeps a bounded number of keys and forgets the oldest', () => {
    const limits = createMemoryRateLimits({ maxKeys: 3 });
    for (let index = 0; index < 10_000; index++) limits.hit(`key ${index}`, 1000, 0);
    expect(limits.size).toBe(3);
    expect(limits.hit('key 9999', 1000, 0).count).toBe(2);
    expect(limits.hit('key 1', 1000, 0).count).toBe(1);
  });

  it('keeps nothing of windows that are over', () => {
    const limits = createMemoryRateLimits();
    for (let index = 0; index < 100; index++) limits.hit(`key ${index}`, 1000, 0);
    limits.hit('other', 60_000, 0);
    limits.hit('a', 1000, 60_000);
    expect(limits.size).toBe(1);
  });
});

describe('memory idempotency', () => {
  idempotencySuite((clock) => createMemoryIdempotency({ clock }));

  it('forgets the oldest answers beyond its keys, and never a running request', async () => {
    const store = createMemoryIdempotency({ clock: manualClock(), maxKeys: 3 });
    await store.claim('running', 'p', 1000);
    for (const key of ['a', 'b', 'c']) {
      await store.claim(key, 'p', 1000);
      await store.answer(key, answer(key), 1000);
    }
    expect(await store.claim('running', 'p', 1000)).toEqual({ state: 'running' });
    expect(await store.claim('c', 'p', 1000)).toMatchObject({ state: 'answered' });
    expect(await store.claim('a', 'p', 1000)).toEqual({ state: 'claimed' });
  });

  it('is full when only running requests are left', async () => {
    const clock = manualClock();
    const store = createMemoryIdempotency({ clock, maxKeys: 2 });
    await store.claim('a', 'p', 1000);
    await store.claim('b', 'p', 1000);
    await expect(store.claim('c', 'p', 1000)).rejects.toMatchObject({ code: 'OVERLOADED' });
    clock.advance(1000);
    expect(await store.claim('c', 'p', 1000)).toEqual({ state: 'claimed' });
  });

  it('forgets the oldest answers beyond its bytes', async () => {
    const store = createMemoryIdempotency({ clock: manualClock(), maxBytes: 1000 });
    for (const key of ['a', 'b', 'c']) {
      await store.claim(key, 'p', 1000);
      await store.answer(key, answer('x'.repeat(400)), 1000);
    }
    expect(await store.claim('b', 'p', 1000)).toMatchObject({ state: 'answered' });
    expect(await store.claim('a', 'p', 1000)).toEqual({ state: 'claimed' });
  });
});
