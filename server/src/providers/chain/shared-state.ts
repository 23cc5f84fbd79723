import type { Clock } from '../../lib/clock.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLogger, type Logger } from '../../telemetry/logger.ts';
import type { Circuit, CircuitRecord } from './circuit.ts';
import type { ChainStateStore, ProviderState } from './state-store.ts';
import { systemTimers, within, type Timers } from '../../lib/timers.ts';

export interface SharedStateOptions {
  readonly store: ChainStateStore;
  readonly clock?: Clock;
  readonly timers?: Timers;
  readonly logger?: Logger;
  /** Least time between two reads of the store, 2 s. Nothing is read while no chain is asked anything. */
  readonly lookEveryMs?: number;
}

/**
 * Circuits of all chains of this process, held together with those of other processes by a store. No call ever waits for the
 * store: what is read and written goes on beside it, and without the store each process goes by what it found out itself.
 */
export interface SharedState {
  /** Makes `circuit` one with those of the same chain and provider elsewhere. */
  attach(chain: string, provider: string, circuit: Circuit): void;
  /** A circuit changed here: to be written. */
  changed(chain: string, provider: string, record: CircuitRecord): void;
  /** Reads beside the call that asks, when the last time was long enough ago. */
  look(): void;
  /** Reads now; for the start of a server. Never rejects. */
  refresh(signal: AbortSignal): Promise<void>;
  /** Writes what is unwritten, within 5 s, and neither reads nor writes from then on. Idempotent; never rejects. */
  close(): Promise<void>;
}

const STORE_LIMIT_MS = 5_000;

export function createSharedState(options: SharedStateOptions): SharedState {
  return new SharedCircuits(options);
}

class SharedCircuits implements SharedState {
  readonly #store: ChainStateStore;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #logger: Logger;
  readonly #lookEveryMs: number;
  readonly #ended = new AbortController();
  readonly #circuits = new Map<string, Circuit>();
  /** When what is in force for a provider changed, here or elsewhere. */
  readonly #changedAt = new Map<string, number>();
  /** The latest state of each provider that is not written yet: as many as there are providers at most. */
  readonly #unwritten = new Map<string, ProviderState>();
  #lookedAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;
  #writing: Promise<void> | undefined;
  #isFailing = false;
  #isClosed = false;

  constructor({
    store,
    clock = systemClock,
    timers = systemTimers,
    logger = silentLogger,
    lookEveryMs = 2_000,
  }: SharedStateOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#timers = timers;
    this.#logger = logger;
    this.#lookEveryMs = lookEveryMs;
  }

  attach(chain: string, provider: string, circuit: Circuit): void {
    this.#circuits.set(keyOf(chain, provider), circuit);
  }

  changed(chain: string, provider: string, record: CircuitRecord): void {
    if (this.#isClosed) return;
    const key = keyOf(chain, provider);
    // Later than all that was seen, even where another machine's clock is ahead.
    const changedAt = Math.max(this.#clock.now(), (this.#changedAt.get(key) ?? 0) + 1);
    this.#changedAt.set(key, changedAt);
    this.#unwritten.set(key, { chain, provider, ...record, changedAt });
    this.#write();
  }

  look(): void {
    const now = this.#clock.monotonicMs();
    if (this.#isClosed || now - this.#lookedAt < this.#lookEveryMs) return;
    this.#lookedAt = now;
    void this.#read();
    this.#write();
  }

  async refresh(signal: AbortSignal): Promise<void> {
    if (this.#isClosed) return;
    this.#lookedAt = this.#clock.monotonicMs();
    await within(this.#read(), { limitMs: STORE_LIMIT_MS, timers: this.#timers, signal }).catch(() => {});
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#write();
    await this.#writing;
    this.#ended.abort();
    await this.#reading;
  }

  /** Never rejects. */
  #read(): Promise<void> {
    this.#reading ??= this.#ask(() => this.#store.load())
      .then(
        (states) => states.forEach((state) => this.#take(state)),
        () => {},
      )
      .finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  #take(state: ProviderState): void {
    const key = keyOf(state.chain, state.provider);
    if (state.changedAt <= (this.#changedAt.get(key) ?? 0)) return;
    this.#changedAt.set(key, state.changedAt);
    this.#circuits.get(key)?.adopt(state);
  }

  #write(): void {
    if (this.#writing === undefined && this.#unwritten.size > 0) this.#writing = this.#writeAll();
  }

  /** Never rejects. What can't be written waits for the next look. */
  async #writeAll(): Promise<void> {
    try {
      for (let next = first(this.#unwritten); next !== undefined; next = first(this.#unwritten)) {
        const [key, state] = next;
        await this.#ask(() => this.#store.save(state));
        if (this.#unwritten.get(key) === state) this.#unwritten.delete(key);
      }
    } catch {
      // Told of by #ask.
    } finally {
      this.#writing = undefined;
    }
  }

  /** Tells of the first failure in a row only: a store that is gone is asked every few seconds. */
  async #ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      const { signal } = this.#ended;
      const answer = await within(work(), { limitMs: STORE_LIMIT_MS, timers: this.#timers, signal });
      this.#isFailing = false;
      return answer;
    } catch (error) {
      if (!this.#isFailing && !this.#isClosed) {
        this.#logger.warn({ err: error }, 'states of providers are not shared at the moment');
      }
      this.#isFailing = true;
      throw error;
    }
  }
}

function keyOf(chain: string, provider: string): string {
  return JSON.stringify([chain, provider]);
}

function first<K, V>(map: ReadonlyMap<K, V>): [K, V] | undefined {
  return map.entries().next().value;
}
