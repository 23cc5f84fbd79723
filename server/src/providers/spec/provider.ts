/** What every provider of every kind says about itself. */
export interface ProviderInfo {
  /** Wire id, for example `demo_ear`. */
  readonly id: string;
  /** Name for people. */
  readonly name: string;
  readonly cost: 'free' | 'free_tier' | 'low_cost' | 'paid';
  /** True when nothing leaves the machine. */
  readonly local: boolean;
  /** True for a part that only stands in for a better one; health and replies say so. */
  readonly standIn: boolean;
  /** BCP 47 primary languages; empty for all. */
  readonly languages: readonly string[];
  /** What it needs to run, for people: a key, a model, a program. Empty when nothing. */
  readonly needs: string;
  /** How quickly it answers, as a rule; absent where nobody knows. */
  readonly speed?: ProviderSpeed;
  /** True for one that we advise to take where it can be had. */
  readonly recommended?: boolean;
  /**
   * What this code has been tried with; `real` when absent. Health says so for everything else, because a double is not the
   * thing: `replay` is a server on this machine that repeats the documented protocol, `random_weights` a model of the right
   * family that was never trained, `nothing` neither.
   */
  readonly triedWith?: 'real' | 'replay' | 'random_weights' | 'nothing';
}

/** `by_hardware`: as quick as the machine that it runs on. */
export type ProviderSpeed = 'very_fast' | 'fast' | 'medium' | 'by_hardware';

/** Whether a provider can run here, now. */
export type Availability =
  | { readonly available: true }
  | {
      readonly available: false;
      /** Why not, in one sentence. */
      readonly reason: string;
      /** What to do about it. */
      readonly action: string;
    };

export interface Provider {
  readonly info: ProviderInfo;
  /** Answers within 50 ms from what is already known; never asks the network. */
  availability(): Availability;
  /** Loads what the first call would load, without blocking the event loop. Idempotent. */
  preload?(signal: AbortSignal): Promise<void>;
  /** Gives back the memory of what was loaded; the next call loads it again. Waits for calls in flight. Idempotent. */
  unload?(): Promise<void>;
  /** Ends child processes and connections. Idempotent; calls in flight fail with `unavailable`. */
  close?(): Promise<void>;
}

/** The few ways in which a provider fails; the category decides what the chain does. */
export type ProviderErrorKind =
  | 'unavailable'
  | 'rate_limited'
  | 'unauthorized'
  | 'invalid_input'
  | 'timeout'
  | 'failed';

/** Every failure that leaves a provider. An abort is none: it is thrown as `AbortedError`. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly kind: ProviderErrorKind;
  readonly provider: string;
  /** For `rate_limited`: milliseconds until it is worth asking again, where the provider said. */
  readonly retryAfterMs: number | undefined;
  /** Of a chain: everyone that was passed over, each with its reason. */
  readonly skipped: readonly Skipped[];

  constructor(
    kind: ProviderErrorKind,
    provider: string,
    message: string,
    options: {
      readonly cause?: unknown;
      readonly retryAfterMs?: number;
      readonly skipped?: readonly Skipped[];
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.provider = provider;
    this.retryAfterMs = options.retryAfterMs;
    this.skipped = options.skipped ?? [];
  }
}

/** Why in {@link Skipped}: the session's language is none of the provider's. */
export const OTHER_LANGUAGE = 'language';
/** Why in {@link Skipped}: a voice made from a person's recording was asked for, which this provider can't do. */
export const NO_REFERENCE = 'custom voice';

/** Why in {@link Skipped}: who runs the server wants none of this kind. */
export const SWITCHED_OFF = 'switched off';

/** A provider that a chain passed over for this call. */
export interface Skipped {
  readonly provider: string;
  /** Why, in a few words: `language`, `unavailable`, `circuit open`, `timeout`. */
  readonly reason: string;
}
