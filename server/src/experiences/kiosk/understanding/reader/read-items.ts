import type { KioskMenuItem } from '@malbeot/protocol';
import {
  BECAUSE,
  isFollowedBy,
  isLatin,
  isOfThose,
  leadsTo,
  OBJECT,
  ONLY,
  ownNumber,
  tokenAfter,
  tokenBefore,
  TOO,
  TOPIC,
} from './lookahead.ts';
import { choose, newMention, possibleChoice, saysAnything, type Mention } from './mention.ts';
import { beginInParts } from './parts-ahead.ts';
import { beginStranger, isTalk } from './read-strangers.ts';
import { begin, leaveIngredients, type NameToken, type Reading } from './reading.ts';
import { hasRole, type Token } from '../tokens/tokens.ts';

/** What stands before a name and makes another thing of it: 딸기 라떼, 청포도라떼, a cherry coke; null when nothing does. */
function strangerBefore(
  tokens: readonly Token[],
  token: NameToken,
  at: number,
  item: KioskMenuItem,
): Token | null {
  let index = at - 1;
  // All that is written as one word with it: in 청포도라떼 a particle seems to stand between.
  if (!token.afterBreak)
    while (tokens[index]?.afterBreak === false && hasRole(tokens[index], 'particle')) index--;
  const before = tokens[index];
  if (before === undefined || isTalk(before.text)) return null;
  if (isPartOfOther(before, item)) return index === at - 1 && !token.meaning.full ? before : null;
  if (before.type !== 'unknown') return null;
  const isModifier = isLatin(token) && tokens[index - 1]?.type === 'number';
  return !token.afterBreak || !token.meaning.full || isModifier ? before : null;
}

/** 초코 아이스크림: a word of another name. */
function isPartOfOther(token: Token | undefined, item: KioskMenuItem): boolean {
  return (
    token?.type === 'name' && token.meaning.partOf.length > 0 && !token.meaning.partOf.includes(item.item_id)
  );
}

/** An item: begins to read about it, with what was said before it and what it takes the place of. */
export function startItem(reading: Reading, token: NameToken, at: number, item: KioskMenuItem): void {
  const { tokens, current } = reading;
  if (isFollowedBy(tokens, at, BECAUSE)) return;
  leaveIngredients(reading, true);
  reading.groupIds = [];
  dropWondering(reading, at);
  if (repeatsIt(reading, item, at)) return;
  if (isSpokenOf(reading, token, at, item)) return;
  if (reading.insteadOf !== null) {
    reading.insteadOf.replaces = newMention({ kind: 'item', item, said: token.text, meaning: token.meaning });
    reading.insteadOf = null;
    return;
  }
  if (becomesIt(reading, token, at, item)) return;
  if (holdsIt(reading, token, at, item)) return;
  const stranger = token.guess === null ? strangerBefore(tokens, token, at, item) : null;
  const following = tokens[at + 1];
  const glued = following?.type === 'unknown' && !following.afterBreak && !isTalk(following.text);
  if (glued && (!token.meaning.full || following.text.startsWith('맛'))) {
    // 불고기피자 is not a bulgogi burger.
    return beginStranger(reading, token.text + following.text, at, following.nearest);
  }
  const mention = newMention({
    kind: 'item',
    item,
    said: token.text,
    joined: reading.afterAnd,
    guess: token.guess,
    meaning: token.meaning,
    doubtful: stranger !== null,
    intent: isOnIt(reading, token, at) ? 'add' : (reading.verbFirst ?? 'add'),
    marked: leadsTo(tokens, at, 'to'),
    object: isFollowedBy(tokens, at, OBJECT),
    definite: isDefinite(reading, token, at),
    denies: reading.denied ? deniedBy(reading, at) : null,
    topic: isFollowedBy(tokens, at, TOPIC) || isFollowedBy(tokens, at, ONLY) || isOnIt(reading, token, at),
  });
  if (isOfThose(tokens, at)) {
    // one of the lattes hot
    mention.topic = true;
    mention.part = true;
  } else if (reading.denied && mention.topic && ownNumber(tokens, at) !== null) mention.intent = 'change';
  for (const choice of token.meaning.itemOptions) {
    choose(reading.menu, mention.options, choice);
    choose(reading.menu, mention.before, choice);
  }
  if (stranger !== null) reading.lost -= stranger.text.length;
  if (reading.afterInstead !== null) {
    mention.replaces = reading.afterInstead.mention;
    reading.afterInstead = null;
  }
  if (
    current?.kind === 'category' &&
    current.categoryId === item.category &&
    ownNumber(tokens, at) === null &&
    (reading.pre.quantity === null || reading.pre.article) &&
    !reading.afterAnd
  ) {
    // 커피 두 잔 아이스 아메리카노로
    current.intent = 'replaced';
    mention.quantity = current.quantity;
    mention.vague = current.vague;
    Object.assign(mention.options, current.options);
  }
  if (
    mention.marked &&
    current?.kind === 'item' &&
    (current.object || current.topic) &&
    !saysAnything(current) &&
    mention.replaces === null
  ) {
    // 감튀를 콘샐러드로, 콜라를 사이다로 바꿔
    current.intent = 'replaced';
    mention.replaces = current;
  }
  const next = tokenAfter(tokens, at);
  if (takesBackSame(reading, mention)) reading.corrected = false;
  if (mention.marked && current?.kind === 'item' && !reading.afterAnd && isAfterPause(tokens, at))
    reading.corrected = true;
  const stays = hasRole(next, 'instead', 'remove', 'cancel') || isFollowedBy(tokens, at, TOO);
  if (reading.corrected && current !== null && current.kind !== 'loose' && !stays) {
    current.intent = 'replaced';
    if (ownNumber(tokens, at) === null && reading.pre.quantity === null) mention.quantity = current.quantity;
  } else if (reading.corrected && current?.kind === 'loose' && current.reference?.type === 'last' && !stays) {
    current.intent = 'replaced';
    mention.replaces = current;
  }
  const isFirst = reading.mentions.length === 0 && current === null;
  if (reading.denied && mention.marked && isFirst && mention.replaces === null && !stays) {
    // 아니 사이다로요: what was last touched becomes that.
    mention.replaces = newMention({ kind: 'loose', reference: null });
  }
  if (!stays) reading.corrected = false;
  if (current?.kind === 'item' && current.intent === 'add') {
    const link = wordBetween(tokens, at);
    if (hasRole(link, 'unless')) mention.unless = current;
    else if (hasRole(link, 'or')) {
      const named = current.either.length > 0 ? current.either : [current.item!.item_id];
      mention.either = [...named, item.item_id];
      current.intent = 'replaced';
    }
  }
  if (beginInParts(reading, mention, at)) return;
  begin(reading, mention, at);
  if (!reading.negated) return;
  reading.negated = false;
  mention.intent = 'replaced';
  reading.afterInstead = { groupIds: [], mention };
  reading.current = null;
}

/** 콜라 둘 사이다 하나, 아니 콜라 하나 사이다 둘: what was said of the same item before the 아니 does not count. True when there was something. */
function takesBackSame(reading: Reading, { item }: Mention): boolean {
  const { current, mentions } = reading;
  if (reading.corrected) reading.correctedFrom = mentions.length;
  const before = mentions
    .slice(0, reading.correctedFrom)
    .filter((mention) => mention.item === item && mention.intent === 'add' && mention !== current);
  for (const mention of before) mention.intent = 'replaced';
  return before.length > 0;
}

/** 불고기버거, 음, 불고기버거 하나요: said again before anything was said of it. */
function repeatsIt(
  { tokens, current, afterAnd, pre, afterInstead, insteadOf }: Reading,
  item: KioskMenuItem,
  at: number,
): boolean {
  if (isFollowedBy(tokens, at, TOPIC) || hasRole(tokenAfter(tokens, at), 'remove', 'cancel', 'instead'))
    return false;
  if (current?.item !== item || current.quantity !== null || current.closed || afterAnd) return false;
  const isPlain = Object.keys(current.options).length === 0 && current.intent === 'add' && !current.more;
  return isPlain && !saysAnything(pre) && afterInstead === null && insteadOf === null;
}

/** What is said to oneself, not to the kiosk. */
const WONDERS = /(?:할|먹을|묵을|마실|시킬|고를|담을)까$/;

/** 불고기버거 먹을까, 치즈버거로 하나 주세요: thought aloud, and then something is asked for. */
function dropWondering({ tokens, current }: Reading, at: number): void {
  const verb = tokenBefore(tokens, at);
  if (!hasRole(verb, 'want') || !WONDERS.test(verb!.text)) return;
  if (current?.kind === 'item' && current.quantity === null) current.intent = 'replaced';
}

/** I changed my mind about the coke: speaks of it; what follows takes its place. */
function isSpokenOf(reading: Reading, token: NameToken, at: number, item: KioskMenuItem): boolean {
  const { tokens } = reading;
  if (!isLatin(token) || tokens[at - 2]?.text !== 'about' || tokens[at - 1]?.text !== 'the') return false;
  const mention = newMention({
    kind: 'item',
    item,
    said: token.text,
    meaning: token.meaning,
    intent: 'replaced',
  });
  reading.afterInstead = { groupIds: [], mention };
  reading.current = null;
  return true;
}

/** The word that stands between a name and the one before it, articles stepped over. */
function wordBetween(tokens: readonly Token[], at: number): Token | undefined {
  let index = at - 1;
  while (tokens[index]?.type === 'number' && isLatin(tokens[index])) index--;
  return tokens[index];
}

/** What is said when something else comes to mind. */
const SUDDEN = new Set(['아', '어', '앗', '아차', '참', '아참', 'oh']);

/** 아 잠깐만, 치즈버거로 할게요: what was said before it was thought over. */
function isAfterPause(tokens: readonly Token[], at: number): boolean {
  for (let index = at - 1; index >= 0; index--) {
    if (hasRole(tokens[index], 'hesitates') || SUDDEN.has(tokens[index]!.text)) return true;
    if (!hasRole(tokens[index], 'particle', 'filler')) return false;
  }
  return false;
}

/** the vanilla latte should be iced: said of what stands, where nothing is wanted and nothing new was named. */
function isDefinite({ tokens, mentions, pre }: Reading, token: NameToken, at: number): boolean {
  if (!isLatin(token) || !tokens[at - 1]?.text.endsWith('the') || pre.quantity !== null) return false;
  const wants = tokens.slice(0, at).some((before) => hasRole(before, 'want', 'add', 'more'));
  return !wants && mentions.every(({ definite, kind }) => definite || kind === 'loose');
}

/** 아니 사이다, sorry cheeseburger: takes the place of its kind; sorry two sprites: only of the same, as it may be more. */
function deniedBy({ tokens, pre }: Reading, at: number): 'same' | 'kind' {
  const isBare = pre.quantity === null && !tokens.some((token) => hasRole(token, 'want', 'add'));
  return isBare || tokens.slice(0, at).some((token) => hasRole(token, 'no')) ? 'kind' : 'same';
}

/** no onions on the cheeseburger: of the one that stands, where one does. */
function isOnIt({ tokens, pre }: Reading, token: NameToken, at: number): boolean {
  if (!isLatin(token) || pre.quantity !== null || Object.keys(pre.options).length === 0) return false;
  return tokens
    .slice(Math.max(0, at - 2), at)
    .some(({ text }) => /^(?:on|from|to|in|for)(?:the)?$/.test(text));
}

/** change the fries on the chicken burger to …: true when what is to change is a choice of this item. */
function holdsIt(reading: Reading, token: NameToken, at: number, item: KioskMenuItem): boolean {
  const { current, tokens } = reading;
  if (!isLatin(token) || current?.intent !== 'change' || current.quantity !== null) return false;
  const isOf = tokens
    .slice(Math.max(0, at - 2), at)
    .some(({ text }) => /^(?:on|in|of|from|for)(?:the)?$/.test(text));
  const choice = possibleChoice(item, current.meaning?.choices ?? []);
  if (!isOf || choice === null) return false;
  current.intent = 'replaced';
  begin(
    reading,
    newMention({ kind: 'item', item, said: token.text, meaning: token.meaning, intent: 'change' }),
    at,
  );
  reading.afterInstead = { groupIds: [choice.groupId], mention: null };
  return true;
}

/** change the coke to a sprite, make that a cola: true when it was said of what stands that it becomes this. */
function becomesIt(reading: Reading, token: NameToken, at: number, item: KioskMenuItem): boolean {
  const { current, tokens, menu } = reading;
  if (!isLatin(token) || current?.intent !== 'change' || reading.afterAnd) return false;
  const linked = tokens
    .slice(Math.max(0, at - 3), at)
    .some(({ text }) => ['to', 'into', 'for', 'with'].includes(text));
  if (current.kind !== 'loose' && !linked) return false;
  const quantity = reading.pre.article ? null : reading.pre.quantity;
  const becomes = newMention({
    kind: 'item',
    item,
    said: token.text,
    meaning: token.meaning,
    marked: true,
    quantity,
  });
  const options = reading.pre.options;
  reading.pre = newMention({ kind: 'loose' });
  const choice =
    current.item === null ? token.meaning.choices[0] : possibleChoice(current.item, token.meaning.choices);
  if (choice != null && quantity === null) {
    choose(menu, current.options, choice);
    if (current.item === null) current.otherwise.push(becomes);
    return true;
  }
  Object.assign(becomes.options, options);
  current.intent = 'replaced';
  becomes.replaces = current;
  reading.mentions.push(becomes);
  reading.current = becomes;
  return true;
}
