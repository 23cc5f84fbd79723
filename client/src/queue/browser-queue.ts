import { createTurnQueue, type TurnQueueOptions } from './create-turn-queue.ts';
import { createIndexedDbStore } from './indexed-db-store.ts';
import type { TurnQueue } from './turn-queue.ts';

export interface BrowserQueueOptions extends Omit<TurnQueueOptions, 'store'> {
  /** Of its database in the browser. Default `malbeot-queue`. */
  readonly name?: string | undefined;
}

/** The offline queue of a page: it survives a reload, and tries at once when the browser says that the network is back. */
export function createBrowserQueue({
  name = 'malbeot-queue',
  ...options
}: BrowserQueueOptions = {}): TurnQueue {
  const queue = createTurnQueue({ ...options, store: createIndexedDbStore(name) });
  const onOnline = () => queue.wake();
  globalThis.addEventListener?.('online', onOnline);
  return {
    attach: (link) => queue.attach(link),
    submit: (source, language, signal) => queue.submit(source, language, signal),
    get session() {
      return queue.session;
    },
    leave: () => queue.leave(),
    wake: () => queue.wake(),
    status: () => queue.status(),
    settled: (signal) => queue.settled(signal),
    release: (conversation) => queue.release(conversation),
    discard: (conversation) => queue.discard(conversation),
    close() {
      globalThis.removeEventListener?.('online', onOnline);
      return queue.close();
    },
  };
}
