import { AbortedError, childOf, TimeoutError } from '../../../lib/abort.ts';

/** Resolves after `ms`; throws AbortedError when the signal aborts first. Handed in, so that tests decide how time passes. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/**
 * Runs `work` with a signal that ends with `parent` or after `limitMs` of `sleep`'s time. Settles then even when `work` ignores
 * its signal; what it comes to later is dropped.
 *
 * @throws {TimeoutError} after `limitMs`; {@link AbortedError} when `parent` aborts first.
 */
export async function within<T>(
  {
    limitMs,
    parent,
    sleep,
  }: { readonly limitMs: number; readonly parent: AbortSignal; readonly sleep: Sleep },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (parent.aborted) throw new AbortedError(parent.reason);
  const [working, waiting] = [childOf(parent), childOf(parent)];
  const limit = async (): Promise<never> => {
    await sleep(limitMs, waiting.signal);
    const error = new TimeoutError(limitMs);
    working.abort(error);
    throw error;
  };
  try {
    return await Promise.race([work(working.signal), limit()]);
  } finally {
    waiting.abort();
    waiting.unlink();
    working.unlink();
  }
}
