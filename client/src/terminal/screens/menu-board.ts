import type { KioskMenu, KioskMenuItem, Language } from '@malbeot/protocol';

import { choicesOf, nameOf, shelfPages } from '../choices.ts';
import type { KioskState } from '../kiosk-state.ts';
import { beside, boxOf, lineOf, lineWidth, span, spreadLine, wrapLine, type Line } from '../styled-line.ts';
import { printable, widthOf } from '../text-width.ts';
import { wordsOf } from '../words-of.ts';
import type { Words } from '../words.ts';
import { choiceLines } from './choice-lines.ts';

interface Area {
  readonly width: number;
  readonly height: number;
}

/** The menu: all of it by category, one category with numbers, or what the server offered. */
export function menuBoard(state: KioskState, area: Area): readonly Line[] {
  const words = wordsOf(state.language);
  const { menu, shelf } = state;
  if (menu === null && shelf.type !== 'offer') {
    const text = state.menuFailed ? words.menuFailed : words.menuLoading;
    return boxOf({ title: words.menu }, wrapLine([], text, area.width - 4), area);
  }
  if (shelf.type === 'all' && menu !== null) return wholeMenu(menu, state, area);
  const heading = { title: titleOf(state, words), note: turningOf(state, words) };
  return boxOf(heading, choiceLines(choicesOf(state), area.width - 4, words), area);
}

/** Rows that what is numbered takes in a frame of `width`; null where all of the menu is shown, as the room allows. */
export function menuBoardHeight(state: KioskState, width: number): number | null {
  if (state.shelf.type === 'all') return null;
  return choiceLines(choicesOf(state), width - 4, wordsOf(state.language)).length + 2;
}

function titleOf({ shelf, menu, language }: KioskState, words: Words): string {
  if (shelf.type === 'all') return words.menu;
  if (shelf.type === 'offer') return printable(shelf.data.title);
  const category = menu?.categories.find(({ id }) => id === shelf.category);
  return category === undefined ? words.menu : printable(nameOf(category, language));
}

/** How to get to the other pages and back to all of the menu. */
function turningOf(state: KioskState, words: Words): string {
  const { shelf } = state;
  const pages = shelfPages(state);
  const page = shelf.type === 'category' ? shelf.page : 0;
  return [
    ...(pages > 1 ? [words.page(page + 1, pages)] : []),
    ...(page > 0 ? [words.previousPage] : []),
    ...(page + 1 < pages ? [words.nextPage] : []),
    words.allCategories,
  ].join('  ');
}

interface Block {
  readonly head: Line;
  readonly items: readonly KioskMenuItem[];
}

/** Everything with its price where there is room for it, in one column or two; else the categories alone. */
function wholeMenu(menu: KioskMenu, { language }: KioskState, area: Area): readonly Line[] {
  const words = wordsOf(language);
  const inner = area.width - 4;
  const room = area.height - 2;
  const blocks = menu.categories.map((category, index): Block => {
    const head = lineOf(span(String(index + 1), 'number'), span(` ${nameOf(category, language)}`, 'title'));
    return { head, items: menu.items.filter((item) => item.category === category.id) };
  });
  const heading = { title: words.menu, note: legendOf(menu, words) };

  const single = columnOf(blocks, inner, language);
  if (single.length <= room) return boxOf(heading, single, area);
  const double = twoColumnsOf(blocks, inner, language);
  if (double !== null && double.length <= room) return boxOf(heading, double, area);
  const isAiry = blocks.length * 2 - 1 <= room;
  const categories = blocks.flatMap((block, index) => [
    ...(isAiry && index > 0 ? [lineOf()] : []),
    categoryLine(block, inner, language),
  ]);
  return boxOf({ title: words.menu }, categories, area);
}

/** Null where the names and prices do not fit beside each other. */
function twoColumnsOf(blocks: readonly Block[], width: number, language: Language): readonly Line[] | null {
  const halves = inHalves(blocks);
  if (halves === null) return null;
  const [left, right] = halves;
  const [leftLeast, rightLeast] = [widestItem(left, language), widestItem(right, language)];
  const spare = width - leftLeast - rightLeast - 1;
  if (spare < 0) return null;
  const gap = spare > 0 ? 2 : 1;
  const leftWidth = leftLeast + Math.ceil((spare - gap + 1) / 2);
  const rightWidth = width - gap - leftWidth;
  return beside(
    columnOf(left, leftWidth, language),
    leftWidth,
    columnOf(right, rightWidth, language),
    rightWidth,
    gap,
  );
}

/** Whole categories, in order, cut where the two columns are closest in height. */
function inHalves(blocks: readonly Block[]): readonly [readonly Block[], readonly Block[]] | null {
  let best: readonly [readonly Block[], readonly Block[]] | null = null;
  let lowest = Number.POSITIVE_INFINITY;
  for (let cut = 1; cut < blocks.length; cut++) {
    const halves = [blocks.slice(0, cut), blocks.slice(cut)] as const;
    const height = Math.max(...halves.map(columnHeight));
    if (height < lowest) [best, lowest] = [halves, height];
  }
  return best;
}

function columnHeight(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { items }) => sum + items.length + 2, -1);
}

function columnOf(blocks: readonly Block[], width: number, language: Language): readonly Line[] {
  return blocks.flatMap(({ head, items }, index) => [
    ...(index === 0 ? [] : [lineOf()]),
    head,
    ...items.map((item) => itemLine(item, width, language)),
  ]);
}

function itemLine(item: KioskMenuItem, width: number, language: Language): Line {
  const words = wordsOf(language);
  const name = span(`  ${nameOf(item, language)}`, item.available ? 'plain' : 'faint');
  const marks = marksOf(item);
  const price = item.available ? span(words.won(item.price)) : span(words.soldOut, 'problem');
  return spreadLine([name, ...marks], [price], width);
}

/** Popular and spicy in a letter each; the legend says what they mean. */
function marksOf({ popular, spicy }: KioskMenuItem): Line {
  return lineOf(popular === true ? span(' ★', 'number') : '', spicy === true ? span(' ▲', 'problem') : '');
}

function legendOf({ items }: KioskMenu, words: Words): string {
  const popular = items.some((item) => item.popular === true) ? [`★ ${words.popular}`] : [];
  const spicy = items.some((item) => item.spicy === true) ? [`▲ ${words.spicy}`] : [];
  return [...popular, ...spicy].join('  ');
}

function widestItem(blocks: readonly Block[], language: Language): number {
  const words = wordsOf(language);
  const widths = blocks.flatMap(({ items }) =>
    items.map((item) => {
      const note = item.available ? words.won(item.price) : words.soldOut;
      return 3 + widthOf(nameOf(item, language)) + lineWidth(marksOf(item)) + widthOf(note);
    }),
  );
  return Math.max(0, ...widths);
}

/** A category in one line with the names that fit. */
function categoryLine({ head, items }: Block, width: number, language: Language): Line {
  const words = wordsOf(language);
  const left = lineWidth(head);
  const count = words.count(items.length);
  let names = '';
  for (const item of items.filter(({ available }) => available)) {
    const longer = names === '' ? nameOf(item, language) : `${names}, ${nameOf(item, language)}`;
    if (left + 2 + widthOf(longer) + 2 + widthOf(count) > width) break;
    names = longer;
  }
  return spreadLine([...head, span(`  ${names}`)], [span(count, 'faint')], width);
}
