import type {
  Dining,
  KioskMenu,
  Language,
  OrderData,
  OrderLineView,
  PaymentData,
  ShowConfirmationData,
  ShowMenuData,
  ShowOptionsData,
  ShowReceiptData,
} from '@malbeot/protocol';

import { emptyEditor, type Editor } from './line-editor.ts';

/** One thing said, by either side. */
export interface Talk {
  readonly number: number;
  readonly from: 'customer' | 'kiosk' | 'notice' | 'problem';
  readonly text: string;
  /** Of the customer's: on its way to the server, kept until it can be reached, or answered. */
  readonly delivery: 'sending' | 'kept' | 'answered';
}

/** What the kiosk wants to know before it goes on. */
export type Question =
  | { readonly type: 'options'; readonly data: ShowOptionsData; readonly chosen: readonly string[] }
  | {
      readonly type: 'confirmation';
      readonly data: ShowConfirmationData;
      /** When it is given up, in milliseconds since 1970; null for never. */
      readonly endsAtMs: number | null;
    }
  | { readonly type: 'payment'; readonly data: PaymentData; readonly endsAtMs: number | null };

/** What of the menu is looked at: all of it, one category, or what the server offered. */
export type Shelf =
  | { readonly type: 'all' }
  | { readonly type: 'category'; readonly category: string; readonly page: number }
  | { readonly type: 'offer'; readonly data: ShowMenuData };

export interface KioskState {
  readonly language: Language;
  /** The language the next customer starts with. */
  readonly startLanguage: Language;
  /** Shown at the top: which counter this is, and which server it asks. */
  readonly kioskId: string | null;
  readonly server: string;
  readonly connection: 'connecting' | 'online' | 'offline';
  readonly menu: KioskMenu | null;
  readonly menuFailed: boolean;
  /** What is in front: what matters now by itself, or what was asked for. */
  readonly view: 'now' | 'menu' | 'order' | 'help';
  readonly shelf: Shelf;
  readonly order: OrderData | null;
  readonly lines: readonly OrderLineView[];
  /** Positions of lines that the last turn added or changed. */
  readonly changedLines: readonly number[];
  readonly dine: Dining;
  readonly question: Question | null;
  readonly receipt: ShowReceiptData | null;
  /** Newest last, bounded. */
  readonly talk: readonly Talk[];
  readonly talkCount: number;
  /** Turns under way. */
  readonly waiting: number;
  /** Turns kept until the server can be reached. */
  readonly kept: number;
  readonly voice: 'off' | 'silent' | 'speaking';
  readonly speech: { readonly rate: number; readonly volume: number };
  readonly recording: { readonly level: number; readonly startedAtMs: number } | null;
  readonly editor: Editor;
  /** Milliseconds since 1970, as of the last event that told the time. */
  readonly nowMs: number;
}

export interface StartOptions {
  readonly language: Language;
  readonly server: string;
  readonly kioskId: string | null;
  readonly voice: boolean;
}

/** The kiosk before its first customer. */
export function startState({ language, server, kioskId, voice }: StartOptions): KioskState {
  return {
    language,
    startLanguage: language,
    kioskId,
    server,
    connection: 'connecting',
    menu: null,
    menuFailed: false,
    view: 'now',
    shelf: { type: 'all' },
    order: null,
    lines: [],
    changedLines: [],
    dine: null,
    question: null,
    receipt: null,
    talk: [],
    talkCount: 0,
    waiting: 0,
    kept: 0,
    voice: voice ? 'silent' : 'off',
    speech: { rate: 1, volume: 1 },
    recording: null,
    editor: emptyEditor,
    nowMs: 0,
  };
}

/** The screen for another order: what belongs to the machine stays, what belonged to the customer goes. */
export function nextCustomer(state: KioskState): KioskState {
  const { server, kioskId, startLanguage } = state;
  return {
    ...startState({ language: startLanguage, server, kioskId, voice: state.voice !== 'off' }),
    connection: state.connection,
    menu: state.menu,
    menuFailed: state.menuFailed,
    talkCount: state.talkCount,
    waiting: state.waiting,
    kept: state.kept,
    voice: state.voice,
    editor: state.editor,
    nowMs: state.nowMs,
  };
}
