import { isLatin, leadsTo, nextIndex, tokenAfter, tokenBefore, TOPIC, verbAfter } from './lookahead.ts';
import { choose, fittingChoice, newMention, type Mention } from './mention.ts';
import { begin, partOf, targetOf, type Reading } from './reading.ts';
import { hasRole, type Token } from '../tokens/tokens.ts';

type ReferenceToken = Token & { readonly type: 'reference' };

/** 그거, 첫 번째 거: what follows is about a line that stands, or about something on the screen. */
export function readReference(reading: Reading, token: ReferenceToken, at: number): void {
  const { tokens, current } = reading;
  const { reference } = token;
  if (reference.type === 'every') return readEvery(reading, at);
  const verb = verbAfter(tokens, at);
  if (
    reference.type === 'last' &&
    reading.idleIngredients.length > 0 &&
    (verb === 'remove' || verb === 'add')
  ) {
    // 마요네즈를 싫어하는데 … 그거만 빼고: the ingredient spoken of.
    reading.lost -= reading.idleIngredients.reduce((sum, { text }) => sum + text.length, 0);
    reading.ingredients = [...reading.idleIngredients];
    reading.idleIngredients = [];
    return;
  }
  const isCounted = tokens[at - 1]?.text === 'of' && tokens[at - 2]?.type === 'number';
  // one of them with sprite
  const isOther = tokens[at + 1]?.type !== 'name' && tokens.slice(at + 1).some(({ type }) => type === 'name');
  if (isCounted && current === null && reading.verbFirst === null && isOther) reading.pre.part = true;
  const next = tokens[nextIndex(tokens, at)];
  // 방금 시킨 콜라: the cola is named.
  if (next?.type === 'name' && next.meaning.itemId !== null && reference.type === 'last') {
    const isObject = nextIndex(tokens, at) - at > 1;
    if (!isObject || reading.verbFirst === null) {
      if (reading.verbFirst !== 'change' && !isMarkedLater(reading, at)) return;
    }
  }
  if (
    next?.type === 'name' &&
    next.meaning.itemId !== null &&
    reference.type === 'position' &&
    tokens[nextIndex(tokens, at) - 1]?.type === 'reference'
  )
    return;
  if (
    reference.type === 'last' &&
    (tokens[at - 1]?.text === 'of' || hasRole(tokens[at - 1], 'change', 'all'))
  ) {
    if (hasRole(tokens[at - 1], 'change')) reading.pre.intent = 'change';
    else if (reading.verbFirst !== 'change' || reading.pre.quantity === null) return;
  }
  if (reference.type === 'last' && current !== null) {
    // Said of what this utterance named.
    if (current.kind === 'item' && current.intent === 'add') return;
    if (current.kind === 'loose') return;
  }
  const intent = reading.verbFirst ?? (reading.pre.intent === 'change' ? 'change' : 'add');
  if (reading.pre.intent === 'change') reading.pre.intent = 'add';
  const { pre } = reading;
  const mention = newMention({
    kind: 'loose',
    reference,
    said: token.text,
    joined: reading.afterAnd,
    intent,
  });
  const ofIt = ['from', 'on', 'to', 'for', 'with'].includes(tokens[at - 1]?.text ?? '');
  if (ofIt && Object.keys(pre.options).length > 0) {
    // no pickles on that one
    Object.assign(mention.options, pre.options);
    mention.drops.push(...pre.drops);
    mention.intent = 'add';
    reading.verbFirst = null;
    reading.pre = newMention({ kind: 'loose' });
  } else if (pre.more || (pre.quantity !== null && reading.verbFirst !== null)) {
    // one more of those; remove one of them
    mention.more = pre.more;
    mention.quantity = pre.quantity;
    reading.pre = newMention({ kind: 'loose' });
  }
  begin(reading, mention, at);
}

/** 그거 사이다로 바꿔: the name is not what 그거 stands beside. */
function isMarkedLater({ tokens }: Reading, at: number): boolean {
  const index = nextIndex(tokens, at);
  return hasRole(tokens[index + 1], 'to');
}

/** 불고기버거 둘 다 세트로: two of them. */
const COUNTED: readonly (readonly [string, number])[] = [
  ['둘', 2],
  ['두', 2],
  ['셋', 3],
  ['세', 3],
  ['넷', 4],
  ['네', 4],
  ['다섯', 5],
];

/** 둘 다, 전부: of everything that this utterance named, else of everything that stands. */
export function readEvery(reading: Reading, at: number): void {
  const { tokens, mentions, current, pre, ingredients } = reading;
  reading.sawAll = true;
  const said = mentions.filter(({ kind, intent }) => kind === 'item' && intent === 'add');
  const counted = COUNTED.find(([word]) => tokens[at]!.text.startsWith(word))?.[1];
  if (said.length > 1) {
    // 뜨겁게 한 잔 아이스로 두 잔, 다 큰 걸로: an amount as well.
    if (current?.continues === true && current.quantity === null && counted !== undefined)
      current.quantity = counted;
    if (isLatin(tokens[at])) spreadLast(reading, said, at);
    reading.every = said;
    return;
  }
  if (current?.kind === 'item' && current.quantity === null && !current.closed) {
    current.every = true;
    if (counted !== undefined) current.quantity = counted;
  }
  if (current?.reference?.type === 'having') current.reference = { ...current.reference, every: true };
  // 불고기버거도 세트로 바꿔 주시고 음료는 둘 다 사이다요: of more than the one just named.
  const isOfMore = current?.closed === true && counted !== undefined && reading.groupIds.length > 0;
  if (current !== null && !isOfMore) return;
  const next = tokenAfter(tokens, at);
  const saysHow =
    next !== undefined &&
    (next.type === 'number' ||
      (next.type === 'name' && (next.meaning.choices.length > 0 || next.meaning.groupIds.length > 0)) ||
      hasRole(next, 'unoffered') ||
      (ingredients.length > 0 && hasRole(next, 'remove', 'add')));
  if (!saysHow && Object.keys(pre.options).length === 0) return;
  const nextAt = nextIndex(tokens, at);
  if (
    next?.type === 'name' &&
    next.meaning.itemId !== null &&
    reading.groupIds.length === 0 &&
    !leadsTo(tokens, nextAt, 'to')
  )
    return;
  // 양파랑 피클 둘 다 빼 주세요: both of these, of the line in question.
  const isTopic = TOPIC.has(tokens[at - 1]?.text ?? '');
  const ofIngredients = counted === undefined ? !isTopic : counted === ingredients.length;
  if (ingredients.length > 0 && ofIngredients) return;
  const mention = newMention({
    kind: 'loose',
    reference: { type: 'every', categoryId: null },
    said: tokens[at]!.text,
  });
  if (isLatin(tokens[at]) && /^(?:on|for|with|in|to)$/.test(tokens[at - 1]?.text ?? '')) {
    // no onions on both: what was said before is of all of them
    Object.assign(mention.options, pre.options);
    mention.drops.push(...pre.drops);
    reading.pre = newMention({ kind: 'loose' });
  }
  const { groupIds } = reading;
  begin(reading, mention, at);
  reading.groupIds = groupIds;
}

/** no pickles on either: what was said last is of all of them. */
function spreadLast(
  { tokens, menu, lastIngredient, lastOption }: Reading,
  said: readonly Mention[],
  at: number,
): void {
  const before = tokenBefore(tokens, at);
  if (before?.type !== 'name' || before.meaning.itemId !== null) return;
  for (const last of [lastIngredient, lastOption]) {
    if (last === null || !before.meaning.choices.some(({ choiceId }) => choiceId === last.choice.choiceId))
      continue;
    for (const mention of said) {
      const choice = fittingChoice(menu, mention.item!, mention.options, [last.choice]);
      if (choice !== null) choose(menu, mention.options, choice);
    }
  }
}

/** 같은 걸로: one more of what was last talked about. */
export function readSame(reading: Reading, at: number): void {
  const target = targetOf(reading);
  const { current } = reading;
  if (current?.kind === 'item' && (current.quantity !== null || current.closed)) {
    // an iced tea, and the same for my friend
    const another = partOf(current, null, current);
    reading.mentions.push(another);
    reading.current = another;
    reading.afterAnd = false;
    return;
  }
  reading.afterAnd = false;
  const next = tokenAfter(reading.tokens, at);
  // 같은 콜라로: it is named.
  if (next?.type === 'name' && next.meaning.itemId !== null) return;
  if (reading.current === null) {
    begin(
      reading,
      newMention({ kind: 'loose', reference: { type: 'last' }, more: true, said: reading.tokens[at]!.text }),
      at,
    );
  } else if (target.kind === 'loose') target.more = true;
}
