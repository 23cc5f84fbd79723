import type { Menu } from '../menu.ts';
import type { Lexicon } from './lexicon.ts';
import { isSaid, type Loose, type Mention } from './mention.ts';
import { readNumber } from './read-amounts.ts';
import { readName, readUnknown } from './read-names.ts';
import { readWord } from './read-verbs.ts';
import { endLoosePart, endParts, leaveIngredients, mergePrefix, newReading } from './reading.ts';
import type { Token } from './tokens.ts';

/** What the reader of an utterance found out about the order. */
export interface ReadOrder {
  readonly mentions: readonly Mention[];
  /** Null when nothing was said without an item. */
  readonly loose: Loose | null;
  /** 전부 취소 was said before any item. */
  readonly cancelsAll: boolean;
  /** Categories named without an amount. */
  readonly categories: readonly string[];
  /** Characters that found no place. */
  readonly lost: number;
}

const MOST_MENTIONS = 30;

/**
 * Reads tokens from left to right and binds amounts, options and verbs to the items they belong to. In Korean they follow
 * their item, unless they come first (아이스 아메리카노, 두 개 콜라); in English they come first. `expectedGroup` is the
 * option group that was just asked for.
 */
export function readOrder(
  tokens: readonly Token[],
  menu: Menu,
  lexicon: Lexicon,
  expectedGroup: string | null,
): ReadOrder {
  const reading = newReading(tokens, menu, lexicon, expectedGroup);
  for (const [at, token] of tokens.entries()) {
    switch (token.type) {
      case 'name':
        readName(reading, token, at);
        break;
      case 'number':
        readNumber(reading, token, at);
        break;
      case 'unknown':
        readUnknown(reading, token, at);
        break;
      case 'word':
        readWord(reading, token, at);
    }
  }
  leaveIngredients(reading);
  endParts(reading);
  mergePrefix(reading);
  const { loose } = reading;
  if (loose.parts.length > 0) endLoosePart(reading);
  const [onlyPart] = loose.parts;
  if (onlyPart !== undefined && loose.parts.length === 1) Object.assign(loose, { ...onlyPart, parts: [] });
  return {
    mentions: reading.mentions.filter((mention) => mention.intent !== 'replaced').slice(0, MOST_MENTIONS),
    loose: isSaid(loose) || loose.intent !== 'add' ? loose : null,
    cancelsAll: reading.cancelsAll,
    categories: reading.categories,
    lost: reading.lost,
  };
}
