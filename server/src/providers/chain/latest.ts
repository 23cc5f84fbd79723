/** A value of which only the latest counts: who reads slowly misses those between. For one reader. */
export interface Latest<T> extends AsyncIterable<T> {
  put(value: T): void;
  /** Ends the iteration after the latest value. */
  end(): void;
}

export function createLatest<T>(): Latest<T> {
  let latest: { readonly value: T } | undefined;
  let isEnded = false;
  let wake = () => {};
  return {
    put(value) {
      if (isEnded) return;
      latest = { value };
      wake();
    },
    end() {
      isEnded = true;
      wake();
    },
    async *[Symbol.asyncIterator]() {
      while (true) {
        if (latest !== undefined) {
          const { value } = latest;
          latest = undefined;
          yield value;
        } else if (isEnded) {
          return;
        } else {
          await new Promise<void>((resolve) => (wake = resolve));
        }
      }
    },
  };
}
