import type { KioskMenuItem } from '@malbeot/protocol';
import type { Menu } from '../../menu.ts';
import { descriptionsOf } from './description.ts';
import { isHeardSurely, isUnwanted, type HeardWords, type Span } from './heard-words.ts';

/** What in the words speaks for an item. */
export interface Support {
  /** `named`: its name or another name of it was heard surely. `close`: something that sounds like it. `described`: by what it is. */
  readonly level: 'named' | 'close' | 'described';
  readonly span: Span;
  /** For comparing items: more is surer. */
  readonly score: number;
}

const NAMED = 1_000;
const CLOSE = 500;

/**
 * Everything that speaks for `item`, the surest first. `wanted`: what is said not to be wanted does not count, as it must
 * not for anything that is added.
 */
export function supportsFor(
  words: HeardWords,
  menu: Menu,
  item: KioskMenuItem,
  { wanted }: { readonly wanted: boolean },
): readonly Support[] {
  const supports: Support[] = [];
  for (const [at, token] of words.tokens.entries()) {
    const span = { from: at, to: at };
    if (token.type === 'name' && token.meaning.itemId === item.item_id) {
      const isSure = isHeardSurely(token) && !hasStranger(words, at);
      supports.push({ level: isSure ? 'named' : 'close', span, score: isSure ? NAMED : CLOSE });
    } else if (nearestIn(words, at).includes(item.item_id)) {
      supports.push({ level: 'close', span, score: CLOSE });
    }
  }
  for (const { span, score } of descriptionsOf(words, menu, item)) {
    if (!supports.some((support) => overlaps(support.span, span))) {
      supports.push({ level: 'described', span, score });
    }
  }
  return supports
    .filter(({ span }) => !wanted || !isUnwanted(words, span))
    .sort((one, other) => other.score - one.score);
}

/** How surely the words are about `item`; 0 when nothing says so. */
export function scoreFor(words: HeardWords, menu: Menu, item: KioskMenuItem): number {
  return supportsFor(words, menu, item, { wanted: false })[0]?.score ?? 0;
}

export function overlaps(one: Span, other: Span): boolean {
  return one.from <= other.to && other.from <= one.to;
}

/** Letters that mean nothing and hang on a name make it another name: 청포도라떼. */
function hasStranger({ tokens }: HeardWords, at: number): boolean {
  const token = tokens[at]!;
  const isShort = token.type === 'name' && !token.meaning.full;
  if (isShort && tokens[at - 1]?.type === 'unknown') return true;
  // All that is written as one word with it: in 청포도라떼 a particle seems to stand between.
  let from = at;
  while (from > 0 && !tokens[from]!.afterBreak) from--;
  let to = at;
  while (tokens[to + 1]?.afterBreak === false) to++;
  return tokens.slice(from, to + 1).some(({ type }) => type === 'unknown');
}

function nearestIn({ tokens }: HeardWords, at: number): readonly string[] {
  const token = tokens[at]!;
  if (token.type === 'unknown') return token.nearest;
  return token.type === 'name' ? (token.guess?.nearest ?? []) : [];
}
