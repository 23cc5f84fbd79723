import { createBrowserQueue, isQueued, VoiceClient, type TurnDelivery } from '../src/index.ts';

import { createIndexedDbStore } from '../src/queue/indexed-db-store.ts';

/** What a test calls in the page. */
export interface QueuePage {
  readonly createStore: typeof createIndexedDbStore;
  /** Says all, one after the other; true for each that was queued. */
  say(texts: readonly string[]): Promise<readonly boolean[]>;
  /** Turns that wait. */
  waiting(): Promise<number>;
  /** Whether the queue of another client in this page could be opened. */
  readonly openError: () => Promise<string>;
  readonly delivered: TurnDelivery[];
}

const delivered: TurnDelivery[] = [];
const queue = createBrowserQueue({
  name: 'counter',
  onDelivered: (delivery) => void delivered.push(delivery),
});
const voice = new VoiceClient({ queue, maxTries: 1 });

const page: QueuePage = {
  createStore: createIndexedDbStore,
  async say(texts) {
    const results: boolean[] = [];
    for (const text of texts) results.push(isQueued(await voice.sendText(text)));
    return results;
  },
  waiting: async () => (await queue.status()).waiting,
  async openError() {
    try {
      await createIndexedDbStore('counter').open();
      return '';
    } catch (error) {
      return (error as { code: string }).code;
    }
  },
  delivered,
};

Object.assign(globalThis, { queuePage: page });
