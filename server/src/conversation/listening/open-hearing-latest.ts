/** The latest words that were heard: who reads slowly misses those between. For one reader. */
export interface LatestWords extends AsyncIterable<string> {
  /** Empty words and the same again are not passed on. */
  put(words: string): void;
  /** Ends the iteration after the latest words. */
  end(): void;
}

export function createLatestWords(): LatestWords {
  let last = '';
  let unread: string | undefined;
  let isEnded = false;
  let wake = () => {};
  return {
    put(words) {
      if (isEnded || words === '' || words === last) return;
      last = words;
      unread = words;
      wake();
    },
    end() {
      isEnded = true;
      wake();
    },
    async *[Symbol.asyncIterator]() {
      while (true) {
        if (unread !== undefined) {
          const words = unread;
          unread = undefined;
          yield words;
        } else if (isEnded) {
          return;
        } else {
          await new Promise<void>((resolve) => (wake = resolve));
        }
      }
    },
  };
}
