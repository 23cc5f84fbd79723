import type { KioskMenuItem } from '@malbeot/protocol';
import { normaliseUtterance } from '../../../../language/normalise.ts';
import { toPhonemes } from '../../../../language/phonemes.ts';
import { encodeSounds } from '../../../../language/sound-distance.ts';
import type { Menu } from '../../menu.ts';
import { createEntryIndex, type Entries, type MutableEntry } from './entry-index.ts';
import { englishSounds } from '../words/english-sounds.ts';
import type { ChoiceRef, Entry, SoundName } from './meanings.ts';
import { referenceWords } from '../words/references.ts';
import type { Role, RoleWords } from '../words/roles.ts';
import { choiceSlang, groupSlang, itemSlang, misheardChoices } from '../words/slang.ts';
import { englishNumbers, englishWords } from '../words/words-en.ts';
import { koreanWords } from '../words/words-ko.ts';
import { inDialects } from '../words/korean-verbs.ts';

/** All that can be understood with one menu. */
export interface Lexicon extends Entries {
  readonly soundNames: readonly SoundName[];
  /** `remove`: choices of the group leave something out; `add`: they put something in. */
  groupRole(groupId: string): 'remove' | 'add' | null;
  /** The choice of a group that recognisers write like this. */
  misheardChoice(compact: string, groupId: string): ChoiceRef | null;
}

const SHORTEST_BY_SOUND = 4;
/** Another name of an item is as good as its own when it is nearly as long: 아이스크림 may be of any kind. */
const NEARLY_WHOLE = 0.7;

/** Builds the lexicon of a menu: some milliseconds, once a menu. */
export function createLexicon(menu: Menu): Lexicon {
  const index = createEntryIndex();
  const names = new Map<string, string>();
  const slangFor = (text: string) => {
    const entry = index.entryFor(text);
    entry.name ??= {
      itemId: null,
      choices: [],
      categoryId: null,
      groupIds: [],
      itemOptions: [],
      partOf: [],
      full: false,
    };
    return entry.name;
  };
  const nameFor = (text: string) => {
    names.set(normaliseUtterance(text).compact, text);
    return slangFor(text);
  };

  addRoles(koreanWords, index.entryFor);
  addRoles(englishWords, index.entryFor);
  for (const [word, value] of Object.entries(englishNumbers)) index.entryFor(word).number = value;
  for (const [words, reference] of referenceWords) {
    for (const word of words.split(',')) index.entryFor(word).reference = reference;
  }
  addCategories(menu, nameFor);
  addChoices(menu, nameFor, slangFor);
  addItems(menu, nameFor);
  addSlang(menu, slangFor);
  addGroupNouns(menu, slangFor);
  addParts(menu, index.find, slangFor);
  index.seal();

  return {
    soundNames: soundNamesOf(names, index.find),
    groupRole: (groupId) => roleOfGroup(menu, groupId),
    find: index.find,
    entriesAt: index.entriesAt,
    misheardChoice: (compact, groupId) => misheardChoice(menu, compact, groupId),
  };
}

type NameFor = (text: string) => NonNullable<MutableEntry['name']>;

function addCategories(menu: Menu, nameFor: NameFor): void {
  for (const category of menu.categories) {
    for (const text of forms(category.name, category.name_en, [], [])) nameFor(text).categoryId = category.id;
    // A burger is called by its English loan with or without its first half.
    if (category.name === '버거')
      for (const text of ['햄버거', 'hamburger', 'hamburgers']) nameFor(text).categoryId = category.id;
  }
}

function addChoices(menu: Menu, nameFor: NameFor, slangFor: NameFor): void {
  for (const [groupId, group] of Object.entries(menu.option_groups)) {
    for (const choice of group.choices) {
      const said = choiceSlang.filter((slang) => slang.choice === choice.name).flatMap((slang) => slang.said);
      const add = ({ choices }: ReturnType<NameFor>) => {
        if (!choices.some((known) => known.groupId === groupId))
          choices.push({ groupId, choiceId: choice.id });
      };
      for (const text of forms(choice.name, choice.name_en, choice.aliases ?? [], [])) add(nameFor(text));
      for (const text of forms('', '', said, [])) add(slangFor(text));
    }
  }
}

function addItems(menu: Menu, nameFor: NameFor): void {
  for (const item of menu.items) {
    for (const text of forms(item.name, item.name_en, item.aliases, item.aliases_en)) {
      const name = nameFor(text);
      name.itemId ??= item.item_id;
      addChoicesCalled(menu, item, name);
      const whole = normaliseUtterance(
        /[a-z]/i.test(text) ? item.name_en.replace(/\s*\(.*\)/, '') : item.name,
      ).compact;
      name.full ||= normaliseUtterance(text).compact.length >= whole.length * NEARLY_WHOLE;
    }
  }
}

function addSlang(menu: Menu, nameFor: NameFor): void {
  for (const { said, item: itemName, choice: choiceName } of itemSlang) {
    const item = menu.items.find(({ name }) => name === itemName);
    const choice = item === undefined || choiceName === null ? null : choiceNamed(menu, item, choiceName);
    if (item === undefined || (choiceName !== null && choice === null)) continue;
    for (const text of said.flatMap((one) => (/[a-z]/.test(one) ? [one, ...plurals(one)] : [one]))) {
      const name = nameFor(text);
      if (name.itemId !== null && name.itemId !== item.item_id) continue;
      name.itemId = item.item_id;
      name.full = true;
      addChoicesCalled(menu, item, name);
      if (choice !== null) name.itemOptions.push(choice);
    }
  }
}

function addGroupNouns(menu: Menu, nameFor: NameFor): void {
  for (const [groupId, { name, name_en, when }] of Object.entries(menu.option_groups)) {
    if (when === undefined) continue;
    const noun = name.split(' ').at(-1)!;
    const english = name_en.split(' ').at(-1)!;
    const said = groupSlang.filter(({ group }) => group === noun).flatMap((slang) => slang.said);
    for (const text of forms(noun, english, said, [])) nameFor(text).groupIds.push(groupId);
  }
}

/** Words of longer names, where they are nothing else: 치킨 of 치킨버거 and 치킨너겟. */
function addParts(menu: Menu, find: (compact: string) => Entry | null, nameFor: NameFor): void {
  const parts = new Map<string, Set<string>>();
  for (const item of menu.items) {
    for (const text of [
      item.name,
      item.name_en.replace(/\s*\(.*\)/, ''),
      ...item.aliases,
      ...item.aliases_en,
    ]) {
      const words = text.split(/\s+/);
      if (words.length < 2) continue;
      for (const word of words) {
        const compact = normaliseUtterance(word).compact;
        if (compact.length < (/[a-z]/.test(compact) ? 3 : 2) || find(compact) !== null) continue;
        parts.set(compact, (parts.get(compact) ?? new Set()).add(item.item_id));
      }
    }
  }
  for (const [compact, itemIds] of parts) nameFor(compact).partOf.push(...itemIds);
}

function soundNamesOf(
  names: ReadonlyMap<string, string>,
  find: (compact: string) => Entry | null,
): SoundName[] {
  const found: SoundName[] = [];
  for (const [compact, text] of names) {
    const meaning = find(compact)!.name!;
    if (meaning.itemId === null && meaning.choices.length === 0) continue;
    const latin = /[a-z]/.test(compact);
    const sounds = encodeSounds(latin ? englishSounds(compact) : toPhonemes(compact));
    if (sounds.length >= SHORTEST_BY_SOUND) found.push({ text, latin, meaning, sounds });
  }
  return found;
}

function roleOfGroup(menu: Menu, groupId: string): 'remove' | 'add' | null {
  const group = menu.option_groups[groupId];
  if (group?.kind !== 'many') return null;
  return /빼|제외|없이|remove|leave|without|hold/i.test(`${groupId} ${group.name} ${group.name_en}`)
    ? 'remove'
    : 'add';
}

function misheardChoice(menu: Menu, compact: string, groupId: string): ChoiceRef | null {
  const said = misheardChoices.find((misheard) =>
    misheard.said.some((text) => {
      const heard = normaliseUtterance(text).compact;
      return (
        compact === heard ||
        (compact.startsWith(heard) && /^(?:이?요|으?로요?)$/.test(compact.slice(heard.length)))
      );
    }),
  );
  const choice = menu.option_groups[groupId]?.choices.find(({ name }) => name === said?.choice);
  return choice === undefined ? null : { groupId, choiceId: choice.id };
}

/** Choices that are the same thing as an item: the cola of a set. They answer to the item's other names too. */
function addChoicesCalled(menu: Menu, item: KioskMenuItem, name: { choices: ChoiceRef[] }): void {
  for (const [groupId, group] of Object.entries(menu.option_groups)) {
    const choice = group.choices.find(({ id, name: called }) => id === item.item_id || called === item.name);
    if (choice === undefined || name.choices.some((known) => known.groupId === groupId)) continue;
    name.choices.push({ groupId, choiceId: choice.id });
  }
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
    const words = list.split(',').map((word) => word.trim());
    const regional = role === 'particle' ? [] : words.flatMap(inDialects);
    for (const word of [...words, ...regional]) {
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
  const english = [
    nameEn.replace(/\s*\(.*\)/, ''),
    ...aliasesEn,
    ...aliases.filter((alias) => /^[a-z ]+$/i.test(alias)),
  ];
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
