import type { Menu } from '../../menu.ts';
import { chosenIn } from '../../options.ts';
import type { Lexicon } from '../lexicon/lexicon.ts';
import { isLatin } from './lookahead.ts';
import { choose, fittingChoice, saysAnything, type Mention } from './mention.ts';
import { readNumber } from './read-amounts.ts';
import { readName } from './read-names.ts';
import { readReference, readSame } from './read-references.ts';
import { readUnknown } from './read-strangers.ts';
import { readWord } from './read-verbs.ts';
import { endParts, flushLoose, leaveIngredients, newReading, targetOf, type Reading } from './reading.ts';
import { hasRole, type Token } from '../tokens/tokens.ts';

/** What the reader of a sentence found out about the order. */
export interface ReadOrder {
  /** What it is about, in order; those of kind `loose` name nothing. */
  readonly mentions: readonly Mention[];
  /** 전부 취소 was said. */
  readonly cancelsAll: boolean;
  /** Item ids that stay when everything else is cancelled; null when that was not said. */
  readonly keeps: readonly string[] | null;
  /** Categories named without an amount. */
  readonly categories: readonly string[];
  /** Names of choices said of nothing, that nothing here has. */
  readonly cannot: readonly string[];
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
    if (at <= reading.readTo) continue;
    switch (token.type) {
      case 'name':
        readName(reading, token, at);
        break;
      case 'number':
        readNumber(reading, token, at);
        break;
      case 'reference':
        readReference(reading, token, at);
        break;
      case 'unknown':
        readUnknown(reading, token, at);
        break;
      case 'word':
        if (hasRole(token, 'same')) readSame(reading, at);
        else readWord(reading, token, at);
    }
  }
  leaveIngredients(reading);
  markLast(reading);
  if (reading.unoffered !== null) targetOf(reading).cannot.push(reading.unoffered);
  endParts(reading);
  const { cannot } = reading.pre;
  flushLoose(reading);
  spreadAhead(reading);
  takeWhatIsThere(reading);
  return {
    mentions: reading.mentions
      .filter(
        (mention) => mention.intent !== 'replaced' && (mention.kind !== 'loose' || saysAnything(mention)),
      )
      .slice(0, MOST_MENTIONS),
    cancelsAll: reading.cancelsAll,
    keeps: reading.keeps,
    categories: reading.categories,
    cannot,
    lost: reading.lost,
  };
}

/** 콜라 없으면 사이다 하나: the first where it can be had, else the second. */
function takeWhatIsThere({ mentions }: Reading): void {
  for (const other of mentions) {
    const first = other.unless;
    if (first === null) continue;
    const isThere = first.item?.available === true;
    if (isThere) first.quantity ??= other.quantity;
    (isThere ? other : first).intent = 'replaced';
  }
}

/** 콜라 큰 걸로요: said last of all, it is of the one that stands, where one does. */
function markLast({ tokens, current }: Reading): void {
  const last = tokens.findLast((token) => !hasRole(token, 'particle', 'filler'));
  if (current?.kind !== 'item' || current.quantity !== null || current.marked || !hasRole(last, 'to')) return;
  if (isLatin(last) || current.replaces !== null) return;
  current.topic ||= Object.keys(current.options).length > Object.keys(current.before).length;
}

/** 전부 아이스로, 아메리카노 하나 라떼 하나: of everything that is named afterwards. */
function spreadAhead({ mentions, menu }: Reading): void {
  const every = mentions.findIndex(
    ({ reference, intent }) => reference?.type === 'every' && intent === 'add',
  );
  const ahead = mentions[every];
  const named =
    every < 0
      ? []
      : mentions.slice(every + 1).filter(({ kind, intent }) => kind === 'item' && intent === 'add');
  if (ahead === undefined || named.length === 0) return;
  for (const mention of named) {
    if (ahead.quantity !== null && mention.quantity === null) mention.quantity = ahead.quantity;
    for (const groupId of Object.keys(ahead.options)) {
      if (mention.options[groupId] !== undefined) continue;
      const choices = chosenIn(ahead.options, groupId).map((choiceId) => ({ groupId, choiceId }));
      const fitting = fittingChoice(menu, mention.item!, mention.options, choices);
      if (fitting !== null) choose(menu, mention.options, fitting);
    }
  }
  ahead.intent = 'replaced';
}
