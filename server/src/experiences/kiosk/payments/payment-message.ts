import type { Language } from '@malbeot/protocol';
import { formatMessage, type MessageKey } from '@malbeot/protocol/messages';
import { CALL_STAFF_EVERY, type Payment } from './payment.ts';

/** What has to be known to say where a payment stands. */
export interface PaymentSaying {
  readonly language: Language;
  /** A number, or what stands for it. */
  readonly orderNumber: number | string;
  /** Won. */
  readonly total: number;
  readonly methods: readonly string[];
  readonly simulated: boolean;
}

/** Asks how to pay, with every way there is. */
export function sayHow({ language, total, methods, simulated }: PaymentSaying): string {
  const values = { total, methods: methodNames(language, methods) };
  return inFull(language, formatMessage(language, 'kiosk.payment.how', values), simulated);
}

/** What the customer does now that a payment begins. */
export function sayStart({ language, total, simulated }: PaymentSaying, method: string): string {
  const known = method === 'card' || method === 'mobile_pay';
  const key: MessageKey = known ? `kiosk.payment.start_${method}` : 'kiosk.payment.start_other';
  const values = { total, method: methodName(language, method) };
  return inFull(language, formatMessage(language, key, values), simulated);
}

/** Where a payment stands, and what the customer can do. Null: there is none yet. */
export function sayStanding(saying: PaymentSaying, payment: Payment | null): string {
  const { language, total, orderNumber: number, simulated } = saying;
  const say = (key: MessageKey) => formatMessage(language, key, { total, number });
  if (payment === null) return sayHow(saying);
  switch (payment.status) {
    case 'pending':
      return inFull(language, say('kiosk.payment.pending'), simulated);
    case 'approved':
      return inFull(language, say('kiosk.payment.approved'), simulated);
    case 'declined':
    case 'reversed':
      return `${say(`kiosk.payment.${payment.failure ?? 'declined'}`)} ${sayHow(saying)}`;
    case 'reversing':
      return say(reversingKey(payment));
    case 'at_counter':
      return say('kiosk.pay_at_counter');
  }
}

/** Ways to pay in words: `카드, 모바일 결제, 카운터 결제`. */
export function methodNames(language: Language, methods: readonly string[]): string {
  const names = methods.map((method) => methodName(language, method));
  if (language === 'ko' || names.length < 2) return names.join(', ');
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)!}`;
}

/** What the customer calls a way to pay. */
export function methodName(language: Language, method: string): string {
  const known: readonly string[] = ['card', 'cash', 'mobile_pay', 'counter'];
  return formatMessage(
    language,
    (known.includes(method) ? `kiosk.method.${method}` : 'kiosk.method.other') as MessageKey,
  );
}

function reversingKey({ failure, attempts }: Payment): MessageKey {
  if (attempts >= CALL_STAFF_EVERY) return 'kiosk.payment.reversing_staff';
  return failure === 'cancelled' ? 'kiosk.payment.cancelling' : 'kiosk.payment.reversing';
}

function inFull(language: Language, text: string, simulated: boolean): string {
  return simulated ? `${text} ${formatMessage(language, 'kiosk.payment.simulated')}` : text;
}
