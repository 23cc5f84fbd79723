import type { KioskAction, KioskMenuItem, Language, QuickReply } from '@malbeot/protocol';

import type { KioskState } from './kiosk-state.ts';
import { wordsOf } from './words-of.ts';

/** At most so many things are numbered on one screen: one key each. */
export const CHOICES_PER_PAGE = 9;

/** What choosing a number does. */
export type ChoiceEffect = QuickReply['send'] | { readonly browse: string } | { readonly toggle: string };

/** One numbered thing on the screen. */
export interface Choice {
  readonly label: string;
  /** Beside the label, at the right: a price, mostly. */
  readonly note: string;
  readonly available: boolean;
  /** Stands already, or agrees. */
  readonly selected: boolean;
  readonly popular: boolean;
  readonly spicy: boolean;
  readonly does: ChoiceEffect;
}

/** What the numbers 1 to 9 mean now, in order. */
export function choicesOf(state: KioskState): readonly Choice[] {
  if (state.view === 'menu') return shelfChoices(state);
  if (state.question !== null) return questionChoices(state, state.question);
  if (state.receipt !== null) return [];
  return shelfChoices(state);
}

function questionChoices(
  { language }: KioskState,
  question: NonNullable<KioskState['question']>,
): readonly Choice[] {
  const words = wordsOf(language);
  switch (question.type) {
    case 'options': {
      const { data, chosen } = question;
      const many = data.kind === 'many';
      const room = many ? CHOICES_PER_PAGE - 1 : CHOICES_PER_PAGE;
      const choices = data.options.slice(0, room).map((option) =>
        choice(option.display_text, {
          note: option.price === 0 ? '' : words.extra(option.price),
          available: option.available,
          selected: chosen.includes(option.option_id),
          does: many
            ? { toggle: option.option_id }
            : { action: setOptions(data.line, data.group_id, option.option_id) },
        }),
      );
      if (!many) return choices;
      const done = choice(words.chosenDone, {
        does: { action: setOptions(data.line, data.group_id, chosen) },
      });
      return [...choices, done];
    }
    case 'confirmation':
      return question.data.replies
        .slice(0, CHOICES_PER_PAGE)
        .map(({ label, send }) => choice(label, { does: send }));
    case 'payment':
      if (question.data.payment?.status === 'reversing') return [];
      if (question.data.payment !== null)
        return [choice(words.paymentStop, { does: { action: { type: 'cancel' } } })];
      return question.data.payment_methods
        .slice(0, CHOICES_PER_PAGE)
        .map((method) => choice(methodName(language, method), { does: { action: { type: 'pay', method } } }));
  }
}

function setOptions(line: number, group: string, chosen: string | readonly string[]): KioskAction {
  return { type: 'set_options', line, options: { [group]: chosen } };
}

function shelfChoices({ menu, shelf, language }: KioskState): readonly Choice[] {
  const words = wordsOf(language);
  switch (shelf.type) {
    case 'all':
      return (menu?.categories ?? []).slice(0, CHOICES_PER_PAGE).map((category) =>
        choice(nameOf(category, language), {
          note: words.count(menu?.items.filter((item) => item.category === category.id).length ?? 0),
          does: { browse: category.id },
        }),
      );
    case 'category': {
      const items = menu?.items.filter((item) => item.category === shelf.category) ?? [];
      const first = shelf.page * CHOICES_PER_PAGE;
      return items.slice(first, first + CHOICES_PER_PAGE).map((item) => itemChoice(item, language));
    }
    case 'offer': {
      const { data } = shelf;
      return data.options.slice(0, CHOICES_PER_PAGE).map((option) => {
        if (data.kind === 'categories')
          return choice(option.display_text, {
            available: option.available,
            does: { browse: option.option_id },
          });
        const item = menu?.items.find(({ item_id: id }) => id === option.option_id);
        return choice(option.display_text, {
          note: option.available ? words.won(option.price) : words.soldOut,
          available: option.available,
          popular: item?.popular === true,
          spicy: item?.spicy === true,
          does: { action: { type: 'add', item_id: option.option_id } },
        });
      });
    }
  }
}

function itemChoice(item: KioskMenuItem, language: Language): Choice {
  const words = wordsOf(language);
  return choice(nameOf(item, language), {
    note: item.available ? words.won(item.price) : words.soldOut,
    available: item.available,
    popular: item.popular === true,
    spicy: item.spicy === true,
    does: { action: { type: 'add', item_id: item.item_id } },
  });
}

function choice(label: string, rest: Partial<Choice> & Pick<Choice, 'does'>): Choice {
  return { label, note: '', available: true, selected: false, popular: false, spicy: false, ...rest };
}

/** How many pages the category looked at has. */
export function shelfPages({ menu, shelf }: KioskState): number {
  if (shelf.type !== 'category') return 1;
  const count = menu?.items.filter((item) => item.category === shelf.category).length ?? 0;
  return Math.max(1, Math.ceil(count / CHOICES_PER_PAGE));
}

/** The name in the customer's language. */
export function nameOf(
  named: { readonly name: string; readonly name_en: string },
  language: Language,
): string {
  return language === 'en' && named.name_en !== '' ? named.name_en : named.name;
}

/** What a way to pay is called; a terminal's own ways have their own names. */
export function methodName(language: Language, method: string): string {
  return wordsOf(language).methods[method] ?? method;
}
