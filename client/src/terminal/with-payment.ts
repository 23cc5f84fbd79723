import type { KioskPayment } from '@malbeot/protocol';

import type { KioskState } from './kiosk-state.ts';
import { withTalk } from './with-talk.ts';

/** The state with what became of a payment: the receipt, or the question how to pay once more. */
export function withPayment(state: KioskState, payment: KioskPayment): KioskState {
  const { question } = state;
  const isAsked = question?.type === 'payment' && question.data.order_id === payment.order_id;
  const { payment_id, status, method } = payment;
  switch (status) {
    case 'pending':
    case 'reversing':
      return isAsked
        ? {
            ...state,
            question: { ...question, data: { ...question.data, payment: { payment_id, status, method } } },
          }
        : state;
    case 'approved':
    case 'at_counter':
      // A turn in between may have told it already.
      if (!isAsked && state.receipt?.order_id === payment.order_id) return state;
      return {
        ...withTalk(state, 'kiosk', payment.message),
        question: isAsked ? null : question,
        receipt: payment.receipt ?? state.receipt,
        order: payment.receipt?.order ?? state.order,
        lines: payment.receipt?.lines ?? state.lines,
        changedLines: [],
      };
    case 'declined':
    case 'reversed':
      return withTalk(
        isAsked ? { ...state, question: { ...question, data: { ...question.data, payment: null } } } : state,
        'problem',
        payment.message,
      );
  }
}
