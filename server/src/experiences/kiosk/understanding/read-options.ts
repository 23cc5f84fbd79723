import type { ChoiceRef } from './meanings.ts';
import {
  isFollowedBy,
  isLatin,
  isOfThose,
  leadsTo,
  nextIndex,
  ONLY,
  ownNumber,
  tokenAfter,
  tokenBefore,
  TOPIC,
  verbAfter,
} from './lookahead.ts';
import {
  choiceName,
  choose,
  fittingChoice,
  newMention,
  possibleChoice,
  saysAnything,
  unchoose,
  type Mention,
} from './mention.ts';
import { dealPart } from './read-amounts.ts';
import {
  applyIngredients,
  begin,
  chooseFor,
  endParts,
  partOf,
  startLoosePart,
  targetOf,
  type NameToken,
  type Reading,
} from './reading.ts';
import { hasRole, type Token } from './tokens.ts';

export function readIngredient(reading: Reading, token: NameToken, at: number): void {
  if (leadsTo(reading.tokens, at, 'unoffered')) return;
  if (reading.corrected && reading.ingredients.length > 0) reading.ingredients = [];
  if (reading.afterAnd && reading.current?.kind === 'item' && hasRole(reading.tokens[at + 1], 'to')) {
    // 불고기랑 치즈로요: no part of the other one.
    reading.lost += token.text.length;
    return;
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

/** 하나는 세트로 하나는 단품으로, 세트 음료는 …: what follows is of the one that was said to be so. True when that is all it says. */
function isOfWhich(reading: Reading, choices: readonly ChoiceRef[]): boolean {
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
function pointsAtLine(reading: Reading, token: NameToken, at: number): boolean {
  const { tokens, menu } = reading;
  const [choice] = token.meaning.choices;
  const isOne =
    isLatin(token) && tokens[at + 1]?.text === 'one' && tokens[at - 1]?.text.endsWith('the') === true;
  const isEnglish = isOne || isOfThose(tokens, at);
  const isMarked = isFollowedBy(tokens, at, ONLY) || isFollowedBy(tokens, at, TOPIC) || isEnglish;
  if (choice === undefined || reading.current !== null || !isMarked) return false;
  if (saysAnything(reading.pre) && !isEnglish) return false;
  if (choice.groupId === reading.expectedGroup) return false;
  const rest = tokens.slice(isOne ? at + 2 : at + 1);
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
  const quantity = isEnglish ? reading.pre.quantity : null;
  if (isEnglish) reading.pre = newMention({ kind: 'loose' });
  const reference = { type: 'having', options } as const;
  begin(
    reading,
    newMention({ kind: 'loose', said: token.text, reference, intent, quantity, part: quantity !== null }),
    at,
  );
  if (isOne) reading.readTo = at + 1;
  return true;
}

function possibleGroup(choices: readonly ChoiceRef[], groupId: string): boolean {
  return choices.some((choice) => choice.groupId === groupId);
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

type Placed =
  | { readonly where: 'next'; readonly choice: ChoiceRef }
  | { readonly where: 'current'; readonly target: Mention; readonly choice: ChoiceRef }
  | { readonly where: 'another'; readonly choice: ChoiceRef }
  | { readonly where: 'nowhere'; readonly choice: ChoiceRef | null };

/** Whose option it is. */
function placeFor(reading: Reading, token: NameToken, at: number): Placed {
  const { tokens, menu, current } = reading;
  const { choices } = token.meaning;
  const expected = choices.find(({ groupId }) => groupId === reading.expectedGroup);
  const first = expected ?? choices[0]!;
  const nextItem = itemAhead(reading, at);
  const forNext = nextItem === null ? null : possibleChoice(nextItem, choices);
  if (current === null) return { where: 'next', choice: forNext ?? first };
  if (current.kind === 'loose') {
    const isEvery = current.reference?.type === 'every';
    return forNext === null || isEvery
      ? { where: 'current', target: current, choice: first }
      : { where: 'next', choice: forNext };
  }
  if (current.item === null) {
    return forNext === null
      ? { where: 'current', target: current, choice: first }
      : { where: 'next', choice: forNext };
  }
  const forCurrent = fittingChoice(menu, current.item, current.options, choices);
  const free = forCurrent !== null && current.options[forCurrent.groupId] === undefined;
  // 아메리카노는 아이스 라떼는 …: said right of what was made the topic.
  const isTold = free && current.topic && current.quantity === null && hasRole(tokens[at - 1], 'particle');
  if (isTold && Object.keys(current.options).length === 0)
    return { where: 'current', target: current, choice: forCurrent };
  const adverbial = leadsTo(tokens, at, 'to') || /[게로]$/.test(token.text);
  if (forNext !== null) {
    const isVariantBehind =
      isLatin(token) &&
      menu.option_groups[forNext.groupId]?.when === undefined &&
      forCurrent !== null &&
      free &&
      isBase(reading, forNext.groupId);
    const settled = current.quantity !== null || current.closed;
    const rightward =
      isFollowedBy(tokens, at, TOPIC) ||
      !free ||
      reading.afterAnd ||
      settled ||
      isLatin(token) ||
      /[한운은큰찬]$/.test(token.text) ||
      optionsComeFirst(reading);
    if (adverbial ? !free || reading.afterAnd : rightward && !isVariantBehind)
      return { where: 'next', choice: forNext };
  }
  if (forCurrent !== null) {
    const same = current.options[forCurrent.groupId] === forCurrent.choiceId;
    const overrides =
      free ||
      same ||
      reading.corrected ||
      reading.afterInstead !== null ||
      current.intent === 'change' ||
      current.topic ||
      current.part ||
      current.parts !== null;
    if (
      overrides ||
      verbAfter(tokens, at) === 'change' ||
      menu.option_groups[forCurrent.groupId]?.kind === 'many'
    )
      return { where: 'current', target: current, choice: forCurrent };
    const isMore =
      ownNumber(tokens, at) !== null ||
      isCounted(tokenAfter(tokens, at)) ||
      reading.pre.quantity !== null ||
      reading.afterAnd ||
      tokens.slice(at).some((after) => hasRole(after, 'each'));
    return isMore
      ? { where: 'another', choice: forCurrent }
      : { where: 'current', target: current, choice: forCurrent };
  }
  const earlier = reading.mentions.findLast(
    ({ kind, item, intent, options }) =>
      kind === 'item' &&
      intent === 'add' &&
      choices.some(({ groupId }) => item!.options.includes(groupId) && options[groupId] === undefined),
  );
  const forEarlier =
    earlier === undefined ? null : fittingChoice(menu, earlier.item!, earlier.options, choices);
  const trails = current.quantity !== null || current.closed;
  if (earlier !== undefined && forEarlier !== null && trails && nextItem === null)
    return { where: 'current', target: earlier, choice: forEarlier };
  const possible = possibleChoice(current.item, choices);
  if (possible !== null && (current.topic || current.intent === 'change'))
    return { where: 'current', target: current, choice: possible };
  const free4all = choices.every(({ groupId }) => menu.option_groups[groupId]?.when === undefined);
  return { where: 'nowhere', choice: free4all ? choices[0]! : null };
}

/** 두 잔 다: so many, and all of them. */
function isCounted(token: Token | undefined): boolean {
  return token?.type === 'reference' && token.reference.type === 'every' && /[개잔]다$/.test(token.text);
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

/** The item that follows, when only options stand before it. */
function itemAhead({ tokens, menu }: Pick<Reading, 'tokens' | 'menu'>, at: number) {
  // 세트는 새우버거로
  const isHeading = hasRole(tokens[at + 1], 'particle') && isFollowedBy(tokens, at, TOPIC);
  for (let index = isHeading ? at + 2 : at + 1; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (token.text === '사이즈' || token.text === 'size' || (isLatin(token) && hasRole(token, 'filler')))
      continue;
    if (hasRole(token, 'to') || isGap(token.text)) {
      // 라지로 콜라, 따뜻한 걸로 라떼
      continue;
    }
    if (token.type !== 'name') return null;
    if (isFollowedBy(tokens, index, TOPIC) && token.meaning.itemId === null) return null;
    if (token.meaning.itemId !== null) return menu.itemsById.get(token.meaning.itemId)!;
    if (token.meaning.choices.length === 0) return null;
  }
  return null;
}

function isGap(text: string): boolean {
  return text === '거' || text === '것' || text === '걸';
}

/** True when the first thing named in the utterance was an option: those come before their items then. */
function optionsComeFirst({ tokens }: Reading): boolean {
  const first = tokens.find((token) => token.type === 'name');
  return first?.type === 'name' && first.meaning.itemId === null && first.meaning.choices.length > 0;
}

/** True for a group that others depend on: 세트. */
function isBase({ menu }: Reading, groupId: string): boolean {
  return Object.values(menu.option_groups).some(({ when }) => when?.[groupId] !== undefined);
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
