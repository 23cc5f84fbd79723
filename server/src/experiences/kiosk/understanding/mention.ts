import type { KioskMenuItem } from '@malbeot/protocol';
import type { Menu } from '../menu.ts';
import { applies, choiceOf, chosenIn, fillOptions } from '../options.ts';
import type { SaidItem } from './acts.ts';
import type { ChoiceRef, Lexicon, NameMeaning } from './lexicon.ts';
import type { SoundGuess } from './tokens.ts';

/** An item, or what seems to be one, while an utterance is read. */
export interface Mention {
  readonly item: KioskMenuItem | null;
  readonly categoryId: string | null;
  readonly said: string;
  readonly guess: SoundGuess | null;
  /** Item ids to offer when the name is not known. */
  readonly nearest: readonly string[];
  /** Said together with the one before: 콜라랑 사이다. */
  readonly joined: boolean;
  readonly meaning: NameMeaning | null;
  /** Letters that mean nothing stand right beside a short name. */
  doubtful: boolean;
  quantity: number | null;
  vague: boolean;
  more: boolean;
  options: Record<string, string | readonly string[]>;
  drops: ChoiceRef[];
  cannot: string[];
  intent: 'add' | 'remove' | 'change' | 'replaced';
  /** The item it stands instead of. */
  replaces: Mention | null;
  /** 그거 말고: it stands instead of the line last talked about. */
  replacesLast: boolean;
  /** 로 or 으로 followed. */
  marked: boolean;
  /** Set while an amount is being dealt out in parts: 두 개, 하나는 … 하나는 …. */
  parts: Parts | null;
}

/** An amount that is dealt out in parts. */
export interface Parts {
  /** Options that every part has. */
  readonly base: Mention['options'];
  /** How many have no part yet; null when no whole was said. */
  left: number | null;
}

/** What was said about no item yet. */
export interface Loose {
  quantity: number | null;
  vague: boolean;
  more: boolean;
  options: Record<string, string | readonly string[]>;
  drops: ChoiceRef[];
  pointing: boolean;
  intent: 'add' | 'remove' | 'change';
  /** 하나는 핫, 하나는 아이스: the line in question is to be dealt out so. */
  parts: { readonly quantity: number; readonly options: Mention['options'] }[];
}

export function emptyLoose(): Loose {
  return {
    quantity: null,
    vague: false,
    more: false,
    options: {},
    drops: [],
    pointing: false,
    intent: 'add',
    parts: [],
  };
}

export function newMention(fields: Pick<Mention, 'item' | 'said' | 'joined'> & Partial<Mention>): Mention {
  return {
    categoryId: null,
    guess: null,
    nearest: [],
    meaning: null,
    doubtful: false,
    quantity: null,
    vague: false,
    more: false,
    options: {},
    drops: [],
    cannot: [],
    intent: 'add',
    replaces: null,
    replacesLast: false,
    marked: false,
    parts: null,
    ...fields,
  };
}

/** Lays a choice over options: replaces in a group of kind `one`, adds to one of kind `many`. */
export function choose(menu: Menu, options: Mention['options'], { groupId, choiceId }: ChoiceRef): void {
  const many = menu.option_groups[groupId]?.kind === 'many';
  options[groupId] = many ? [...new Set([...chosenIn(options, groupId), choiceId])] : choiceId;
}

/** The choice among `choices` that `item` has, and that applies with what stands; null when there is none. */
export function fittingChoice(
  menu: Menu,
  item: KioskMenuItem,
  options: Mention['options'],
  choices: readonly ChoiceRef[],
): ChoiceRef | null {
  const filled = fillOptions(menu, item, options);
  return (
    choices.find(
      ({ groupId }) => item.options.includes(groupId) && applies(menu.option_groups[groupId]!, filled),
    ) ?? null
  );
}

/** Leaves out or puts in an ingredient; true when the item can do that. */
export function applyIngredient(
  menu: Menu,
  lexicon: Lexicon,
  target: Pick<Mention, 'item' | 'options' | 'drops'>,
  choices: readonly ChoiceRef[],
  way: 'remove' | 'add',
): boolean {
  const has = ({ groupId }: ChoiceRef) => target.item === null || target.item.options.includes(groupId);
  const wanted = choices.find((choice) => lexicon.groupRole(choice.groupId) === way && has(choice));
  if (wanted !== undefined) {
    choose(menu, target.options, wanted);
    return true;
  }
  const opposite = choices.find((choice) => lexicon.groupRole(choice.groupId) !== null && has(choice));
  if (opposite === undefined) return false;
  target.drops.push(opposite);
  return true;
}

export function choiceName(menu: Menu, { groupId, choiceId }: ChoiceRef): string {
  return choiceOf(menu, groupId, choiceId)?.name ?? choiceId;
}

export function toSaidItem(mention: Mention & { readonly item: KioskMenuItem }): SaidItem {
  return { itemId: mention.item.item_id, ...withoutItem(mention) };
}

export function withoutItem(mention: Mention): Omit<SaidItem, 'itemId'> {
  const { quantity, vague, more, options, drops, cannot } = mention;
  const mayBeChoice = mention.marked ? (mention.meaning?.choices ?? []) : [];
  return { quantity, vague, more, options, drops, cannot, mayBeChoice };
}

export function isSaid(loose: Loose): boolean {
  return (
    loose.quantity !== null ||
    loose.vague ||
    loose.more ||
    loose.pointing ||
    loose.drops.length > 0 ||
    loose.parts.length > 0 ||
    Object.keys(loose.options).length > 0
  );
}
