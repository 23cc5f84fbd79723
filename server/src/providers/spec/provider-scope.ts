import { AbortedError, childOf, type AbortNode } from '../../lib/abort.ts';
import { HostError } from '../../lib/child-host-channel.ts';
import { ProviderError } from './provider.ts';

/** One call of a provider: its signal, and the error that leaves the provider for whatever went wrong. */
export interface ProviderCall {
  /** Aborts with the caller's signal and when the provider is closed. */
  readonly signal: AbortSignal;
  /** `AbortedError` when the caller called off, `unavailable` when the provider was closed, else what fits `error`. */
  errorFor(error: unknown): AbortedError | ProviderError;
  /** Call it in `finally`. */
  leave(): void;
}

/** What the calls of one provider share: that closing it ends them all. */
export interface ProviderScope {
  /** @throws {AbortedError} when `signal` has aborted; {@link ProviderError} `unavailable` once closed. */
  enter(signal: AbortSignal): ProviderCall;
  close(): void;
}

/** A scope for the provider with `id`. */
export function createProviderScope(id: string): ProviderScope {
  const calls = new Set<AbortNode>();
  let isClosed = false;
  const closed = () => new ProviderError('unavailable', id, `${id} is closed.`);
  return {
    enter(signal) {
      if (signal.aborted) throw new AbortedError(signal.reason);
      if (isClosed) throw closed();
      const node = childOf(signal);
      calls.add(node);
      return {
        signal: node.signal,
        errorFor(error) {
          if (signal.aborted) return new AbortedError(signal.reason);
          if (isClosed) return closed();
          return toProviderError(error, id);
        },
        leave() {
          node.unlink();
          calls.delete(node);
        },
      };
    },
    close() {
      isClosed = true;
      for (const node of calls) node.abort();
    },
  };
}

/** `error` as a failure of the provider with `id`; what is one already stays as it is. */
export function toProviderError(error: unknown, id: string): ProviderError {
  if (error instanceof ProviderError) return error;
  if (error instanceof HostError) {
    const retry = error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs };
    return new ProviderError(error.kind, id, error.message, { cause: error, ...retry });
  }
  return new ProviderError('failed', id, error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}
