import type { Language } from '@malbeot/protocol';
import { formatMessage, type MessageKey, type MessageValues } from '@malbeot/protocol/messages';

/** Something to tell a person, before it is known in which language. */
export interface Told {
  readonly key: MessageKey;
  readonly values?: MessageValues;
}

/** Words for a person: a message, words made for the language, or plain text that is the same in all of them. */
export type Words = Told | ((language: Language) => string) | string;

/** `words` in `language`. */
export function tell(language: Language, words: Words): string {
  if (typeof words === 'string') return words;
  return typeof words === 'function' ? words(language) : formatMessage(language, words.key, words.values);
}
