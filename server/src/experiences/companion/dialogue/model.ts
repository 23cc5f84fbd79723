import type { Language } from '@malbeot/protocol';
import type { Said } from '../../../conversation/dialogue.ts';
import { AbortedError, childOf } from '../../../lib/abort.ts';
import { within, type Timers } from '../../../lib/timers.ts';
import type { ChatMessage, LanguageModel } from '../../../providers/spec/llm.ts';
import type { Logger } from '../../../telemetry/logger.ts';

/** What a model is told of a turn. */
export interface ModelQuestion {
  readonly text: string;
  readonly language: Language;
  readonly history: readonly Said[];
  /** How the person wants to be called. */
  readonly name: string | null;
}

/** Words of a language model. */
export interface ModelTalk {
  /** Who would answer; null while nobody can be asked. */
  readonly id: string | null;
  /**
   * The answer as it comes; nothing where no model can be asked, or none begins in time. An answer that breaks off ends where it
   * is. Never fails.
   *
   * @throws {AbortedError} when `signal` aborts.
   */
  answer(
    question: ModelQuestion,
    signal: AbortSignal,
  ): AsyncIterable<{ readonly text: string; readonly provider: string }>;
}

export interface ModelTalkOptions {
  readonly llm: LanguageModel;
  readonly timers: Timers;
  readonly log: Logger;
  /** The longest that a person waits for the first word, 3,000 ms; then the rules answer. */
  readonly firstWordMs?: number;
  /** Time for all of an answer; 20,000 ms. */
  readonly limitMs?: number;
}

/** Characters of an answer; a spoken one is far shorter. */
const LONGEST_ANSWER = 1_200;
const MOST_TOKENS = 300;
/** Marks of written text that a voice would read out. */
const MARKS = /[*_#`~|]+/g;

/** Makes a language model talk. */
export function createModelTalk(options: ModelTalkOptions): ModelTalk {
  const { llm, timers, log, firstWordMs = 3_000, limitMs = 20_000 } = options;
  return {
    get id() {
      return llm.availability().available ? llm.info.id : null;
    },
    async *answer(question, signal) {
      if (!llm.availability().available) return;
      const node = childOf(signal);
      const request = { messages: messagesOf(question), maxTokens: MOST_TOKENS, temperature: 0.7, limitMs };
      const chunks = llm.chat(request, node.signal)[Symbol.asyncIterator]();
      let provider = llm.info.id;
      let said = 0;
      let isOver = false;
      const end = timers.after(limitMs, () => {
        isOver = true;
        node.abort();
      });
      try {
        for (;;) {
          const next = await within(chunks.next(), {
            limitMs: said === 0 ? firstWordMs : limitMs,
            timers,
            signal: node.signal,
          });
          if (next.done === true || next.value.type === 'finish') return;
          if (next.value.type === 'source') {
            ({ provider } = next.value);
            continue;
          }
          const text = next.value.text.replaceAll(MARKS, '').replaceAll(/\s+/g, ' ');
          if (text === '' || (said === 0 && text.trim() === '')) continue;
          yield { text: said === 0 ? text.trimStart() : text, provider };
          said += text.length;
          if (said > LONGEST_ANSWER) return;
        }
      } catch (error) {
        if (signal.aborted) throw new AbortedError(signal.reason);
        if (!isOver) log.info({ err: error, provider, said }, 'a language model did not answer to the end');
      } finally {
        end();
        node.abort();
        node.unlink();
        // A model that hears no signal is left behind.
        void Promise.resolve(chunks.return?.()).catch(() => {});
      }
    },
  };
}

const SYSTEM: Readonly<Record<Language, string>> = {
  ko: '당신은 ‘말벗’, 소리로 이야기를 나누는 다정한 말동무예요. 반드시 한국어 해요체로, 말하듯 자연스럽게 한 문장에서 세 문장으로 짧게 대답하세요. 첫 마디는 짧게 시작하세요. 목록, 제목, 이모지, 마크다운은 쓰지 마세요. 모르는 것은 모른다고 말하고, 날씨나 뉴스처럼 지금 알 수 없는 것은 지어내지 마세요. 의료, 법률, 투자에 대해서는 전문가에게 물어보라고 하세요.',
  en: 'You are Malbeot, a kind companion who talks aloud. Answer as people speak, in one to three short sentences, and begin with a short one. No lists, headings, emoji or markdown. Say so when you do not know, and make nothing up, such as weather or news. For medical, legal or money matters, point to a professional.',
};

function messagesOf({ text, language, history, name }: ModelQuestion): ChatMessage[] {
  const called =
    name === null ? '' : language === 'ko' ? ` 상대의 이름은 ${name}이에요.` : ` Their name is ${name}.`;
  return [
    { role: 'system', content: SYSTEM[language] + called },
    ...history.map(({ role, text: content }) => ({ role, content })),
    { role: 'user', content: text },
  ];
}
