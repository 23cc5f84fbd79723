import { AbortedError, childOf, withTimeout } from '../../lib/abort.ts';
import type { ChatChunk, ChatMessage, ChatRequest, LanguageModel } from '../spec/llm.ts';
import { ProviderError, type ProviderInfo } from '../spec/provider.ts';
import type { ChainOptions, ChainStatus, Course, Turn } from './members.ts';
import { ProviderChain } from './provider-chain.ts';

export interface LanguageModelChainOptions extends Partial<ChainOptions> {
  /** Time that each provider has until its first text, 5 s; then the next one is asked. */
  readonly firstTextLimitMs?: number;
  /** Time between two pieces once it answers, 5 s; then the request fails. */
  readonly chunkLimitMs?: number;
}

/** Minds in order of preference, which are a mind themselves. */
export interface LanguageModelChain extends LanguageModel {
  status(): ChainStatus;
}

/** What is left of a conversation when a smaller mind than the first one takes over. */
const MESSAGES_FOR_SMALLER = 10;

/** @throws {RangeError} when `providers` is empty. */
export function createLanguageModelChain(
  providers: readonly LanguageModel[],
  options: LanguageModelChainOptions = {},
): LanguageModelChain {
  return new Chain(providers, options);
}

class Chain extends ProviderChain<LanguageModel> implements LanguageModelChain {
  readonly kind = 'llm';
  readonly #firstTextLimitMs: number;
  readonly #chunkLimitMs: number;
  readonly #firstContextTokens: number;

  constructor(
    providers: readonly LanguageModel[],
    { firstTextLimitMs = 5_000, chunkLimitMs = 5_000, id = 'mind', ...options }: LanguageModelChainOptions,
  ) {
    super(providers, { ...options, id });
    this.#firstTextLimitMs = firstTextLimitMs;
    this.#chunkLimitMs = chunkLimitMs;
    this.#firstContextTokens = providers[0]!.contextTokens;
  }

  get info(): ProviderInfo {
    return this.members.info('Mind');
  }

  /** Of the mind that the next request would go to. */
  get contextTokens(): number {
    return this.members.current.contextTokens;
  }

  async *chat(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatChunk, void, void> {
    if (signal.aborted) throw new AbortedError(signal.reason);
    const deadline = request.limitMs === undefined ? Infinity : performance.now() + request.limitMs;
    const course = this.members.course(null);
    for (let turn = course.next(); turn !== undefined; turn = course.next()) {
      if (yield* this.#answer(turn, request, { course, deadline }, signal)) return;
      if (performance.now() >= deadline) break;
    }
    throw course.exhausted();
  }

  /**
   * Lets one mind answer. False when it failed before its first text, so that another may.
   *
   * @throws {ProviderError} when it fails later: nobody goes on with another's sentence.
   */
  async *#answer(
    turn: Turn<LanguageModel>,
    request: ChatRequest,
    { course, deadline }: { readonly course: Course<LanguageModel>; readonly deadline: number },
    signal: AbortSignal,
  ): AsyncGenerator<ChatChunk, boolean, void> {
    const { provider } = turn;
    const node = childOf(signal);
    let source: ChatChunk & { type: 'source' } = {
      type: 'source',
      provider: provider.info.id,
      skipped: [...course.skipped],
    };
    const firstTextAt = performance.now() + this.#firstTextLimit(deadline, course.hasMore());
    let chunks: AsyncIterator<ChatChunk> | undefined;
    let hasBegun = false;
    let isOver = false;
    try {
      chunks = provider.chat(this.#fit(request, provider, deadline), node.signal)[Symbol.asyncIterator]();
      const reading = chunks;
      while (true) {
        const limitMs = hasBegun
          ? Math.min(this.#chunkLimitMs, deadline - performance.now())
          : firstTextAt - performance.now();
        const next = await withTimeout(Math.max(0, Math.ceil(limitMs)), signal, () => reading.next());
        if (next.done === true) break;
        const chunk = next.value;
        if (chunk.type === 'source') {
          source = { ...chunk, skipped: [...source.skipped, ...chunk.skipped] };
          continue;
        }
        if (chunk.type === 'text-delta' && chunk.text === '') continue;
        if (!hasBegun) {
          hasBegun = true;
          yield source;
        }
        if (chunk.type === 'finish') {
          isOver = true;
          turn.succeed();
          yield chunk;
          return true;
        }
        yield chunk;
      }
      throw new ProviderError('failed', provider.info.id, 'its answer has no end');
    } catch (error) {
      if (isOver) throw error;
      isOver = true;
      if (signal.aborted) {
        turn.abort();
        throw new AbortedError(signal.reason);
      }
      const failure = turn.fail(error);
      if (hasBegun) throw failure;
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

  /** With others to ask after it, one mind may take half of what is left, so that they have time too. */
  #firstTextLimit(deadline: number, hasMore: boolean): number {
    const left = Math.max(0, deadline - performance.now());
    return Math.min(this.#firstTextLimitMs, hasMore ? left / 2 : left);
  }

  /** The request as `provider` can take it: in the time that is left, and shorter where it remembers less. */
  #fit(request: ChatRequest, provider: LanguageModel, deadline: number): ChatRequest {
    const messages =
      provider.contextTokens < this.#firstContextTokens ? lastOf(request.messages) : request.messages;
    if (deadline === Infinity) return { ...request, messages };
    return { ...request, messages, limitMs: Math.max(0, Math.floor(deadline - performance.now())) };
  }
}

/** What the system says, and the last messages of the conversation. */
function lastOf(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const conversation = messages.filter(({ role }) => role !== 'system');
  const kept = new Set(conversation.slice(-MESSAGES_FOR_SMALLER));
  return messages.filter((message) => message.role === 'system' || kept.has(message));
}
