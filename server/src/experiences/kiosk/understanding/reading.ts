import type { Menu } from '../menu.ts';
import type { ChoiceRef, Lexicon } from './lexicon.ts';
import { applyIngredient, choiceName, emptyLoose, newMention, type Loose, type Mention } from './mention.ts';
import { hasRole, type Token } from './tokens.ts';

/** Where the reading of an utterance stands. */
export interface Reading {
  readonly tokens: readonly Token[];
  readonly menu: Menu;
  readonly lexicon: Lexicon;
  /** Group that was just asked for: its choices are answers, not items. */
  readonly expectedGroup: string | null;
  readonly mentions: Mention[];
  current: Mention | null;
  /** What waits for the item that follows. */
  prefix: Loose;
  readonly loose: Loose;
  /** Ingredients waiting for their verb, each with all that its name can mean. */
  ingredients: { readonly choices: readonly ChoiceRef[]; readonly text: string }[];
  /** English says the verb first: no onions. */
  ingredientWay: 'remove' | 'add' | null;
  /** 랑, 하고 was the last thing said of the current item. */
  afterAnd: boolean;
  /** 말고 was said: groups whose choice was taken back, or the item that was. */
  afterInstead: {
    readonly groupIds: readonly string[];
    readonly mention: Mention | null;
    readonly last?: true;
  } | null;
  /** English names the old one second: a cider instead of the coke. */
  insteadOf: Mention | null;
  /** 아니: the next amount or item takes the place of the last. */
  corrected: boolean;
  verbFirst: 'remove' | 'change' | null;
  sawAll: boolean;
  each: boolean;
  cancelsAll: boolean;
  readonly categories: string[];
  /** Characters that found no place. */
  lost: number;
}

export type NameToken = Token & { readonly type: 'name' };
export type NumberToken = Token & { readonly type: 'number' };
export type UnknownToken = Token & { readonly type: 'unknown' };

export function newReading(
  tokens: readonly Token[],
  menu: Menu,
  lexicon: Lexicon,
  expectedGroup: string | null,
): Reading {
  return {
    tokens,
    menu,
    lexicon,
    expectedGroup,
    mentions: [],
    current: null,
    prefix: emptyLoose(),
    loose: emptyLoose(),
    ingredients: [],
    ingredientWay: null,
    afterAnd: false,
    afterInstead: null,
    insteadOf: null,
    corrected: false,
    verbFirst: null,
    sawAll: false,
    each: false,
    cancelsAll: false,
    categories: [],
    lost: 0,
  };
}

export function begin(reading: Reading, mention: Mention): void {
  endParts(reading);
  const { quantity, vague, more, options, drops } = reading.prefix;
  if (quantity !== null) mention.quantity = quantity;
  mention.vague ||= vague;
  mention.more ||= more;
  for (const groupId of Object.keys(options)) {
    if (mention.item?.options.includes(groupId) !== false) mention.options[groupId] = options[groupId]!;
    else mention.cannot.push(...namesOf(reading, groupId, options[groupId]!));
  }
  mention.drops.push(...drops);
  reading.prefix = emptyLoose();
  reading.mentions.push(mention);
  reading.current = mention;
  reading.afterAnd = false;
  reading.ingredientWay = null;
}

/** What no part was said for stays as it was. */
export function endParts(reading: Reading): void {
  const current = reading.current;
  if (current?.parts == null) return;
  const { base, left } = current.parts;
  current.parts = null;
  if (left !== null && left > 0) {
    reading.mentions.push(
      newMention({ ...current, joined: true, quantity: left, options: { ...base }, drops: [], cannot: [] }),
    );
  }
}

export function endLoosePart(reading: Reading): void {
  mergePrefix(reading);
  const { quantity, options } = reading.loose;
  if (quantity === null || Object.keys(options).length === 0 || reading.current !== null) return;
  reading.loose.parts.push({ quantity, options });
  reading.loose.quantity = null;
  reading.loose.options = {};
}

export function mergePrefix(reading: Reading): void {
  const { quantity, vague, more, options, drops } = reading.prefix;
  if (quantity !== null) reading.loose.quantity = quantity;
  reading.loose.vague ||= vague;
  reading.loose.more ||= more;
  Object.assign(reading.loose.options, options);
  reading.loose.drops.push(...drops);
  reading.prefix = emptyLoose();
}

/** The verb has come: what waits for an item to follow is about the line in question. */
export function closeClause(reading: Reading): void {
  if (reading.current === null) mergePrefix(reading);
  reading.afterAnd = false;
}

export function applyIngredients(
  reading: Reading,
  way: 'remove' | 'add',
  target: Mention | null,
  waiting: readonly { choices: readonly ChoiceRef[]; text: string }[],
): void {
  for (const { choices, text } of waiting) {
    const into = target ?? { ...reading.prefix, item: null };
    if (!applyIngredient(reading.menu, reading.lexicon, into, choices, way)) target?.cannot.push(text);
  }
  reading.ingredients = [];
  reading.afterAnd = false;
}

/** Ingredients that no verb came for: of the item before when its name decides how, else lost. */
export function leaveIngredients(reading: Reading, beforeItem = false): void {
  const waiting = reading.ingredients;
  reading.ingredients = [];
  for (const ingredient of waiting) {
    const ways = new Set(ingredient.choices.map(({ groupId }) => reading.lexicon.groupRole(groupId)));
    if (ways.size === 1 && ways.has('add') && reading.current !== null && !beforeItem) {
      applyIngredients(reading, 'add', reading.current, [ingredient]);
    } else reading.lost += ingredient.text.length;
  }
}

/** The next token that says something: particles and fillers stepped over. */
export function tokenAfter(reading: Reading, at: number): Token | undefined {
  for (let index = at + 1; index < reading.tokens.length; index++) {
    if (!hasRole(reading.tokens[index], 'particle', 'filler')) return reading.tokens[index];
  }
  return undefined;
}

/** True when only options stand between here and an item. */
export function leadsToItem(reading: Reading, at: number): boolean {
  for (let index = at + 1; index < reading.tokens.length; index++) {
    const token = reading.tokens[index]!;
    if (hasRole(token, 'particle', 'filler')) continue;
    if (token.type !== 'name') return false;
    if (token.meaning.itemId !== null) return true;
  }
  return false;
}

function namesOf(reading: Reading, groupId: string, chosen: string | readonly string[]): string[] {
  const ids = typeof chosen === 'string' ? [chosen] : chosen;
  return ids.map((choiceId) => choiceName(reading.menu, { groupId, choiceId }));
}
