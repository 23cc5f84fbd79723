import { setMaxListeners } from 'node:events';
import { AbortedError, withTimeout } from '../lib/abort.ts';
import { QueueFullError } from '../lib/bounded-queue.ts';
import { deferred, type Deferred } from '../lib/deferred.ts';

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
   * @throws {QueueFullError} when too many wait; TimeoutError after the limit; AbortedError once closed; what `work` throws.
   */
  run(key: string, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Calls off what runs and what waits; resolves when nothing runs any more. */
  close(): Promise<void>;
}

export function createWorkPool<T>({ concurrency, maxWaiting, limitMs }: WorkPoolOptions): WorkPool<T> {
  const closing = new AbortController();
  // Each piece of work listens twice, and that is no leak.
  setMaxListeners(concurrency * 2, closing.signal);
  const underWay = new Map<string, Promise<T>>();
  const waiting: Deferred<void>[] = [];
  let running = 0;

  const takeTurn = async (): Promise<void> => {
    if (running < concurrency) {
      running++;
      return;
    }
    const turn = deferred<void>();
    waiting.push(turn);
    await turn.promise;
  };
  const passTurn = (): void => {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next.resolve();
  };

  const inTurn = async (work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    await takeTurn();
    try {
      return await withTimeout(limitMs, closing.signal, work);
    } finally {
      passTurn();
    }
  };

  return {
    run(key, work) {
      if (closing.signal.aborted) return Promise.reject(new AbortedError(closing.signal.reason));
      const known = underWay.get(key);
      if (known !== undefined) return known;
      if (running >= concurrency && waiting.length >= maxWaiting)
        return Promise.reject(new QueueFullError(maxWaiting));
      const result = inTurn(work).finally(() => underWay.delete(key));
      underWay.set(key, result);
      return result;
    },
    async close() {
      closing.abort(new AbortedError('The pool is closed.'));
      for (const turn of waiting.splice(0)) turn.reject(new AbortedError(closing.signal.reason));
      await Promise.allSettled(underWay.values());
    },
  };
}
