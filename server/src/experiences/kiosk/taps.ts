import type { KioskAction, KioskErrorCode, OrderOptions } from '@malbeot/protocol';
import { formatMessage, type MessageKey } from '@malbeot/protocol/messages';
import { answerEnough, askToCancelAll, finish } from './answers.ts';
import type { KioskTurn } from './kiosk-turn.ts';
import { choiceOf, chosenIn } from './options.ts';
import { addItem, removeFromLine, sayAdded, setQuantity } from './order-acts.ts';
import { isPlaced, type OrderLine } from './order.ts';
import {
  ignoreDoubleTap,
  isDoubleTap,
  payBy,
  tapWhilePaying,
  tellAlreadyPlaced,
  waitsForPayment,
} from './payments/pay-turn.ts';
import { labelOf } from './questions.ts';
import { callStaff, repeatLast, setDining, setLanguage } from './services.ts';
import { readBackId } from './state.ts';

/** Does what a tap asks for: the same as the words would. */
export function tap(turn: KioskTurn, action: KioskAction): void {
  if (waitsForPayment(turn) && tapWhilePaying(turn, action)) return;
  switch (action.type) {
    case 'add':
      return tapAdd(turn, action);
    case 'set_quantity':
      return withLine(turn, action.line, (line) => setQuantity(turn, line, action.quantity));
    case 'set_options':
      return withLine(turn, action.line, (line) => tapOptions(turn, line, action.options));
    case 'remove':
      return withLine(turn, action.line, (line) => removeFromLine(turn, line, null));
    case 'clear':
      return turn.state.order.lines.length === 0 ? turn.say('kiosk.empty') : askToCancelAll(turn, 'clear');
    case 'cancel':
      return turn.state.order.lines.length === 0 ? turn.say('kiosk.empty') : askToCancelAll(turn, 'cancel');
    case 'start_over':
      return askToCancelAll(turn, 'start-over');
    case 'confirm':
      return tapConfirm(turn, action.read_back ?? null);
    case 'pay':
      return payBy(turn, action.method);
    case 'dine':
      return setDining(turn, action.where);
    case 'language':
      return setLanguage(turn, action.language);
    case 'repeat':
      return repeatLast(turn);
    case 'call_staff':
      return callStaff(turn);
  }
}

/** Agrees to a read-back only when it is surely the one that was seen: by its id, or by the time there was to see it. */
function tapConfirm(turn: KioskTurn, readBack: string | null): void {
  const { order } = turn.state;
  if (isPlaced(order)) return tellAlreadyPlaced(turn);
  if (turn.asked?.type === 'more') return answerEnough(turn);
  if (readBack === null && isDoubleTap(turn)) return ignoreDoubleTap(turn);
  const isOther = readBack !== null && readBack !== readBackId(turn.state);
  // What was agreed to is not what stands: it is read back anew.
  if (isOther && order.status === 'confirming') turn.change({ type: 'back-to-draft' });
  finish(turn);
}

function tapAdd(
  turn: KioskTurn,
  { item_id, options = {}, quantity = 1 }: KioskAction & { readonly type: 'add' },
): void {
  if (!turn.menu.itemsById.has(item_id)) return refuse(turn, 'kiosk.no_such_choice');
  if (!areChoices(turn, item_id, options)) return refuse(turn, 'kiosk.no_such_choice');
  const line = addItem(turn, item_id, { quantity, vague: false, options });
  if (line !== null) sayAdded(turn, [{ line, quantity }]);
}

/** Whole groups, as they are to be: what a dialog on the screen holds when it is closed. */
function tapOptions(turn: KioskTurn, line: OrderLine, options: OrderOptions): void {
  if (!areChoices(turn, line.itemId, options)) return refuse(turn, 'kiosk.no_such_choice');
  const { asked } = turn;
  if (asked?.type === 'option' && asked.lineId === line.id && options[asked.groupId] !== undefined)
    turn.settle();
  const lines = turn.state.order.lines;
  turn.change({ type: 'set-options', lineId: line.id, options });
  const after =
    turn.line(line.id) ??
    turn.state.order.lines.find(
      (other) => lines.find(({ id }) => id === other.id)?.quantity !== other.quantity,
    );
  if (after === undefined) return;
  turn.touch(after);
  turn.say('kiosk.options_set', { item: labelOf(turn, after.id) });
}

function withLine(turn: KioskTurn, position: number, work: (line: OrderLine) => void): void {
  const { order } = turn.state;
  if (isPlaced(order)) {
    return turn.say('kiosk.placed_can_not_change', { number: order.orderNumber ?? 0 });
  }
  const line = turn.cameBeforeLinesMoved ? undefined : order.lines[position];
  if (line === undefined) return refuse(turn, 'kiosk.no_such_line');
  work(line);
}

function areChoices(turn: KioskTurn, itemId: string, options: OrderOptions): boolean {
  const item = turn.menu.itemsById.get(itemId);
  return Object.entries(options).every(([groupId, chosen]) => {
    const group = turn.menu.option_groups[groupId];
    if (group === undefined || item?.options.includes(groupId) !== true) return false;
    const ids = chosenIn(options, groupId);
    if (group.kind === 'one' && (typeof chosen !== 'string' || ids.length !== 1)) return false;
    return ids.every((id) => choiceOf(turn.menu, groupId, id) !== undefined);
  });
}

/** Says why a tap can't be done; the order stays as it is. */
export function refuse(
  turn: KioskTurn,
  key: MessageKey,
  errorCode: KioskErrorCode = 'order_processing_error',
): void {
  const message = formatMessage(turn.language, key);
  turn.sayText(message);
  turn.show('show_error', {
    error_code: errorCode,
    error_message: message,
    recovery_actions: [formatMessage(turn.language, 'kiosk.recovery.touch')],
  });
}
