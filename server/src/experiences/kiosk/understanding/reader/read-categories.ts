import { isFollowedBy, isLatin, isOfThose, ONLY, tokenAfter, TOPIC } from './lookahead.ts';
import { choose, newMention, type Mention } from './mention.ts';
import { beginStranger, isTalk } from './read-strangers.ts';
import { begin, type NameToken, type Reading } from './reading.ts';
import { hasRole, type Token } from '../tokens/tokens.ts';

/** 버거, 음료: an item of it that is to be asked for, the line that is of it, or what a question is about. */
export function readCategory(reading: Reading, token: NameToken, categoryId: string, at: number): void {
  const { tokens, current, pre } = reading;
  if (isKindOf(current, categoryId, tokens, at)) {
    current!.closed = false;
    return;
  }
  const described = describes(tokens, at);
  reading.lost += described;
  const previous = tokens[at - 1];
  if (hasRole(previous, 'unoffered') && !token.afterBreak && previous !== undefined) {
    reading.unoffered = null;
    return beginStranger(reading, previous.text + token.text, at, []);
  }
  if (previous?.type === 'unknown' && !isTalk(previous.text)) {
    reading.lost -= previous.text.length;
    return beginStranger(reading, previous.text + token.text, at, previous.nearest);
  }
  const next = tokenAfter(tokens, at);
  const topic = isFollowedBy(tokens, at, TOPIC);
  if (topic && namesItemNext(tokens, at)) {
    reading.heading = categoryId;
    return;
  }
  if (isOfThose(tokens, at)) {
    // two of the burgers
    const { quantity, options, drops } = pre;
    reading.pre = newMention({ kind: 'loose' });
    const reference = { type: 'category', categoryId } as const;
    const intent = reading.verbFirst ?? 'add';
    return begin(
      reading,
      newMention({ kind: 'loose', reference, quantity, options, drops, part: true, intent }),
      at,
    );
  }
  if (described > 0 && current?.reference?.type === 'last' && !hasRole(next, 'remove', 'cancel')) {
    // 아까 그 매콤한 닭 들어간 버거: which one, only the description says.
    current.intent = 'replaced';
    return begin(reading, newMention({ kind: 'category', categoryId, said: token.text }), at);
  }
  if (current?.reference != null || isDefinite(tokens[at - 1])) {
    if (current?.kind !== 'loose') {
      const reference = { type: 'category', categoryId } as const;
      const intent = reading.verbFirst === 'change' ? 'change' : 'add';
      return begin(reading, newMention({ kind: 'loose', reference, intent }), at);
    }
    // 아까 그 버거
    if (current.reference?.type === 'last') current.reference = { type: 'category', categoryId };
    return;
  }
  if (hasRole(next, 'keep')) {
    return begin(reading, newMention({ kind: 'category', categoryId, said: token.text }), at);
  }
  if (
    isFollowedBy(tokens, at, ONLY) &&
    pre.quantity === null &&
    next?.type !== 'number' &&
    chooseAlone(reading, categoryId)
  )
    return;
  const every = next?.type === 'reference' && next.reference.type === 'every';
  if (topic && (every || hasRole(next, 'all'))) {
    return begin(reading, newMention({ kind: 'loose', reference: { type: 'every', categoryId } }), at);
  }
  if (hasRole(next, 'remove', 'cancel') || (topic && hasRole(next, 'enough'))) {
    return begin(reading, newMention({ kind: 'loose', reference: { type: 'category', categoryId } }), at);
  }
  const wanted =
    next === undefined
      ? pre.quantity !== null
      : next.type === 'number' ||
        (next.type === 'name' && next.meaning.itemId === null && next.meaning.choices.length > 0) ||
        pre.quantity !== null ||
        hasRole(next, 'want', 'vague', 'and', 'add');
  const asked = tokens.some((other) => hasRole(other, 'what', 'price', 'popular', 'have', 'asks'));
  if (wanted && !asked) {
    return begin(
      reading,
      newMention({ kind: 'category', categoryId, said: token.text, joined: reading.afterAnd, topic }),
      at,
    );
  }
  reading.categories.push(categoryId);
}

function isDefinite(token: Token | undefined): boolean {
  return token !== undefined && isLatin(token) && token.text.endsWith('the');
}

/** 불고기 들어간 햄버거: says of what kind the item is that was just named. */
function isKindOf(
  current: Mention | null,
  categoryId: string,
  tokens: readonly Token[],
  at: number,
): boolean {
  if (current?.item?.category !== categoryId || current.quantity !== null) return false;
  let index = at - 1;
  while (isAdnominal(tokens[index])) index--;
  const token = tokens[index];
  return token?.type === 'name' && token.meaning.itemId === current.item.item_id;
}

/** 매콤한 닭 들어간 버거: characters that describe what is meant, by words that name nothing. Unknown ones count already. */
function describes(tokens: readonly Token[], at: number): number {
  let length = 0;
  for (let index = at - 1; index >= 0; index--) {
    const token = tokens[index]!;
    if (isAdnominal(token)) length += token.text.length;
    else if (token.type !== 'unknown') break;
  }
  return length;
}

/** 들어간, 매운: stands before the noun that it is said of. */
function isAdnominal(token: Token | undefined): boolean {
  return token !== undefined && hasRole(token, 'add', 'spicy') && /[간은운한린된]$/.test(token.text);
}

/** 버거만 주세요: not the set. True when things of this category come in more than one way. */
function chooseAlone({ menu, pre, current }: Reading, categoryId: string): boolean {
  const groupId = menu.items
    .filter(({ category }) => category === categoryId)
    .flatMap(({ options }) => options)
    .find((id) => Object.values(menu.option_groups).some(({ when }) => when?.[id] !== undefined));
  const choiceId = groupId === undefined ? undefined : menu.option_groups[groupId]!.default;
  if (groupId === undefined || choiceId === undefined) return false;
  const target = current ?? pre;
  choose(menu, target.options, { groupId, choiceId });
  target.drops = target.drops.filter((drop) => drop.groupId !== groupId);
  return true;
}

/** 커피는 아이스 아메리카노: the category only says of what kind the item is. */
function namesItemNext(tokens: readonly Token[], at: number): boolean {
  for (let index = at + 1; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (token.type === 'name') {
      if (token.meaning.itemId !== null || token.meaning.partOf.length > 0) return true;
      if (token.meaning.choices.length === 0) return false;
    } else if (
      !(
        token.type === 'number' ||
        hasRole(token, 'particle', 'filler', 'to', 'without', 'remove', 'add', 'vague')
      )
    )
      return false;
  }
  return false;
}
