import type { UIAction, UIActionType } from '@malbeot/protocol';
import type { ScreenAction } from '../../conversation/dialogue.ts';
import { ORDER_NUMBER_SLOT } from './kiosk-turn.ts';
import type { KioskState } from './state.ts';

interface Showing {
  readonly priority: number;
  readonly requiresUserInput: boolean;
  readonly timeoutSeconds: number | null;
}

/** How urgent each kind is, whether it waits for the customer, and for how long. */
const showings: Readonly<Record<UIActionType, Showing>> = {
  call_staff: { priority: 100, requiresUserInput: false, timeoutSeconds: null },
  show_error: { priority: 95, requiresUserInput: false, timeoutSeconds: null },
  set_language: { priority: 90, requiresUserInput: false, timeoutSeconds: null },
  set_speech: { priority: 85, requiresUserInput: false, timeoutSeconds: null },
  start_over: { priority: 80, requiresUserInput: false, timeoutSeconds: null },
  show_receipt: { priority: 75, requiresUserInput: false, timeoutSeconds: null },
  show_payment: { priority: 70, requiresUserInput: true, timeoutSeconds: 300 },
  show_confirmation: { priority: 65, requiresUserInput: true, timeoutSeconds: 30 },
  show_options: { priority: 60, requiresUserInput: true, timeoutSeconds: null },
  update_order: { priority: 50, requiresUserInput: false, timeoutSeconds: null },
  show_menu: { priority: 40, requiresUserInput: true, timeoutSeconds: null },
};

/** What a dialogue wants on the screen, as the wire tells it: highest priority first, the last of a kind that was shown. */
export function toUIActions(actions: readonly ScreenAction[]): UIAction[] {
  const byType = new Map(actions.map((action) => [action.type, action]));
  return [...byType.values()]
    .map(({ type, data }) => {
      const { priority, requiresUserInput, timeoutSeconds } = showings[type as UIActionType];
      return {
        action_type: type,
        data,
        priority,
        requires_user_input: requiresUserInput,
        timeout_seconds: timeoutSeconds,
      } as unknown as UIAction;
    })
    .sort((one, other) => other.priority - one.priority);
}

/** What a turn that places an order says, shows and leaves behind. */
export interface PlacedReply {
  readonly message: string;
  readonly actions: readonly ScreenAction[];
  readonly state: KioskState;
}

/** The reply with the order's number in it, once the order is kept and has one. */
export function withOrderNumber({ message, actions, state }: PlacedReply, orderNumber: number): PlacedReply {
  const fill = (text: string) => text.replaceAll(ORDER_NUMBER_SLOT, String(orderNumber));
  const fillIn = (shown: readonly ScreenAction[]) =>
    shown.map((action) =>
      action.type === 'show_receipt' || action.type === 'show_payment'
        ? { ...action, data: { ...action.data, order_number: orderNumber } }
        : action,
    );
  const { lastTurn = null, order, lastMessage } = state;
  return {
    message: fill(message),
    actions: fillIn(actions),
    state: {
      ...state,
      lastMessage: fill(lastMessage),
      lastTurn: lastTurn && {
        ...lastTurn,
        message: fill(lastTurn.message),
        actions: fillIn(lastTurn.actions),
      },
      order: { ...order, orderNumber },
    },
  };
}
