import type { KioskMenuItem } from '@malbeot/protocol';
import type { Menu } from '../../menu.ts';
import { hasRole } from '../tokens/tokens.ts';
import type { HeardWords, Span } from './heard-words.ts';

/** Words for what something is made of, by the name of the allergen on the menu. */
const MADE_OF: Readonly<Record<string, readonly string[]>> = {
  닭고기: ['닭', '치킨', 'chicken'],
  쇠고기: ['쇠고기', '소고기', '한우', 'beef'],
  돼지고기: ['돼지', 'pork'],
  우유: ['우유', '밀크', 'milk'],
  대두: ['대두', '두부', 'soy'],
  새우: ['새우', 'shrimp', 'prawn'],
  계란: ['계란', '달걀', 'egg'],
  토마토: ['토마토', 'tomato'],
};
const SPICY = ['매운', '매콤', '매웠', '얼큰', '칼칼', '화끈', 'spicy'];
const POPULAR = ['인기', '잘나가', '많이나가', '유명', 'popular', 'bestseller'];
const NOT_SO = /(?:안|않은|덜|not|no)$/;

/** A stretch that describes an item by what the menu tells of it. */
export interface Description {
  readonly span: Span;
  /** Characters of it that fit the item; more is surer. */
  readonly score: number;
}

/**
 * Where the words describe `item`: by what is in it, by being spicy or popular, or by a part of its name. Its category alone
 * is no description. The best one comes first.
 */
export function descriptionsOf(words: HeardWords, menu: Menu, item: KioskMenuItem): readonly Description[] {
  const hits = [...propertiesOf(menu, item)].flatMap((word) => occurrences(words, item, word));
  const kinds = [...categoryWords(menu, item)].flatMap((word) => occurrences(words, item, word));
  const clusters: { from: number; to: number; covered: Set<number> }[] = [];
  for (const { at, length } of hits.sort((one, other) => one.at - other.at)) {
    const from = words.tokenAt(at);
    const to = words.tokenAt(at + length - 1);
    const last = clusters.at(-1);
    const cluster =
      last !== undefined && isOneThing(words, last.to, from)
        ? last
        : { from, to, covered: new Set<number>() };
    if (cluster !== last) clusters.push(cluster);
    cluster.to = Math.max(cluster.to, to);
    for (let offset = 0; offset < length; offset++) cluster.covered.add(at + offset);
  }
  for (const cluster of clusters) {
    for (const { at, length } of kinds) {
      const from = words.tokenAt(at);
      if (from < cluster.from || !isOneThing(words, cluster.to, from)) continue;
      cluster.to = Math.max(cluster.to, words.tokenAt(at + length - 1));
      for (let offset = 0; offset < length; offset++) cluster.covered.add(at + offset);
    }
  }
  return clusters
    .map(({ from, to, covered }) => ({ span: { from, to }, score: covered.size }))
    .sort((one, other) => other.score - one.score);
}

/** What describes an item: what is in it, how it is, and parts of its names. */
function propertiesOf(menu: Menu, item: KioskMenuItem): Set<string> {
  const kinds = categoryWords(menu, item);
  const words = new Set<string>();
  for (const allergen of item.allergens) for (const word of MADE_OF[allergen] ?? []) words.add(word);
  if (item.spicy === true) for (const word of SPICY) words.add(word);
  if (item.popular === true) for (const word of POPULAR) words.add(word);
  for (const name of [item.name, ...item.aliases]) {
    const compact = name.replaceAll(/\s/g, '');
    for (let from = 0; from < compact.length; from++) {
      for (let to = from + 2; to <= compact.length; to++) words.add(compact.slice(from, to));
    }
  }
  for (const name of [item.name_en, ...item.aliases_en]) {
    for (const word of name.toLowerCase().match(/[a-z]{3,}/g) ?? []) words.add(word);
  }
  for (const kind of kinds) words.delete(kind);
  return words;
}

function categoryWords(menu: Menu, item: KioskMenuItem): Set<string> {
  const category = menu.categories.find(({ id }) => id === item.category);
  if (category === undefined) return new Set();
  const english = category.name_en.toLowerCase();
  return new Set([category.name, english, english.replace(/s$/, '')]);
}

/** Where `word` stands, but not inside the name of something else, and not where it is denied. */
function occurrences(
  words: HeardWords,
  item: KioskMenuItem,
  word: string,
): { readonly at: number; readonly length: number }[] {
  const found: { at: number; length: number }[] = [];
  for (let at = words.text.indexOf(word); at >= 0; at = words.text.indexOf(word, at + 1)) {
    const token = words.tokens[words.tokenAt(at)]!;
    const isOther =
      token.type === 'name' &&
      token.guess === null &&
      token.meaning.itemId !== null &&
      token.meaning.itemId !== item.item_id;
    if (!isOther && !NOT_SO.test(words.text.slice(0, at))) found.push({ at, length: word.length });
  }
  return found;
}

/** True when nothing between two tokens begins another thing: no number, no "and", no wish. */
function isOneThing({ tokens }: HeardWords, from: number, to: number): boolean {
  return tokens
    .slice(from + 1, to)
    .every((token) => token.type !== 'number' && !hasRole(token, 'and', 'want', 'instead', 'remove'));
}
