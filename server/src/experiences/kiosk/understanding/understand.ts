import { normaliseUtterance } from '../../../language/normalise.ts';
import type { Menu } from '../menu.ts';
import { SURE, type Act, type Understanding } from './acts.ts';
import { findActs } from './find-acts.ts';
import { createLexicon, type Lexicon } from './lexicon/lexicon.ts';
import { readOrder, type ReadOrder } from './reader/order-reader.ts';
import { sentencesOf } from './tokens/sentences.ts';
import { segmentBySound } from './tokens/sound-match.ts';
import { inContext } from './tokens/words-in-context.ts';
import { hasRole, type Token } from './tokens/tokens.ts';

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
  // A broken number is no amount: it is asked about, like any that nobody can count.
  const heard = normaliseUtterance(text.slice(0, LONGEST).replaceAll(/\d+\.\d+/g, ' 몇 '));
  const misheard =
    expecting.groupId === null ? null : lexicon.misheardChoice(heard.compact, expecting.groupId);
  const tokens = inContext(withoutGluedYes(segmentBySound(heard, lexicon, expecting.groupId)));
  const acts: Act[] = [];
  const orders: ReadOrder[] = [];
  const sentences = sentencesOf(tokens);
  for (const [at, sentence] of sentences.entries()) {
    const order = readOrder(sentence, menu, lexicon, expecting.groupId);
    const asked = isWish(sentence) ? questionBefore(sentences[at - 1], orders.at(-1), acts) : null;
    orders.push(order);
    if (asked === null) acts.push(...afterQuestion(findActs(sentence, order), acts));
    else acts.splice(-1, 1, ...asked);
  }
  const meaningful = acts.filter(({ type }) => type !== 'unknown');
  if (meaningful.length === 0 && misheard !== null) {
    const options = { [misheard.groupId]: misheard.choiceId };
    return { acts: [looseAct(options)], confidence: SURE, whole: true, unsure: false };
  }
  const found: readonly Act[] = meaningful.length > 0 ? meaningful : [{ type: 'unknown' }];
  const confidence = confidenceOf(tokens, orders, found);
  const isSettled = !/[?？]\s*$/.test(text) && !tokens.some((token) => hasRole(token, 'hesitates'));
  const isKnown = orders.every(({ lost }) => lost <= 0) && acts.length === meaningful.length;
  const whole = isKnown && isSettled;
  return { acts: found, confidence, whole, unsure: confidence < SURE };
}

/** 생각이 안 나네, 얘가 뭐래: parts of words that sound like a yes, and are none. */
function withoutGluedYes(tokens: readonly Token[]): Token[] {
  return tokens.map((token, at) => {
    if (!hasRole(token, 'yes')) return token;
    const next = tokens[at + 1];
    const isEnding = !token.afterBreak && !hasRole(tokens[at - 1], 'yes', 'no', 'filler');
    const isSubject = next?.afterBreak === false && hasRole(next, 'particle') && next.text !== '요';
    if (!isEnding && !isSubject) return token;
    const { start, end, text, afterBreak } = token;
    return { type: 'unknown', start, end, text, afterBreak, nearest: [] };
  });
}

/** 되면 그렇게 해 주세요: wants what was just asked about, and names nothing. */
function isWish(sentence: readonly Token[]): boolean {
  return (
    sentence.some((token) => hasRole(token, 'want')) &&
    sentence.every(
      (token) => token.type === 'word' && hasRole(token, 'want', 'yes', 'to', 'particle', 'filler', 'have'),
    )
  );
}

/** 콘샐러드로 되나요?: what it asks about, as an order; null where the last thing said was no such question. */
function questionBefore(
  sentence: readonly Token[] | undefined,
  order: ReadOrder | undefined,
  acts: readonly Act[],
): readonly Act[] | null {
  const last = acts.at(-1);
  if (sentence === undefined || order === undefined || last?.type !== 'ask' || last.about !== 'have')
    return null;
  const found = findActs(
    sentence.filter((token) => !hasRole(token, 'asks', 'have')),
    order,
  );
  return found.some(({ type }) => type === 'unknown') ? null : found;
}

/** 콜라 얼마예요? 하나 주세요: the amount is of what was asked about. */
function afterQuestion(found: readonly Act[], before: readonly Act[]): readonly Act[] {
  const question = before.findLast((act) => act.type === 'ask');
  if (question?.type !== 'ask') return found;
  if (question.itemId === null) return found.map((act) => ofCategory(act, question.categoryId));
  const { itemId } = question;
  return found.map((act) => {
    if (act.type !== 'loose' || act.said.intent !== 'add' || act.said.otherwise.length > 0) return act;
    if (act.said.reference !== null && act.said.reference.type !== 'last') return act;
    const { quantity, vague, more, drops, part, cannot } = act.said;
    const options = { ...question.options, ...act.said.options };
    return {
      type: 'add',
      item: { itemId, quantity, vague, more, options, before: {}, part, drops, cannot, mayBeChoice: [] },
    };
  });
}

/** 그 버거 있죠, 그거 두 개로 늘려 주세요: the burger that stands. */
function ofCategory(act: Act, categoryId: string | null): Act {
  if (act.type !== 'loose' || categoryId === null || act.said.reference?.type !== 'last') return act;
  return { type: 'loose', said: { ...act.said, reference: { type: 'category', categoryId } } };
}

function looseAct(options: Readonly<Record<string, string>>): Act {
  return {
    type: 'loose',
    said: {
      quantity: null,
      vague: false,
      more: false,
      options,
      drops: [],
      reference: null,
      intent: 'add',
      part: false,
      otherwise: [],
      cannot: [],
      parts: [],
    },
  };
}

function confidenceOf(tokens: readonly Token[], orders: readonly ReadOrder[], acts: readonly Act[]): number {
  const length = tokens.reduce((sum, token) => sum + token.text.length, 0);
  if (length === 0 || acts.every(({ type }) => type === 'unknown')) return 0;
  const guesses = orders.flatMap(({ mentions }) => mentions.map((mention) => mention.guess?.distance ?? 0));
  const lost = orders.reduce((sum, order) => sum + order.lost, 0);
  const doubts = acts.some(({ type }) => type === 'unsure' || type === 'unknown-item') ? 0.5 : 1;
  const known = 1 - Math.min(1, Math.max(0, lost) / length);
  return Math.round(known * (1 - Math.max(0, ...guesses)) * doubts * 100) / 100;
}
