import type { CircuitRecord } from './circuit.ts';

/** What is known of one provider in one chain, for all processes that ask it. */
export interface ProviderState extends CircuitRecord {
  readonly chain: string;
  readonly provider: string;
  /** Milliseconds since the Unix epoch; of two states the later one holds. */
  readonly changedAt: number;
}

/** Keeps what chains found out about their providers, across processes and restarts. */
export interface ChainStateStore {
  /** The latest state of every provider that was ever kept, in no order. */
  load(): Promise<readonly ProviderState[]>;
  /** Keeps `state` unless one of the same provider that changed at the same time or later is there. */
  save(state: ProviderState): Promise<void>;
}

/** States in this process: for tests, and where there is nothing to share. */
export function createMemoryChainState(): ChainStateStore {
  const states = new Map<string, ProviderState>();
  return {
    load: () => Promise.resolve([...states.values()]),
    save(state) {
      const key = JSON.stringify([state.chain, state.provider]);
      const known = states.get(key);
      if (known === undefined || known.changedAt < state.changedAt) states.set(key, state);
      return Promise.resolve();
    },
  };
}
