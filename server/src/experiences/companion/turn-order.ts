import { AppError } from '../../errors/app-error.ts';
import { QueueFullError } from '../../lib/bounded-queue.ts';
import { createTurnstile, type Turnstile } from '../../lib/turnstile.ts';

/** Turns of one session that may wait for each other; a double tap is two, more is a machine. */
const MAX_WAITING = 8;

/** Lets the turns of one session run one after the other, in the order in which they came. */
export interface TurnOrder {
  /**
   * Runs `work` once every earlier work of the session is over.
   *
   * @throws {AppError} OVERLOADED when too many wait; AbortedError when `signal` aborts while waiting.
   */
  run<T>(sessionId: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export function createTurnOrder(): TurnOrder {
  const doors = new Map<string, Turnstile>();
  return {
    async run(sessionId, signal, work) {
      const door = doors.get(sessionId) ?? createTurnstile({ places: () => 1, maxWaiting: MAX_WAITING });
      doors.set(sessionId, door);
      try {
        const leave = await door.enter(signal).catch(tooMany);
        try {
          return await work();
        } finally {
          leave();
        }
      } finally {
        if (door.inside === 0 && door.waiting === 0) doors.delete(sessionId);
      }
    },
  };
}

function tooMany(error: unknown): never {
  if (!(error instanceof QueueFullError)) throw error;
  throw new AppError('OVERLOADED', {
    detail: `${MAX_WAITING} turns of this session wait already. Send one after the other.`,
    cause: error,
    retryAfterSeconds: 1,
  });
}
