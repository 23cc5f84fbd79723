import { isRecord } from '../../lib/is-record.ts';
import { streamedError } from '../spec/http-failures.ts';
import type { ChatChunk } from '../spec/llm.ts';
import { ProviderError } from '../spec/provider.ts';

/** Whose answer is read. */
export interface Answering {
  /** Id of the provider, for its errors. */
  readonly id: string;
  readonly key: string | null;
}

type FinishReason = (ChatChunk & { type: 'finish' })['reason'];

/**
 * The answer in the data of a stream's events. Only what is used is read: fields come and go between servers.
 *
 * @throws {ProviderError} `failed` for what is no JSON, `unavailable` for a stream that ends in the middle.
 */
export async function* readStreamedAnswer(
  events: AsyncIterable<string>,
  answering: Answering,
): AsyncGenerator<ChatChunk, void, void> {
  let reason: FinishReason | null = null;
  let isDone = false;
  for await (const data of events) {
    if (data.trim() === '[DONE]') {
      isDone = true;
      break;
    }
    const { text, finish } = readChoice(parse(data, answering), 'delta', answering);
    if (text !== '' && reason === null) yield { type: 'text-delta', text };
    reason = finish ?? reason;
  }
  if (reason === null && !isDone) {
    throw new ProviderError('unavailable', answering.id, 'Its answer was cut off in the middle.');
  }
  yield { type: 'finish', reason: reason ?? 'stop' };
}

/** The answer of a server that does not stream. @throws {ProviderError} `failed` for what is no JSON or no answer. */
export function* readWholeAnswer(body: string, answering: Answering): Generator<ChatChunk, void, void> {
  const answer = parse(body, answering);
  if (!Array.isArray(answer['choices'])) throw notAnAnswer(answering);
  const { text, finish } = readChoice(answer, 'message', answering);
  if (text !== '') yield { type: 'text-delta', text };
  yield { type: 'finish', reason: finish ?? 'stop' };
}

function readChoice(
  answer: Readonly<Record<string, unknown>>,
  part: 'delta' | 'message',
  { id, key }: Answering,
): { readonly text: string; readonly finish: FinishReason | null } {
  if (answer['error'] != null) throw streamedError(id, answer['error'], key);
  const choice: unknown = Array.isArray(answer['choices']) ? answer['choices'][0] : undefined;
  if (!isRecord(choice)) return { text: '', finish: null };
  const said = isRecord(choice[part]) ? choice[part] : {};
  const text = typeof said['content'] === 'string' ? said['content'] : '';
  const isRefused = typeof said['refusal'] === 'string' && said['refusal'] !== '';
  return { text, finish: isRefused ? 'filtered' : finishReason(choice['finish_reason']) };
}

function finishReason(reason: unknown): FinishReason | null {
  if (typeof reason !== 'string' || reason === '') return null;
  if (reason === 'length') return 'length';
  return reason === 'content_filter' ? 'filtered' : 'stop';
}

function parse(text: string, answering: Answering): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // Not told as the cause: its message quotes the answer.
  }
  throw notAnAnswer(answering);
}

function notAnAnswer({ id }: Answering): ProviderError {
  return new ProviderError('failed', id, 'It answers with something that is no chat completion.');
}
