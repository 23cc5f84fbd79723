import type { KioskAction, ShowMenuData } from '@malbeot/protocol';
import type { Dialogue, DialogueContext, DialogueEvent } from '../../conversation/dialogue.ts';
import type { Heard } from '../../conversation/heard.ts';
import type { Clock } from '../../lib/clock.ts';
import { answerEnough, answerNo, answerYes, askToCancelAll, finish } from './answers.ts';
import { inWords, lineViews, nameOf } from './describe.ts';
import { inform, suggest, tellTotal } from './information.ts';
import { KioskTurn } from './kiosk-turn.ts';
import type { Menu } from './menu.ts';
import { fitToMenu, isComplete, toOrderData, type OrderLine } from './order.ts';
import { keepOnly, removeItem } from './order-acts.ts';
import { firstMissing, isOpen, poseQuestion } from './questions.ts';
import {
  payBy,
  tellAlreadyPlaced,
  tellPlaced,
  waitsForPayment,
  wordsWhilePaying,
} from './payments/pay-turn.ts';
import { readPaymentWish } from './payments/payment-words.ts';
import { AT_THE_DESK, type Paying, type PaymentEffect } from './payments/paying.ts';
import { callStaff, repeatLast, setDining, setLanguage, setSpeech } from './services.ts';
import { addSaid, changeItem, nothingAdded, replaceItem, tellAdded, type Added } from './said-items.ts';
import { answerLoosely } from './said-loosely.ts';
import { newState, type KioskState, type Question } from './state.ts';
import { tap } from './taps.ts';
import type { Act } from './understanding/acts.ts';
import type { ModelReader } from './understanding/model/model-reader.ts';
import { secondOpinion, type Opinion } from './understanding/model/second-opinion.ts';
import { understand } from './understanding/understand.ts';

export interface KioskDialogueOptions {
  /** The menu in force. */
  readonly menu: () => Menu;
  readonly clock: Pick<Clock, 'now'>;
  readonly newOrderId: () => string;
  /** How orders can be paid for, and where the payment of the placed one stands; at the desk only when absent. */
  readonly paying?: Paying;
  /** When what is answered was said or tapped, milliseconds since the epoch; the moment it is answered when absent. */
  readonly arrivedAt?: number;
  /** Asked about what the rules are unsure of; none when absent. */
  readonly model?: ModelReader | null;
}

/** What the last `state` event of a turn holds. */
export interface KioskDialogueState {
  readonly state: KioskState;
  /** 0..1, how sure the words were understood; 1 for a tap. */
  readonly confidence: number;
  /** What is to be done about a payment, once the state is kept; null for nothing. */
  readonly effect: PaymentEffect | null;
  /** True when the answer is only to be shown: speaking it would cut off what is being said. */
  readonly unspoken: boolean;
  /** Who understood the words, for `meta.providers.mind`, and the models that were asked and gave nothing. */
  readonly opinion: Pick<Opinion, 'mind' | 'skipped'>;
}

const BY_RULES: KioskDialogueState['opinion'] = { mind: 'rules', skipped: [] };

/**
 * The kiosk's dialogue by rules: no effects, the same answer to the same words every time. What the rules are unsure of goes
 * to `model`, where there is one; what it makes of that changes the order only as far as the words bear it out.
 */
export function createKioskDialogue({
  menu,
  clock,
  newOrderId,
  paying = AT_THE_DESK,
  arrivedAt,
  model = null,
}: KioskDialogueOptions): Dialogue<Heard | KioskAction> {
  return {
    mind: 'rules',
    async *respond(
      input: Heard | KioskAction,
      context: DialogueContext,
      signal: AbortSignal,
    ): AsyncGenerator<DialogueEvent> {
      const current = menu();
      const before =
        (context.state as KioskState | null) ??
        newState(context.language === 'en' ? 'en' : 'ko', current.version, clock.now());
      const now = clock.now();
      const turn = new KioskTurn({
        menu: current,
        state: before,
        now,
        clock,
        newOrderId,
        paying,
        arrivedAt: arrivedAt ?? now,
      });
      let understood = { confidence: 1, opinion: BY_RULES };
      fitMenu(turn);
      if ('type' in input) tap(turn, input);
      else understood = await respondToWords(turn, input.text, model, signal);
      close(turn, before);
      for (const text of turn.said) yield { type: 'text-delta', text };
      for (const action of turn.shown) yield { type: 'action', action };
      yield { type: 'state', state: { ...stateOf(turn), ...understood } satisfies KioskDialogueState };
    },
  };
}

function stateOf({ state, effect, unspoken }: KioskTurn) {
  return { state, effect, unspoken };
}

/** What a yes to the read-back may be said along with, and still be one. */
const AGREEING: readonly Act['type'][] = ['yes', 'finish', 'enough', 'dine', 'pay', 'thanks'];

async function respondToWords(
  turn: KioskTurn,
  text: string,
  model: ModelReader | null,
  signal: AbortSignal,
): Promise<Pick<KioskDialogueState, 'confidence' | 'opinion'>> {
  const groupId = turn.asked?.type === 'option' ? turn.asked.groupId : null;
  const understood = understand(text, turn.menu, { groupId });
  const { menu, asked, language } = turn;
  const input = { text, menu, order: turn.state.order, asked, language };
  // While a payment waits, what is ordered anew would call it off: only the customer's plain words do.
  const asking = waitsForPayment(turn) ? null : model;
  const { acts, ...opinion } = await secondOpinion(understood, input, asking, signal);
  const added = nothingAdded(turn);
  const linesBefore = turn.state.order.lines;
  turn.wish = readPaymentWish(text);
  turn.heardWhole = understood.whole;
  turn.plainlyAgrees = understood.whole && isAlone(acts, AGREEING) && answersReadBack(turn, acts);
  if (waitsForPayment(turn)) wordsWhilePaying(turn, acts, (act) => perform(turn, act, acts, added));
  else for (const act of acts) perform(turn, act, acts, added);
  readBackAnew(turn, linesBefore);
  return { confidence: understood.confidence, opinion };
}

/** 주문할게요 after a change may be said by who does not know that it was read back again: only a yes answers that. */
function answersReadBack({ asked }: KioskTurn, acts: readonly Act[]): boolean {
  return asked?.type !== 'order' || asked.afterChange !== true || acts.some(({ type }) => type === 'yes');
}

/** Who was read the order and changes it is done all the same: the next thing heard is the order as it now stands. */
function readBackAnew(turn: KioskTurn, linesBefore: readonly OrderLine[]): void {
  const { status, lines } = turn.state.order;
  if (turn.asked?.type !== 'order' || lines === linesBefore) return;
  if (status !== 'draft' || lines.length === 0) return;
  turn.changedAtReadBack = true;
  turn.set({ finishing: true });
}

function perform(turn: KioskTurn, act: Act, acts: readonly Act[], added: Added): void {
  switch (act.type) {
    case 'add':
      addSaid(turn, act.item, added);
      return acts.findLast(({ type }) => type === 'add') === act ? tellAdded(turn, added) : undefined;
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
      return answerLoosely(turn, act.said, added);
    case 'keep-only':
      return isPlaced(turn) ? tellAlreadyPlaced(turn) : keepOnly(turn, act.itemIds);
    case 'ask':
      return inform(turn, act);
    case 'yes':
      return saysAmount(turn, acts, 'yes') ? undefined : answerYes(turn, isAlone(acts, ['yes', 'thanks']));
    case 'no':
      return saysAmount(turn, acts, 'no') ? undefined : answerNo(turn, isAlone(acts, ['no', 'dine']));
    case 'enough':
      return answerEnough(turn);
    case 'finish':
      if (isPlaced(turn)) return turn.orderChanged ? undefined : tellAlreadyPlaced(turn);
      return finishWords(turn, acts);
    case 'pay':
      return payBy(turn, null);
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

/** 아니요, 열다섯 병이요: the amount answers what the yes or no is about, unless it is the very one that was asked about. */
function saysAmount({ asked }: KioskTurn, acts: readonly Act[], answer: 'yes' | 'no'): boolean {
  if (asked?.type !== 'quantity' && asked?.type !== 'how-many') return false;
  return acts.some((act) => {
    const said =
      act.type === 'loose' ? act.said : act.type === 'add' || act.type === 'change' ? act.item : null;
    if (said?.quantity == null || ('itemId' in said && said.itemId !== asked.itemId)) return false;
    return !(answer === 'yes' && asked.type === 'quantity' && said.quantity === asked.wanted.quantity);
  });
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
  turn.set({ lastMessage: turn.said.join(' '), shown: itemsShown(turn) });
}

/** What the screen was given to choose from: 첫 번째 거 is the first of these. */
function itemsShown({ shown }: KioskTurn): readonly string[] {
  const list = shown.findLast(({ type }) => type === 'show_menu');
  if (list === undefined) return [];
  const { kind, reason, options } = list.data as unknown as ShowMenuData;
  return kind === 'items' && reason !== 'suggestion' ? options.map(({ option_id }) => option_id) : [];
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
  // What it is about may have left the menu meanwhile.
  if (turn.next !== null && isOpen(turn, turn.next)) {
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
    return poseQuestion(turn, { type: 'order', afterChange: turn.changedAtReadBack } satisfies Question);
  }
  if (turn.orderChanged && turn.state.order.status === 'draft' && turn.state.order.lines.length > 0) {
    return poseQuestion(turn, { type: 'more' });
  }
  // Who went on to something else did not hear the offer again, and so agrees to nothing by a yes.
  if (keep && !(asked.type === 'which' && turn.orderChanged)) turn.set({ asking: asked });
}
