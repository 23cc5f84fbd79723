import { AbortedError, childOf } from '../../lib/abort.ts';
import type { ChatChunk, ChatMessage, ChatRequest, LanguageModel } from '../spec/llm.ts';
import { ProviderError, type ProviderInfo } from '../spec/provider.ts';
import type { Course } from './course.ts';
import type { ChainStatus } from './member-status.ts';
import type { Turn } from './member.ts';
import type { ChainOptions } from './members.ts';
import { ProviderChain } from './provider-chain.ts';
import { startWaiting, within } from '../../lib/timers.ts';

export type LanguageModelChainOptions = Partial<ChainOptions>;

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
  readonly #firstContextTokens: number;

  constructor(providers: readonly LanguageModel[], { id = 'mind', ...options }: LanguageModelChainOptions) {
    super(providers, { ...options, id });
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
    const deadline = request.limitMs === undefined ? Infinity : this.#nowMs() + request.limitMs;
    const course = this.members.course({ language: null });
    for (let turn = course.next(); turn !== undefined; turn = course.next()) {
      if (yield* this.#answer(turn, request, { course, deadline }, signal)) return;
      if (this.#nowMs() >= deadline) break;
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
    const { provider, pace } = turn;
    const { clock, timers } = this.members;
    const node = childOf(signal);
    let source: ChatChunk & { type: 'source' } = {
      type: 'source',
      provider: provider.info.id,
      skipped: [...course.skipped],
    };
    const sinceAsked = startWaiting(clock, timers);
    const firstTextAt = this.#nowMs() + this.#firstTextLimit(turn, course, deadline);
    let chunks: AsyncIterator<ChatChunk> | undefined;
    let hasBegun = false;
    let isOver = false;
    let longestWaitMs = 0;
    try {
      const answer = provider.chat(this.#fit(request, provider, deadline), node.signal);
      const reading = answer[Symbol.asyncIterator]();
      chunks = reading;
      while (true) {
        const askedMs = this.#nowMs();
        const waited = startWaiting(clock, timers);
        const limitMs = hasBegun
          ? Math.min(pace.limitMs('next_output', { isLast: true }), deadline - askedMs)
          : firstTextAt - askedMs;
        const next = await within(reading.next(), {
          limitMs: Math.max(0, Math.ceil(limitMs)),
          timers,
          signal,
        });
        if (hasBegun) longestWaitMs = Math.max(longestWaitMs, waited());
        if (next.done === true) break;
        const chunk = next.value;
        if (chunk.type === 'source') {
          source = { ...chunk, skipped: [...source.skipped, ...chunk.skipped] };
          continue;
        }
        if (chunk.type === 'text-delta') {
          if (typeof chunk.text !== 'string') {
            throw new ProviderError('failed', provider.info.id, 'it answered with something that is no text');
          }
          if (chunk.text === '') continue;
        }
        if (!hasBegun) {
          hasBegun = true;
          pace.answered('first_output', sinceAsked());
          yield source;
        }
        if (chunk.type === 'finish') {
          isOver = true;
          pace.answered('next_output', longestWaitMs);
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
      if (failure.kind === 'timeout') pace.timedOut(hasBegun ? 'next_output' : 'first_output');
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
  #firstTextLimit({ pace }: Turn<LanguageModel>, course: Course<LanguageModel>, deadline: number): number {
    const hasMore = course.hasMore();
    const left = Math.max(0, deadline - this.#nowMs());
    return Math.min(pace.limitMs('first_output', { isLast: !hasMore }), hasMore ? left / 2 : left);
  }

  #nowMs(): number {
    return this.members.clock.monotonicMs();
  }

  /** The request as `provider` can take it: in the time that is left, and shorter where it remembers less. */
  #fit(request: ChatRequest, provider: LanguageModel, deadline: number): ChatRequest {
    const messages =
      provider.contextTokens < this.#firstContextTokens ? lastOf(request.messages) : request.messages;
    if (deadline === Infinity) return { ...request, messages };
    return { ...request, messages, limitMs: Math.max(0, Math.floor(deadline - this.#nowMs())) };
  }
}

/** What the system says, and the last messages of the conversation. */
function lastOf(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const conversation = messages.filter(({ role }) => role !== 'system');
  const kept = new Set(conversation.slice(-MESSAGES_FOR_SMALLER));
  return messages.filter((message) => message.role === 'system' || kept.has(message));
}
