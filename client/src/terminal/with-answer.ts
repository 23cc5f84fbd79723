import type { OrderData, ServerResponse, ShowMenuData, UIAction } from '@malbeot/protocol';

import { nextCustomer, type KioskState } from './kiosk-state.ts';
import { printable } from './text-width.ts';
import { withTalk } from './with-talk.ts';

/** The state after the server answered a turn: what was heard, what it says, the order as it stands, and what it shows. */
export function withAnswer(before: KioskState, response: ServerResponse): KioskState {
  let state: KioskState = {
    ...withHeard(before, response.transcript),
    order: response.order_data ?? before.order,
    changedLines: [],
  };
  const recovery = response.error_info?.recovery_actions ?? [];
  state = response.success
    ? withTalk(state, 'kiosk', response.message)
    : withTalk(state, 'problem', [response.message, ...recovery.map((way) => `· ${way}`)].join(' '));
  if (movesOn(before, response)) {
    const shelf = state.shelf.type === 'offer' ? ({ type: 'all' } as const) : state.shelf;
    state = { ...state, question: null, shelf };
  }
  // The receipt stands until the next order begins.
  const status = response.order_data?.status;
  if (status === 'draft' || status === 'confirming') state = { ...state, receipt: null };
  // Lowest priority first, so that of two questions the more important one stands at the end.
  for (const action of [...response.ui_actions].reverse()) state = withAction(state, action);
  return state;
}

function withAction(state: KioskState, action: UIAction): KioskState {
  switch (action.action_type) {
    case 'update_order': {
      const { order, lines, changed_lines: changedLines, dine } = action.data;
      return { ...state, order, lines, changedLines, dine };
    }
    case 'show_menu':
      return withShelf(state, action.data);
    case 'show_options':
      return { ...state, question: { type: 'options', data: action.data, chosen: action.data.selected } };
    case 'show_confirmation':
      return {
        ...state,
        question: { type: 'confirmation', data: action.data, endsAtMs: endOf(state, action) },
      };
    case 'show_payment':
      return { ...state, question: { type: 'payment', data: action.data, endsAtMs: endOf(state, action) } };
    case 'show_receipt':
      return { ...state, receipt: action.data, question: null, shelf: { type: 'all' } };
    case 'set_language':
      return { ...state, language: action.data.language };
    case 'set_speech':
      return { ...state, speech: { rate: action.data.rate, volume: action.data.volume } };
    case 'start_over':
      return startedOver(state, action.data.reason === 'finished');
    case 'call_staff':
    case 'show_error':
      // Its words are the answer's own and already in the talk.
      return state;
  }
}

/** What was heard in a recording, in place of its file's name. */
function withHeard(state: KioskState, transcript: string | null): KioskState {
  const last = state.talk.findLast(({ from }) => from === 'customer');
  if (transcript === null || transcript === '' || last === undefined) return state;
  const text = printable(transcript);
  return { ...state, talk: state.talk.map((talk) => (talk === last ? { ...talk, text } : talk)) };
}

/** A question stands until an answer does more than repeat, refuse or call someone. */
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

function withShelf(state: KioskState, data: ShowMenuData): KioskState {
  const isWholeCategory = data.kind === 'items' && data.category !== null && data.reason === 'asked';
  if (isWholeCategory && data.category !== null)
    return { ...state, shelf: { type: 'category', category: data.category, page: 0 } };
  if (data.kind === 'categories' && data.reason === 'asked') return { ...state, shelf: { type: 'all' } };
  return { ...state, shelf: { type: 'offer', data } };
}

function startedOver(state: KioskState, isNextCustomer: boolean): KioskState {
  const fresh = nextCustomer(state);
  const kept = { ...fresh, order: null, talk: state.talk };
  return isNextCustomer ? kept : { ...kept, language: state.language };
}

function endOf({ nowMs }: KioskState, { timeout_seconds: seconds }: UIAction): number | null {
  return seconds === null ? null : nowMs + seconds * 1000;
}
