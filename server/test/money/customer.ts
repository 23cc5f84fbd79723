import type { KioskAction, ServerResponse, UIAction, UIActionType } from '@malbeot/protocol';
import { meaningOfTap, orders, type Meaning } from './meaning.ts';
import type { SessionRow } from './place.ts';
import type { TurnRequest } from './process.ts';
import type { What } from './script.ts';

/** A request that a customer makes, ready to be sent. */
export type Request =
  | {
      readonly type: 'turn';
      readonly turn: TurnRequest;
      readonly meaning: Meaning;
      readonly isAgain: boolean;
    }
  | {
      readonly type: 'page-pay';
      readonly orderId: string;
      readonly method: string;
      readonly key: string;
      readonly meaning: Meaning;
    }
  | { readonly type: 'leave'; readonly sessionId: string };

/** A person at the counter with a client: knows what it has heard and sent, and nothing else of the server. */
export interface Customer {
  /** Null before the first answer, and once the session is over. */
  sessionId: string | null;
  /** What was heard last, the newest first. */
  heard: readonly ServerResponse[];
  /** Those of it that came at the last moment: which of them came first, nobody can tell. */
  latest: readonly ServerResponse[];
  /** What was sent, the newest first. */
  sent: readonly (Request & { readonly type: 'turn' })[];
}

const MOST_REMEMBERED = 6;

export function newCustomer(): Customer {
  return { sessionId: null, heard: [], latest: [], sent: [] };
}

export function remember<T>(list: readonly T[], newest: T): readonly T[] {
  return [newest, ...list].slice(0, MOST_REMEMBERED);
}

/** The request for `what`; null where there is nothing to do it to. `standing`: the session, for what a line of it is. */
export function request(
  customer: Customer,
  what: What,
  key: string,
  standing: SessionRow | null,
): Request | null {
  const { sessionId, sent } = customer;
  const tap = (action: KioskAction): Request => ({
    type: 'turn',
    turn: { key, sessionId, input: { type: 'tap', tap: action } },
    meaning: asHeard(
      customer,
      meaningOfTap(action, (line) => standing?.state.order.lines[line]?.itemId),
    ),
    isAgain: false,
  });
  const say = (words: string, meaning: Meaning, aloud: boolean): Request => ({
    type: 'turn',
    turn: { key, sessionId, input: { type: aloud ? 'sound' : 'text', words } },
    meaning: asHeard(customer, meaning),
    isAgain: false,
  });
  const payOnPage = (orderId: string, method: string): Request => {
    const meaning = meaningOfTap({ type: 'pay', method }, () => undefined);
    return { type: 'page-pay', orderId, method, key, meaning };
  };
  switch (what.do) {
    case 'say':
      return say(what.phrase.words, what.phrase.meaning, what.aloud);
    case 'tap':
      return tap(what.tap);
    case 'confirm':
      return tap(confirming(customer, what.which));
    case 'react':
      return react(customer, what.way, tap, say, payOnPage);
    case 'again': {
      const earlier = sent[Math.min(what.back, sent.length - 1)];
      return earlier === undefined ? null : { ...earlier, isAgain: true };
    }
    case 'page-pay': {
      const orderId = lastOrderId(customer);
      return orderId === null ? react(customer, 0.5, tap, say, payOnPage) : payOnPage(orderId, what.method);
    }
    case 'leave':
      return sessionId === null ? null : { type: 'leave', sessionId };
  }
}

/** A yes may bring about what was just asked for. */
function asHeard({ heard, latest }: Customer, meaning: Meaning): Meaning {
  if (!(meaning.agrees || meaning.saysYes) || meaning.tapped) return meaning;
  const asked = latest.map((answer) => shown(answer, 'show_confirmation')?.data.kind);
  if (asked.includes('item') || asked.includes('quantity')) return { ...meaning, more: 'any', fewer: 'any' };
  // An offer stays open while something else is done.
  const isOffered = heard.some((answer) => shown(answer, 'show_menu')?.data.reason === 'alternatives');
  return {
    ...meaning,
    ...(isOffered ? { more: 'any' } : {}),
    ...(asked.includes('cancel_all') ? { fewer: 'any' } : {}),
  };
}

function confirming({ heard }: Customer, which: 'right' | 'stale' | 'unnamed'): KioskAction {
  const ids = heard.flatMap((answer) => shown(answer, 'show_confirmation')?.data.read_back ?? []);
  const id = which === 'right' ? ids[0] : ids.find((one) => one !== ids[0]);
  return which === 'unnamed' || id === undefined ? { type: 'confirm' } : { type: 'confirm', read_back: id };
}

/** What a customer does who wants to get on. */
function react(
  customer: Customer,
  way: number,
  tap: (action: KioskAction) => Request,
  say: (words: string, meaning: Meaning, aloud: boolean) => Request,
  payOnPage: (orderId: string, method: string) => Request,
): Request {
  const [last] = customer.heard;
  const nothing = meaningOfTap({ type: 'repeat' }, () => undefined);
  const words = (text: string, meaning: Partial<Meaning> = {}) =>
    say(text, { ...nothing, tapped: false, ...meaning }, way > 0.9);
  const options = shown(last, 'show_options');
  if (options !== undefined) {
    const { line, group_id, options: choices } = options.data;
    const choice = choices[Math.floor(way * choices.length)]!;
    if (way % 0.2 < 0.1) return words(`${choice.display_text}요`);
    return tap({ type: 'set_options', line, options: { [group_id]: choice.option_id } });
  }
  const question = shown(last, 'show_confirmation');
  if (question !== undefined) {
    if (question.data.kind !== 'order') return words(way < 0.7 ? '네' : '아니요', { agrees: way < 0.7 });
    if (way < 0.3) return words('네', { agrees: true });
    if (way < 0.4) return words('네 카드로 결제할게요', { agrees: true, pays: 'card' });
    if (way < 0.5) return tap({ type: 'pay', method: 'card' });
    if (way < 0.9) return tap(confirming(customer, 'right'));
    return tap({ type: 'confirm' });
  }
  const paying = shown(last, 'show_payment');
  if (paying !== undefined) {
    if (paying.data.payment !== null) return way < 0.7 ? words('취소', CALLS_OFF) : words('얼마예요?');
    if (way < 0.45) return payOnPage(paying.data.order_id, 'card');
    if (way < 0.6) return tap({ type: 'pay', method: 'mobile_pay' });
    if (way < 0.9) return words('카드로 할게요', { agrees: true, pays: 'card' });
    return words('카운터에서 낼게요', { agrees: true, pays: 'counter' });
  }
  const menu = shown(last, 'show_menu');
  if (menu?.data.kind === 'items' && way < 0.5) {
    const { option_id } = menu.data.options[0]!;
    return tap({ type: 'add', item_id: option_id });
  }
  const isEmpty = (last?.order_data?.item_count ?? 0) === 0 || last?.order_data?.order_id != null;
  if (isEmpty) {
    const phrase = orders[Math.floor(way * orders.length)]!;
    return say(phrase.words, phrase.meaning, way > 0.7);
  }
  return way < 0.5 ? words('그게 다예요', { agrees: true }) : tap({ type: 'confirm' });
}

const CALLS_OFF: Partial<Meaning> = { fewer: 'any', clears: true };

function lastOrderId({ heard }: Customer): string | null {
  return heard.find(({ order_data }) => order_data?.order_id != null)?.order_data?.order_id ?? null;
}

function shown<Type extends UIActionType>(
  answer: ServerResponse | undefined,
  type: Type,
): (UIAction & { readonly action_type: Type }) | undefined {
  const found = answer?.ui_actions.find(({ action_type }) => action_type === type);
  return found as (UIAction & { readonly action_type: Type }) | undefined;
}
