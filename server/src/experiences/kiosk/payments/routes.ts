import type { KioskPayment, KioskPaymentRequest, Language } from '@malbeot/protocol';
import { z, type ZodType } from 'zod';
import type { Who } from '../../../accounts/access.ts';
import { AppError } from '../../../errors/app-error.ts';
import { toSpokenText } from '../../../language/spoken-text.ts';
import { isId } from '../../../lib/ids.ts';
import type { Logger } from '../../../telemetry/logger.ts';
import type { VoiceFiles } from '../../../voice-files/voice-files.ts';
import type { Answer, RouteScope, ScopedRequest } from '../../experience.ts';
import type { KioskStore, PlacedOrder } from '../store.ts';
import { isOpenPayment, isSettled, type Payment } from './payment.ts';
import { sayStanding, sayStart } from './payment-message.ts';
import type { Payments } from './payments.ts';
import { COUNTER, type PaymentTerminal } from './terminal.ts';

const params = z.object({ id: z.string().min(1).max(80) });
const bodySchema = z.strictObject({ method: z.string().min(1).max(80).optional() });

export interface PaymentRoutesOptions {
  readonly store: Pick<KioskStore, 'findOrder' | 'load'>;
  readonly payments: Payments;
  readonly terminal?: PaymentTerminal | null;
  readonly formerTerminals?: readonly PaymentTerminal[];
  readonly voiceFiles: Pick<VoiceFiles, 'start'>;
  readonly log: Logger;
  /** @throws {AppError} FORBIDDEN when `who` may not see the orders of this session. */
  readonly authorizeOrder: (
    session: { readonly sessionId: string; readonly kioskId: string | null },
    who: Who,
  ) => void;
}

/** Registers the routes by which a page begins a payment and follows it. */
export function registerPaymentRoutes(scope: RouteScope, options: PaymentRoutesOptions): void {
  const { store, payments, authorizeOrder, voiceFiles, log } = options;
  const simulated = new Set(
    [...(options.formerTerminals ?? []), options.terminal ?? null].flatMap((terminal) =>
      terminal?.simulated === true ? [terminal.id] : [],
    ),
  );

  async function find({ params: { id }, who }: ScopedRequest<{ id: string }>): Promise<PlacedOrder> {
    const order = isId('ord', id) ? await store.findOrder(id) : null;
    if (order === null) throw new AppError('NOT_FOUND', { detail: 'There is no order with this id.' });
    authorizeOrder(order, who);
    return order;
  }

  async function answer({ orderId, sessionId }: PlacedOrder, payment: Payment): Promise<Answer> {
    // Read again: what is told of the order has to be as new as the payment.
    const order = (await store.findOrder(orderId))!;
    const language = (await store.load(sessionId))?.state.language ?? 'ko';
    const isSimulated = simulated.has(payment.terminal);
    const message = messageOf(order, payment, language, isSimulated);
    const isOpen = isOpenPayment(payment);
    const value: KioskPayment = {
      payment_id: payment.paymentId,
      order_id: order.orderId,
      order_number: order.orderNumber,
      status: payment.status,
      method: payment.method,
      terminal: payment.terminal,
      simulated: isSimulated,
      amount: payment.amount,
      approval_code: payment.approvalCode,
      failure: payment.failure,
      message,
      tts_audio_url: isOpen ? null : await startVoice(message, language),
      receipt: isSettled(payment) ? receiptOf(order, payment) : null,
      created_at: new Date(payment.createdAt).toISOString(),
      updated_at: new Date(payment.updatedAt).toISOString(),
    };
    return { status: isOpen ? 202 : 200, body: { type: 'json', value } };
  }

  function messageOf(order: PlacedOrder, payment: Payment, language: Language, isSimulated: boolean): string {
    const saying = {
      language,
      orderNumber: order.orderNumber,
      total: payment.amount,
      methods: payments.methods,
      simulated: isSimulated,
    };
    // What to do comes first; the turns say that it still waits.
    return payment.status === 'pending' ? sayStart(saying, payment.method) : sayStanding(saying, payment);
  }

  /** Null where no voice can run; a payment is never worth failing for one. */
  async function startVoice(message: string, language: Language): Promise<string | null> {
    try {
      const text = language === 'ko' ? toSpokenText(message) : message;
      const voice = await voiceFiles.start({ text, language });
      return voice === null ? null : `/api/voice/tts/${voice.fileId}`;
    } catch (error) {
      log.warn({ err: error }, 'the voice of a payment could not be started');
      return null;
    }
  }

  const common = { tag: 'kiosk', access: 'kiosk', path: '/api/kiosk/orders/:id/payment', params } as const;
  const decided = { description: 'It is decided.', schema: z.custom<KioskPayment>() };
  scope.route<{ id: string }, unknown, KioskPaymentRequest>({
    ...common,
    method: 'POST',
    summary: 'Begins the payment of a placed order; where one stands already, that is the answer',
    limit: 'turns',
    idempotent: true,
    body: bodySchema as ZodType<KioskPaymentRequest>,
    responses: {
      200: decided,
      202: { description: 'The terminal waits; ask for it with GET.', schema: z.custom<KioskPayment>() },
      404: { description: 'No such order.' },
      422: { description: 'Orders can not be paid for like that here; the detail names what is possible.' },
    },
    async handle(request) {
      const order = await find(request);
      const header = request.headers['idempotency-key'];
      const key = typeof header === 'string' ? `request ${header}` : null;
      const method = request.body.method ?? payments.methods[0] ?? COUNTER;
      return answer(order, await payments.start({ orderId: order.orderId, method, key }));
    },
  });
  scope.route({
    ...common,
    method: 'GET',
    summary: 'The payment of a placed order: the one that stands, else the last',
    limit: 'reads',
    responses: { 200: decided, 404: { description: 'No such order, or no payment of it.' } },
    async handle(request) {
      const order = await find(request);
      const payment = await payments.standing(order.orderId);
      if (payment === null)
        throw new AppError('NOT_FOUND', {
          detail: 'No payment of this order was begun. Begin one with POST.',
        });
      return { ...(await answer(order, payment)), status: 200 };
    },
  });
}

function receiptOf({ order, ...placed }: PlacedOrder, payment: Payment): KioskPayment['receipt'] {
  return {
    order_id: placed.orderId,
    order_number: placed.orderNumber,
    order,
    lines: placed.lines,
    dine: placed.dine,
    payment_method: payment.method,
    paid: payment.status === 'approved',
  };
}
