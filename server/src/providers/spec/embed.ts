import type { Provider } from './provider.ts';

/** Text to vectors of one length. */
export interface Embedder extends Provider {
  readonly kind: 'embed';
  readonly dimensions: number;
  /**
   * One unit vector a text, in order.
   *
   * @throws {ProviderError} as mapped by the provider; `AbortedError` when `signal` aborts.
   */
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]>;
}
