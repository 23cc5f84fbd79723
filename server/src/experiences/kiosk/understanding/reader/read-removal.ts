import { isFollowedBy, isLatin, nextIndex, tokenAfter, tokenBefore, TOPIC } from './lookahead.ts';
import { newMention, saysAnything, type Mention } from './mention.ts';
import { dropLastOption } from './read-options.ts';
import { applyIngredients, flushLoose, leaveIngredients, targetOf, type Reading } from './reading.ts';
import { hasRole, type Token } from '../tokens/tokens.ts';
import { pointsByIngredients } from './which-line.ts';

type WordToken = Token & { readonly type: 'word' };

/** 빼: leaves ingredients out, takes a choice back, or takes what was named off the order. */
export function readRemove(reading: Reading, latin: boolean, at: number): void {
  const { tokens, current } = reading;
  if (isOfTakenBack(reading) || reading.keepsAmount) return;
  // 두 개로 줄여 주세요: the amount is what stays.
  if (hasRole(tokens[at - 1], 'to') && tokenBefore(tokens, at - 1)?.type === 'number') return;
  if (reading.unoffered !== null && reading.ingredients.length === 0) return dropUnoffered(reading);
  if (reading.ingredients.length > 0) {
    markChange(reading, at);
    return applyIngredients(reading, 'remove', goesToNext(reading, at));
  }
  const before = tokenBefore(tokens, at);
  if (
    before?.type === 'name' &&
    before.meaning.itemId === null &&
    !isFollowedBy(tokens, tokens.indexOf(before), TOPIC) &&
    dropLastOption(reading, tokens.indexOf(before))
  )
    return;
  if (keepsOthers(reading, at)) return;
  const next = tokens[nextIndex(tokens, at)];
  const object = next?.type === 'name' || next?.type === 'reference' || next?.type === 'number';
  if (latin && current === null && next === undefined && saysAnything(reading.pre)) {
    // take one of those off
    reading.pre.intent = 'remove';
    return flushLoose(reading);
  }
  if (latin && (current === null || current.closed || reading.afterAnd || object)) {
    reading.verbFirst = 'remove';
    reading.ingredientWay = 'remove';
    reading.current = null;
    return;
  }
  if (current !== null) removeMentions(reading);
  else if (reading.sawAll) reading.cancelsAll = true;
  else {
    reading.pre.intent = 'remove';
    flushLoose(reading);
  }
}

/** 세트에서 콜라 빼고 사이다로: the verb is of what was taken back already. */
function isOfTakenBack({ afterInstead }: Reading): boolean {
  return afterInstead !== null && afterInstead.mention === null && afterInstead.groupIds.length > 0;
}

/** 취소: takes what was named off the order, or everything where nothing was. */
export function readCancel(reading: Reading, latin: boolean, at: number): void {
  const { current, pre } = reading;
  if (isOfTakenBack(reading) || reading.keepsAmount) return;
  if (isOfWholeOrder(reading, at)) {
    dropTalk(reading);
    reading.cancelsAll = true;
    return;
  }
  if (current !== null && !(latin && (current.closed || reading.afterAnd))) return removeMentions(reading);
  if (reading.sawAll || latin) {
    reading.cancelsAll = reading.sawAll || reading.tokens.some((token) => hasRole(token, 'all'));
    if (latin && !reading.cancelsAll) {
      reading.verbFirst = 'remove';
      reading.current = null;
    }
    return;
  }
  if (pre.quantity !== null || Object.keys(pre.options).length > 0) {
    pre.intent = 'remove';
    flushLoose(reading);
  } else if (reading.keeps === null && reading.mentions.every(({ intent }) => intent !== 'remove'))
    reading.cancelsAll = true;
}

/** cancel my order, 주문 취소: whatever else was talked about. */
function isOfWholeOrder({ tokens, mentions }: Reading, at: number): boolean {
  if (mentions.some(({ kind }) => kind !== 'stranger')) return false;
  if (!isLatin(tokens[at])) return hasRole(tokens[at - 1], 'order') || tokens[at]!.text.startsWith('주문');
  return [tokens[at], tokens[at + 1]].some((token) => token?.text.endsWith('order') === true);
}

/** What was said so far was no order: an amount in it is of nothing. */
function dropTalk(reading: Reading): void {
  for (const mention of reading.mentions) mention.intent = 'replaced';
  reading.current = null;
  reading.pre = newMention({ kind: 'loose' });
}

/** 콜라 빼고 다 취소해 주세요: true when what was just named is what stays. */
function keepsOthers(reading: Reading, at: number): boolean {
  const { tokens, current } = reading;
  const next = nextIndex(tokens, at);
  const isKept = current?.kind === 'item' || current?.kind === 'category';
  if (!isKept || next < 0 || !hasRole(tokens[next], 'all', 'rest')) return false;
  const after = tokens.slice(next + 1).find((token) => !hasRole(token, 'particle', 'filler', 'all'));
  if (!hasRole(after, 'cancel', 'remove')) return false;
  const keeps: string[] = [];
  for (let index = reading.mentions.length - 1; index >= 0; index--) {
    const mention = reading.mentions[index]!;
    if (mention.intent !== 'add' || (mention.item === null && mention.categoryId === null)) break;
    mention.intent = 'replaced';
    keeps.push(...itemsOf(reading, mention));
    if (!mention.joined) break;
  }
  reading.keeps = keeps;
  reading.current = null;
  return true;
}

/** cancel everything except the coke: true when what is named next is what stays. */
export function keepsNamed(reading: Reading, at: number): boolean {
  const { tokens, menu } = reading;
  if (!reading.cancelsAll && !(reading.sawAll && reading.verbFirst === 'remove')) return false;
  const names = tokens.slice(at + 1).filter((token) => token.type === 'name');
  const keeps = names.flatMap(({ meaning: { itemId, categoryId } }) =>
    itemId === null
      ? menu.items.filter(({ category }) => category === categoryId).map(({ item_id }) => item_id)
      : [itemId],
  );
  if (keeps.length === 0) return false;
  reading.keeps = keeps;
  reading.cancelsAll = false;
  reading.verbFirst = null;
  reading.readTo = tokens.length - 1;
  return true;
}

function itemsOf({ menu }: Reading, { item, categoryId }: Mention): readonly string[] {
  if (item !== null) return [item.item_id];
  return menu.items.filter(({ category }) => category === categoryId).map(({ item_id }) => item_id);
}

/** 그거만 남기고 다 취소; 콜라는 그대로 둬 주세요: it stays as it is. */
export function readKeep(reading: Reading, at: number): void {
  if (keepsOthers(reading, at)) return;
  const target = targetOf(reading);
  if (target.kind !== 'item' || target.quantity !== null) {
    // 하나만 남기고 빼 주세요: so many stay.
    reading.keepsAmount = target.quantity !== null;
    if (reading.keepsAmount) target.intent = 'change';
    if (reading.keepsAmount && reading.current === null) flushLoose(reading);
    return;
  }
  target.intent = 'replaced';
  reading.current = null;
}

/** 빼고 and 취소 take off what was named before them, with what is joined to it. */
function removeMentions(reading: Reading): void {
  for (let at = reading.mentions.length - 1; at >= 0; at--) {
    const mention = reading.mentions[at]!;
    if (mention.intent === 'remove' || mention.intent === 'replaced') break;
    mention.intent = 'remove';
    if (!mention.joined) break;
  }
  reading.current = null;
  reading.afterAnd = false;
  reading.corrected = false;
}

/** 안 할래요, 싫어요: not of what was said before, but of what was named. */
export function isRefusal(token: WordToken): boolean {
  return hasRole(token, 'no') && /^(?:안|싫|하지)/.test(token.text);
}

/** 사이다는 됐어요: takes it off. */
export function readRefusal(reading: Reading, at: number): void {
  const { current, tokens } = reading;
  const before = tokenBefore(tokens, at);
  // 베이컨은 됐어요
  if (reading.ingredients.length > 0 && hasRole(tokens[at], 'enough'))
    return applyIngredients(reading, 'remove');
  if (current !== null && current.kind !== 'stranger' && !current.closed && before?.type === 'name')
    removeMentions(reading);
}

/** 양파 빼고 불고기버거: of the burger that follows, when nothing before it can be meant. */
export function goesToNext({ tokens, current, ingredients, menu }: Reading, at: number): boolean {
  const next = tokens[nextIndex(tokens, at)];
  // 양파는 다 빼고: of all that follow.
  if (current?.reference?.type === 'every') return false;
  if (next?.type !== 'name' || next.meaning.itemId === null) return false;
  const can = (itemOptions: readonly string[]) =>
    ingredients.every(({ choices }) => choices.some(({ groupId }) => itemOptions.includes(groupId)));
  const nextItem = menu.itemsById.get(next.meaning.itemId)!;
  if (!can(nextItem.options)) return false;
  if (current?.item == null || !can(current.item.options)) return true;
  // 피클 빼고 치즈버거 둘 양파 빼고 불고기버거 하나: they come before their items.
  const first = tokens.find(({ type }) => type === 'name');
  return first?.type === 'name' && first.meaning.itemId === null && current.quantity !== null;
}

/** 불고기버거에 치즈 추가해 주세요: of the one that stands, where one does. */
export function markChange({ current, tokens }: Reading, at: number): void {
  const ends = !/[고서한은린된]$/.test(tokens[at]!.text) && !isLatin(tokens[at]);
  const rest = tokens.slice(at + 1);
  if (
    !ends ||
    current?.kind !== 'item' ||
    current.quantity !== null ||
    rest.some(({ type }) => type === 'number')
  )
    return;
  current.topic = true;
}

/** 샷, 얼음: nothing here has it, unless it is what an ingredient's verb is about. */
export function readUnoffered(reading: Reading, token: WordToken, at: number): void {
  dropUnoffered(reading);
  reading.unoffered = token.text;
  const isWhole = tokenAfter(reading.tokens, at) === undefined || /게$|[으]?로$/.test(token.text);
  if (isWhole) dropUnoffered(reading);
}

/** What is not offered is refused in words, with the item that it was said of. */
export function dropUnoffered(reading: Reading): void {
  if (reading.unoffered === null) return;
  targetOf(reading).cannot.push(reading.unoffered);
  reading.unoffered = null;
}

/** 뺀, without: leaves ingredients out of the item that follows or, in English, of the one before. */
export function readWithout(reading: Reading, latin: boolean, at: number): void {
  if (latin) {
    leaveIngredients(reading);
    reading.ingredientWay = 'remove';
    return;
  }
  if (reading.unoffered !== null) dropUnoffered(reading);
  if (pointsByIngredients(reading, 'remove', at)) return;
  const next = tokenAfter(reading.tokens, at);
  applyIngredients(reading, 'remove', next?.type === 'name');
}
