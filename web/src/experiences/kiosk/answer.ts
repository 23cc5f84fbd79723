import type { OrderData, PaymentData, ServerResponse, ShowMenuData } from '@malbeot/protocol';
import { startState, type Dialog, type KioskState } from './kiosk-state.ts';
import { openPaymentOf } from './payment-state.ts';
import { withExchange } from './talk-state.ts';

/**
 * The state after the server answered a turn: what it said, the order as it stands, and each action on the screen.
 *
 * @param hasVoice Whether the answer is said aloud, unless the customer's own reader does.
 */
export function withAnswer(before: KioskState, response: ServerResponse, hasVoice: boolean): KioskState {
  let state: KioskState = {
    ...before,
    phase: before.phase === 'start' ? 'ordering' : before.phase,
    order: response.order_data ?? before.order,
    changedLines: [],
  };
  state = withExchange(
    state,
    {
      heard: response.transcript,
      said: response.message,
      tone: response.success ? 'calm' : 'problem',
      recovery: response.error_info?.recovery_actions ?? [],
    },
    hasVoice && !state.access.screenReader,
  );
  // The order ended with its session; what stood of it must not look as if it still did.
  if (response.error_info?.details['code'] === 'SESSION_EXPIRED') return startedOver(state, 'expired');
  // Whatever is talked about meanwhile: money on its way stays in sight.
  if (movesOn(before, response) && openPaymentOf(state) === null)
    state = { ...state, dialog: isServerDialog(state.dialog) ? null : state.dialog };
  // Lowest priority first, so that of two dialogs the more important one stands at the end.
  for (const action of [...response.ui_actions].reverse()) {
    switch (action.action_type) {
      case 'update_order':
        state = {
          ...state,
          order: action.data.order,
          lines: action.data.lines,
          changedLines: action.data.changed_lines,
          dine: action.data.dine,
        };
        break;
      case 'show_menu':
        state = withMenu(state, action.data);
        break;
      case 'show_options':
        state = { ...state, dialog: { type: 'options', data: action.data, turn: state.turn } };
        break;
      case 'show_confirmation':
        state = {
          ...state,
          dialog: {
            type: 'confirmation',
            data: action.data,
            timeoutMs: inMs(action.timeout_seconds),
            turn: state.turn,
          },
        };
        break;
      case 'show_payment':
        state = withPaymentAsked(state, action.data, inMs(action.timeout_seconds));
        break;
      case 'show_receipt':
        state = { ...state, phase: 'receipt', receipt: action.data, dialog: null };
        break;
      case 'call_staff':
        state = { ...state, staffMessage: action.data.message };
        break;
      case 'set_language':
        state = { ...state, language: action.data.language };
        break;
      case 'set_speech':
        state = { ...state, speech: { rate: action.data.rate, volume: action.data.volume } };
        break;
      case 'start_over':
        state = startedOver(state, action.data.reason);
        break;
      case 'show_error':
        // Its words are the answer's own and already in the talk.
        break;
    }
  }
  return state;
}

function withPaymentAsked(state: KioskState, data: PaymentData, timeoutMs: number | null): KioskState {
  // Paid while the answer was on its way.
  if (state.phase === 'receipt' && state.receipt?.order_id === data.order_id) return state;
  const known = state.payment?.order_id === data.order_id ? state.payment : null;
  // Of a new try, what came of the one before is no longer told.
  const payment = data.payment === null || known?.payment_id === data.payment.payment_id ? known : null;
  return {
    ...state,
    payment,
    dialog: { type: 'payment', data, timeoutMs, turn: state.turn, trouble: null },
  };
}

/** A question of the server stands until an answer does more than repeat, refuse or call someone. */
function movesOn(before: KioskState, response: ServerResponse): boolean {
  if (!response.success) return false;
  return (
    (response.order_data !== null && contentOf(response.order_data) !== contentOf(before.order)) ||
    response.ui_actions.some(({ action_type: type }) => type === 'show_menu' || type === 'start_over')
  );
}

/** What of an order a question can be about; its times change with every turn. */
function contentOf(order: OrderData | null): string {
  return JSON.stringify(order === null ? null : [order.items, order.total_amount, order.status]);
}

function isServerDialog(dialog: Dialog | null): boolean {
  return dialog !== null && ['options', 'confirmation', 'payment', 'edit'].includes(dialog.type);
}

function withMenu(state: KioskState, shelf: ShowMenuData): KioskState {
  // A whole category is the category's own tab, with all its pages.
  if (shelf.kind === 'items' && shelf.category !== null && shelf.reason === 'asked') {
    return { ...state, category: shelf.category, page: 0, shelf: null };
  }
  return { ...state, shelf, page: 0 };
}

function startedOver(state: KioskState, reason: 'customer' | 'finished' | 'expired'): KioskState {
  const fresh = startState(state.startLanguage);
  if (reason === 'finished') return { ...fresh, microphoneTrouble: state.microphoneTrouble };
  // The same person goes on: what was set up for them stays.
  const {
    language,
    access,
    speech,
    talk,
    turn,
    waiting,
    announcement,
    ears,
    handsFree,
    typing,
    voice,
    microphoneTrouble,
  } = state;
  return {
    ...fresh,
    phase: 'ordering',
    language,
    access,
    speech,
    talk,
    turn,
    waiting,
    announcement,
    ears,
    handsFree,
    typing,
    voice,
    microphoneTrouble,
  };
}

function inMs(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1000;
}
