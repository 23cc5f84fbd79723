import { deferred, type Deferred } from '../../lib/deferred.ts';

/** The newest of a value that changes, for one reader: who reads slowly misses the ones between. */
export interface Latest<T> extends AsyncIterable<T> {
  /** Ignored when it is the same as the last one, or after the end. */
  set(value: T): void;
  /** The reader still gets the newest value, then the end. */
  end(): void;
}

export function createLatest<T>(): Latest<T> {
  let last: { readonly value: T } | undefined;
  let unread = false;
  let ended = false;
  let waiting: Deferred<void> | undefined;
  const wake = () => {
    waiting?.resolve();
    waiting = undefined;
  };
  return {
    set(value) {
      if (ended || (last !== undefined && last.value === value)) return;
      last = { value };
      unread = true;
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        if (unread && last !== undefined) {
          unread = false;
          yield last.value;
        } else if (ended) return;
        else await (waiting ??= deferred()).promise;
      }
    },
  };
}
