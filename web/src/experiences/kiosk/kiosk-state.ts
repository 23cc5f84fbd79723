import type {
  Dining,
  KioskPayment,
  Language,
  OrderData,
  OrderLineView,
  PaymentData,
  ShowConfirmationData,
  ShowMenuData,
  ShowOptionsData,
  ShowReceiptData,
} from '@malbeot/protocol';
import type { AudioErrorKind } from '../../audio/index.ts';

/** What a customer chose so that the kiosk fits them; forgotten with the next customer. */
export interface AccessModes {
  readonly largeType: boolean;
  readonly highContrast: boolean;
  /** Everything to press lies in the lower two thirds. */
  readonly lowReach: boolean;
  /** The customer's own reader speaks: our voice is silent, so that nothing is said twice. */
  readonly screenReader: boolean;
  /** What has the focus is spoken, choices with their numbers. */
  readonly voiceGuidance: boolean;
  /** Factor on all text, 1 to 2. */
  readonly zoom: number;
}

export const zoomSteps = [1, 1.25, 1.5, 2] as const;

export type Dialog =
  | { readonly type: 'options'; readonly data: ShowOptionsData; readonly turn: number }
  | {
      readonly type: 'confirmation';
      readonly data: ShowConfirmationData;
      readonly timeoutMs: number | null;
      readonly turn: number;
    }
  | PaymentDialogState
  /** Options of a line, opened by the customer. */
  | { readonly type: 'edit'; readonly line: number }
  | { readonly type: 'access' }
  | { readonly type: 'start-over' };

/** How to pay, or the wait for what comes of it. */
export interface PaymentDialogState {
  readonly type: 'payment';
  readonly data: PaymentData;
  readonly timeoutMs: number | null;
  readonly turn: number;
  /**
   * Why nothing is known of the payment under way: `unreachable` for now, `unknown` for as long as was waited, `checking` while
   * the customer lets it be looked at once more.
   */
  readonly trouble: 'unreachable' | 'unknown' | 'checking' | null;
}

/** One exchange: what was heard (or typed) and what was answered. */
export interface Exchange {
  readonly turn: number;
  readonly heard: string | null;
  readonly said: string;
  readonly tone: 'calm' | 'problem';
  /** What the customer can do about a problem. */
  readonly recovery: readonly string[];
}

/** What the ears of the page do. */
export type Ears = 'off' | 'opening' | 'listening' | 'hearing';

export interface KioskState {
  readonly phase: 'start' | 'ordering' | 'receipt';
  readonly language: Language;
  /** The language the next customer starts with. */
  readonly startLanguage: Language;
  readonly access: AccessModes;
  readonly speech: { readonly rate: number; readonly volume: number };
  readonly dine: Dining;
  readonly order: OrderData | null;
  readonly lines: readonly OrderLineView[];
  readonly changedLines: readonly number[];
  /** The category looked at; null for the first. */
  readonly category: string | null;
  readonly page: number;
  /** What the server offers in place of the category, until the customer looks elsewhere. */
  readonly shelf: ShowMenuData | null;
  readonly dialog: Dialog | null;
  /** The last that was heard of a payment for the order; null before there was one. */
  readonly payment: KioskPayment | null;
  readonly receipt: ShowReceiptData | null;
  /** What is said about staff on their way; stands above any dialog, which goes on afterwards. */
  readonly staffMessage: string | null;
  /** Newest last, bounded. */
  readonly talk: readonly Exchange[];
  readonly turn: number;
  /** Turns under way. */
  readonly waiting: number;
  readonly ears: Ears;
  /** Words that are being heard, as far as they are known; null where none are. */
  readonly hearing: string | null;
  readonly microphoneTrouble: AudioErrorKind | null;
  /** True where the browser itself listens, which most do at their maker's. */
  readonly browserEars: boolean;
  readonly handsFree: boolean;
  readonly typing: boolean;
  readonly voice: 'silent' | 'speaking';
  /** For screen readers: filled only where our own voice does not say it. */
  readonly announcement: { readonly text: string; readonly turn: number };
  /** `lost` from a turn that did not reach the server until something does again. */
  readonly connection: 'fine' | 'lost';
  /** True once the server asked for this device's key. */
  readonly needsDeviceKey: boolean;
}

const plainAccess: AccessModes = {
  largeType: false,
  highContrast: false,
  lowReach: false,
  screenReader: false,
  voiceGuidance: false,
  zoom: 1,
};

/** The start screen for the next customer. */
export function startState(language: Language): KioskState {
  return {
    phase: 'start',
    language,
    startLanguage: language,
    access: plainAccess,
    speech: { rate: 1, volume: 1 },
    dine: null,
    order: null,
    lines: [],
    changedLines: [],
    category: null,
    page: 0,
    shelf: null,
    dialog: null,
    payment: null,
    receipt: null,
    staffMessage: null,
    talk: [],
    turn: 0,
    waiting: 0,
    ears: 'off',
    hearing: null,
    microphoneTrouble: null,
    browserEars: false,
    handsFree: false,
    typing: false,
    voice: 'silent',
    announcement: { text: '', turn: 0 },
    connection: 'fine',
    needsDeviceKey: false,
  };
}
