import type { KioskOrder, KioskPayment, Language, PaymentStatus } from '@malbeot/protocol';

import type { Http } from './http.ts';
import { jsonOf } from './http-reply.ts';
import { MalbeotError } from './malbeot-error.ts';
import { reasonOf, systemSleep, type Sleep } from './waiting.ts';

/** Longest time that a customer has to pay. */
const PAYMENT_LIMIT_MS = 300_000;
const PAYMENT_POLL_MS = 1000;

/** Who asks, in which language. */
export interface Caller {
  readonly language: Language;
  readonly credentials: Readonly<Record<string, string>>;
  readonly sessionId: string | null;
  readonly signal?: AbortSignal | undefined;
}

export async function readOrder(http: Http, orderId: string, caller: Caller): Promise<KioskOrder> {
  const reply = await http.send({ ...caller, method: 'GET', url: orderPath(orderId) });
  return jsonOf(reply, caller.language) as KioskOrder;
}

export async function readPayment(http: Http, orderId: string, caller: Caller): Promise<KioskPayment> {
  const reply = await http.send({ ...caller, method: 'GET', url: `${orderPath(orderId)}/payment` });
  return jsonOf(reply, caller.language) as KioskPayment;
}

/** Every try carries `idempotencyKey`: however often it is sent, the customer is charged once. */
export async function beginPayment(
  http: Http,
  orderId: string,
  { method, idempotencyKey }: { readonly method: string | undefined; readonly idempotencyKey: string },
  caller: Caller,
): Promise<KioskPayment> {
  const reply = await http.send({
    ...caller,
    method: 'POST',
    url: `${orderPath(orderId)}/payment`,
    headers: { 'idempotency-key': idempotencyKey },
    json: method === undefined ? {} : { method },
  });
  return jsonOf(reply, caller.language) as KioskPayment;
}

export interface PaymentWait {
  /** Default 300,000: what a customer has to pay. */
  readonly limitMs?: number | undefined;
  /** Time between two questions. Default 1000. */
  readonly pollMs?: number | undefined;
  readonly sleep?: Sleep | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks again and again until the payment is decided. A server that can't be reached for a while is asked on: the customer may
 * be paying just then.
 *
 * @throws {MalbeotError} `TIMEOUT` when it is not decided within the limit; what the server refuses; the signal's reason.
 */
export async function untilDecided(
  ask: () => Promise<KioskPayment>,
  language: Language,
  { limitMs = PAYMENT_LIMIT_MS, pollMs = PAYMENT_POLL_MS, sleep = systemSleep, signal }: PaymentWait,
): Promise<KioskPayment> {
  let waitedMs = 0;
  for (;;) {
    if (signal?.aborted === true) throw reasonOf(signal);
    const startedMs = performance.now();
    const payment = await ask().catch((error: unknown) => {
      if (error instanceof MalbeotError && error.retryable) return null;
      throw error;
    });
    if (payment !== null && isDecided(payment.status)) return payment;
    waitedMs += pollMs + (performance.now() - startedMs);
    if (waitedMs > limitMs) throw new MalbeotError('TIMEOUT', { language });
    await sleep(pollMs, signal);
  }
}

function isDecided(status: PaymentStatus): boolean {
  switch (status) {
    case 'approved':
    case 'declined':
    case 'reversed':
    case 'at_counter':
      return true;
    case 'pending':
    case 'reversing':
      return false;
  }
}

function orderPath(orderId: string): string {
  return `/api/kiosk/orders/${encodeURIComponent(orderId)}`;
}
