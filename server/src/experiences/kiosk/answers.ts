import {
  addAgreed,
  addItem,
  dealOut,
  lineForOptions,
  removeFromLine,
  sayAdded,
  setAgreedQuantity,
  setOptions,
  setQuantity,
} from './order-acts.ts';
import type { KioskTurn } from './kiosk-turn.ts';
import { isComplete, itemCount } from './order.ts';
import type { Question } from './state.ts';
import type { SaidLoosely } from './understanding/acts.ts';

/** More things than this are not cancelled without a yes. */
const MOST_CANCELLED_UNASKED = 2;

/**
 * A yes, to whatever was just asked. `agrees`: nothing else was said that could change what it agrees to. `alone`: nothing
 * else was said at all.
 */
export function answerYes(turn: KioskTurn, agrees: boolean, alone: boolean): void {
  const { asked } = turn;
  switch (asked?.type) {
    case 'order':
      if (!agrees) return;
      if (turn.state.order.status === 'confirming' && isComplete(turn.menu, turn.state.order)) turn.place();
      return;
    case 'cancel-all':
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
  if (order.status === 'confirmed' || order.status === 'paid') return;
  if (order.lines.length === 0) {
    turn.settle();
    return turn.say('kiosk.empty');
  }
  if (turn.asked?.type === 'order' && order.status === 'confirming') return turn.place();
  if (turn.asked?.type === 'more' || turn.asked?.type === 'cancel-all') turn.settle();
  turn.set({ finishing: true });
}

/** Cancels everything, asking first when more than two things stand. */
export function askToCancelAll(turn: KioskTurn, then: 'cancel' | 'clear' | 'start-over'): void {
  if (itemCount(turn.state.order) > MOST_CANCELLED_UNASKED && turn.state.order.status !== 'confirmed') {
    if (turn.asked?.type === 'cancel-all') turn.settle();
    return turn.ask({ type: 'cancel-all', then });
  }
  cancelAll(turn, then);
}

export function cancelAll(turn: KioskTurn, then: 'cancel' | 'clear' | 'start-over'): void {
  const placed = turn.state.order.status === 'confirmed' || turn.state.order.status === 'paid';
  turn.settle();
  if (placed && then !== 'start-over')
    return turn.say('kiosk.placed_can_not_change', { number: turn.state.order.orderNumber ?? 0 });
  if (placed) turn.beginNewOrder();
  else turn.change({ type: then === 'cancel' ? 'cancel' : 'clear' });
  turn.set({ waiting: [], lastLineId: null, finishing: false });
  if (then === 'start-over') {
    turn.set({ dine: null, rate: 1, volume: 1 });
    turn.say('kiosk.started_over');
    turn.show('start_over', { reason: 'customer' });
  } else turn.say(then === 'cancel' ? 'kiosk.cancelled' : 'kiosk.cleared');
}

/** What was said without naming an item: an answer to the question, or about the last line. */
export function answerLoosely(turn: KioskTurn, said: SaidLoosely): void {
  if (answersQuestion(turn, said)) return;
  const { quantity, options, drops } = said;
  const last = turn.state.order.status === 'confirmed' ? undefined : turn.lastLine();
  if (said.parts.length > 0 && last !== undefined) return dealOut(turn, last, said.parts);
  if (said.intent === 'remove' && Object.keys(options).length === 0 && drops.length === 0) {
    if (last !== undefined && (said.pointing || quantity !== null))
      return removeFromLine(turn, last, quantity);
    return turn.say(last === undefined ? 'kiosk.empty' : 'kiosk.which_line');
  }
  if (Object.keys(options).length > 0 || drops.length > 0) return applyToLine(turn, said);
  if (last === undefined) return turn.say('kiosk.which_item');
  if (quantity !== null) return setQuantity(turn, last, said.more ? last.quantity + quantity : quantity);
  if (said.more) return setQuantity(turn, last, last.quantity + 1);
  turn.say('kiosk.which_item');
}

function applyToLine(turn: KioskTurn, { options, drops, quantity, more }: SaidLoosely): void {
  const line = turn.state.order.status === 'confirmed' ? undefined : lineForOptions(turn, options, drops);
  if (line === undefined) return turn.say('kiosk.which_item');
  if (more) {
    const added = addItem(turn, line.itemId, {
      quantity: quantity ?? 1,
      vague: false,
      options: { ...line.chosen, ...options },
    });
    return added === null ? undefined : sayAdded(turn, [{ line: added, quantity: quantity ?? 1 }]);
  }
  if (quantity === null || quantity === line.quantity) return setOptions(turn, line, options, drops);
  if (quantity < line.quantity) return dealOut(turn, line, [{ quantity, options }]);
  turn.say('kiosk.which_item');
}

function answersQuestion(turn: KioskTurn, said: SaidLoosely): boolean {
  const { asked } = turn;
  const { quantity, options, parts } = said;
  switch (asked?.type) {
    case 'option': {
      const line = turn.line(asked.lineId);
      const given =
        parts.length > 0
          ? parts.every((part) => part.options[asked.groupId] !== undefined)
          : options[asked.groupId] !== undefined;
      if (line === undefined || !given) return false;
      turn.settle();
      if (parts.length > 0) dealOut(turn, line, parts);
      else if (quantity !== null && quantity < line.quantity) dealOut(turn, line, [{ quantity, options }]);
      else setOptions(turn, line, options, said.drops);
      return true;
    }
    case 'how-many':
    case 'quantity': {
      if (quantity === null && !said.vague) return false;
      turn.settle();
      const standing = asked.type === 'quantity' ? asked.wanted.options : asked.options;
      const lineId = asked.type === 'quantity' ? asked.lineId : null;
      const line = turn.line(lineId);
      if (line !== undefined && quantity !== null) setQuantity(turn, line, quantity);
      else {
        const added = addItem(turn, asked.itemId, {
          quantity,
          vague: said.vague,
          options: { ...standing, ...options },
        });
        if (added !== null) sayAdded(turn, [{ line: added, quantity: quantity ?? 1 }]);
      }
      return true;
    }
    case 'which': {
      const [only] = asked.nearest;
      if (quantity === null || only === undefined || said.intent !== 'add') return false;
      turn.settle();
      const wanted = { ...asked.wanted, quantity, vague: false };
      if (asked.nearest.length === 1) turn.ask({ type: 'quantity', itemId: only, lineId: null, wanted });
      else turn.ask({ ...asked, wanted });
      return true;
    }
    case 'order':
    case 'cancel-all':
    case 'more':
    case undefined:
      return false;
  }
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
