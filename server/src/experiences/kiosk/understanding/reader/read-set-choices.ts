import { isFollowedBy, isLatin, leadsTo, OBJECT, ownNumber, tokenAfter, TOO, TOPIC } from './lookahead.ts';
import { applies } from '../../options.ts';
import { readDealtChoices } from './dealt-choices.ts';
import type { ChoiceRef } from '../lexicon/meanings.ts';
import {
  choiceWhere,
  choose,
  fittingChoice,
  newMention,
  possibleChoice,
  saysAnything,
  type Mention,
} from './mention.ts';
import { partsAreOf } from './parts-ahead.ts';
import type { Reference } from '../words/references.ts';
import { begin, chooseFor, type NameToken, type Reading } from './reading.ts';
import { hasRole, type Token } from '../tokens/tokens.ts';
import { pointsAtOne, pointsAtSet } from './which-line.ts';

/** Takes a name that is also an item for a choice of a set, where that is what it means. */
export function takeAsChoice(reading: Reading, token: NameToken, at: number): boolean {
  const { itemId, choices, itemOptions } = token.meaning;
  const { current, tokens, menu, groupIds } = reading;
  const [ownOption] = itemOptions;
  if (
    current?.item?.item_id === itemId &&
    ownOption !== undefined &&
    current.options[ownOption.groupId] === undefined &&
    current.quantity === null
  ) {
    choose(menu, current.options, ownOption);
    return true;
  }
  if (choices.length === 0) return false;
  if (pointsAtSet(reading, choices, at) || pointsAtOne(reading, choices, at)) return true;
  if (current === null && partsAreOf(reading, menu.itemsById.get(itemId!)!, at)) return false;
  const nouns = groupIds.length > 0 ? groupIds : groupNounBehind(reading, at, choices);
  const wanted = nouns.length > 0 ? choices.filter(({ groupId }) => nouns.includes(groupId)) : choices;
  const byNoun = nouns.length > 0 && wanted.length > 0;
  reading.groupIds = [];
  if (takeForSetAhead(reading, token, at, wanted, byNoun)) return true;
  const expected = choices.find(({ groupId }) => groupId === reading.expectedGroup);
  if (expected !== undefined && current === null) {
    chooseFor(reading, reading.pre, expected, at);
    return true;
  }
  if (takeForNamed(reading, token, at, wanted)) return true;
  const line = lineAfterFor(reading, token, at);
  if (line !== null) {
    // sprite for the first one
    const { reference, quantity } = line;
    const said = newMention({
      kind: 'loose',
      reference,
      quantity,
      part: quantity !== null,
      said: token.text,
    });
    reading.pre.quantity = null;
    begin(reading, said, at);
    chooseFor(reading, said, wanted[0]!, at);
    said.closed = true;
    reading.readTo = line.at;
    return true;
  }
  if (current?.kind === 'item' && current.item!.item_id !== itemId) {
    const fitting = fittingChoice(menu, current.item!, current.options, wanted);
    const ofStanding = fitting === null && (byNoun || isPartOfStanding(reading, current, token, at));
    const choice = ofStanding ? possibleChoice(current.item!, wanted) : fitting;
    if (choice === null || !takeForSet(reading, current, token, at, choice.groupId, byNoun, wanted))
      return false;
    if (ofStanding && !byNoun)
      current.besides.push(
        newMention({ kind: 'item', item: menu.itemsById.get(itemId!)!, said: token.text }),
      );
    return true;
  }
  if (current !== null && current.kind !== 'loose') return false;
  if (isOfOther(reading, token, at)) {
    // the other with iced tea
    if (reading.pre.article) reading.pre.quantity = null;
    chooseFor(reading, current!, wanted[0]!, at);
    current!.otherwise.push(
      newMention({ kind: 'item', item: menu.itemsById.get(itemId!)!, said: token.text }),
    );
    return true;
  }
  const said = current ?? reading.pre;
  const which = said.reference?.type === 'having' ? said.reference.options : {};
  const saidSet = choiceWhere(menu, { ...which, ...said.options }, wanted);
  if (saidSet !== null && takeForSet(reading, said, token, at, saidSet.groupId, byNoun, wanted)) return true;
  const [first] = wanted;
  if (reading.pre.part && leadsTo(tokens, at, 'instead') && namesOfGroupFollow(reading, at, first!.groupId)) {
    // 하나는 콜라 말고 사이다로: of the part, what it is to have follows
    reading.afterInstead = { groupIds: [first!.groupId], mention: null };
    return true;
  }
  // English "to" stands before what it becomes, not behind.
  const marked = leadsTo(tokens, at, 'to') && !isLatin(token);
  if (
    leadsTo(tokens, at, 'instead') ||
    (current === null && reading.mentions.some(({ intent }) => intent === 'remove') && !byNoun)
  )
    return false;
  const pre = reading.pre;
  if (isAttached(reading, token, at)) {
    // with onion rings and a sprite: of the set that stands
    if (pre.article) pre.quantity = null;
    pre.part = pre.quantity !== null;
    chooseFor(reading, pre, wanted[0]!, at);
    pre.otherwise.push(newMention({ kind: 'item', item: menu.itemsById.get(itemId!)!, said: token.text }));
    if (isWithIt(tokens, at)) reading.readTo = at + 2;
    return true;
  }
  const isPart = pre.part && pre.quantity !== null;
  if (
    !byNoun &&
    !(marked && ownNumber(tokens, at) === null && !reading.afterAnd && (pre.quantity === null || isPart)) &&
    !isPart
  )
    return false;
  if (reading.afterInstead !== null && reading.afterInstead.mention !== null) return false;
  const target = current ?? pre;
  const choice = wanted[0]!;
  // 아니 사이다로요: what was last touched becomes that.
  if (reading.denied && marked && !isPart && reading.mentions.length === 0) target.intent = 'change';
  chooseFor(reading, target, choice, at);
  target.otherwise.push(
    newMention({
      kind: 'item',
      item: menu.itemsById.get(itemId!)!,
      said: token.text,
      meaning: token.meaning,
      quantity: isPart ? pre.quantity : null,
    }),
  );
  return true;
}

/** a sprite with the shrimp burger: of the one that stands, where one does. True when it was taken. */
function takeForNamed(reading: Reading, token: NameToken, at: number, wanted: readonly ChoiceRef[]): boolean {
  const { tokens, menu, pre, current } = reading;
  const link = /^(?:with|for|on)$/.test(tokens[at + 1]?.text ?? '') && tokens[at + 2]?.text === 'the';
  const named = tokens[at + 3];
  const isFree = (pre.quantity === null || pre.article) && (current === null || reading.afterAnd);
  if (!isLatin(token) || !link || named?.type !== 'name' || !isFree) return false;
  const item = menu.itemsById.get(named.meaning.itemId ?? '');
  const choice = item === undefined ? null : possibleChoice(item, wanted);
  if (item === undefined || choice === null) return false;
  reading.pre = newMention({ kind: 'loose' });
  const mention = newMention({ kind: 'item', item, said: named.text, meaning: named.meaning, topic: true });
  begin(reading, mention, at + 3);
  chooseFor(reading, mention, choice, at);
  mention.besides.push(newMention({ kind: 'item', item: menu.itemsById.get(token.meaning.itemId!)! }));
  mention.closed = true;
  reading.readTo = at + 3;
  return true;
}

/** The line that an English choice is said to be for, and the token that says so; null when none is. */
function lineAfterFor(
  { tokens }: Reading,
  token: NameToken,
  at: number,
): { readonly reference: Reference; readonly quantity: number | null; readonly at: number } | null {
  if (!isLatin(token) || !/^(?:for|on|in|with)(?:the)?$/.test(tokens[at + 1]?.text ?? '')) return null;
  let index = at + 1;
  let quantity: number | null = null;
  for (; index < tokens.length; index++) {
    const counted = tokens[index]!;
    if (counted.type === 'number') quantity = counted.value;
    else if (!hasRole(counted, 'particle')) break;
  }
  const pointer = tokens[index];
  if (pointer?.type !== 'reference') return null;
  const isTold = pointer.reference.type !== 'last' || quantity !== null;
  return isTold ? { reference: pointer.reference, quantity, at: index } : null;
}

/** True for an English choice said of a line that was pointed at. */
function isOfOther({ tokens, current, pre, afterAnd }: Reading, token: NameToken, at: number): boolean {
  const { reference, intent } = current ?? {};
  if (!isLatin(token) || intent !== 'add' || afterAnd || (pre.quantity !== null && !pre.article))
    return false;
  const isPointed = reference?.type === 'others' || reference?.type === 'position';
  return isPointed && (before(tokens, at) === 'with' || pre.article || hasRole(tokens[at - 1], 'to'));
}

/** True for what an utterance begins with `with` for, and what is joined to it. */
function isAttached({ tokens, current, mentions, pre }: Reading, token: NameToken, at: number): boolean {
  if (!isLatin(token) || current !== null || mentions.length > 0) return false;
  const link = before(tokens, at);
  // one with coke zero: so many of the sets that stand
  const isPart = link === 'with' && tokens[at - 2]?.type === 'number' && tokens[at - 1]?.text === 'with';
  if (pre.quantity !== null && !pre.article && !isPart) return false;
  return link === 'with' || (link === 'and' && boundBefore(tokens, pre, at)) || isWithIt(tokens, at);
}

/** the sprite with it: comes along with what was said last. */
function isWithIt(tokens: readonly Token[], at: number): boolean {
  const pointer = tokens[at + 2];
  const isLast = tokens.slice(at + 3).every((token) => hasRole(token, 'want', 'filler', 'particle'));
  return (
    tokens[at + 1]?.text === 'with' &&
    pointer?.type === 'reference' &&
    pointer.reference.type === 'last' &&
    isLast
  );
}

/** 어니언링으로 사이드 바꿔: what the choice is one of, said behind it. */
function groupNounBehind({ tokens }: Reading, at: number, choices: readonly ChoiceRef[]): readonly string[] {
  if (!leadsTo(tokens, at, 'to')) return [];
  const next = tokens.findIndex((token, index) => index > at && !hasRole(token, 'to', 'particle', 'filler'));
  const noun = tokens[next];
  if (noun?.type !== 'name' || isFollowedBy(tokens, next, TOPIC)) return [];
  return noun.meaning.groupIds.filter((id) => choices.some(({ groupId }) => groupId === id));
}

/** 사이다로 치즈버거 세트 하나: a choice said before the set that is to have it. True when it was taken. */
function takeForSetAhead(
  reading: Reading,
  token: NameToken,
  at: number,
  wanted: NameToken['meaning']['choices'],
  byNoun: boolean,
): boolean {
  const { tokens, current } = reading;
  const marked = leadsTo(tokens, at, 'to') && !isLatin(token);
  if (!(byNoun || marked) || ownNumber(tokens, at) !== null || reading.afterInstead !== null) return false;
  const canHaveIt = current?.kind === 'item' && possibleChoice(current.item!, wanted) !== null;
  if ((canHaveIt && !current.closed) || current?.kind === 'loose') return false;
  const choice = setAhead(reading, at, wanted);
  if (choice === null) return false;
  chooseFor(reading, reading.pre, choice, at);
  reading.pre.forSet = true;
  return true;
}

/** What a set named later can have of `choices`; null when none is. */
function setAhead({ tokens, menu }: Reading, at: number, choices: readonly ChoiceRef[]): ChoiceRef | null {
  for (let index = at + 1; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (hasRole(token, 'instead', 'correct', 'no')) return null;
    if (token.type !== 'name' || token.meaning.itemId === null) continue;
    const item = menu.itemsById.get(token.meaning.itemId)!;
    const choice = possibleChoice(item, choices);
    if (choice !== null) {
      const said = saidBehind(tokens, index);
      return said.some((one) => applies(menu.option_groups[choice.groupId]!, { [one.groupId]: one.choiceId }))
        ? choice
        : null;
    }
    // 음료는 제로로: another choice of the same set.
    const isChoice = token.meaning.choices.some(
      ({ groupId }) => menu.option_groups[groupId]?.when !== undefined,
    );
    if (!isChoice || ownNumber(tokens, index) !== null) return null;
  }
  return null;
}

/** Choices said right behind a name: 치즈버거 세트. */
function saidBehind(tokens: readonly Token[], at: number): readonly ChoiceRef[] {
  const choices: ChoiceRef[] = [];
  for (let index = at + 1; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (token.type === 'name') {
      if (token.meaning.itemId !== null) break;
      choices.push(...token.meaning.choices);
    } else if (token.type !== 'number' && !hasRole(token, 'particle', 'filler', 'to')) break;
  }
  return choices;
}

/** 아아 하나는 … 사이다로 바꿔: a set that stands, though nothing here says that it is one. */
function isPartOfStanding({ tokens }: Reading, current: Mention, token: NameToken, at: number): boolean {
  // the chicken one with zero coke
  if (isLatin(token)) return current.definite && before(tokens, at) === 'with';
  const isOnlyTopic = current.topic && !saysAnything(current) && hasRole(tokens[at - 1], 'particle');
  // 베토는 사이다 새우는 제로콜라
  if (isOnlyTopic && ownNumber(tokens, at) === null) return true;
  return (current.topic || current.part) && leadsTo(tokens, at, 'to') && ownNumber(tokens, at) === null;
}

/** Whether a name after a set is the set's, by what stands around it. True when it was taken. */
function takeForSet(
  reading: Reading,
  current: Mention,
  token: NameToken,
  at: number,
  groupId: string,
  byNoun: boolean,
  choices: NameToken['meaning']['choices'],
): boolean {
  const { tokens, pre } = reading;
  const choice = choices.find((one) => one.groupId === groupId)!;
  if (readDealtChoices(reading, at, [groupId], false)) return true;
  // 세트로 주시고 콜라 하나요: the verb has come, and the amount is of an item.
  if (current.closed && ownNumber(tokens, at) !== null && !leadsTo(tokens, at, 'to')) return false;
  const take = () => {
    chooseFor(reading, current, choice, at);
    for (const other of reading.every ?? [])
      if (other !== current) choose(reading.menu, other.options, choice);
    reading.afterInstead = null;
    // What a choice of a set is like is not asked: it comes as it is.
    if (current !== pre) pre.options = {};
    if (pre.article) pre.quantity = null;
    return true;
  };
  if (byNoun) return take();
  const next = tokenAfter(tokens, at);
  if (
    (!isLatin(token) && leadsTo(tokens, at, 'instead')) ||
    (hasRole(next, 'remove') && namesOfGroupFollow(reading, at, groupId))
  ) {
    reading.afterInstead = { groupIds: [groupId], mention: null };
    return true;
  }
  if (reading.insteadOf === current && current.options[groupId] !== undefined) {
    // with an americano instead of the cola
    reading.insteadOf = null;
    return true;
  }
  if (reading.afterInstead?.groupIds.includes(groupId) === true) return take();
  if (leadsTo(tokens, at, 'to')) return take();
  // 콜라는 사이다로: the one that is to go.
  const isTopic = isFollowedBy(tokens, at, TOPIC) || isFollowedBy(tokens, at, OBJECT);
  if (isTopic && namesOfGroupFollow(reading, at, groupId)) return true;
  const number = ownNumber(tokens, at);
  const numberToken = tokens.slice(at + 1).find(({ type }) => type === 'number');
  const isTooOrMore =
    isFollowedBy(tokens, at, TOO) || isTopic || hasRole(next, 'more', 'add', 'cancel', 'remove');
  if (isLatin(token)) {
    const link = before(tokens, at);
    const within = link === 'with' || (link === 'and' && boundBefore(tokens, current, at));
    const prefixed = pre.quantity !== null && !pre.article && tokens[at - 1]?.type === 'number';
    if (!within && (reading.afterAnd || reading.pre.quantity !== null)) return false;
    if (prefixed || current.options[groupId] !== undefined || isTooOrMore) return false;
    reading.pre.quantity = null;
    return take();
  }
  if (reading.afterAnd || isTooOrMore || current.options[groupId] !== undefined) return false;
  if (current !== pre && (pre.quantity !== null || Object.keys(pre.options).length > 0)) return false;
  if (number === null) return take();
  const counter = numberToken?.type === 'number' ? numberToken.counter : null;
  return current.quantity === null && (counter === null || counter === '개' || counter === '세트')
    ? take()
    : false;
}

/** True when the next name is another choice of the group. */
function namesOfGroupFollow({ tokens }: Reading, at: number, groupId: string): boolean {
  const next = tokens.slice(at + 1).find(({ type }) => type === 'name' || type === 'number');
  return next?.type === 'name' && next.meaning.choices.some((choice) => choice.groupId === groupId);
}

/** The linking word in front of an English name, articles stepped over. */
function before(tokens: readonly Token[], at: number): string | null {
  for (let index = at - 1; index >= 0; index--) {
    const token = tokens[index]!;
    if (['with', 'and', 'plus'].includes(token.text)) return token.text;
    if (token.type === 'number' && token.value === 1) continue;
    if (!hasRole(token, 'filler') && token.text !== 'the') return null;
  }
  return null;
}

/** True when the name before `and` was taken for a choice of the current set. */
function boundBefore(tokens: readonly Token[], current: Mention, at: number): boolean {
  const token = tokens.slice(0, at).findLast(({ type }) => type === 'name');
  if (token?.type !== 'name' || token.meaning.itemId === current.item?.item_id) return false;
  return token.meaning.choices.some(
    ({ groupId, choiceId }) => groupId !== 'variant' && current.options[groupId] === choiceId,
  );
}
