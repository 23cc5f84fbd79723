import { AbortedError, withTimeout } from '../../lib/abort.ts';
import type { ProviderInfo } from '../spec/provider.ts';
import type { SpeechToText, Transcription, Utterance } from '../spec/stt.ts';
import type { ChainOptions, ChainStatus } from './members.ts';
import { ProviderChain } from './provider-chain.ts';

export interface SpeechToTextChainOptions extends Partial<ChainOptions> {
  /** Time that each provider has for an utterance, 10 s; then the next one is asked. */
  readonly limitMs?: number;
}

/** Ears in order of preference, which are ears themselves. */
export interface SpeechToTextChain extends SpeechToText {
  status(): ChainStatus;
}

/** @throws {RangeError} when `providers` is empty. */
export function createSpeechToTextChain(
  providers: readonly SpeechToText[],
  options: SpeechToTextChainOptions = {},
): SpeechToTextChain {
  return new Chain(providers, options);
}

class Chain extends ProviderChain<SpeechToText> implements SpeechToTextChain {
  readonly kind = 'stt';
  readonly #limitMs: number;

  constructor(
    providers: readonly SpeechToText[],
    { limitMs = 10_000, id = 'ears', ...options }: SpeechToTextChainOptions,
  ) {
    super(providers, { ...options, id });
    this.#limitMs = limitMs;
  }

  get info(): ProviderInfo {
    return this.members.info('Ears');
  }

  async transcribe(utterance: Utterance, signal: AbortSignal): Promise<Transcription> {
    if (signal.aborted) throw new AbortedError(signal.reason);
    const course = this.members.course(utterance.language);
    for (let turn = course.next(); turn !== undefined; turn = course.next()) {
      const { provider } = turn;
      try {
        const heard = await withTimeout(this.#limitMs, signal, (limited) =>
          provider.transcribe(utterance, limited),
        );
        turn.succeed();
        const skipped = [...course.skipped, ...(heard.skipped ?? [])];
        return skipped.length === 0 ? heard : { ...heard, skipped };
      } catch (error) {
        if (signal.aborted) {
          turn.abort();
          throw new AbortedError(signal.reason);
        }
        turn.fail(error);
      }
    }
    throw course.exhausted();
  }
}
