import { formatMessage } from '@malbeot/protocol/messages';
import type { ScreenAction } from '../../../conversation/dialogue.ts';
import type { Logger } from '../../../telemetry/logger.ts';
import type { PlacedReply } from '../screen.ts';
import type { Payment } from './payment.ts';
import type { PaymentEffect } from './paying.ts';
import type { Payments } from './payments.ts';

/**
 * Makes true what a turn wants done about a payment, now that its state is kept, and puts the payment into the turn's reply. A
 * payment that can't be begun makes a reply that says so: the order itself stands.
 */
export async function doPayment(
  { payments, log }: { readonly payments: Payments; readonly log: Logger },
  effect: PaymentEffect,
  key: string,
  reply: PlacedReply,
): Promise<PlacedReply> {
  if (effect.type === 'cancel-payment') {
    const payment = await payments.cancel(effect.orderId);
    return withPayment(payment?.status === 'approved' ? madeBefore(reply, payment) : reply, payment);
  }
  try {
    const { orderId, method } = effect;
    return withPayment(reply, await payments.start({ orderId, method, key }));
  } catch (error) {
    log.error({ err: error, order_id: effect.orderId }, 'a payment could not be begun');
    return notStarted(reply);
  }
}

/** What can no longer be called off is not said to be. */
function madeBefore(reply: PlacedReply, { amount }: Payment): PlacedReply {
  const { language, order } = reply.state;
  const promised = formatMessage(language, 'kiosk.payment.cancelling');
  const made = formatMessage(language, 'kiosk.payment.approved', {
    total: amount,
    number: order.orderNumber ?? '',
  });
  return { ...reply, message: reply.message.replace(promised, made) };
}

function withPayment(reply: PlacedReply, payment: Payment | null): PlacedReply {
  if (payment === null) return reply;
  const { paymentId: payment_id, status, method } = payment;
  return {
    ...reply,
    actions: reply.actions.map((action) =>
      action.type === 'show_payment'
        ? { ...action, data: { ...action.data, payment: { payment_id, status, method } } }
        : action,
    ),
  };
}

function notStarted(reply: PlacedReply): PlacedReply {
  const { language, order } = reply.state;
  const refusal = formatMessage(language, 'kiosk.payment.not_started');
  const placed = formatMessage(language, 'kiosk.payment.placed', { number: order.orderNumber ?? '' });
  const error: ScreenAction = {
    type: 'show_error',
    data: {
      error_code: 'payment_error',
      error_message: refusal,
      recovery_actions: [formatMessage(language, 'kiosk.recovery.counter')],
    },
  };
  return { ...reply, message: `${placed} ${refusal}`, actions: [...reply.actions, error] };
}
