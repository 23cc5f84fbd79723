import type { Language, UIActionData, UIActionType } from '@malbeot/protocol';
import { formatMessage, type MessageKey, type MessageValues } from '@malbeot/protocol/messages';
import type { ScreenAction } from '../../conversation/dialogue.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Menu } from './menu.ts';
import { emptyOrder, isPlaced, reduceOrder, type OrderChange, type OrderLine } from './order.ts';
import type { PaymentWish } from './payments/payment-words.ts';
import { AT_THE_DESK, type Paying, type PaymentEffect } from './payments/paying.ts';
import { MOST_WAITING, type KioskState, type Question } from './state.ts';

/**
 * Stands in the words and on the receipt for the number that the order gets when it is saved. Who saves it puts the number
 * in: an order must not be announced before it is kept.
 */
export const ORDER_NUMBER_SLOT = '\u{E000}';

/** What a session that an earlier version kept does not hold. */
const sinceLastVersion = { readBack: null, payMethod: null };

export interface KioskTurnOptions {
  readonly menu: Menu;
  readonly state: KioskState;
  readonly now: number;
  readonly newOrderId: () => string;
  /** At the desk only when absent. */
  readonly paying?: Paying;
  /** When what the turn answers came in; `now` when absent. */
  readonly arrivedAt?: number;
  /** For what is only known when it happens; stands at `now` when absent. */
  readonly clock?: Pick<Clock, 'now'>;
}

/** One turn while it is answered: what stands, what is said and shown, and what is asked next. */
export class KioskTurn {
  readonly menu: Menu;
  readonly now: number;
  /** When what the turn answers was said or tapped, as far as the server can know. */
  readonly arrivedAt: number;
  /** The question that this turn may answer. */
  readonly asked: Question | null;
  readonly languageBefore: Language;
  readonly changedLines = new Set<number>();
  readonly paying: Paying;
  /** True when the order was placed before this turn. */
  readonly placedBefore: boolean;
  /** True when the order was paid between the last turn and this one. */
  readonly isPaidMeanwhile: boolean;
  /**
   * What the customer's own words ask for of a payment, as rules read them. Words that anything else made sense of leave it
   * null, and without it or a tap no payment is begun.
   */
  wish: PaymentWish | null = null;
  /** False for words that were only half understood: nothing that can't be taken back is done by them. */
  heardWhole = true;
  /** True when it was heard whole and asks for nothing else: no order is placed by other words. */
  plainlyAgrees = true;
  /** True when words changed an order that was just read back. */
  changedAtReadBack = false;
  readonly #newOrderId: () => string;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #said: string[] = [];
  readonly #shown: ScreenAction[] = [];
  #state: KioskState;
  #next: Question | null = null;
  #settled = false;
  #orderChanged = false;
  #silent = false;
  #unspoken = false;
  #effect: PaymentEffect | null = null;

  constructor(options: KioskTurnOptions) {
    const { menu, state, now, newOrderId, paying = AT_THE_DESK } = options;
    this.arrivedAt = options.arrivedAt ?? now;
    this.#clock = options.clock ?? { now: () => now };
    this.menu = menu;
    this.now = now;
    this.asked = state.asking;
    this.languageBefore = state.language;
    this.#newOrderId = newOrderId;
    this.paying = paying;
    this.placedBefore = isPlaced(state.order);
    const { order } = state;
    this.isPaidMeanwhile = order.status === 'confirmed' && paying.payment?.status === 'approved';
    this.#state = {
      ...sinceLastVersion,
      ...state,
      order: this.isPaidMeanwhile ? { ...order, status: 'paid' } : order,
      asking: null,
      turns: state.turns + 1,
    };
  }

  get state(): KioskState {
    return this.#state;
  }
  get language(): Language {
    return this.#state.language;
  }
  /** What the next question is, when something in this turn already decided that. */
  get next(): Question | null {
    return this.#next;
  }
  /** True once the question just asked has its answer, or no longer matters. */
  get settled(): boolean {
    return this.#settled;
  }
  get orderChanged(): boolean {
    return this.#orderChanged;
  }
  get said(): readonly string[] {
    return this.#said;
  }
  get shown(): readonly ScreenAction[] {
    return this.#shown;
  }

  /** True when what is said was said before and is only shown. */
  get unspoken(): boolean {
    return this.#unspoken;
  }
  /** True when this was said or tapped before the read-back that stands was made: it can't be an answer to that, whatever it says. */
  get cameBeforeReadBack(): boolean {
    const { readBack } = this.#state;
    return readBack !== null && this.arrivedAt < readBack.at;
  }
  /** True when this was tapped on a screen that showed the lines at other positions. */
  get cameBeforeLinesMoved(): boolean {
    return this.arrivedAt < (this.#state.linesMovedAt ?? 0);
  }
  /** What is to be done about a payment once this turn is kept. */
  get effect(): PaymentEffect | null {
    return this.#effect;
  }

  set(change: Partial<KioskState>): void {
    this.#state = { ...this.#state, ...change };
  }

  say(key: MessageKey, values: MessageValues = {}): void {
    this.sayText(formatMessage(this.language, key, values));
  }

  sayText(text: string): void {
    if (!this.#silent) this.#said.push(text);
  }

  /** From here on only the screen changes: what is to be said has been said. */
  saySilently(): void {
    this.#silent = true;
  }

  show<Type extends UIActionType>(type: Type, data: UIActionData[Type]): void {
    this.#shown.push({ type, data: data as unknown as ScreenAction['data'] });
  }

  /** The answer is only shown: to speak it would cut off what is being said. */
  leaveUnspoken(): void {
    this.#unspoken = true;
  }

  /**
   * Has the placed order paid for. Only for a tap or {@link KioskTurn.wish}: nobody but the customer begins a payment.
   *
   * @throws {RangeError} for an order that is not placed, or is paid.
   */
  charge(method: string): void {
    const { status, orderId } = this.#state.order;
    if (status !== 'confirmed' || orderId === null)
      throw new RangeError(`An order that is ${status} can not be paid for.`);
    this.#effect = { type: 'charge', orderId, method };
  }

  /** Calls the pending payment of the placed order off. */
  cancelPayment(): void {
    const { orderId } = this.#state.order;
    if (orderId !== null) this.#effect = { type: 'cancel-payment', orderId };
  }

  /** The question just asked is answered, or dropped. */
  settle(): void {
    this.#settled = true;
  }

  /** Asks next; when something is to be asked already, it waits its turn. */
  ask(question: Question): void {
    if (this.#next === null) this.#next = question;
    else this.wait(question);
  }

  /** Puts a question at the end of the row. */
  wait(question: Question): void {
    if (this.#state.waiting.length >= MOST_WAITING) return;
    this.set({ waiting: [...this.#state.waiting, question] });
  }

  /** Changes the order; after a placed or cancelled one, a new order begins with the first thing added. */
  change(change: OrderChange): void {
    const { order } = this.#state;
    const changed = reduceOrder(this.menu, order, change, this.now);
    this.#state = { ...this.#state, order: changed };
    const isMoved = order.lines.some(({ id }, at) => changed.lines[at]?.id !== id);
    if (isMoved) this.set({ linesMovedAt: this.#clock.now() });
    if (change.type !== 'read-back') {
      this.#orderChanged = true;
      return;
    }
    // A read-back is heard, or it is none.
    this.#silent = false;
    this.set({ readBack: { number: (this.#state.readBack?.number ?? 0) + 1, at: this.#clock.now() } });
  }

  /** Takes an order as it is, for a new menu. */
  replaceOrder(order: KioskState['order']): void {
    if (order.lines.length > 0 || this.#state.order.lines.length > 0) this.#orderChanged = true;
    this.#state = { ...this.#state, order };
  }

  add(itemId: string, quantity: number, options: OrderLine['chosen']): OrderLine {
    this.beginNewOrderIfDone();
    const before = this.#state.order;
    this.change({ type: 'add', itemId, quantity, options });
    const line = this.#lineOfNewest(before.lines);
    this.touch(line);
    return line;
  }

  /** Marks a line as the last one talked about. */
  touch(line: OrderLine): void {
    this.changedLines.add(line.id);
    this.set({ lastLineId: line.id });
  }

  /** A placed order is not added to: the next thing begins a new one, and the customer hears that. */
  beginNewOrderIfDone(): void {
    const { status } = this.#state.order;
    if (status === 'draft' || status === 'confirming') return;
    if (status !== 'cancelled') this.say('kiosk.new_order');
    this.beginNewOrder();
  }

  /** Who leaves an order while its payment waits does not pay for it. */
  beginNewOrder(): void {
    if (this.paying.payment?.status === 'pending') this.cancelPayment();
    this.set({
      order: emptyOrder(this.now),
      linesMovedAt: this.#clock.now(),
      dine: null,
      waiting: [],
      lastLineId: null,
      payMethod: null,
      finishing: false,
    });
    this.#orderChanged = true;
  }

  place(): void {
    this.change({ type: 'confirm', orderId: this.#newOrderId() });
    this.set({ waiting: [], finishing: false, lastLineId: null });
    this.#next = null;
    this.settle();
  }

  line(id: number | null): OrderLine | undefined {
    return this.#state.order.lines.find((line) => line.id === id);
  }

  /** The line last talked about, or the last one of the order. */
  lastLine(): OrderLine | undefined {
    return this.line(this.#state.lastLineId) ?? this.#state.order.lines.at(-1);
  }

  /** What was added may have become a part of a line that stood. */
  #lineOfNewest(before: readonly OrderLine[]): OrderLine {
    const { lines } = this.#state.order;
    const grown = lines.find((line) => {
      const old = before.find(({ id }) => id === line.id);
      return old === undefined || old.quantity !== line.quantity;
    });
    return grown ?? lines.at(-1)!;
  }
}
