import {
  isFollowedBy,
  isLatin,
  leadsTo,
  nextIndex,
  ownNumber,
  tokenBefore,
  TOO,
  TOPIC,
} from './lookahead.ts';
import type { ChoiceRef } from '../lexicon/meanings.ts';
import { choiceName, choose, fittingChoice, possibleChoice, unchoose, type Mention } from './mention.ts';
import { itemAhead, placeFor, type Placed } from './place-option.ts';
import { dealPart } from './read-parts.ts';
import {
  applyIngredients,
  chooseFor,
  partOf,
  startLoosePart,
  targetOf,
  type NameToken,
  type Reading,
} from './reading.ts';
import { foldIntoSet } from './set-of-items.ts';
import { hasRole } from '../tokens/tokens.ts';
import { isOfWhich, pointsAtLine } from './which-line.ts';

/** 양파, 치즈: waits for the verb that leaves it out or puts it in; in English the verb has come already. */
export function readIngredient(reading: Reading, token: NameToken, at: number): void {
  if (leadsTo(reading.tokens, at, 'unoffered')) return;
  if (reading.corrected && reading.ingredients.length > 0) reading.ingredients = [];
  if (reading.afterAnd && reading.current?.kind === 'item' && hasRole(reading.tokens[at + 1], 'to')) {
    // 불고기랑 치즈로요: no part of the other one.
    reading.lost += token.text.length;
    return;
  }
  if (isLatin(token) && reading.ingredientWay === null) {
    if (reading.pre.quantity !== null && !reading.pre.article) {
      // two bulgogi and two cheese: no part of the other one
      reading.lost += token.text.length;
      return;
    }
    if (reading.current === null && reading.tokens[at - 1]?.text === 'with') reading.ingredientWay = 'add';
  }
  reading.ingredients.push({ choices: token.meaning.choices, text: token.text });
  if (reading.ingredientWay === null) return;
  // no tomato cheeseburger: of the burger that follows at once
  const next = reading.tokens[at + 1];
  applyIngredients(reading, reading.ingredientWay, next?.type === 'name' && next.meaning.itemId !== null);
}

/** A size, a temperature, a set: of the item before, unless it has that already or the item after takes it. */
export function readOption(reading: Reading, token: NameToken, at: number): void {
  const { tokens, menu, current } = reading;
  const { choices } = token.meaning;
  if (leadsTo(tokens, at, 'instead') || isTakenBack(reading, at)) return takeBack(reading, choices);
  if (isLatin(token) && hasRole(tokenBefore(tokens, at), 'instead')) return dropChoice(reading, choices);
  const next = tokens[nextIndex(tokens, at)];
  // 세트 음료는, 세트는 전부: says of what, not what.
  if (next?.type === 'name' && next.meaning.groupIds.length > 0 && isOfWhich(reading, choices)) return;
  if (pointsAtLine(reading, token, at)) return;
  if (foldIntoSet(reading, choices)) return;
  if (combine(reading, choices, at)) return;
  if (reading.every !== null) return chooseForEvery(reading, choices, at);
  if (hasRole(tokenBefore(tokens, at), 'same') && current?.kind === 'loose') {
    // 같은 세트로: one more of what is so.
    current.reference = { type: 'having', options: { [choices[0]!.groupId]: choices[0]!.choiceId } };
    return;
  }
  const place = placeFor(reading, token, at);
  switch (place.where) {
    case 'next':
      // 아이스도 한 잔: besides those that stand.
      if (current === null && isFollowedBy(tokens, at, TOO)) reading.pre.more = true;
      if (current === null && reading.pre.options[place.choice.groupId] !== undefined)
        startLoosePart(reading.pre);
      return chooseFor(reading, reading.pre, place.choice, at);
    case 'current':
      if (isPartOf(reading, place, at)) dealPart(reading, place.target, ownNumber(tokens, at)!);
      if (place.target === current && current.kind === 'item' && isFollowedBy(tokens, at, TOPIC)) {
        // 새우버거 세트는 …: of the set that stands, where one does.
        current.topic ||= current.quantity === null;
        choose(menu, current.before, place.choice);
      }
      if (place.target === current) chooseFor(reading, reading.current!, place.choice, at);
      else chooseFor(reading, place.target, place.choice, at);
      reading.afterInstead = null;
      // 아니 세트 하나: the amount is corrected along with it.
      reading.corrected &&= ownNumber(tokens, at) !== null;
      return;
    case 'another':
      return startAnother(reading, current!, place.choice, at);
    case 'nowhere':
      if (current !== null && place.choice !== null) current.cannot.push(choiceName(menu, place.choice));
  }
}

/** 아메리카노 네 잔, 아이스 세 잔 핫 한 잔: so many of them are so. */
function isPartOf(
  { current, tokens, menu }: Reading,
  { target, choice }: Placed & { readonly where: 'current' },
  at: number,
): boolean {
  const number = ownNumber(tokens, at);
  if (target !== current || current.kind !== 'item' || number === null || isLatin(tokens[at])) return false;
  const amount = tokens.findIndex(({ type }, index) => index > at && type === 'number');
  const next = tokens[nextIndex(tokens, amount)];
  // 열 개 치킨버거 세트 두 개 콜라: the amount is of what follows.
  if (next?.type === 'name' && next.meaning.itemId !== null) return false;
  if (next?.type === 'name' && itemAhead({ tokens, menu }, amount) !== null) return false;
  if (current.parts !== null) return current.options[choice.groupId] !== undefined;
  const whole = current.quantity;
  return whole !== null && number < whole && current.options[choice.groupId] === undefined;
}

/** 라지 불고기버거 세트, 불고기버거 세트 라지로: two words that are one choice of this item. True when they are. */
function combine(reading: Reading, choices: readonly ChoiceRef[], at: number): boolean {
  const { current, menu, lexicon } = reading;
  if (current?.item == null) return false;
  const { item } = current;
  const nameOf = (choice: ChoiceRef) => choiceName(menu, choice);
  const isOwn = possibleChoice(item, choices) !== null;
  if (!isOwn && (itemAhead(reading, at) !== null || isOfChoice(reading, at))) return false;
  const stand = Object.keys(current.options).flatMap((groupId) =>
    menu.option_groups[groupId]?.kind === 'one'
      ? [choiceName(menu, { groupId, choiceId: String(current.options[groupId]) })]
      : [],
  );
  const pairs = isOwn
    ? current.cannot.flatMap((word) => choices.map((choice) => [word, nameOf(choice)] as const))
    : stand.flatMap((word) => choices.map((choice) => [nameOf(choice), word] as const));
  for (const [first, second] of pairs) {
    const both = possibleChoice(item, lexicon.find(first + second)?.name?.choices ?? []);
    if (both === null) continue;
    choose(menu, current.options, both);
    current.cannot = current.cannot.filter((word) => word !== first);
    return true;
  }
  return false;
}

/** 세트에 콜라 라지로: of the cola, which in a set is as it is. */
function isOfChoice({ tokens, current }: Reading, at: number): boolean {
  const before = tokens.slice(0, at).findLast(({ type }) => type === 'name');
  return (
    before?.type === 'name' &&
    before.meaning.itemId !== null &&
    before.meaning.itemId !== current?.item?.item_id
  );
}

/** 아이스 하나 따뜻한 거 하나: more of the same item, chosen otherwise. */
function startAnother(reading: Reading, current: Mention, choice: ChoiceRef, at: number): void {
  const options = { ...current.options };
  delete options[choice.groupId];
  const another = partOf(current, null, { options, drops: current.drops });
  another.before = {};
  another.part = current.part;
  another.parts = current.parts;
  current.parts = null;
  another.quantity = reading.pre.quantity;
  reading.pre.quantity = null;
  reading.mentions.push(another);
  reading.current = another;
  reading.afterAnd = false;
  chooseFor(reading, another, choice, at);
}

function chooseForEvery(reading: Reading, choices: readonly ChoiceRef[], at: number): void {
  for (const mention of reading.every!) {
    const choice =
      mention.item === null ? null : fittingChoice(reading.menu, mention.item, mention.options, choices);
    if (choice !== null) chooseFor(reading, mention, choice, at);
  }
}

/** 세트 빼고 단품으로: what is taken out is an option, and another follows. */
function isTakenBack({ tokens, lexicon }: Reading, at: number): boolean {
  if (!leadsTo(tokens, at, 'remove', 'cancel')) return false;
  const next = tokens.slice(at + 1).find(({ type }) => type === 'name');
  return (
    next?.type === 'name' &&
    next.meaning.itemId === null &&
    next.meaning.choices.some(({ groupId }) => lexicon.groupRole(groupId) === null)
  );
}

function takeBack(reading: Reading, choices: readonly ChoiceRef[]): void {
  for (const choice of choices) if (reading.current !== null) unchoose(reading.current.options, choice);
  reading.afterInstead = { groupIds: choices.map(({ groupId }) => groupId), mention: null };
}

/** not the set: it goes, unless another choice of its kind was just made. */
function dropChoice(reading: Reading, choices: readonly ChoiceRef[]): void {
  const target = targetOf(reading);
  reading.insteadOf = null;
  reading.negated = false;
  for (const choice of choices) if (target.options[choice.groupId] === undefined) target.drops.push(choice);
}

/** Takes the choice said last back and makes none in its place. */
export function dropLastOption(reading: Reading, at: number): boolean {
  const { lastOption, menu } = reading;
  if (lastOption === null || lastOption.at !== at) return false;
  unchoose(lastOption.target.options, lastOption.choice);
  lastOption.target.drops.push(lastOption.choice);
  choose(menu, lastOption.target.before, lastOption.choice);
  reading.lastOption = null;
  return true;
}
