import type { KioskMenuItem } from '@malbeot/protocol';
import type { Menu } from '../menu.ts';
import type { ChoiceRef, Lexicon } from './lexicon.ts';
import {
  applyIngredient,
  choiceName,
  choose,
  emptyLoose,
  fittingChoice,
  isSaid,
  newMention,
  type Loose,
  type Mention,
} from './mention.ts';
import { hasRole, type Token } from './tokens.ts';

type NameToken = Token & { readonly type: 'name' };
type NumberToken = Token & { readonly type: 'number' };
type UnknownToken = Token & { readonly type: 'unknown' };

/** What the reader of an utterance found out about the order. */
export interface ReadOrder {
  readonly mentions: readonly Mention[];
  /** Null when nothing was said without an item. */
  readonly loose: Loose | null;
  /** 전부 취소 was said before any item. */
  readonly cancelsAll: boolean;
  /** Categories named without an amount. */
  readonly categories: readonly string[];
  /** Characters that found no place. */
  readonly lost: number;
}

const MOST_MENTIONS = 30;

/**
 * Reads tokens from left to right and binds amounts, options and verbs to the items they belong to. In Korean they follow
 * their item, unless they come first (아이스 아메리카노, 두 개 콜라); in English they come first.
 */
export class OrderReader {
  readonly #tokens: readonly Token[];
  readonly #menu: Menu;
  readonly #lexicon: Lexicon;
  /** Group that was just asked for: its choices are answers, not items. */
  readonly #expectedGroup: string | null;

  readonly #mentions: Mention[] = [];
  #current: Mention | null = null;
  /** What waits for the item that follows. */
  #prefix = emptyLoose();
  readonly #loose: Loose = emptyLoose();
  /** Ingredients waiting for their verb, each with all that its name can mean. */
  #ingredients: { readonly choices: readonly ChoiceRef[]; readonly text: string }[] = [];
  /** English says the verb first: no onions. */
  #ingredientWay: 'remove' | 'add' | null = null;
  #afterAnd = false;
  #afterInstead: { readonly groupIds: readonly string[]; readonly mention: Mention | null } | null = null;
  /** English names the old one second: a cider instead of the coke. */
  #insteadOf: Mention | null = null;
  #corrected = false;
  #verbFirst: 'remove' | 'change' | null = null;
  #sawAll = false;
  #each = false;
  #cancelsAll = false;
  readonly #categories: string[] = [];
  #lost = 0;

  constructor(tokens: readonly Token[], menu: Menu, lexicon: Lexicon, expectedGroup: string | null) {
    this.#tokens = tokens;
    this.#menu = menu;
    this.#lexicon = lexicon;
    this.#expectedGroup = expectedGroup;
  }

  read(): ReadOrder {
    for (let at = 0; at < this.#tokens.length; at++) {
      const token = this.#tokens[at]!;
      if (token.type === 'name') this.#readName(token, at);
      else if (token.type === 'number') this.#readNumber(token, at);
      else if (token.type === 'unknown') this.#readUnknown(token, at);
      else this.#readWord(token, at);
    }
    this.#leaveIngredients();
    this.#endParts();
    this.#mergePrefix();
    if (this.#loose.parts.length > 0) this.#endLoosePart();
    const [onlyPart] = this.#loose.parts;
    if (onlyPart !== undefined && this.#loose.parts.length === 1) {
      Object.assign(this.#loose, { ...onlyPart, parts: [] });
    }
    const mentions = this.#mentions
      .filter((mention) => mention.intent !== 'replaced')
      .slice(0, MOST_MENTIONS);
    return {
      mentions,
      loose: isSaid(this.#loose) || this.#loose.intent !== 'add' ? this.#loose : null,
      cancelsAll: this.#cancelsAll,
      categories: this.#categories,
      lost: this.#lost,
    };
  }

  #readName(token: NameToken, at: number): void {
    const { itemId, choices, categoryId } = token.meaning;
    const asChoice = this.#asChoice(token, at);
    if (asChoice !== null) return asChoice();
    if (itemId !== null) return this.#startItem(token, at, this.#menu.itemsById.get(itemId)!);
    if (choices.some(({ groupId }) => this.#lexicon.groupRole(groupId) !== null))
      return this.#readIngredient(token, at);
    if (choices.length > 0) return this.#readOption(choices, at);
    if (categoryId !== null) this.#readCategory(token, categoryId, at);
  }

  /** What to do when a name that is also an item is meant as a choice of a set; null when it is not. */
  #asChoice(token: NameToken, at: number): (() => void) | null {
    const { itemId, choices } = token.meaning;
    if (choices.length === 0) return null;
    if (token.meaning.itemOptions.length > 0 && this.#current?.item?.item_id === itemId) {
      return () => this.#readOption(choices, at);
    }
    const expected = choices.find(({ groupId }) => groupId === this.#expectedGroup);
    if (expected !== undefined && this.#current === null) {
      return () => this.#chooseLoosely(expected, at);
    }
    const current = this.#current;
    if (itemId === null || current?.item == null) return null;
    if (current.item.item_id === itemId) return null;
    const fitting = fittingChoice(this.#menu, current.item, current.options, choices);
    if (fitting === null) return null;
    const next = this.#next(at);
    const before = this.#tokens[at - 1];
    const withSet = before?.type === 'word' && ['에', '에는', '엔', 'with'].includes(before.text);
    const another =
      withSet ||
      (before?.text === 'and' && current.options[fitting.groupId] === undefined && this.#boundBefore(at - 2));
    if (hasRole(next, 'instead')) {
      return () => {
        this.#afterInstead = { groupIds: [fitting.groupId], mention: null };
      };
    }
    const answersInstead = this.#afterInstead?.groupIds.includes(fitting.groupId) === true;
    if (!answersInstead && !hasRole(next, 'to') && !(another && next?.type !== 'number')) return null;
    return () => {
      choose(this.#menu, current.options, fitting);
      this.#afterInstead = null;
    };
  }

  /** True when the token at `at` was taken for a choice of the current set. */
  #boundBefore(at: number): boolean {
    const token = this.#tokens[at];
    const current = this.#current;
    if (token?.type !== 'name' || current === null) return false;
    return token.meaning.choices.some(({ groupId, choiceId }) => current.options[groupId] === choiceId);
  }

  #startItem(token: NameToken, at: number, item: KioskMenuItem): void {
    this.#leaveIngredients(true);
    if (this.#insteadOf !== null) {
      this.#insteadOf.replaces = newMention({
        item,
        said: token.text,
        joined: false,
        meaning: token.meaning,
      });
      this.#insteadOf = null;
      return;
    }
    const before = this.#tokens[at - 1];
    const stranger = before?.type === 'unknown' && !hasRole(before, 'filler');
    const mention = newMention({
      item,
      said: token.text,
      joined: this.#afterAnd,
      guess: token.guess,
      meaning: token.meaning,
      doubtful: stranger && (!token.afterBreak || !token.meaning.full),
      intent: this.#verbFirst ?? 'add',
    });
    for (const choice of token.meaning.itemOptions) choose(this.#menu, mention.options, choice);
    if (mention.doubtful && before !== undefined) this.#lost -= before.text.length;
    if (this.#afterInstead !== null) {
      mention.replaces = this.#afterInstead.mention;
      this.#afterInstead = null;
    }
    if (this.#corrected && this.#current !== null && this.#current.item !== null) {
      this.#current.intent = 'replaced';
      mention.quantity = this.#current.quantity;
    }
    this.#corrected = false;
    this.#begin(mention);
  }

  #begin(mention: Mention): void {
    this.#endParts();
    const { quantity, vague, more, options, drops } = this.#prefix;
    if (quantity !== null) mention.quantity = quantity;
    mention.vague ||= vague;
    mention.more ||= more;
    for (const groupId of Object.keys(options)) {
      if (mention.item?.options.includes(groupId) !== false) mention.options[groupId] = options[groupId]!;
      else mention.cannot.push(...this.#namesOf(groupId, options[groupId]!));
    }
    mention.drops.push(...drops);
    this.#prefix = emptyLoose();
    this.#mentions.push(mention);
    this.#current = mention;
    this.#afterAnd = false;
    this.#ingredientWay = null;
  }

  #readCategory(token: NameToken, categoryId: string, at: number): void {
    const before = this.#tokens[at - 1];
    if (before?.type === 'unknown' && !token.afterBreak) {
      const said = before.text + token.text;
      this.#lost -= before.text.length;
      return this.#begin(newMention({ item: null, said, joined: this.#afterAnd, nearest: before.nearest }));
    }
    const next = this.#next(at);
    if (next?.type === 'number' || this.#prefix.quantity !== null || hasRole(next, 'want', 'vague')) {
      return this.#begin(newMention({ item: null, categoryId, said: token.text, joined: this.#afterAnd }));
    }
    this.#categories.push(categoryId);
  }

  #readIngredient(token: NameToken, _at: number): void {
    const waiting = { choices: token.meaning.choices, text: token.text };
    if (this.#ingredientWay === null) this.#ingredients.push(waiting);
    else this.#applyIngredients(this.#ingredientWay, this.#current, [waiting]);
  }

  /** A size, a temperature, a set: of the item before, unless it has that already or the item after takes it. */
  #readOption(choices: readonly ChoiceRef[], at: number): void {
    const current = this.#current;
    const following = this.#tokens[at + 1];
    const nextItem =
      following?.type === 'name' && following.meaning.itemId !== null
        ? this.#menu.itemsById.get(following.meaning.itemId)!
        : null;
    const forNext = nextItem === null ? null : fittingChoice(this.#menu, nextItem, {}, choices);
    const forCurrent =
      current?.item == null ? null : fittingChoice(this.#menu, current.item, current.options, choices);
    if (hasRole(this.#next(at), 'instead')) {
      this.#afterInstead = { groupIds: choices.map(({ groupId }) => groupId), mention: null };
      return;
    }
    const free = forCurrent !== null && current?.options[forCurrent.groupId] === undefined;
    const settled = current?.quantity !== null || this.#afterAnd;
    const english = /[a-z]/.test(this.#tokens[at]!.text);
    if (
      forNext !== null &&
      (!free || settled || current === null || (english && forNext.groupId !== 'variant'))
    ) {
      choose(this.#menu, this.#prefix.options, forNext);
    } else if (forCurrent !== null && current !== null) {
      choose(this.#menu, current.options, forCurrent);
      this.#afterInstead = null;
    } else if (current === null || current.intent === 'remove') {
      this.#chooseLoosely(choices[0]!, at);
    } else if (current.item === null) {
      choose(this.#menu, current.options, choices[0]!);
    } else if (choices.every(({ groupId }) => this.#menu.option_groups[groupId]?.when === undefined)) {
      current.cannot.push(choiceName(this.#menu, choices[0]!));
    }
  }

  /** An option said before any item: it waits for one that follows, and is about the last line when none does. */
  #chooseLoosely(choice: ChoiceRef, _at: number): void {
    choose(this.#menu, this.#prefix.options, choice);
  }

  #readNumber(token: NumberToken, at: number): void {
    if (!token.countsThings) return;
    const next = this.#next(at);
    const current = this.#current;
    const setChoice = token.counter === '세트' ? this.#choicesNamed('세트') : [];
    const nextIsName =
      next?.type === 'name' &&
      (next.meaning.itemId !== null || next.meaning.categoryId !== null || this.#leadsToItem(at));
    if (
      this.#tokens[at + 1]?.type === 'word' &&
      /^[은는]$/.test(this.#tokens[at + 1]!.text) &&
      this.#readPart(token.value)
    )
      return;
    const isEnglish = /[a-z]/.test(token.text) || (nextIsName && /[a-z]/.test(next.text));
    if (current !== null && !isEnglish && !this.#afterAnd && (current.quantity === null || this.#corrected)) {
      current.quantity = token.value;
      current.vague = false;
      if (this.#each) this.#spread(token.value);
      const fitting =
        current.item === null ? null : fittingChoice(this.#menu, current.item, current.options, setChoice);
      if (fitting !== null) choose(this.#menu, current.options, fitting);
      this.#corrected = false;
      return;
    }
    if (
      nextIsName ||
      (isEnglish && next?.type === 'unknown') ||
      (isEnglish && current === null) ||
      this.#afterAnd
    ) {
      this.#prefix.quantity = token.value;
      if (setChoice[0] !== undefined) choose(this.#menu, this.#prefix.options, setChoice[0]);
      return;
    }
    if (current === null) {
      if (this.#loose.quantity !== null && !this.#corrected && this.#loose.quantity !== token.value)
        this.#loose.vague = true;
      this.#loose.quantity = token.value;
      this.#corrected = false;
      if (setChoice[0] !== undefined) choose(this.#menu, this.#loose.options, setChoice[0]);
    } else if (current.quantity !== token.value && !isEnglish) {
      current.vague = true;
    }
  }

  /** 하나는 …: deals out the amount of the current item, or of the line in question. True when it was that. */
  #readPart(value: number): boolean {
    const current = this.#current;
    if (current === null) {
      this.#mergePrefix();
      this.#endLoosePart();
      this.#loose.quantity = value;
      return true;
    }
    if (current.item === null || current.intent !== 'add') return false;
    if (current.parts !== null) {
      const { base, left } = current.parts;
      const part = newMention({
        ...current,
        joined: true,
        quantity: value,
        options: { ...base },
        drops: [],
        cannot: [],
      });
      part.parts = { base, left: left === null ? null : Math.max(0, left - value) };
      current.parts = null;
      this.#mentions.push(part);
      this.#current = part;
      this.#afterAnd = false;
      return true;
    }
    const whole = current.quantity;
    current.parts = {
      base: { ...current.options },
      left: whole === null || whole <= value ? null : whole - value,
    };
    current.quantity = value;
    this.#afterAnd = false;
    return true;
  }

  /** What no part was said for stays as it was. */
  #endParts(): void {
    const current = this.#current;
    if (current?.parts == null) return;
    const { base, left } = current.parts;
    current.parts = null;
    if (left !== null && left > 0) {
      this.#mentions.push(
        newMention({ ...current, joined: true, quantity: left, options: { ...base }, drops: [], cannot: [] }),
      );
    }
  }

  #endLoosePart(): void {
    this.#mergePrefix();
    const { quantity, options } = this.#loose;
    if (quantity === null || Object.keys(options).length === 0 || this.#current !== null) return;
    this.#loose.parts.push({ quantity, options });
    this.#loose.quantity = null;
    this.#loose.options = {};
  }

  #readUnknown(token: UnknownToken, at: number): void {
    this.#lost += token.text.length;
    const next = this.#next(at);
    const following = this.#tokens[at + 1];
    if (following?.type === 'name' || token.text.length < 2) return;
    const wanted =
      next === undefined ||
      next.type === 'number' ||
      hasRole(next, 'want', 'and', 'vague', 'have', 'price', 'remove', 'add', 'cancel');
    const alone = this.#tokens.every((other) => other === token || hasRole(other, 'particle'));
    if (!wanted || (alone && token.nearest.length === 0)) return;
    this.#lost -= token.text.length;
    this.#leaveIngredients(true);
    this.#begin(newMention({ item: null, said: token.text, joined: this.#afterAnd, nearest: token.nearest }));
  }

  #readWord(token: Token & { readonly type: 'word' }, at: number): void {
    const latin = /[a-z]/.test(token.text);
    if (hasRole(token, 'and')) this.#afterAnd = true;
    else if (hasRole(token, 'all')) this.#sawAll = true;
    else if (hasRole(token, 'remove')) this.#readRemove(latin, at);
    else if (hasRole(token, 'cancel')) this.#readCancel(latin);
    else if (hasRole(token, 'without')) this.#readWithout(latin, at);
    else if (hasRole(token, 'add')) this.#readAdd(latin);
    else if (hasRole(token, 'change')) this.#readChange(latin, at);
    else if (hasRole(token, 'instead')) this.#readInstead(latin, at);
    else if (hasRole(token, 'no')) this.#corrected = this.#current !== null || this.#loose.quantity !== null;
    else if (hasRole(token, 'vague')) this.#readVague(at);
    else if (hasRole(token, 'degree')) this.#readDegree(token.text);
    else if (hasRole(token, 'more')) this.#readMore(latin);
    else if (hasRole(token, 'each')) this.#readEach();
    else if (hasRole(token, 'that', 'same')) this.#loose.pointing = true;
    else if (hasRole(token, 'to') && this.#current !== null) this.#current.marked = true;
    else if (hasRole(token, 'to') && Object.keys(this.#prefix.options).length > 0) this.#mergePrefix();
    else if (hasRole(token, 'want', 'order')) this.#closeClause();
  }

  #readRemove(latin: boolean, at: number): void {
    if (this.#ingredients.length > 0) {
      const next = this.#tokens[at + 1];
      const forNext = this.#current === null && next?.type === 'name' && next.meaning.itemId !== null;
      this.#applyIngredients('remove', forNext ? null : this.#current, this.#ingredients);
    } else if (latin && this.#current === null) {
      this.#verbFirst = 'remove';
      this.#ingredientWay = 'remove';
      this.#loose.intent = 'remove';
    } else if (this.#current !== null) this.#removeMentions();
    else if (this.#sawAll) this.#cancelsAll = true;
    else this.#loose.intent = 'remove';
  }

  #readCancel(latin: boolean): void {
    if (this.#current !== null) this.#removeMentions();
    else if (this.#sawAll || latin) {
      this.#cancelsAll = this.#sawAll || this.#tokens.some((token) => hasRole(token, 'all'));
      if (latin && !this.#cancelsAll) {
        this.#verbFirst = 'remove';
        this.#loose.intent = 'remove';
      }
    } else if (this.#loose.pointing || this.#loose.quantity !== null) this.#loose.intent = 'remove';
    else this.#cancelsAll = true;
  }

  /** 빼 and 취소 take off the item before them, with those joined to it. */
  #removeMentions(): void {
    for (let at = this.#mentions.length - 1; at >= 0; at--) {
      const mention = this.#mentions[at]!;
      if (mention.intent !== 'add') break;
      mention.intent = 'remove';
      if (!mention.joined) break;
    }
    this.#current = null;
    this.#afterAnd = false;
  }

  #readWithout(latin: boolean, at: number): void {
    if (latin) {
      this.#ingredientWay = 'remove';
      return;
    }
    const next = this.#tokens[at + 1];
    this.#applyIngredients('remove', next?.type === 'name' ? null : this.#current, this.#ingredients);
  }

  #readAdd(latin: boolean): void {
    if (this.#ingredients.length > 0) this.#applyIngredients('add', this.#current, this.#ingredients);
    else if (latin) this.#ingredientWay = 'add';
  }

  #readChange(latin: boolean, _at: number): void {
    const current = this.#current;
    if (current === null) {
      this.#loose.intent = 'change';
      if (latin) this.#verbFirst = 'change';
      return;
    }
    const before = this.#mentions.at(-2);
    const both =
      before !== undefined &&
      before.intent === 'add' &&
      !current.joined &&
      before.quantity === null &&
      current.marked;
    if (both && current.replaces === null) {
      before.intent = 'replaced';
      current.replaces = before;
    } else if (current.replaces === null) current.intent = 'change';
  }

  #readInstead(latin: boolean, at: number): void {
    if (this.#afterInstead !== null) return;
    const before = this.#tokens[at - 1];
    if (latin && this.#current !== null) {
      this.#insteadOf = this.#current;
      return;
    }
    if (before?.type === 'number' || hasRole(before, 'vague')) {
      if (this.#current !== null) this.#current.quantity = null;
      this.#loose.quantity = null;
      this.#loose.intent = 'change';
      this.#corrected = true;
      return;
    }
    if (this.#current !== null) {
      this.#current.intent = 'replaced';
      this.#afterInstead = { groupIds: [], mention: this.#current };
      this.#current = null;
    }
  }

  #readVague(at: number): void {
    const next = this.#next(at);
    if (this.#current !== null && this.#current.quantity === null && !this.#afterAnd)
      this.#current.vague = true;
    else if (next?.type === 'name') this.#prefix.vague = true;
    else this.#loose.vague = true;
  }

  #readDegree(text: string): void {
    const waiting = this.#ingredients;
    if (waiting.length > 0) {
      this.#current?.cannot.push(...waiting.map((ingredient) => `${ingredient.text} ${text}`));
      this.#ingredients = [];
    } else if (this.#current !== null && this.#current.quantity === null) this.#current.vague = true;
  }

  #readMore(latin: boolean): void {
    if (this.#ingredients.length > 0) this.#applyIngredients('add', this.#current, this.#ingredients);
    else if (latin) {
      this.#prefix.more = true;
      this.#prefix.quantity ??= 1;
    } else if (this.#current === null) this.#loose.more = true;
    else this.#current.more = true;
  }

  #readEach(): void {
    const value = this.#current?.quantity;
    if (value == null) this.#each = true;
    else this.#spread(value);
  }

  /** 콜라랑 사이다 두 개씩: the amount is that of every item named together. */
  #spread(value: number): void {
    for (let at = this.#mentions.length - 2; at >= 0; at--) {
      const mention = this.#mentions[at]!;
      if (mention.quantity !== null || mention.intent !== 'add') break;
      mention.quantity = value;
    }
    this.#each = false;
  }

  #applyIngredients(
    way: 'remove' | 'add',
    target: Mention | null,
    waiting: readonly { choices: readonly ChoiceRef[]; text: string }[],
  ): void {
    for (const { choices, text } of waiting) {
      const into = target ?? { ...this.#prefix, item: null };
      if (!applyIngredient(this.#menu, this.#lexicon, into, choices, way)) target?.cannot.push(text);
    }
    this.#ingredients = [];
  }

  /** Ingredients that no verb came for: of the item before when its name decides how, else lost. */
  #leaveIngredients(beforeItem = false): void {
    const waiting = this.#ingredients;
    this.#ingredients = [];
    for (const ingredient of waiting) {
      const ways = new Set(ingredient.choices.map(({ groupId }) => this.#lexicon.groupRole(groupId)));
      if (ways.size === 1 && ways.has('add') && this.#current !== null && !beforeItem) {
        this.#applyIngredients('add', this.#current, [ingredient]);
      } else this.#lost += ingredient.text.length;
    }
  }

  /** The verb has come: what waits for an item to follow is about the line in question. */
  #closeClause(): void {
    if (this.#current === null) this.#mergePrefix();
    this.#afterAnd = false;
  }

  #mergePrefix(): void {
    const { quantity, vague, more, options, drops } = this.#prefix;
    if (quantity !== null) this.#loose.quantity = quantity;
    this.#loose.vague ||= vague;
    this.#loose.more ||= more;
    Object.assign(this.#loose.options, options);
    this.#loose.drops.push(...drops);
    this.#prefix = emptyLoose();
  }

  /** The next token that says something: particles and fillers stepped over. */
  #next(at: number): Token | undefined {
    for (let index = at + 1; index < this.#tokens.length; index++) {
      if (!hasRole(this.#tokens[index], 'particle', 'filler')) return this.#tokens[index];
    }
    return undefined;
  }

  /** True when only options stand between here and an item. */
  #leadsToItem(at: number): boolean {
    for (let index = at + 1; index < this.#tokens.length; index++) {
      const token = this.#tokens[index]!;
      if (hasRole(token, 'particle', 'filler')) continue;
      if (token.type !== 'name') return false;
      if (token.meaning.itemId !== null) return true;
    }
    return false;
  }

  #choicesNamed(text: string): readonly ChoiceRef[] {
    const found = this.#lexicon.entriesAt(text, 0).find(({ length }) => length === text.length);
    return found?.entry.name?.choices ?? [];
  }

  #namesOf(groupId: string, chosen: string | readonly string[]): string[] {
    const ids = typeof chosen === 'string' ? [chosen] : chosen;
    return ids.map((choiceId) => choiceName(this.#menu, { groupId, choiceId }));
  }
}
