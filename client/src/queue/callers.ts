import type { ServerResponse } from '@malbeot/protocol';

import { reasonOf, type Sleep } from '../waiting.ts';
import type { Entry } from './ledger.ts';
import type { QueuedTurn } from './turn-queue.ts';

type Result = ServerResponse | QueuedTurn;

/** Those who wait for the answer to a turn. */
export interface Callers {
  /**
   * The result of `entry`, once one of the others settles it.
   *
   * @param patience Called when `entry` is still not settled after `afterMs`.
   * @param onAbort Called when `signal` aborts before that; the result is then the signal's reason.
   */
  wait(
    entry: Entry,
    patience: { readonly afterMs: number; readonly run: () => void } | null,
    signal: AbortSignal | undefined,
    onAbort: () => void,
  ): Promise<Result>;
  has(entry: Entry): boolean;
  waiting(): readonly Entry[];
  /** The same result for somebody else; null when nobody waits. */
  share(entry: Entry): Promise<Result> | null;
  resolve(entry: Entry, result: Result): void;
  reject(entry: Entry, error: Error): void;
}

interface Caller {
  readonly promise: Promise<Result>;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

export function createCallers(sleep: Sleep): Callers {
  const callers = new Map<Entry, Caller>();

  function take(entry: Entry): Caller | undefined {
    const caller = callers.get(entry);
    callers.delete(entry);
    return caller;
  }

  return {
    async wait(entry, patience, signal, onAbort) {
      let resolve: Caller['resolve'] = () => undefined;
      let reject: Caller['reject'] = () => undefined;
      const promise = new Promise<Result>((resolving, rejecting) => {
        resolve = resolving;
        reject = rejecting;
      });
      callers.set(entry, { promise, resolve, reject });
      const settled = new AbortController();
      const abort = () => {
        if (take(entry) === undefined) return;
        onAbort();
        reject(reasonOf(signal!));
      };
      if (signal?.aborted === true) abort();
      signal?.addEventListener('abort', abort, { once: true });
      if (patience !== null) sleep(patience.afterMs, settled.signal).then(patience.run, () => undefined);
      try {
        return await promise;
      } finally {
        settled.abort();
        signal?.removeEventListener('abort', abort);
      }
    },
    has: (entry) => callers.has(entry),
    waiting: () => [...callers.keys()],
    share: (entry) => callers.get(entry)?.promise ?? null,
    resolve: (entry, result) => take(entry)?.resolve(result),
    reject: (entry, error) => take(entry)?.reject(error),
  };
}
