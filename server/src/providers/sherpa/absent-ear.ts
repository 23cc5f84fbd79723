import { AbortedError } from '../../lib/abort.ts';
import { ProviderError, type Availability, type ProviderInfo } from '../spec/provider.ts';
import type { HostEar } from './host-ear.ts';

/** Ears without a model: they say why, and what to do about it, and hear nothing. */
export function createAbsentEar(
  info: ProviderInfo,
  { reason, action }: { readonly reason: string; readonly action: string },
): HostEar {
  const availability: Availability = { available: false, reason, action };
  const refuse = (signal: AbortSignal) =>
    Promise.reject(
      signal.aborted
        ? new AbortedError(signal.reason)
        : new ProviderError('unavailable', info.id, `${reason} ${action}`),
    );
  return {
    kind: 'stt',
    info,
    availability: () => availability,
    modelStatus: () => null,
    preload: refuse,
    transcribe: (_, signal) => refuse(signal),
    unload: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
