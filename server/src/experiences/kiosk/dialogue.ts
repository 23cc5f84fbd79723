import type { KioskAction } from '@malbeot/protocol';
import type { Dialogue, DialogueContext, DialogueEvent } from '../../conversation/dialogue.ts';
import type { Heard } from '../../conversation/heard.ts';
import type { Clock } from '../../lib/clock.ts';
import { answerEnough, answerLoosely, answerNo, answerYes, askToCancelAll, finish } from './answers.ts';
import { inWords, lineViews, nameOf } from './describe.ts';
import { inform, suggest, tellTotal } from './information.ts';
import { KioskTurn } from './kiosk-turn.ts';
import type { Menu } from './menu.ts';
import { fitToMenu, isComplete, toOrderData } from './order.ts';
import {
  addItem,
  linesOf,
  refuseSoldOut,
  removeItem,
  sayAdded,
  sayCannot,
  setOptions,
  setQuantity,
  lineForOptions,
} from './order-acts.ts';
import { firstMissing, isOpen, labelOf, poseQuestion } from './questions.ts';
import {
  callStaff,
  payBy,
  repeatLast,
  setDining,
  setLanguage,
  setSpeech,
  tellAlreadyPlaced,
  tellPlaced,
} from './services.ts';
import { newState, type KioskState, type Question } from './state.ts';
import { tap } from './taps.ts';
import type { Act, SaidItem } from './understanding/acts.ts';
import { understand } from './understanding/understand.ts';

export interface KioskDialogueOptions {
  /** The menu in force. */
  readonly menu: () => Menu;
  readonly clock: Pick<Clock, 'now'>;
  readonly newOrderId: () => string;
}

/** What the last `state` event of a turn holds. */
export interface KioskDialogueState {
  readonly state: KioskState;
  /** 0..1, how sure the words were understood; 1 for a tap. */
  readonly confidence: number;
}

/** The kiosk's dialogue by rules: no model, no effects, the same answer to the same words every time. */
export function createKioskDialogue({
  menu,
  clock,
  newOrderId,
}: KioskDialogueOptions): Dialogue<Heard | KioskAction> {
  return {
    mind: 'rules',
    // oxlint-disable-next-line typescript/require-await -- rules never wait; the interface is for minds that do
    async *respond(input: Heard | KioskAction, context: DialogueContext): AsyncGenerator<DialogueEvent> {
      const current = menu();
      const before =
        (context.state as KioskState | null) ??
        newState(context.language === 'en' ? 'en' : 'ko', current.version, clock.now());
      const turn = new KioskTurn({ menu: current, state: before, now: clock.now(), newOrderId });
      let confidence = 1;
      fitMenu(turn);
      if ('type' in input) tap(turn, input);
      else confidence = respondToWords(turn, input.text);
      close(turn, before);
      for (const text of turn.said) yield { type: 'text-delta', text };
      for (const action of turn.shown) yield { type: 'action', action };
      yield { type: 'state', state: { state: turn.state, confidence } satisfies KioskDialogueState };
    },
  };
}

function respondToWords(turn: KioskTurn, text: string): number {
  const groupId = turn.asked?.type === 'option' ? turn.asked.groupId : null;
  const { acts, confidence } = understand(text, turn.menu, { groupId });
  const added: { line: NonNullable<ReturnType<typeof addItem>>; quantity: number }[] = [];
  for (const act of acts) perform(turn, act, acts, added);
  return confidence;
}

type Added = { line: NonNullable<ReturnType<typeof addItem>>; quantity: number }[];

function perform(turn: KioskTurn, act: Act, acts: readonly Act[], added: Added): void {
  switch (act.type) {
    case 'add':
      addSaid(turn, act.item, added);
      if (acts.findLast(({ type }) => type === 'add') === act) sayAdded(turn, added);
      return sayCannot(turn, act.item.itemId, act.item.cannot);
    case 'unsure':
      return turn.ask({ type: 'which', reason: 'did-you-mean', nearest: act.nearest, wanted: act.item });
    case 'unknown-item':
      return turn.say('kiosk.unknown_item', { said: act.said });
    case 'category': {
      const nearest = turn.menu.items.filter((item) => item.category === act.categoryId && item.available);
      return turn.ask({
        type: 'which',
        reason: 'category',
        nearest: nearest.map((item) => item.item_id),
        wanted: act.item,
      });
    }
    case 'remove':
      return isPlaced(turn) ? tellAlreadyPlaced(turn) : removeItem(turn, act.item);
    case 'change':
      return changeItem(turn, act.item, added);
    case 'replace':
      return replaceItem(turn, act, added);
    case 'loose':
      return answerLoosely(turn, act.said);
    case 'ask':
      return inform(turn, act);
    case 'yes':
      return answerYes(
        turn,
        isAlone(acts, ['yes', 'finish', 'dine', 'pay', 'thanks']),
        isAlone(acts, ['yes', 'thanks']),
      );
    case 'no':
      return answerNo(turn, isAlone(acts, ['no', 'dine']));
    case 'enough':
      return answerEnough(turn);
    case 'finish':
      if (isPlaced(turn)) return turn.orderChanged ? undefined : tellAlreadyPlaced(turn);
      return finishWords(turn, acts);
    case 'pay':
      return payBy(turn, act.method, false);
    case 'cancel-all':
      return turn.state.order.lines.length === 0 ? turn.say('kiosk.empty') : askToCancelAll(turn, 'cancel');
    case 'start-over':
      return askToCancelAll(turn, 'start-over');
    case 'dine':
      return setDining(turn, act.where);
    case 'language':
      return setLanguage(turn, act.language);
    case 'speech':
      return setSpeech(turn, act.what);
    case 'staff':
      return callStaff(turn);
    case 'repeat':
      return repeatLast(turn);
    case 'help':
      return turn.say('kiosk.help');
    case 'review':
      return tellTotal(turn);
    case 'greeting':
      return turn.say('kiosk.greeting');
    case 'thanks':
      return turn.say('kiosk.thanks');
    case 'unknown':
      return suggest(turn);
  }
}

/** 카드로 결제할게요 says both how and that; it is answered once. */
function finishWords(turn: KioskTurn, acts: readonly Act[]): void {
  if (!acts.some(({ type }) => type === 'pay')) finish(turn);
}

function addSaid(turn: KioskTurn, item: SaidItem, added: Added): void {
  const { mayBeChoice, quantity } = item;
  const choice = quantity === null && mayBeChoice.length > 0 ? choiceOfSet(turn, item) : null;
  if (choice !== null) return setOptions(turn, choice.line, choice.options, []);
  const line = addItem(turn, item.itemId, item);
  if (line !== null) added.push({ line, quantity: quantity ?? wantedBefore(turn, item.itemId) ?? 1 });
}

/** How many were wanted when it was asked which item was meant. */
function wantedBefore({ asked }: KioskTurn, itemId: string): number | null {
  return asked?.type === 'which' && asked.nearest.includes(itemId) ? asked.wanted.quantity : null;
}

/** 사이다로 주세요 after a set: its drink, not another one. */
function choiceOfSet(turn: KioskTurn, { mayBeChoice }: SaidItem) {
  if (isPlaced(turn)) return null;
  for (const { groupId, choiceId } of mayBeChoice) {
    const options = { [groupId]: choiceId };
    const line = lineForOptions(turn, options, []);
    if (line !== undefined && turn.menu.option_groups[groupId]?.when !== undefined) return { line, options };
  }
  return null;
}

function changeItem(turn: KioskTurn, item: SaidItem, added: Added): void {
  const choice = item.mayBeChoice.length > 0 && item.quantity === null ? choiceOfSet(turn, item) : null;
  if (choice !== null) return setOptions(turn, choice.line, choice.options, []);
  const line = linesOf(turn, item.itemId).at(-1);
  if (line === undefined || isPlaced(turn)) {
    addSaid(turn, { ...item, mayBeChoice: [] }, added);
    return sayAdded(turn, added.splice(0));
  }
  if (item.vague) return turn.ask({ type: 'how-many', itemId: item.itemId, options: item.options });
  if (Object.keys(item.options).length > 0 || item.drops.length > 0)
    setOptions(turn, line, item.options, item.drops);
  const after = turn.line(line.id) ?? turn.lastLine();
  if (item.quantity !== null && after !== undefined && after.quantity !== item.quantity)
    setQuantity(turn, after, item.quantity);
}

function replaceItem(turn: KioskTurn, act: Act & { readonly type: 'replace' }, added: Added): void {
  const { item, fromItemId } = act;
  const standing = fromItemId === null ? turn.lastLine() : linesOf(turn, fromItemId).at(-1);
  const line = isPlaced(turn) ? undefined : standing;
  if (line === undefined) {
    const choices =
      item.mayBeChoice.length > 0
        ? item.mayBeChoice
        : act.fromChoices.map(({ groupId }) => ({ groupId, choiceId: item.itemId }));
    const known = choices.filter(
      ({ groupId, choiceId }) =>
        turn.menu.option_groups[groupId]?.choices.some(({ id }) => id === choiceId) === true,
    );
    const choice = choiceOfSet(turn, { ...item, mayBeChoice: known });
    if (choice !== null) return setOptions(turn, choice.line, choice.options, []);
    addSaid(turn, { ...item, mayBeChoice: [] }, added);
    return sayAdded(turn, added.splice(0));
  }
  const wanted = turn.menu.itemsById.get(item.itemId);
  if (wanted === undefined) return;
  const quantity = item.quantity ?? line.quantity;
  if (!wanted.available) return refuseSoldOut(turn, wanted, { quantity, vague: false, options: {} });
  const from = labelOf(turn, line.id);
  turn.change({ type: 'replace-item', lineId: line.id, itemId: item.itemId, options: item.options });
  const after = turn.line(line.id) ?? turn.state.order.lines.find(({ itemId }) => itemId === item.itemId)!;
  turn.touch(after);
  turn.say('kiosk.replaced', { from, items: labelOf(turn, after.id) });
  if (item.quantity !== null && item.quantity !== after.quantity) setQuantity(turn, after, item.quantity);
}

function isAlone(acts: readonly Act[], allowed: readonly Act['type'][]): boolean {
  return acts.every(({ type }) => allowed.includes(type));
}

function isPlaced(turn: KioskTurn): boolean {
  return turn.state.order.status === 'confirmed' || turn.state.order.status === 'paid';
}

/** After a change of the menu, what it no longer offers leaves the order, and the customer hears it. */
function fitMenu(turn: KioskTurn): void {
  const { menu, state } = turn;
  if (state.menuVersion === menu.version) return;
  if (isPlaced(turn)) {
    // A placed order is kept as it was placed; the session can't count it with other prices.
    turn.beginNewOrder();
    return turn.set({ menuVersion: menu.version });
  }
  const { order, lost } = fitToMenu(menu, state.order, turn.now);
  turn.replaceOrder(order);
  turn.set({ menuVersion: menu.version });
  const names = lost
    .flatMap((itemId) => menu.itemsById.get(itemId) ?? [])
    .map((item) => nameOf(item, state.language));
  if (lost.length > 0)
    turn.say('kiosk.menu_changed', {
      items: names.length > 0 ? inWords(names, state.language) : lost.join(', '),
    });
}

/** Ends the turn: what is asked next, and what the screen shows of the order. */
function close(turn: KioskTurn, before: KioskState): void {
  const justPlaced = turn.state.order.status === 'confirmed' && before.order.status !== 'confirmed';
  if (justPlaced) tellPlaced(turn);
  else askNext(turn);
  const { order, asking } = turn.state;
  if (order.status === 'confirming' && asking?.type !== 'order') turn.change({ type: 'back-to-draft' });
  if (turn.said.length === 0) suggest(turn);
  const { menu, language, state } = turn;
  if (
    turn.orderChanged ||
    before.turns === 0 ||
    before.dine !== state.dine ||
    before.language !== state.language ||
    state.order.status !== before.order.status
  ) {
    turn.show('update_order', {
      order: toOrderData(menu, state.order, language),
      lines: lineViews(menu, state.order, language),
      changed_lines: state.order.lines.flatMap((line, at) => (turn.changedLines.has(line.id) ? [at] : [])),
      dine: state.dine,
    });
  }
  const message = turn.said.join(' ');
  turn.set({ lastMessage: message });
}

/** One question at a time: what this turn calls for, what still waits, what is missing, then the read-back. */
function askNext(turn: KioskTurn): void {
  const { asked } = turn;
  const keep = asked !== null && !turn.settled && isOpen(turn, asked);
  const stays =
    keep &&
    asked.type !== 'order' &&
    asked.type !== 'more' &&
    asked.type !== 'cancel-all' &&
    asked.type !== 'option';
  if (turn.next !== null) {
    if (stays && !(asked.type === 'which' && asked.reason !== 'did-you-mean')) turn.wait(asked);
    return poseQuestion(turn, turn.next);
  }
  if (keep && !turn.orderChanged && asked.type !== 'more' && !turn.state.finishing)
    return poseQuestion(turn, asked, turn.language === turn.languageBefore);
  if (stays && asked.type !== 'which') return poseQuestion(turn, asked, true);
  const waiting = turn.state.waiting.filter((question) => isOpen(turn, question));
  const [first, ...rest] = waiting;
  turn.set({ waiting: rest });
  if (first !== undefined) return poseQuestion(turn, first);
  const missing = firstMissing(turn);
  if (missing !== null) return poseQuestion(turn, missing);
  if (turn.state.finishing && isComplete(turn.menu, turn.state.order)) {
    turn.set({ finishing: false });
    return poseQuestion(turn, { type: 'order' } satisfies Question);
  }
  if (turn.orderChanged && turn.state.order.status === 'draft' && turn.state.order.lines.length > 0) {
    return poseQuestion(turn, { type: 'more' });
  }
  if (keep) turn.set({ asking: asked });
}
