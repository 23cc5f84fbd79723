import type { Provider } from './provider.ts';

/** Hears whether somebody who paused has finished, by how it sounds and not by the words. */
export interface TurnEndDetector extends Provider {
  readonly kind: 'turn_end';
  /**
   * Probability, 0..1, that the person has finished; null where it can't be told in time: too many ask, or the model is away.
   * Answers within half a second. Keeps none of the samples once it has answered.
   *
   * @param samples What was said since the person began, the pause included, mono at 16,000 Hz; the last 8 s count.
   * @throws {ProviderError} `unavailable` once it is closed; `AbortedError` when `signal` aborts.
   */
  judge(samples: Float32Array, signal: AbortSignal): Promise<number | null>;
}
