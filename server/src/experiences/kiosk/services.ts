import type { Language } from '@malbeot/protocol';
import { formatMessage } from '@malbeot/protocol/messages';
import { dineMessage } from './describe.ts';
import type { KioskTurn } from './kiosk-turn.ts';
import { sayStanding } from './payments/payment-message.ts';
import { sayingOf } from './payments/saying-of.ts';

const STEP = 0.2;
const SLOWEST = 0.6;
const FASTEST = 1.6;
const QUIETEST = 0.4;
const LOUDEST = 2;

/** Works in every state and changes nothing else. */
export function callStaff(turn: KioskTurn): void {
  turn.say('kiosk.staff_called');
  turn.show('call_staff', { message: formatMessage(turn.language, 'kiosk.staff_called') });
}

export function repeatLast(turn: KioskTurn): void {
  // Whoever asks again may have missed the read-back, whatever was said after it: it is told in full.
  if (turn.asked?.type === 'order') return turn.ask(turn.asked);
  const { lastMessage } = turn.state;
  // What was said before it was paid no longer holds.
  if (turn.isPaidMeanwhile) turn.sayText(sayStanding(sayingOf(turn), turn.paying.payment));
  else if (lastMessage === '') turn.say('kiosk.welcome');
  else turn.sayText(lastMessage);
  turn.saySilently();
}

export function setDining(turn: KioskTurn, where: 'in' | 'out'): void {
  turn.set({ dine: where });
  turn.say(dineMessage(where));
}

export function setLanguage(turn: KioskTurn, language: Language): void {
  turn.set({ language });
  turn.say('kiosk.language_set');
  turn.show('set_language', { language });
}

export function setSpeech(turn: KioskTurn, what: 'slower' | 'faster' | 'louder' | 'quieter'): void {
  const { rate, volume } = turn.state;
  if (what === 'slower') turn.set({ rate: within(rate - STEP, SLOWEST, FASTEST) });
  if (what === 'faster') turn.set({ rate: within(rate + STEP, SLOWEST, FASTEST) });
  if (what === 'louder') turn.set({ volume: within(volume + STEP * 2, QUIETEST, LOUDEST) });
  if (what === 'quieter') turn.set({ volume: within(volume - STEP, QUIETEST, LOUDEST) });
  turn.say(`kiosk.${what}`);
  turn.show('set_speech', { rate: turn.state.rate, volume: turn.state.volume });
}

function within(value: number, least: number, most: number): number {
  return Math.round(Math.min(most, Math.max(least, value)) * 100) / 100;
}
