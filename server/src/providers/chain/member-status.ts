import type { Availability, ProviderErrorKind, ProviderInfo } from '../spec/provider.ts';
import type { CircuitState } from './circuit.ts';
import type { Stage } from './pace.ts';

/** One provider as `/api/health` tells it. */
export interface MemberStatus {
  readonly id: string;
  readonly name: string;
  readonly local: boolean;
  readonly standIn: boolean;
  readonly available: boolean;
  /** Why it is not available; null when it is. */
  readonly reason: string | null;
  readonly circuit: CircuitState;
  /** Milliseconds until the circuit lets a call through; 0 when it does. */
  readonly retryInMs: number;
  readonly failuresInRow: number;
  /** How long it is waited for now, in milliseconds, while others are left to ask; by stage, once it was asked. */
  readonly limitsMs: Readonly<Partial<Record<Stage, number>>>;
  readonly lastError: LastError | null;
  /** What to do about it; null when there is nothing to do. */
  readonly action: string | null;
}

export interface LastError {
  readonly kind: ProviderErrorKind;
  readonly message: string;
  readonly at: string;
}

export interface ChainStatus {
  /** The provider that the next call goes to; null when none can take it. */
  readonly current: string | null;
  readonly providers: readonly MemberStatus[];
}

/** What `memberStatus` looks at, as it is now. */
export interface MemberFacts extends Pick<
  MemberStatus,
  'circuit' | 'retryInMs' | 'failuresInRow' | 'limitsMs' | 'lastError'
> {
  readonly info: ProviderInfo;
  readonly availability: Availability;
}

export function memberStatus({ info, availability, ...facts }: MemberFacts): MemberStatus {
  const { id, name, local, standIn } = info;
  return {
    id,
    name,
    local,
    standIn,
    available: availability.available,
    reason: availability.available ? null : availability.reason,
    ...facts,
    action: actionFor(availability, facts),
  };
}

function actionFor(
  availability: Availability,
  { circuit, lastError }: Pick<MemberFacts, 'circuit' | 'lastError'>,
): string | null {
  if (!availability.available) return availability.action;
  if (lastError?.kind === 'unauthorized') return 'Check the key of this provider.';
  if (circuit !== 'open') return null;
  if (lastError?.kind === 'rate_limited') return 'Its limit is used up; it is asked again by itself.';
  return 'It is tried again by itself; the log says why it failed.';
}
