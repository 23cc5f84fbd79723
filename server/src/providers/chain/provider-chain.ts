import type { Availability, Provider } from '../spec/provider.ts';
import type { ChainStatus } from './member-status.ts';
import { Members, type ChainOptions } from './members.ts';

/** What chains of every kind do alike: all that is about their members and not about what is asked of them. */
export abstract class ProviderChain<P extends Provider> {
  protected readonly members: Members<P>;

  /** @throws {RangeError} when `providers` is empty. */
  constructor(providers: readonly P[], options: ChainOptions) {
    this.members = new Members(providers, options);
  }

  availability(): Availability {
    return this.members.availability();
  }

  preload(signal: AbortSignal): Promise<void> {
    return this.members.preload(signal);
  }

  unload(): Promise<void> {
    return this.members.unload();
  }

  status(): ChainStatus {
    return this.members.status();
  }

  close(): Promise<void> {
    return this.members.close();
  }
}
