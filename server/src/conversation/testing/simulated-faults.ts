import { ProviderError } from '../../providers/spec/provider.ts';

/**
 * What a part does with one call. `fail`: refuses at once. `hang`: never answers, and leaves when its signal aborts. `deaf`:
 * never answers and heeds no signal. `slow`: takes 1.5 s more. `die`: fails in the middle of its answer.
 */
export type PartFault = 'none' | 'fail' | 'hang' | 'deaf' | 'slow' | 'die';

/** What each call meets, in order; asked once a call. */
export type FaultSource = () => PartFault;

export const SLOW_MS = 1_500;

export const noFaults: FaultSource = () => 'none';

/** These faults, one a call, and none after them. */
export function faultsInOrder(faults: readonly PartFault[]): FaultSource {
  let call = 0;
  return () => faults[call++] ?? 'none';
}

export function refusal(provider: string): ProviderError {
  return new ProviderError('unauthorized', provider, 'The simulated key is refused.');
}

export function breakdown(provider: string): ProviderError {
  return new ProviderError('failed', provider, 'The simulated line broke.');
}
