import type { Provider, Skipped } from './provider.ts';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly model?: string;
  /** 0..2. */
  readonly temperature?: number;
  readonly maxTokens?: number;
  /** A JSON schema that the whole answer has to fit. */
  readonly responseSchema?: Readonly<Record<string, unknown>>;
  /**
   * Milliseconds that there are for the whole answer; no limit beside the provider's own when absent. A chain deals it out
   * among those that it asks, and holds it against who was too slow.
   */
  readonly limitMs?: number;
}

export type ChatChunk =
  /** First, from a chain only: who answers, and who was passed over. */
  | { readonly type: 'source'; readonly provider: string; readonly skipped: readonly Skipped[] }
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'finish'; readonly reason: 'stop' | 'length' | 'filtered' };

/** Mind: a language model. */
export interface LanguageModel extends Provider {
  readonly kind: 'llm';
  /** Tokens that fit into one request with its answer. */
  readonly contextTokens: number;
  /** @throws {ProviderError} as mapped by the provider; `AbortedError` when `signal` aborts. */
  chat(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatChunk>;
}
