import type { OrderOptions } from '@malbeot/protocol';
import type { ChoiceRef } from './lexicon.ts';

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
  /** Choices said to be left off again: `콜라 말고`, `치즈 빼고` where cheese is an extra. */
  readonly drops: readonly ChoiceRef[];
  /** Names of choices said beside it that it does not have. */
  readonly cannot: readonly string[];
  /** What else the name can mean when it was said to change something: a choice of a set. */
  readonly mayBeChoice: readonly ChoiceRef[];
}

/** What was said without naming an item: it is about the line in question or the last one. */
export interface SaidLoosely extends SaidAmount {
  readonly options: OrderOptions;
  readonly drops: readonly ChoiceRef[];
  /** 그거, 방금 거 or 같은 거 was said. */
  readonly pointing: boolean;
  readonly intent: 'add' | 'remove' | 'change';
  /** 하나는 핫, 하나는 아이스: the line in question dealt out in parts; empty when it is not. */
  readonly parts: readonly { readonly quantity: number; readonly options: OrderOptions }[];
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
      /** Null for the line last talked about. */
      readonly fromItemId: string | null;
      readonly fromChoices: readonly ChoiceRef[];
      readonly item: SaidItem;
    }
  | { readonly type: 'loose'; readonly said: SaidLoosely }
  | {
      readonly type: 'ask';
      readonly about: Question;
      readonly itemId: string | null;
      readonly categoryId: string | null;
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
}
