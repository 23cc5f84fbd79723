import type { SoundRow } from '../../../../language/sound-distance.ts';
import type { Reference } from '../words/references.ts';
import type { Role } from '../words/roles.ts';

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
  /** Option groups that it is the word for: 음료. */
  readonly groupIds: readonly string[];
  /** Choices that the short form says along with the item: 아아 is an iced americano. */
  readonly itemOptions: readonly ChoiceRef[];
  /** Items whose name it is a part of, where it is nothing else: 치킨. */
  readonly partOf: readonly string[];
  /** True when it is the full name, not a short or another one. */
  readonly full: boolean;
}

/** Everything that one written form can mean. */
export interface Entry {
  readonly name: NameMeaning | null;
  readonly roles: readonly Role[];
  /** For number words that are not built from numerals: English ones. */
  readonly number: number | null;
  readonly reference: Reference | null;
  /** Latin words begin and end where spaces are; Korean ones anywhere. */
  readonly wholeWord: boolean;
}

/** A name that can be found by its sound. */
export interface SoundName {
  readonly text: string;
  readonly latin: boolean;
  readonly meaning: NameMeaning;
  readonly sounds: SoundRow;
}
