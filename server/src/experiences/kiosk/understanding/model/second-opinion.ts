import type { Skipped } from '../../../../providers/spec/provider.ts';
import type { Act, Understanding } from '../acts.ts';
import { isWorthAsking, mergeReading } from './merge-reading.ts';
import type { ModelReader } from './model-reader.ts';
import type { ModelInput } from './prompt.ts';

/** What an utterance means, and who found that out. */
export interface Opinion {
  readonly acts: readonly Act[];
  /** For `meta.providers.mind`: `rules`, or `rules+<provider>` where a model's reading counts. */
  readonly mind: string;
  /** Models that were asked and gave nothing. */
  readonly skipped: readonly Skipped[];
}

/**
 * The rules' understanding, with the help of `model` where the rules are unsure. Whatever happens to the model, what the
 * rules understood stands.
 *
 * @throws {AbortedError} when `signal` aborts.
 */
export async function secondOpinion(
  understood: Understanding,
  input: ModelInput,
  model: ModelReader | null,
  signal: AbortSignal,
): Promise<Opinion> {
  const { acts } = understood;
  const reading = model === null || !isWorthAsking(understood) ? null : await model.read(input, signal);
  if (reading === null) return { acts, mind: 'rules', skipped: [] };
  const { provider, skipped } = reading;
  const merged = mergeReading(acts, reading.acts);
  const mind = merged === acts || provider === null ? 'rules' : `rules+${provider}`;
  return { acts: merged, mind, skipped };
}
