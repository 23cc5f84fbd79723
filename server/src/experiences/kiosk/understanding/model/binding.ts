import type { OrderOptions } from '@malbeot/protocol';
import type { Menu } from '../../menu.ts';
import { chosenIn } from '../../options.ts';
import type { Lexicon } from '../lexicon/lexicon.ts';
import { hasRole } from '../tokens/tokens.ts';
import { isHeardSurely, isUnwanted, nextThat, type HeardWords, type Span } from './heard-words.ts';
import { overlaps } from './support.ts';

/** A thing that a reading speaks of, and where the words do. */
export interface Claim {
  /** Null where nothing in the words names or describes it. */
  readonly span: Span | null;
  readonly groups: readonly string[];
  /** As the model has it; null for none said. */
  readonly quantity: number | null;
  /** `group:choice`, as the model has them. */
  readonly options: readonly string[];
}

/** What of an amount stands up to the words. */
export type HeardAmount =
  | { readonly type: 'said'; readonly quantity: number }
  | { readonly type: 'none' }
  /** Another one was said, or one that nobody can count: it has to be asked for. */
  | { readonly type: 'unclear' };

interface Place {
  readonly span: Span;
  /** Null for something that no claim is about. */
  readonly claim: Claim | null;
}

/** Where the things are: those of the claims, and whatever else has its name in the words. */
function placesOf(words: HeardWords, claims: readonly Claim[]): readonly Place[] {
  const places: Place[] = claims.flatMap((claim) =>
    claim.span === null ? [] : [{ span: claim.span, claim }],
  );
  for (const [at, token] of words.tokens.entries()) {
    const span = { from: at, to: at };
    if (token.type !== 'name' || token.meaning.itemId === null) continue;
    if (!places.some((place) => overlaps(place.span, span))) places.push({ span, claim: null });
  }
  return places.sort((one, other) => one.span.from - other.span.from);
}

const before = (places: readonly Place[], at: number) => places.findLast(({ span }) => span.to < at);
const after = (places: readonly Place[], at: number) => places.find(({ span }) => span.from > at);

/**
 * The amount of each claim as far as the words bear it out. In Korean a number follows its thing, or comes right before it;
 * each number counts one thing, unless 씩 deals it out. A number that no claim has taken contradicts the one it belongs to.
 */
export function bindAmounts(words: HeardWords, claims: readonly Claim[]): ReadonlyMap<Claim, HeardAmount> {
  const places = placesOf(words, claims);
  const numbers = words.tokens.flatMap((token, at) =>
    token.type === 'number' && token.countsThings ? [{ at, value: token.value }] : [],
  );
  const dealsOut = words.has('each');
  const isVague = words.has('vague', 'degree');
  const taken = new Set<number>();
  const amounts = new Map<Claim, HeardAmount>();
  const isNear = (claim: Claim, at: number) => {
    if (claim.span === null) return places.length === 0 || before(places, at) === undefined;
    if (before(places, at)?.claim === claim) return true;
    const next = after(places, at);
    return next?.claim === claim && !numbers.some((other) => other.at > at && other.at < next.span.from);
  };
  let last = -1;
  const inOrder = [...claims].sort(
    (one, other) => (one.span?.from ?? Infinity) - (other.span?.from ?? Infinity),
  );
  for (const claim of inOrder) {
    const wanted = claim.quantity ?? 1;
    const number = numbers.find(
      ({ at, value }) => value === wanted && (dealsOut || (!taken.has(at) && at > last && isNear(claim, at))),
    );
    if (number !== undefined) {
      taken.add(number.at);
      if (!dealsOut) last = number.at;
      amounts.set(claim, { type: 'said', quantity: wanted });
    } else {
      amounts.set(claim, isVague || wanted !== 1 ? { type: 'unclear' } : { type: 'none' });
    }
  }
  for (const { at, value } of numbers) {
    if (taken.has(at)) continue;
    const owner = (before(places, at) ?? after(places, at))?.claim;
    for (const claim of claims) {
      const isOwner = claim === owner || (claim.span === null && owner === undefined);
      const amount = amounts.get(claim)!;
      if (isOwner && !(amount.type === 'said' && amount.quantity === value)) {
        amounts.set(claim, { type: 'unclear' });
      }
    }
  }
  return amounts;
}

/**
 * The options of a claim of which name or alias was heard, beside that thing and not another, and not with a word that turns
 * them around.
 */
export function bindOptions(
  words: HeardWords,
  claims: readonly Claim[],
  claim: Claim,
  { menu, lexicon }: { readonly menu: Menu; readonly lexicon: Lexicon },
): OrderOptions {
  const places = placesOf(words, claims);
  const options: Record<string, string | readonly string[]> = {};
  for (const option of claim.options) {
    const [groupId = '', choiceId = ''] = option.split(':');
    const group = menu.option_groups[groupId];
    if (group === undefined || !claim.groups.includes(groupId)) continue;
    if (!group.choices.some(({ id }) => id === choiceId)) continue;
    const isHeard = words.tokens.some((token, at) => {
      if (token.type !== 'name' || !isHeardSurely(token)) return false;
      const means = (choices: readonly { readonly groupId: string; readonly choiceId: string }[]) =>
        choices.some((choice) => choice.groupId === groupId && choice.choiceId === choiceId);
      const place = places.find(({ span }) => at >= span.from && at <= span.to);
      if (means(token.meaning.itemOptions)) return place?.claim === claim;
      if (!means(token.meaning.choices) || !isMeantSo(words, at, lexicon.groupRole(groupId))) return false;
      // A name that stands for a thing of its own is no option of another.
      if (place !== undefined && place.claim !== claim && place.claim !== null) return false;
      if (place?.claim === claim && token.meaning.itemId !== null) return false;
      return ownerOf(words, places, at, groupId) === claim;
    });
    if (!isHeard) continue;
    options[groupId] = group.kind === 'many' ? [...chosenIn(options, groupId), choiceId] : choiceId;
  }
  return options;
}

/** The thing that an option at `at` belongs to: the one beside it, or nobody when it could be either. */
function ownerOf(words: HeardWords, places: readonly Place[], at: number, groupId: string): Claim | null {
  const inside = places.find(({ span, claim }) => claim !== null && at >= span.from && at <= span.to);
  if (inside !== undefined) return inside.claim;
  const others = places.filter(({ span }) => at < span.from || at > span.to);
  const has = (place: Place | undefined) => place?.claim?.groups.includes(groupId) === true;
  const previous = before(others, at);
  const next = after(others, at);
  const isApart = (from: number, to: number) =>
    words.tokens.slice(from, to).some((token) => token.type === 'number' || hasRole(token, 'and', 'want'));
  const fits = [
    has(previous) && !isApart(previous!.span.to + 1, at) ? previous! : undefined,
    has(next) && !isApart(at + 1, next!.span.from) ? next! : undefined,
  ].filter((place) => place !== undefined);
  if (fits.length === 1) return fits[0]!.claim;
  return fits.length === 0 && has(previous) ? previous!.claim : null;
}

/** False for 양파 많이 where it is to be left out, 치즈 빼고 where it is to be put in, 콜라 말고. */
function isMeantSo(words: HeardWords, at: number, role: 'remove' | 'add' | null): boolean {
  const span = { from: at, to: at };
  if (role !== 'remove') return !isUnwanted(words, span);
  if (isUnwanted(words, span)) return !hasRole(nextThat(words, at + 1, 1), 'instead');
  // 양파랑 피클 빼고: the word comes after all of them.
  for (const token of words.tokens.slice(at + 1)) {
    if (hasRole(token, 'remove', 'without')) return true;
    if (token.type === 'number' || token.type === 'unknown') return false;
    if (token.type === 'name' && token.meaning.itemId !== null) return false;
    if (token.type === 'word' && !hasRole(token, 'and', 'particle')) return false;
  }
  return false;
}
