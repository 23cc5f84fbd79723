import { mergePrefix, closeClause, applyIngredients, type Reading } from './reading.ts';
import { readVague, readDegree, readMore, readEach } from './read-amounts.ts';
import { hasRole, type Token } from './tokens.ts';

export function readWord(reading: Reading, token: Token & { readonly type: 'word' }, at: number): void {
  const latin = /[a-z]/.test(token.text);
  if (hasRole(token, 'and')) reading.afterAnd = true;
  else if (hasRole(token, 'all')) reading.sawAll = true;
  else if (hasRole(token, 'remove')) readRemove(reading, latin, at);
  else if (hasRole(token, 'cancel')) readCancel(reading, latin);
  else if (hasRole(token, 'without')) readWithout(reading, latin, at);
  else if (hasRole(token, 'add')) readAdd(reading, latin);
  else if (hasRole(token, 'change')) readChange(reading, latin);
  else if (hasRole(token, 'instead')) readInstead(reading, latin, at);
  else if (hasRole(token, 'no'))
    reading.corrected = reading.current !== null || reading.loose.quantity !== null;
  else if (hasRole(token, 'vague')) readVague(reading, at);
  else if (hasRole(token, 'degree')) readDegree(reading, token.text);
  else if (hasRole(token, 'more')) readMore(reading, latin);
  else if (hasRole(token, 'each')) readEach(reading);
  else if (hasRole(token, 'that', 'same')) reading.loose.pointing = true;
  else if (hasRole(token, 'to') && reading.current !== null) reading.current.marked = true;
  else if (hasRole(token, 'to') && Object.keys(reading.prefix.options).length > 0) mergePrefix(reading);
  else if (hasRole(token, 'want', 'order')) closeClause(reading);
}

function readRemove(reading: Reading, latin: boolean, at: number): void {
  if (reading.ingredients.length > 0) {
    const next = reading.tokens[at + 1];
    const forNext = reading.current === null && next?.type === 'name' && next.meaning.itemId !== null;
    applyIngredients(reading, 'remove', forNext ? null : reading.current, reading.ingredients);
  } else if (latin && reading.current === null) {
    reading.verbFirst = 'remove';
    reading.ingredientWay = 'remove';
    reading.loose.intent = 'remove';
  } else if (reading.current !== null) removeMentions(reading);
  else if (reading.sawAll) reading.cancelsAll = true;
  else reading.loose.intent = 'remove';
}

function readCancel(reading: Reading, latin: boolean): void {
  if (reading.current !== null) removeMentions(reading);
  else if (reading.sawAll || latin) {
    reading.cancelsAll = reading.sawAll || reading.tokens.some((token) => hasRole(token, 'all'));
    if (latin && !reading.cancelsAll) {
      reading.verbFirst = 'remove';
      reading.loose.intent = 'remove';
    }
  } else if (reading.loose.pointing || reading.loose.quantity !== null) reading.loose.intent = 'remove';
  else reading.cancelsAll = true;
}

/** 빼 and 취소 take off the item before them, with those joined to it. */
function removeMentions(reading: Reading): void {
  for (let at = reading.mentions.length - 1; at >= 0; at--) {
    const mention = reading.mentions[at]!;
    if (mention.intent !== 'add') break;
    mention.intent = 'remove';
    if (!mention.joined) break;
  }
  reading.current = null;
  reading.afterAnd = false;
}

function readWithout(reading: Reading, latin: boolean, at: number): void {
  if (latin) {
    reading.ingredientWay = 'remove';
    return;
  }
  const next = reading.tokens[at + 1];
  applyIngredients(reading, 'remove', next?.type === 'name' ? null : reading.current, reading.ingredients);
}

function readAdd(reading: Reading, latin: boolean): void {
  if (reading.ingredients.length > 0) applyIngredients(reading, 'add', reading.current, reading.ingredients);
  else if (latin) reading.ingredientWay = 'add';
}

function readChange(reading: Reading, latin: boolean): void {
  const current = reading.current;
  if (current === null) {
    reading.loose.intent = 'change';
    if (latin) reading.verbFirst = 'change';
    return;
  }
  const before = reading.mentions.at(-2);
  const both =
    before !== undefined &&
    before.intent === 'add' &&
    !current.joined &&
    before.quantity === null &&
    current.marked;
  if (both && current.replaces === null) {
    before.intent = 'replaced';
    current.replaces = before;
  } else if (current.replaces === null) current.intent = 'change';
}

function readInstead(reading: Reading, latin: boolean, at: number): void {
  if (reading.afterInstead !== null) return;
  const before = reading.tokens[at - 1];
  if (latin && reading.current !== null) {
    reading.insteadOf = reading.current;
    return;
  }
  if (before?.type === 'number' || hasRole(before, 'vague')) {
    if (reading.current !== null) reading.current.quantity = null;
    reading.loose.quantity = null;
    reading.loose.intent = 'change';
    reading.corrected = true;
    return;
  }
  if (reading.current !== null) {
    reading.current.intent = 'replaced';
    reading.afterInstead = { groupIds: [], mention: reading.current };
    reading.current = null;
  } else if (hasRole(before, 'that')) {
    reading.loose.pointing = false;
    reading.afterInstead = { groupIds: [], mention: null, last: true };
  }
}
