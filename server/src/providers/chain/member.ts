import type { ProviderError } from '../spec/provider.ts';
import type { Circuit } from './circuit.ts';
import type { LastError } from './member-status.ts';
import type { Pace } from './pace.ts';

/** A call that a member may take: end it with exactly one of `succeed`, `abort` and `fail`. */
export interface Turn<P> {
  readonly provider: P;
  /** How long it is worth waiting for this provider. */
  readonly pace: Pace;
  /** Counts its time from now on: for a call that was prepared before there was anything to do. */
  restart(): void;
  succeed(): void;
  abort(): void;
  /** Records the failure, moves on, and gives it back as it leaves the chain. */
  fail(error: unknown): ProviderError;
}

/** One provider of a chain, and what the chain knows of it. */
export interface Member<P> {
  readonly provider: P;
  readonly circuit: Circuit;
  readonly pace: Pace;
  lastError: LastError | null;
}
