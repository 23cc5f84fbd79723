import { AbortedError, TimeoutError, withTimeout } from '../../../../lib/abort.ts';
import type { LanguageModel } from '../../../../providers/spec/llm.ts';
import { ProviderError, type Skipped } from '../../../../providers/spec/provider.ts';
import { checkReading } from './check-reading.ts';
import { answerSchema, readProposals, type ModelAct } from './model-acts.ts';
import { readingMessages, type ModelInput } from './prompt.ts';

/** What a model made of an utterance, as far as the words, the menu and the order bear it out. */
export interface ModelReading {
  /** Empty when nothing it said stands: the rules' own answer does. */
  readonly acts: readonly ModelAct[];
  /** Who answered; null when nobody did in time. */
  readonly provider: string | null;
  /** Who did not, and why. */
  readonly skipped: readonly Skipped[];
}

/** Reads what the rules are unsure of with the help of a language model. */
export interface ModelReader {
  /**
   * Null, and nothing is sent, when no model can be asked now. Never fails: a model that does is among the skipped.
   *
   * @throws {AbortedError} when `signal` aborts.
   */
  read(input: ModelInput, signal: AbortSignal): Promise<ModelReading | null>;
}

export interface ModelReaderOptions {
  readonly llm: LanguageModel;
  /** Time for an answer, 1,200 ms; then the rules are on their own. */
  readonly limitMs?: number;
}

/** Characters of an answer; a reading of one utterance is far shorter. */
const LONGEST_ANSWER = 8_000;
const MOST_TOKENS = 500;
/** What the model has less than the reader, so that a chain notices who was slow before it is called off. */
const NOTICE_MS = 100;
/** Why in `skipped`: it answered, with what is no reading. */
const NO_READING = 'no reading';

/** Makes a reader over a language model. */
export function createModelReader({ llm, limitMs = 1_200 }: ModelReaderOptions): ModelReader {
  async function ask(input: ModelInput, signal: AbortSignal): Promise<Answer> {
    const request = {
      messages: readingMessages(input),
      temperature: 0,
      maxTokens: MOST_TOKENS,
      responseSchema: answerSchema(input.menu),
      limitMs: Math.max(1, limitMs - NOTICE_MS),
    };
    let provider = llm.info.id;
    let skipped: readonly Skipped[] = [];
    let text = '';
    for await (const chunk of llm.chat(request, signal)) {
      switch (chunk.type) {
        case 'source':
          ({ provider, skipped } = chunk);
          break;
        case 'text-delta':
          text += chunk.text;
          break;
        case 'finish':
          return { provider, skipped, text: chunk.reason === 'stop' ? text : null };
      }
      if (text.length > LONGEST_ANSWER) return { provider, skipped, text: null };
    }
    return { provider, skipped, text: null };
  }

  return {
    async read(input, signal) {
      if (!llm.availability().available) return null;
      try {
        const { provider, skipped, text } = await withTimeout(limitMs, signal, (limited) =>
          ask(input, limited),
        );
        const proposals = text === null ? null : readProposals(text);
        if (proposals === null) {
          return { acts: [], provider, skipped: [...skipped, { provider, reason: NO_READING }] };
        }
        return { acts: checkReading(proposals, input), provider, skipped };
      } catch (error) {
        if (signal.aborted) throw new AbortedError(signal.reason);
        return { acts: [], provider: null, skipped: skippedBy(error, llm.info.id) };
      }
    },
  };
}

interface Answer {
  readonly provider: string;
  readonly skipped: readonly Skipped[];
  /** Null for one that was cut off, kept back or too long. */
  readonly text: string | null;
}

function skippedBy(error: unknown, id: string): readonly Skipped[] {
  if (error instanceof TimeoutError) return [{ provider: id, reason: 'timeout' }];
  if (!(error instanceof ProviderError)) return [{ provider: id, reason: 'failed' }];
  return error.skipped.length > 0 ? error.skipped : [{ provider: error.provider, reason: error.kind }];
}
