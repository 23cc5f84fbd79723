import type { OrderOptions } from '@malbeot/protocol';
import type { ChoiceRef } from './lexicon/meanings.ts';
import type { Reference } from './words/references.ts';

/** An amount as it was said. */
export interface SaidAmount {
  /** Null when no number was said. */
  readonly quantity: number | null;
  /** True when an amount was said that nobody can count: it is asked about. */
  readonly vague: boolean;
  /** True for "하나 더": on top of what stands. */
  readonly more: boolean;
}

/** Something of the menu as it was said. */
export interface SaidItem extends SaidAmount {
  readonly itemId: string;
  /** Options said beside it. Only what was said: defaults are filled in by the order. */
  readonly options: OrderOptions;
  /** Those of `options` that were said along with the name (`라지 콜라`): they tell which line is meant. */
  readonly before: OrderOptions;
  /** True for `하나는` and `하나만`: so many of what stands, where more of it stands. */
  readonly part: boolean;
  /** True for `둘 다`: all of what stands, where so many of it stand or it was made the topic. */
  readonly every?: boolean;
  /** True for more of the item just named, chosen otherwise: `하나는 …, 하나는 …`. */
  readonly continues?: boolean;
  /** True for what is left of an amount that may stand already (`세 잔 중에 하나는 …`): ordered only where none stands. */
  readonly rest?: boolean;
  /** Choices said to be left off again: `콜라 말고`, `치즈 빼고` where cheese is an extra. */
  readonly drops: readonly ChoiceRef[];
  /** Choices said of it that are items of their own, wanted where no line of it has them: 치즈버거는 사이다. */
  readonly besides?: readonly SaidItem[];
  /** Names of choices said beside it that it does not have. */
  readonly cannot: readonly string[];
  /** What else the name can mean when it was said to change something: a choice of a set. */
  readonly mayBeChoice: readonly ChoiceRef[];
}

/** What was said without naming an item: it is about the line in question or the last one. */
export interface SaidLoosely extends SaidAmount {
  readonly options: OrderOptions;
  readonly drops: readonly ChoiceRef[];
  /** What was pointed at; null when nothing was. */
  readonly reference: Reference | null;
  readonly intent: 'add' | 'remove' | 'change';
  /** True for `하나는` and `하나만`: so many of the line. */
  readonly part: boolean;
  /** Items that it is about instead where no line has those choices: 사이다로 주세요 without a set. */
  readonly otherwise: readonly SaidItem[];
  /** Names of choices said that nothing here has. */
  readonly cannot: readonly string[];
  /** 하나는 핫, 하나는 아이스: the line in question dealt out in parts; empty when it is not. */
  readonly parts: readonly SaidPart[];
}

/** Some of a line, with what is different about them. */
export interface SaidPart {
  readonly quantity: number;
  readonly options: OrderOptions;
  readonly drops: readonly ChoiceRef[];
}

export type Question = 'price' | 'have' | 'contents' | 'allergy' | 'spicy' | 'menu' | 'popular';

/** One thing that an utterance asks for. An utterance is a row of them, in order. */
export type Act =
  | { readonly type: 'add'; readonly item: SaidItem }
  /** A name that was not heard surely: one candidate to say yes to, or several to choose from. */
  | {
      readonly type: 'unsure';
      readonly nearest: readonly string[];
      readonly item: Omit<SaidItem, 'itemId'>;
      readonly said: string;
    }
  | { readonly type: 'unknown-item'; readonly said: string }
  /** A category where an item was wanted: 버거 하나. */
  | { readonly type: 'category'; readonly categoryId: string; readonly item: Omit<SaidItem, 'itemId'> }
  | { readonly type: 'remove'; readonly item: SaidItem }
  | { readonly type: 'change'; readonly item: SaidItem }
  | {
      readonly type: 'replace';
      /** Null where something was pointed at. */
      readonly fromItemId: string | null;
      /** What was pointed at; the line last touched where nothing was. */
      readonly fromReference: Reference | null;
      /** How many of it; all of it when null. */
      readonly fromQuantity: number | null;
      readonly fromChoices: readonly ChoiceRef[];
      /**
       * `kind`, for `아니 사이다`: only what was last said gives way, where it is of the same kind; `same`: only its amount
       * and options, where it is the same; else the item is wanted besides.
       */
      readonly of?: 'same' | 'kind';
      readonly item: SaidItem;
    }
  /** 콜라 빼고 다 취소: everything goes but these. */
  | { readonly type: 'keep-only'; readonly itemIds: readonly string[] }
  | { readonly type: 'loose'; readonly said: SaidLoosely }
  | {
      readonly type: 'ask';
      readonly about: Question;
      readonly itemId: string | null;
      readonly categoryId: string | null;
      /** Options said beside the item: what a set costs. */
      readonly options: OrderOptions;
    }
  | { readonly type: 'dine'; readonly where: 'in' | 'out' }
  | { readonly type: 'pay'; readonly method: string }
  | { readonly type: 'speech'; readonly what: 'slower' | 'faster' | 'louder' | 'quieter' }
  | { readonly type: 'language'; readonly language: 'ko' | 'en' }
  | {
      readonly type:
        | 'yes'
        | 'no'
        | 'enough'
        | 'finish'
        | 'cancel-all'
        | 'start-over'
        | 'staff'
        | 'repeat'
        | 'help'
        | 'review'
        | 'greeting'
        | 'thanks'
        | 'unknown';
    };

/** What an utterance means, and how sure that is. */
export interface Understanding {
  readonly acts: readonly Act[];
  /** 0..1: 1 when every word has its place, less for names by sound and for words that mean nothing here. */
  readonly confidence: number;
  /**
   * True when every word has its place and nothing hesitates or asks: no yes to a read-back is taken from words that were
   * only half understood, nor from 네 근데 잠깐만요.
   */
  readonly whole: boolean;
  /** True when the rules may have it wrong: a language model is asked only then, where there is one. */
  readonly unsure: boolean;
}

/** Below this, an understanding is `unsure`. */
export const SURE = 0.75;
