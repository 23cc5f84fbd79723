import type { ManualClock } from '../../fake/manual-clock.ts';
import { ProviderError, type ProviderInfo } from '../../spec/provider.ts';

/** What goes wrong with one call. */
export interface Fault {
  readonly kind:
    | 'fail'
    | 'unavailable'
    | 'rate_limited'
    | 'throw'
    | 'hang'
    | 'deaf_hang'
    | 'slow'
    | 'mute'
    | 'garbage'
    | 'die'
    | 'stall';
  /** For `slow`: milliseconds until it answers. For those that begin: how many pieces of sound or text come first. */
  readonly amount: number;
}

export interface SimulatedOptions {
  readonly id: string;
  readonly clock: Pick<ManualClock, 'sleep'>;
  /** Milliseconds until the first sound or text, or until it has heard. */
  readonly answerMs: number;
  /** What goes wrong with the next call. */
  readonly nextFault: () => Fault | undefined;
}

export const FAULT_KINDS: readonly Fault['kind'][] = [
  'fail',
  'unavailable',
  'rate_limited',
  'throw',
  'hang',
  'deaf_hang',
  'slow',
  'mute',
  'garbage',
  'die',
  'stall',
];

/** One of all faults. `random` gives numbers from 0 up to 1. */
export function drawFault(random: () => number): Fault {
  const kind = FAULT_KINDS[Math.floor(random() * FAULT_KINDS.length)]!;
  const drawn = random();
  if (kind === 'slow') return { kind, amount: Math.round(100 + drawn * 1_900) };
  if (kind === 'rate_limited') return { kind, amount: Math.round(1_000 + drawn * 9_000) };
  // At least one piece of sound before it breaks off; garbage may come first.
  return { kind, amount: Math.floor(drawn * 20) + (kind === 'garbage' ? 0 : 1) };
}

export function aboutSimulated(id: string): ProviderInfo {
  return { id, name: id, cost: 'free', local: false, standIn: false, languages: [], needs: '' };
}

/** What comes before the first sound: the ordinary wait, or the fault. */
export async function begin(
  { id, clock, answerMs }: SimulatedOptions,
  fault: Fault | undefined,
  signal: AbortSignal,
): Promise<void> {
  switch (fault?.kind) {
    case 'hang':
      return clock.sleep(Number.MAX_SAFE_INTEGER, signal);
    case 'deaf_hang':
      return new Promise(() => {});
    case 'throw':
      throw new TypeError('socket hang up');
    case 'slow':
      return clock.sleep(fault.amount, signal);
    case 'fail':
    case 'unavailable':
    case 'rate_limited': {
      await clock.sleep(answerMs, signal);
      const kind = fault.kind === 'fail' ? 'failed' : fault.kind;
      throw new ProviderError(kind, id, kind, kind === 'rate_limited' ? { retryAfterMs: fault.amount } : {});
    }
    default:
      return clock.sleep(answerMs, signal);
  }
}
