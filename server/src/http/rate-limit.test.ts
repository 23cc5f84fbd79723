import { describe, expect, it } from 'vitest';
import type { Who } from '../accounts/access.ts';
import type { AppError } from '../errors/app-error.ts';
import { createMemoryRateLimits } from '../limits/memory-rate-limits.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { createRateLimiter, defaultRateLimits, refuseOverLimit } from './rate-limit.ts';

const clock = { now: () => 120_000, monotonicMs: () => 0 };
const nobody: Who = { kind: 'nobody' };
const device: Who = { kind: 'device', keyId: 'dev_1', kioskId: 'k1' };
const person: Who = { kind: 'person', userId: 'usr_1', name: '', role: 'customer' };

const limiter = (limits: typeof defaultRateLimits | null = defaultRateLimits) =>
  createRateLimiter({ store: createMemoryRateLimits(), limits, clock, log: silentLogger });

describe('createRateLimiter', () => {
  it('counts turns of a kiosk and of its address, and tells the tighter one', async () => {
    const { count } = limiter();
    for (let turn = 1; turn <= 60; turn++) {
      expect(await count('turns', device, '192.0.2.1')).toMatchObject({ limit: 60, count: turn });
    }
    expect(await count('turns', nobody, '192.0.2.1')).toMatchObject({ limit: 120, count: 61 });
    expect(await count('turns', device, '192.0.2.2')).toMatchObject({ limit: 60, count: 61 });
  });

  it('counts reads of a person wherever they are', async () => {
    const { count } = limiter();
    await count('reads', person, '192.0.2.1');
    expect(await count('reads', person, '192.0.2.2')).toMatchObject({ count: 2 });
    expect(await count('reads', nobody, '192.0.2.1')).toMatchObject({ count: 1 });
  });

  it('counts signing in by address, whoever asks', async () => {
    const { count } = limiter();
    await count('sign-in', person, '192.0.2.1');
    expect(await count('sign-in', nobody, '192.0.2.1')).toMatchObject({ limit: 10, count: 2 });
  });

  it('answers without a promise where the store does', () => {
    expect(limiter().count('reads', nobody, '192.0.2.1')).toEqual({ limit: 600, count: 1, resetAt: 180_000 });
  });

  it('counts nothing when off', () => {
    expect(limiter(null).count('reads', nobody, '192.0.2.1')).toBeUndefined();
    expect(limiter().count('none', nobody, '192.0.2.1')).toBeUndefined();
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('down');
      },
    ],
    ['rejects', () => Promise.reject(new Error('down'))],
  ])('lets requests through when the store %s', async (_, hit) => {
    const { count } = createRateLimiter({
      store: { hit },
      limits: defaultRateLimits,
      clock,
      log: silentLogger,
    });
    expect(await count('reads', nobody, '192.0.2.1')).toBeUndefined();
    expect(await count('turns', device, '192.0.2.1')).toBeUndefined();
  });
});

describe('refuseOverLimit', () => {
  it('says how many and when again', () => {
    expect(() => refuseOverLimit({ limit: 10, count: 10, resetAt: 5_000 }, 0)).not.toThrow();
    try {
      refuseOverLimit({ limit: 10, count: 11, resetAt: 4_100 }, 0);
      expect.unreachable();
    } catch (error) {
      expect((error as AppError).code).toBe('RATE_LIMITED');
      expect((error as AppError).options.retryAfterSeconds).toBe(5);
    }
  });
});
