import type { CountInWindow, RateLimitStore } from './stores.ts';

export interface MemoryRateLimitsOptions {
  /** Keys kept at most in each length of window; beyond that the oldest is forgotten. 100,000 when absent. */
  readonly maxKeys?: number;
}

export interface MemoryRateLimits extends RateLimitStore {
  hit(key: string, windowMs: number, now: number): CountInWindow;
  /** Keys kept at the moment. */
  readonly size: number;
}

interface Window {
  resetAt: number;
  counts: Map<string, number>;
}

/**
 * Counts in this process. All keys of one length of window share its beginning, so that a window that is over goes in one
 * stroke and nothing needs a timer.
 */
export function createMemoryRateLimits({
  maxKeys = 100_000,
}: MemoryRateLimitsOptions = {}): MemoryRateLimits {
  const windows = new Map<number, Window>();

  function open(windowMs: number, now: number): Window {
    for (const [length, { resetAt }] of windows) if (now >= resetAt) windows.delete(length);
    const window = {
      resetAt: (Math.floor(now / windowMs) + 1) * windowMs,
      counts: new Map<string, number>(),
    };
    windows.set(windowMs, window);
    return window;
  }

  return {
    hit(key, windowMs, now) {
      let window = windows.get(windowMs);
      if (window === undefined || now >= window.resetAt) window = open(windowMs, now);
      const { counts, resetAt } = window;
      const count = (counts.get(key) ?? 0) + 1;
      if (count === 1 && counts.size >= maxKeys) {
        const [oldest] = counts.keys();
        counts.delete(oldest!);
      }
      counts.set(key, count);
      return { count, resetAt };
    },
    get size() {
      let size = 0;
      for (const { counts } of windows.values()) size += counts.size;
      return size;
    },
  };
}
