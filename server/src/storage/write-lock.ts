import { AppError } from '../errors/app-error.ts';

/** Gives the one right to write, first come, first served. */
export interface WriteLock {
  /**
   * The function that gives the right back; calling it twice is harmless.
   *
   * @throws {AppError} OVERLOADED when too many wait already or the wait takes longer than its limit.
   */
  acquire(): Promise<() => void>;
  /** Ends those who wait, and those who come. */
  close(): void;
}

export interface WriteLockOptions {
  /** How many may wait at most. */
  readonly maxWaiting: number;
  /** How long one may wait, in milliseconds. */
  readonly waitLimitMs: number;
}

interface Waiting {
  grant(): void;
  refuse(error: Error): void;
}

export function createWriteLock({ maxWaiting, waitLimitMs }: WriteLockOptions): WriteLock {
  const waiting = new Set<Waiting>();
  let taken = false;
  let closed = false;

  const busy = (why: string) =>
    new AppError('OVERLOADED', {
      detail: `The database is busy: ${why}. Try again shortly.`,
      retryAfterSeconds: 1,
    });

  const hold = () => {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const [next] = waiting;
      if (next === undefined) taken = false;
      else next.grant();
    };
  };

  return {
    acquire() {
      if (closed) return Promise.reject(new AppError('SHUTTING_DOWN'));
      if (!taken) {
        taken = true;
        return Promise.resolve(hold());
      }
      if (waiting.size >= maxWaiting) return Promise.reject(busy(`${maxWaiting} writers wait already`));
      return new Promise((resolve, reject) => {
        const leave = () => {
          clearTimeout(timer);
          waiting.delete(entry);
        };
        const entry: Waiting = {
          grant: () => {
            leave();
            resolve(hold());
          },
          refuse: (error) => {
            leave();
            reject(error);
          },
        };
        const timer = setTimeout(
          () => entry.refuse(busy(`no turn to write within ${waitLimitMs} ms`)),
          waitLimitMs,
        );
        waiting.add(entry);
      });
    },
    close() {
      closed = true;
      for (const entry of waiting) entry.refuse(new AppError('SHUTTING_DOWN'));
    },
  };
}
