import type { OrderData, ShowReceiptData } from '@malbeot/protocol';

import { choicesOf, methodName, nameOf, type Choice } from './choices.ts';
import type { KioskEvent } from './kiosk-reducer.ts';
import type { KioskState, Question } from './kiosk-state.ts';
import { diningOf } from './screens/order-panel.ts';
import { printable } from './text-width.ts';
import { wordsOf } from './words-of.ts';
import type { Words } from './words.ts';

export interface PlainOptions {
  /** Whether what the customer typed is shown: where nobody sees it being typed. */
  readonly echo: boolean;
}

/** What an event tells in lines, one thing a line, top to bottom: for pipes and screen readers. */
export function plainLines(
  before: KioskState,
  event: KioskEvent,
  after: KioskState,
  { echo }: PlainOptions,
): readonly string[] {
  const words = wordsOf(after.language);
  switch (event.type) {
    case 'turn-start':
      return echo && event.said !== null ? [`${words.you}: ${printable(event.said)}`] : [];
    case 'answer':
    case 'payment':
      return [
        ...saidLines(before, after, words),
        ...orderLines(before, after, words),
        ...receiptLines(before, after, words),
        ...askedLines(before, after, words),
      ];
    case 'view':
      if (event.view === 'help') return words.helpLines.map(([command, meaning]) => `${command}: ${meaning}`);
      return after.order === null || after.order.items.length === 0
        ? [words.orderEmpty]
        : linesOfOrder(after.order, after, words);
    case 'browse':
    case 'page':
    case 'toggle':
      return askedNow(after, words);
    case 'next-customer':
      return [`${words.kiosk}: ${words.greeting}`];
    case 'turn-failed':
    case 'turn-kept':
    case 'notice':
    case 'problem':
    case 'expired':
      return saidLines(before, after, words);
    case 'connection':
      return before.connection !== 'connecting' && before.connection !== event.connection
        ? [`(${words[event.connection]})`]
        : [];
    case 'recording':
      return before.recording === null && event.recording !== null ? [`(${words.recording})`] : [];
    case 'tick':
    case 'menu':
    case 'menu-failed':
    case 'kept':
    case 'language':
    case 'turn-dropped':
    case 'voice':
    case 'editor':
      return [];
  }
}

/** The talk that was not there before. */
function saidLines(before: KioskState, after: KioskState, words: Words): readonly string[] {
  const heard = heardInSound(before, after);
  const said = after.talk.filter(({ number }) => number > before.talkCount);
  return [
    ...(heard === null ? [] : [`${words.you}: ${heard}`]),
    ...said.flatMap(({ from, text }) => {
      switch (from) {
        case 'customer':
          return [];
        case 'kiosk':
          return [`${words.kiosk}: ${text}`];
        case 'notice':
          return [`(${text})`];
        case 'problem':
          return [`! ${text}`];
      }
    }),
  ];
}

/** What was heard in a recording; null where the words were typed. */
function heardInSound(before: KioskState, after: KioskState): string | null {
  const last = after.talk.findLast(({ from }) => from === 'customer');
  const old = before.talk.find(({ number }) => number === last?.number);
  return last !== undefined && old !== undefined && old.text !== last.text ? last.text : null;
}

function orderLines(before: KioskState, after: KioskState, words: Words): readonly string[] {
  if (after.order === null || after.receipt !== before.receipt) return [];
  if (JSON.stringify(before.order?.items) === JSON.stringify(after.order.items)) return [];
  if (after.order.items.length === 0) return before.order === null ? [] : [words.orderEmpty];
  return linesOfOrder(after.order, after, words);
}

function linesOfOrder(
  order: OrderData,
  { lines, menu, language, dine }: KioskState,
  words: Words,
): readonly string[] {
  const dining = diningOf(dine, words);
  return [
    `${words.order}:${dining === '' ? '' : ` ${dining}`}`,
    ...order.items.map((item, index) => {
      const view = lines.find(({ line }) => line === index);
      const groups = (view?.missing ?? []).map((id) => {
        const group = menu?.option_groups[id];
        return group === undefined ? id : nameOf(group, language);
      });
      const missing = groups.length === 0 ? '' : ` (${words.toChoose(groups.join(', '))})`;
      return `  ${printable(view?.label ?? item.name)} ${words.times(item.quantity)} ${words.won(item.line_total)}${missing}`;
    }),
    `  ${words.total} ${words.items(order.item_count)} ${words.won(order.total_amount)}`,
  ];
}

function receiptLines(before: KioskState, { receipt }: KioskState, words: Words): readonly string[] {
  if (receipt === null || receipt === before.receipt) return [];
  return linesOfReceipt(receipt, words);
}

function linesOfReceipt(receipt: ShowReceiptData, words: Words): readonly string[] {
  const { order, lines, order_number: number } = receipt;
  return [
    `${words.receipt}. ${words.orderNumber}: ${number}`,
    ...order.items.map(
      (item, index) =>
        `  ${printable(lines[index]?.label ?? item.name)} ${words.times(item.quantity)} ${words.won(item.line_total)}`,
    ),
    `  ${words.total} ${words.items(order.item_count)} ${words.won(order.total_amount)}`,
    receipt.paid ? words.receiptPaid : words.receiptCounter,
  ];
}

/** The question that is new, with its numbered answers; else what is offered anew. */
function askedLines(before: KioskState, after: KioskState, words: Words): readonly string[] {
  const isNewQuestion = after.question !== null && after.question !== before.question;
  const isNewOffer = after.question === null && after.shelf !== before.shelf && after.shelf.type !== 'all';
  return isNewQuestion || isNewOffer ? askedNow(after, words) : [];
}

function askedNow(state: KioskState, words: Words): readonly string[] {
  const { question, shelf, view } = state;
  const numbered = choicesOf(state).map((choice, index) => choiceText(choice, index + 1, words));
  if (question !== null && view !== 'menu') return [...questionText(state, question, words), ...numbered];
  const title = shelf.type === 'offer' ? shelf.data.title : words.menu;
  const back = shelf.type === 'all' ? [] : [`  ${words.allCategories}`];
  return [`${printable(title)}:`, ...numbered, ...back];
}

/** Whether the talk has just asked it in the same words. */
function isSaid({ talk }: KioskState, asked: string): boolean {
  return talk.findLast(({ from }) => from === 'kiosk')?.text.includes(printable(asked)) === true;
}

function questionText(state: KioskState, question: Question, words: Words): readonly string[] {
  switch (question.type) {
    case 'options':
      // The talk has just asked it.
      return [`${words.question}:`];
    case 'confirmation':
      return [
        isSaid(state, question.data.question) ? `${words.confirmation}:` : printable(question.data.question),
      ];
    case 'payment': {
      const { data } = question;
      const total = `${words.payment}: ${words.won(data.total_amount)}`;
      const simulated = data.simulated ? [words.paymentSimulated] : [];
      const waits =
        data.payment === null
          ? words.paymentHow
          : data.payment.status === 'reversing'
            ? words.paymentReversing
            : words.paymentWait(methodName(state.language, data.payment.method));
      return [total, ...simulated, waits];
    }
  }
}

function choiceText({ label, note, selected, popular, spicy }: Choice, number: number, words: Words): string {
  const marks = [selected ? '✓' : '', popular ? words.popular : '', spicy ? words.spicy : '', note].filter(
    (part) => part !== '',
  );
  return `  ${number} ${printable(label)}${marks.length === 0 ? '' : ` (${marks.join(', ')})`}`;
}
