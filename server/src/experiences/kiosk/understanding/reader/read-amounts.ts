import {
  AMONG,
  BECAUSE,
  isFollowedBy,
  isLatin,
  leadsTo,
  nextIndex,
  ONLY,
  tokenBefore,
  TOPIC,
} from './lookahead.ts';
import { choose, fittingChoice, newMention, type Mention } from './mention.ts';
import { isArticle, isOfNext, readPart, startsPart, startsRow } from './read-parts.ts';
import {
  applyIngredients,
  begin,
  flushLoose,
  startLoosePart,
  targetOf,
  type NumberToken,
  type Reading,
} from './reading.ts';
import { hasRole, type Token } from '../tokens/tokens.ts';

/** An amount: of the item before it, of the one that follows, or a part of an amount said before. */
export function readNumber(reading: Reading, token: NumberToken, at: number): void {
  const { tokens } = reading;
  if (token.counter === '번' && tokens.length - at <= 2 && reading.mentions.length === 0) {
    // 일 번이요: the first of what is shown.
    return begin(
      reading,
      newMention({ kind: 'loose', said: token.text, reference: { type: 'position', at: token.value - 1 } }),
      at,
    );
  }
  if (!token.countsThings || countsPeople(reading, token, at) || isFollowedBy(tokens, at, BECAUSE)) return;
  // 치즈버거 하나 콜라 하나 총 두 개: the sum, which says nothing new.
  if (isSum(reading, token, at)) return;
  // 치즈 두 장 추가: of the cheese, which is put in or not.
  if (reading.ingredients.length > 0 && leadsTo(tokens, at, 'add', 'remove', 'without')) return;
  if (isLatin(token) && startsRow(reading, token, at) && isOfNext(reading, token.value, at)) return;
  if (isFollowedBy(tokens, at, TOPIC) || startsPart(reading, token, at)) {
    if (readPart(reading, token, at)) return;
  }
  if (reading.every !== null) {
    for (const mention of reading.every) setAmount(mention, token.value);
    return;
  }
  const { current } = reading;
  // make that a set
  if (current?.kind === 'loose' && isArticle(token)) return;
  // one of them a sprite
  if (current === null && reading.pre.part && isArticle(token)) return;
  const next = nextIndex(tokens, at);
  const following = next < 0 ? undefined : tokens[next]!;
  const nextIsName = following?.type === 'name' && leadsToItem(reading, at);
  const english = isLatin(token) || (nextIsName && isLatin(following));
  const setChoice = token.counter === '세트' ? (reading.lexicon.find('세트')?.name?.choices ?? []) : [];
  const ofThem = english && following === undefined ? false : isOfThem(reading, at);
  const free = current !== null && (current.quantity === null || current.article || reading.corrected);
  if (
    current !== null &&
    free &&
    !reading.afterAnd &&
    (!english || ofThem || !(nextIsName || following?.type === 'unknown'))
  ) {
    setAmount(current, token.value);
    // the shrimp burger as a set
    current.article = current.definite && isArticle(token);
    takeMarks(reading, current, at);
    current.among = isFollowedBy(tokens, at, AMONG);
    if (reading.each) spread(reading, token.value);
    const fitting =
      current.item === null ? null : fittingChoice(reading.menu, current.item, current.options, setChoice);
    if (fitting !== null) choose(reading.menu, current.options, fitting);
    reading.corrected = false;
    return;
  }
  if (nextIsName || reading.afterAnd || current === null || (english && following?.type === 'unknown')) {
    // 아이스로 하고 하나 더 주세요: one more, besides.
    if (current === null && reading.pre.closed && hasRole(following, 'more')) flushLoose(reading);
    const { pre } = reading;
    // one hot and one iced
    if (current === null && Object.keys(pre.options).length > 0 && (!nextIsName || reading.afterAnd))
      startLoosePart(pre);
    if (
      pre.quantity !== null &&
      pre.quantity !== token.value &&
      !reading.corrected &&
      !pre.article &&
      !pre.part
    )
      pre.vague = true;
    setAmount(pre, token.value);
    pre.article = english && /^an?$/.test(token.text);
    pre.only = english && /^(?:i|we)?(?:just|only)/.test(tokens[at - 1]?.text ?? '');
    takeMarks(reading, pre, at);
    reading.corrected &&= nextIsName;
    if (setChoice[0] !== undefined) choose(reading.menu, pre.options, setChoice[0]);
    return;
  }
  if (current.quantity !== token.value && !english) current.vague = true;
}

function isSum({ tokens, current, mentions, pre }: Reading, { value }: NumberToken, at: number): boolean {
  if (current?.quantity == null) return false;
  if (SUMS.has(tokens[at - 1]?.text ?? '')) return true;
  const next = tokens[nextIndex(tokens, at)];
  if (next !== undefined && !hasRole(next, 'want', 'order')) return false;
  const named = mentions.filter(({ kind, intent }) => kind === 'item' && intent === 'add');
  const sum = named.reduce((total, { quantity }) => total + (quantity ?? 1), 0);
  return named.length > 1 && sum === value && pre.quantity === null;
}

const SUMS = new Set(['총', '합쳐서', '다합쳐서', '모두합쳐서', '다해서', '해서총']);

/** 친구 둘이랑 왔어요. */
function countsPeople({ tokens, current }: Reading, { counter, text }: NumberToken, at: number): boolean {
  const next = tokens[at + 1];
  // 둘이 나눠 마시게: so many eat or drink.
  if (counter === null && next?.text === '이' && !next.afterBreak && /[둘셋넷섯]$/.test(text)) return true;
  return (
    counter === null &&
    current === null &&
    hasRole(tokens[at + 1], 'and') &&
    tokens[at + 2]?.type === 'unknown'
  );
}

function setAmount(target: Mention, value: number): void {
  target.quantity = value;
  target.article = false;
  target.vague = false;
}

/** 두 개로 sets the amount; 하나만 does too, unless something else is said of just so many. */
function takeMarks(reading: Reading, target: Mention, at: number): void {
  const sets = leadsTo(reading.tokens, at, 'to');
  const only = isFollowedBy(reading.tokens, at, ONLY);
  if (sets || (only && target.intent === 'add')) target.intent = 'change';
  if (only) target.part = true;
}

/** cheeseburgers, two of them. */
function isOfThem({ tokens }: Reading, at: number): boolean {
  return (
    tokens[at + 1]?.text === 'of' && (tokens[at + 2]?.type === 'reference' || hasRole(tokens[at + 2], 'each'))
  );
}

/** 한두, some: the amount of what is being read about is asked for. */
export function readVague(reading: Reading, at: number): void {
  const next = reading.tokens[nextIndex(reading.tokens, at)];
  const { current } = reading;
  if (reading.tokens[at - 1]?.text === '한') {
    // 한 서너 개: about so many, and no one.
    targetOf(reading).quantity = null;
  }
  const leads = next?.type === 'name' && (isLatin(next) || current === null || current.quantity !== null);
  if (current !== null && (current.quantity === null || current.article) && !reading.afterAnd && !leads)
    current.vague = true;
  else reading.pre.vague = true;
}

/** 많이, 적게: of an ingredient it is refused in words; of an item its amount is asked for. */
export function readDegree(reading: Reading, text: string, at: number): void {
  const { current, ingredients, unoffered } = reading;
  if (unoffered !== null || ingredients.length > 0) {
    const target = targetOf(reading);
    const names = [
      ...ingredients.map((ingredient) => ingredient.text),
      ...(unoffered === null ? [] : [unoffered]),
    ];
    target.cannot.push(...names.map((name) => `${name} ${text}`));
    reading.ingredients = [];
    reading.unoffered = null;
    return;
  }
  if (text === '덜' && tokenBefore(reading.tokens, at)?.type === 'number') {
    // 한 개 덜 주세요
    targetOf(reading).intent = 'remove';
    if (current === null) flushLoose(reading);
    return;
  }
  const next = reading.tokens[at + 1];
  if (isLatin(next) && next?.type === 'name') reading.pre.vague = true;
  else if (
    current !== null &&
    current.kind !== 'loose' &&
    (current.quantity === null || text.startsWith('반반'))
  )
    current.vague = true;
}

/** 더, another: on top of what stands. */
export function readMore(reading: Reading, token: Token): void {
  if (reading.ingredients.length > 0) return applyIngredients(reading, 'add');
  if (reading.unoffered !== null) return;
  if (isLatin(token)) {
    if (reading.current?.kind === 'loose') {
      reading.current.more = true;
      return;
    }
    reading.pre.more = true;
    reading.pre.quantity ??= 1;
    return;
  }
  targetOf(reading).more = true;
}

/** 씩, 각각: what is said is of every item named together. */
export function readEach(reading: Reading, at: number): void {
  const { current, tokens, mentions } = reading;
  const next = tokens[nextIndex(tokens, at)];
  const named = mentions.filter(({ kind, intent }) => kind === 'item' && intent === 'add');
  const isOption = next?.type === 'name' && next.meaning.itemId === null && next.meaning.choices.length > 0;
  if (isOption && named.length > 1 && current?.quantity != null) {
    // 불고기버거 하나 새우버거 하나 각각 세트로
    reading.every = named;
    return;
  }
  const value = current?.quantity ?? reading.pre.quantity;
  const before = tokenBefore(reading.tokens, at);
  if (value == null || (current !== null && before?.type !== 'number')) reading.each = true;
  else if (current === null && !isLatin(reading.tokens[at])) reading.eachAhead = value;
  else spread(reading, value);
}

/** 콜라랑 사이다 두 개씩: the amount is that of every item named together. */
export function spread(reading: Reading, value: number): void {
  reading.each = false;
  const { mentions, current, pre } = reading;
  if (pre.quantity === value && current !== null) {
    // a coke and a sprite, two of each
    current.quantity = value;
    current.article = false;
    pre.quantity = null;
  }
  const last = mentions.length - 1;
  for (let at = last; at >= 0; at--) {
    const mention = mentions[at]!;
    if (at === last && mention === current && !mention.article) continue;
    if ((mention.quantity !== null && !mention.article) || mention.intent !== 'add') break;
    if (current?.intent === 'change') mention.intent = 'change';
    mention.quantity = value;
    mention.article = false;
  }
}

/** True when only options stand between here and an item or a category. */
function leadsToItem({ tokens }: Reading, at: number): boolean {
  for (let index = at + 1; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (hasRole(token, 'particle', 'filler')) continue;
    if (token.type !== 'name') return false;
    const { itemId, categoryId, partOf: parts } = token.meaning;
    if (itemId !== null || categoryId !== null || parts.length > 0) return true;
  }
  return false;
}
