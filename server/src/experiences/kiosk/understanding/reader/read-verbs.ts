import { isLatin, nextIndex, tokenAfter, tokenBefore } from './lookahead.ts';
import { saysAnything } from './mention.ts';
import { readDegree, readEach, readMore, readVague } from './read-amounts.ts';
import { readChange, readInstead, readTrailingInstead } from './read-changes.ts';
import { readRest } from './read-parts.ts';
import { readEvery } from './read-references.ts';
import {
  dropUnoffered,
  goesToNext,
  isRefusal,
  keepsNamed,
  markChange,
  readCancel,
  readKeep,
  readRefusal,
  readRemove,
  readUnoffered,
  readWithout,
} from './read-removal.ts';
import { applyIngredients, type Reading } from './reading.ts';
import { hasRole, type Token } from '../tokens/tokens.ts';
import { pointsByIngredients } from './which-line.ts';
import { misheardNumbers } from '../words/words-en.ts';

type WordToken = Token & { readonly type: 'word' };

/** A word that is not on the menu, by what it does in an order. */
export function readWord(reading: Reading, token: WordToken, at: number): void {
  const latin = isLatin(token);
  if (token.text === 'instead') return readTrailingInstead(reading);
  if (token.text.startsWith('그대로') && reading.current?.topic === true) return readKeep(reading, at);
  if (latin && readMisheardNumber(reading, token, at)) return;
  // 두 개로 하고, 라지로 하고: a verb, no list.
  if (hasRole(token, 'and') && endsInTo(reading.tokens[at - 1])) closeClause(reading);
  else if (hasRole(token, 'and')) readAnd(reading, at);
  else if (hasRole(token, 'except') && keepsNamed(reading, at)) return;
  else if (hasRole(token, 'keep')) readKeep(reading, at);
  else if (hasRole(token, 'all')) readEvery(reading, at);
  else if (hasRole(token, 'remove')) readRemove(reading, latin, at);
  else if (hasRole(token, 'cancel')) readCancel(reading, latin, at);
  else if (hasRole(token, 'without') && !(latin && isJustNo(reading, token, at)))
    readWithout(reading, latin, at);
  else if (hasRole(token, 'add')) readAdd(reading, token, at);
  else if (hasRole(token, 'change')) readChange(reading, latin, at);
  else if (hasRole(token, 'instead')) readInstead(reading, latin, at);
  else if (hasRole(token, 'enough') || isRefusal(token)) readRefusal(reading, at);
  else if (hasRole(token, 'no', 'correct')) readNo(reading, token);
  else if (hasRole(token, 'vague')) readVague(reading, at);
  else if (hasRole(token, 'degree')) readDegree(reading, token.text, at);
  else if (hasRole(token, 'more')) readMore(reading, token);
  else if (hasRole(token, 'each')) readEach(reading, at);
  else if (hasRole(token, 'rest')) readRest(reading, at);
  else if (hasRole(token, 'unoffered')) readUnoffered(reading, token, at);
  else if (hasRole(token, 'want', 'order')) {
    markMade(reading, at);
    closeClause(reading);
  }
}

/** 라지로, 아이스로: the ending may belong to the name of the choice. */
function endsInTo(token: Token | undefined): boolean {
  return (
    hasRole(token, 'to') ||
    (token?.type === 'name' && token.text.endsWith('로') && token.meaning.itemId === null)
  );
}

function readAnd(reading: Reading, at: number): void {
  reading.afterAnd = true;
  if (!reading.changes) return;
  // swap the fries for rings and the coke for a sprite: the verb is of both
  const name = reading.tokens.findIndex(({ type }, index) => index > at && type === 'name');
  if (!CHANGES_INTO.has(reading.tokens[name + 1]?.text ?? '')) return;
  reading.verbFirst = 'change';
  reading.current = null;
  reading.afterAnd = false;
}

const CHANGES_INTO = new Set(['for', 'to', 'into', 'with']);

/** a coke, no, a sprite: not what is left out of it. */
function isJustNo(reading: Reading, token: WordToken, at: number): boolean {
  const { tokens, lexicon, current } = reading;
  const next = tokens[nextIndex(tokens, at)];
  if (next?.type === 'name' && current === null && isOneOfTwo(reading, next, at)) {
    // no fries, onion rings: the one instead of the other
    reading.negated = true;
    return true;
  }
  // sorry, no coke
  if (current === null && next?.type === 'name' && next.meaning.itemId !== null) {
    reading.verbFirst = 'remove';
    return true;
  }
  if (!hasRole(token, 'no') || next === undefined) return false;
  if (next.type === 'number') return true;
  return (
    next.type === 'name' &&
    (next.meaning.itemId !== null ||
      next.meaning.choices.every(({ groupId }) => lexicon.groupRole(groupId) === null))
  );
}

/** True when the name after this one can be chosen in its place. */
function isOneOfTwo({ tokens }: Reading, name: Token & { readonly type: 'name' }, at: number): boolean {
  const other = tokens.slice(at + 2).find(({ type }) => type === 'name');
  if (name.meaning.itemId === null || other?.type !== 'name') return false;
  return other.meaning.choices.some(({ groupId }) =>
    name.meaning.choices.some((choice) => choice.groupId === groupId),
  );
}

/** too cokes: two of them. */
function readMisheardNumber(reading: Reading, token: WordToken, at: number): boolean {
  const value = misheardNumbers[token.text];
  const next = reading.tokens[at + 1];
  const before = reading.tokens[at - 1];
  if (value === undefined || next?.type !== 'name' || reading.pre.quantity !== null) return false;
  const isFirst = before === undefined || hasRole(before, 'and', 'want') || before.type === 'unknown';
  const isLink = hasRole(token, 'to') || token.text === 'for';
  if (!isFirst || (isLink && (reading.current !== null || reading.verbFirst !== null || at === 0)))
    return false;
  reading.pre.quantity = value;
  return true;
}

/** The verb has come. */
function closeClause(reading: Reading): void {
  dropUnoffered(reading);
  reading.verbFirst = null;
  reading.afterAnd = false;
  reading.every = null;
  if (reading.current !== null) reading.current.closed = true;
  else if (saysAnything(reading.pre)) reading.pre.closed = true;
}

function readNo(reading: Reading, { text }: WordToken): void {
  // 아니요 answers a question; 아니 takes back what was said before.
  reading.denied = reading.mentions.length === 0 && !saysAnything(reading.pre) && !/[요오뇨]$/.test(text);
  reading.corrected =
    reading.current !== null ||
    reading.pre.quantity !== null ||
    reading.ingredients.length > 0 ||
    reading.lastIngredient !== null;
}

/** 불고기버거 세트로 해 주세요: of the one that stands, where one does. */
function markMade({ current, tokens }: Reading, at: number): void {
  const isMade = tokens[at - 1]?.text === '해' && hasRole(tokens[at - 2], 'to');
  if (isMade && current?.kind === 'item' && current.quantity === null && current.replaces === null)
    current.topic ||= Object.keys(current.options).length > Object.keys(current.before).length;
}

function readAdd(reading: Reading, token: WordToken, at: number): void {
  if (reading.unoffered !== null) dropUnoffered(reading);
  if (token.text.startsWith('더') && tokenBefore(reading.tokens, at)?.type === 'number') {
    // 하나 더 하고: one more
    readMore(reading, token);
    return closeClause(reading);
  }
  const next = tokenAfter(reading.tokens, at);
  const adnominal = /[은한린된]$/.test(token.text) && next?.type === 'name' && next.meaning.itemId !== null;
  if (/[은한린된]$/.test(token.text) && pointsByIngredients(reading, 'add', at)) return;
  if (reading.ingredients.length > 0) markChange(reading, at);
  if (reading.ingredients.length > 0) applyIngredients(reading, 'add', adnominal || goesToNext(reading, at));
  else if (isLatin(token)) {
    reading.ingredientWay = 'add';
    reading.verbFirst = null;
    if (next?.type === 'name' && next.meaning.itemId !== null) reading.current = null;
  } else {
    // 하나 추가요: one more
    const { pre, current, tokens } = reading;
    const isPlace =
      tokenBefore(tokens, at)?.type === 'name' && tokens.slice(0, at).some(({ text }) => text === '에');
    // 불고기버거에도 추가해 주세요: put into it, and nobody said what.
    if (isPlace && current?.kind === 'item' && !saysAnything(current)) current.intent = 'change';
    const isBare = pre.quantity !== null && !pre.part && Object.keys(pre.options).length === 0;
    if (reading.current === null && isBare) pre.more = true;
    closeClause(reading);
  }
}
