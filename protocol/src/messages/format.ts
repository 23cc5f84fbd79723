import type { Language } from '../kiosk.ts';
import { fillMessage, type MessageValues } from './fill-message.ts';
import { messages, type MessageKey } from './messages.ts';

/**
 * The message for `key` in `language`, with its names replaced by `values`, as {@link fillMessage} does it.
 *
 * @throws {RangeError} when the message names a value that was not given.
 */
export function formatMessage(language: Language, key: MessageKey, values: MessageValues = {}): string {
  return fillMessage(key, messages[key][language], values);
}
