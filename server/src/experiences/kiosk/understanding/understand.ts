import { normaliseUtterance } from '../../../language/normalise.ts';
import type { Menu } from '../menu.ts';
import type { Act, Question, Understanding } from './acts.ts';
import { createLexicon, type Lexicon } from './lexicon.ts';
import { isSaid, toSaidItem, withoutItem, type Mention } from './mention.ts';
import { readOrder, type ReadOrder } from './order-reader.ts';
import type { Role } from './roles.ts';
import { segmentBySound, SOUND } from './sound-match.ts';
import { hasRole, type Token } from './tokens.ts';

/** What has to be known of the conversation to understand the next words. */
export interface Expecting {
  /** Option group that was just asked for; null when none was. */
  readonly groupId: string | null;
}

/** Longer utterances are cut: nobody orders in one breath what takes minutes to say. */
const LONGEST = 300;

const lexicons = new WeakMap<Menu, Lexicon>();

/** The lexicon of a menu, made once. */
export function lexiconOf(menu: Menu): Lexicon {
  let lexicon = lexicons.get(menu);
  if (lexicon === undefined) lexicons.set(menu, (lexicon = createLexicon(menu)));
  return lexicon;
}

/** What an utterance in Korean or English asks for, with this menu as its only vocabulary. Never invents: what is not sure says so. */
export function understand(text: string, menu: Menu, expecting: Expecting): Understanding {
  const lexicon = lexiconOf(menu);
  const tokens = segmentBySound(normaliseUtterance(text.slice(0, LONGEST)), lexicon);
  const order = readOrder(tokens, menu, lexicon, expecting.groupId);
  const acts = findActs(tokens, order);
  return { acts, confidence: confidenceOf(tokens, order, acts) };
}

function findActs(tokens: readonly Token[], order: ReadOrder): Act[] {
  const said = (...roles: readonly Role[]) =>
    tokens.some(
      (token, at) =>
        hasRole(token, ...roles) && !(hasRole(token, 'without') && tokens[at + 1]?.type === 'name'),
    );
  if (said('staff') || (said('call') && said('want') && order.mentions.length === 0))
    return [{ type: 'staff' }];
  const acts: Act[] = [];
  const hasItems = order.mentions.length > 0;
  if (said('restart') && !hasItems) return [{ type: 'start-over' }];
  if (said('restart')) acts.push({ type: 'start-over' });
  else if (order.cancelsAll) acts.push({ type: 'cancel-all' });

  if (!hasItems && said('repeat')) acts.push({ type: 'repeat' });
  if (said('yes') && !said('no')) acts.push({ type: 'yes' });
  if (said('no') && !order.cancelsAll && !onlyCorrects(tokens)) acts.push({ type: 'no' });
  if (said('enough') && !hasItems) acts.push({ type: 'enough' });

  const question = questionOf(said, order);
  if (question !== null) acts.push(...askAbout(question, order));
  else acts.push(...order.mentions.map(toAct));
  const isAnswer = order.loose !== null && (isSaid(order.loose) || order.loose.intent !== 'add');
  const saysMore =
    order.loose !== null && (isSaid(order.loose) || !said('language' as Role, 'english', 'korean'));
  if (
    !hasItems &&
    !order.cancelsAll &&
    isAnswer &&
    saysMore &&
    question === null &&
    !said('repeat', 'review')
  ) {
    acts.push({ type: 'loose', said: order.loose });
  }
  acts.push(...settings(said, hasItems, acts));
  acts.push(...endings(said, hasItems, acts));
  if (acts.length === 0 && isBareWish(tokens)) acts.push({ type: 'yes' });
  if (acts.length === 0 && said('greeting')) acts.push({ type: 'greeting' });
  if (acts.length === 0 && said('thanks')) acts.push({ type: 'thanks' });
  if (acts.length === 0) acts.push({ type: 'unknown' });
  return acts;
}

/** 주세요, 그걸로 할게요: agrees to what was just asked, and holds nothing else. */
function isBareWish(tokens: readonly Token[]): boolean {
  return (
    tokens.some((token) => hasRole(token, 'want')) &&
    tokens.every((token) => hasRole(token, 'want', 'that', 'to', 'particle'))
  );
}

/** 아니 in the middle of an order takes back what was said before it and is no answer. */
function onlyCorrects(tokens: readonly Token[]): boolean {
  const at = tokens.findIndex((token) => hasRole(token, 'no'));
  return tokens.slice(0, at).some((token) => token.type === 'name' || token.type === 'number');
}

type Said = (...roles: readonly Role[]) => boolean;

function questionOf(said: Said, order: ReadOrder): Question | null {
  const hasItems = order.mentions.length > 0;
  const counted = order.mentions.some((mention) => mention.quantity !== null);
  if (said('price')) return 'price';
  if (said('contents') && hasItems) return 'contents';
  if (said('allergy')) return 'allergy';
  if (hasItems) {
    if (said('want', 'order', 'add', 'remove', 'change', 'cancel') || counted) return null;
    if (said('spicy')) return 'spicy';
    if (said('have')) return 'have';
    if (said('what', 'popular') && order.mentions.every((mention) => mention.categoryId !== null))
      return 'menu';
    return null;
  }
  if (said('popular')) return 'popular';
  if (said('spicy')) return 'spicy';
  if (said('what')) return 'menu';
  if (order.categories.length > 0 && !said('to', 'change')) return 'menu';
  return null;
}

function askAbout(about: Question, { mentions, categories }: ReadOrder): Act[] {
  const [mention] = mentions;
  if (mention !== undefined && mention.item === null && mention.categoryId === null)
    return mentions.map(toAct);
  return [
    {
      type: 'ask',
      about,
      itemId: mention?.item?.item_id ?? null,
      categoryId: mention?.categoryId ?? categories[0] ?? null,
    },
  ];
}

/** Longer than the name of anything that is eaten: talk about something else, which nobody should hear called a dish. */
function isSentence(said: string): boolean {
  return said.length > (/[가-힣]/.test(said) ? 6 : 11);
}

function toAct(mention: Mention): Act {
  const { item, said, guess, replaces } = mention;
  const rest = withoutItem(mention);
  if (mention.categoryId !== null) return { type: 'category', categoryId: mention.categoryId, item: rest };
  if (item === null) {
    if (mention.nearest.length > 0) return { type: 'unsure', nearest: mention.nearest, item: rest, said };
    return rest.quantity === null && isSentence(said) ? { type: 'unknown' } : { type: 'unknown-item', said };
  }
  if (mention.doubtful) return { type: 'unsure', nearest: [item.item_id], item: rest, said };
  if (guess !== null && !isSure(guess.distance, guess.runnerUp)) {
    const clear = guess.runnerUp - guess.distance >= SOUND.margin;
    return { type: 'unsure', nearest: clear ? [item.item_id] : guess.nearest, item: rest, said };
  }
  const named = toSaidItem({ ...mention, item });
  if (mention.replacesLast) return { type: 'replace', fromItemId: null, fromChoices: [], item: named };
  if (replaces?.item != null) {
    return {
      type: 'replace',
      fromItemId: replaces.item.item_id,
      fromChoices: replaces.meaning?.choices ?? [],
      item: named,
    };
  }
  if (mention.intent === 'remove') return { type: 'remove', item: named };
  if (mention.intent === 'change') return { type: 'change', item: named };
  return { type: 'add', item: named };
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

function* endings(said: Said, hasItems: boolean, found: readonly Act[]): Generator<Act> {
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
    !hasItems &&
    said('order') &&
    !cancels &&
    found.every(({ type }) => type === 'yes' || type === 'dine')
  ) {
    yield { type: 'finish' };
  }
}

function confidenceOf(tokens: readonly Token[], order: ReadOrder, acts: readonly Act[]): number {
  const length = tokens.reduce((sum, token) => sum + token.text.length, 0);
  if (length === 0 || acts.some(({ type }) => type === 'unknown')) return 0;
  const guessed = Math.max(0, ...order.mentions.map((mention) => mention.guess?.distance ?? 0));
  const doubts = acts.some(({ type }) => type === 'unsure' || type === 'unknown-item') ? 0.5 : 1;
  const known = 1 - Math.min(1, Math.max(0, order.lost) / length);
  return Math.round(known * (1 - guessed) * doubts * 100) / 100;
}
