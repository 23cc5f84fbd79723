import type { Act, Question, SaidItem } from './acts.ts';
import { saysAnything, toSaidItem, toSaidLoosely, withoutItem, type Mention } from './reader/mention.ts';
import type { ReadOrder } from './reader/order-reader.ts';
import type { Role } from './words/roles.ts';
import { SOUND } from './tokens/sound-match.ts';
import { hasRole, type Token } from './tokens/tokens.ts';

/** What a sentence asks for, in order, from its words and from what its reader found out. */
export function findActs(tokens: readonly Token[], order: ReadOrder): Act[] {
  const said: Said = (...roles) =>
    tokens.some(
      (token, at) =>
        hasRole(token, ...roles) && !(hasRole(token, 'without') && tokens[at + 1]?.type === 'name'),
    );
  const named = order.mentions.filter(({ kind }) => kind !== 'loose');
  const loose = order.mentions.filter((mention) => mention.kind === 'loose');
  const hasItems = named.length > 0;
  if (said('staff') || (said('call') && said('want') && !hasItems && said('help')))
    return [{ type: 'staff' }];
  if (said('call') && said('want') && order.mentions.length === 0) return [{ type: 'staff' }];
  const acts: Act[] = [];
  if (said('restart') && !hasItems && loose.every(({ options }) => Object.keys(options).length === 0))
    return [{ type: 'start-over' }];
  if (said('restart')) acts.push({ type: 'start-over' });
  else if (order.cancelsAll) acts.push({ type: 'cancel-all' });
  if (order.keeps !== null) acts.push({ type: 'keep-only', itemIds: order.keeps });

  const repeats = !hasItems && said('repeat') && loose.every((mention) => !changesLines(mention));
  if (repeats) acts.push({ type: 'repeat' });
  if (said('yes') && !said('no')) acts.push({ type: 'yes' });
  if (said('no') && !order.cancelsAll && !onlyCorrects(tokens)) acts.push({ type: 'no' });
  const refuses = loose.some(({ drops, options }) => drops.length > 0 || options['remove'] !== undefined);
  if (said('enough') && !hasItems && !refuses) acts.push({ type: 'enough' });

  const question = questionOf(tokens, said, order, hasItems);
  if (question !== null) acts.push(...askAbout(question, order));
  else {
    const about = repeats || said('review') || speaksOfSpeech(said) ? named : order.mentions;
    acts.push(...about.map((mention) => ofWhatStands(toAct(mention), mention, order.mentions)));
  }
  acts.push(...settings(said, hasItems, acts));
  acts.push(...endings(said, order.mentions.length > 0 && question === null, acts));
  if (acts.length === 0 && isBareWish(tokens)) acts.push({ type: 'yes' });
  if (acts.length === 0 && order.cannot.length > 0) acts.push(refusal(order.cannot));
  if (acts.length === 0 && said('greeting')) acts.push({ type: 'greeting' });
  if (acts.length === 0 && said('thanks')) acts.push({ type: 'thanks' });
  if (acts.length === 0) acts.push({ type: 'unknown' });
  return acts;
}

type Said = (...roles: readonly Role[]) => boolean;

function refusal(cannot: readonly string[]): Act {
  return {
    type: 'loose',
    said: {
      quantity: null,
      vague: false,
      more: false,
      options: {},
      drops: [],
      reference: null,
      intent: 'add',
      part: false,
      otherwise: [],
      cannot,
      parts: [],
    },
  };
}

function changesLines({ quantity, options, drops, intent }: Mention): boolean {
  return quantity !== null || intent !== 'add' || drops.length > 0 || Object.keys(options).length > 0;
}

/** 영어로 바꿔, 천천히 말해: a change, but of nothing on the order. */
function speaksOfSpeech(said: Said): boolean {
  return said('english', 'korean', 'slower', 'faster', 'louder', 'quieter');
}

/** 주세요, 그걸로 할게요: agrees to what was just asked, and holds nothing else. */
function isBareWish(tokens: readonly Token[]): boolean {
  return (
    tokens.some((token) => hasRole(token, 'want', 'add') && !isHearsay(token)) &&
    tokens.every(
      (token) => token.type === 'reference' || hasRole(token, 'want', 'add', 'to', 'particle', 'filler'),
    )
  );
}

/** 먹는대요: what somebody else wants. */
function isHearsay({ text }: Token): boolean {
  return /대요?$/.test(text);
}

/** 아니 in the middle of an order takes back what was said before it and is no answer. */
function onlyCorrects(tokens: readonly Token[]): boolean {
  const at = tokens.findIndex((token) => hasRole(token, 'no'));
  return tokens.slice(0, at).some((token) => token.type === 'name' || token.type === 'number');
}

function questionOf(
  tokens: readonly Token[],
  said: Said,
  order: ReadOrder,
  hasItems: boolean,
): Question | null {
  const last = tokens.findLast((token) => !hasRole(token, 'particle', 'filler'));
  const counted = order.mentions.some((mention) => mention.quantity !== null);
  const verbs = said('want', 'order', 'add', 'remove', 'change', 'cancel');
  const asks = hasRole(last, 'asks') || (said('asks') && !verbs && !counted);
  const orders = verbs && !asks;
  if (said('price')) return 'price';
  if (said('allergy') && (asks || !(verbs || counted))) return 'allergy';
  if (said('contents') && (hasItems || order.mentions.length > 0)) return 'contents';
  if (hasItems) {
    if (orders || (counted && !asks)) return null;
    if (said('spicy') && asks) return 'spicy';
    if (said('have') || asks) return 'have';
    if (said('spicy') && !counted) return 'spicy';
    if (said('what', 'popular') && order.mentions.every(({ item }) => item === null)) return 'menu';
    return null;
  }
  const loosely = order.mentions.length > 0;
  if (asks && !said('spicy', 'popular', 'what') && (loosely || order.categories.length > 0)) return 'have';
  if (loosely && !asks && !said('popular') && order.mentions.some(changesLines)) return null;
  if (said('popular')) return 'popular';
  if (said('spicy')) return 'spicy';
  if (said('what')) return 'menu';
  if (order.categories.length > 0 && !said('to', 'change')) return 'menu';
  return null;
}

function askAbout(about: Question, { mentions, categories }: ReadOrder): Act[] {
  const mention = mentions.find(({ kind }) => kind !== 'loose');
  if (mention !== undefined && mention.kind === 'stranger')
    return mentions.filter(({ kind }) => kind !== 'loose').map(toAct);
  return [
    {
      type: 'ask',
      about,
      itemId: mention?.item?.item_id ?? null,
      categoryId: mention?.categoryId ?? categories[0] ?? null,
      options: mention?.options ?? {},
    },
  ];
}

/** Longer than the name of anything that is eaten: talk about something else, which nobody should hear called a dish. */
function isSentence(said: string): boolean {
  return said.length > (/[가-힣]/.test(said) ? 6 : 11);
}

function toAct(mention: Mention): Act {
  const { kind, item, said, guess, replaces } = mention;
  if (kind === 'loose') return { type: 'loose', said: toSaidLoosely(mention) };
  const rest = withoutItem(mention);
  // 버거만 두 개로: so many of it.
  const ofStanding =
    mention.more ||
    (mention.intent === 'change' && mention.quantity !== null) ||
    (mention.topic && mention.quantity === null);
  if (mention.categoryId !== null && ofStanding && !mention.vague) {
    // 버거 하나 더, 버거는 양파 빼 주세요: of the one that stands, where one does.
    const reference = { type: 'category', categoryId: mention.categoryId } as const;
    return { type: 'loose', said: { ...toSaidLoosely(mention), reference } };
  }
  if (mention.categoryId !== null) return { type: 'category', categoryId: mention.categoryId, item: rest };
  if (item === null) {
    if (mention.nearest.length > 0) return { type: 'unsure', nearest: mention.nearest, item: rest, said };
    return rest.quantity === null && isSentence(said) ? { type: 'unknown' } : { type: 'unknown-item', said };
  }
  if (mention.either.length > 0) return { type: 'unsure', nearest: mention.either, item: rest, said };
  if (mention.doubtful) return { type: 'unsure', nearest: [item.item_id], item: rest, said };
  if (guess !== null && !isSure(guess.distance, guess.runnerUp)) {
    const clear = guess.runnerUp - guess.distance >= SOUND.margin;
    return { type: 'unsure', nearest: clear ? [item.item_id] : guess.nearest, item: rest, said };
  }
  const named = toSaidItem({ ...mention, item });
  if (replaces?.kind === 'loose') {
    return {
      type: 'replace',
      fromItemId: null,
      fromReference: replaces.reference,
      fromQuantity: replaces.quantity,
      fromChoices: [],
      item: named,
    };
  }
  if (replaces?.item != null) {
    return {
      type: 'replace',
      fromItemId: replaces.item.item_id,
      fromReference: null,
      fromQuantity: replaces.quantity,
      fromChoices: replaces.meaning?.choices ?? [],
      item: named,
    };
  }
  if (mention.intent === 'remove') return { type: 'remove', item: named };
  if (mention.intent === 'change' || (mention.topic && says(mention)) || saysOfStanding(mention))
    return { type: 'change', item: named };
  return { type: 'add', item: named };
}

/** 불고기버거 하나는 양파 빼 주세요, 라떼는 둘 다 아이스로: of what stands, where it does. */
function ofWhatStands(act: Act, mention: Mention, mentions: readonly Mention[]): Act {
  if (
    act.type === 'add' &&
    mention.denies !== null &&
    mentions.length === 1 &&
    !mention.more &&
    !mention.part
  )
    return insteadOfLast(act.item, mention.denies);
  if (act.type !== 'add' || !saysAnything(mention)) return act;
  const isOnlyPart =
    mention.part && mentions.every((other) => other === mention || other.item !== mention.item);
  return isOnlyPart || (mention.every && mention.topic) ? { type: 'change', item: act.item } : act;
}

/** the vanilla latte should be iced: an option said behind the name, and no amount. */
function saysOfStanding({ definite, quantity, article, options, before, drops }: Mention): boolean {
  if (!definite || (quantity !== null && !article)) return false;
  return Object.keys(options).some((groupId) => before[groupId] === undefined) || drops.length > 0;
}

/** 아니 사이다: of one kind with what was said last, it takes its place. */
function insteadOfLast(item: SaidItem, of: 'same' | 'kind'): Act {
  const from = { fromItemId: null, fromReference: null, fromQuantity: null, fromChoices: [] };
  return { type: 'replace', ...from, of, item };
}

/** 사이다는 라지로요: of what stands, where it does. */
function says(mention: Mention): boolean {
  return mention.quantity === null ? saysAnything(mention) : mention.part;
}

function isSure(distance: number, runnerUp: number): boolean {
  return distance <= SOUND.take && runnerUp - distance >= SOUND.margin;
}

function* settings(said: Said, hasItems: boolean, found: readonly Act[]): Generator<Act> {
  if (!hasItems && said('english')) yield { type: 'language', language: 'en' };
  else if (!hasItems && said('korean')) yield { type: 'language', language: 'ko' };
  for (const what of ['slower', 'faster', 'louder', 'quieter'] as const) {
    if (!hasItems && said(what)) yield { type: 'speech', what };
  }
  if (said('dine-out')) yield { type: 'dine', where: 'out' };
  else if (said('dine-in')) yield { type: 'dine', where: 'in' };
  if (!hasItems && said('help') && found.length === 0) yield { type: 'help' };
  if (!hasItems && said('review') && found.every(({ type }) => type === 'yes')) yield { type: 'review' };
}

function* endings(said: Said, aboutOrder: boolean, found: readonly Act[]): Generator<Act> {
  for (const [role, method] of [
    ['card', 'card'],
    ['cash', 'cash'],
    ['mobile-pay', 'mobile_pay'],
  ] as const) {
    if (said(role)) yield { type: 'pay', method };
  }
  const cancels = found.some(({ type }) => type === 'cancel-all');
  if (said('finish') && !cancels) yield { type: 'finish' };
  else if (
    !aboutOrder &&
    said('order') &&
    !cancels &&
    found.every(({ type }) => type === 'yes' || type === 'dine' || type === 'no')
  ) {
    yield { type: 'finish' };
  }
}
