import type { Who } from '../accounts/access.ts';
import { AppError } from '../errors/app-error.ts';
import type { LimitName } from '../experiences/experience.ts';
import type { Clock } from '../lib/clock.ts';
import type { CountInWindow, RateLimitStore } from '../limits/stores.ts';
import type { Logger } from '../telemetry/logger.ts';

/** Requests a minute. */
export interface RateLimits {
  readonly turnsPerKiosk: number;
  readonly turnsPerAddress: number;
  /** By address. */
  readonly signIn: number;
  /** By person or key; by address for who is neither. */
  readonly runs: number;
  /** By person or key; by address for who is neither. */
  readonly reads: number;
}

export const defaultRateLimits: RateLimits = {
  turnsPerKiosk: 60,
  turnsPerAddress: 120,
  signIn: 10,
  runs: 120,
  reads: 600,
};

/** What is told about a limit in `x-ratelimit-*`. */
export interface Counted {
  readonly limit: number;
  readonly count: number;
  readonly resetAt: number;
}

export interface RateLimiter {
  /**
   * Counts one request; undefined where nothing limits it. A store that fails lets the request through.
   * Answers without a promise when the store does.
   */
  count(name: LimitName, who: Who, address: string): Counted | undefined | Promise<Counted | undefined>;
}

const WINDOW_MS = 60_000;

interface RateLimiterOptions {
  readonly store: RateLimitStore;
  /** Null turns all limits off. */
  readonly limits: RateLimits | null;
  readonly clock: Clock;
  readonly log: Logger;
}

export function createRateLimiter({ store, limits, clock, log }: RateLimiterOptions): RateLimiter {
  if (limits === null) return { count: () => undefined };
  const hit = (key: string, limit: number): Counted | undefined | Promise<Counted | undefined> => {
    try {
      const counted = store.hit(key, WINDOW_MS, clock.now());
      if (counted instanceof Promise) return counted.then((done) => withLimit(done, limit), passOn);
      return withLimit(counted, limit);
    } catch (error) {
      return passOn(error);
    }
  };
  const passOn = (error: unknown): undefined => {
    log.warn({ err: error }, 'rate limits can not be counted');
    return undefined;
  };
  const byCaller = (name: string, who: Who, address: string, limit: number) =>
    hit(`${name}:${callerKey(who) ?? address}`, limit);
  return {
    count(name, who, address) {
      switch (name) {
        case 'none':
          return undefined;
        case 'reads':
          return byCaller('reads', who, address, limits.reads);
        case 'runs':
          return byCaller('runs', who, address, limits.runs);
        case 'sign-in':
          return hit(`sign-in:${address}`, limits.signIn);
        case 'turns':
          return countTurn(who, address);
      }
    },
  };

  async function countTurn(who: Who, address: string): Promise<Counted | undefined> {
    const ofAddress = await hit(`turns:${address}`, limits!.turnsPerAddress);
    const key = kioskKey(who);
    if (key === null || (ofAddress !== undefined && ofAddress.count > ofAddress.limit)) return ofAddress;
    const ofKiosk = await hit(`turns:${key}`, limits!.turnsPerKiosk);
    return tighter(ofAddress, ofKiosk);
  }
}

const withLimit = ({ count, resetAt }: CountInWindow, limit: number): Counted => ({ limit, count, resetAt });

function tighter(one: Counted | undefined, other: Counted | undefined): Counted | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.limit - one.count < other.limit - other.count ? one : other;
}

function callerKey(who: Who): string | null {
  switch (who.kind) {
    case 'nobody':
      return null;
    case 'person':
      return `person:${who.userId}`;
    case 'api-key':
      return `key:${who.keyId}`;
    case 'device':
      return `kiosk:${who.kioskId}`;
    case 'session':
      return `session:${who.sessionId}`;
  }
}

function kioskKey(who: Who): string | null {
  return who.kind === 'device' || who.kind === 'session' ? callerKey(who) : null;
}

/** Seconds until the window ends, at least one. */
export function secondsUntil(resetAt: number, now: number): number {
  return Math.max(1, Math.ceil((resetAt - now) / 1000));
}

/** @throws {AppError} RATE_LIMITED when `counted` is over its limit. */
export function refuseOverLimit(counted: Counted, now: number): void {
  if (counted.count <= counted.limit) return;
  const seconds = secondsUntil(counted.resetAt, now);
  throw new AppError('RATE_LIMITED', {
    detail: `More than ${counted.limit} requests came within a minute. Try again in ${seconds} s.`,
    retryAfterSeconds: seconds,
  });
}
