import { describe } from 'vitest';

import { createMemoryStore } from './queue-store.ts';
import { describeQueueStore } from './queue-store.suite.ts';

describe('the store in memory', () => {
  describeQueueStore(() => {
    const records = new Map<string, Uint8Array<ArrayBuffer>>();
    const reopen = () => Promise.resolve(createMemoryStore(records));
    return Promise.resolve({ store: createMemoryStore(records), reopen });
  });
});
