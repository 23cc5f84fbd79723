import { addAgreed, addItem, sayAdded, setAgreedQuantity } from './order-acts.ts';
import type { KioskTurn } from './kiosk-turn.ts';
import { isComplete, isPlaced, itemCount } from './order.ts';
import { repeatLast } from './services.ts';
import type { Question } from './state.ts';

/** More things than this are not cancelled without a yes. */
const MOST_CANCELLED_UNASKED = 2;

/** A yes, to whatever was just asked. `alone`: nothing else was said at all. */
export function answerYes(turn: KioskTurn, alone: boolean): void {
  const { asked } = turn;
  switch (asked?.type) {
    case 'order':
      if (!turn.plainlyAgrees) return;
      if (turn.state.order.status === 'confirming' && isComplete(turn.menu, turn.state.order)) agree(turn);
      return;
    case 'cancel-all':
      if (!turn.heardWhole) return;
      turn.settle();
      return cancelAll(turn, asked.then);
    case 'which': {
      const [only] = asked.nearest;
      if (asked.nearest.length !== 1 || only === undefined) return;
      const line = addItem(turn, only, asked.wanted);
      turn.settle();
      if (line !== null) sayAdded(turn, [{ line, quantity: asked.wanted.quantity ?? 1 }]);
      return;
    }
    case 'quantity':
      turn.settle();
      return takeQuantity(turn, asked);
    case 'how-many':
      // 네 is yes and four: only asking tells.
      turn.settle();
      if (turn.language !== 'ko') return turn.ask(asked);
      return turn.ask({
        type: 'quantity',
        itemId: asked.itemId,
        lineId: null,
        wanted: { quantity: 4, vague: false, options: asked.options },
      });
    case 'option':
      return;
    case 'more':
      turn.settle();
      if (alone) turn.say('kiosk.what_else');
      return;
    case undefined:
      if (alone)
        turn.say(turn.state.order.lines.length > 0 ? 'kiosk.what_else' : 'kiosk.what_would_you_like');
  }
}

/** A no, to whatever was just asked. */
export function answerNo(turn: KioskTurn, alone: boolean): void {
  const { asked } = turn;
  switch (asked?.type) {
    case 'order':
      turn.settle();
      turn.set({ finishing: false });
      turn.change({ type: 'back-to-draft' });
      if (alone) turn.say('kiosk.what_to_change');
      return;
    case 'cancel-all':
      turn.settle();
      if (alone) turn.say('kiosk.kept');
      return;
    case 'which':
      turn.settle();
      if (alone) turn.say('kiosk.not_that');
      return;
    case 'quantity':
      turn.settle();
      return turn.ask({ type: 'how-many', itemId: asked.itemId, options: asked.wanted.options });
    case 'how-many':
      turn.settle();
      if (alone) turn.say('kiosk.kept');
      return;
    case 'more':
      turn.settle();
      if (alone) finish(turn);
      return;
    case 'option':
    case undefined:
      if (alone && asked === null)
        turn.say(turn.state.order.lines.length > 0 ? 'kiosk.what_to_change' : 'kiosk.what_would_you_like');
  }
}

/** 됐어요: enough of this, by what was asked. */
export function answerEnough(turn: KioskTurn): void {
  const { asked } = turn;
  if (asked === null || asked.type === 'more') {
    turn.settle();
    return finish(turn);
  }
  if (asked.type === 'order' || asked.type === 'option') return;
  answerNo(turn, true);
}

/** The customer is done choosing: the read-back comes as soon as nothing is open. A second time, it is a yes. */
export function finish(turn: KioskTurn): void {
  const { order } = turn.state;
  if (isPlaced(order)) return;
  if (order.lines.length === 0) {
    turn.settle();
    return turn.say('kiosk.empty');
  }
  if (turn.asked?.type === 'order' && order.status === 'confirming' && turn.plainlyAgrees) return agree(turn);
  if (turn.asked?.type === 'more' || turn.asked?.type === 'cancel-all' || turn.asked?.type === 'which')
    turn.settle();
  // Who is done wants none of what was offered.
  turn.set({ finishing: true, waiting: turn.state.waiting.filter(({ type }) => type !== 'which') });
}

/** A yes to the read-back, unless it was said or tapped before there was one: the same words sent twice are one wish. */
function agree(turn: KioskTurn): void {
  if (!turn.cameBeforeReadBack) return turn.place();
  repeatLast(turn);
  turn.leaveUnspoken();
}

/** Cancels everything, asking first when more than two things stand. */
export function askToCancelAll(turn: KioskTurn, then: 'cancel' | 'clear' | 'start-over'): void {
  if (itemCount(turn.state.order) > MOST_CANCELLED_UNASKED && !isPlaced(turn.state.order)) {
    if (turn.asked?.type === 'cancel-all') turn.settle();
    return turn.ask({ type: 'cancel-all', then });
  }
  cancelAll(turn, then);
}

export function cancelAll(turn: KioskTurn, then: 'cancel' | 'clear' | 'start-over'): void {
  const placed = isPlaced(turn.state.order);
  turn.settle();
  if (placed && then !== 'start-over')
    return turn.say('kiosk.placed_can_not_change', { number: turn.state.order.orderNumber ?? 0 });
  if (placed) turn.beginNewOrder();
  else turn.change({ type: then === 'cancel' ? 'cancel' : 'clear' });
  turn.set({ waiting: [], lastLineId: null, finishing: false, payMethod: null });
  if (then === 'start-over') {
    turn.set({ dine: null, rate: 1, volume: 1 });
    turn.say('kiosk.started_over');
    turn.show('start_over', { reason: 'customer' });
  } else turn.say(then === 'cancel' ? 'kiosk.cancelled' : 'kiosk.cleared');
}

function takeQuantity(
  turn: KioskTurn,
  { itemId, lineId, wanted }: Question & { readonly type: 'quantity' },
): void {
  const line = turn.line(lineId);
  if (line !== undefined) return setAgreedQuantity(turn, line, wanted.quantity);
  addAgreed(turn, itemId, wanted.quantity, wanted.options);
  const added = turn.lastLine();
  if (added !== undefined) sayAdded(turn, [{ line: added, quantity: wanted.quantity }]);
}
