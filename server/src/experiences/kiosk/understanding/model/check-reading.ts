import type { KioskMenuItem } from '@malbeot/protocol';
import { knownLines } from '../../order.ts';
import type { SaidItem } from '../acts.ts';
import { hasRole } from '../tokens/tokens.ts';
import { lexiconOf } from '../understand.ts';
import { bindAmounts, bindOptions, type Claim, type HeardAmount } from './binding.ts';
import { hearWords, isUnwanted, type HeardWords, type Span } from './heard-words.ts';
import type { ModelAct, Proposal } from './model-acts.ts';
import type { ModelInput } from './prompt.ts';
import { overlaps, scoreFor, supportsFor, type Support } from './support.ts';

/** Questions about items in one breath; more would not be answered. */
const MOST_QUESTIONS = 3;
/** Letters that mean nothing here which an utterance has to hold before something it does not name is asked about. */
const LEAST_UNKNOWN = 2;
const CHANGES = /바꿔|바꾸|변경|교체|말고|대신|change|instead|switch|make/;
const TAKES_OFF = /빼|뺄|취소|없애|지워|제외|삭제|안먹|안마|필요없|싫|remove|cancel|takeoff|nomore/;

/** A proposal with its item, and with what in the words speaks for it. */
interface Checked {
  readonly proposal: Proposal;
  readonly item: KioskMenuItem;
  readonly support: Support | null;
  readonly claim: Claim;
}

/**
 * Holds what a model proposes against the words, the menu and the order, and keeps what they bear out. Pure.
 *
 * An item is taken only when its name was heard; one that was described or misheard becomes a question; one that nothing in
 * the words speaks for is asked about at most once, and only when something was wanted that nobody understood. An amount has
 * to be in the words, beside its item; one that is not is asked for. An option counts only if its name was heard beside its
 * item. What is taken off or changed has to stand on the order, and the words have to say so.
 */
export function checkReading(
  proposals: readonly Proposal[],
  input: Pick<ModelInput, 'text' | 'menu' | 'order' | 'asked'>,
): readonly ModelAct[] {
  const words = hearWords(input.text, input.menu);
  const checked = findSupport(proposals, words, input);
  const claims = checked.map(({ claim }) => claim);
  const amounts = bindAmounts(
    words,
    claims.filter((_, at) => checked[at]!.proposal.act !== 'ask'),
  );
  const context: Context = { words, claims, amounts, input };
  const acts: ModelAct[] = [];
  let questions = 0;
  for (const one of checked) {
    const act = toAct(one, context);
    if (act === null || (act.type === 'unsure' && ++questions > MOST_QUESTIONS)) continue;
    acts.push(act);
  }
  for (const { act, item, question } of proposals) {
    // Of nothing in particular: what is there, what is popular.
    if (act === 'ask' && item === null && (question === 'menu' || question === 'popular')) {
      acts.push({ type: 'ask', about: question, itemId: null, categoryId: null, options: {} });
    }
  }
  return acts;
}

const NOTHING_SAID: Omit<SaidItem, 'itemId'> = {
  quantity: null,
  vague: false,
  more: false,
  options: {},
  before: {},
  part: false,
  drops: [],
  cannot: [],
  mayBeChoice: [],
};

interface Context {
  readonly words: HeardWords;
  readonly claims: readonly Claim[];
  readonly amounts: ReadonlyMap<Claim, HeardAmount>;
  readonly input: Pick<ModelInput, 'text' | 'menu' | 'order' | 'asked'>;
}

/** Gives each proposal about an item of the menu its place in the words; one place speaks for one thing. */
function findSupport(
  proposals: readonly Proposal[],
  words: HeardWords,
  { menu }: Context['input'],
): readonly Checked[] {
  const taken: Span[] = [];
  let hasUnheard = false;
  return proposals.flatMap((proposal): Checked[] => {
    const item = proposal.item === null ? undefined : menu.itemsById.get(proposal.item ?? '');
    if (item === undefined || proposal.act === 'unknown') return [];
    const wanted = proposal.act === 'add' || proposal.act === 'replace';
    const support =
      supportsFor(words, menu, item, { wanted }).find(
        ({ span }) => !taken.some((other) => overlaps(other, span)),
      ) ?? null;
    if (support !== null) taken.push(support.span);
    else if (proposal.act !== 'add' || hasUnheard || !wantsTheUnknown(words)) return [];
    else hasUnheard = true;
    const claim = {
      span: support?.span ?? null,
      groups: item.options,
      quantity: proposal.quantity ?? null,
      options: proposal.options ?? [],
    };
    return [{ proposal, item, support, claim }];
  });
}

/** True when the words want something, and hold something that means nothing here. "이요." does neither. */
function wantsTheUnknown(words: HeardWords): boolean {
  const unknown = words.tokens.reduce(
    (sum, token) => sum + (token.type === 'unknown' ? token.text.length : 0),
    0,
  );
  const wants =
    words.has('want', 'order', 'add') ||
    words.tokens.some((token) => token.type === 'number' && token.countsThings);
  return wants && unknown >= LEAST_UNKNOWN;
}

function toAct(checked: Checked, context: Context): ModelAct | null {
  switch (checked.proposal.act) {
    case 'add':
      return toAdd(checked, context);
    case 'remove':
      return toRemove(checked, context);
    case 'set_quantity':
      return toSetQuantity(checked, context);
    case 'set_options':
      return toSetOptions(checked, context);
    case 'replace':
      return toReplace(checked, context);
    case 'ask': {
      const about = checked.proposal.question ?? null;
      const itemId = checked.item.item_id;
      return about === null ? null : { type: 'ask', about, itemId, categoryId: null, options: {} };
    }
    case 'unknown':
      return null;
  }
}

/** What was said of an item, without its amount. */
function saidOf({ claim }: Checked, { words, claims, input }: Context): Omit<SaidItem, 'itemId'> {
  const { menu } = input;
  const options = bindOptions(words, claims, claim, { menu, lexicon: lexiconOf(menu) });
  return { ...NOTHING_SAID, options };
}

function amountOf({ claim }: Checked, { amounts }: Context): Pick<SaidItem, 'quantity' | 'vague'> {
  const amount = amounts.get(claim)!;
  return {
    quantity: amount.type === 'said' ? amount.quantity : null,
    vague: amount.type === 'unclear',
  };
}

function toAdd(checked: Checked, context: Context): ModelAct {
  const { item, support } = checked;
  const wanted = { ...saidOf(checked, context), ...amountOf(checked, context) };
  // What is sold out is refused with the nearest alternatives: nothing can be taken wrongly.
  const isRefused = support !== null && !item.available;
  if (support?.level === 'named' || isRefused || wasOffered(item, context)) {
    return { type: 'add', item: { itemId: item.item_id, ...wanted } };
  }
  return { type: 'unsure', nearest: [item.item_id], item: wanted, said: saidText(support, context.words) };
}

/** True for the one that the words describe best among several that were just offered. */
function wasOffered(item: KioskMenuItem, { words, input: { menu, asked } }: Context): boolean {
  if (asked?.type !== 'which' || asked.nearest.length < 2 || !asked.nearest.includes(item.item_id)) {
    return false;
  }
  const others = asked.nearest.filter((itemId) => itemId !== item.item_id);
  return isBest(item, others, words, menu);
}

function isBest(
  item: KioskMenuItem,
  others: readonly string[],
  words: HeardWords,
  menu: Context['input']['menu'],
): boolean {
  const score = scoreFor(words, menu, item);
  return (
    score > 0 &&
    others.every((itemId) => {
      const other = menu.itemsById.get(itemId);
      return other === undefined || scoreFor(words, menu, other) < score;
    })
  );
}

/** True when `item` stands on the order and the words are about it more than about anything else there. */
function standsAndIsMeant(item: KioskMenuItem, { words, input: { menu, order } }: Context): boolean {
  const standing = new Set(knownLines(menu, order).map(({ itemId }) => itemId));
  if (!standing.delete(item.item_id)) return false;
  return isBest(item, [...standing], words, menu);
}

function standingQuantity({ item_id }: KioskMenuItem, { input: { menu, order } }: Context): number {
  const lines = knownLines(menu, order).filter(({ itemId }) => itemId === item_id);
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}

function toRemove(checked: Checked, context: Context): ModelAct | null {
  const { item, claim, support } = checked;
  const { words, amounts } = context;
  if (support === null || !standsAndIsMeant(item, context) || !isTakenOff(support, words)) return null;
  const amount = amounts.get(claim)!;
  const isUncounted = !words.has('vague', 'degree') && words.tokens.every(({ type }) => type !== 'number');
  const isAll = claim.quantity === null || claim.quantity === standingQuantity(item, context);
  if (amount.type !== 'said' && !(isUncounted && isAll)) return null;
  const quantity = amount.type === 'said' ? amount.quantity : null;
  return { type: 'remove', item: { itemId: item.item_id, ...NOTHING_SAID, quantity } };
}

/** True when the word that takes something off follows this thing, and nothing else that could be meant by it. */
function isTakenOff({ span }: Support, words: HeardWords): boolean {
  if (isUnwanted(words, span)) return true;
  for (const token of words.tokens.slice(span.to + 1)) {
    if (hasRole(token, 'remove', 'cancel') || TAKES_OFF.test(token.text)) return true;
    if (token.type === 'name') return false;
  }
  const first = words.tokens.findIndex((token) => hasRole(token, 'remove', 'cancel'));
  // English says it first: take off the spicy one.
  return /[a-z]/.test(words.text) && first >= 0 && first < span.from;
}

function toSetQuantity(checked: Checked, context: Context): ModelAct | null {
  const { item, claim } = checked;
  const isChange = context.words.has('change', 'to', 'instead') || CHANGES.test(context.words.text);
  if (claim.quantity === null || !isChange || !standsAndIsMeant(item, context)) return null;
  const amount = amountOf(checked, context);
  if (amount.quantity === null && !amount.vague) return null;
  return { type: 'change', item: { itemId: item.item_id, ...NOTHING_SAID, ...amount } };
}

function toSetOptions(checked: Checked, context: Context): ModelAct | null {
  const { item, claim } = checked;
  // Of one of them, with a number: that deals a line out, which only the rules do.
  if (context.amounts.get(claim)!.type !== 'none' || !standsAndIsMeant(item, context)) return null;
  const said = saidOf(checked, context);
  if (Object.keys(said.options).length === 0) return null;
  return { type: 'change', item: { itemId: item.item_id, ...said } };
}

function toReplace(checked: Checked, context: Context): ModelAct | null {
  const { item, proposal, support } = checked;
  const { words, input } = context;
  const from = input.menu.itemsById.get(proposal.from ?? '');
  if (support?.level !== 'named' || from === undefined || from.item_id === item.item_id) return null;
  if (!standsAndIsMeant(from, context)) return null;
  const spoken = supportsFor(words, input.menu, from, { wanted: false }).some(
    ({ span }) => !overlaps(span, support.span) && (isUnwanted(words, span) || words.has('change')),
  );
  if (!spoken) return null;
  // 하나 말고: so many of several, which only the rules deal out.
  const isCounted = words.tokens.some(({ type }) => type === 'number');
  if (isCounted && standingQuantity(from, context) > 1) return null;
  const amount = amountOf(checked, context);
  // How many of the new one: asking would come after the old one is gone.
  if (amount.vague) return null;
  return {
    type: 'replace',
    fromItemId: from.item_id,
    fromReference: null,
    fromQuantity: null,
    fromChoices: [],
    item: { itemId: item.item_id, ...saidOf(checked, context), ...amount },
  };
}

/** What the customer is told was heard. */
function saidText(support: Support | null, { tokens }: HeardWords): string {
  if (support !== null) {
    return tokens
      .slice(support.span.from, support.span.to + 1)
      .map(({ text, afterBreak }, at) => (at > 0 && afterBreak ? ` ${text}` : text))
      .join('');
  }
  const unknown = tokens.filter(({ type }) => type === 'unknown').map(({ text }) => text);
  return unknown.sort((one, other) => other.length - one.length)[0] ?? '';
}
