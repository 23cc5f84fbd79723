import type { Exchange, KioskState } from './kiosk-state.ts';

const TALK_LIMIT = 6;

/** One more exchange in the talk; told to screen readers unless our own voice speaks it. */
export function withExchange(
  state: KioskState,
  exchange: Omit<Exchange, 'turn'>,
  spoken: boolean,
): KioskState {
  const turn = state.turn + 1;
  return {
    ...state,
    turn,
    talk: [...state.talk, { ...exchange, turn }].slice(-TALK_LIMIT),
    announcement: { text: spoken ? '' : [exchange.said, ...exchange.recovery].join(' '), turn },
  };
}
