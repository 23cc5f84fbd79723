import type { KioskMenuItem } from '@malbeot/protocol';
import { readDealtChoices } from './dealt-choices.ts';
import { isFollowedBy, isLatin, leadsTo, ONLY, ownNumber, TOPIC, verbAfter } from './lookahead.ts';
import { fittingChoice, saysAnything, type Mention } from './mention.ts';
import { readCategory } from './read-categories.ts';
import { startItem } from './read-items.ts';
import { readIngredient, readOption } from './read-options.ts';
import { takeAsChoice } from './read-set-choices.ts';
import { readPartOfName } from './read-strangers.ts';
import type { NameToken, Reading } from './reading.ts';
import { hasRole, type Token } from '../tokens/tokens.ts';

/** A name of the menu: an item, a choice, an ingredient, a category, or the word for what is chosen. */
export function readName(reading: Reading, token: NameToken, at: number): void {
  const { itemId, choices, categoryId, groupIds, partOf } = token.meaning;
  if (groupIds.length > 0 && readGroupNoun(reading, token, at)) return;
  if (itemId !== null) {
    if (takeAsChoice(reading, token, at)) return;
    return startItem(reading, token, at, reading.menu.itemsById.get(itemId)!);
  }
  if (choices.some(({ groupId }) => reading.lexicon.groupRole(groupId) !== null))
    return readIngredient(reading, token, at);
  if (choices.length > 0) return readOption(reading, token, at);
  if (categoryId !== null) return readCategory(reading, token, categoryId, at);
  if (partOf.length === 0) return;
  const item = itemMeant(reading, token, at);
  // 아이스티 두 잔 복숭아로: says of what kind it is.
  if (item !== null && reading.mentions.some((mention) => mention.item === item)) return;
  if (item === null) return readPartOfName(reading, token, at);
  startItem(reading, token, at, item);
}

/** 버거는 새우 하나, the shrimp one: the only item that a word of its name can mean here; null when that is not said. */
function itemMeant(reading: Reading, token: NameToken, at: number): KioskMenuItem | null {
  const { meaning } = token;
  const { tokens, menu, heading } = reading;
  const items = meaning.partOf.flatMap((itemId) => menu.itemsById.get(itemId) ?? []);
  if (tokens[at - 1]?.text === 'the' && tokens[at + 1]?.text === 'one') {
    reading.readTo = at + 1;
    return items.length === 1 ? items[0]! : null;
  }
  // 바닐라로 바꿔 주세요, forget the pie: nothing else is called so.
  const isDefinite = isLatin(token) && tokens[at - 1]?.text.endsWith('the') === true;
  if (
    items.length === 1 &&
    (isDefinite || leadsTo(tokens, at, 'to', 'instead') || isFollowedBy(tokens, at, TOPIC))
  )
    return items[0]!;
  const { current } = reading;
  // 불고기 둘 새우 하나: short names of one kind, in a row.
  const inRow =
    current?.meaning?.full === false && ownNumber(tokens, at) !== null ? current.item?.category : null;
  // 새우 말고 치킨으로: of the same kind
  const instead = reading.afterInstead?.mention?.item?.category ?? null;
  const among = items.filter(({ category }) => category === (heading ?? inRow ?? instead));
  // 치킨, of 치킨버거 and 매운치킨버거: the one that begins so
  const [first, ...others] = among.filter(({ name }) => name.startsWith(token.text));
  if (among.length > 1) return first !== undefined && others.length === 0 ? first : null;
  return among[0] ?? null;
}

/** 음료는 사이다로: the next name is a choice. False where the word stands for a category. */
function readGroupNoun(reading: Reading, token: NameToken, at: number): boolean {
  const { tokens, current } = reading;
  const { groupIds } = token.meaning;
  const before = tokens.slice(0, at).findLast(({ type }) => type === 'name');
  // 어니언링으로 사이드 바꿔: of the choice before it.
  const link = tokens.slice(before === undefined ? at : tokens.indexOf(before) + 1, at);
  const isLink =
    link.some((one) => hasRole(one, 'to') || one.text === 'for') &&
    link.every((one) => hasRole(one, 'to', 'particle'));
  if (isChoiceOf(before, groupIds) && isLink && !isFollowedBy(tokens, at, TOPIC)) return true;
  for (let index = at + 1; index < tokens.length; index++) {
    const next = tokens[index]!;
    if (hasRole(next, 'particle', 'filler', 'all', 'repeat', 'to', 'change') || next.type === 'reference')
      continue;
    if (next.type === 'number' && next.value === 1 && isLatin(next)) continue;
    if (next.type === 'number' && (isFollowedBy(tokens, index, ONLY) || isFollowedBy(tokens, index, TOPIC)))
      continue;
    if (next.type !== 'name' || !isChoiceOf(next, groupIds)) return false;
    if (readDealtChoices(reading, at + 1, groupIds, true)) return true;
    if (readDealtChoices(reading, index, groupIds, true)) return true;
    const inSet =
      current?.item == null
        ? null
        : fittingChoice(reading.menu, current.item, current.options, next.meaning.choices);
    const number = ownNumber(tokens, index);
    if (isTopicOf(reading, at, index)) current!.topic = true;
    const isAmount = number !== null && number !== current?.quantity && !leadsTo(tokens, index, 'to');
    if (isAmount || (current?.kind === 'item' && inSet === null && !isStanding(reading, current, index)))
      return false;
    reading.groupIds = groupIds;
    return true;
  }
  return false;
}

/** 새우버거 음료는 제로콜라로요: the drink of the one that stands, where one does. */
function isTopicOf({ tokens, current }: Reading, at: number, choice: number): boolean {
  if (current?.kind !== 'item' || current.quantity !== null || saysAnything(current)) return false;
  const before = tokens.slice(0, at).findLast((token) => !hasRole(token, 'particle'));
  const isRightBefore = before?.type === 'name' && before.meaning.itemId === current.item!.item_id;
  return isRightBefore && !isLatin(before) && leadsTo(tokens, choice, 'to');
}

function isChoiceOf(token: Token | undefined, groupIds: readonly string[]): boolean {
  return token?.type === 'name' && token.meaning.choices.some(({ groupId }) => groupIds.includes(groupId));
}

/** 불고기버거 하나는 음료를 사이다로 바꿔 주세요: it may be a set that stands already. */
function isStanding({ tokens }: Reading, current: Mention, at: number): boolean {
  return (
    current.topic ||
    current.part ||
    current.parts !== null ||
    current.intent === 'change' ||
    verbAfter(tokens, at) === 'change'
  );
}
