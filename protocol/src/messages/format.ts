import { josa } from 'es-hangul';
import type { Language } from '../kiosk.ts';
import { messages, type MessageKey } from './messages.ts';

export type MessageValues = Readonly<Record<string, string | number>>;

type JosaPair = Parameters<typeof josa>[1];

/**
 * The message for `key` in `language`, with `{name}` replaced by `values.name` (numbers grouped by thousands) and
 * `{name|을/를}` by the value followed by the particle that fits it.
 *
 * @throws {RangeError} when the message names a value that was not given.
 */
export function formatMessage(language: Language, key: MessageKey, values: MessageValues = {}): string {
  return messages[key][language].replaceAll(/\{(\w+)(?:\|([^}]+))?\}/g, (_, name: string, pair?: string) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`message ${key} needs a value for {${name}}`);
    const text = typeof value === 'number' ? value.toLocaleString('en-US') : value;
    return pair === undefined ? text : josa(text, pair as JosaPair);
  });
}
