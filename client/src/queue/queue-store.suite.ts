import { expect, it } from 'vitest';

import type { QueueStore } from './queue-store.ts';

/** What a suite needs of a store: one that is open, and the same after the process died. */
export interface StoreUnderTest {
  readonly store: QueueStore;
  /** Another store over the same records, as after a restart. */
  reopen(): Promise<QueueStore>;
}

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);

/** The contract of every {@link QueueStore}. `setUp` gives an empty one for each test. */
export function describeQueueStore(setUp: () => Promise<StoreUnderTest>): void {
  it('is empty at first', async () => {
    const { store } = await setUp();
    expect(await store.open()).toEqual([]);
    expect(await store.read('turn-1')).toBeNull();
    await store.remove('turn-1');
  });

  it('keeps what was written, byte for byte, over a restart', async () => {
    const { store, reopen } = await setUp();
    const sound = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7919) % 256);
    await store.open();
    await store.write('turn-000000000002', sound);
    await store.write('turn-000000000001', bytes());
    await store.write('done-000000000001', bytes(10, 13, 0, 255));
    const after = await reopen();
    expect(await after.open()).toEqual(['done-000000000001', 'turn-000000000001', 'turn-000000000002']);
    expect(await after.read('turn-000000000002')).toEqual(sound);
    expect(await after.read('turn-000000000001')).toEqual(bytes());
    expect(await after.read('done-000000000001')).toEqual(bytes(10, 13, 0, 255));
  });

  it('replaces and deletes, for good', async () => {
    const { store, reopen } = await setUp();
    await store.open();
    await store.write('held-abc', bytes(1, 2, 3));
    await store.write('held-abc', bytes(9));
    await store.write('again-abc', bytes(4));
    await store.remove('again-abc');
    expect(await store.read('held-abc')).toEqual(bytes(9));
    const after = await reopen();
    expect(await after.open()).toEqual(['held-abc']);
    expect(await after.read('held-abc')).toEqual(bytes(9));
    expect(await after.read('again-abc')).toBeNull();
  });

  it('keeps its own copy', async () => {
    const { store } = await setUp();
    await store.open();
    const given = bytes(1, 2, 3, 4).subarray(1, 3);
    await store.write('turn-1', given);
    given[0] = 99;
    const read = await store.read('turn-1');
    expect(read).toEqual(bytes(2, 3));
    read![0] = 77;
    expect(await store.read('turn-1')).toEqual(bytes(2, 3));
  });

  it('takes several at once', async () => {
    const { store } = await setUp();
    await store.open();
    const names = Array.from({ length: 20 }, (_, index) => `turn-${index}`);
    await Promise.all(names.map((name, index) => store.write(name, bytes(index))));
    expect(await Promise.all(names.map((name) => store.read(name)))).toEqual(
      names.map((_, index) => bytes(index)),
    );
  });
}
