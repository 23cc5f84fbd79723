import type { ChoiceRef } from '../lexicon/meanings.ts';
import { choose, possibleChoice, type Mention } from './mention.ts';
import type { Reading } from './reading.ts';

/**
 * 불고기버거 사이다 세트, 치즈버거에 감튀랑 콜라 세트로: what stands between the item and the word for a set is the set's. True when
 * `choices` were that word, and are taken with what stands before it.
 */
export function foldIntoSet(reading: Reading, choices: readonly ChoiceRef[]): boolean {
  const { mentions, menu, current } = reading;
  if (current?.kind !== 'item' || current.quantity !== null) return false;
  const parts: Mention[] = [];
  for (let at = mentions.length - 1; at >= 0; at--) {
    const mention = mentions[at]!;
    if (mention.kind !== 'item' || mention.quantity !== null || mention.intent !== 'add') return false;
    const choice = possibleChoice(mention.item!, choices);
    if (choice !== null) {
      if (parts.length === 0 || !parts.every((part) => isPartOf(mention, part))) return false;
      choose(menu, mention.options, choice);
      for (const part of parts) {
        choose(menu, mention.options, possibleChoice(mention.item!, part.meaning!.choices)!);
        part.intent = 'replaced';
      }
      mention.closed = false;
      reading.current = mention;
      reading.afterAnd = false;
      return true;
    }
    parts.push(mention);
  }
  return false;
}

function isPartOf({ item }: Mention, { meaning, options }: Mention): boolean {
  const isPlain = Object.keys(options).length === 0;
  return isPlain && meaning !== null && possibleChoice(item!, meaning.choices) !== null;
}
