import type { Language, UIActionData, UIActionType } from '@malbeot/protocol';
import { formatMessage, type MessageKey, type MessageValues } from '@malbeot/protocol/messages';
import type { ScreenAction } from '../../conversation/dialogue.ts';
import type { Menu } from './menu.ts';
import { emptyOrder, reduceOrder, type OrderChange, type OrderLine } from './order.ts';
import { MOST_WAITING, type KioskState, type Question } from './state.ts';

/**
 * Stands in the words and on the receipt for the number that the order gets when it is saved. Who saves it puts the number
 * in: an order must not be announced before it is kept.
 */
export const ORDER_NUMBER_SLOT = '\u{E000}';

export interface KioskTurnOptions {
  readonly menu: Menu;
  readonly state: KioskState;
  readonly now: number;
  readonly newOrderId: () => string;
}

/** One turn while it is answered: what stands, what is said and shown, and what is asked next. */
export class KioskTurn {
  readonly menu: Menu;
  readonly now: number;
  /** The question that this turn may answer. */
  readonly asked: Question | null;
  readonly languageBefore: Language;
  readonly changedLines = new Set<number>();
  readonly #newOrderId: () => string;
  readonly #said: string[] = [];
  readonly #shown: ScreenAction[] = [];
  #state: KioskState;
  #next: Question | null = null;
  #settled = false;
  #orderChanged = false;
  #silent = false;

  constructor({ menu, state, now, newOrderId }: KioskTurnOptions) {
    this.menu = menu;
    this.now = now;
    this.asked = state.asking;
    this.languageBefore = state.language;
    this.#newOrderId = newOrderId;
    this.#state = { ...state, asking: null, turns: state.turns + 1 };
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
    if (change.type !== 'read-back') this.#orderChanged = true;
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

  beginNewOrder(): void {
    this.set({ order: emptyOrder(this.now), dine: null, waiting: [], lastLineId: null, finishing: false });
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
