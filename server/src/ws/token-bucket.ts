import type { Clock } from '../lib/clock.ts';

export interface TokenBucket {
  /** Takes `amount` and is true, or takes nothing and is false when there is not as much. */
  take(amount: number): boolean;
}

export interface TokenBucketOptions {
  /** What flows in, a second. */
  readonly perSecond: number;
  /** What it holds, and begins with. */
  readonly burst: number;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** Lets through `burst` at once and `perSecond` from then on. */
export function createTokenBucket({ perSecond, burst, clock }: TokenBucketOptions): TokenBucket {
  let level = burst;
  let filledAtMs = clock.monotonicMs();
  return {
    take(amount) {
      const nowMs = clock.monotonicMs();
      level = Math.min(burst, level + ((nowMs - filledAtMs) * perSecond) / 1000);
      filledAtMs = nowMs;
      if (amount > level) return false;
      level -= amount;
      return true;
    },
  };
}
