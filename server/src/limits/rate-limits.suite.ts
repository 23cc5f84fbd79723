import { expect, it } from 'vitest';
import type { RateLimitStore } from './stores.ts';

const minute = 60_000;
const start = Math.ceil(1_795_219_200_000 / minute) * minute;

/** What every `RateLimitStore` does. */
export function rateLimitSuite(makeStore: () => RateLimitStore | Promise<RateLimitStore>): void {
  it('counts by key and says when the window ends', async () => {
    const store = await makeStore();
    expect(await store.hit('a', minute, start + 1)).toEqual({ count: 1, resetAt: start + minute });
    expect(await store.hit('a', minute, start + 2)).toEqual({ count: 2, resetAt: start + minute });
    expect(await store.hit('b', minute, start + 3)).toEqual({ count: 1, resetAt: start + minute });
    expect(await store.hit('a', minute, start + minute - 1)).toMatchObject({ count: 3 });
  });

  it('begins anew with the next window', async () => {
    const store = await makeStore();
    await store.hit('a', minute, start);
    expect(await store.hit('a', minute, start + minute)).toEqual({ count: 1, resetAt: start + 2 * minute });
  });

  it('counts windows of different lengths apart', async () => {
    const store = await makeStore();
    await store.hit('a', minute, start);
    expect(await store.hit('a', 1000, start)).toEqual({ count: 1, resetAt: start + 1000 });
    expect(await store.hit('a', 1000, start + 1000)).toMatchObject({ count: 1 });
    expect(await store.hit('a', minute, start + 1000)).toMatchObject({ count: 2 });
  });

  it('loses no hit when many come at once', async () => {
    const store = await makeStore();
    const hits = await Promise.all(Array.from({ length: 50 }, async () => store.hit('many', minute, start)));
    expect(hits.map(({ count }) => count).sort((one, other) => one - other)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
  });

  it('takes keys of any length and letters', async () => {
    const store = await makeStore();
    const long = `user ${'가'.repeat(500)}`;
    await store.hit(`${long}1`, minute, start);
    expect(await store.hit(`${long}2`, minute, start)).toMatchObject({ count: 1 });
    expect(await store.hit(`${long}1`, minute, start)).toMatchObject({ count: 2 });
  });
}
