import { deferred, type Deferred } from './deferred.ts';

/** A value of which only the latest counts: who reads slowly misses those between. For one reader. */
export interface Latest<T> extends AsyncIterable<T> {
  /** Ignored when it is the same as the last one, or after the end. */
  put(value: T): void;
  /** The reader still gets the latest value, then the end. */
  end(): void;
}

export function createLatest<T>(): Latest<T> {
  let last: { readonly value: T } | undefined;
  let isUnread = false;
  let isEnded = false;
  let waiting: Deferred<void> | undefined;
  const wake = () => {
    waiting?.resolve();
    waiting = undefined;
  };
  return {
    put(value) {
      if (isEnded || (last !== undefined && last.value === value)) return;
      last = { value };
      isUnread = true;
      wake();
    },
    end() {
      isEnded = true;
      wake();
    },
    async *[Symbol.asyncIterator]() {
      while (true) {
        if (isUnread && last !== undefined) {
          isUnread = false;
          yield last.value;
        } else if (isEnded) {
          return;
        } else {
          await (waiting ??= deferred()).promise;
        }
      }
    },
  };
}
