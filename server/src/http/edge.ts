import type { Access, Who } from '../accounts/access.ts';
import type { Clock } from '../lib/clock.ts';
import type { IdempotencyStore } from '../limits/stores.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { OriginPolicy } from './origin.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { SecurityHeaders } from './security-headers.ts';

export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Where and how a request arrived, as far as it decides who gets in. */
export interface Circumstances {
  readonly profile: Profile;
  /** From this machine, to this machine's own name, through no proxy. */
  readonly loopback: boolean;
}

export type Profile = 'local' | 'docker' | 'production';

/** What `accounts` does for the edge. */
export interface AccessControl {
  /**
   * Who the credentials in `headers` prove. Nobody without credentials.
   *
   * @throws {AppError} UNAUTHENTICATED or TOKEN_EXPIRED for credentials that don't hold.
   */
  authenticate(headers: RequestHeaders): Who | Promise<Who>;
  /** @throws {AppError} UNAUTHENTICATED or FORBIDDEN when `who` may not use a route with `access`. */
  authorize(access: Access, who: Who, circumstances: Circumstances): void;
}

/** A request that is being answered, as far as the stopping server cares. */
export interface ActiveRequest {
  /** True for answers that go on until someone ends them. */
  readonly endless: boolean;
  abort(reason: string): void;
}

/** What every request of one server shares. */
export interface Edge {
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly profile: Profile;
  readonly access: AccessControl;
  readonly limiter: RateLimiter;
  readonly idempotency: IdempotencyStore;
  readonly origins: OriginPolicy;
  readonly headers: { readonly plain: SecurityHeaders; readonly encrypted: SecurityHeaders };
  /** Bytes of uploads that may be in memory at once. */
  readonly maxUploadBytes: number;
  readonly newRequestId: () => string;
  /** Requests that are being answered. */
  readonly active: Set<ActiveRequest>;
  /** True once the server stops: no new work, streams end. */
  stopping: boolean;
}
