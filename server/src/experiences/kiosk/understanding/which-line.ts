import { isFollowedBy, isLatin, isOfThose, leadsTo, ONLY, TOPIC } from './lookahead.ts';
import type { ChoiceRef } from './meanings.ts';
import { newMention, saysAnything } from './mention.ts';
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
  const isMarked =
    isFollowedBy(tokens, at, ONLY) || isFollowedBy(tokens, at, TOPIC) || isEnglish || counted !== null;
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
      (other.type === 'name' && (other.meaning.itemId === null || leadsTo(rest, index, 'to') || isEnglish)),
  );
  const dealsOut = rest.some(
    (other) =>
      other.type === 'name' &&
      (menu.itemsById.get(other.meaning.itemId ?? '')?.options.includes(choice.groupId) === true ||
        (other.meaning.itemId === null && possibleGroup(other.meaning.choices, choice.groupId))),
  );
  if (!isTold || dealsOut) return false;
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

function possibleGroup(choices: readonly ChoiceRef[], groupId: string): boolean {
  return choices.some((choice) => choice.groupId === groupId);
}
