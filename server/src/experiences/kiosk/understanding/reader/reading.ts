import type { Menu } from '../../menu.ts';
import { chosenIn } from '../../options.ts';
import type { Lexicon } from '../lexicon/lexicon.ts';
import type { ChoiceRef } from '../lexicon/meanings.ts';
import {
  applyIngredient,
  choiceName,
  choose,
  newMention,
  saysAnything,
  unchoose,
  type Mention,
} from './mention.ts';
import { isFollowedBy, ownNumber, TOO } from './lookahead.ts';
import { hasRole, type Token } from '../tokens/tokens.ts';

/** Where the reading of an utterance stands. */
export interface Reading {
  readonly tokens: readonly Token[];
  readonly menu: Menu;
  readonly lexicon: Lexicon;
  /** Group that was just asked for: its choices are answers, not items. */
  readonly expectedGroup: string | null;
  readonly mentions: Mention[];
  current: Mention | null;
  /** What waits for the item that follows; of the line in question when none does. */
  pre: Mention;
  /** Ingredients waiting for their verb, each with all that its name can mean. */
  ingredients: Ingredient[];
  /** The last ingredient left out or put in, to be taken back. */
  lastIngredient: { readonly target: Mention; readonly choice: ChoiceRef; readonly dropped: boolean } | null;
  /** Option that was taken last, and the token it was. */
  lastOption: { readonly target: Mention; readonly choice: ChoiceRef; readonly at: number } | null;
  /** Something of a dish that this menu does not offer, waiting for its verb. */
  unoffered: string | null;
  /** English says the verb first: no onions. */
  ingredientWay: 'remove' | 'add' | null;
  /** 랑, 하고 was the last thing said of the current item. */
  afterAnd: boolean;
  /** 말고 was said: groups whose choice was taken back, or what was. */
  afterInstead: { readonly groupIds: readonly string[]; readonly mention: Mention | null } | null;
  /** English names the old one second: a cider instead of the coke. */
  insteadOf: Mention | null;
  /** not a coke: the next item is not wanted. */
  negated: boolean;
  /** 아니: the next amount or item takes the place of the last. */
  corrected: boolean;
  /** How many mentions there were when it was corrected; 0 when it was not. */
  correctedFrom: number;
  /** 음료는: the next name is a choice of one of these groups. */
  groupIds: readonly string[];
  /** 둘 다: what follows is about every item named so far. */
  every: readonly Mention[] | null;
  verbFirst: 'remove' | 'change' | null;
  /** An English verb of change was said. */
  changes: boolean;
  sawAll: boolean;
  each: boolean;
  /** 하나는 치즈버거 하나는 …: items are named each with its part of an amount, and have these options. */
  row: { readonly options: Mention['options']; readonly left: number } | null;
  /** 하나만 남기고: the verb that takes off is of the others. */
  keepsAmount: boolean;
  /** 아니 was said before anything else. */
  denied: boolean;
  /** 버거는 불고기 하나 새우 하나: of which category what follows is. */
  heading: string | null;
  /** Ingredients that were spoken of and nothing done about them yet. */
  idleIngredients: readonly Ingredient[];
  /** 두 개씩 said before the items: the amount of each that has none of its own. */
  eachAhead: number | null;
  cancelsAll: boolean;
  /** 콜라 빼고 다 취소: what stays. */
  keeps: readonly string[] | null;
  readonly categories: string[];
  /** Characters that found no place. */
  lost: number;
  /** Index of the last token that was read along with one before it; -1 when there is none. */
  readTo: number;
}

export interface Ingredient {
  readonly choices: readonly ChoiceRef[];
  readonly text: string;
}

export type NameToken = Token & { readonly type: 'name' };
export type NumberToken = Token & { readonly type: 'number' };
export type UnknownToken = Token & { readonly type: 'unknown' };

/** The start of reading a sentence. */
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
    pre: newMention({ kind: 'loose' }),
    ingredients: [],
    lastIngredient: null,
    lastOption: null,
    unoffered: null,
    ingredientWay: null,
    afterAnd: false,
    afterInstead: null,
    insteadOf: null,
    negated: false,
    corrected: false,
    correctedFrom: 0,
    groupIds: [],
    every: null,
    verbFirst: null,
    changes: false,
    sawAll: false,
    each: false,
    row: null,
    keepsAmount: false,
    denied: false,
    heading: null,
    idleIngredients: [],
    eachAhead: null,
    cancelsAll: false,
    keeps: null,
    categories: [],
    lost: 0,
    readTo: -1,
  };
}

/** Starts to read about `mention`, which takes up what was said before it. `at`: its token. */
export function begin(reading: Reading, mention: Mention, at: number): void {
  endParts(reading);
  if (isAnnounced(reading, mention, at)) reading.pre = newMention({ kind: 'loose' });
  const { pre } = reading;
  if (mention.kind === 'loose' || !takesUp(reading, mention, at)) flushLoose(reading);
  else {
    reading.pre = newMention({ kind: 'loose' });
    if (pre.quantity !== null) {
      mention.quantity = pre.quantity;
      mention.article = pre.article;
    }
    if (pre.only && mention.intent === 'add' && !mention.joined) mention.intent = 'change';
    mention.vague ||= pre.vague;
    mention.more ||= pre.more;
    for (const groupId of Object.keys(pre.options)) {
      if (mention.item?.options.includes(groupId) === false) {
        mention.cannot.push(...namesOf(reading, groupId, pre.options));
      } else {
        mention.options[groupId] = pre.options[groupId]!;
        mention.before[groupId] = pre.options[groupId]!;
      }
    }
    mention.drops.push(...pre.drops);
    mention.cannot.push(...pre.cannot);
  }
  if (mention.kind !== 'loose' && reading.eachAhead !== null && ownNumber(reading.tokens, at) === null)
    mention.quantity = reading.eachAhead;
  reading.mentions.push(mention);
  reading.current = mention;
  reading.afterAnd = false;
  reading.ingredientWay = null;
  reading.every = null;
  if (reading.verbFirst === 'change') reading.verbFirst = null;
}

/** 하나만 더요, 생수 하나 추가해 주세요: the one more is what is named next, with an amount of its own. */
function isAnnounced({ pre, tokens, afterAnd }: Reading, { item }: Mention, at: number): boolean {
  if (item === null || afterAnd || pre.closed || !pre.more || pre.quantity !== 1) return false;
  const isPlain = Object.keys(pre.options).length === 0 && pre.reference === null;
  return isPlain && !isFollowedBy(tokens, at, TOO) && ownNumber(tokens, at) !== null;
}

/** True when what waits belongs to `mention`: 아이스 + 아메리카노, but not 아이스로 주세요. 콜라 하나요. */
function takesUp(
  { pre, menu, tokens, expectedGroup, afterAnd }: Reading,
  { item }: Mention,
  at: number,
): boolean {
  if (pre.intent !== 'add' || pre.otherwise.length > 0 || pre.dealt.length > 0 || pre.part) return false;
  const groupIds = Object.keys(pre.options);
  const fits = groupIds.every((groupId) => item === null || item.options.includes(groupId));
  const hasIngredients = groupIds.some((groupId) => menu.option_groups[groupId]?.kind === 'many');
  if (!fits && hasIngredients) return false;
  // iced, and an apple pie: it answers what was asked.
  const answers = expectedGroup !== null && groupIds.includes(expectedGroup);
  if (answers ? afterAnd || !fits : afterAnd && !fits) return false;
  if (!pre.closed) return true;
  if (!fits || (expectedGroup !== null && groupIds.includes(expectedGroup))) return false;
  return pre.quantity === null || ownNumber(tokens, at) === null;
}

/** What waited for an item and got none is about the line in question. */
export function flushLoose(reading: Reading): void {
  const { pre } = reading;
  pointAtEach(reading);
  endLoosePart(pre);
  reading.pre = newMention({ kind: 'loose' });
  const [only] = pre.dealt;
  if (only !== undefined && pre.dealt.length === 1) {
    Object.assign(pre, {
      ...only,
      options: { ...only.options },
      drops: [...only.drops],
      dealt: [],
      part: true,
    });
  }
  if (saysAnything(pre)) reading.mentions.push(pre);
}

/** 하나씩 더 주세요, two of each: of everything that stands, where nothing is named. */
function pointAtEach({ pre, mentions, tokens }: Reading): void {
  const isEach = tokens.some((token) => hasRole(token, 'each'));
  if (!isEach || mentions.length > 0 || pre.quantity === null || pre.reference !== null || pre.part) return;
  if (Object.keys(pre.options).length === 0) pre.reference = { type: 'every', categoryId: null };
}

/** 하나는 핫: the part is done, and the next one begins. */
export function endLoosePart(pre: Mention): void {
  const { quantity, options, drops } = pre;
  if (!pre.part || quantity === null) return;
  if (
    Object.keys(options).length === 0 &&
    drops.length === 0 &&
    pre.dealt.length === 0 &&
    pre.otherwise.length === 0
  )
    return;
  pre.dealt.push({ quantity, options, drops });
  pre.quantity = null;
  pre.options = {};
  pre.drops = [];
  pre.part = false;
}

/** 아이스 하나 핫 하나: what was said so far is a part of its own, where it has an amount. */
export function startLoosePart(pre: Mention): void {
  if (pre.quantity === null || pre.closed) return;
  pre.part = true;
  endLoosePart(pre);
  pre.part = true;
}

/** What no part was said for stays as it was. */
export function endParts(reading: Reading): void {
  const { current } = reading;
  if (current?.parts == null) return;
  const { base, left } = current.parts;
  current.parts = null;
  if (left === null || left <= 0) return;
  const rest = { ...partOf(current, left, base), isRest: true };
  reading.mentions.splice(reading.mentions.indexOf(current) + 1, 0, rest);
}

/** Another mention of the same item, with what every part of it has. */
export function partOf(
  current: Mention,
  quantity: number | null,
  base: Pick<Mention, 'options' | 'drops'>,
): Mention {
  return newMention({
    ...current,
    joined: true,
    continues: true,
    quantity,
    article: false,
    options: { ...base.options },
    drops: [...base.drops],
    cannot: [],
    replaces: null,
    closed: false,
    parts: null,
    dealt: [],
  });
}

/** What is being read about: the item, or what waits for one. */
export function targetOf(reading: Reading): Mention {
  return reading.current ?? reading.pre;
}

/** Everything that what is said now is about: one thing, or all those that 둘 다 means. */
export function targetsOf(reading: Reading): readonly Mention[] {
  return reading.every ?? [targetOf(reading)];
}

/** Leaves out or puts in the ingredients that waited for their verb; `toNext`: of the item that follows. */
export function applyIngredients(reading: Reading, way: 'remove' | 'add', toNext = false): void {
  const waiting = reading.ingredients;
  reading.ingredients = [];
  reading.afterAnd = false;
  const takeBack = reading.corrected ? reading.lastIngredient : null;
  if (takeBack !== null) undoIngredient(takeBack);
  reading.corrected = false;
  for (const { choices, text } of waiting) {
    for (const target of toNext ? [reading.pre] : targetsOf(reading)) {
      const able = ableToTake(reading, target, choices);
      const choice = applyIngredient(reading.menu, reading.lexicon, able, choices, way);
      if (choice === null) able.cannot.push(text);
      else {
        const dropped = !chosenIn(able.options, choice.groupId).includes(choice.choiceId);
        reading.lastIngredient = { target: able, choice, dropped };
      }
    }
  }
}

/** The item named last that can do it, when the one in question can't; and what follows, when that one can't either. */
function ableToTake(reading: Reading, target: Mention, choices: readonly ChoiceRef[]): Mention {
  const can = ({ kind, item }: Mention) =>
    kind !== 'item' || choices.some(({ groupId }) => item!.options.includes(groupId));
  if (can(target)) return target;
  return (
    reading.mentions.findLast(
      (mention) => mention.kind === 'item' && mention.intent === 'add' && can(mention),
    ) ?? target
  );
}

function undoIngredient({ target, choice, dropped }: NonNullable<Reading['lastIngredient']>): void {
  if (dropped) target.drops = target.drops.filter((drop) => drop !== choice);
  else unchoose(target.options, choice);
}

/** 양파 말고: what was just said of it does not count. */
export function takeBackIngredients(reading: Reading): void {
  for (const { choices } of reading.ingredients) {
    const mentions = [...reading.mentions, reading.pre];
    const isSaid = mentions.some(({ options }) =>
      choices.some(({ groupId, choiceId }) => chosenIn(options, groupId).includes(choiceId)),
    );
    for (const mention of mentions) for (const choice of choices) unchoose(mention.options, choice);
    // 피클 말고 양파 빼 주세요: it stands so from before.
    const [standing] = choices;
    if (!isSaid && standing !== undefined) targetOf(reading).drops.push(standing);
  }
  reading.ingredients = [];
  reading.lastIngredient = null;
}

/** Ingredients that no verb came for: of the item before when its name decides how, else lost. */
export function leaveIngredients(reading: Reading, beforeItem = false): void {
  const waiting = reading.ingredients;
  reading.ingredients = [];
  for (const ingredient of waiting) {
    const ways = new Set(ingredient.choices.map(({ groupId }) => reading.lexicon.groupRole(groupId)));
    const { current } = reading;
    // 패티 말고 베이컨이요: in the place of what was taken back.
    const isWanted = current?.kind === 'item' || (current === null && reading.pre.drops.length > 0);
    if (ways.size === 1 && ways.has('add') && isWanted && !beforeItem) {
      reading.ingredients = [ingredient];
      applyIngredients(reading, 'add');
    } else {
      reading.idleIngredients = [...reading.idleIngredients, ingredient];
      reading.lost += ingredient.text.length;
    }
  }
}

/** Makes a choice for all that is being read about. */
export function chooseFor(reading: Reading, target: Mention, choice: ChoiceRef, at: number): void {
  choose(reading.menu, target.options, choice);
  reading.lastOption = { target, choice, at };
}

function namesOf(reading: Reading, groupId: string, options: Mention['options']): string[] {
  return chosenIn(options, groupId).map((choiceId) => choiceName(reading.menu, { groupId, choiceId }));
}
