import type { KioskState, Talk } from './kiosk-state.ts';
import { printable } from './text-width.ts';

const TALK_LIMIT = 30;

/** The state with one more thing said. */
export function withTalk(
  state: KioskState,
  from: Talk['from'],
  text: string,
  delivery: Talk['delivery'] = 'answered',
): KioskState {
  const number = state.talkCount + 1;
  return {
    ...state,
    talkCount: number,
    talk: [...state.talk, { number, from, text: printable(text), delivery }].slice(-TALK_LIMIT),
  };
}
