import type {
  KioskPayment,
  KioskSession,
  Language,
  ServerResponse,
  ShowReceiptData,
} from '@malbeot/protocol';
import type { AudioErrorKind } from '../../audio/index.ts';
import { withAnswer } from './answer.ts';
import { startState, type AccessModes, type Dialog, type Ears, type KioskState } from './kiosk-state.ts';
import { withPayment, withPaymentTrouble } from './payment-state.ts';
import { withExchange } from './talk-state.ts';

export type KioskEvent =
  | { readonly type: 'begin' }
  | { readonly type: 'turn-start' }
  /** `isSpoken`: it is said aloud, though it names no sound. */
  | { readonly type: 'answer'; readonly response: ServerResponse; readonly isSpoken?: boolean }
  /** A turn under way comes to no answer that is told here. */
  | { readonly type: 'turn-dropped' }
  | {
      readonly type: 'turn-failed';
      readonly message: string;
      readonly recovery: readonly string[];
      readonly unauthorised: boolean;
      /** True when it did not reach the server. */
      readonly unreachable: boolean;
    }
  | { readonly type: 'session'; readonly session: KioskSession }
  | { readonly type: 'lost' }
  | { readonly type: 'connected'; readonly text: string }
  | { readonly type: 'payment'; readonly payment: KioskPayment }
  | {
      readonly type: 'receipt';
      readonly receipt: ShowReceiptData;
      readonly payment: KioskPayment | null;
    }
  | { readonly type: 'payment-trouble'; readonly trouble: 'unreachable' | 'unknown' }
  | { readonly type: 'payment-check' }
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'browse'; readonly category: string }
  | { readonly type: 'page'; readonly page: number }
  | { readonly type: 'open'; readonly dialog: Dialog }
  | { readonly type: 'close' }
  | { readonly type: 'staff-seen' }
  | { readonly type: 'access'; readonly access: Partial<AccessModes> }
  | { readonly type: 'language'; readonly language: Language }
  | { readonly type: 'speech'; readonly speech: Partial<KioskState['speech']> }
  | { readonly type: 'ears'; readonly ears: Ears }
  | { readonly type: 'hearing'; readonly text: string | null }
  /** From now on the browser itself listens. */
  | { readonly type: 'browser-ears' }
  | { readonly type: 'microphone-trouble'; readonly kind: AudioErrorKind }
  | { readonly type: 'hands-free'; readonly on: boolean }
  | { readonly type: 'typing'; readonly on: boolean }
  | { readonly type: 'voice-start' }
  | { readonly type: 'voice-end' }
  | { readonly type: 'voice-failed' }
  | { readonly type: 'device-key-given' }
  | { readonly type: 'reset' };

/** Everything the kiosk's screen is, after `event`. */
export function kioskReducer(state: KioskState, event: KioskEvent): KioskState {
  switch (event.type) {
    case 'begin':
      return state.phase === 'start' ? { ...state, phase: 'ordering' } : state;
    case 'turn-start':
      return { ...state, waiting: state.waiting + 1 };
    case 'answer':
      return withAnswer(
        { ...state, waiting: Math.max(0, state.waiting - 1), connection: 'fine', hearing: null },
        event.response,
        event.isSpoken ?? event.response.tts_audio_url !== null,
      );
    case 'turn-dropped':
      return { ...state, waiting: Math.max(0, state.waiting - 1) };
    case 'turn-failed': {
      const failed: KioskState = {
        ...state,
        waiting: Math.max(0, state.waiting - 1),
        connection: event.unreachable ? 'lost' : state.connection,
      };
      if (event.unauthorised) return { ...failed, needsDeviceKey: true };
      return withExchange(
        failed,
        { heard: null, said: event.message, tone: 'problem', recovery: event.recovery },
        false,
      );
    }
    case 'session':
      return withSession(state, event.session);
    case 'lost':
      return { ...state, connection: 'lost' };
    case 'connected': {
      if (state.connection === 'fine') return state;
      const back: KioskState = { ...state, connection: 'fine' };
      return withExchange(back, { heard: null, said: event.text, tone: 'calm', recovery: [] }, false);
    }
    case 'payment':
      return withPayment(state, event.payment);
    case 'receipt':
      return { ...state, phase: 'receipt', receipt: event.receipt, payment: event.payment, dialog: null };
    case 'payment-trouble':
      return withPaymentTrouble(state, event.trouble);
    case 'payment-check':
      return state.dialog?.type === 'payment'
        ? { ...state, dialog: { ...state.dialog, trouble: 'checking' } }
        : state;
    case 'notice':
      return withExchange(state, { heard: null, said: event.text, tone: 'calm', recovery: [] }, false);
    case 'browse':
      return { ...state, category: event.category, page: 0, shelf: null };
    case 'page':
      return { ...state, page: Math.max(0, event.page) };
    case 'open':
      return { ...state, dialog: event.dialog };
    case 'close':
      return { ...state, dialog: null };
    case 'staff-seen':
      return { ...state, staffMessage: null };
    case 'access':
      return { ...state, access: { ...state.access, ...event.access }, page: 0 };
    case 'language':
      return { ...state, language: event.language };
    case 'speech':
      return { ...state, speech: { ...state.speech, ...event.speech } };
    case 'ears':
      return { ...state, ears: event.ears, ...(event.ears === 'off' ? {} : { microphoneTrouble: null }) };
    case 'hearing':
      return { ...state, hearing: event.text };
    case 'browser-ears':
      return { ...state, browserEars: true };
    case 'microphone-trouble':
      return { ...state, ears: 'off', handsFree: false, microphoneTrouble: event.kind, typing: true };
    case 'hands-free':
      return { ...state, handsFree: event.on };
    case 'typing':
      return { ...state, typing: event.on };
    case 'voice-start':
      return { ...state, voice: 'speaking' };
    case 'voice-end':
      return { ...state, voice: 'silent' };
    case 'voice-failed': {
      const last = state.talk.at(-1);
      return { ...state, voice: 'silent', announcement: { text: last?.said ?? '', turn: state.turn } };
    }
    case 'device-key-given':
      return { ...state, needsDeviceKey: false };
    case 'reset':
      // The microphone and who listens are the machine's, not the customer's.
      return {
        ...startState(state.startLanguage),
        microphoneTrouble: state.microphoneTrouble,
        browserEars: state.browserEars,
        needsDeviceKey: state.needsDeviceKey,
      };
  }
}

/** The order as the server keeps it: after a reload, and after turns whose answers were lost. */
function withSession(state: KioskState, session: KioskSession): KioskState {
  const { order_data: order, lines, dine, language } = session;
  return {
    ...state,
    phase: state.phase === 'start' ? 'ordering' : state.phase,
    language,
    order,
    lines,
    dine,
    changedLines: [],
  };
}

/** Most choices a customer is shown at once. */
export function choicesPerPage(access: AccessModes): number {
  return access.largeType || access.lowReach || access.voiceGuidance ? 5 : 9;
}

/** How much longer than usual this customer is waited for. */
export function patience(access: AccessModes): number {
  return access.largeType || access.screenReader || access.voiceGuidance || access.zoom > 1.25 ? 3 : 1;
}

/** 1 choosing, 2 checking, 3 paying, 4 done. */
export function stepOf(state: KioskState): 1 | 2 | 3 | 4 {
  if (state.phase === 'receipt') return 4;
  // A placed order stays at its payment, whatever else is open above it.
  if (state.dialog?.type === 'payment' || state.order?.status === 'confirmed') return 3;
  return state.dialog?.type === 'confirmation' && state.dialog.data.kind === 'order' ? 2 : 1;
}
