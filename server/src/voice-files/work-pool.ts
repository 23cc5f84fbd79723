import { setMaxListeners } from 'node:events';
import { AbortedError, withTimeout } from '../lib/abort.ts';
import { createTurnstile } from '../lib/turnstile.ts';

export interface WorkPoolOptions {
  /** Pieces of work at once. */
  readonly concurrency: number;
  /** Pieces that may wait for their turn. */
  readonly maxWaiting: number;
  /** The longest one piece may take, from its turn on. */
  readonly limitMs: number;
}

/** Runs work by key, each key once at a time, a few keys at once. */
export interface WorkPool<T> {
  /**
   * The result of the work under way for `key`, or of `work`, which begins when it is its turn. The work goes on when those who
   * wait for it go away.
   *
   * @throws QueueFullError when too many wait; TimeoutError after the limit; AbortedError once closed; what `work` throws.
   */
  run(key: string, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Calls off what runs and what waits; resolves when nothing runs any more. */
  close(): Promise<void>;
}

export function createWorkPool<T>({ concurrency, maxWaiting, limitMs }: WorkPoolOptions): WorkPool<T> {
  const closing = new AbortController();
  // Every piece of work listens, and that is no leak.
  setMaxListeners(0, closing.signal);
  const underWay = new Map<string, Promise<T>>();
  const turns = createTurnstile({ places: () => concurrency, maxWaiting });

  const inTurn = async (work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const leave = await turns.enter(closing.signal);
    try {
      return await withTimeout(limitMs, closing.signal, work);
    } finally {
      leave();
    }
  };

  return {
    run(key, work) {
      if (closing.signal.aborted) return Promise.reject(new AbortedError(closing.signal.reason));
      const known = underWay.get(key);
      if (known !== undefined) return known;
      const result = inTurn(work).finally(() => underWay.delete(key));
      underWay.set(key, result);
      return result;
    },
    async close() {
      closing.abort(new AbortedError('The pool is closed.'));
      await Promise.allSettled(underWay.values());
    },
  };
}
