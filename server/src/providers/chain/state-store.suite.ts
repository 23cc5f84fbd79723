import { expect, it } from 'vitest';
import type { ChainStateStore, ProviderState } from './state-store.ts';

const NOW = 1_795_219_200_000;
const open: ProviderState = {
  chain: 'voice',
  provider: 'edge_tts',
  openUntil: NOW + 86_400_000,
  failures: 4,
  coolDownMs: 60_000,
  limitedMs: 120_000,
  changedAt: NOW,
};

/** What every `ChainStateStore` does. */
export function chainStateSuite(makeStore: () => ChainStateStore | Promise<ChainStateStore>): void {
  it('knows nothing at first, and then what it was told', async () => {
    const store = await makeStore();
    expect(await store.load()).toEqual([]);
    await store.save(open);
    expect(await store.load()).toEqual([open]);
  });

  it('keeps the latest state of a provider, whatever came last', async () => {
    const store = await makeStore();
    const closed = { ...open, openUntil: null, failures: 0, changedAt: NOW + 2 };
    await store.save(open);
    await store.save(closed);
    await store.save({ ...open, changedAt: NOW + 1 });
    await store.save({ ...open, changedAt: NOW + 2 });
    expect(await store.load()).toEqual([closed]);
  });

  it('tells chains and providers apart', async () => {
    const store = await makeStore();
    const states = [open, { ...open, chain: 'ears' }, { ...open, provider: 'azure_tts' }];
    for (const state of states) await store.save(state);
    const loaded = await store.load();
    expect(loaded).toHaveLength(3);
    expect(loaded).toEqual(expect.arrayContaining(states));
  });

  it('ends with the latest of many written at once', async () => {
    const store = await makeStore();
    const states = Array.from({ length: 20 }, (_, index) => ({
      ...open,
      failures: index,
      changedAt: NOW + index,
    }));
    await Promise.all([...states].reverse().map((state) => store.save(state)));
    await Promise.all(states.map((state) => store.save(state)));
    expect(await store.load()).toEqual([states.at(-1)]);
  });
}
