import { josa } from 'es-hangul';

/** What a message's names stand for. */
export type MessageValues = Readonly<Record<string, string | number>>;

type JosaPair = Parameters<typeof josa>[1];

/**
 * A message's text with `{name}` replaced by `values.name` (numbers grouped by thousands) and `{name|을/를}` by the value
 * followed by the particle that fits it. `key` is only for the error.
 *
 * @throws {RangeError} when the message names a value that was not given.
 */
export function fillMessage(key: string, text: string, values: MessageValues): string {
  return text.replaceAll(/\{(\w+)(?:\|([^}]+))?\}/g, (_, name: string, pair?: string) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`message ${key} needs a value for {${name}}`);
    const filled = typeof value === 'number' ? value.toLocaleString('en-US') : value;
    return pair === undefined ? filled : josa(filled, pair as JosaPair);
  });
}
