/** Wire contract of the kiosk: what a counter device sends and what it gets back. Money is integer won. */

export type Language = 'ko' | 'en';

export type OrderStatus = 'draft' | 'confirming' | 'confirmed' | 'paid' | 'cancelled';

/** Chosen options of a line by option-group id: a choice id, or several for groups of kind `many`. */
export type OrderOptions = Readonly<Record<string, string | readonly string[]>>;

export interface OrderItem {
  readonly item_id: string;
  readonly name: string;
  readonly category: string;
  /** Price of one, options not included, in won. */
  readonly price: number;
  readonly quantity: number;
  readonly options: OrderOptions;
  /** Price of the line with its options and quantity, in won. */
  readonly line_total: number;
}

export interface OrderData {
  /** Null until the order is confirmed. */
  readonly order_id: string | null;
  readonly items: readonly OrderItem[];
  readonly total_amount: number;
  readonly status: OrderStatus;
  readonly requires_confirmation: boolean;
  readonly item_count: number;
  readonly created_at: string;
  readonly updated_at: string;
}

export type UIActionType =
  | 'show_menu'
  | 'show_options'
  | 'show_payment'
  | 'update_order'
  | 'show_confirmation'
  | 'show_error'
  | 'show_receipt'
  | 'call_staff'
  | 'set_language'
  | 'set_speech'
  | 'start_over';

/** What a button on the screen sends when it is pressed: words, as if they were said, or a tap. */
export interface QuickReply {
  readonly label: string;
  readonly send: { readonly text: string } | { readonly action: KioskAction };
}

/** Where the food is eaten; null until the customer said so. */
export type Dining = 'in' | 'out' | null;

/** Data of `update_order`: the order as it now stands. */
export interface UpdateOrderData {
  readonly order: OrderData;
  /** One per entry of `order.items`, in the same order. */
  readonly lines: readonly OrderLineView[];
  /** Positions in `order.items` that this turn added or changed. */
  readonly changed_lines: readonly number[];
  readonly dine: Dining;
}

/** What the screen shows of a line beyond its numbers. */
export interface OrderLineView {
  /** Position in `order.items`, from 0: what `set_quantity`, `set_options` and `remove` take. */
  readonly line: number;
  /** Name with its chosen options, for people: `불고기버거 세트 (사이다, 양파 빼고)`. */
  readonly label: string;
  /** Required option groups not chosen yet; the order can't be confirmed while there is one. */
  readonly missing: readonly string[];
}

/** Data of `show_menu`: at most nine things to choose from. */
export interface ShowMenuData {
  readonly title: string;
  /** `categories`: `option_id` is a category; `items`: `option_id` is an item, tapped with `add`. */
  readonly kind: 'categories' | 'items';
  /** Why it is shown; `did_you_mean` and `alternatives` go with a question. */
  readonly reason: 'asked' | 'popular' | 'alternatives' | 'did_you_mean' | 'suggestion';
  /** The category shown, or null when it is not one category. */
  readonly category: string | null;
  readonly options: readonly MenuOption[];
  /** How many there are in all; more than `options` holds when they do not fit. */
  readonly total: number;
}

/** Data of `show_options`: one question about one line, answered by words or by `set_options`. */
export interface ShowOptionsData {
  readonly question: string;
  /** Position in `order_data.items`. */
  readonly line: number;
  readonly item_id: string;
  readonly item_name: string;
  readonly group_id: string;
  readonly group_name: string;
  readonly kind: 'one' | 'many';
  readonly required: boolean;
  /** Choice ids that stand now. */
  readonly selected: readonly string[];
  /** `option_id` is a choice id of the group; `price` is what it adds. */
  readonly options: readonly MenuOption[];
  /** How many questions like this one wait, this one included. */
  readonly remaining: number;
}

/** Data of `show_confirmation`: a yes-or-no question. */
export interface ShowConfirmationData {
  /**
   * `order`: the read-back before the order is placed; `cancel_all`: empty the whole order; `item`: was this item meant;
   * `quantity`: was this amount meant.
   */
  readonly kind: 'order' | 'cancel_all' | 'item' | 'quantity';
  readonly question: string;
  /** The order as it was read back, for `order` and `cancel_all`; null otherwise. */
  readonly order: OrderData | null;
  readonly lines: readonly OrderLineView[];
  readonly dine: Dining;
  /** Of `order`: goes with the `confirm` that agrees to just this read-back; null otherwise. */
  readonly read_back: string | null;
  /** Buttons, the one that agrees first. */
  readonly replies: readonly QuickReply[];
}

/** Data of `show_receipt`: the order is placed. */
export interface ShowReceiptData {
  readonly order_id: string;
  /** Counted from 1 each day; what the counter calls out. */
  readonly order_number: number;
  readonly order: OrderData;
  readonly lines: readonly OrderLineView[];
  readonly dine: Dining;
  /** How it is paid: `counter` means at the desk, with the order number. */
  readonly payment_method: string;
  readonly paid: boolean;
}

/**
 * Where a payment stands. `pending`: the terminal waits for the customer; `approved`: paid; `declined`: not paid, nothing
 * was charged; `reversing`: the terminal's answer was lost or came too late, and the charge, if there was one, is being
 * taken back; `reversed`: it was; `at_counter`: to be paid at the desk.
 */
export type PaymentStatus = 'pending' | 'approved' | 'declined' | 'reversing' | 'reversed' | 'at_counter';

/** Data of `show_payment`: how to pay, or that the terminal waits. */
export interface PaymentData {
  readonly order_id: string;
  readonly order_number: number;
  readonly total_amount: number;
  /** What the terminal takes, in order of preference. */
  readonly payment_methods: readonly string[];
  readonly order_summary: readonly OrderItem[];
  /** Value-added tax in `total_amount`, in won: prices hold it. */
  readonly tax_amount: number;
  readonly service_charge: number;
  readonly discount_amount: number;
  /** True when no money moves. */
  readonly simulated: boolean;
  /** The payment under way, to be asked for at `GET /api/kiosk/orders/{id}/payment` until it is decided; null when none is. */
  readonly payment: {
    readonly payment_id: string;
    readonly status: PaymentStatus;
    readonly method: string;
  } | null;
}

/** Data of every `UIAction` by its type. */
export interface UIActionData {
  readonly show_menu: ShowMenuData;
  readonly show_options: ShowOptionsData;
  readonly show_payment: PaymentData;
  readonly update_order: UpdateOrderData;
  readonly show_confirmation: ShowConfirmationData;
  readonly show_error: {
    readonly error_code: KioskErrorCode;
    readonly error_message: string;
    readonly recovery_actions: readonly string[];
  };
  readonly show_receipt: ShowReceiptData;
  readonly call_staff: { readonly message: string };
  readonly set_language: { readonly language: Language };
  /** Factors on the voice's normal speed and loudness: 1 is normal, 0.5 to 2. */
  readonly set_speech: { readonly rate: number; readonly volume: number };
  /** Everything the screen knew of the order is void. */
  readonly start_over: { readonly reason: 'customer' | 'finished' | 'expired' };
}

/** One thing for the screen to do; `action_type` tells the shape of `data`. */
export type UIAction = {
  readonly [Type in UIActionType]: {
    readonly action_type: Type;
    readonly data: UIActionData[Type];
    /** Higher comes first. */
    readonly priority: number;
    readonly requires_user_input: boolean;
    /** Seconds until the screen may give up waiting; null for none. */
    readonly timeout_seconds: number | null;
  };
}[UIActionType];

/** One choice on the screen, inside `show_menu` and `show_options`. */
export interface MenuOption {
  readonly option_id: string;
  readonly display_text: string;
  readonly category: string;
  readonly price: number;
  readonly description: string;
  readonly available: boolean;
  readonly image_url: string | null;
}

export type KioskErrorCode =
  | 'network_error'
  | 'server_error'
  | 'audio_processing_error'
  | 'speech_recognition_error'
  | 'intent_recognition_error'
  | 'order_processing_error'
  | 'payment_error'
  | 'validation_error'
  | 'timeout_error'
  | 'unknown_error';

export interface ErrorInfo {
  readonly error_code: KioskErrorCode;
  /** Friendly, in the session's language. */
  readonly error_message: string;
  readonly recovery_actions: readonly string[];
  readonly details: Readonly<Record<string, unknown>>;
  readonly timestamp: string;
}

/** The one answer to every kiosk turn, good or bad. */
export interface ServerResponse {
  readonly success: boolean;
  /** What is said, in the session's language. */
  readonly message: string;
  /** What was heard; null for a tap and where nothing was. */
  readonly transcript: string | null;
  /** Path of the voice for `message`, or null when no voice can run. */
  readonly tts_audio_url: string | null;
  readonly order_data: OrderData | null;
  /** In order of priority, highest first. */
  readonly ui_actions: readonly UIAction[];
  readonly error_info: ErrorInfo | null;
  /** Seconds. */
  readonly processing_time: number;
  readonly session_id: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly meta: ResponseMeta;
}

export interface ResponseMeta {
  /** Provider id by stage, for example `{ ears: 'demo_ear', mind: 'rules', voice: 'espeak' }`. */
  readonly providers: Readonly<Record<string, string>>;
  /** Providers tried and passed over, with the reason. */
  readonly skipped: readonly { readonly provider: string; readonly reason: string }[];
  /** 0..1, how sure the server is of what it heard and understood; null where nothing was heard. */
  readonly confidence: number | null;
  /** Milliseconds by stage. */
  readonly stages_ms: Readonly<Record<string, number>>;
  readonly turn_id: string;
  readonly request_id: string;
  /** Given once, with a new session: lets the same screen go on where no device key is used. */
  readonly session_token?: string;
}

/** A tap; the same effects as words. `line` is a position in `order_data.items`, from 0. */
export type KioskAction =
  | {
      readonly type: 'add';
      readonly item_id: string;
      readonly options?: OrderOptions;
      readonly quantity?: number;
    }
  | { readonly type: 'set_quantity'; readonly line: number; readonly quantity: number }
  | { readonly type: 'set_options'; readonly line: number; readonly options: OrderOptions }
  | { readonly type: 'remove'; readonly line: number }
  | { readonly type: 'clear' }
  /**
   * Reads the order back; once it was, agrees to it. `read_back` names the read-back agreed to: without it, a tap that comes
   * within a second of the read-back is taken for the second half of a double tap, not for a yes.
   */
  | { readonly type: 'confirm'; readonly read_back?: string }
  | { readonly type: 'pay'; readonly method: string }
  | { readonly type: 'cancel' }
  | { readonly type: 'dine'; readonly where: 'in' | 'out' }
  | { readonly type: 'language'; readonly language: Language }
  | { readonly type: 'repeat' }
  | { readonly type: 'call_staff' }
  | { readonly type: 'start_over' };

/** JSON body of `POST /api/voice/process`: exactly one of `text` and `action`. */
export interface KioskTurnRequest {
  readonly text?: string;
  readonly action?: KioskAction;
  readonly session_id?: string;
  readonly kiosk_id?: string;
  readonly language?: Language;
}

/** `GET /api/kiosk/menu`. */
export interface KioskMenu {
  readonly version: number;
  readonly currency: string;
  readonly categories: readonly { readonly id: string; readonly name: string; readonly name_en: string }[];
  readonly option_groups: Readonly<Record<string, KioskOptionGroup>>;
  readonly items: readonly KioskMenuItem[];
}

export interface KioskOptionGroup {
  readonly name: string;
  readonly name_en: string;
  readonly kind: 'one' | 'many';
  readonly required?: boolean;
  readonly default?: string;
  /** The group applies only while the named groups hold one of these choices. */
  readonly when?: Readonly<Record<string, readonly string[]>>;
  readonly choices: readonly {
    readonly id: string;
    readonly name: string;
    readonly name_en: string;
    readonly aliases?: readonly string[];
    /** Added to the price of one, in won. */
    readonly price: number;
  }[];
}

export interface KioskMenuItem {
  readonly item_id: string;
  readonly name: string;
  readonly name_en: string;
  readonly aliases: readonly string[];
  readonly aliases_en: readonly string[];
  readonly category: string;
  readonly price: number;
  /** Option-group ids, in the order in which they are asked. */
  readonly options: readonly string[];
  readonly allergens: readonly string[];
  readonly available: boolean;
  readonly popular?: boolean;
  readonly spicy?: boolean;
  readonly image_url: string | null;
}

/** `GET /api/kiosk/sessions/{id}`. */
export interface KioskSession {
  readonly session_id: string;
  readonly kiosk_id: string | null;
  readonly language: Language;
  readonly order_data: OrderData;
  readonly lines: readonly OrderLineView[];
  readonly dine: Dining;
  /** The question that waits for an answer, in words; null when none does. */
  readonly question: string | null;
  readonly turns: number;
  readonly created_at: string;
  readonly expires_at: string;
}

/** `POST /api/kiosk/sessions`: a session that waits for its first turn. */
export interface NewKioskSession extends KioskSession {
  /** Lets the same screen go on where no device key is used; null where the caller's own token stands for its one session. */
  readonly session_token: string | null;
}

/** `GET /api/kiosk/orders/{id}`: a placed order. */
export interface KioskOrder {
  readonly order_id: string;
  readonly order_number: number;
  /** Day of the number in the shop's time zone: `2026-11-21`. */
  readonly business_day: string;
  readonly kiosk_id: string | null;
  readonly order: OrderData;
  readonly lines: readonly OrderLineView[];
  readonly dine: Dining;
}
