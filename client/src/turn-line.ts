import { reasonOf } from './waiting.ts';

/** Runs work one at a time, in the order in which it came. */
export interface TurnLine {
  /** @throws the signal's reason when it aborts while waiting; whatever `full` makes when the line is full. */
  run<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
}

/**
 * A line of at most `limit` pieces of work, the running one included. Turns of one session go through it so that a quick
 * second tap neither overtakes the first nor opens a second session before the first answer has named one.
 */
export function createTurnLine(limit: number, full: () => Error): TurnLine {
  let tail: Promise<unknown> = Promise.resolve();
  let size = 0;

  async function inTurn<T>(
    before: Promise<unknown>,
    work: () => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    try {
      await settledOrAborted(before, signal);
      return await work();
    } finally {
      size -= 1;
    }
  }

  return {
    run(work, signal) {
      if (size >= limit) return Promise.reject(full());
      size += 1;
      const before = tail;
      const result = inTurn(before, work, signal);
      tail = before.then(() => result).catch(() => undefined);
      return result;
    },
  };
}

function settledOrAborted(before: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(reasonOf(signal));
    const onAbort = () => reject(reasonOf(signal!));
    signal?.addEventListener('abort', onAbort, { once: true });
    void before.finally(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
  });
}
