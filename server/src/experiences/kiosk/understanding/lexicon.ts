import type { KioskMenuItem } from '@malbeot/protocol';
import { normaliseUtterance } from '../../../language/normalise.ts';
import { toPhonemes } from '../../../language/phonemes.ts';
import { encodeSounds, type SoundRow } from '../../../language/sound-distance.ts';
import type { Menu } from '../menu.ts';
import type { Role, RoleWords } from './roles.ts';
import { slang } from './slang.ts';
import { englishNumbers, englishWords } from './words-en.ts';
import { koreanWords } from './words-ko.ts';

/** A choice of an option group, as a name on the menu can mean it. */
export interface ChoiceRef {
  readonly groupId: string;
  readonly choiceId: string;
}

/** What a name on the menu can mean: an item, choices of option groups, a category, or several of these (콜라). */
export interface NameMeaning {
  readonly itemId: string | null;
  readonly choices: readonly ChoiceRef[];
  readonly categoryId: string | null;
  /** Choices that the short form says along with the item: 아아 is an iced americano. */
  readonly itemOptions: readonly ChoiceRef[];
  /** True when it is the full name, not a short or another one. */
  readonly full: boolean;
}

/** Everything that one written form can mean. */
export interface Entry {
  readonly name: NameMeaning | null;
  readonly roles: readonly Role[];
  /** For number words that are not built from numerals: English ones. */
  readonly number: number | null;
  /** Latin words begin and end where spaces are; Korean ones anywhere. */
  readonly wholeWord: boolean;
}

/** A name that can be found by its sound. */
export interface SoundName {
  readonly text: string;
  readonly meaning: NameMeaning;
  readonly sounds: SoundRow;
}

/** All that can be understood with one menu. */
export interface Lexicon {
  /** The entries that begin at `at` in `compact`, with their lengths. */
  entriesAt(compact: string, at: number): readonly { readonly entry: Entry; readonly length: number }[];
  readonly soundNames: readonly SoundName[];
  /** `remove`: choices of the group leave something out; `add`: they put something in. */
  groupRole(groupId: string): 'remove' | 'add' | null;
}

interface Node {
  readonly next: Map<string, Node>;
  entry: MutableEntry | null;
}

interface MutableEntry {
  name: {
    itemId: string | null;
    choices: ChoiceRef[];
    categoryId: string | null;
    itemOptions: ChoiceRef[];
    full: boolean;
  } | null;
  roles: Role[];
  number: number | null;
  wholeWord: boolean;
}

const SHORTEST_BY_SOUND = 5;

/** Builds the lexicon of a menu: some milliseconds, once a menu. */
export function createLexicon(menu: Menu): Lexicon {
  const root: Node = { next: new Map(), entry: null };
  const compactNames = new Map<string, string>();
  const entryFor = (text: string): MutableEntry => {
    const { compact } = normaliseUtterance(text);
    let node = root;
    for (const character of compact) {
      let next = node.next.get(character);
      if (next === undefined) node.next.set(character, (next = { next: new Map(), entry: null }));
      node = next;
    }
    node.entry ??= { name: null, roles: [], number: null, wholeWord: /[a-z]/.test(compact) };
    return node.entry;
  };
  const nameFor = (text: string) => {
    compactNames.set(normaliseUtterance(text).compact, text);
    const entry = entryFor(text);
    entry.name ??= { itemId: null, choices: [], categoryId: null, itemOptions: [], full: false };
    return entry.name;
  };

  addRoles(koreanWords, entryFor);
  addRoles(englishWords, entryFor);
  for (const [word, value] of Object.entries(englishNumbers)) entryFor(word).number = value;
  for (const category of menu.categories) {
    for (const text of forms(category.name, category.name_en, [], [])) nameFor(text).categoryId = category.id;
  }
  for (const [groupId, group] of Object.entries(menu.option_groups)) {
    for (const choice of group.choices) {
      for (const text of forms(choice.name, choice.name_en, choice.aliases ?? [], [])) {
        nameFor(text).choices.push({ groupId, choiceId: choice.id });
      }
    }
  }
  for (const item of menu.items) {
    for (const text of forms(item.name, item.name_en, item.aliases, item.aliases_en)) {
      const name = nameFor(text);
      name.itemId ??= item.item_id;
      for (const choice of choicesCalled(menu, item)) {
        if (!name.choices.some((known) => known.groupId === choice.groupId)) name.choices.push(choice);
      }
      name.full ||=
        text === item.name || text === item.name_en || normaliseUtterance(text).compact.length >= 4;
    }
  }

  for (const { said, item: itemName, choice: choiceName } of slang) {
    const item = menu.items.find(({ name }) => name === itemName);
    const choice = item === undefined || choiceName === null ? null : choiceNamed(menu, item, choiceName);
    if (item === undefined || (choiceName !== null && choice === null)) continue;
    for (const text of said) {
      const name = nameFor(text);
      name.itemId ??= item.item_id;
      name.full = true;
      if (choice !== null) name.itemOptions.push(choice);
    }
  }

  const soundNames: SoundName[] = [];
  for (const [compact, text] of compactNames) {
    if (/[a-z]/.test(compact)) continue;
    const sounds = encodeSounds(toPhonemes(compact));
    if (sounds.length < SHORTEST_BY_SOUND) continue;
    const meaning = entryFor(text).name!;
    if (meaning.itemId !== null || meaning.choices.length > 0) soundNames.push({ text, meaning, sounds });
  }

  const groupRoles = new Map(
    Object.entries(menu.option_groups).map(([groupId, { name, name_en, kind }]) => {
      if (kind !== 'many') return [groupId, null] as const;
      if (/빼|제외|없이|remove|leave|without|hold/i.test(`${groupId} ${name} ${name_en}`))
        return [groupId, 'remove'] as const;
      return [groupId, 'add'] as const;
    }),
  );

  return {
    soundNames,
    groupRole: (groupId) => groupRoles.get(groupId) ?? null,
    entriesAt(compact, at) {
      const found: { entry: Entry; length: number }[] = [];
      let node: Node | undefined = root;
      for (let length = 1; at + length <= compact.length; length++) {
        node = node.next.get(compact[at + length - 1]!);
        if (node === undefined) break;
        if (node.entry !== null) found.push({ entry: node.entry, length });
      }
      return found;
    },
  };
}

/** Choices that are the same thing as an item: the cola of a set. They answer to the item's other names too. */
function choicesCalled(menu: Menu, item: KioskMenuItem): ChoiceRef[] {
  return Object.entries(menu.option_groups).flatMap(([groupId, group]) =>
    group.choices
      .filter((choice) => choice.id === item.item_id || choice.name === item.name)
      .map((choice) => ({ groupId, choiceId: choice.id })),
  );
}

function choiceNamed(menu: Menu, item: KioskMenuItem, name: string): ChoiceRef | null {
  for (const groupId of item.options) {
    const choice = menu.option_groups[groupId]!.choices.find((choice) => choice.name === name);
    if (choice !== undefined) return { groupId, choiceId: choice.id };
  }
  return null;
}

function addRoles(words: RoleWords, entryFor: (text: string) => MutableEntry): void {
  for (const [role, list] of Object.entries(words) as [Role, string][]) {
    for (const word of list.split(',')) {
      const { roles } = entryFor(word);
      if (!roles.includes(role)) roles.push(role);
    }
  }
}

function forms(
  name: string,
  nameEn: string,
  aliases: readonly string[],
  aliasesEn: readonly string[],
): Set<string> {
  const english = [nameEn.replace(/\s*\(.*\)/, ''), ...aliasesEn];
  return new Set(
    [name, ...aliases, ...english, ...english.flatMap(plurals)].filter((text) => text.trim() !== ''),
  );
}

/** English names are said in the plural, and compound ones with or without a space. */
function plurals(name: string): string[] {
  const singular = name.replace(/s$/i, '');
  const plural = /(?:s|sh|ch|x)$/i.test(singular) ? `${singular}es` : `${singular}s`;
  return [singular, plural, ...(name.endsWith('y') ? [`${name.slice(0, -1)}ies`] : [])];
}
