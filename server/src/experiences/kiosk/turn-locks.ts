import { AbortedError } from '../../lib/abort.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Deferred } from '../../lib/deferred.ts';
import { waitInLine } from '../../lib/wait-in-line.ts';

/** Turns of one session that may wait for each other; a double tap is two, more is a machine. */
const MAX_WAITING = 8;

/** Lets the turns of one session run one after the other, in the order in which they came. */
export interface TurnLocks {
  /**
   * Runs `work` once every earlier turn with `key` is over.
   *
   * @throws {AppError} OVERLOADED when too many wait; AbortedError when `signal` aborts while waiting.
   */
  run<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export function createTurnLocks(): TurnLocks {
  const queues = new Map<string, Deferred<void>[]>();

  function leave(key: string): void {
    const queue = queues.get(key)!;
    const next = queue.shift();
    if (next === undefined) queues.delete(key);
    else next.resolve();
  }

  async function enter(key: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new AbortedError(signal.reason);
    const queue = queues.get(key);
    if (queue === undefined) {
      queues.set(key, []);
      return;
    }
    if (queue.length >= MAX_WAITING) {
      throw new AppError('OVERLOADED', {
        detail: `${MAX_WAITING} turns of this session wait already. Send one after the other.`,
        retryAfterSeconds: 1,
      });
    }
    await waitInLine(queue, signal);
  }

  return {
    async run(key, signal, work) {
      await enter(key, signal);
      try {
        return await work();
      } finally {
        leave(key);
      }
    },
  };
}
