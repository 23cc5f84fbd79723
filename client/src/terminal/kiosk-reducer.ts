import type { KioskMenu, KioskPayment, Language, ServerResponse } from '@malbeot/protocol';

import { shelfPages } from './choices.ts';
import { nextCustomer, type KioskState, type Talk } from './kiosk-state.ts';
import type { Editor } from './line-editor.ts';
import { withAnswer } from './with-answer.ts';
import { withPayment } from './with-payment.ts';
import { withTalk } from './with-talk.ts';
import { wordsOf } from './words-of.ts';

export type KioskEvent =
  | { readonly type: 'tick'; readonly nowMs: number }
  | { readonly type: 'menu'; readonly menu: KioskMenu }
  | { readonly type: 'menu-failed' }
  | { readonly type: 'connection'; readonly connection: KioskState['connection'] }
  /** A turn leaves; `said` is shown as the customer's words, null for none. */
  | { readonly type: 'turn-start'; readonly said: string | null }
  | { readonly type: 'answer'; readonly response: ServerResponse; readonly nowMs: number }
  | { readonly type: 'turn-failed'; readonly message: string }
  /** Nothing could be reached: the turn is kept and sent later. */
  | { readonly type: 'turn-kept'; readonly message: string }
  /** The turn has no answer to show: its customer is gone, or its order ended. */
  | { readonly type: 'turn-dropped' }
  /** Kept turns that have been sent, and how many are left. */
  | { readonly type: 'kept'; readonly left: number }
  | { readonly type: 'payment'; readonly payment: KioskPayment; readonly nowMs: number }
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'problem'; readonly text: string }
  | { readonly type: 'view'; readonly view: KioskState['view'] }
  | { readonly type: 'browse'; readonly category: string | null }
  | { readonly type: 'page'; readonly by: 1 | -1 }
  | { readonly type: 'toggle'; readonly choice: string }
  | { readonly type: 'language'; readonly language: Language }
  | { readonly type: 'voice'; readonly voice: KioskState['voice'] }
  | { readonly type: 'recording'; readonly recording: KioskState['recording'] }
  | { readonly type: 'editor'; readonly editor: Editor }
  /** The session ended by itself: what stood of it is gone. */
  | { readonly type: 'expired' }
  | { readonly type: 'next-customer' };

/** Everything the kiosk shows, after `event`. */
export function kioskReducer(state: KioskState, event: KioskEvent): KioskState {
  switch (event.type) {
    case 'tick':
      return withTime(state, event.nowMs);
    case 'menu':
      return { ...state, menu: event.menu, menuFailed: false };
    case 'menu-failed':
      return { ...state, menuFailed: state.menu === null };
    case 'connection':
      return { ...state, connection: event.connection };
    case 'turn-start': {
      const leaving = { ...state, waiting: state.waiting + 1 };
      return event.said === null ? leaving : withTalk(leaving, 'customer', event.said, 'sending');
    }
    case 'answer':
      return withAnswer(
        { ...settled(state), connection: 'online', nowMs: event.nowMs, view: 'now' },
        event.response,
      );
    case 'turn-failed':
      return withTalk(settled(state), 'problem', event.message);
    case 'turn-dropped':
      return settled(state);
    case 'turn-kept': {
      const kept = {
        ...delivered(state, 'kept'),
        waiting: Math.max(0, state.waiting - 1),
        kept: state.kept + 1,
      };
      return withTalk(kept, 'notice', event.message);
    }
    case 'kept':
      return {
        ...state,
        kept: event.left,
        talk: state.talk.map((talk) =>
          talk.delivery === 'kept' && event.left === 0 ? { ...talk, delivery: 'answered' } : talk,
        ),
      };
    case 'payment':
      return withPayment({ ...state, nowMs: event.nowMs }, event.payment);
    case 'notice':
      return withTalk(state, 'notice', event.text);
    case 'problem':
      return withTalk(state, 'problem', event.text);
    case 'view':
      return { ...state, view: event.view };
    case 'browse':
      return {
        ...state,
        view: 'menu',
        shelf:
          event.category === null ? { type: 'all' } : { type: 'category', category: event.category, page: 0 },
      };
    case 'page':
      return withPage(state, event.by);
    case 'toggle':
      return withToggle(state, event.choice);
    case 'language':
      return { ...state, language: event.language };
    case 'voice':
      return { ...state, voice: event.voice };
    case 'recording':
      return { ...state, recording: event.recording };
    case 'editor':
      return { ...state, editor: event.editor };
    case 'expired': {
      const fresh = { ...nextCustomer(state), language: state.language, talk: state.talk };
      return withTalk(fresh, 'notice', wordsOf(state.language).expired);
    }
    case 'next-customer':
      return nextCustomer(state);
  }
}

/** The first turn under way has its answer, or will have none. */
function settled(state: KioskState): KioskState {
  return { ...delivered(state, 'answered'), waiting: Math.max(0, state.waiting - 1) };
}

function delivered(state: KioskState, delivery: Talk['delivery']): KioskState {
  const first = state.talk.find((talk) => talk.delivery === 'sending');
  return {
    ...state,
    talk: state.talk.map((talk) => (talk === first ? { ...talk, delivery } : talk)),
  };
}

function withTime(before: KioskState, nowMs: number): KioskState {
  const state = { ...before, nowMs };
  const { question } = state;
  // Nobody who is typing or speaking is hurried.
  if (state.waiting > 0 || state.recording !== null || state.editor.letters.length > 0) return state;
  if (question?.type !== 'confirmation' || question.endsAtMs === null || nowMs < question.endsAtMs)
    return state;
  return withTalk({ ...state, question: null }, 'notice', wordsOf(state.language).confirmationLate);
}

function withPage(state: KioskState, by: 1 | -1): KioskState {
  const { shelf } = state;
  if (shelf.type !== 'category') return state;
  const page = Math.min(shelfPages(state) - 1, Math.max(0, shelf.page + by));
  return { ...state, shelf: { ...shelf, page } };
}

function withToggle(state: KioskState, choice: string): KioskState {
  const { question } = state;
  if (question?.type !== 'options') return state;
  const { chosen } = question;
  const next = chosen.includes(choice) ? chosen.filter((id) => id !== choice) : [...chosen, choice];
  return { ...state, question: { ...question, chosen: next } };
}
