import { AbortedError, childOf, withTimeout } from '../../lib/abort.ts';
import { ProviderError, type ProviderInfo, type Skipped } from '../spec/provider.ts';
import type { SpeechChunk, SpeechRequest, TextToSpeech } from '../spec/tts.ts';
import type { ChainOptions, ChainStatus, Turn } from './members.ts';
import { ProviderChain } from './provider-chain.ts';

export interface TextToSpeechChainOptions extends Partial<ChainOptions> {
  /** Time that each provider has until its first sound, 5 s; then the next one is asked. */
  readonly firstSoundLimitMs?: number;
  /** Time between two chunks once it speaks, 5 s; then the request fails. */
  readonly chunkLimitMs?: number;
}

/** Voices in order of preference, which are a voice themselves. */
export interface TextToSpeechChain extends TextToSpeech {
  status(): ChainStatus;
}

/** @throws {RangeError} when `providers` is empty. */
export function createTextToSpeechChain(
  providers: readonly TextToSpeech[],
  options: TextToSpeechChainOptions = {},
): TextToSpeechChain {
  return new Chain(providers, options);
}

type SourceChunk = Extract<SpeechChunk, { type: 'source' }>;

class Chain extends ProviderChain<TextToSpeech> implements TextToSpeechChain {
  readonly kind = 'tts';
  readonly #firstSoundLimitMs: number;
  readonly #chunkLimitMs: number;

  constructor(
    providers: readonly TextToSpeech[],
    { firstSoundLimitMs = 5_000, chunkLimitMs = 5_000, id = 'voice', ...options }: TextToSpeechChainOptions,
  ) {
    super(providers, { ...options, id });
    this.#firstSoundLimitMs = firstSoundLimitMs;
    this.#chunkLimitMs = chunkLimitMs;
  }

  get info(): ProviderInfo {
    return this.members.info('Voice');
  }

  /** That of the voice which the next request would get; the `source` chunk has that of the voice it got. */
  get revision(): string {
    return this.members.current.revision;
  }

  async *synthesize(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk, void, void> {
    if (signal.aborted) throw new AbortedError(signal.reason);
    const course = this.members.course(request.language);
    for (let turn = course.next(); turn !== undefined; turn = course.next()) {
      if (yield* this.#speak(turn, request, course.skipped, signal)) return;
    }
    throw course.exhausted();
  }

  /**
   * Lets one voice speak. False when it failed before its first sound, so that another may.
   *
   * @throws {ProviderError} when it fails later: nobody takes over in mid-sentence.
   */
  async *#speak(
    turn: Turn<TextToSpeech>,
    request: SpeechRequest,
    skipped: readonly Skipped[],
    signal: AbortSignal,
  ): AsyncGenerator<SpeechChunk, boolean, void> {
    const { provider } = turn;
    const node = childOf(signal);
    const deadline = performance.now() + this.#firstSoundLimitMs;
    let chunks: AsyncIterator<SpeechChunk> | undefined;
    let source: SourceChunk = {
      type: 'source',
      provider: provider.info.id,
      revision: provider.revision,
      skipped: [...skipped],
    };
    let held: SpeechChunk[] | undefined = [];
    let isOver = false;
    try {
      chunks = provider.synthesize(request, node.signal)[Symbol.asyncIterator]();
      const reading = chunks;
      while (true) {
        const limitMs = held === undefined ? this.#chunkLimitMs : Math.max(0, deadline - performance.now());
        const next = await withTimeout(limitMs, signal, () => reading.next());
        if (next.done === true) break;
        const chunk = next.value;
        if (chunk.type === 'audio' && chunk.samples.length === 0) continue;
        if (chunk.type === 'source') {
          source = { ...chunk, skipped: [...skipped, ...chunk.skipped] };
          if (held === undefined) yield source;
        } else if (held === undefined) {
          yield chunk;
        } else {
          held.push(chunk);
          if (chunk.type !== 'audio') continue;
          const before: SpeechChunk[] = held;
          held = undefined;
          yield source;
          yield* before;
        }
      }
      if (held !== undefined) {
        if (isSpeakable(request.text))
          throw new ProviderError('failed', provider.info.id, 'it gave no sound');
        yield source;
        yield* held;
      }
      isOver = true;
      turn.succeed();
      return true;
    } catch (error) {
      isOver = true;
      if (signal.aborted) {
        turn.abort();
        throw new AbortedError(signal.reason);
      }
      const failure = turn.fail(error);
      if (held === undefined) throw failure;
      return false;
    } finally {
      // Who stops listening has not found a fault.
      if (!isOver) turn.abort();
      // Not waited for: a provider that hangs would hold up the next one here.
      node.abort();
      node.unlink();
      chunks?.return?.()?.catch(() => {});
    }
  }
}

/** True for text that has something to say: letters or digits, not only signs. */
function isSpeakable(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}
