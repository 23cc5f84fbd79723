import { isFollowedBy, isLatin, leadsTo, ownNumber, tokenAfter, TOPIC, verbAfter } from './lookahead.ts';
import type { ChoiceRef } from '../lexicon/meanings.ts';
import { fittingChoice, possibleChoice, type Mention } from './mention.ts';
import type { NameToken, Reading } from './reading.ts';
import { hasRole, type Token } from '../tokens/tokens.ts';

/** Whose an option is, and which choice it is of that. */
export type Placed =
  | { readonly where: 'next'; readonly choice: ChoiceRef }
  | { readonly where: 'current'; readonly target: Mention; readonly choice: ChoiceRef }
  | { readonly where: 'another'; readonly choice: ChoiceRef }
  | { readonly where: 'nowhere'; readonly choice: ChoiceRef | null };

/** Whose option it is. */
export function placeFor(reading: Reading, token: NameToken, at: number): Placed {
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
      (current.continues && current.quantity === null) ||
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

/** The item that follows, when only options stand before it. */
export function itemAhead({ tokens, menu }: Pick<Reading, 'tokens' | 'menu'>, at: number) {
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
