import { isFollowedBy, isLatin, leadsTo, nextIndex, ONLY, verbAfter } from './lookahead.ts';
import type { ChoiceRef } from '../lexicon/meanings.ts';
import { fittingChoice, newMention, possibleChoice, type Mention } from './mention.ts';
import { begin, endLoosePart, partOf, type NumberToken, type Reading } from './reading.ts';
import { hasRole, type Token } from '../tokens/tokens.ts';

/** English deals out without a topic: two cheeseburgers, one with no tomato; two lattes, one hot and one iced. */
export function startsPart(
  { tokens, current, menu, lexicon }: Reading,
  token: NumberToken,
  at: number,
): boolean {
  if (current?.item == null || current.quantity === null || current.article) return false;
  const whole = current.parts === null ? current.quantity : (current.parts.left ?? 0);
  if (token.value > whole || (current.parts === null && token.value === whole && whole === 1)) return false;
  if (!isLatin(token)) {
    // 두 잔 중에 하나만 라지로
    if (!isFollowedBy(tokens, at, ONLY)) return false;
    const next = nextIndex(tokens, at);
    const token = tokens[next];
    if (token?.type !== 'name') return false;
    if (token.meaning.itemId === null) return true;
    const choice = fittingChoice(menu, current.item, current.options, token.meaning.choices);
    return choice !== null && leadsTo(tokens, next, 'to');
  }
  let index = at + 1;
  while (
    hasRole(tokens[index], 'particle', 'filler', 'want', 'without', 'to', 'add') ||
    tokens[index]?.type === 'reference' ||
    isArticle(tokens[index])
  )
    index++;
  const next = tokens[index];
  if (next?.type !== 'name') return false;
  const within = tokens.slice(at + 1, index).some(({ text }) => text === 'with');
  if (next.meaning.itemId !== null && !within) return false;
  // two bulgogi and two cheese: no part of the others
  const isIngredient = next.meaning.choices.some(({ groupId }) => lexicon.groupRole(groupId) !== null);
  if (
    isIngredient &&
    !within &&
    !tokens.slice(at + 1, index).some((token) => hasRole(token, 'without', 'add'))
  )
    return false;
  let following = index + 1;
  while (tokens[following]?.type === 'name' && !isItem(tokens[following])) following++;
  if (isItem(tokens[following])) return false;
  const choice = fittingChoice(menu, current.item, current.options, next.meaning.choices);
  // two iced americanos and a hot one: it is none of those
  const isOther = current.parts === null && choice !== null && hasOther(current, choice);
  return choice !== null && !isOther;
}

/** True where another choice of that kind was made already. */
function hasOther({ options }: Mention, { groupId, choiceId }: ChoiceRef): boolean {
  const chosen = options[groupId];
  return typeof chosen === 'string' && chosen !== choiceId;
}

/** True for a and an. */
export function isArticle(token: Token | undefined): boolean {
  return token?.type === 'number' && /^an?$/.test(token.text);
}

function isItem(token: Token | undefined): boolean {
  return token?.type === 'name' && token.meaning.itemId !== null;
}

/** 하나는 …: deals out the amount of the current item, or of the line in question. True when it was that. */
export function readPart(reading: Reading, { value }: NumberToken, at: number): boolean {
  const { current, tokens } = reading;
  if (isOfNext(reading, value, at)) return true;
  if (current === null || current.kind === 'loose') {
    const { pre } = reading;
    const next = tokens[nextIndex(tokens, at)];
    if (pre.otherwise.length > 0 && pre.part) endLoosePart(pre);
    if (current?.kind === 'loose') {
      // 첫 번째 거 하나는 …
      current.quantity = value;
      current.part = true;
      return true;
    }
    const isChoice = next?.type === 'name' && next.meaning.choices.length > 0;
    if (next?.type === 'name' && next.meaning.itemId !== null && !isChoice) return false;
    endLoosePart(pre);
    if (pre.part && pre.quantity !== null) pre.dealt.push({ quantity: pre.quantity, options: {}, drops: [] });
    pre.quantity = value;
    pre.part = true;
    return true;
  }
  if (current.item === null || current.intent === 'remove') return false;
  dealPart(reading, current, value);
  return true;
}

/**
 * 하나는 치즈버거 두 개는 치킨버거: the amount is of the item that follows. 세트 두 개, 하나는 치즈버거 …: with what was said of all
 * of them.
 */
export function isOfNext(reading: Reading, value: number, at: number): boolean {
  const { tokens, current, pre } = reading;
  const index = itemIndex(reading, at);
  const name = tokens[index];
  if (name?.type !== 'name') return false;
  if (reading.row === null) {
    const { choices } = name.meaning;
    if (current === null) {
      const isWhole = pre.quantity !== null && pre.quantity >= value && !pre.part;
      if (choices.length > 0 && !isWhole) return false;
      reading.row = { options: isWhole ? pre.options : {}, left: pre.quantity ?? Infinity };
    } else if (current.kind === 'category') {
      current.intent = 'replaced';
      reading.row = { options: current.options, left: current.quantity ?? Infinity };
    } else if (current.kind === 'item') {
      const isPart = current.among || leadsTo(tokens, index, 'to') || verbAfter(tokens, index) === 'change';
      if (isPart || possibleChoice(current.item!, choices) !== null) return false;
      reading.row = { options: {}, left: Infinity };
    } else return false;
  }
  const { options, left } = reading.row;
  // 하나는 아메리카노 하나는 라떼: the first was no choice of a set.
  for (const item of pre.otherwise) reading.mentions.push({ ...item, quantity: item.quantity ?? 1 });
  reading.pre = newMention({ kind: 'loose', quantity: value, options: left >= value ? { ...options } : {} });
  reading.row = { options, left: left - value };
  return true;
}

/** two sets, one cheeseburger and one shrimp burger: English says so without a topic. */
export function startsRow({ row, current, pre, tokens }: Reading, token: NumberToken, at: number): boolean {
  if (row !== null) return row.left > 0;
  const isWhole = pre.quantity !== null && pre.quantity > token.value && !pre.article && !pre.part;
  if (current?.kind === 'category') return (current.quantity ?? 0) > token.value;
  // two large and one regular coke: parts of the coke
  const next = tokens[nextIndex(tokens, at)];
  const isOther =
    next?.type === 'name' && next.meaning.choices.some(({ groupId }) => pre.options[groupId] !== undefined);
  return at > 0 && current === null && isWhole && !isOther && Object.keys(pre.options).length > 0;
}

/** Index of the item that only options stand before; -1 when there is none. */
function itemIndex({ tokens }: Reading, at: number): number {
  for (let index = at + 1; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (hasRole(token, 'particle', 'filler')) continue;
    if (token.type !== 'name') return -1;
    if (token.meaning.itemId !== null) return index;
  }
  return -1;
}

/** `value` of the current item are a part with options of their own; what follows is of that part. */
export function dealPart(reading: Reading, current: Mention, value: number): void {
  reading.afterAnd = false;
  reading.corrected = false;
  if (current.parts !== null) {
    const { base, left } = current.parts;
    const part = partOf(current, value, base);
    part.part = true;
    part.parts = { base, left: left === null ? null : Math.max(0, left - value) };
    current.parts = null;
    reading.mentions.splice(reading.mentions.indexOf(current) + 1, 0, part);
    reading.current = part;
    return;
  }
  const whole = current.quantity;
  current.parts = {
    base: { options: { ...current.options }, drops: [...current.drops] },
    left: whole === null || whole <= value ? null : whole - value,
  };
  current.quantity = value;
  // Of an amount that was said before, nothing stands yet; of one that was not, it may be so many of what stands.
  current.part = whole === null;
  // … 불고기버거 하나는 세트로: of those that were named before.
  const isNamed = reading.mentions.some(
    (mention) => mention !== current && mention.item === current.item && mention.intent === 'add',
  );
  current.topic ||= whole === null && isNamed;
}

/** 나머지는: the part that is left. */
export function readRest(reading: Reading, at: number): void {
  const { current, pre } = reading;
  if (current?.parts != null) dealPart(reading, current, current.parts.left ?? 1);
  else if (current === null && pre.part) {
    endLoosePart(pre);
    pre.quantity = 1;
    pre.part = true;
  } else if (current === null) {
    const mention = newMention({ kind: 'loose', reference: { type: 'others' } });
    if (/^(?:on|from|for|with)$/.test(reading.tokens[at - 1]?.text ?? '')) {
      // no pickles on the other one
      Object.assign(mention.options, pre.options);
      mention.drops.push(...pre.drops);
      reading.pre = newMention({ kind: 'loose' });
    }
    begin(reading, mention, at);
  }
}
