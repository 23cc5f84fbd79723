import type { OrderData, ShowConfirmationData } from '@malbeot/protocol';

import { choicesOf, methodName } from '../choices.ts';
import type { KioskState, Question } from '../kiosk-state.ts';
import { boxOf, lineOf, span, spreadLine, wrapLine, type Line } from '../styled-line.ts';
import { printable } from '../text-width.ts';
import { wordsOf } from '../words-of.ts';
import type { Words } from '../words.ts';
import { choiceLines } from './choice-lines.ts';
import { diningOf, priceLine } from './order-panel.ts';
import { spinnerOf } from './spinner.ts';

export interface QuestionArea {
  readonly width: number;
  readonly height: number;
  /** Whether the order stands beside it: then a read-back need not list it once more. */
  readonly besideOrder: boolean;
}

/** What the kiosk asks, with its numbered answers. */
export function questionPanel(state: KioskState, question: Question, area: QuestionArea): readonly Line[] {
  return boxOf(
    headingOf(state, question),
    questionLines(state, question, area.width - 4, area.besideOrder),
    area,
  );
}

/** How many rows the whole question takes in a frame of `width`. */
export function questionPanelHeight(state: KioskState, question: Question, width: number): number {
  return questionLines(state, question, width - 4, false).length + 2;
}

function questionLines(
  state: KioskState,
  question: Question,
  width: number,
  besideOrder: boolean,
): readonly Line[] {
  const words = wordsOf(state.language);
  const choices = choiceLines(choicesOf(state), width, words);
  return [
    ...askingLines(state, question, width, besideOrder),
    ...(choices.length === 0 ? [] : [lineOf(), ...choices]),
  ];
}

function headingOf(state: KioskState, question: Question): { readonly title: string; readonly note: string } {
  const words = wordsOf(state.language);
  switch (question.type) {
    case 'options': {
      const { remaining, item_name: item } = question.data;
      return { title: item, note: remaining > 1 ? words.questionsLeft(remaining) : '' };
    }
    case 'confirmation':
      return { title: words.confirmation, note: leftOf(state, question.endsAtMs) };
    case 'payment':
      return { title: words.payment, note: leftOf(state, question.endsAtMs) };
  }
}

/** The time that is left, once there is little of it. */
function leftOf({ nowMs, language, editor }: KioskState, endsAtMs: number | null): string {
  if (endsAtMs === null || nowMs === 0 || editor.letters.length > 0) return '';
  const seconds = Math.max(0, Math.ceil((endsAtMs - nowMs) / 1000));
  return seconds > 60 ? '' : wordsOf(language).secondsLeft(seconds);
}

function askingLines(
  state: KioskState,
  question: Question,
  width: number,
  besideOrder: boolean,
): readonly Line[] {
  const words = wordsOf(state.language);
  switch (question.type) {
    case 'options': {
      const { question: asked, group_name: group, kind } = question.data;
      return wrapLine([], isSaid(state, asked) ? words.chooseFrom(group, kind) : asked, width, 'strong');
    }
    case 'confirmation': {
      const { data } = question;
      const { order } = data;
      if (order === null) return wrapLine([], data.question, width, 'strong');
      const dining = diningOf(data.dine, words);
      return [
        ...(besideOrder ? [] : readBackLines(data, order, width, words)),
        spreadLine(
          lineOf(
            span(words.total, 'strong'),
            `  ${words.items(order.item_count)}`,
            dining === '' ? '' : ` · ${dining}`,
          ),
          lineOf(span(words.won(order.total_amount), 'strong')),
          width,
        ),
        lineOf(),
        ...wrapLine([], data.kind === 'order' ? words.confirmHow : data.question, width, 'strong'),
      ];
    }
    case 'payment': {
      const { data } = question;
      const amounts = [
        { name: words.total, amount: data.total_amount, always: true },
        { name: words.tax, amount: data.tax_amount, always: false },
        { name: words.service, amount: data.service_charge, always: false },
        { name: words.discount, amount: -data.discount_amount, always: false },
      ].filter(({ amount, always }) => always || amount !== 0);
      return [
        ...paymentLines(state, question, width),
        lineOf(),
        ...amounts.map(({ name, amount, always }) =>
          spreadLine(lineOf(name), lineOf(span(words.won(amount), always ? 'strong' : 'plain')), width),
        ),
        ...(data.simulated ? wrapLine([], words.paymentSimulated, width, 'faint') : []),
      ];
    }
  }
}

function readBackLines(
  { lines }: ShowConfirmationData,
  { items }: OrderData,
  width: number,
  words: Words,
): readonly Line[] {
  return [
    ...items.flatMap((item, index) =>
      priceLine(lines[index]?.label ?? item.name, item, { width, look: 'plain', words }),
    ),
    lineOf(span('─'.repeat(width), 'frame')),
  ];
}

/** Whether the talk has just asked it in the same words. */
function isSaid({ talk }: KioskState, asked: string): boolean {
  return talk.findLast(({ from }) => from === 'kiosk')?.text.includes(printable(asked)) === true;
}

function paymentLines(
  { language, nowMs }: KioskState,
  { data }: Question & { readonly type: 'payment' },
  width: number,
): readonly Line[] {
  const words = wordsOf(language);
  if (data.payment === null) return wrapLine([], words.paymentHow, width, 'strong');
  const waits =
    data.payment.status === 'reversing'
      ? words.paymentReversing
      : words.paymentWait(methodName(language, data.payment.method));
  return wrapLine(lineOf(span(`${spinnerOf(nowMs)} `, 'number')), waits, width, 'strong');
}
