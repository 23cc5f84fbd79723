import { formatMessage } from '@malbeot/protocol/messages';
import type { QuickReply } from '@malbeot/protocol';
import {
  countedLabel,
  itemLabel,
  itemOption,
  lineLabel,
  lineViews,
  nameOf,
  orderInWords,
} from './describe.ts';
import type { KioskTurn } from './kiosk-turn.ts';
import { chosenIn, fillOptions } from './options.ts';
import { isPlaced, itemCount, itemOf, missingOf, optionsOf, toOrderData, totalAmount } from './order.ts';
import { readBackId, type Question } from './state.ts';

/** At most so many things to choose from stand on a screen. */
export const MOST_CHOICES = 9;
const QUANTITIES = [1, 2, 3, 4, 5];

/** True while the question still makes sense: its line stands, its choice is still missing, its items are on the menu. */
export function isOpen(turn: KioskTurn, question: Question): boolean {
  const { order } = turn.state;
  switch (question.type) {
    case 'option': {
      const line = turn.line(question.lineId);
      return !isPlaced(order) && line !== undefined && missingOf(turn.menu, line).includes(question.groupId);
    }
    case 'which':
      return question.nearest.some((itemId) => turn.menu.itemsById.has(itemId));
    case 'how-many':
    case 'quantity':
      return turn.menu.itemsById.has(question.itemId);
    case 'order':
      return order.status === 'confirming';
    case 'cancel-all':
      return order.lines.length > 0;
    case 'more':
      return true;
  }
}

/** The first required choice that is still missing, as a question. */
export function firstMissing(turn: KioskTurn): Question | null {
  const { order } = turn.state;
  if (isPlaced(order)) return null;
  for (const line of order.lines) {
    const [groupId] = missingOf(turn.menu, line);
    if (groupId !== undefined) return { type: 'option', lineId: line.id, groupId };
  }
  return null;
}

/** Says a question and puts it on the screen. `again`: it was asked before, and something else was answered meanwhile. */
export function poseQuestion(turn: KioskTurn, question: Question, again = false): void {
  // A yes to another question must not be taken for one to the read-back: that begins anew.
  if (question.type !== 'order' && turn.state.order.status === 'confirming')
    turn.change({ type: 'back-to-draft' });
  turn.set({ asking: question });
  switch (question.type) {
    case 'option':
      return poseOption(turn, question);
    case 'which':
      return poseWhich(turn, question);
    case 'how-many':
      return poseHowMany(turn, question.itemId, question.options);
    case 'quantity':
      return poseQuantity(turn, question);
    case 'order':
      return poseOrder(turn, again);
    case 'cancel-all':
      return poseCancelAll(turn, question.then);
    case 'more':
      if (!again) turn.say('kiosk.anything_else');
  }
}

function poseOption(turn: KioskTurn, question: Question & { readonly type: 'option' }): void {
  const { menu, language, state } = turn;
  const line = turn.line(question.lineId)!;
  const item = itemOf(menu, line);
  const group = menu.option_groups[question.groupId]!;
  const item_name = nameOf(item, language);
  const choices = group.choices.map((choice) => nameOf(choice, language));
  const asks = formatMessage(language, 'kiosk.ask_option', {
    item: item_name,
    group: nameOf(group, language),
    choices: language === 'ko' ? choices.join(', ') : choices.join(' or '),
  });
  turn.sayText(asks);
  turn.show('show_options', {
    question: asks,
    line: state.order.lines.indexOf(line),
    item_id: item.item_id,
    item_name,
    group_id: question.groupId,
    group_name: nameOf(group, language),
    kind: group.kind,
    required: group.required === true,
    selected: [...chosenIn(optionsOf(menu, line), question.groupId)],
    options: group.choices.slice(0, MOST_CHOICES).map((choice) => ({
      option_id: choice.id,
      display_text: nameOf(choice, language),
      category: question.groupId,
      price: choice.price,
      description: '',
      available: true,
      image_url: null,
    })),
    remaining: state.order.lines.reduce((sum, other) => sum + missingOf(menu, other).length, 0),
  });
}

function poseWhich(
  turn: KioskTurn,
  { nearest, wanted, reason }: Question & { readonly type: 'which' },
): void {
  const { menu, language } = turn;
  const items = nearest.flatMap((itemId) => menu.itemsById.get(itemId) ?? []);
  const [first] = items;
  if (first === undefined) return;
  if (reason === 'offer')
    return confirm(turn, 'item', formatMessage(language, 'kiosk.shall_i_add'), yesNo(turn));
  if (items.length === 1 && reason === 'did-you-mean') {
    const label = itemLabel(menu, first, fillOptions(menu, first, wanted.options), language);
    const item = wanted.quantity === null ? label : countedLabel(label, wanted.quantity, language);
    return confirm(turn, 'item', formatMessage(language, 'kiosk.did_you_mean', { item }), yesNo(turn));
  }
  const names = items.slice(0, 3).map((item) => nameOf(item, language));
  const choices = language === 'ko' ? names.join(', ') : names.join(' or ');
  const category = menu.categories.find(({ id }) => id === first.category);
  if (reason === 'did-you-mean') turn.say('kiosk.which_of', { items: choices });
  else if (reason === 'alternatives') turn.say('kiosk.alternatives', { items: choices });
  else
    turn.say('kiosk.which_in_category', {
      category: category === undefined ? '' : nameOf(category, language),
    });
  const title =
    reason === 'category' && category !== undefined
      ? nameOf(category, language)
      : formatMessage(
          language,
          reason === 'alternatives' ? 'kiosk.alternatives_title' : 'kiosk.did_you_mean_title',
        );
  turn.show('show_menu', {
    title,
    kind: 'items',
    reason: reason === 'category' ? 'asked' : reason === 'alternatives' ? 'alternatives' : 'did_you_mean',
    category: reason === 'category' ? first.category : null,
    options: items.slice(0, MOST_CHOICES).map((item) => itemOption(item, language)),
    total: items.length,
  });
}

function poseHowMany(turn: KioskTurn, itemId: string, options: Parameters<typeof fillOptions>[2]): void {
  const { menu, language } = turn;
  const item = menu.itemsById.get(itemId)!;
  const label = itemLabel(menu, item, fillOptions(menu, item, options), language);
  const replies = QUANTITIES.map((quantity) => ({
    label: language === 'ko' ? `${quantity}개` : String(quantity),
    send: { text: language === 'ko' ? `${quantity}개` : String(quantity) },
  }));
  confirm(turn, 'quantity', formatMessage(language, 'kiosk.how_many', { item: label }), replies);
}

function poseQuantity(turn: KioskTurn, { itemId, wanted }: Question & { readonly type: 'quantity' }): void {
  const { menu, language } = turn;
  const item = menu.itemsById.get(itemId)!;
  const label = itemLabel(menu, item, fillOptions(menu, item, wanted.options), language);
  const question = formatMessage(language, 'kiosk.check_quantity', {
    item: label,
    quantity: wanted.quantity,
  });
  confirm(turn, 'quantity', question, yesNo(turn));
}

/** Reads the order and its total back; only an order so read back can be placed. */
function poseOrder(turn: KioskTurn, again: boolean): void {
  const { menu, language } = turn;
  if (turn.state.order.status !== 'confirming') turn.change({ type: 'read-back' });
  const { order } = turn.state;
  const question = formatMessage(language, 'kiosk.read_back', {
    items: orderInWords(menu, order, language),
    total: totalAmount(menu, order),
  });
  const agrees = { type: 'confirm', read_back: readBackId(turn.state) } as const;
  const replies: QuickReply[] = [
    { label: formatMessage(language, 'kiosk.reply.order'), send: { action: agrees } },
    {
      label: formatMessage(language, 'kiosk.reply.change'),
      send: { text: formatMessage(language, 'kiosk.no') },
    },
  ];
  // Read back in full before; what was just asked has to be the last thing heard all the same.
  confirm(
    turn,
    'order',
    question,
    replies,
    again ? formatMessage(language, 'kiosk.shall_i_order') : question,
  );
}

function poseCancelAll(turn: KioskTurn, then: 'cancel' | 'clear' | 'start-over'): void {
  const { language } = turn;
  const key = then === 'start-over' ? 'kiosk.start_over_check' : 'kiosk.cancel_all_check';
  confirm(turn, 'cancel_all', formatMessage(language, key, { count: itemCount(turn.state.order) }), [
    {
      label: formatMessage(language, 'kiosk.reply.cancel'),
      send: { text: formatMessage(language, 'kiosk.yes') },
    },
    {
      label: formatMessage(language, 'kiosk.reply.keep'),
      send: { text: formatMessage(language, 'kiosk.no') },
    },
  ]);
}

function yesNo({ language }: KioskTurn): QuickReply[] {
  return (['kiosk.yes', 'kiosk.no'] as const).map((key) => {
    const text = formatMessage(language, key);
    return { label: text, send: { text } };
  });
}

function confirm(
  turn: KioskTurn,
  kind: 'order' | 'cancel_all' | 'item' | 'quantity',
  question: string,
  replies: readonly QuickReply[],
  spoken = question,
): void {
  const { menu, language, state } = turn;
  const aboutOrder = kind === 'order' || kind === 'cancel_all';
  turn.sayText(spoken);
  turn.show('show_confirmation', {
    kind,
    question,
    order: aboutOrder ? toOrderData(menu, state.order, language) : null,
    lines: aboutOrder ? lineViews(menu, state.order, language) : [],
    dine: state.dine,
    read_back: kind === 'order' ? readBackId(state) : null,
    replies,
  });
}

export function labelOf(turn: KioskTurn, lineId: number): string {
  return lineLabel(turn.menu, turn.line(lineId)!, turn.language);
}
