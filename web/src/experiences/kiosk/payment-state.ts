import type { KioskPayment, PaymentData } from '@malbeot/protocol';
import type { KioskState, PaymentDialogState } from './kiosk-state.ts';
import { withExchange } from './talk-state.ts';

/** What the payment dialog is about. */
export type PaymentStage = 'choose' | 'waiting' | 'reversing' | 'unknown';

export function paymentStageOf({ data, trouble }: PaymentDialogState): PaymentStage {
  if (data.payment === null) return 'choose';
  if (trouble === 'unknown' || trouble === 'checking') return 'unknown';
  return data.payment.status === 'reversing' ? 'reversing' : 'waiting';
}

/** The payment whose last word is not spoken; null when there is none. */
export function openPaymentOf({ dialog }: KioskState): { orderId: string; paymentId: string } | null {
  if (dialog?.type !== 'payment' || dialog.data.payment === null || dialog.trouble === 'unknown') return null;
  return { orderId: dialog.data.order_id, paymentId: dialog.data.payment.payment_id };
}

/** True once nothing more comes of a payment: it is paid, was not, or was taken back. */
export function isDecided({ status }: Pick<KioskPayment, 'status'>): boolean {
  return status !== 'pending' && status !== 'reversing';
}

/** The state after something was heard of the payment that the dialog waits for; news of any other is passed over. */
export function withPayment(state: KioskState, payment: KioskPayment): KioskState {
  const { dialog } = state;
  if (dialog?.type !== 'payment' || dialog.data.payment?.payment_id !== payment.payment_id) return state;
  const told = isNews(state, dialog.data, payment)
    ? withExchange(
        state,
        { heard: null, said: payment.message, tone: toneOf(payment), recovery: [] },
        payment.tts_audio_url !== null && !state.access.screenReader,
      )
    : state;
  if (payment.receipt !== null)
    return { ...told, payment, phase: 'receipt', receipt: payment.receipt, dialog: null };
  const { payment_id, status, method } = payment;
  return {
    ...told,
    payment,
    dialog: {
      ...dialog,
      trouble: null,
      turn: told === state ? dialog.turn : told.turn,
      data: { ...dialog.data, payment: isDecided(payment) ? null : { payment_id, status, method } },
    },
  };
}

/** Whether it says anything that was not said before: of one that is taken back only the changes are told. */
function isNews(state: KioskState, { payment: shown }: PaymentData, payment: KioskPayment): boolean {
  // The screen asks for the card already.
  if (payment.status === 'pending') return false;
  if (isDecided(payment) || payment.status !== shown?.status) return true;
  const { payment_id: id, status, message } = payment;
  const before = state.payment;
  return before?.payment_id === id && before.status === status && before.message !== message;
}

function toneOf({ status, failure }: KioskPayment): 'calm' | 'problem' {
  return status === 'approved' || status === 'at_counter' || failure === 'cancelled' ? 'calm' : 'problem';
}

/** The state after it can't be told what came of a payment, for now or for good. */
export function withPaymentTrouble(state: KioskState, trouble: 'unreachable' | 'unknown'): KioskState {
  const { dialog } = state;
  if (dialog?.type !== 'payment') return state;
  // Who lets it be looked at again is not asked for a card meanwhile.
  if (dialog.trouble === 'checking' && trouble === 'unreachable') return state;
  return { ...state, dialog: { ...dialog, trouble } };
}
