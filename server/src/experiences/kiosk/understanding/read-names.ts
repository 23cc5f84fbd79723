import type { KioskMenuItem } from '@malbeot/protocol';
import type { ChoiceRef } from './lexicon.ts';
import { choiceName, choose, fittingChoice, newMention } from './mention.ts';
import {
  begin,
  applyIngredients,
  leaveIngredients,
  tokenAfter,
  type NameToken,
  type Reading,
  type UnknownToken,
} from './reading.ts';
import { hasRole } from './tokens.ts';

export function readName(reading: Reading, token: NameToken, at: number): void {
  const { itemId, choices, categoryId } = token.meaning;
  const asChoice = takeAsChoice(reading, token, at);
  if (asChoice !== null) return asChoice();
  if (itemId !== null) return startItem(reading, token, at, reading.menu.itemsById.get(itemId)!);
  if (choices.some(({ groupId }) => reading.lexicon.groupRole(groupId) !== null))
    return readIngredient(reading, token);
  if (choices.length > 0) return readOption(reading, choices, at);
  if (categoryId !== null) readCategory(reading, token, categoryId, at);
}

/** What to do when a name that is also an item is meant as a choice of a set; null when it is not. */
function takeAsChoice(reading: Reading, token: NameToken, at: number): (() => void) | null {
  const { itemId, choices } = token.meaning;
  if (choices.length === 0) return null;
  const isSameItem = reading.current?.item?.item_id === itemId;
  if (
    isSameItem &&
    token.meaning.itemOptions.some(({ groupId }) => reading.current!.options[groupId] === undefined)
  ) {
    return () => readOption(reading, choices, at);
  }
  const expected = choices.find(({ groupId }) => groupId === reading.expectedGroup);
  if (expected !== undefined && reading.current === null) {
    return () => chooseLoosely(reading, expected);
  }
  const current = reading.current;
  if (itemId === null || current?.item == null) return null;
  if (current.item.item_id === itemId) return null;
  const fitting = fittingChoice(reading.menu, current.item, current.options, choices);
  if (fitting === null) return null;
  const next = tokenAfter(reading, at);
  const before = reading.tokens[at - 1];
  const withSet = before?.type === 'word' && ['에', '에는', '엔', 'with'].includes(before.text);
  const another =
    withSet ||
    (before?.text === 'and' &&
      current.options[fitting.groupId] === undefined &&
      boundBefore(reading, at - 2));
  if (hasRole(next, 'instead')) {
    return () => {
      reading.afterInstead = { groupIds: [fitting.groupId], mention: null };
    };
  }
  const answersInstead = reading.afterInstead?.groupIds.includes(fitting.groupId) === true;
  if (!answersInstead && !hasRole(next, 'to') && !(another && next?.type !== 'number')) return null;
  return () => {
    choose(reading.menu, current.options, fitting);
    reading.afterInstead = null;
  };
}

/** True when the token at `at` was taken for a choice of the current set. */
function boundBefore(reading: Reading, at: number): boolean {
  const token = reading.tokens[at];
  const current = reading.current;
  if (token?.type !== 'name' || current === null) return false;
  return token.meaning.choices.some(({ groupId, choiceId }) => current.options[groupId] === choiceId);
}

function startItem(reading: Reading, token: NameToken, at: number, item: KioskMenuItem): void {
  leaveIngredients(reading, true);
  if (reading.insteadOf !== null) {
    reading.insteadOf.replaces = newMention({
      item,
      said: token.text,
      joined: false,
      meaning: token.meaning,
    });
    reading.insteadOf = null;
    return;
  }
  const before = reading.tokens[at - 1];
  const stranger = before?.type === 'unknown' && !hasRole(before, 'filler');
  const mention = newMention({
    item,
    said: token.text,
    joined: reading.afterAnd,
    guess: token.guess,
    meaning: token.meaning,
    doubtful: stranger && (!token.afterBreak || !token.meaning.full),
    intent: reading.verbFirst ?? 'add',
  });
  for (const choice of token.meaning.itemOptions) choose(reading.menu, mention.options, choice);
  if (mention.doubtful && before !== undefined) reading.lost -= before.text.length;
  if (reading.afterInstead !== null) {
    mention.replaces = reading.afterInstead.mention;
    mention.replacesLast = reading.afterInstead.last === true;
    reading.afterInstead = null;
  }
  if (reading.corrected && reading.current !== null && reading.current.item !== null) {
    reading.current.intent = 'replaced';
    mention.quantity = reading.current.quantity;
  }
  reading.corrected = false;
  begin(reading, mention);
}

function readCategory(reading: Reading, token: NameToken, categoryId: string, at: number): void {
  const before = reading.tokens[at - 1];
  if (before?.type === 'unknown' && !token.afterBreak) {
    const said = before.text + token.text;
    reading.lost -= before.text.length;
    return begin(
      reading,
      newMention({ item: null, said, joined: reading.afterAnd, nearest: before.nearest }),
    );
  }
  const next = tokenAfter(reading, at);
  if (
    next?.type === 'number' ||
    (next?.type === 'name' && next.meaning.itemId === null && next.meaning.choices.length > 0) ||
    reading.prefix.quantity !== null ||
    hasRole(next, 'want', 'vague')
  ) {
    return begin(reading, newMention({ item: null, categoryId, said: token.text, joined: reading.afterAnd }));
  }
  reading.categories.push(categoryId);
}

function readIngredient(reading: Reading, token: NameToken): void {
  const waiting = { choices: token.meaning.choices, text: token.text };
  if (reading.ingredientWay === null) reading.ingredients.push(waiting);
  else applyIngredients(reading, reading.ingredientWay, reading.current, [waiting]);
}

/** A size, a temperature, a set: of the item before, unless it has that already or the item after takes it. */
function readOption(reading: Reading, choices: readonly ChoiceRef[], at: number): void {
  const current = reading.current;
  const following = reading.tokens[at + 1];
  const nextItem =
    following?.type === 'name' && following.meaning.itemId !== null
      ? reading.menu.itemsById.get(following.meaning.itemId)!
      : null;
  const forNext = nextItem === null ? null : fittingChoice(reading.menu, nextItem, {}, choices);
  const forCurrent =
    current?.item == null ? null : fittingChoice(reading.menu, current.item, current.options, choices);
  if (hasRole(tokenAfter(reading, at), 'instead')) {
    reading.afterInstead = { groupIds: choices.map(({ groupId }) => groupId), mention: null };
    return;
  }
  const free = forCurrent !== null && current?.options[forCurrent.groupId] === undefined;
  const settled = current?.quantity !== null || reading.afterAnd;
  const english = /[a-z]/.test(reading.tokens[at]!.text);
  if (
    forNext !== null &&
    (!free || settled || current === null || (english && forNext.groupId !== 'variant'))
  ) {
    choose(reading.menu, reading.prefix.options, forNext);
  } else if (forCurrent !== null && current !== null) {
    choose(reading.menu, current.options, forCurrent);
    reading.afterInstead = null;
  } else if (current === null || current.intent === 'remove') {
    chooseLoosely(reading, choices[0]!);
  } else if (current.item === null) {
    choose(reading.menu, current.options, choices[0]!);
  } else if (choices.every(({ groupId }) => reading.menu.option_groups[groupId]?.when === undefined)) {
    current.cannot.push(choiceName(reading.menu, choices[0]!));
  }
}

/** An option said before any item: it waits for one that follows, and is about the last line when none does. */
function chooseLoosely(reading: Reading, choice: ChoiceRef): void {
  choose(reading.menu, reading.prefix.options, choice);
}

export function readUnknown(reading: Reading, token: UnknownToken, at: number): void {
  reading.lost += token.text.length;
  const next = tokenAfter(reading, at);
  const following = reading.tokens[at + 1];
  if (following?.type === 'name' || token.text.length < 2) return;
  const wanted =
    next === undefined ||
    next.type === 'number' ||
    hasRole(next, 'want', 'and', 'vague', 'have', 'price', 'remove', 'add', 'cancel');
  const alone = reading.tokens.every((other) => other === token || hasRole(other, 'particle'));
  if (!wanted || (alone && token.nearest.length === 0)) return;
  reading.lost -= token.text.length;
  leaveIngredients(reading, true);
  begin(
    reading,
    newMention({ item: null, said: token.text, joined: reading.afterAnd, nearest: token.nearest }),
  );
}
