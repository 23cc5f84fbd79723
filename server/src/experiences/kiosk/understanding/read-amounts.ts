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
  verbAfter,
} from './lookahead.ts';
import { choose, fittingChoice, newMention, possibleChoice, type Mention } from './mention.ts';
import {
  applyIngredients,
  begin,
  endLoosePart,
  flushLoose,
  partOf,
  startLoosePart,
  targetOf,
  type NumberToken,
  type Reading,
} from './reading.ts';
import { hasRole, type Token } from './tokens.ts';

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
  // 치즈 두 장 추가: of the cheese, which is put in or not.
  if (reading.ingredients.length > 0 && leadsTo(tokens, at, 'add', 'remove', 'without')) return;
  if (isFollowedBy(tokens, at, TOPIC) || startsPart(reading, token, at)) {
    if (readPart(reading, token, at)) return;
  }
  if (reading.every !== null) {
    for (const mention of reading.every) setAmount(mention, token.value);
    return;
  }
  const { current } = reading;
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
    pre.only = english && /^(?:just|only)/.test(tokens[at - 1]?.text ?? '');
    takeMarks(reading, pre, at);
    reading.corrected &&= nextIsName;
    if (setChoice[0] !== undefined) choose(reading.menu, pre.options, setChoice[0]);
    return;
  }
  if (current.quantity !== token.value && !english) current.vague = true;
}

/** 친구 둘이랑 왔어요. */
function countsPeople({ tokens, current }: Reading, { counter }: NumberToken, at: number): boolean {
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

/** English deals out without a topic: two cheeseburgers, one with no tomato; two lattes, one hot and one iced. */
function startsPart({ tokens, current, menu }: Reading, token: NumberToken, at: number): boolean {
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
  let following = index + 1;
  while (tokens[following]?.type === 'name' && !isItem(tokens[following])) following++;
  if (isItem(tokens[following])) return false;
  return fittingChoice(menu, current.item, current.options, next.meaning.choices) !== null;
}

function isArticle(token: Token | undefined): boolean {
  return token?.type === 'number' && /^an?$/.test(token.text);
}

function isItem(token: Token | undefined): boolean {
  return token?.type === 'name' && token.meaning.itemId !== null;
}

/** 하나는 …: deals out the amount of the current item, or of the line in question. True when it was that. */
function readPart(reading: Reading, { value }: NumberToken, at: number): boolean {
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
function isOfNext(reading: Reading, value: number, at: number): boolean {
  const { tokens, current, pre } = reading;
  const index = itemIndex(reading, at);
  const name = tokens[index];
  if (name?.type !== 'name') return false;
  if (reading.row === null) {
    const { choices } = name.meaning;
    if (current === null) {
      const isWhole = pre.quantity !== null && pre.quantity >= value && !pre.part;
      if (choices.length > 0 && !isWhole) return false;
      reading.row = { options: isWhole ? pre.options : {} };
    } else if (current.kind === 'category') {
      current.intent = 'replaced';
      reading.row = { options: current.options };
    } else if (current.kind === 'item') {
      const isPart = current.among || leadsTo(tokens, index, 'to') || verbAfter(tokens, index) === 'change';
      if (isPart || possibleChoice(current.item!, choices) !== null) return false;
      reading.row = { options: {} };
    } else return false;
  }
  reading.pre = newMention({ kind: 'loose', quantity: value, options: { ...reading.row.options } });
  return true;
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
}

/** 나머지는: the part that is left. */
export function readRest(reading: Reading): void {
  const { current, pre } = reading;
  if (current?.parts != null) dealPart(reading, current, current.parts.left ?? 1);
  else if (current === null && pre.part) {
    endLoosePart(pre);
    pre.quantity = 1;
    pre.part = true;
  }
}

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

export function readEach(reading: Reading, at: number): void {
  const { current } = reading;
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
