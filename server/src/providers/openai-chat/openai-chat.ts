import { childOf, TimeoutError, withTimeout } from '../../lib/abort.ts';
import { systemClock, type Clock } from '../../lib/clock.ts';
import type { ChatChunk, ChatRequest, LanguageModel } from '../spec/llm.ts';
import { ProviderError, type Availability, type ProviderInfo } from '../spec/provider.ts';
import { createProviderScope } from '../spec/provider-scope.ts';
import { allAbilities, lessAfter, requestBody, type Abilities } from './abilities.ts';
import { readStreamedAnswer, readWholeAnswer } from './answer.ts';
import { connectionError, isRecord, readRefusal, refusalError } from './failures.ts';
import { readEvents, TooLongError } from './server-sent-events.ts';

export interface OpenAiChatOptions {
  readonly id: string;
  readonly name: string;
  readonly cost: ProviderInfo['cost'];
  /** Address that `/chat/completions` is below; nothing is ever sent anywhere else. */
  readonly baseUrl: string;
  /** Null for a server that asks for none. */
  readonly key: string | null;
  /** In order of preference; the first is used until {@link OpenAiChat.refreshModels} has seen what there is. */
  readonly models: readonly string[];
  /** What to do when the server lists none of them: ask none (default), take any that can chat, or ask for the first all the same. */
  readonly ifNoneListed?: 'ask-none' | 'take-any' | 'ask-anyway';
  readonly contextTokens: number;
  /** What it needs, for people. */
  readonly needs: string;
  /** Whether it can be asked, where that has to be found out; it can, when absent. */
  readonly availability?: () => Availability;
  /** Time until the answer begins, 10 s. */
  readonly firstByteLimitMs?: number;
  /** Time between two pieces of it, 10 s. */
  readonly pieceLimitMs?: number;
  /** Bytes of an answer, 4 MiB. */
  readonly mostBytes?: number;
  readonly clock?: Pick<Clock, 'now'>;
}

/** A language model behind OpenAI's chat completions API. */
export interface OpenAiChat extends LanguageModel {
  /** The model that is asked where a request names none; null when the server has none of those that were wanted. */
  model(): string | null;
  /**
   * Asks the server which models it has, and takes the first wanted one that is there.
   *
   * @returns the ids that it told, at most 1,000.
   * @throws {ProviderError} as mapped; `AbortedError` when `signal` aborts.
   */
  refreshModels(signal: AbortSignal): Promise<readonly string[]>;
}

const MOST_MODELS = 1_000;
const MOST_REFUSAL_BYTES = 16_384;

/** Makes a mind from a server of that API. Sends nothing by itself. @throws {RangeError} for a base URL that is none. */
export function createOpenAiChat(options: OpenAiChatOptions): OpenAiChat {
  return new OpenAiChatModel(options);
}

class OpenAiChatModel implements OpenAiChat {
  readonly kind = 'llm';
  readonly info: ProviderInfo;
  readonly contextTokens: number;
  readonly #options: Required<Omit<OpenAiChatOptions, 'needs' | 'name' | 'cost'>>;
  readonly #scope;
  #model: string | null;
  #abilities: Abilities = allAbilities;

  constructor({ name, cost, needs, ...options }: OpenAiChatOptions) {
    const { id, baseUrl, contextTokens, models } = options;
    if (!/^https?:\/\//i.test(baseUrl) || !URL.canParse(baseUrl)) {
      throw new RangeError(`The address of ${id} has to begin with http:// or https://.`);
    }
    this.#options = {
      availability: () => ({ available: true }),
      ifNoneListed: 'ask-none',
      firstByteLimitMs: 10_000,
      pieceLimitMs: 10_000,
      mostBytes: 4 * 1024 ** 2,
      clock: systemClock,
      ...options,
      baseUrl: baseUrl.replace(/\/+$/, ''),
    };
    this.info = { id, name, cost, local: isLoopback(baseUrl), standIn: false, languages: [], needs };
    this.contextTokens = contextTokens;
    this.#model = models[0] ?? null;
    this.#scope = createProviderScope(id);
  }

  model(): string | null {
    return this.#model;
  }

  availability(): Availability {
    const availability = this.#options.availability();
    if (!availability.available || this.#model !== null) return availability;
    return {
      available: false,
      reason: `${this.info.name} has none of the models that are wanted.`,
      action: `Give it one of these, or name one that it has in the settings: ${this.#options.models.join(', ')}.`,
    };
  }

  async *chat(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatChunk, void, void> {
    const call = this.#scope.enter(signal);
    // Ended in every case: whoever stops listening closes the connection.
    const connection = childOf(call.signal);
    const { id, key, mostBytes } = this.#options;
    const deadline = performance.now() + (request.limitMs ?? Infinity);
    try {
      const response = await this.#ask(request, deadline, connection.signal);
      const pieces = this.#pieces(response, deadline, connection.signal);
      const answering = { id, key };
      if (isEventStream(response)) yield* readStreamedAnswer(readEvents(pieces, mostBytes), answering);
      else yield* readWholeAnswer(await readText(pieces, mostBytes), answering);
    } catch (error) {
      throw call.errorFor(this.#explain(error));
    } finally {
      connection.abort();
      connection.unlink();
      call.leave();
    }
  }

  async refreshModels(signal: AbortSignal): Promise<readonly string[]> {
    const call = this.#scope.enter(signal);
    const connection = childOf(call.signal);
    const { id, key, models, mostBytes, clock } = this.#options;
    try {
      const response = await this.#send('/models', null, Infinity, connection.signal);
      const text = await readText(this.#pieces(response, Infinity, connection.signal), mostBytes);
      if (!response.ok) throw refusalError(id, readRefusal(response, text, clock.now()), key);
      const known = modelIds(text);
      if (known === null) throw new ProviderError('failed', id, 'It does not tell which models it has.');
      this.#model = models.find((model) => known.includes(model)) ?? this.#insteadOf(known);
      return known;
    } catch (error) {
      throw call.errorFor(this.#explain(error));
    } finally {
      connection.abort();
      connection.unlink();
      call.leave();
    }
  }

  close(): Promise<void> {
    this.#scope.close();
    return Promise.resolve();
  }

  /** The model to ask when the server lists none of those that are wanted, but `known` ones. */
  #insteadOf(known: readonly string[]): string | null {
    const { ifNoneListed, models } = this.#options;
    switch (ifNoneListed) {
      case 'ask-none':
        return null;
      case 'take-any':
        return known.find(canChat) ?? null;
      case 'ask-anyway':
        return models[0] ?? null;
    }
  }

  /** Sends the request, again where the server minds a detail of it that can be done without. */
  async #ask(request: ChatRequest, deadline: number, signal: AbortSignal): Promise<Response> {
    const { id, key, clock } = this.#options;
    const model = request.model ?? this.#model;
    if (model === null) throw new ProviderError('unavailable', id, 'It has no model to ask.');
    while (true) {
      const abilities = this.#abilities;
      const body = requestBody(request, model, abilities);
      const response = await this.#send('/chat/completions', body, deadline, signal);
      if (response.ok) return response;
      const text = await readText(this.#pieces(response, deadline, signal), MOST_REFUSAL_BYTES);
      const refusal = readRefusal(response, text, clock.now());
      const less = lessAfter(abilities, refusal);
      if (less === null) throw refusalError(id, refusal, key);
      this.#abilities = less;
    }
  }

  /** @param body JSON to post; null to get. */
  #send(path: string, body: string | null, deadline: number, signal: AbortSignal): Promise<Response> {
    const { baseUrl, key, firstByteLimitMs } = this.#options;
    const headers = {
      accept: 'text/event-stream, application/json',
      ...(body === null ? {} : { 'content-type': 'application/json' }),
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    };
    return withTimeout(timeLeft(firstByteLimitMs, deadline), signal, () =>
      fetch(baseUrl + path, {
        ...(body === null ? {} : { method: 'POST', body }),
        headers,
        signal,
        redirect: 'error',
      }),
    );
  }

  async *#pieces(
    { body }: Response,
    deadline: number,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array, void, void> {
    const reader = body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
    if (reader === undefined) return;
    const { pieceLimitMs } = this.#options;
    while (true) {
      const next = await withTimeout(timeLeft(pieceLimitMs, deadline), signal, () => reader.read());
      if (next.done) return;
      yield next.value;
    }
  }

  #explain(error: unknown): ProviderError {
    const { id } = this.#options;
    if (error instanceof ProviderError) return error;
    if (error instanceof TimeoutError) {
      return new ProviderError('timeout', id, `No answer within ${error.limitMs} ms.`);
    }
    if (error instanceof TooLongError) return new ProviderError('failed', id, error.message);
    return connectionError(id, error);
  }
}

/** The limit of one wait, in whole milliseconds: `limitMs`, or what is left until `deadline`. */
function timeLeft(limitMs: number, deadline: number): number {
  return Math.max(0, Math.ceil(Math.min(limitMs, deadline - performance.now())));
}

function isEventStream({ headers }: Response): boolean {
  return /^text\/event-stream\b/i.test(headers.get('content-type') ?? '');
}

/** @throws {TooLongError} after `mostBytes` bytes. */
async function readText(pieces: AsyncIterable<Uint8Array>, mostBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const piece of pieces) {
    bytes += piece.byteLength;
    if (bytes > mostBytes) throw new TooLongError(`It answers with more than ${mostBytes} bytes.`);
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

/** Ids in the answer to `/models`; null for something else. Gemini puts `models/` before each. */
function modelIds(text: string): readonly string[] | null {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(answer)) return null;
  // Ollama tells of none with null.
  const list = answer['data'] ?? [];
  if (!Array.isArray(list)) return null;
  return list
    .slice(0, MOST_MODELS)
    .flatMap((entry: unknown) => (isRecord(entry) && typeof entry['id'] === 'string' ? [entry['id']] : []))
    .map((id) => id.replace(/^models\//, ''));
}

/** False for models that turn words into vectors or sound. */
function canChat(model: string): boolean {
  return !/embed|rerank|whisper|tts|bge|minilm|moderation/i.test(model);
}

function isLoopback(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
