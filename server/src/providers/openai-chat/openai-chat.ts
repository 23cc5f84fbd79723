import type { Clock } from '../../lib/clock.ts';
import { readText } from '../../lib/http-client/body.ts';
import type { HttpAnswer } from '../../lib/http-client/send-request.ts';
import { isRecord } from '../../lib/is-record.ts';
import type { ChatChunk, ChatRequest, LanguageModel } from '../spec/llm.ts';
import { ProviderError, type Availability, type ProviderInfo } from '../spec/provider.ts';
import { createRemote, type Remote, type RemoteCall } from '../spec/remote.ts';
import { allAbilities, lessAfter, requestBody, type Abilities } from './abilities.ts';
import { readStreamedAnswer, readWholeAnswer } from './answer.ts';
import { readEvents } from './server-sent-events.ts';

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
const ACCEPTED = 'text/event-stream, application/json';

/** Makes a mind from a server of that API. Sends nothing by itself. @throws {RangeError} for a base URL that is none. */
export function createOpenAiChat(options: OpenAiChatOptions): OpenAiChat {
  return new OpenAiChatModel(options);
}

class OpenAiChatModel implements OpenAiChat {
  readonly kind = 'llm';
  readonly info: ProviderInfo;
  readonly contextTokens: number;
  readonly #remote: Remote;
  readonly #options: Pick<OpenAiChatOptions, 'id' | 'key' | 'models'> &
    Required<Pick<OpenAiChatOptions, 'availability' | 'ifNoneListed' | 'mostBytes'>>;
  #model: string | null;
  #abilities: Abilities = allAbilities;

  constructor({
    id,
    name,
    cost,
    needs,
    key,
    models,
    contextTokens,
    availability = () => ({ available: true }),
    ifNoneListed = 'ask-none',
    mostBytes = 4 * 1024 ** 2,
    ...connection
  }: OpenAiChatOptions) {
    this.#remote = createRemote({ id, key, ...connection });
    this.#options = { id, key, models, availability, ifNoneListed, mostBytes };
    this.info = { id, name, cost, local: this.#remote.isLoopback, standIn: false, languages: [], needs };
    this.contextTokens = contextTokens;
    this.#model = models[0] ?? null;
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
    const call = this.#remote.enter(signal, request.limitMs);
    const { id, key, mostBytes } = this.#options;
    try {
      const response = await this.#ask(request, call);
      const pieces = call.pieces(response);
      const answering = { id, key };
      if (isEventStream(response)) yield* readStreamedAnswer(readEvents(pieces, mostBytes), answering);
      else yield* readWholeAnswer(await readText(pieces, mostBytes), answering);
    } catch (error) {
      throw call.errorFor(error);
    } finally {
      call.leave();
    }
  }

  async refreshModels(signal: AbortSignal): Promise<readonly string[]> {
    const call = this.#remote.enter(signal);
    const { id, models, mostBytes } = this.#options;
    try {
      const response = await call.send('/models', { accept: ACCEPTED });
      if (!response.ok) throw call.refused(await call.refusal(response));
      const known = modelIds(await readText(call.pieces(response), mostBytes));
      if (known === null) throw new ProviderError('failed', id, 'It does not tell which models it has.');
      this.#model = models.find((model) => known.includes(model)) ?? this.#insteadOf(known);
      return known;
    } catch (error) {
      throw call.errorFor(error);
    } finally {
      call.leave();
    }
  }

  close(): Promise<void> {
    this.#remote.close();
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
  async #ask(request: ChatRequest, call: RemoteCall): Promise<HttpAnswer> {
    const model = request.model ?? this.#model;
    if (model === null) throw new ProviderError('unavailable', this.#options.id, 'It has no model to ask.');
    while (true) {
      const abilities = this.#abilities;
      const body = requestBody(request, model, abilities);
      const response = await call.send('/chat/completions', { body, accept: ACCEPTED });
      if (response.ok) return response;
      const refusal = await call.refusal(response);
      const less = lessAfter(abilities, refusal);
      if (less === null) throw call.refused(refusal);
      this.#abilities = less;
    }
  }
}

function isEventStream({ headers }: HttpAnswer): boolean {
  return /^text\/event-stream\b/i.test(headers.get('content-type') ?? '');
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
