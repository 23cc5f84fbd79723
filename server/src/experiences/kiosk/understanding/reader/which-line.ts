import {
  isFollowedBy,
  isLatin,
  isOfThose,
  leadsTo,
  OBJECT,
  ONLY,
  ownNumber,
  TOPIC,
  verbAfter,
} from './lookahead.ts';
import type { Menu } from '../../menu.ts';
import type { ChoiceRef } from '../lexicon/meanings.ts';
import { applyIngredient, newMention, saysAnything } from './mention.ts';
import { begin, endParts, type NameToken, type Reading } from './reading.ts';

/** 하나는 세트로 하나는 단품으로, 세트 음료는 …: what follows is of the one that was said to be so. True when that is all it says. */
export function isOfWhich(reading: Reading, choices: readonly ChoiceRef[]): boolean {
  const { current } = reading;
  if (current?.kind !== 'item') return true;
  if (choices.every(({ groupId }) => current.options[groupId] === undefined)) return false;
  endParts(reading);
  reading.current =
    reading.mentions.findLast(({ item, options }) =>
      choices.some(
        ({ groupId, choiceId }) => item?.item_id === current.item?.item_id && options[groupId] === choiceId,
      ),
    ) ?? current;
  return true;
}

/** 아이스만 라지로, 따뜻한 건 하나만, the iced one: says which line is meant, and something else says what of it. */
export function pointsAtLine(reading: Reading, token: NameToken, at: number): boolean {
  const { tokens, menu } = reading;
  const [choice] = token.meaning.choices;
  const isOne =
    isLatin(token) && tokens[at + 1]?.text === 'one' && tokens[at - 1]?.text.endsWith('the') === true;
  const isEnglish = isOne || isOfThose(tokens, at);
  // 세트 하나는 …: so many of the line
  const next = tokens[at + 1];
  const counted = next?.type === 'number' && isFollowedBy(tokens, at + 1, TOPIC) ? next.value : null;
  // 세트를 두 개로
  const isSet = isFollowedBy(tokens, at, OBJECT) && ownNumber(tokens, at) !== null;
  const isMarked =
    isSet ||
    isFollowedBy(tokens, at, ONLY) ||
    isFollowedBy(tokens, at, TOPIC) ||
    isEnglish ||
    counted !== null;
  const { current } = reading;
  const isOfCurrent =
    current !== null && !(current.closed && current.item?.options.includes(choice?.groupId ?? '') === false);
  if (choice === undefined || isOfCurrent || !isMarked) return false;
  if (saysAnything(reading.pre) && !isEnglish) return false;
  if (choice.groupId === reading.expectedGroup) return false;
  const rest = tokens.slice(isOne || counted !== null ? at + 2 : at + 1);
  const isTold = rest.some(
    (other, index) =>
      (other.type === 'number' && other.countsThings) ||
      (other.type === 'name' &&
        (other.meaning.itemId === null ||
          leadsTo(rest, index, 'to') ||
          isEnglish ||
          dependsOn(menu, other.meaning.choices, choice.groupId))),
  );
  const dealsOut = rest.some(
    (other) =>
      other.type === 'name' &&
      (menu.itemsById.get(other.meaning.itemId ?? '')?.options.includes(choice.groupId) === true ||
        (other.meaning.itemId === null && possibleGroup(other.meaning.choices, choice.groupId))),
  );
  // 아이스 한 잔은 따뜻한 걸로 바꿔: one of those becomes that.
  const becomes =
    (counted !== null && verbAfter(tokens, at) === 'change') || (isOne && reading.verbFirst === 'change');
  if (!isTold || (dealsOut && !becomes)) return false;
  const options = { [choice.groupId]: choice.choiceId };
  const intent = reading.verbFirst ?? reading.pre.intent;
  const quantity = isEnglish ? reading.pre.quantity : counted;
  if (isEnglish) reading.pre = newMention({ kind: 'loose' });
  const reference = { type: 'having', options } as const;
  begin(
    reading,
    newMention({ kind: 'loose', said: token.text, reference, intent, quantity, part: quantity !== null }),
    at,
  );
  if (isOne || counted !== null) reading.readTo = at + 1;
  return true;
}

/** 양파 없는 거에: what is put in follows. */
const INTO = new Set(['에', '에다', '에다가', '에는']);

/** 피클 뺀 거는, 치즈 추가한 건: the line that was made so. True when it says that. */
export function pointsByIngredients(reading: Reading, way: 'remove' | 'add', at: number): boolean {
  const { tokens, current, ingredients, menu, lexicon } = reading;
  const isMarked = isFollowedBy(tokens, at, TOPIC) || isFollowedBy(tokens, at, INTO);
  const isOne = current === null && ingredients.length > 0 && isMarked;
  if (!isOne || saysAnything(reading.pre)) return false;
  const line = newMention({ kind: 'loose' });
  for (const { choices } of ingredients) applyIngredient(menu, lexicon, line, choices, way);
  reading.ingredients = [];
  const reference = { type: 'having', options: line.options } as const;
  begin(reading, newMention({ kind: 'loose', said: tokens[at]!.text, reference }), at);
  return true;
}

/** no onions on the sprite one: the set with that drink. True when it says that. */
export function pointsAtOne(reading: Reading, choices: readonly ChoiceRef[], at: number): boolean {
  const { tokens, current, menu, pre } = reading;
  const choice = choices.find(({ groupId }) => menu.option_groups[groupId]?.when !== undefined);
  const isOne = isLatin(tokens[at]) && tokens[at - 1]?.text === 'the' && tokens[at + 1]?.text === 'one';
  if (choice === undefined || !isOne || (current !== null && !current.closed) || pre.quantity !== null)
    return false;
  const options = { [choice.groupId]: choice.choiceId };
  const mention = newMention({
    kind: 'loose',
    said: tokens[at]!.text,
    reference: { type: 'having', options },
  });
  if (saysAnything(pre)) {
    if (!/^(?:on|from|for|with|to)$/.test(tokens[at - 2]?.text ?? '')) return false;
    Object.assign(mention.options, pre.options);
    mention.drops.push(...pre.drops);
    reading.pre = newMention({ kind: 'loose' });
  }
  begin(reading, mention, at);
  reading.readTo = at + 1;
  return true;
}

/** 제로 세트는: the set that stands with this choice. True when it says that. */
export function pointsAtSet(reading: Reading, choices: readonly ChoiceRef[], at: number): boolean {
  const { tokens, current, menu } = reading;
  const next = tokens[at + 1];
  const choice = choices.find(({ groupId }) => menu.option_groups[groupId]?.when !== undefined);
  if (choice === undefined || next?.type !== 'name' || next.meaning.itemId !== null) return false;
  const { when } = menu.option_groups[choice.groupId]!;
  const isSet = next.meaning.choices.some(({ groupId }) => when?.[groupId] !== undefined);
  const amount = tokens[at + 2];
  const quantity = amount?.type === 'number' && isFollowedBy(tokens, at + 2, TOPIC) ? amount.value : null;
  const isTold =
    quantity !== null || isFollowedBy(tokens, at + 1, TOPIC) || isFollowedBy(tokens, at + 1, ONLY);
  if (!isSet || !isTold || (current !== null && !current.closed) || saysAnything(reading.pre)) return false;
  const reference = { type: 'having', options: { [choice.groupId]: choice.choiceId } } as const;
  const said = tokens[at]!.text;
  begin(reading, newMention({ kind: 'loose', said, reference, quantity, part: quantity !== null }), at);
  reading.readTo = quantity === null ? at + 1 : at + 2;
  return true;
}

/** 세트는 콜라 말고 사이다요: what is named is a choice that only such a one has. */
function dependsOn(menu: Menu, choices: readonly ChoiceRef[], groupId: string): boolean {
  return choices.some((choice) => menu.option_groups[choice.groupId]?.when?.[groupId] !== undefined);
}

function possibleGroup(choices: readonly ChoiceRef[], groupId: string): boolean {
  return choices.some((choice) => choice.groupId === groupId);
}
