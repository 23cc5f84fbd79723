import { expect, it } from 'vitest';
import { describeEachDialect } from '../storage/testing.ts';
import { createDatabaseIdempotency } from './database-idempotency.ts';
import { createDatabaseRateLimits } from './database-rate-limits.ts';
import { idempotencySuite, manualClock } from './idempotency.suite.ts';
import { limitMigrations } from './migrations.ts';
import { rateLimitSuite } from './rate-limits.suite.ts';

const never = new AbortController().signal;

describeEachDialect('database rate limits', limitMigrations, (test) => {
  rateLimitSuite(() => createDatabaseRateLimits({ database: test.database }));

  it('counts together with other processes', async () => {
    const stores = [test.database, await test.open()].map((database) =>
      createDatabaseRateLimits({ database }),
    );
    const hits = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => stores[index % 2]!.hit('a', 1000, 0)),
    );
    expect(Math.max(...hits.map(({ count }) => count))).toBe(30);
    expect(new Set(hits.map(({ count }) => count)).size).toBe(30);
  });

  it('sweeps windows that are over, in batches', async () => {
    const clock = manualClock();
    const limits = createDatabaseRateLimits({ database: test.database, clock });
    const rows = Array.from({ length: 1203 }, (_, index) => ({
      bucket: `old ${index}`,
      hits: 1,
      reset_at: clock.now(),
    }));
    const tables = test.database.tables<{
      rate_limits: { bucket: string; hits: number; reset_at: number };
    }>();
    await tables.insertInto('rate_limits').values(rows).execute();
    await limits.hit('a', 1000, clock.now());
    expect(await limits.sweep(AbortSignal.abort())).toBe(0);
    expect(await limits.sweep(never)).toBe(1203);
    expect((await limits.hit('a', 1000, clock.now())).count).toBe(2);
  });
});

describeEachDialect('database idempotency', limitMigrations, (test) => {
  idempotencySuite((clock) => createDatabaseIdempotency({ database: test.database, clock }));

  it('lets one of many processes run, and answers in all', async () => {
    const clock = manualClock();
    const stores = [test.database, await test.open()].map((database) =>
      createDatabaseIdempotency({ database, clock }),
    );
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) => stores[index % 2]!.claim('k', 'p', 1000)),
    );
    expect(claims.filter(({ state }) => state === 'claimed')).toHaveLength(1);
    const answer = { status: 200, headers: {}, body: 'b' };
    await stores[0]!.answer('k', answer, 1000);
    expect(await stores[1]!.claim('k', 'p', 1000)).toEqual({ state: 'answered', answer });
  });
});
