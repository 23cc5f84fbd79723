import type { ChatChunk, ChatRequest, LanguageModel } from '../spec/llm.ts';
import { Scripted, type FakeOptions } from './script.ts';

export interface ScriptedMindOptions extends FakeOptions {
  /** What it says, one answer a call, from the start again at the end. */
  readonly says?: readonly string[];
  readonly contextTokens?: number;
}

/** A mind that says what it was told, a word at a time. It is the same whatever it is asked. */
export class ScriptedMind extends Scripted implements LanguageModel {
  readonly kind = 'llm';
  readonly contextTokens: number;
  /** What it was asked, call by call. */
  readonly asked: ChatRequest[] = [];
  readonly #says: readonly string[];

  constructor({ says = ['네, 알겠습니다.'], contextTokens = 4_096, ...options }: ScriptedMindOptions = {}) {
    super('fake_mind', options);
    this.#says = says;
    this.contextTokens = contextTokens;
  }

  chat(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatChunk, void, void> {
    return this.performStream(signal, () => this.#answer(request));
  }

  *#answer(request: ChatRequest): Generator<ChatChunk, void, void> {
    const words = this.#says[this.asked.length % this.#says.length]!.match(/\s*\S+/g) ?? [];
    this.asked.push(request);
    const limit = request.maxTokens ?? words.length;
    for (const text of words.slice(0, limit)) yield { type: 'text-delta', text };
    yield { type: 'finish', reason: limit < words.length ? 'length' : 'stop' };
  }
}
