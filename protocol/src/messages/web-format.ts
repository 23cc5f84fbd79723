import type { Language } from '../kiosk.ts';
import { fillMessage, type MessageValues } from './fill-message.ts';
import { webMessages } from './web.ts';

/** A message that the pages have at hand; the server's own stay on the server. */
export type WebMessageKey = keyof typeof webMessages;

/** Whether the pages know a word for something that the server names. */
export function isWebMessageKey(key: string): key is WebMessageKey {
  return Object.hasOwn(webMessages, key);
}

/**
 * `formatMessage` for the pages: they load this table only.
 *
 * @throws {RangeError} when the message names a value that was not given.
 */
export function formatWebMessage(language: Language, key: WebMessageKey, values: MessageValues = {}): string {
  return fillMessage(key, webMessages[key][language], values);
}
