import type { KioskMenuItem, OrderOptions } from '@malbeot/protocol';
import type { Menu } from '../../menu.ts';
import { applies, choiceOf, chosenIn, fillOptions } from '../../options.ts';
import type { SaidItem, SaidLoosely, SaidPart } from '../acts.ts';
import type { Lexicon } from '../lexicon/lexicon.ts';
import type { ChoiceRef, NameMeaning } from '../lexicon/meanings.ts';
import type { Reference } from '../words/references.ts';
import type { SoundGuess } from '../tokens/tokens.ts';

/**
 * What a stretch of an utterance is about, while it is read: an item; a category; something unknown that seems to be an
 * item; or, for `loose`, what was pointed at or is not named at all.
 */
export interface Mention {
  readonly kind: 'item' | 'category' | 'stranger' | 'loose';
  readonly item: KioskMenuItem | null;
  readonly categoryId: string | null;
  reference: Reference | null;
  readonly said: string;
  readonly guess: SoundGuess | null;
  /** Item ids to offer when the name is not known. */
  readonly nearest: readonly string[];
  /** Said together with the one before: 콜라랑 사이다. */
  joined: boolean;
  readonly meaning: NameMeaning | null;
  /** Letters that mean nothing stand right beside a short name. */
  doubtful: boolean;
  quantity: number | null;
  /** The amount is only an English article. */
  article: boolean;
  vague: boolean;
  more: boolean;
  options: Record<string, string | readonly string[]>;
  /** Options said before the name, or along with it. */
  before: Mention['options'];
  drops: ChoiceRef[];
  cannot: string[];
  intent: 'add' | 'remove' | 'change' | 'replaced';
  /** What it stands instead of. */
  replaces: Mention | null;
  /** 로 or 으로 followed. */
  marked: boolean;
  /** 은 or 는 followed. */
  topic: boolean;
  /** 을 or 를 followed. */
  readonly object: boolean;
  /** 하나는, 하나만: so many of what stands. */
  part: boolean;
  /** 아니 사이다: said to take the place of what was said last. `same`, for sorry two sprites: where it is of the same. */
  readonly denies: 'same' | 'kind' | null;
  /** the latte should be iced: of the one that stands, where one does. */
  readonly definite: boolean;
  /** 둘 다: all of it. */
  every: boolean;
  /** just one: so many of it and no more. */
  only: boolean;
  /** Items of which it is one, and nobody said which: 콜라나 사이다. */
  either: readonly string[];
  /** Wanted only where this can't be had. */
  unless: Mention | null;
  /** More of the item named before it, chosen otherwise. */
  readonly continues: boolean;
  /** 세 잔 중에: some of so many, which may stand already. */
  among: boolean;
  /** What no part was said for. */
  readonly isRest: boolean;
  /** The verb has come: what waits for an item to follow is about the line in question. */
  closed: boolean;
  /** Its choices were said for the set that follows. */
  forSet: boolean;
  /** Items that it may be about after all. */
  otherwise: Mention[];
  /** Choices said of it that may be items of their own after all. */
  besides: Mention[];
  /** Set while an amount is being dealt out in parts: 두 개, 하나는 … 하나는 …. */
  parts: Parts | null;
  /** Parts that are done, where nothing says yet of what. */
  dealt: SaidPart[];
}

/** An amount that is dealt out in parts. */
export interface Parts {
  /** What every part has. */
  readonly base: Pick<Mention, 'options' | 'drops'>;
  /** How many have no part yet; null when no whole was said. */
  left: number | null;
}

/** A mention that says nothing yet but `fields`. */
export function newMention(fields: Pick<Mention, 'kind'> & Partial<Mention>): Mention {
  return {
    item: null,
    categoryId: null,
    reference: null,
    said: '',
    guess: null,
    nearest: [],
    joined: false,
    meaning: null,
    doubtful: false,
    quantity: null,
    article: false,
    vague: false,
    more: false,
    options: {},
    before: {},
    drops: [],
    cannot: [],
    intent: 'add',
    replaces: null,
    marked: false,
    topic: false,
    object: false,
    part: false,
    denies: null,
    definite: false,
    every: false,
    only: false,
    either: [],
    unless: null,
    continues: false,
    among: false,
    isRest: false,
    closed: false,
    forSet: false,
    otherwise: [],
    besides: [],
    parts: null,
    dealt: [],
    ...fields,
  };
}

/** Lays a choice over options: replaces in a group of kind `one`, adds to one of kind `many`. */
export function choose(menu: Menu, options: Mention['options'], { groupId, choiceId }: ChoiceRef): void {
  const many = menu.option_groups[groupId]?.kind === 'many';
  options[groupId] = many ? [...new Set([...chosenIn(options, groupId), choiceId])] : choiceId;
}

/** Takes a choice back that was laid over options. */
export function unchoose(options: Mention['options'], { groupId, choiceId }: ChoiceRef): void {
  const left = chosenIn(options, groupId).filter((id) => id !== choiceId);
  if (left.length === 0) delete options[groupId];
  else options[groupId] = left;
}

/** The choice among `choices` that `item` has, and that applies with what stands; null when there is none. */
export function fittingChoice(
  menu: Menu,
  item: KioskMenuItem,
  options: OrderOptions,
  choices: readonly ChoiceRef[],
): ChoiceRef | null {
  const filled = fillOptions(menu, item, options);
  return (
    choices.find(
      ({ groupId }) => item.options.includes(groupId) && applies(menu.option_groups[groupId]!, filled),
    ) ?? null
  );
}

/** The choice among `choices` that depends on what was said, and applies by it: of a set, whatever it is a set of. */
export function choiceWhere(
  menu: Menu,
  options: OrderOptions,
  choices: readonly ChoiceRef[],
): ChoiceRef | null {
  return (
    choices.find(({ groupId }) => {
      const group = menu.option_groups[groupId];
      return group?.when !== undefined && applies(group, options);
    }) ?? null
  );
}

/** The choice among `choices` of a group that `item` has, whether it applies now or not. */
export function possibleChoice(item: KioskMenuItem, choices: readonly ChoiceRef[]): ChoiceRef | null {
  return choices.find(({ groupId }) => item.options.includes(groupId)) ?? null;
}

/** Leaves out or puts in an ingredient; the choice that was made or dropped, null when the item can't do that. */
export function applyIngredient(
  menu: Menu,
  lexicon: Lexicon,
  target: Pick<Mention, 'item' | 'options' | 'drops'>,
  choices: readonly ChoiceRef[],
  way: 'remove' | 'add',
): ChoiceRef | null {
  const has = ({ groupId }: ChoiceRef) => target.item === null || target.item.options.includes(groupId);
  const wanted = choices.find((choice) => lexicon.groupRole(choice.groupId) === way && has(choice));
  if (wanted !== undefined) {
    choose(menu, target.options, wanted);
    return wanted;
  }
  const opposite = choices.find((choice) => lexicon.groupRole(choice.groupId) !== null && has(choice));
  if (opposite === undefined) return null;
  unchoose(target.options, opposite);
  target.drops.push(opposite);
  return opposite;
}

/** The name of a choice in Korean, as options that an item does not have are kept; its id where the menu has none. */
export function choiceName(menu: Menu, { groupId, choiceId }: ChoiceRef): string {
  return choiceOf(menu, groupId, choiceId)?.name ?? choiceId;
}

/** What was said of an item, as the dialogue takes it. */
export function toSaidItem(mention: Mention & { readonly item: KioskMenuItem }): SaidItem {
  return { itemId: mention.item.item_id, ...withoutItem(mention) };
}

/** What was said of something that is not known to be one item yet. */
export function withoutItem(mention: Mention): Omit<SaidItem, 'itemId'> {
  const { quantity, vague, more, options, before, part, drops, cannot } = mention;
  const besides = itemsIn(mention.besides);
  const mayBeChoice = mention.marked ? (mention.meaning?.choices ?? []) : [];
  return {
    quantity,
    vague,
    more,
    options,
    before,
    part,
    ...(mention.every ? { every: true } : {}),
    ...(mention.continues ? { continues: true } : {}),
    ...(mention.isRest && mention.among ? { rest: true } : {}),
    ...(besides.length > 0 ? { besides } : {}),
    drops,
    cannot,
    mayBeChoice,
  };
}

/** What was said without naming an item, as the dialogue takes it. */
export function toSaidLoosely(mention: Mention): SaidLoosely {
  const { quantity, vague, more, options, drops, reference, part, cannot, dealt } = mention;
  const intent = mention.intent === 'replaced' ? 'add' : mention.intent;
  const otherwise = itemsIn(mention.otherwise);
  return { quantity, vague, more, options, drops, reference, intent, part, otherwise, cannot, parts: dealt };
}

function itemsIn(mentions: readonly Mention[]): readonly SaidItem[] {
  return mentions.flatMap((other) => (other.item === null ? [] : toSaidItem({ ...other, item: other.item })));
}

/** True when it says anything about an order. */
export function saysAnything(mention: Mention): boolean {
  return (
    mention.quantity !== null ||
    mention.vague ||
    mention.more ||
    mention.reference !== null ||
    mention.intent !== 'add' ||
    mention.drops.length > 0 ||
    mention.dealt.length > 0 ||
    mention.otherwise.length > 0 ||
    Object.keys(mention.options).length > 0
  );
}
